"""Installations for stories about faults: databases made once and copied, processes out of a nursery."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.jobs.machines import POSTGRES, ROOT, Machine, until

PATIENT = {"JOB_MAX_ATTEMPTS": "1000", "API_RATE": "off", "JOB_LEASE_SECONDS": "20", "REMINDERS": "no"}
"""Settings of an installation whose workers die all the time: that is no fault of its jobs. On a machine that does
much else beside, a living worker may be slow to say that it lives."""
SOON = {"JOB_LEASE_SECONDS": "4"}
"""Where jobs are to be taken up while the story goes on, and may be taken from one who is slow."""


class House:
    """One installation; its processes are started, killed and asked here."""

    def __init__(
        self, folder: Path, database: str, broker: str = "memory://localhost", **settings: str
    ) -> None:
        self.machine = Machine(folder, database, "memory")
        self.folder = folder
        self.machine.environment |= PATIENT | {"CELERY_BROKER_URL": broker} | settings
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"], cwd=ROOT, env=self.machine.environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(folder / "nursery.log").open("wb"), text=True,
        )  # fmt: skip
        self._talk = threading.Lock()
        self._alive: set[int] = set()
        self.port = free_port()

    def start(self, do: str, log: str = "", **asked: Any) -> int:
        """Forks a process that is a `worker` or `web`; its id. `clock` and `most_bytes` are told by the nursery."""
        about = {name: asked.pop(name) for name in ("clock", "most_bytes") if name in asked}
        wish = {"do": do, "with": asked, "log": str(self.folder / f"{log or do}.log"), **about}
        pid = self._ask(wish)
        self._alive.add(pid)
        return pid

    def web(self, processes: int = 1, **about: Any) -> int:
        return self.start("web", port=self.port, processes=processes, **about)

    def run(self, code: str, **about: Any) -> Any:
        """What the code leaves in `result`; None where its process died."""
        out = self.folder / f"{uuid.uuid4().hex}.json"
        pid = self.start("code", text=code, out=str(out), **about)
        status = self.ended(pid)
        assert status in {0, -signal.SIGKILL}, (self.folder / "code.log").read_text()[-3000:]
        return json.loads(out.read_text()) if status == 0 else None

    def ended(self, pid: int) -> int:
        """Waits for a process; its exit code, or minus the signal that ended it."""
        status = self._ask({"wait": pid})
        self._alive.discard(pid)
        return status

    def kill(self, *pids: int) -> None:
        """All of them at once, as a power cut would."""
        for pid in pids:
            os.killpg(pid, signal.SIGKILL)
        for pid in pids:
            self.ended(pid)
        # Who was just taking a file away ends that before it dies, and may do so after the first of its group.
        until(lambda: not _alive_in(pids))

    def close(self) -> None:
        self.kill(*self._alive)
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(30)

    def _ask(self, wish: dict[str, Any]) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        with self._talk:
            print(json.dumps(wish), file=self._nursery.stdin, flush=True)
            return int(self._nursery.stdout.readline())

    # -- what stands in the database ---------------------------------------------------------------------

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        return self.machine.ask(query)

    def unfinished(self, kinds: str = "") -> int:
        """Jobs that are not over, of these kinds (as SQL lists them) or of any."""
        only = f" AND kind IN ({kinds})" if kinds else ""
        [(count,)] = self.ask(f"SELECT COUNT(*) FROM jobs_job WHERE state IN ('queued', 'running'){only}")
        return int(count)

    def problems(self) -> list[str]:
        """All that is not as it must be; see `invariants`."""
        return list(
            self.run("from tests.faults.invariants import problems\nresult = problems()", log="check")
        )


def _alive_in(groups: Collection[int]) -> bool:
    """Whether a process of these groups still does anything; one that is dead and not yet fetched does not."""
    for told in Path("/proc").glob("[0-9]*/stat"):  # nothing where the system has none
        try:
            state, _parent, group, *_ = told.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just gone
        if int(group) in groups and state not in "ZX":
            return True
    return False


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Moulds:
    """Migrated databases without a record, made once and copied for each story."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names: dict[str, str] = {}

    @contextmanager
    def house(
        self,
        folder: Path,
        database: str,
        broker: str = "memory://localhost",
        server: str = POSTGRES,
        **settings: str,
    ) -> Iterator[House]:
        """A fresh installation on "sqlite", or on "postgres" at `server`."""
        folder.mkdir(exist_ok=True)
        if database == "sqlite":
            shutil.copy(self._sqlite(), folder / "db.sqlite3")
            with _opened(House(folder, f"sqlite:///{folder / 'db.sqlite3'}", broker, **settings)) as made:
                yield made
            return
        base = server.rsplit("/", 1)[0]
        name = f"riskassess_fault_{uuid.uuid4().hex[:12]}"
        mould = self._postgres(server)
        with psycopg.connect(server, autocommit=True) as asked:
            asked.execute(f'CREATE DATABASE "{name}" TEMPLATE "{mould}"')  # type: ignore[arg-type]
        try:
            with _opened(House(folder, f"{base}/{name}", broker, **settings)) as made:
                yield made
        finally:
            _drop(server, name)
            if server != POSTGRES:  # a story's own, which ends with it
                self.forget(server)

    def _sqlite(self) -> Path:
        made = self.folder / "db.sqlite3"
        if not made.exists():
            growing = self.folder / "growing.sqlite3"
            _migrate(self.folder, f"sqlite:///{growing}")
            growing.rename(made)
        return made

    def _postgres(self, server: str) -> str:
        if server not in self._names:
            name = f"riskassess_mould_{uuid.uuid4().hex[:12]}"
            with psycopg.connect(server, autocommit=True) as asked:
                asked.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
            self._names[server] = name
            _migrate(self.folder, f"{server.rsplit('/', 1)[0]}/{name}")
        return self._names[server]

    def forget(self, server: str) -> None:
        if name := self._names.pop(server, ""):
            _drop(server, name)

    def forget_all(self) -> None:
        for server in list(self._names):
            self.forget(server)


def _migrate(folder: Path, database: str) -> None:
    environment = Machine(folder, database, "memory").environment
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@contextmanager
def _opened(house: House) -> Iterator[House]:
    try:
        yield house
    finally:
        house.close()
        house.machine.forget_queue()


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as asked:
        asked.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]
