"""What can be told: read off the records themselves, so that nothing has to be written down twice or can be lost.

An event's name follows from its record (`decision-12`, `run-40`, `review-7-2026-11-26`): found again, it is the
same event, however often and by however many workers it is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from riskassess.assessments.models import Assessment, Decision, ScoreRun
from riskassess.assessments.states import BUYS, State
from riskassess.scoring.decision import shown
from riskassess.scoring.ranges import Range


class Kind(StrEnum):
    """The kinds of events that can be told."""

    DECIDED = "decision.made"
    MOVED = "score.moved"
    REVIEW_DUE = "review.due"
    TRIAL = "webhook.trial"

    @property
    def label(self) -> str:
        return {
            Kind.DECIDED: "A decision was made",
            Kind.MOVED: "A score or its computed decision moved",
            Kind.REVIEW_DUE: "The review of an approval is due",
            Kind.TRIAL: "A trial",
        }[self]


CHOSEN = (Kind.DECIDED, Kind.MOVED, Kind.REVIEW_DUE)
"""What a webhook can be made for; a trial is sent to any."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an assessment of a unit. `name` is the same whenever it is found."""

    name: str
    kind: Kind
    unit: int
    at: datetime
    data: dict[str, Any]

    def body(self) -> dict[str, Any]:
        """What is sent, in the form of the Standard Webhooks specification: type, timestamp, data."""
        return {"type": self.kind.value, "timestamp": self.at.isoformat(), "data": self.data}


def happened(units: Iterable[int], since: datetime, until: datetime) -> Iterator[Event]:
    """What happened in these units after `since`, up to `until`. Three queries."""
    wanted = list(units)
    yield from _decisions(wanted, since, until)
    yield from _moves(wanted, since, until)
    yield from _reviews(wanted, since, until)


def _decisions(units: list[int], since: datetime, until: datetime) -> Iterator[Event]:
    found = Decision.objects.filter(
        assessment__unit__in=units, decided_at__gt=since, decided_at__lte=until
    ).select_related("assessment__offering__model", "run", "decided_by")
    for one in found.order_by("pk"):
        data = {
            **_about(one.assessment),
            "outcome": one.outcome,
            "computed": _figures(one.run),
            "decided_by": one.decided_by.name,
        }
        yield Event(f"decision-{one.pk}", Kind.DECIDED, one.assessment.unit_id, one.decided_at, data)


def _moves(units: list[int], since: datetime, until: datetime) -> Iterator[Event]:
    """Runs that say something else than the run before; a first run moves nothing."""
    before = ScoreRun.objects.filter(assessment=OuterRef("assessment"), pk__lt=OuterRef("pk")).order_by("-pk")
    found = (
        ScoreRun.objects.filter(assessment__unit__in=units, created_at__gt=since, created_at__lte=until)
        .annotate(before=Subquery(before.values("pk")[:1]))
        .filter(before__isnull=False)
        .select_related("assessment__offering__model")
        .defer("record")
        .order_by("pk")
    )
    runs = list(found)
    earlier = ScoreRun.objects.defer("record").in_bulk({run.before for run in runs}) if runs else {}  # type: ignore[attr-defined]
    for run in runs:
        was, now = _figures(earlier[run.before]), _figures(run)  # type: ignore[attr-defined]
        if {**was, "run": None} == {**now, "run": None}:
            continue
        data = {**_about(run.assessment), "before": was, "after": now}
        yield Event(f"run-{run.pk}", Kind.MOVED, run.assessment.unit_id, run.created_at, data)


def _reviews(units: list[int], since: datetime, until: datetime) -> Iterator[Event]:
    """Approvals whose day of review has come: the day on which they stop being in force."""
    first, last = timezone.localdate(since), timezone.localdate(until)
    found = Assessment.objects.filter(
        unit__in=units,
        state=State.DECIDED.value,
        decision__outcome__in=BUYS,
        review_on__gte=first,
        review_on__lte=last,
    ).select_related("offering__model", "decision")
    for one in found.order_by("pk"):
        outcome = one.decision.outcome if one.decision else ""
        data = {**_about(one), "outcome": outcome, "review_on": str(one.review_on)}
        yield Event(f"review-{one.pk}-{one.review_on}", Kind.REVIEW_DUE, one.unit_id, until, data)


def trial(unit: int, number: int, at: datetime) -> Event:
    """An event that says nothing, to see whether it arrives."""
    return Event(f"trial-{number}-{at:%Y%m%d%H%M%S%f}", Kind.TRIAL, unit, at, {"says": "It arrives."})


def _about(assessment: Assessment) -> dict[str, Any]:
    address = reverse("assessments:detail", args=[assessment.pk])
    return {
        "assessment": assessment.pk,
        "offering": str(assessment.offering),
        "use_case": assessment.use_case,
        "url": settings.SITE_URL + address,
    }


def _figures(run: ScoreRun) -> dict[str, Any]:
    """The run's numbers as every face shows them: tenths, rounded outwards."""
    risk = shown(Range(run.risk_low, run.risk_high), run.denominator)
    return {"run": run.result_id, "decision": run.decision, "risk_low": risk[0], "risk_high": risk[1]}
