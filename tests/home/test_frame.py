"""The frame of every page: navigation, theme, sign-in."""

from __future__ import annotations

from django.test import Client


def test_ana_sees_the_areas_open_to_her(as_ana: Client) -> None:
    page = as_ana.get("/").content.decode()

    assert 'aria-current="page">Home</a>' in page


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
