"""A worker is killed in the middle of its work; after a restart everything is done, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs.machines import Machine, machine, until

pytestmark = pytest.mark.services

MACHINES = [("sqlite", "memory"), ("postgres", "redis"), ("postgres", "rabbitmq")]

SEED_ASSESSMENTS = """
from datetime import date
from riskassess.accounts.models import BusinessUnit, Membership, User
from riskassess.assessments import services
from tests.builders import make_offering, make_person, make_unit
from riskassess.accounts.roles import Role
unit = make_unit("Procurement")
ana = make_person("Ana", (unit, Role.ASSESSOR))
for number in range(60):
    services.start(make_offering(stage="ga"), unit, f"Use {number}", by=ana, on=date(2026, 11, 24))
print(60)
"""
COUNT = """
import json
from django.db.models import Count
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.jobs.models import Job
states = dict(Job.objects.values_list("state").annotate(Count("pk")))
print(json.dumps({"jobs": states, "runs": ScoreRun.objects.count(),
    "scored": Assessment.objects.filter(current_run__isnull=False).count(),
    "again": Job.objects.filter(attempts__gt=1).count()}))
"""


@pytest.mark.parametrize(("database", "broker"), MACHINES)
def test_scoring_survives_a_killed_worker(tmp_path: Path, database: str, broker: str) -> None:
    with machine(tmp_path, database, broker) as made:
        assert made.python(SEED_ASSESSMENTS) == 60
        with made.worker() as kill:
            until(lambda: made.python(COUNT)["jobs"].get("done", 0) > 0)
            kill()
        after_crash = made.python(COUNT)
        with made.worker():
            until(lambda: made.python(COUNT)["jobs"] == {"done": 60})
        finished = made.python(COUNT)
        assert finished["runs"] == finished["scored"] == 60, after_crash


@pytest.mark.parametrize(("database", "broker"), MACHINES)
def test_two_workers_share_the_work_and_do_none_of_it_twice(tmp_path: Path, database: str, broker: str) -> None:
    with machine(tmp_path, database, broker) as made:
        made.python(SEED_ASSESSMENTS)
        with made.worker(), made.worker():
            until(lambda: made.python(COUNT)["jobs"] == {"done": 60})
        finished = made.python(COUNT)
        assert (finished["runs"], finished["again"]) == (60, 0)


def test_the_worker_ends_cleanly_when_asked(tmp_path: Path) -> None:
    with machine(tmp_path, "sqlite", "memory") as made:
        _ends_cleanly(made)


def _ends_cleanly(made: Machine) -> None:
    import signal
    import subprocess
    import sys

    from tests.jobs.machines import ROOT

    process = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=made.environment)
    made.python(SEED_ASSESSMENTS)
    until(lambda: made.python(COUNT)["jobs"].get("done", 0) == 60)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
