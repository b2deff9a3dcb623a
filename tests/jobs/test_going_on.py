"""What keeps workers and pages going while clocks, brokers and databases do not."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from config.storage import WholeFiles
from riskassess.accounts.models import BusinessUnit
from riskassess.jobs import tasks, views
from riskassess.jobs.api import JobViewSet
from riskassess.jobs.management.commands import worker
from riskassess.jobs.models import Job
from riskassess.kernel.errors import NoRoom
from tests.builders import make_job

HOURS = timedelta(hours=5)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("queued", "pause", "starts"),
    [
        (timedelta(0), timedelta(0), True),
        (timedelta(0), timedelta(minutes=5), False),  # it has its pause
        (timedelta(seconds=20), timedelta(0), True),  # another machine's clock is a little ahead
        (HOURS, timedelta(0), True),  # the clock was set back since
        (HOURS, timedelta(minutes=5), True),  # and nobody knows how long the pause still is
        (-HOURS, timedelta(minutes=5), True),
    ],
)
def test_what_waits_starts_whatever_the_clock_said_when_it_was_asked_for(
    procurement: BusinessUnit, queued: timedelta, pause: timedelta, starts: bool
) -> None:
    now = timezone.now()
    make_job(procurement, queued_at=now + queued, run_after=now + queued + pause)
    assert Job.objects.ready(now).exists() is starts


@pytest.mark.django_db
def test_nothing_that_happens_outside_ends_the_watch(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    troubles: Iterator[Exception] = iter([BrokerError("gone"), OperationalError("gone"), ValueError("a bug")])

    def troubled(concurrency: int) -> None:
        for trouble in troubles:
            raise trouble
        stop.set()

    monkeypatch.setattr(worker, "_wake", troubled)
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(worker, "LOOK_EVERY_WITH_BROKER", 0.0)
    monkeypatch.setattr(worker, "look_around", lambda: None)
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)
    worker.watch(stop, 2)
    assert stop.is_set()
    assert "the broker does not answer" in caplog.text
    assert "the database does not answer" in caplog.text
    assert "a bug" in caplog.text


@pytest.mark.django_db
def test_a_busy_worker_is_sent_no_messages_that_would_pile_up(
    monkeypatch: pytest.MonkeyPatch, procurement: BusinessUnit
) -> None:
    for _ in range(5):
        make_job(procurement)
    sent: list[int] = []
    monkeypatch.setattr(worker, "send_drain", lambda: sent.append(1))
    worker._wake(2)
    assert len(sent) == 2
    with tasks.BUSY:
        worker._wake(2)
        assert len(sent) == 3
        with tasks.BUSY:
            worker._wake(2)
    assert len(sent) == 3


def test_half_a_file_does_not_stay(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = WholeFiles(location=tmp_path)

    class RunsOut(ContentFile):
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"the first half"
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(NoRoom):
        store.save("a.pdf", RunsOut(b"x"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("the connection is closed"), 503),
        (OSError(errno.ENOSPC, "full"), 507),
        (ValueError(), 500),
    ],
)
def test_what_breaks_is_told_as_what_it_is(
    as_ana: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def breaks(*args: Any, **named: Any) -> None:
        raise error

    as_ana.raise_request_exception = False
    monkeypatch.setattr(views, "respond", breaks)
    monkeypatch.setattr(JobViewSet, "list", breaks)
    page, problem = as_ana.get("/jobs/"), as_ana.get("/api/v1/jobs/")
    assert (page.status_code, problem.status_code) == (status, status)
    assert "Nothing of yours is lost" in page.content.decode()
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["detail"]
