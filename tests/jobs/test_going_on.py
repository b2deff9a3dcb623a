"""What keeps workers and pages going while clocks, brokers and databases do not."""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from config.storage import WholeFiles
from riskassess.accounts.models import BusinessUnit
from riskassess.jobs import tasks, views, wake
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
    troubles: Iterator[Exception] = iter([OperationalError("gone"), ValueError("a bug")])

    def troubled() -> None:
        for trouble in troubles:
            raise trouble
        stop.set()

    monkeypatch.setattr(worker, "_wake", troubled)
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(worker, "LOOK_EVERY_WITH_BROKER", 0.0)
    monkeypatch.setattr(worker, "look_around", lambda: None)
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)
    worker.watch(stop)
    assert stop.is_set()
    assert "the database does not answer" in caplog.text
    assert "a bug" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(("broker", "by"), [("memory://", "send_drain"), ("amqp://away", "start_drain")])
def test_each_ready_job_gets_a_free_hand_and_a_busy_worker_none(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings, procurement: BusinessUnit, broker: str, by: str
) -> None:
    settings.CELERY_BROKER_URL = broker
    for _ in range(5):
        make_job(procurement)
    sent: list[str] = []
    for name in ("send_drain", "start_drain"):
        monkeypatch.setattr(worker, name, lambda name=name: sent.append(name))
    monkeypatch.setattr(worker, "HANDS", hands := tasks.Hands(2))
    worker._wake()
    assert sent == [by] * 2
    with hands.one():
        worker._wake()
        assert sent == [by] * 3
        with hands.one():
            worker._wake()
    assert sent == [by] * 3


def test_a_message_waits_for_a_hand() -> None:
    hands, held, order = tasks.Hands(1), threading.Event(), []

    def second() -> None:
        held.wait()
        with hands.one():
            order.append("second")

    waiting = threading.Thread(target=second)
    waiting.start()
    with hands.one():
        held.set()
        assert hands.free == 0
        waiting.join(0.05)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]
    assert hands.free == 1


def test_a_broker_that_took_no_word_is_left_alone_for_a_moment(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.CELERY_BROKER_URL = "amqp://away"
    now, tried = [100.0], []

    def fails() -> None:
        tried.append(now[0])
        raise BrokerError("no route")

    monkeypatch.setattr(wake, "send_drain", fails)
    monkeypatch.setattr(wake, "_PATIENCE", wake._Patience())
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    for now[0] in (100.0, 101.0, 109.9, 110.0, 111.0):
        wake.wake_worker()
    assert tried == [100.0, 110.0]


def test_a_broker_that_takes_the_call_and_never_speaks_keeps_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    options = {"connect_timeout": 0.1, "read_timeout": 0.1, "write_timeout": 0.1}
    with socket.create_server(("127.0.0.1", 0)) as mute:
        # Celery's own reading of the environment comes before what it is told.
        monkeypatch.setenv("CELERY_BROKER_URL", f"amqp://127.0.0.1:{mute.getsockname()[1]}//")
        app = Celery(set_as_current=False)
        app.conf.broker_transport_options = options
        monkeypatch.setattr(wake, "current_app", app)
        monkeypatch.setattr(wake, "has_broker", lambda: True)
        monkeypatch.setattr(wake, "_PATIENCE", wake._Patience())
        wake.wake_worker()
    assert "broker unreachable" in caplog.text


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
