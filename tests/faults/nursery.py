"""A process that has loaded everything and forks others: each is a real one, and is born in a moment.

It reads one wish a line and answers each with one line. What it forks leads a process group of its own, so that a
kill takes all of it, as a power cut would.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import traceback
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.storage import storages  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import get_resolver  # noqa: E402
from django.utils import timezone  # noqa: E402

from riskassess.accounts import once  # noqa: E402
from riskassess.imports.reading import open_upload  # noqa: E402
from riskassess.imports.understanding import understood  # noqa: E402


class DiesAt:
    """Kills this process at its n-th point: before each statement, around each commit, around each kept file."""

    def __init__(self, number: int) -> None:
        self.left, self.passed = number, 0
        connection.execute_wrappers.append(self._statement)
        store: Any = storages["default"]
        commit, save = connection._commit, store._save

        def around_commit() -> Any:
            self.point()
            done = commit()
            self.point()
            return done

        def around_file(name: str, content: Any) -> str:
            self.point()
            kept = save(name, content)
            self.point()
            return str(kept)

        connection._commit = around_commit  # type: ignore[method-assign]
        store._save = around_file

    def point(self) -> None:
        self.passed += 1
        if self.passed == self.left:
            os.kill(os.getpid(), signal.SIGKILL)

    def _statement(self, execute: Any, *asked: Any) -> Any:
        self.point()
        return execute(*asked)


def _clock(file: str) -> None:
    """This process's clock is as many seconds off as the file says, from one moment to the next."""
    true_now = timezone.now
    timezone.now = lambda: true_now() + timedelta(seconds=float(Path(file).read_text() or 0))  # type: ignore[assignment]


def _worker() -> None:
    call_command("worker")


def _web(port: int, processes: int) -> None:
    from gunicorn.app.wsgiapp import run

    sys.argv = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
                "--threads", "4", "--workers", str(processes), "--log-level", "warning"]  # fmt: skip
    run()


def _code(text: str, out: str, dies_at: int = 0) -> None:
    """Runs `text`; what it leaves in `result` is written down, and how many points it passed where it is to die."""
    known: dict[str, Any] = {"dies": DiesAt(dies_at) if dies_at else None}
    exec(text, known)
    Path(out).write_text(json.dumps(known.get("result")))


def _become(asked: dict[str, Any]) -> None:
    os.setsid()
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    once.AT_WORK_FOR = timedelta(seconds=3)  # a request whose process died is taken over sooner than in life
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    if clock := asked.get("clock"):
        _clock(clock)
    if most := asked.get("most_bytes"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    status = 1
    try:
        {"worker": _worker, "web": _web, "code": _code}[asked["do"]](**asked["with"])
        status = 0
    except SystemExit as end:
        status = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def _load() -> None:
    """Everything is loaded before the first one is born, and what a sheet's reader remembers of words is remembered."""
    get_resolver().url_patterns  # noqa: B018
    for module in ("weasyprint", "tests.builders", "tests.faults.invariants"):
        import_module(module)
    lines = ["Provider,Model,Context limit,Input $/1M tokens"] + ["Vendor 1,model1,1000,0.00001"] * 12
    understood(open_upload("\n".join(lines).encode(), "list.csv"))


def main() -> None:
    _load()
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            answer = os.waitstatus_to_exitcode(os.waitpid(asked["wait"], 0)[1])
        elif (answer := os.fork()) == 0:
            _become(asked)
        print(answer, flush=True)


if __name__ == "__main__":
    main()
