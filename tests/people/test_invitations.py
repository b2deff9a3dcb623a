"""Gita invites somebody; the link opens one account, once, and stands nowhere but in the mail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from config.masking import masked
from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.jobs import services as jobs
from riskassess.kernel.errors import Conflict
from riskassess.people import invitations
from riskassess.people.models import Invitation, PersonMail
from riskassess.trail.models import Entry
from tests.accounts.provider import provider
from tests.accounts.test_single_sign_on import comes_in, roles_of
from tests.builders import make_person
from tests.queries import FRAME, assert_queries

pytestmark = pytest.mark.django_db

PASSWORD = "seventeen quiet herons"
SAID = {"name": "Noor Haddad", "password": PASSWORD, "again": PASSWORD}


def invited(
    client: Client, unit: BusinessUnit, email: str = "Noor@example.com", role: str = "assessor"
) -> None:
    answer = client.post(
        "/people/invitations/new/", {"email": email, "unit": unit.pk, "role": role}, follow=True
    )
    assert "is on its way to" in answer.content.decode()
    jobs.drain()


def link_in(number: int = -1) -> str:
    found = re.search(r"https?://[^/]+(/invited/\S+)", str(mail.outbox[number].body))
    assert found
    return found[1]


def test_an_invitation_becomes_an_account_once(as_gita: Client, procurement: BusinessUnit) -> None:
    invited(as_gita, procurement)
    assert mail.outbox[0].to == ["noor@example.com"]
    link, noor = link_in(), Client(enforce_csrf_checks=True)
    page = noor.get(link)
    assert (
        "Gita Rao invites noor@example.com to Riskassess, as assessor in Procurement" in page.content.decode()
    )
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    answer = noor.post(link, SAID)
    assert answer["Location"] == "/account/login/"
    assert "Your account is open" in noor.get("/account/login/").content.decode()
    assert (
        Client().post("/account/login/", {"login": "noor@example.com", "password": PASSWORD})["Location"]
        == "/"
    )
    assert roles_of("noor@example.com") == {("Procurement", "assessor")}
    made = Entry.objects.filter(kind="accounts.user", action=0).latest("pk")
    assert (made.actor_name, made.through) == ("Noor Haddad", "an invitation")

    again = noor.post(link, {**SAID, "name": "Mallory"})
    assert again.status_code == 410
    assert "was accepted" in again.content.decode()
    assert User.objects.filter(email__iexact="noor@example.com").count() == 1
    assert "Noor Haddad" in as_gita.get("/people/invitations/").content.decode()


def test_the_link_stands_in_the_mail_alone(as_gita: Client, procurement: BusinessUnit) -> None:
    invited(as_gita, procurement)
    token = link_in().strip("/").rsplit("/", 1)[1]
    kept = [*Invitation.objects.values(), *PersonMail.objects.values(), *Entry.objects.values()]
    assert token not in str(kept)
    assert token not in as_gita.get("/people/invitations/").content.decode()
    assert token not in masked(f'"GET /invited/{token}/ HTTP/1.1" 200')
    assert masked("/account/password/reset/key/3k-d1f-a0b1c2/ 302") == "/account/password/reset/key/…/ 302"
    hidden = Entry.objects.filter(kind="people.invitation").values_list("changes", flat=True)
    assert Invitation.objects.get().token_hash not in str(list(hidden))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "noor@example.com", "again": "noor@example.com"}, "too similar"),
        ({"again": "another one entirely"}, "another one than above"),
        ({"name": "  "}, "required"),
    ],
)
def test_what_the_rules_refuse_is_said_and_the_link_still_works(
    as_gita: Client, procurement: BusinessUnit, said: dict[str, str], told: str
) -> None:
    invited(as_gita, procurement)
    answer = Client().post(link_in(), {**SAID, **said})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert Client().post(link_in(), SAID).status_code == 302


def test_sent_again_the_old_link_is_dead_and_withdrawn_both_are(
    as_gita: Client, procurement: BusinessUnit
) -> None:
    invited(as_gita, procurement)
    old, one = link_in(), Invitation.objects.get()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert Client().post(old, SAID).status_code == 410
    as_gita.post(f"/people/invitations/{one.pk}/again/")
    jobs.drain()
    new = link_in()
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    as_gita.post(f"/people/invitations/{one.pk}/withdraw/")
    assert "withdrawn" in Client().post(new, SAID).content.decode()
    assert as_gita.post(f"/people/invitations/{one.pk}/again/").status_code == 409
    assert not User.objects.filter(email="noor@example.com").exists()
    invited(as_gita, procurement)  # withdrawn: the address is free again


def test_a_mail_whose_link_is_not_the_newest_is_not_sent(gita: User, procurement: BusinessUnit) -> None:
    one = invitations.invite("noor@example.com", procurement, Role.ASSESSOR, by=gita)
    invitations.send_again(one, by=gita)
    jobs.drain()
    assert len(mail.outbox) == 1
    assert Client().get(link_in()).status_code == 200


def test_who_has_an_account_or_an_invitation_is_not_invited(
    as_gita: Client, procurement: BusinessUnit, ana: User
) -> None:
    said = {"email": ana.email.upper(), "unit": procurement.pk, "role": "approver"}
    answer = as_gita.post("/people/invitations/new/", said)
    assert "has an account" in answer.content.decode()
    invited(as_gita, procurement)
    answer = as_gita.post("/people/invitations/new/", {**said, "email": "NOOR@example.com"})
    assert (answer.status_code, Invitation.objects.count()) == (422, 1)
    assert "invited already" in answer.content.decode()


def test_only_into_units_that_one_keeps(gita: User, hugo: User, research: BusinessUnit) -> None:
    with pytest.raises(PermissionDenied):
        invitations.invite("noor@example.com", research, Role.ASSESSOR, by=gita)
    one = invitations.invite("noor@example.com", research, Role.ASSESSOR, by=hugo)
    for verb in (invitations.send_again, invitations.withdraw):
        with pytest.raises(PermissionDenied):
            verb(one, by=gita)


def test_somebody_signed_in_does_not_accept_for_another(
    as_gita: Client, procurement: BusinessUnit, as_ana: Client
) -> None:
    invited(as_gita, procurement)
    answer = as_ana.post(link_in(), SAID)
    assert answer.status_code == 403
    assert "You are signed in as Ana" in answer.content.decode()


def test_an_account_that_came_meanwhile_keeps_its_password(gita: User, procurement: BusinessUnit) -> None:
    one = invitations.invite("noor@example.com", procurement, Role.APPROVER, by=gita)
    noor = make_person("Noor Haddad", email="noor@example.com", password=PASSWORD)
    with pytest.raises(Conflict):
        invitations.accept(one, "Mallory", "another quiet heron")
    assert noor.check_password(PASSWORD)
    assert not noor.memberships.exists()


def test_who_is_invited_comes_through_the_companys_sign_in_without_a_group(
    as_gita: Client, procurement: BusinessUnit, client: Client, settings: LazySettings
) -> None:
    claims = {"email": "Noor@example.com", "email_verified": True, "name": "Noor Haddad", "groups": []}
    with provider(settings, ("noor", claims)):
        assert "You have no role here" in comes_in(Client(), "noor")
        invited(as_gita, procurement)
        assert "Sign in with it" in Client().get(link_in()).content.decode()
        assert comes_in(client, "noor") == "/"
    assert roles_of("noor@example.com") == {("Procurement", "assessor")}
    assert Client().get(link_in()).status_code == 410
    assert not User.objects.get(email="noor@example.com").has_usable_password()


def test_an_address_that_nobody_vouches_for_takes_no_invitation(
    as_gita: Client, procurement: BusinessUnit, client: Client, settings: LazySettings
) -> None:
    claims = {"email": "noor@example.com", "email_verified": False, "name": "Mallory", "groups": []}
    invited(as_gita, procurement)
    with provider(settings, ("mallory", claims)):
        comes_in(client, "mallory")
    assert not User.objects.filter(email="noor@example.com").exists()
    assert Invitation.objects.get().is_open


def test_the_page_costs_the_same_for_many(as_gita: Client, gita: User, procurement: BusinessUnit) -> None:
    for number in range(12):
        invitations.invite(f"n{number}@example.com", procurement, Role.ASSESSOR, by=gita)
    reasons = (
        *FRAME, "the units that she keeps",
        "those that wait", "those that are over",
    )  # fmt: skip
    assert_queries(as_gita, "/people/invitations/", reasons)


def test_guesses_at_links_are_counted_by_who_makes_them(client: Client) -> None:
    answers = [client.get(f"/invited/{'x' * 43}/").status_code for _ in range(61)]
    assert set(answers[:60]) == {404}
    assert answers[60] == 429


def test_a_mail_that_was_sent_says_when_and_no_other_does(gita: User, procurement: BusinessUnit) -> None:
    invitations.invite("noor@example.com", procurement, Role.ASSESSOR, by=gita)
    [kept] = PersonMail.objects.all()
    for state, sent_at in (("sent", None), ("sending", timezone.now()), ("dropped", timezone.now())):
        with pytest.raises(IntegrityError), transaction.atomic():
            PersonMail.objects.filter(pk=kept.pk).update(state=state, sent_at=sent_at)
