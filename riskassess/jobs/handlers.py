"""Which function does which kind of job, and what that function may ask of its job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from riskassess.jobs.models import Job, lease

Handler = Callable[["RunningJob"], dict[str, Any]]
HANDLERS: dict[str, Handler] = {}


class LeaseLost(Exception):
    """Another worker has this job now (or it was cancelled): stop, change nothing more."""


class NotYet(Exception):
    """The job waits for others: back into the queue for a while. Looking was no attempt."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(f"again in {pause}")
        self.pause = pause


class RunningJob:
    """A job while its handler runs: its arguments, what it kept last time, and a way to say how far it is."""

    def __init__(self, job: Job) -> None:
        self.id = job.pk
        self.unit = job.unit
        self.requested_by = job.requested_by
        self.arguments: dict[str, Any] = job.arguments
        self.kept: dict[str, Any] = job.result
        self._mine = Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING)

    def progress(self, done: int, total: int, note: str = "", keep: dict[str, Any] | None = None) -> None:
        """Shows progress and renews the lease. Raises LeaseLost when the job is no longer this worker's.

        What it keeps is there as `kept` should the job start anew, until its result takes the place.
        """
        self.kept = self.kept if keep is None else keep
        renewed = self._mine.update(
            progress_done=done,
            progress_total=total,
            progress_note=note,
            result=self.kept,
            lease_until=timezone.now() + lease(),
        )
        if not renewed:
            raise LeaseLost

    def still_mine(self) -> None:
        """Renews the lease; raises LeaseLost when the job is no longer this worker's.

        Called inside the transaction that makes the change, so that a rival cannot make it too.
        """
        if not self._mine.update(lease_until=timezone.now() + lease()):
            raise LeaseLost


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Registers the handler of a kind. It gets ids, may run twice, and returns a small JSON result."""

    def register(handler: Handler) -> Handler:
        if HANDLERS.setdefault(kind, handler) is not handler:
            raise ValueError(f"Two handlers for jobs of kind {kind!r}.")
        return handler

    return register
