"""A worker is killed at each step of its work: before each statement, around each commit, around each file."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.faults import FULL, told
from tests.faults.houses import House, Moulds
from tests.faults.work import PEOPLE
from tests.jobs.machines import needs

pytestmark = pytest.mark.services

ROWS = 12
TRIED = 3  # steps that `make test` tries of each kind of work
NEVER = 10**9

# What asks for the work (the job's id), what the worker does of it, and what there must be in the end.
WORK = {
    "import_preview": (
        "batch = new_sheet(ROWS, f'p{Job.objects.count():05d}'); batch.refresh_from_db(); job = batch.job_id",
        "Batch.objects.get(job=job).state == 'previewed' and Batch.objects.get(job=job).counts['new'] == ROWS",
    ),
    "import_apply": (
        ("batch = new_sheet(ROWS, f'a{Job.objects.count():05d}'); drain(); batch.refresh_from_db(); "
        "job = imports.request_apply(batch, by=ana).pk"),
        ("Batch.objects.get(job=job).state == 'applied' and Offering.objects.filter(model__name__startswith="
        "Batch.objects.get(job=job).file_name[:-4]).count() == ROWS"),
    ),
    "score": (
        "one = new_assessment(); job = Job.objects.latest('created_at').pk",
        "ScoreRun.objects.filter(assessment=Job.objects.get(pk=job).arguments['assessment']).count() == 1",
    ),
    "report": (
        ("one = new_assessment(); drain(); one.refresh_from_db(); "
        "job = request_report(one.current_run, 'xlsx', by=ana)[1].pk"),
        "ReportFile.objects.get(job=job).file.size > 1000",
    ),
}  # fmt: skip

EVERY = [(kind, database) for kind in WORK for database in ("sqlite", "postgres")]
SOME = [("import_preview", "sqlite")]

PREPARE = """
ROWS = {rows}
from riskassess.imports.models import Batch
{ask}
result = str(job)
"""
DO = """
drain()
result = dies.passed
"""
RECOVER = """
from uuid import UUID
from riskassess.catalog.models import Offering
from riskassess.imports.models import Batch
from riskassess.reports.models import ReportFile
ROWS, job = {rows}, UUID("{job}")
halfway = Job.objects.get(pk=job).state
leases_run_out()
drain()
done = Job.objects.get(pk=job)
result = [halfway, done.state, done.attempts, bool({holds})]
"""


@pytest.mark.parametrize(("kind", "database"), EVERY if FULL else SOME)
def test_what_a_killed_worker_left_is_done_once_whichever_step_it_died_at(
    moulds: Moulds, tmp_path: Path, kind: str, database: str
) -> None:
    needs(database)
    with moulds.house(tmp_path / "house", database) as house:
        steps = tried = again = 0
        for _ in range(2):  # the second finds the vendors of the first there, as all that come later do
            asked = _asked_for(house, kind)
            steps = house.run(PEOPLE + DO, dies_at=NEVER)
            assert _recovered(house, kind, asked) == ["done", "done", 1, True]
        for step in _tried(steps):
            asked = _asked_for(house, kind)
            passed = house.run(PEOPLE + DO, dies_at=step)
            if passed is not None:  # it came to its end: all that it does has been tried
                assert passed < step
                assert _recovered(house, kind, asked) == ["done", "done", 1, True]
                break
            tried += 1
            halfway, state, attempts, holds = _recovered(house, kind, asked)
            assert (state, holds) == ("done", True), f"killed at step {step} of {steps}: {state}"
            assert attempts == (1 if halfway in {"queued", "done"} else 2), (
                f"killed at step {step} of {steps}"
            )
            again += attempts == 2
        jobs = house.ask(f"SELECT state FROM jobs_job WHERE kind = '{kind}'")
        assert house.unfinished() == 0
        assert house.problems() == []
        told(
            f"{kind} on {database}, killed at each step", steps=steps, killed=tried, taken_up_again=again,
            jobs_accepted=len(jobs), jobs_finished=len(jobs), done_twice=0, half_written=0,
        )  # fmt: skip


def _asked_for(house: House, kind: str) -> str:
    ask, _ = WORK[kind]
    return str(house.run(PEOPLE + PREPARE.format(rows=ROWS, ask=ask)))


def _recovered(house: House, kind: str, job: str) -> list[object]:
    _, holds = WORK[kind]
    return list(house.run(PEOPLE + RECOVER.format(rows=ROWS, job=job, holds=holds)))


def _tried(steps: int) -> Iterable[int]:
    """Each step, until one does not come; in `make test` a few of those that there were."""
    if FULL:
        return itertools.count(1)
    return sorted(random.Random(steps).sample(range(1, steps + 1), min(TRIED, steps)))
