"""Site and worker together: one command, two processes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

LOOK_EVERY = 0.5
STOP_WITHIN = 10.0


class Command(BaseCommand):
    help = "Serves the site and runs a worker beside it, until Ctrl-C. Each is started again if it dies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=4, help="requests at once")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        address = f"{options['host']}:{options['port']}"
        commands = {
            "web": [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi", "--bind", address,
                    "--workers", "1", "--threads", str(options["threads"]), "--log-level", "warning"],
            "worker": [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "worker"],
        }  # fmt: skip
        self.stdout.write(f"Serving on http://{address}/ (Ctrl-C stops site and worker)")
        if not Family(commands).live():
            raise CommandError(f"The site stopped at once. Is port {options['port']} free? Try --port.")


class Family:
    """A few processes that live together: one that dies is started again, all end together."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def live(self) -> bool:
        """Runs until a signal asks to stop; False when a process would not even start."""
        for wish in (signal.SIGINT, signal.SIGTERM):
            signal.signal(wish, self._stop)
        deaths = 0
        started = time.monotonic()
        try:
            while not self.stopping:
                for name, command in self.commands.items():
                    child = self.children.get(name)
                    if child is None or child.poll() is not None:
                        deaths += child is not None
                        if deaths > 2 and time.monotonic() - started < 10:
                            return False
                        self.children[name] = subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603
                time.sleep(LOOK_EVERY)
        finally:
            self._end()
        return True

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> None:
        for child in self.children.values():
            child.terminate()
        until = time.monotonic() + STOP_WITHIN
        for child in self.children.values():
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
