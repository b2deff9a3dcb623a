"""A worker is killed in the middle of its work; after a restart everything is done, once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.jobs.machines import ROOT, Machine, machine, until

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

ROWS = 8_000
UPLOAD = f"""
from datetime import date
from riskassess.accounts.roles import Role
from riskassess.imports import services
from riskassess.jobs.services import drain
from tests.builders import make_person, make_unit
unit = make_unit("Procurement")
ana = make_person("Ana", (unit, Role.ASSESSOR))
lines = ["Provider,Model,Context limit,Input $/1M tokens"]
lines += [f"Vendor {{n % 50}},model-{{n}},{{1000 + n}},0.{{n:05d}}" for n in range({ROWS})]
batch = services.upload("\\n".join(lines).encode(), "catalog.csv", unit=unit, by=ana, stated_on=date(2026, 11, 24))
services.confirm_columns(batch, {{}}, by=ana)
drain()
batch.refresh_from_db()
services.request_apply(batch, by=ana)
print(batch.counts["new"])
"""


@pytest.mark.parametrize(("database", "broker"), MACHINES)
def test_an_import_survives_a_killed_worker_whole_or_not_at_all(
    tmp_path: Path, database: str, broker: str
) -> None:
    with machine(tmp_path, database, broker) as made:
        assert made.python(UPLOAD) == ROWS
        with made.worker() as kill:
            until(lambda: made.jobs("import_apply").get("running", 0) == 1)
            time.sleep(0.5)  # into the one transaction that writes the rows
            kill()
        [(half_way,)] = made.ask("SELECT COUNT(*) FROM catalog_offering")
        assert half_way in {0, ROWS}
        with made.worker():
            until(lambda: made.jobs("import_apply") == {"done": 1})
        assert made.ask("SELECT COUNT(*) FROM catalog_offering") == [(ROWS,)]
        assert made.ask("SELECT state FROM imports_batch") == [("applied",)]


@pytest.mark.parametrize(("database", "broker"), MACHINES)
def test_scoring_survives_a_killed_worker(tmp_path: Path, database: str, broker: str) -> None:
    with machine(tmp_path, database, broker) as made:
        assert made.python(SEED_ASSESSMENTS) == 60
        with made.worker() as kill:
            until(lambda: made.jobs("score").get("done", 0) > 0)
            kill()
        with made.worker():
            until(lambda: made.jobs("score") == {"done": 60})
        assert _scored(made) == (60, 60)


@pytest.mark.parametrize(("database", "broker"), MACHINES)
def test_two_workers_share_the_work_and_do_none_of_it_twice(
    tmp_path: Path, database: str, broker: str
) -> None:
    with machine(tmp_path, database, broker, lease=60) as made:
        made.python(SEED_ASSESSMENTS)
        with made.worker(), made.worker():
            until(lambda: made.jobs("score") == {"done": 60})
        assert _scored(made) == (60, 60)
        assert made.ask("SELECT MAX(attempts) FROM jobs_job") == [(1,)]


@pytest.mark.parametrize(("database", "broker"), MACHINES)
def test_a_worker_that_is_asked_to_end_ends_what_it_does_and_takes_no_more(
    tmp_path: Path, database: str, broker: str
) -> None:
    with machine(tmp_path, database, broker) as made:
        made.python(SEED_ASSESSMENTS)
        command = [sys.executable, "manage.py", "worker"]
        process = subprocess.Popen(command, cwd=ROOT, env=made.environment)
        try:
            until(lambda: made.jobs("score").get("done", 0) > 0)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()  # nothing, once it has ended
        left = made.jobs("score")
        assert set(left) <= {"done", "queued"}
        with made.worker():
            until(lambda: made.jobs("score") == {"done": 60})
        assert made.ask("SELECT MAX(attempts) FROM jobs_job WHERE kind='score'") == [(1,)]


def _scored(made: Machine) -> tuple[int, int]:
    """How many runs there are, and how many assessments have one."""
    [(runs,)] = made.ask("SELECT COUNT(*) FROM assessments_scorerun")
    [(scored,)] = made.ask("SELECT COUNT(*) FROM assessments_assessment WHERE current_run_id IS NOT NULL")
    return runs, scored
