"""Real machines for stories about crashes: a database of its own, a broker, workers that can be killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from kombu import Connection

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
BROKERS = {
    "memory": "memory://localhost",
    "redis": os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/14"),
    "rabbitmq": os.environ.get("TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//"),
}
PORTS = {"postgres": 5432, "redis": 6379, "rabbitmq": 5672}


def needs(*services: str) -> None:
    """Skips the test where a service is missing; in CI a missing service fails it."""
    for service in services:
        if service in PORTS and not _answers(PORTS[service]):
            reason = f"{service} does not answer on port {PORTS[service]}"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except OSError:
        return False


class Machine:
    """One installation: settings in the environment, commands as processes of their own."""

    def __init__(self, folder: Path, database: str, broker: str, lease: int = 2) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "RISKASSESS_VAR": str(folder),
            "DATABASE_URL": database,
            "CELERY_BROKER_URL": BROKERS[broker],
            "CELERY_QUEUE": f"story-{uuid.uuid4().hex[:12]}",
            "JOB_LEASE_SECONDS": str(lease),
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(ROOT),
        }

    def manage(self, *arguments: str) -> str:
        """Runs a management command to its end; its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def python(self, code: str) -> Any:
        """Runs code inside Django; what it prints last, read as JSON."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.strip().splitlines()[-1])

    def start(self, code: str) -> subprocess.Popen[str]:
        """The same in a process that runs beside others."""
        return subprocess.Popen(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def forget_queue(self) -> None:
        """A broker outlives the story; what was asked in it does not."""
        if not (url := self.environment["CELERY_BROKER_URL"]).startswith("memory:"):
            with Connection(url) as broker:
                broker.default_channel.queue_delete(self.environment["CELERY_QUEUE"])

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, asked of the database directly: quick enough to ask again and again."""
        url = self.environment["DATABASE_URL"]
        if url.startswith("sqlite:///"):
            with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=10) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(url) as server:
            return server.execute(query).fetchall()  # type: ignore[arg-type]

    def jobs(self, kind: str) -> dict[str, int]:
        """How many jobs of that kind stand in which state; workers find work of their own beside them."""
        counted = f"SELECT state, COUNT(*) FROM jobs_job WHERE kind = '{kind}' GROUP BY state"
        return dict(self.ask(counted))  # type: ignore[arg-type]

    @contextmanager
    def worker(self) -> Iterator[Callable[[], None]]:
        """A worker process; calling what is given kills it as a power cut would."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=ROOT, env=self.environment, start_new_session=True
        )

        def kill() -> None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

        try:
            yield kill
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    kill()


@contextmanager
def machine(folder: Path, database: str, broker: str, lease: int = 2) -> Iterator[Machine]:
    """A fresh, migrated installation on `database` ("sqlite" or "postgres") and `broker`."""
    needs(database, broker)
    if database == "sqlite":
        made = Machine(folder, f"sqlite:///{folder / 'db.sqlite3'}", broker, lease)
        made.manage("migrate", "--verbosity", "0")
        try:
            yield made
        finally:
            made.forget_queue()
        return
    name = f"riskassess_story_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        try:
            made = Machine(folder, f"{POSTGRES.rsplit('/', 1)[0]}/{name}", broker, lease)
            made.manage("migrate", "--verbosity", "0")
            try:
                yield made
            finally:
                made.forget_queue()
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def until(true: Callable[[], bool], seconds: float = 180) -> None:
    """Waits until `true()`; fails the test when it takes far longer than a busy machine would."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)
