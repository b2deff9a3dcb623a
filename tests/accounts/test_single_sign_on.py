"""The company's own sign-in: a real provider, real tokens, and what its groups may do here."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from riskassess.accounts.models import BusinessUnit, Membership, User
from riskassess.accounts.roles import Role
from riskassess.accounts.single_sign_on import parsed, synchronise
from tests.accounts.provider import ROLES, provider
from tests.builders import make_person

GITA = {
    "email": "Gita@example.com",
    "email_verified": True,
    "name": "Gita Rao",
    "groups": ["risk-approvers", "x"],
}


def comes_in(client: Client, sub: str) -> str:
    """Signs in at the provider as `sub`; where the site leads then, or its page when it says no."""
    asked = client.post("/account/oidc/company/login/?process=login")
    assert asked.status_code == 302
    query = parse_qs(urlsplit(asked["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    consent = requests.post(asked["Location"], data={"sub": sub}, allow_redirects=False, timeout=10)
    back = urlsplit(consent.headers["Location"])
    answer = client.get(f"{back.path}?{back.query}")
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def roles_of(email: str) -> set[tuple[str, str]]:
    return set(Membership.objects.filter(user__email=email).values_list("unit__name", "role"))


def test_a_first_sign_in_makes_the_account_with_the_roles_of_its_groups(
    db: None, client: Client, settings: LazySettings
) -> None:
    with provider(settings, ("gita", GITA)):
        assert comes_in(client, "gita") == "/"

    gita = User.objects.get()
    assert (gita.email, gita.name, gita.has_usable_password()) == ("gita@example.com", "Gita Rao", False)
    assert roles_of(gita.email) == {("Procurement", "approver")}
    assert client.get("/").status_code == 200


def test_roles_follow_the_groups_at_each_sign_in_and_others_stay(
    procurement: BusinessUnit, research: BusinessUnit, client: Client, settings: LazySettings
) -> None:
    gita = make_person(
        "Gita Rao", (procurement, Role.APPROVER), (research, Role.ASSESSOR), email="gita@example.com"
    )
    with provider(settings, ("gita", {**GITA, "groups": ["buyers"]})):
        assert comes_in(client, "gita") == "/"

    assert roles_of(gita.email) == {
        ("Procurement", "requester"),
        ("Research", "requester"),
        ("Research", "assessor"),  # no group gives it: an administrator did
    }
    assert User.objects.count() == 1


def test_who_is_in_no_group_with_a_role_gets_no_account(
    db: None, client: Client, settings: LazySettings
) -> None:
    with provider(settings, ("gita", {**GITA, "groups": []})):
        assert "You have no role here" in comes_in(client, "gita")
    assert not User.objects.exists()


def test_an_address_that_is_not_verified_takes_over_nobody(
    procurement: BusinessUnit, client: Client, settings: LazySettings
) -> None:
    make_person("Gita Rao", (procurement, Role.ADMINISTRATOR), email="gita@example.com")
    with provider(settings, ("mallory", {**GITA, "email_verified": False})):
        comes_in(client, "mallory")
    assert client.get("/").status_code == 302
    assert roles_of("gita@example.com") == {("Procurement", "administrator")}


def test_nobody_claims_anothers_address_and_waits_for_them(
    procurement: BusinessUnit, client: Client, settings: LazySettings
) -> None:
    mallory = make_person("Mallory", (procurement, Role.REQUESTER), email="mallory@example.com")
    client.force_login(mallory)
    for address in ("email/", "confirm-email/", "password/set/", "3rdparty/", "social/connections/"):
        assert (
            client.post(f"/account/{address}", {"action_add": "", "email": GITA["email"]}).status_code == 404
        )
    # And should such a row be there all the same, it joins nobody to her account.
    EmailAddress.objects.create(user=mallory, email="gita@example.com", verified=False)
    with provider(settings, ("gita", GITA)):
        comes_in(Client(), "gita")
    assert not SocialAccount.objects.exists()
    assert roles_of("mallory@example.com") == {("Procurement", "requester")}


def test_who_was_made_inactive_stays_out(
    procurement: BusinessUnit, client: Client, settings: LazySettings
) -> None:
    gita = make_person("Gita Rao", (procurement, Role.APPROVER), email="gita@example.com")
    User.objects.filter(pk=gita.pk).update(is_active=False)
    with provider(settings, ("gita", GITA)):
        comes_in(client, "gita")
    assert client.get("/").status_code == 302


def test_what_the_provider_asks_for_is_second_factor_enough(
    db: None, client: Client, settings: LazySettings
) -> None:
    settings.MFA_REQUIRED_FOR = frozenset({"everyone"})
    with provider(settings, ("gita", GITA)):
        comes_in(client, "gita")
    assert client.get("/assessments/").status_code == 200


def test_synchronising_twice_is_once(ana: User) -> None:
    for _ in range(2):
        synchronise(ana, ["buyers"], parsed(ROLES))
    assert roles_of(ana.email) == {
        ("Procurement", "assessor"),
        ("Procurement", "requester"),
        ("Research", "requester"),
    }


@pytest.mark.parametrize("text", ["approver", ": approver", "Procurement: king", ""])
def test_a_mapping_that_names_no_role_in_a_unit_does_not_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        parsed({"group": [text]})


def test_without_a_provider_there_is_no_such_door(db: None, client: Client) -> None:
    assert client.get("/account/oidc/company/login/").status_code == 404
    assert "Company account" not in client.get("/account/login/").content.decode()
