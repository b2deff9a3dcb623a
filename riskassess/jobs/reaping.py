"""Telling a dead worker from a living one, and putting what it held back into the queue."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from riskassess.jobs.models import Job
from riskassess.measuring import LEASES_RAN_OUT

log = logging.getLogger(__name__)


class Claimed(NamedTuple):
    """One claim as it was seen: its worker writes another `lease_until` with each sign of life."""

    pk: UUID
    claim: UUID | None
    lease_until: datetime | None


class Reaper:
    """Watches the claims of running jobs by a stopwatch of its own.

    A claim is dead when its lease has not been renewed for as long as a lease holds, as measured here. What the
    clocks say decides nothing: they differ between machines, and are set forward and back. The price is that one
    lease goes by after a start before what died earlier is taken up.
    """

    def __init__(self) -> None:
        self._seen: dict[Claimed, float] = {}

    def look(self, at: float | None = None) -> int:
        """Queues again what dead workers held, or fails it after its last attempt; how many rows moved.

        `at` is the stopwatch, in seconds. One query, and one for each job that moves.
        """
        at = time.monotonic() if at is None else at
        held = Job.objects.filter(state=Job.State.RUNNING).order_by()
        running = [Claimed(*row) for row in held.values_list("pk", "claim", "lease_until")]
        self._seen = {claimed: self._seen.get(claimed, at) for claimed in running}
        silent = [one for one, since in self._seen.items() if at - since >= settings.JOB_LEASE_SECONDS]
        moved = sum(_taken_from(claimed) for claimed in silent)
        if moved:
            LEASES_RAN_OUT.inc(moved)
            log.warning("%s jobs were held by a worker that gave no sign of life", moved)
        return moved


def _taken_from(dead: Claimed) -> int:
    """Ends the claim, unless its worker gave a sign of life just now; 1 when it did."""
    now = timezone.now()
    held = Job.objects.filter(
        pk=dead.pk, claim=dead.claim, lease_until=dead.lease_until, state=Job.State.RUNNING
    )
    given_up = held.filter(attempts__gte=settings.JOB_MAX_ATTEMPTS).update(
        state=Job.State.FAILED,
        error_message="The worker stopped each time it tried this.",
        error_hint="See the server log, then start it again.",
        finished_at=now,
        claim=None,
        lease_until=None,
    )
    return given_up or held.update(
        state=Job.State.QUEUED, queued_at=now, run_after=now, claim=None, lease_until=None
    )
