"""What an import moves: the assessments on what it changes, scored anew; their decisions before and after.

Imports know no assessments and assessments no imports; they meet here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment, Decision, ScoreRun
from riskassess.assessments.rescoring import RESCORE
from riskassess.assessments.services import rescore_offerings
from riskassess.assessments.states import State
from riskassess.imports.aftermath import MOVING, touched, when_moved
from riskassess.imports.bulk import among
from riskassess.imports.models import Batch
from riskassess.imports.shapes.registry import shape_named
from riskassess.jobs.models import Job

MOST = 200  # assessments on the page


@dataclass(frozen=True, slots=True)
class Changed:
    """One fact that the import changes."""

    label: str
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One assessment that rests on what changes: what was computed before and is now, what a person decided."""

    assessment: Assessment
    before: str
    after: str
    decided: Decision | None
    changes: tuple[Changed, ...]

    @property
    def is_other(self) -> bool:
        """Whether the computed decision is another one now."""
        return bool(self.before and self.after and self.before != self.after)


@dataclass(frozen=True, slots=True)
class Movement:
    """All of them that the person may see; `unseen` are of units whose work they may not read."""

    moved: list[Moved]
    total: int
    unseen: int
    job: Job | None

    @property
    def others(self) -> int:
        return sum(one.is_other for one in self.moved)


@when_moved
def score_anew(batch: Batch, offerings: set[int], by: User) -> None:
    """What rests on the offerings is scored again, by one job, once the import (or its undoing) is there."""
    rescore_offerings(offerings, because=f"import:{batch.pk}:{timezone.now().isoformat()}", by=by)


def movement(batch: Batch, user: User) -> Movement:
    """Which assessments the import moves, or would. Seven queries and the batch's changes."""
    offerings = touched(batch)
    every = Assessment.objects.exclude(state=State.WITHDRAWN.value).filter(offering__in=among(offerings))
    seen = every.visible_to(user).for_lists().order_by("pk")
    since = _since(batch)
    if since is not None:
        earlier = ScoreRun.objects.filter(assessment=OuterRef("pk"), created_at__lt=since)
        seen = seen.annotate(before=Subquery(earlier.order_by("-created_at", "-pk").values("decision")[:1]))
    some = list(seen[:MOST])
    changes = _changes(batch, {one.offering_id for one in some})
    decided = _decided(some)
    moved = [
        Moved(
            one,
            getattr(one, "before", None) or (_computed(one) if since is None else ""),
            _computed(one) if since is not None else "",
            decided.get(one.pk),
            changes.get(one.offering_id, ()),
        )
        for one in some
    ]
    moved.sort(key=lambda one: not one.is_other)
    visible = seen.count()
    return Movement(moved, visible, every.count() - visible, _job(batch))


def _since(batch: Batch) -> datetime | None:
    """When the facts moved last by this import; None while they have not."""
    return batch.undone_at or batch.applied_at


def _computed(assessment: Assessment) -> str:
    return assessment.current_run.decision if assessment.current_run else ""


def _decided(some: Iterable[Assessment]) -> dict[int, Decision]:
    """What people decided last on each."""
    found: dict[int, Decision] = {}
    wanted = Decision.objects.filter(assessment__in=[one.pk for one in some]).select_related("decided_by")
    for decision in wanted.order_by("decided_at", "pk"):
        found[decision.assessment_id] = decision
    return found


def _changes(batch: Batch, offerings: set[int]) -> dict[int, tuple[Changed, ...]]:
    label_of = shape_named(batch.shape).label_of
    rows = batch.rows.filter(outcome__in=MOVING, offering__in=offerings)
    return {
        offering: tuple(Changed(label_of(name), old, new) for name, (old, new) in changes.items())
        for offering, changes in rows.values_list("offering_id", "changes")
    }


def _job(batch: Batch) -> Job | None:
    """The newest job that scores anew because of this import."""
    found = Job.objects.filter(kind=RESCORE, idempotency_key__startswith=f"{RESCORE}:import:{batch.pk}:")
    return found.order_by("-created_at").first()
