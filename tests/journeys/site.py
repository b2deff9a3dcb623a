"""The site as it runs: a fresh installation with the founding briefing, served with its worker beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.jobs.machines import ROOT, Machine, until

PASSWORD = "a long enough secret"
PEOPLE = {name: f"{name}@example.com" for name in ("ana", "ben", "cleo", "dora", "hana")}

# The briefing, scored; one assessment waits for an approver.
SEED = f"""
import json
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.assessments.services import request_score, submit
from riskassess.home.demo.loading import load_all
from riskassess.jobs.services import drain
load_all({PASSWORD!r})
for assessment in Assessment.objects.all():
    request_score(assessment, by=None)
submitted = Assessment.objects.get(use_case="Clinical decision support in the US")
ana = User.objects.get(email="ana@example.com")
submit(submitted, by=ana)
from django.utils import timezone
from riskassess.questionnaires.asked import question_for_key
from riskassess.questionnaires.links import link_of
from riskassess.questionnaires.models import Inquiry
from riskassess.questionnaires.services import Contact, draft, send
from riskassess.reports.asking import who_knows
late = draft(
    who_knows(submitted.offering), submitted.unit, [question_for_key("DAT-TRN")], by=ana,
    contact=Contact("Lena Late"), offering=submitted.offering, assessment=submitted,
)
send(late, by=ana)
Inquiry.objects.filter(pk=late.pk).update(expires_at=timezone.now())
drain()
print(json.dumps([submitted.pk, late.pk, "/ask/" + link_of(late).split("/ask/")[1]]))
"""


@dataclass(frozen=True)
class Site:
    """Where it answers, and what stands in it before anybody came."""

    url: str
    submitted: int  # an assessment that waits for an approver
    late: int  # an inquiry about it whose link has expired
    late_link: str


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """The site on a port of its own, for as long as the block runs."""
    machine = Machine(folder, f"sqlite:///{folder / 'db.sqlite3'}", "memory", lease=30)
    seeded = machine.python(SEED)
    port = _free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with (folder / "site.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=machine.environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            until(lambda: _answers(port) or process.poll() is not None)
            assert process.poll() is None, (folder / "site.log").read_text()
            yield Site(f"http://127.0.0.1:{port}", *seeded)
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # all of it goes: nothing is worth a tidy end
            process.wait(10)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
