"""The pages of people as Gita uses them, and what others get."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from tests.builders import make_person
from tests.people.conftest import signed_in
from tests.queries import FRAME, assert_queries

pytestmark = pytest.mark.django_db


def test_gita_finds_somebody_and_gives_a_role(
    as_gita: Client, cleo: User, ana: User, procurement: BusinessUnit
) -> None:
    Authenticator.objects.create(user=cleo, type=Authenticator.Type.TOTP, data={})
    page = as_gita.get("/people/?q=osei").content.decode()
    assert "Cleo Osei" in page
    assert "Ana Ferreira" not in page
    answer = as_gita.post(
        f"/people/{cleo.pk}/roles/", {"unit": procurement.pk, "role": "requester"}, follow=True
    )
    page = answer.content.decode()
    assert "is requester in Procurement" in page
    assert "Research" in page
    held = cleo.memberships.get(unit=procurement)
    answer = as_gita.post(f"/people/{cleo.pk}/roles/{held.pk}/take/", follow=True)
    assert "is no longer requester in Procurement" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("role=assessor", {"Ana Ferreira", "Cleo Osei"}),
        ("unit=U&role=assessor", {"Ana Ferreira"}),
        ("unit=U&role=approver", set()),
        ("factor=yes", {"Cleo Osei"}),
        ("active=no", {"Lea Roth"}),
    ],
)
def test_what_is_asked_for_is_found(
    as_gita: Client, ana: User, cleo: User, research: BusinessUnit, procurement: BusinessUnit,
    asked: str, found: set[str],
) -> None:  # fmt: skip
    Authenticator.objects.create(user=cleo, type=Authenticator.Type.TOTP, data={})
    make_person("Lea Roth", (research, Role.APPROVER), is_active=False)
    page = as_gita.get("/people/?" + asked.replace("U", str(procurement.pk))).content.decode()
    assert {
        name for name in ("Ana Ferreira", "Cleo Osei", "Lea Roth", "Gita Rao") if f">{name}</a>" in page
    } == found


def test_the_list_costs_the_same_for_many(as_gita: Client, procurement: BusinessUnit) -> None:
    for number in range(30):
        make_person(f"Person {number}", (procurement, Role.REQUESTER), (procurement, Role.ASSESSOR))
    reasons = (
        *FRAME,
        "the keys of one page",
        "its people, with how they come in",
        "their roles with units",
        "the units to filter by",
        "emergency access that lasts",
    )
    assert_queries(as_gita, "/people/", reasons)


def test_one_persons_page_costs_what_it_says(as_gita: Client, ana: User) -> None:
    reasons = (
        *FRAME,
        "the person",
        "the units that she keeps",
        "the person's roles",
        "how many sessions are open",
        "how many tokens live",
        "the units of the form",
        "and again, as the form reads them twice",
        "second factors, to list",
    )
    assert_queries(as_gita, f"/people/{ana.pk}/", reasons)


def test_others_do_not_see_people_and_the_auditor_only_reads(
    as_ana: Client, as_dora: Client, as_evan: Client, gita: User, ben: User
) -> None:
    for client in (as_ana, as_evan):
        assert client.get("/people/").status_code == 403
        assert client.get("/people/units/").status_code == 403
        assert client.get(f"/people/{ben.pk}/").status_code == 404
        assert client.post(f"/people/{ben.pk}/deactivate/").status_code == 403
        assert 'href="/people/"' not in client.get("/").content.decode()
    assert "Ben Lindqvist" in as_dora.get("/people/").content.decode()
    page = as_dora.get(f"/people/{ben.pk}/").content.decode()
    assert "<form" not in page.split("<main")[1]
    assert as_dora.post(f"/people/{ben.pk}/deactivate/").status_code == 403
    assert as_dora.get(f"/history/user/{ben.pk}/").status_code == 200
    assert as_ana.get(f"/history/user/{ben.pk}/").status_code == 404


def test_what_changes_an_account_asks_for_the_password_again(gita: User, ben: User) -> None:
    client = Client()
    client.force_login(gita)
    answer = client.post(f"/people/{ben.pk}/deactivate/")
    assert answer.status_code == 302
    assert "/account/reauthenticate/" in answer["Location"]
    ben.refresh_from_db()
    assert ben.is_active


def test_every_verb_says_what_it_did(as_gita: Client, ana: User) -> None:
    for verb, said in {
        "send-password-link": "is on its way to ana.ferreira@example.com",
        "reset-second-factor": "had no second factor",
        "revoke-tokens": "0 access tokens",
        "sign-out": "is signed out of 0 browsers",
        "deactivate": "is out",
        "reactivate": "can sign in again",
    }.items():
        assert said in as_gita.post(f"/people/{ana.pk}/{verb}/", follow=True).content.decode()


def test_units_are_made_and_renamed(as_gita: Client, as_hugo: Client, research: BusinessUnit) -> None:
    page = as_gita.post("/people/units/new/", {"name": "Legal"}, follow=True).content.decode()
    assert "Legal is there, and you administer it" in page
    assert as_gita.post("/people/units/new/", {"name": "Legal"}).status_code == 422
    legal = BusinessUnit.objects.get(name="Legal")
    assert (
        "It has its new name"
        in as_gita.post(
            f"/people/units/{legal.pk}/rename/", {"name": "Legal affairs"}, follow=True
        ).content.decode()
    )
    assert as_hugo.post(f"/people/units/{legal.pk}/rename/", {"name": "Mine"}).status_code == 403
    assert "Rename" not in as_gita.get(f"/people/units/{research.pk}/").content.decode()


def test_a_wrong_address_is_said_at_its_field(as_gita: Client, ana: User, gita: User) -> None:
    answer = as_gita.post(f"/people/{ana.pk}/correct/", {"name": "Ana", "email": gita.email})
    assert answer.status_code == 422
    assert "Somebody else signs in with this address" in answer.content.decode()


def test_a_person_of_two_administrators_is_shown_with_why(
    as_gita: Client, hugo: User, ana: User, research: BusinessUnit
) -> None:
    ana.memberships.create(unit=research, role="requester")
    page = as_gita.get(f"/people/{ana.pk}/").content.decode()
    assert "has a role in Research too, which others administer" in page
    assert "Deactivate" not in page
    assert signed_in(hugo).post(f"/people/{ana.pk}/deactivate/").status_code == 403
