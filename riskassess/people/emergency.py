"""Access in an emergency: an operator lets a named person in for hours, with a reason, and everybody who keeps people
is told.

1. The console gives it (`manage.py break_glass`): who has the server may do anything with it; this leaves a trace.
2. It is a membership with an end. From that second on it gives nothing, with or without a worker.
3. While it lasts, each page of the person says so, and the page of people; administrators have a mail.
4. A worker puts away what has run out, and tells the same people. An administrator may end it before.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, Membership, User
from riskassess.accounts.roles import Role
from riskassess.jobs.handlers import RunningJob, handles
from riskassess.jobs.services import enqueue
from riskassess.jobs.watching import watches
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.people.mailing import post
from riskassess.people.models import EmergencyAccess, PersonMail
from riskassess.people.rights import KEEPERS, is_administrator
from riskassess.recording import acting

OVER = "emergency_over"
LOOK_EVERY = 20.0  # seconds between looks for what has run out
DEFAULT_HOURS = 4  # judgement: an incident, not a shift
MOST_HOURS = 24  # judgement: what takes longer is a role, which an administrator gives


@transaction.atomic
def let_in(
    person: User, unit: BusinessUnit, role: Role, *, hours: int, reason: str, operator: str
) -> EmergencyAccess:
    """Gives the role until its end, and asks for the mails. Raises InvalidInput; Conflict where it is held anyway."""
    reason = reason.strip()
    if len(reason) < 10:
        raise InvalidInput("Say why, so that a reader of the trail understands it.", where="reason")
    if not 1 <= hours <= MOST_HOURS:
        raise InvalidInput(f"It lasts 1 to {MOST_HOURS} hours, not {hours}.", where="hours")
    if not person.is_active:
        raise Conflict(f"The account of {person} is not active.", hint="An administrator can reactivate it.")
    if Membership.objects.filter(user=person, unit=unit, role=role.value).exists():
        raise Conflict(f"{person} is {role.label.lower()} in {unit} already.")
    now = timezone.now()
    _put_away(person, unit, role)
    with acting(why=reason):
        made = EmergencyAccess.objects.create(
            person=person, unit=unit, role=role.value, reason=reason, operator=operator[:200],
            started_at=now, until=now + timedelta(hours=hours),
        )  # fmt: skip
        Membership.objects.create(user=person, unit=unit, role=role.value, until=made.until)
    _tell(made, PersonMail.Kind.EMERGENCY, by=None)
    return made


def end(access: EmergencyAccess, *, by: User) -> None:
    """Ends it before its time: any administrator may, and the person themselves. Raises Conflict where it is over."""
    if by.pk != access.person_id and not is_administrator(by):
        raise PermissionDenied("Emergency access is an administrator's to end.")
    if not _over(access, by=by):
        raise Conflict("It is over already.", hint="Load the page again: it says how it stands.")


@transaction.atomic
def _over(access: EmergencyAccess, *, by: User | None) -> bool:
    """Marks it ended and takes the membership away, once; whether this did."""
    mine = EmergencyAccess.objects.filter(pk=access.pk, ended_at__isnull=True)
    if not mine.update(ended_at=timezone.now(), ended_by=by):
        return False
    for held in _memberships(access.person, access.unit, Role(access.role)):
        held.delete()
    _tell(access, PersonMail.Kind.EMERGENCY_OVER, by=by)
    return True


def _put_away(person: User, unit: BusinessUnit, role: Role) -> None:
    """What has run out of the same and is still listed: a new one takes its place."""
    for access in EmergencyAccess.objects.run_out(timezone.now()).filter(
        person=person, unit=unit, role=role.value
    ):
        _over(access, by=None)


def _memberships(person: User, unit: BusinessUnit, role: Role) -> list[Membership]:
    found = Membership.every.filter(user=person, unit=unit, role=role.value, until__isnull=False)
    return list(found)


def _tell(access: EmergencyAccess, kind: PersonMail.Kind, *, by: User | None) -> None:
    """A mail to each active administrator of any unit, and to superusers where there is none."""
    keepers = User.objects.filter(
        is_active=True, pk__in=Membership.objects.lasting().filter(role__in=KEEPERS).values("user")
    )
    people = list(keepers) or list(User.objects.filter(is_active=True, is_superuser=True))
    for keeper in people:
        post(kind, keeper.email, by=by, person=keeper, emergency=access)


@watches(OVER, every=LOOK_EVERY)
def look() -> None:
    """Asks for the job that puts away what has run out. One query where nothing has."""
    for pk in EmergencyAccess.objects.run_out(timezone.now()).values_list("pk", flat=True):
        enqueue(OVER, {"access": pk}, key=f"{OVER}:{pk}")


@handles(OVER)
def put_away(job: RunningJob) -> dict[str, bool]:
    """Puts away one that has run out; done twice, it is the same."""
    found = EmergencyAccess.objects.run_out(timezone.now()).filter(pk=job.arguments["access"])
    access = found.select_related("person", "unit").first()
    return {"ended": access is not None and _over(access, by=None)}
