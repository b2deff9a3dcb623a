"""What waits for a person, and what happened lately: the first page as ready rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from riskassess import marks
from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.assessments.models import Assessment, Condition, Decision, Mitigation, ScoreRun
from riskassess.assessments.states import BUYS, State
from riskassess.evidence.models import OpenQuestion
from riskassess.jobs.models import Job
from riskassess.questionnaires.models import Inquiry
from riskassess.questionnaires.states import State as Asked
from riskassess.scoring.decision import shown
from riskassess.scoring.ranges import Range

MOST_WAITING = 20
MOST_ASSESSMENTS = 12
MOST_RECENT = 6
REVIEW_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing the person may do next."""

    verb: str
    assessment: Assessment
    mark: str
    note: str
    due: str
    due_note: str
    late: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One assessment with its interval, as the table shows it."""

    assessment: Assessment
    mark: str
    bar: str
    interval: str
    due: str


@dataclass(frozen=True, slots=True)
class Outstanding:
    """One control that somebody is to see to by a day."""

    mitigation: Mitigation
    due: str
    due_note: str
    late: bool


@dataclass(frozen=True, slots=True)
class Unmet:
    """One condition of a decision that stands, to be met by a day."""

    condition: Condition
    url: str
    due: str
    due_note: str
    late: bool


@dataclass(frozen=True, slots=True)
class Again:
    """One approval to look at again: what it rests on has moved, or its review is due."""

    assessment: Assessment
    why: str
    due: str
    due_note: str
    late: bool


@dataclass(frozen=True, slots=True)
class FirstPage:
    """All that the first page shows."""

    waiting: list[Waiting]
    again: list[Again]
    standings: list[Standing]
    controls: list[Outstanding]
    conditions: list[Unmet]
    inquiries: list[Inquiry]
    decisions: list[Decision]
    jobs: list[Job]
    questions: list[OpenQuestion]


def first_page(user: User, today: date) -> FirstPage:
    """Nine queries, one a section, and one for what the catalog shows this person."""
    return FirstPage(
        waiting=[_waiting(one, today) for one in waiting_for(user)[:MOST_WAITING]],
        again=[_again(one, today) for one in to_look_at_again(user, today)[:MOST_RECENT]],
        standings=[_standing(one) for one in _worst_first(user)[:MOST_ASSESSMENTS]],
        controls=[_outstanding(one, today) for one in controls_due(user)[:MOST_RECENT]],
        conditions=[_unmet(one, today) for one in conditions_due(user)[:MOST_RECENT]],
        inquiries=list(answers_to_review(user)[:MOST_RECENT]),
        decisions=list(
            Decision.objects.filter(assessment__in=Assessment.objects.visible_to(user)).select_related(
                "assessment__offering", "decided_by"
            )[:MOST_RECENT]
        ),
        jobs=list(Job.objects.visible_to(user)[:MOST_RECENT]),
        questions=list(
            OpenQuestion.objects.visible_to(user)
            .unanswered()
            .select_related("vendor")
            .order_by("raised_on", "pk")[:MOST_RECENT]
        ),
    )


def waiting_for(user: User) -> Any:
    """Drafts that `user` may fill or submit, submitted ones that `user` may decide; the next due first.

    Nobody decides what they submitted, so their own submissions wait for somebody else; and so does what
    another approver has taken up.
    """
    fills = BusinessUnit.objects.where(user, Can.REQUEST)
    decides = BusinessUnit.objects.where(user, Can.DECIDE)
    drafts = Q(state=State.DRAFT.value, unit__in=fills)
    reviewed = Q(state=State.SUBMITTED.value) | Q(state=State.IN_REVIEW.value, reviewer=user)
    submitted = reviewed & Q(unit__in=decides) & ~Q(submitted_by=user)
    found = Assessment.objects.visible_to(user).filter(drafts | submitted).for_lists()
    return found.select_related("submitted_by").order_by(F("due_on").asc(nulls_last=True), "-updated_at")


def answers_to_review(user: User) -> Any:
    """Inquiries that came back answered, of the units in which `user` assesses; the first to come back first."""
    came_back = Inquiry.objects.in_state(Asked.ANSWERED, timezone.now())
    mine = came_back.filter(unit__in=BusinessUnit.objects.where(user, Can.ASSESS))
    return mine.select_related("vendor", "offering__model").order_by("handed_in_at", "pk")


def controls_due(user: User) -> Any:
    """Controls of the units that `user` reads with a day to be done by, the next due first."""
    return Mitigation.objects.visible_to(user).outstanding().select_related("assessment__offering")


def to_look_at_again(user: User, today: date) -> Any:
    """Approvals of the units that `user` reads: stale ones, and those to review within a month; due ones first."""
    bought = Assessment.objects.visible_to(user).filter(state=State.DECIDED.value, decision__outcome__in=BUYS)
    soon = Q(review_on__lte=today + REVIEW_SOON)
    found = bought.filter(soon | Q(decision__stale_since__isnull=False)).for_lists()
    found = found.select_related("decision__acceptance")
    return found.order_by(F("review_on").asc(nulls_last=True), "pk")


def _again(assessment: Assessment, today: date) -> Again:
    days = (assessment.review_on - today).days if assessment.review_on else None
    accepted = getattr(assessment.decision, "acceptance", None)
    runs_out = accepted is not None and accepted.expires_on == assessment.review_on
    what = "Accepted risk ends" if runs_out else "Review"
    return Again(
        assessment=assessment,
        why=assessment.decision.stale_words if assessment.decision else "",
        due=f"{what} {marks.day(assessment.review_on)}" if assessment.review_on else "No date",
        due_note="" if days is None else _in_days(days),
        late=days is not None and days < 3,
    )


def conditions_due(user: User) -> Any:
    """Conditions that are not met, of decisions that stand in the units that `user` reads; the next due first."""
    found = Condition.objects.visible_to(user).outstanding()
    return found.select_related("decision__assessment__offering")


def _unmet(condition: Condition, today: date) -> Unmet:
    assert condition.due_on is not None  # noqa: S101 - `outstanding` has only those with a day
    days = (condition.due_on - today).days
    address = reverse("reports:run", args=[condition.decision.run_id])
    return Unmet(
        condition, f"{address}#h-decided", marks.day(condition.due_on), _in_days(days), late=days < 3
    )


def _outstanding(mitigation: Mitigation, today: date) -> Outstanding:
    assert mitigation.due_on is not None  # noqa: S101 - `outstanding` has only those with a day
    days = (mitigation.due_on - today).days
    return Outstanding(mitigation, marks.day(mitigation.due_on), _in_days(days), late=days < 3)


def _worst_first(user: User) -> Any:
    """Visible assessments that are neither withdrawn nor superseded: the gravest decision, then the highest risk."""
    open_ones = Assessment.objects.visible_to(user).open().for_lists()
    return open_ones.order_by(
        F("current_run__decision_rank").desc(nulls_last=True),
        F("current_run__risk_high").desc(nulls_last=True),
        "pk",
    )


def _waiting(assessment: Assessment, today: date) -> Waiting:
    submitted = assessment.state != State.DRAFT.value
    days = (assessment.due_on - today).days if assessment.due_on else None
    return Waiting(
        verb="Decide or return" if submitted else "Answer and submit",
        assessment=assessment,
        mark=_mark(assessment.current_run),
        note=_note(assessment, submitted=submitted),
        due=f"Due {marks.day(assessment.due_on)}" if assessment.due_on else "No date",
        due_note="" if days is None else _in_days(days),
        late=days is not None and days < 3,
    )


def _note(assessment: Assessment, *, submitted: bool) -> str:
    if submitted and assessment.submitted_by:
        return f"{assessment.use_case}. Submitted by {assessment.submitted_by}."
    return f"{assessment.use_case}. Assessed by {assessment.assessor}."


def _in_days(days: int) -> str:
    if days < 0:
        return f"{-days} day{'s' if days < -1 else ''} late"
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def _mark(run: ScoreRun | None) -> str:
    return marks.mark(run.decision) if run else marks.unknown("Not scored")


def _standing(assessment: Assessment) -> Standing:
    run = assessment.current_run
    due = marks.day(assessment.due_on) if assessment.due_on else "–"
    if run is None:
        return Standing(assessment, _mark(None), "", "not yet", due)
    low, high = shown(Range(run.risk_low, run.risk_high), run.denominator)
    bar = marks.interval_bar(run.risk_low / run.denominator, run.risk_high / run.denominator, run.lines)
    return Standing(assessment, _mark(run), bar, f"{low}–{high}", due)
