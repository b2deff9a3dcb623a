"""A whole portfolio scored anew: one job that deals out chunks, and the chunks, which any worker may take.

Each assessment is scored by `score`, so a portfolio's runs are those that scoring one by one would store.
The dealing job keeps a cursor over the assessments and only a few chunks in the queue, so that a person who
asks for one score meanwhile does not wait for thousands. A chunk keeps its place after each assessment, in
the transaction that stores the run: whatever worker takes it up again goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from riskassess.assessments.models import Assessment, RiskAppetite
from riskassess.assessments.scoring import METHOD_VERSION, score
from riskassess.jobs.handlers import LeaseLost, NotYet, RunningJob, handles
from riskassess.jobs.models import Job
from riskassess.jobs.services import enqueue
from riskassess.kernel.errors import RiskassessError, TryAgain
from riskassess.rules.rulebook import RULEBOOK

log = logging.getLogger(__name__)

RESCORE, CHUNK = "rescore", "rescore_chunk"
CHUNK_SIZE = 100
CHUNKS_QUEUED = 8
LOOK_AGAIN = timedelta(seconds=2)
SHOW_EVERY = 10
NAMED = 5  # assessments that could not be scored, in the message; each chunk's result has all of its own
COUNTS = ("scored", "changed", "decided_otherwise")


def portfolio(
    unit: int | None, *, stale_only: bool, only: Sequence[int] | None = None
) -> QuerySet[Assessment]:
    """What is to be scored, in the order of the cursor; `only` these offerings' assessments where some are named.

    Stale: without a run of these rules, this method, and the risk appetite in force on the assessment's day.
    """
    found = Assessment.objects.open().order_by("pk")
    if unit is not None:
        found = found.filter(unit=unit)
    if only is not None:
        found = found.filter(offering__in=only)
    if stale_only:
        in_force = Subquery(RiskAppetite.objects.due_on("as_of").values("version")[:1])
        found = found.annotate(due_appetite=Coalesce(in_force, 0)).exclude(
            current_run__rules_release=RULEBOOK.release,
            current_run__method_version=METHOD_VERSION,
            current_run__appetite_version=F("due_appetite"),
        )
    return found


# -- the job that deals ------------------------------------------------------------------------------


@handles(RESCORE)
def rescore(job: RunningJob) -> dict[str, Any]:
    """Keeps a few chunks in the queue until all are dealt and done; then says what came of them."""
    asked = job.arguments
    found = portfolio(asked["unit"], stale_only=asked["stale_only"], only=asked.get("only"))
    chunks = Job.objects.filter(idempotency_key__startswith=_key(job.id, ""))
    kept = job.kept or {"after": 0, "chunks": 0, "dealt_out": False, "total": found.count()}
    with transaction.atomic():
        open_chunks = chunks.unfinished().count()
        while open_chunks < CHUNKS_QUEUED and not kept["dealt_out"]:
            kept = _deal(job, found, kept)
            open_chunks += not kept["dealt_out"]
        job.progress(_done(chunks), kept["total"], "Scoring the portfolio", keep=kept)
    if open_chunks:
        raise NotYet(LOOK_AGAIN)
    return _summary(chunks, kept["total"])


def _deal(job: RunningJob, found: QuerySet[Assessment], kept: dict[str, Any]) -> dict[str, Any]:
    ids = list(found.filter(pk__gt=kept["after"]).values_list("pk", flat=True)[:CHUNK_SIZE])
    if not ids:
        return {**kept, "dealt_out": True}
    enqueue(
        CHUNK,
        {"rescore": str(job.id), "assessments": ids},
        key=_key(job.id, kept["chunks"]),
        unit=job.unit,
        by=job.requested_by,
    )
    return {**kept, "after": ids[-1], "chunks": kept["chunks"] + 1}


def _key(rescore_id: object, number: object) -> str:
    return f"{CHUNK}:{rescore_id}:{number}"


def _done(chunks: QuerySet[Job]) -> int:
    return chunks.aggregate(done=Sum("progress_done"))["done"] or 0


def _summary(chunks: QuerySet[Job], total: int) -> dict[str, Any]:
    """The counts of all chunks together. Raises RiskassessError when some assessments were not scored."""
    stopped = chunks.filter(state__in=[Job.State.FAILED, Job.State.CANCELLED]).count()
    results = list(chunks.values_list("result", flat=True))
    failed = [one for result in results for one in result.get("failed", ())]
    if failed or stopped:
        words = "; ".join(f"assessment {number}: {text}" for number, text in failed[:NAMED])
        more = f"; and {len(failed) - NAMED} more" if len(failed) > NAMED else ""
        parts = [f"{stopped} chunks stopped" if stopped else "", words + more]
        raise RiskassessError(
            f"Not all of {total} assessments could be scored: {'; '.join(part for part in parts if part)}.",
            hint="The others are scored. Put these right, then rescore what is stale.",
        )
    return {name: sum(result.get(name, 0) for result in results) for name in COUNTS}


# -- the chunks --------------------------------------------------------------------------------------


@handles(CHUNK)
def rescore_chunk(job: RunningJob) -> dict[str, Any]:
    """Scores some assessments one by one, from where it was left; ends early when the whole is cancelled."""
    ids = job.arguments["assessments"]
    whole = Job.objects.unfinished().filter(pk=job.arguments["rescore"])
    chunks = Job.objects.filter(idempotency_key__startswith=_key(job.arguments["rescore"], ""))
    kept = job.kept or {"next": 0, **dict.fromkeys(COUNTS, 0), "failed": []}
    while kept["next"] < len(ids):
        if kept["next"] % SHOW_EVERY == 0 and not whole.update(progress_done=_done(chunks)):
            break
        kept = _score_one(job, ids[kept["next"]], kept, len(ids))
    # The one that deals is looked at next, so that it need not wait out its pause.
    whole.filter(state=Job.State.QUEUED).update(progress_done=_done(chunks), run_after=timezone.now())
    return {name: value for name, value in kept.items() if name != "next"}


def _score_one(job: RunningJob, number: int, kept: dict[str, Any], total: int) -> dict[str, Any]:
    """One assessment and the chunk's new place, stored together or not at all."""
    step = {**kept, "next": kept["next"] + 1}
    found = Assessment.objects.open().select_related("current_run").defer("current_run__record")
    found = found.select_for_update(of=("self",))  # no other score of it comes in between
    try:
        with transaction.atomic():
            assessment = found.filter(pk=number).first()
            if assessment is not None:
                before = assessment.current_run
                run = score(assessment)
                step["scored"] += 1
                step["changed"] += before is None or before.pk != run.pk
                step["decided_otherwise"] += before is not None and before.decision != run.decision
            job.progress(step["next"], total, "Scoring", keep=step)
    except (LeaseLost, DatabaseError, TryAgain):
        raise
    except Exception as error:  # one record that cannot be scored must not stop a portfolio
        log.exception("assessment %s cannot be scored", number)
        words = str(error) if isinstance(error, RiskassessError) else f"Unexpected {type(error).__name__}."
        step = {**kept, "next": kept["next"] + 1, "failed": [*kept["failed"], [number, words]]}
        job.progress(step["next"], total, "Scoring", keep=step)
    return step
