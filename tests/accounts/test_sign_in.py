"""Signing in and out, and the ways back in; by e-mail address, without sign-up."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from tests.builders import make_person

PASSWORD = "a long enough secret"


@pytest.fixture
def ida(db: None) -> None:
    make_person("Ida Berg", email="ida@example.com").set_password(PASSWORD)
    person = make_person("Ida Berg", email="ida.berg@example.com")
    person.set_password(PASSWORD)
    person.save()


@pytest.mark.usefixtures("ida")
class TestSigningIn:
    def test_the_right_password_opens_the_first_page(self, client: Client) -> None:
        answer = client.post("/account/login/", {"login": "IDA.BERG@example.com", "password": PASSWORD})

        assert answer.status_code == 302
        assert answer["Location"] == "/"

    def test_a_wrong_one_says_so_and_keeps_the_address(self, client: Client) -> None:
        page = client.post(
            "/account/login/", {"login": "ida.berg@example.com", "password": "x"}
        ).content.decode()

        assert 'role="alert"' in page
        assert 'value="ida.berg@example.com"' in page

    def test_signing_out_leads_back_to_sign_in(self, client: Client) -> None:
        client.post("/account/login/", {"login": "ida.berg@example.com", "password": PASSWORD})

        assert client.post("/account/logout/")["Location"] == "/account/login/"
        assert client.get("/").status_code == 302

    def test_a_forgotten_password_is_replaced_by_mail(self, client: Client) -> None:
        client.post("/account/password/reset/", {"email": "ida.berg@example.com"})
        link = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", str(mail.outbox[0].body))
        assert link
        form = client.get(link[1], follow=True)

        new = "quite another secret"
        client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})

        assert (
            client.post("/account/login/", {"login": "ida.berg@example.com", "password": new}).status_code
            == 302
        )


@pytest.mark.parametrize(
    "address", ["login/", "password/reset/", "password/reset/done/", "password/reset/key/done/", "signup/"]
)
def test_the_doors_look_like_the_rest(client: Client, db: None, address: str) -> None:
    page = client.get(f"/account/{address}").content.decode()

    assert '<html lang="en"' in page
    assert page.count("<main") == 1
    assert page.count("<h1") == 1
    assert "/static/css/app.css" in page


def test_nobody_signs_themselves_up(client: Client, db: None) -> None:
    page = client.get("/account/signup/").content.decode()

    assert "made by an administrator" in page
    assert "<input" not in page.split("<main")[1]
