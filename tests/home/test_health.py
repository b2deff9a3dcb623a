"""What load balancers ask, signed in as nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from config import health
from riskassess.jobs.models import Job
from tests.builders import make_job


def test_a_process_that_answers_is_alive(client: Client) -> None:
    assert client.get("/health/live/").json() == {
        "status": "alive"
    }  # and asks no database: none is allowed here


def test_probes_are_not_sent_elsewhere(client: Client, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/health/live/").status_code == 200
    assert Client().get("/account/login/").status_code == 301


def test_one_with_its_database_is_ready_and_says_how_long_work_waits(client: Client, db: None) -> None:
    assert client.get("/health/ready/").json() == {"status": "ready", "oldest_waiting_seconds": 0.0}

    make_job(None, run_after=timezone.now() - timedelta(minutes=2))
    assert Job.objects.count() == 1
    answer = client.get("/health/ready/")
    assert answer.status_code == 200
    assert 119 < answer.json()["oldest_waiting_seconds"] < 180


def test_one_whose_database_is_of_another_release_or_gone_is_not(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> bool:
        raise OperationalError("no")

    monkeypatch.setattr(health, "_schema_is_this_releases", lambda: False)
    assert client.get("/health/ready/").status_code == 503
    monkeypatch.setattr(health, "_schema_is_this_releases", gone)
    assert client.get("/health/ready/").json()["because"] == "the database does not answer"
