"""Approvals whose ground has moved: found by one job whenever something has changed, said wherever they are shown.

A decision is bound to its run, whose `result_id` is the digest of all that went in and came out. A page never
judges to find out whether that still holds. Workers look at a cheap mark of everything a judgement reads (`mark`);
where it has moved they ask for one job, keyed by the mark, that holds every approval in force against today.

Judged is as of today, since an approval says that we may use it today: evidence that has aged and law that has
come into force count. That the day itself is another one, does not; nor do controls that were followed up and
questions that were asked, unless the risk may now be higher.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from riskassess.assessments.gather import gather
from riskassess.assessments.judgement import judged
from riskassess.assessments.models import Answer, Assessment, Decision, Mitigation, RiskAppetite, ScoreRun
from riskassess.assessments.record import record_of
from riskassess.assessments.scoring import current_method, keep, method_on, name_of_run
from riskassess.assessments.states import BUYS, State
from riskassess.evidence.models import ClaimDocument, Document, OpenQuestion
from riskassess.imports.stamp import catalog_stamp
from riskassess.jobs.handlers import RunningJob, handles
from riskassess.jobs.models import Job
from riskassess.jobs.services import enqueue
from riskassess.jobs.watching import watches
from riskassess.reports.changes import Changes, changes
from riskassess.rules.rulebook import RULEBOOK
from riskassess.scoring.canonical import digest

STALENESS = "staleness"
LOOK_EVERY = 15.0  # seconds: found and judged within a minute


def mark(today: date) -> str:
    """Moves when anything that a judgement reads may have moved. A query for each kind of record."""
    seen: list[Any] = [
        today,
        RULEBOOK.release,
        current_method().digest,
        catalog_stamp(),
        _newest(RiskAppetite, "version"),
        _newest(Mitigation, "changed_at"),
        _newest(Answer, "answered_at"),
        _newest(Document, "changed_at"),
        _newest(ClaimDocument, "linked_at"),
        _newest(OpenQuestion, "pk"),
        _newest(Decision, "pk"),
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]


def _newest(kind: Any, column: str) -> tuple[Any, ...]:
    return tuple(kind.objects.order_by().aggregate(Count("pk"), newest=Max(column)).values())


def approvals() -> QuerySet[Assessment]:
    """The assessments by whose decision we may buy."""
    return Assessment.objects.filter(state=State.DECIDED.value, decision__outcome__in=BUYS)


@watches(STALENESS, every=LOOK_EVERY)
def look() -> None:
    """Asks for the job of the present mark, unless it was asked for, or one is waiting that will see it all."""
    if not approvals().exists():
        return
    key = f"{STALENESS}:{mark(timezone.localdate())}"
    waiting = Job.objects.filter(kind=STALENESS, state=Job.State.QUEUED)
    if not waiting.exists() and not Job.objects.filter(idempotency_key=key).exists():
        enqueue(STALENESS, {}, key=key)


@handles(STALENESS)
def find_stale(job: RunningJob) -> dict[str, Any]:
    """Holds every approval that stands against today, one by one, from where it was left."""
    today = timezone.localdate()
    standing = approvals()
    total = standing.count()
    kept = job.kept or {"after": 0, "looked": 0, "judged": 0, "stale": 0}
    for number in list(standing.filter(pk__gt=kept["after"]).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            found = standing.select_related("decision", "unit").filter(pk=number).first()
            seen = hold_against(found, today) if found else Seen()
            kept = {
                "after": number,
                "looked": kept["looked"] + 1,
                "judged": kept["judged"] + seen.judged,
                "stale": kept["stale"] + seen.stale,
            }
            job.progress(kept["looked"], total, "Holding approvals against today", keep=kept)
    return {name: value for name, value in kept.items() if name != "after"}


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether one approval had to be judged anew, and whether it is stale."""

    judged: bool = False
    stale: bool = False


def hold_against(assessment: Assessment, today: date) -> Seen:
    """Says on the decision that stands what has moved since it was taken, or that nothing has.

    What was compared is remembered: where nothing it rests on moved since, nothing is compared again.
    """
    decision = assessment.decision
    if decision is None:
        return Seen()
    method = method_on(today)
    gathered = gather(assessment, today, method)
    named = name_of_run(assessment, today, method, gathered)
    compared = digest([method.digest, *(str(value) for value in named.values())])
    if decision.compared == compared:
        return Seen(stale=decision.is_stale)
    record = record_of(judged(gathered, today, method))
    taken_on = ScoreRun.objects.get(pk=decision.run_id)
    moved = changes(json.loads(taken_on.record), record)
    stale = moved_under(moved)
    decision.compared = compared
    decision.stale_run = keep(named, record) if stale else None
    decision.stale_words = without_the_day(moved).summary if stale else ""
    decision.stale_since = (decision.stale_since or timezone.now()) if stale else None
    decision.save(update_fields=["compared", "stale_run", "stale_words", "stale_since"])
    return Seen(judged=True, stale=stale)


def without_the_day(found: Changes) -> Changes:
    """The changes without that of the day judged on: an approval does not go stale overnight."""
    return replace(found, basis=tuple(one for one in found.basis if one.key != "as_of"))


def moved_under(found: Changes) -> bool:
    """Whether what a decision rests on has moved, or what follows from it has become worse."""
    rests_on = (found.facts, found.evidence, found.claims, found.records, without_the_day(found).basis)
    if any(rests_on):
        return True
    return bool(found.gates) or found.risk[1] > 0 or found.old.decision != found.new.decision
