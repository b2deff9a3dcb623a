"""Servers of a story's own, which it may stop, empty and start again; the machine's own are left alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis
from kombu import Connection

from tests.faults.houses import free_port
from tests.jobs.machines import until

RABBIT = (
    "/usr/lib/rabbitmq/bin/rabbitmq-server"  # what the package's own starter runs, without its change of user
)


def _program(name: str) -> str:
    """Where a program is; skips the story where there is none, and fails it in CI."""
    for place in (shutil.which(name), *map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))):
        if place and Path(place).exists():
            return place
    reason = f"{name} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class OwnPostgres:
    """A cluster of its own. `crash` ends all sessions in the middle of what they do, and starts it again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.control = _program("pg_ctl")
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(folder, self.user)
        self._do(_program("initdb"), "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "--no-sync")
        self._control("start")

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def crash(self, away: float = 0.0) -> None:
        self._control("stop")
        time.sleep(away)
        self._control("start")

    def _control(self, what: str) -> None:
        how = ["-m", "immediate"] if what == "stop" else ["-l", f"{self.folder}/log", "-o",
               f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"]  # fmt: skip
        self._do(self.control, "-D", f"{self.folder}/data", "-w", "-t", "180", *how, what)

    def _do(self, *command: str) -> None:
        subprocess.run(command, check=True, user=self.user, cwd=self.folder, stdout=subprocess.DEVNULL)


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    with tempfile.TemporaryDirectory(prefix="riskassess-pg-") as folder:
        Path(folder).chmod(0o755)
        made = OwnPostgres(Path(folder))
        try:
            yield made
        finally:
            made._control("stop")


class OwnRedis:
    """A broker that keeps nothing on disk: stopped, it has forgotten all."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.program = _program("redis-server")
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            cwd=self.folder, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        until(self._answers)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    @contextmanager
    def hung(self) -> Iterator[None]:
        """Takes every call, and answers none, while the block runs."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def empty(self) -> None:
        with redis.Redis(port=self.port) as server:
            server.flushall()

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port) as server:
                return bool(server.ping())
        except redis.RedisError:
            return False


class OwnRabbit:
    """A node of its own; what it kept is thrown away each time it stops."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        _program(RABBIT)
        self.start()

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        about = {
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"story{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "kept"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
        }
        self.process = subprocess.Popen(
            [RABBIT], cwd=self.folder, env={**os.environ, **about}, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until(self._answers)

    def stop(self) -> None:
        os.killpg(self.process.pid, 9)
        self.process.wait()
        until(lambda: not self._answers())
        shutil.rmtree(self.folder / "kept", ignore_errors=True)

    @contextmanager
    def hung(self) -> Iterator[None]:
        """Takes every call, and answers none, while the block runs."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)

    def empty(self) -> None:
        self.stop()
        self.start()

    def _answers(self) -> bool:
        try:
            with Connection(self.url, connect_timeout=5) as broker:
                broker.ensure_connection(max_retries=1, timeout=5)
                return True
        except Exception as error:  # kombu tells of a node that still starts in many ways
            del error
            return False


@contextmanager
def own_broker(kind: str) -> Iterator[OwnRedis | OwnRabbit]:
    with tempfile.TemporaryDirectory(prefix="riskassess-broker-") as folder:
        made = {"redis": OwnRedis, "rabbitmq": OwnRabbit}[kind](Path(folder))
        try:
            yield made
        finally:
            made.stop()


def drop_connections(server: str, database: str) -> int:
    """Ends all sessions in that database, whatever they do; how many there were."""
    with psycopg.connect(server, autocommit=True) as asked:
        asked_for = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
        found = asked.execute(asked_for, [database]).fetchone()
    return int(found[0]) if found else 0
