"""The Job table as a queue: accepted once, done once, whatever happens to the worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from riskassess.jobs import services
from riskassess.jobs.handlers import HANDLERS, LeaseLost, NotYet, RunningJob, handles
from riskassess.jobs.models import Job, lease
from riskassess.jobs.reaping import Reaper
from riskassess.kernel.errors import InvalidInput, TryAgain
from tests.builders import leases_run_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls() -> Iterator[list[dict[str, Any]]]:
    """A kind of job that notes each call; taken away again afterwards."""
    seen: list[dict[str, Any]] = []

    @handles("noted")
    def noted(job: RunningJob) -> dict[str, Any]:
        seen.append(job.arguments)
        job.progress(1, 2, "half")
        return {"seen": len(seen)}

    yield seen
    del HANDLERS["noted"]


def handler_that(error: Exception) -> Any:
    def fails(job: RunningJob) -> dict[str, Any]:
        raise error

    return fails


def test_a_job_is_done_and_keeps_its_result(calls: list[dict[str, Any]]) -> None:
    job = services.enqueue("noted", {"assessment": 7}, key="a")
    assert services.drain() == 1
    job.refresh_from_db()
    assert (job.state, job.result, job.percent, job.attempts) == ("done", {"seen": 1}, 100, 1)
    assert calls == [{"assessment": 7}]


def test_the_same_key_asks_once(calls: list[dict[str, Any]]) -> None:
    first = services.enqueue("noted", {}, key="a")
    again = services.enqueue("noted", {}, key="a")
    services.drain()
    assert first.pk == again.pk
    assert len(calls) == 1


def test_a_failed_job_of_the_same_key_is_tried_anew(calls: list[dict[str, Any]]) -> None:
    job = services.enqueue("noted", {}, key="a")
    services.cancel(job)
    assert services.drain() == 0
    services.enqueue("noted", {}, key="a")
    services.drain()
    job.refresh_from_db()
    assert job.state == "done"


def test_a_claimed_job_cannot_be_claimed_again(calls: list[dict[str, Any]]) -> None:
    services.enqueue("noted", {}, key="a")
    now = timezone.now()
    assert Job.objects.claim_next(now) is not None
    assert Job.objects.claim_next(now) is None


def test_what_a_dead_worker_held_is_done_by_the_next(calls: list[dict[str, Any]]) -> None:
    job = services.enqueue("noted", {}, key="a")
    Job.objects.claim_next(timezone.now())  # and then the worker dies
    reaper = Reaper()
    assert reaper.look(0) == 0
    assert reaper.look(lease().total_seconds() - 1) == 0  # its lease still holds
    assert reaper.look(lease().total_seconds()) == 1
    services.drain()
    job.refresh_from_db()
    assert (job.state, job.attempts, len(calls)) == ("done", 2, 1)


def test_a_worker_thought_dead_changes_nothing_when_it_wakes(calls: list[dict[str, Any]]) -> None:
    services.enqueue("noted", {}, key="a")
    zombie = Job.objects.claim_next(timezone.now())
    assert zombie is not None
    leases_run_out()
    Job.objects.update(run_after=timezone.now())
    holder = Job.objects.claim_next(timezone.now())
    with pytest.raises(LeaseLost):
        RunningJob(zombie).progress(1, 1)
    services.run(zombie)
    assert holder is not None
    holder.refresh_from_db()
    assert (holder.state, holder.result) == ("running", {})


def test_an_expected_error_is_final_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        HANDLERS, "bad", handler_that(InvalidInput("The sheet is empty.", hint="Choose another."))
    )
    job = services.enqueue("bad", {}, key="a")
    services.drain()
    job.refresh_from_db()
    assert (job.state, job.error_message, job.error_hint) == (
        "failed",
        "The sheet is empty.",
        "Choose another.",
    )


@pytest.mark.parametrize("error", [TryAgain("The database is busy."), RuntimeError("a bug")])
def test_other_errors_are_tried_again_later_and_not_for_ever(
    error: Exception, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.JOB_MAX_ATTEMPTS = 3
    monkeypatch.setitem(HANDLERS, "shaky", handler_that(error))
    job = services.enqueue("shaky", {}, key="a")
    for attempt in (1, 2):
        assert services.drain() == 1
        job.refresh_from_db()
        assert (job.state, job.attempts) == ("queued", attempt)
        assert job.run_after > timezone.now()
        Job.objects.update(run_after=timezone.now())
    services.drain()
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_worker_that_always_dies_on_a_job_gives_it_up(calls: list[dict[str, Any]], settings: Any) -> None:
    settings.JOB_MAX_ATTEMPTS = 1
    job = services.enqueue("noted", {}, key="a")
    Job.objects.claim_next(timezone.now())
    leases_run_out()
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.error_hint


def test_a_cancelled_job_stops_at_its_next_progress(calls: list[dict[str, Any]]) -> None:
    services.enqueue("noted", {}, key="a")
    running = Job.objects.claim_next(timezone.now())
    assert running is not None
    assert services.cancel(running)
    services.run(running)
    running.refresh_from_db()
    assert running.state == "cancelled"
    assert not services.cancel(running)


def test_a_job_without_handler_says_so() -> None:
    job = services.enqueue("from the future", {}, key="a")
    services.drain()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "from the future" in job.error_message


def test_the_database_refuses_a_running_job_without_claim() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="x", idempotency_key="x", state="running", run_after=timezone.now())


def test_a_job_that_waits_goes_back_and_has_not_been_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def waits_once(job: RunningJob) -> dict[str, Any]:
        if job.kept:
            return {"seen": job.kept["seen"]}
        job.progress(1, 2, "waiting", keep={"seen": 1})
        raise NotYet(timedelta(hours=1))

    monkeypatch.setitem(HANDLERS, "waits", waits_once)
    job = services.enqueue("waits", {}, key="a")
    assert services.drain() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.percent) == ("queued", 0, 50)
    assert job.run_after > timezone.now() + timedelta(minutes=50)
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    services.drain()
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts) == ("done", {"seen": 1}, 1)
