"""The frame of every page: navigation, theme, sign-in."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.scoring import score
from riskassess.catalog.lists import EVIDENCE_TABS
from tests.builders import make_assessment


def test_ana_sees_the_areas_open_to_her(as_ana: Client) -> None:
    page = as_ana.get("/").content.decode()

    assert 'aria-current="page">Home</a>' in page


def test_every_list_of_evidence_and_every_run_says_where_she_is(
    as_ana: Client, ana: User, procurement: BusinessUnit
) -> None:
    run = score(make_assessment(ana, procurement))
    here = [(reverse(name), "Evidence") for _, name in EVIDENCE_TABS]
    for address, area in (
        *here,
        (reverse("reports:compare"), "Assessments"),
        (f"/runs/{run.pk}/", "Assessments"),
    ):
        page = as_ana.get(address, follow=True).content.decode()
        assert f'aria-current="page">{area}</a>' in page, address


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")
