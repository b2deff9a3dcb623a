"""Reminding people by e-mail of dates that are theirs: reviews, accepted risks that run out, conditions, controls.

Every morning one job finds who has a date within a week, or a late one, and asks for one job a person and day.
Mail cannot be part of a transaction, so it is sent at least once, as close to exactly once as mail allows:

1. The row of the person and the day is committed first, as on its way, with the id that the message will have.
2. The mail goes out, while no transaction is open: a slow mail server holds nobody up.
3. The row says that it is sent. A row that says so is never sent again, however often the job runs.

A worker killed before step 2 loses nothing: another takes the job up and sends. One killed between 2 and 3, the
only gap, leaves a mail that is sent a second time, under the same Message-ID, by which mailboxes drop the copy.
Sending at most once instead would lose a reminder in that gap, and a date nobody is told of costs more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment, Condition, Mitigation, Reminder
from riskassess.assessments.states import BUYS, State
from riskassess.jobs import letters
from riskassess.jobs.handlers import RunningJob, handles
from riskassess.jobs.models import Job
from riskassess.jobs.services import enqueue
from riskassess.jobs.watching import watches

MORNING, MAIL = "reminders", "reminder"
SOON = timedelta(days=7)
FROM_HOUR = 6
LOOK_EVERY = 60.0


@dataclass(frozen=True, slots=True)
class Due:
    """One date to see to."""

    on: date
    what: str
    about: str
    address: str


# -- what is due, and to whom ------------------------------------------------------------------------


def _reviews(day: date) -> Any:
    bought = Assessment.objects.filter(state=State.DECIDED.value, decision__outcome__in=BUYS)
    return bought.filter(review_on__lte=day + SOON)


def _conditions(day: date) -> Any:
    return Condition.objects.outstanding().filter(due_on__lte=day + SOON)


def _controls(day: date) -> Any:
    return Mitigation.objects.outstanding().filter(due_on__lte=day + SOON)


def whom_to_remind(day: date) -> list[int]:
    """The people who may have a date within a week: who assessed, decided or owns something. Four queries."""
    found = set()
    for pair in _reviews(day).values_list("assessor", "decision__decided_by"):
        found.update(pair)
    owners = set()
    rows = [
        *_conditions(day).values_list("decision__assessment__assessor", "decision__decided_by", "owner"),
        *_controls(day).values_list("assessment__assessor", "owner"),
    ]
    for *people, owner in rows:
        found.update(people)
        owners.add(owner.lower())
    known = User.objects.annotate(by_name=Lower("name"), by_address=Lower("email"))
    named = known.filter(Q(by_name__in=owners) | Q(by_address__in=owners)).values_list("pk", flat=True)
    return sorted(found.union(named))


def due_for(person: User, day: date) -> list[Due]:
    """The dates of `person`, of what they may still read, the first one first. Three queries, and one for the units."""
    visible = Assessment.objects.visible_to(person)
    mine = Q(assessor=person) | Q(decision__decided_by=person)
    reviews = _reviews(day).filter(mine, pk__in=visible).select_related("offering", "decision__acceptance")
    ours = Q(decision__assessment__assessor=person) | Q(decision__decided_by=person)
    owned = Q(owner__iexact=person.name) | Q(owner__iexact=person.email)
    conditions = _conditions(day).filter(ours | owned, decision__assessment__in=visible)
    controls = _controls(day).filter(Q(assessment__assessor=person) | owned, assessment__in=visible)
    found = [_review(one) for one in reviews]
    found += [_condition(one) for one in conditions.select_related("decision__assessment__offering")]
    found += [_control(one) for one in controls.select_related("assessment__offering")]
    return sorted(found, key=lambda one: (one.on, one.about, one.what))


def _review(assessment: Assessment) -> Due:
    accepted = getattr(assessment.decision, "acceptance", None)
    runs_out = accepted is not None and accepted.expires_on == assessment.review_on
    return Due(
        on=assessment.review_on or date.max,
        what="the accepted risk runs out: reassess" if runs_out else "due for review: reassess",
        about=str(assessment),
        address=reverse("assessments:detail", args=[assessment.pk]),
    )


def _condition(condition: Condition) -> Due:
    assessment = condition.decision.assessment
    return Due(
        on=condition.due_on or date.max,
        what=f"condition to be met: {condition.text}{_owned(condition.owner)}",
        about=str(assessment),
        address=reverse("assessments:detail", args=[assessment.pk]),
    )


def _control(control: Mitigation) -> Due:
    status = control.get_status_display().lower()
    return Due(
        on=control.due_on or date.max,
        what=f"control {status}, not verified yet: {control.title}{_owned(control.owner)}",
        about=str(control.assessment),
        address=control.get_absolute_url(),
    )


def _owned(owner: str) -> str:
    return f" ({owner})" if owner else ""


# -- the jobs ----------------------------------------------------------------------------------------


@watches(MORNING, every=LOOK_EVERY)
def look() -> None:
    """Once a day, from early in the morning on, asks for the job that reminds, if there is anybody to remind."""
    now = timezone.localtime()
    key = f"{MORNING}:{now.date()}"
    if not settings.REMINDERS or now.hour < FROM_HOUR or Job.objects.filter(idempotency_key=key).exists():
        return
    if whom_to_remind(now.date()):
        enqueue(MORNING, {"day": now.date().isoformat()}, key=key)


@handles(MORNING)
def ask_for_mails(job: RunningJob) -> dict[str, Any]:
    """One job a person and day: asked for again, it is the same one."""
    day = date.fromisoformat(job.arguments["day"])
    people = whom_to_remind(day)
    with transaction.atomic():
        job.still_mine()
        for person in people:
            enqueue(MAIL, {"person": person, "day": day.isoformat()}, key=f"{MAIL}:{person}:{day}")
    return {"people": len(people)}


@handles(MAIL)
def remind(job: RunningJob) -> dict[str, Any]:
    """Writes to one person, once a day; to nobody who has left, or has nothing to see to any more."""
    day = date.fromisoformat(job.arguments["day"])
    person = User.objects.filter(pk=job.arguments["person"], is_active=True).first()
    due = due_for(person, day) if person else []
    if person is None or not due:
        return {"sent": False}
    row, _ = Reminder.objects.get_or_create(
        person=person,
        day=day,
        defaults={"message_id": letters.message_id(f"reminder-{person.pk}-{day}")},
    )
    if row.state == Reminder.State.SENT:
        return {"sent": True, "dates": row.dates}
    letters.send(job, person.email, *_written(person, day, due), kept_id=row.message_id)
    Reminder.objects.filter(pk=row.pk).update(
        state=Reminder.State.SENT, sent_at=timezone.now(), dates=len(due)
    )
    return {"sent": True, "dates": len(due)}


def _written(person: User, day: date, due: list[Due]) -> tuple[str, list[str]]:
    """Subject and lines."""
    late = sum(one.on < day for one in due)
    count = f"{len(due)} date{'s' if len(due) > 1 else ''} to see to"
    lines = [f"{person.get_short_name()}, this is yours to see to:", ""]
    for one in due:
        when = f"{(day - one.on).days} days late" if one.on < day else one.on.isoformat()
        lines += [
            f"{when}: {one.what}",
            f"  {one.about}",
            f"  {settings.SITE_URL}{one.address}",
            "",
        ]
    return f"Riskassess: {count}{f', {late} late' if late else ''}", lines
