"""The glass is broken: for hours, with a reason, in front of everybody; then it is whole again by itself."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, Membership, User
from riskassess.accounts.roles import Can, Role
from riskassess.accounts.single_sign_on import parsed, synchronise
from riskassess.jobs import services as jobs
from riskassess.jobs.watching import WATCHES
from riskassess.kernel.errors import Conflict
from riskassess.people import emergency
from riskassess.people.models import EmergencyAccess
from riskassess.trail.models import Entry

pytestmark = pytest.mark.django_db

WHY = "Ben is ill and the contract ends tonight"


def broken(person: User, at: BusinessUnit, role: Role = Role.APPROVER, **more: str | int) -> EmergencyAccess:
    out = StringIO()
    said = {"unit": at.name, "role": role.value, "reason": WHY, **more}
    options = [f"--{name}={value}" for name, value in said.items()]
    call_command("break_glass", person.email, *options, stdout=out)
    assert "Administrators are told" in out.getvalue()
    return EmergencyAccess.objects.get(ended_at=None)


def runs_out(access: EmergencyAccess) -> None:
    past = timezone.now() - timedelta(seconds=1)
    EmergencyAccess.objects.filter(pk=access.pk).update(until=past)
    Membership.every.filter(until__isnull=False).update(until=past)


def test_it_is_told_traced_shown_and_over(
    cleo: User, as_cleo: Client, gita: User, as_gita: Client, hugo: User, procurement: BusinessUnit
) -> None:
    access = broken(cleo, procurement)
    assert cleo.may(Can.DECIDE, procurement)
    jobs.drain()
    assert {one.to[0] for one in mail.outbox} == {gita.email, hugo.email}
    assert WHY in str(mail.outbox[0].body)
    entry = Entry.objects.filter(kind="accounts.membership", action=0).latest("pk")
    assert (entry.why, entry.through, entry.actor_name) == (WHY, "command break_glass", "")
    assert entry.about_id == cleo.pk
    shown = "you are approver in Procurement until"
    assert shown in as_cleo.get("/vendors/").content.decode()
    assert shown not in as_gita.get("/vendors/").content.decode()
    assert WHY in as_gita.get("/people/").content.decode()
    assert "Emergency access until" in as_gita.get(f"/people/{cleo.pk}/").content.decode()

    runs_out(access)  # no worker has looked yet
    assert not cleo.may(Can.DECIDE, procurement)
    assert not BusinessUnit.objects.visible_to(cleo).filter(pk=procurement.pk).exists()
    assert shown not in as_cleo.get("/vendors/").content.decode()
    assert WHY not in as_gita.get("/people/").content.decode()

    mail.outbox.clear()
    for _ in range(2):  # two workers look
        WATCHES[emergency.OVER].look()
        jobs.drain()
    access.refresh_from_db()
    assert access.ended_at is not None
    assert not Membership.every.filter(user=cleo, until__isnull=False).exists()
    assert sorted(one.to[0] for one in mail.outbox) == [gita.email, hugo.email]
    assert "It ran out." in str(mail.outbox[0].body)


def test_an_administrator_ends_it_before_and_others_do_not(
    cleo: User, ana: User, as_ana: Client, as_gita: Client, procurement: BusinessUnit
) -> None:
    access = broken(cleo, procurement)
    assert as_ana.post(f"/people/emergency/{access.pk}/end/").status_code == 403
    held = cleo.memberships.get(unit=procurement)
    assert as_gita.post(f"/people/{cleo.pk}/roles/{held.pk}/take/").status_code == 409
    as_gita.post(f"/people/emergency/{access.pk}/end/")
    assert not cleo.may(Can.DECIDE, procurement)
    assert as_gita.post(f"/people/emergency/{access.pk}/end/").status_code == 409


def test_a_role_for_good_is_another_thing(
    cleo: User, procurement: BusinessUnit, research: BusinessUnit
) -> None:
    access = broken(cleo, procurement, Role.REQUESTER)
    mapped = parsed({"buyers": ["Procurement: requester"]})
    synchronise(cleo, [], mapped)  # her groups give her nothing, and take nothing of it
    assert cleo.memberships.filter(unit=procurement).count() == 1
    synchronise(cleo, ["buyers"], mapped)
    emergency.end(access, by=cleo)
    assert [one.until for one in cleo.memberships.filter(unit=procurement)] == [None]


def test_it_can_be_broken_anew_the_moment_it_is_over(
    cleo: User, gita: User, procurement: BusinessUnit
) -> None:
    runs_out(broken(cleo, procurement))
    again = broken(cleo, procurement)
    assert again.until > timezone.now()
    assert Membership.every.filter(user=cleo, unit=procurement).count() == 1
    with pytest.raises(CommandError, match="already"):
        broken(cleo, procurement)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"reason": " because "}, "Say why"),
        ({"hours": 25}, "1 to 24 hours"),
        ({"hours": 0}, "1 to 24 hours"),
        ({"unit": "Nowhere"}, "There is no unit Nowhere. There are: Procurement"),
    ],
)
def test_what_it_refuses(ana: User, procurement: BusinessUnit, said: dict[str, str | int], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        broken(ana, procurement, **said)
    assert not EmergencyAccess.objects.exists()


def test_not_for_an_account_that_is_closed(ana: User, procurement: BusinessUnit) -> None:
    User.objects.filter(pk=ana.pk).update(is_active=False)
    with pytest.raises(CommandError, match="not active"):
        broken(ana, procurement)


def test_without_an_administrator_a_superuser_is_told(ana: User, procurement: BusinessUnit) -> None:
    User.objects.create_superuser("root@example.com", "x", name="Root")
    access = broken(ana, procurement, Role.ADMINISTRATOR)
    jobs.drain()
    assert [one.to for one in mail.outbox] == [["root@example.com"]]
    emergency.end(access, by=ana)
    with pytest.raises(Conflict):
        emergency.end(access, by=ana)
