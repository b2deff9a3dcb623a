"""Which function does which kind of job, and what that function may ask of its job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from riskassess.jobs.models import Job, lease

Handler = Callable[["RunningJob"], dict[str, Any]]
HANDLERS: dict[str, Handler] = {}


class LeaseLost(Exception):
    """Another worker has this job now (or it was cancelled): stop, change nothing more."""


class RunningJob:
    """A job while its handler runs: its arguments, and a way to say how far it is."""

    def __init__(self, job: Job) -> None:
        self.id = job.pk
        self.arguments: dict[str, Any] = job.arguments
        self._mine = Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING)

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Shows progress and renews the lease. Raises LeaseLost when the job is no longer this worker's."""
        renewed = self._mine.update(
            progress_done=done, progress_total=total, progress_note=note, lease_until=timezone.now() + lease()
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
