"""Asking for work, doing it, and picking up what a dead worker left."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import F
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.correlation import correlation, noting
from riskassess.jobs.handlers import HANDLERS, LeaseLost, NotYet, RunningJob
from riskassess.jobs.models import Job, lease
from riskassess.jobs.wake import wake_worker
from riskassess.kernel.collector import collect_what_is_left
from riskassess.kernel.errors import Conflict, NoRoom, NotAllowed, RiskassessError
from riskassess.kernel.files import is_full
from riskassess.measuring import JOB_SECONDS, JOBS
from riskassess.recording import acting

log = logging.getLogger(__name__)


def enqueue(
    kind: str,
    arguments: dict[str, Any],
    *,
    key: str,
    unit: BusinessUnit | None = None,
    by: User | None = None,
) -> Job:
    """The job of this `key`: a new one, or the one that is there already.

    Call it in the transaction of the change that needs the work; the worker is woken once that commits.
    A job of the same key that failed or was cancelled is queued again. Two or three queries.
    """
    now = timezone.now()
    defaults = {
        "kind": kind,
        "arguments": json.loads(json.dumps(arguments)),  # ids only: what cannot be JSON fails here, not later
        "unit": unit,
        "requested_by": by,
        "queued_at": now,
        "run_after": now,
        "correlation": correlation(),
    }
    job, created = Job.objects.get_or_create(idempotency_key=key, defaults=defaults)
    if not created:
        Job.objects.filter(pk=job.pk, state__in=[Job.State.FAILED, Job.State.CANCELLED]).update(
            state=Job.State.QUEUED,
            attempts=0,
            queued_at=now,
            run_after=now,
            error_message="",
            error_hint="",
            finished_at=None,
            correlation=correlation(),
        )
        if (
            still_there := Job.objects.filter(pk=job.pk).first()
        ) is None:  # long over, and tidied away just now
            return enqueue(kind, arguments, key=key, unit=unit, by=by)
        job = still_there
    transaction.on_commit(wake_worker)
    return job


def cancel_by(job: Job, user: User) -> None:
    """`cancel` for a person. NotAllowed for who did not ask for the job, Conflict where it is over already."""
    if job.requested_by_id != user.pk:
        raise NotAllowed("Only the person who asked for a job cancels it.")
    if not cancel(job):
        raise Conflict("The job is over already.", hint="Its result or error stays with it.")


def cancel(job: Job) -> bool:
    """Cancels a job that is not over; False when it was. A running handler stops at its next progress."""
    now = timezone.now()
    ended = Job.objects.unfinished().filter(pk=job.pk)
    return bool(ended.update(state=Job.State.CANCELLED, finished_at=now, claim=None, lease_until=None))


def drain(may_take: Callable[[], bool] = lambda: True) -> int:
    """Runs ready jobs until none is left; how many it ran. Any number of workers may do this at once.

    Before each it asks whether it may take one more.
    """
    ran = 0
    while may_take() and (job := Job.objects.claim_next(timezone.now())) is not None:
        run(job)
        ran += 1
    return ran


def run(job: Job) -> None:
    """Runs one claimed job to its end: done, failed, or queued again with a growing pause."""
    wall, cpu = time.perf_counter(), time.thread_time()
    with noting(correlation=job.correlation or job.pk.hex, job=str(job.pk), kind=job.kind):
        outcome = _run(job)
        wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
        # Only kinds that exist here: a label for each text that ever stood in the table would never end.
        kind = job.kind if job.kind in HANDLERS else "unknown"
        JOBS.labels(kind, outcome).inc()
        JOB_SECONDS.labels(kind).observe(wall)
        facts = {
            "outcome": outcome, "attempt": job.attempts, "wall_ms": round(wall * 1000, 1),
            "cpu_ms": round(cpu * 1000, 1), "user": job.requested_by_id,
        }  # fmt: skip
        collect_what_is_left()
        log.log(logging.INFO if settings.LOG_WORK else logging.DEBUG, "job", extra={"facts": facts})


def _run(job: Job) -> str:
    """What came of one attempt: done, failed, again (after a failure), waits (for others) or lost."""
    handler = HANDLERS.get(job.kind)
    mine = Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING)
    try:
        if handler is None:
            raise RiskassessError(
                f"Nothing handles jobs of kind {job.kind}.", hint="Was the program downgraded?"
            )
        with heartbeat(job), acting(by=lambda: job.requested_by, through=f"job {job.kind}"):
            result = handler(RunningJob(job))
    except LeaseLost:
        log.warning("job %s: lease lost, leaving it to its new holder", job.pk)
        return "lost"
    except NotYet as wait:
        now = timezone.now()
        mine.update(
            state=Job.State.QUEUED,
            attempts=F("attempts") - 1,
            queued_at=now,
            run_after=now + wait.pause,
            claim=None,
            lease_until=None,
        )
        return "waits"
    except RiskassessError as error:
        if error.permanent:
            return _fail(job, error.message, error.hint)
        return _try_again(job, error.message, error.hint)
    except Exception as error:
        # Anything else is a bug or a broken machine. It is logged whole, shown short, and tried again.
        log.exception("job %s (%s) failed on attempt %s", job.pk, job.kind, job.attempts)
        _drop_broken_connections()  # they take no word of it; where no other can be had, the lease runs out
        if is_full(error):
            return _try_again(job, NoRoom().message, NoRoom().hint)
        return _try_again(
            job, f"Unexpected {type(error).__name__}.", "It is tried again; if it stays, see the server log."
        )
    ended = mine.update(
        state=Job.State.DONE,
        result=result,
        finished_at=timezone.now(),
        claim=None,
        lease_until=None,
        error_message="",
        error_hint="",
    )
    return "done" if ended else "lost"


def _fail(job: Job, message: str, hint: str) -> str:
    Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING).update(
        state=Job.State.FAILED,
        error_message=message,
        error_hint=hint,
        finished_at=timezone.now(),
        claim=None,
        lease_until=None,
    )
    return "failed"


def _drop_broken_connections() -> None:
    """Those outside a transaction that no longer answer; one inside belongs to whoever opened it."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def _try_again(job: Job, message: str, hint: str) -> str:
    if job.attempts >= settings.JOB_MAX_ATTEMPTS:
        return _fail(job, message, hint)
    now, pause = timezone.now(), timedelta(seconds=min(2**job.attempts, 300))
    Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING).update(
        state=Job.State.QUEUED,
        queued_at=now,
        run_after=now + pause,
        error_message=message,
        error_hint=hint,
        claim=None,
        lease_until=None,
    )
    return "again"


@contextmanager
def heartbeat(job: Job) -> Iterator[None]:
    """Renews the lease every third of it while the block runs, from a thread of its own.

    A database that does not answer once, or is locked, is asked again the next time.
    """
    over = threading.Event()

    def beat() -> None:
        held = Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING)
        while not over.wait(settings.JOB_LEASE_SECONDS / 3):
            try:
                held.update(lease_until=timezone.now() + lease())
            except DatabaseError as error:
                log.warning("job %s: the lease could not be renewed (%s)", job.pk, error)
                _drop_broken_connections()
        connections.close_all()  # this thread's own

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
