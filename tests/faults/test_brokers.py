"""A broker that is restarted and has forgotten everything; messages that come three times."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import FULL, only_in_full, told
from tests.faults.houses import House, Moulds
from tests.faults.servers import own_broker
from tests.faults.work import MANY_SCORES, PEOPLE
from tests.jobs.machines import BROKERS, needs, until

pytestmark = pytest.mark.services

JOBS = 60 if FULL else 12
SCORES = "'score'"


def scored(house: House) -> tuple[int, int, int]:
    """Score jobs that are done, runs, and the most attempts that one of the jobs took."""
    [(done, attempts)] = house.ask(
        "SELECT COUNT(*), MAX(attempts) FROM jobs_job WHERE kind='score' AND state='done'"
    )
    [(runs,)] = house.ask("SELECT COUNT(*) FROM assessments_scorerun")
    return done, runs, attempts


@only_in_full
@pytest.mark.parametrize("kind", ["redis", *(["rabbitmq"] if FULL else [])])
def test_a_broker_that_forgets_everything_loses_no_job_and_no_worker(
    moulds: Moulds, tmp_path: Path, kind: str
) -> None:
    needs("postgres")
    many = PEOPLE + MANY_SCORES.format(count=JOBS)
    with own_broker(kind) as broker, moulds.house(tmp_path / "house", "postgres", broker.url) as house:
        workers = [house.start("worker"), house.start("worker")]
        house.run(many)
        broker.empty()
        house.run(many)
        broker.stop()
        house.run(many)  # accepted while there is no broker: the web says so in its log, and goes on
        broker.start()
        house.run(many)
        until(lambda: house.unfinished(SCORES) == 0)
        assert scored(house) == (4 * JOBS, 4 * JOBS, 1)
        house.kill(*workers)
        assert house.problems() == []
        told(
            f"{kind}, emptied, stopped, started", jobs_accepted=4 * JOBS, jobs_finished=4 * JOBS,
            done_twice=0, half_written=0, workers_lost=0,
        )  # fmt: skip


@only_in_full
@pytest.mark.parametrize("kind", ["redis", *(["rabbitmq"] if FULL else [])])
def test_a_broker_that_hangs_holds_up_no_job(moulds: Moulds, tmp_path: Path, kind: str) -> None:
    """Its machine is paused or its network swallows all: connections stand, and nothing comes back."""
    needs("postgres")
    many = PEOPLE + MANY_SCORES.format(count=JOBS)
    with own_broker(kind) as broker, moulds.house(tmp_path / "house", "postgres", broker.url) as house:
        workers = [house.start("worker"), house.start("worker")]
        house.run(many)
        with broker.hung():
            house.run(many)
            until(lambda: house.unfinished(SCORES) == 0)
        house.run(many)
        until(lambda: house.unfinished(SCORES) == 0)
        assert scored(house) == (3 * JOBS, 3 * JOBS, 1)
        house.kill(*workers)
        assert house.problems() == []
        told(f"{kind}, hung", jobs_accepted=3 * JOBS, jobs_finished=3 * JOBS, done_twice=0, half_written=0)


def test_a_message_that_comes_three_times_does_nothing_three_times(moulds: Moulds, tmp_path: Path) -> None:
    needs("postgres", "redis")
    thrice = """
from riskassess.jobs.wake import send_drain
for _ in range(3 * Job.objects.count()):
    send_drain()
for job in Job.objects.filter(kind="score"):
    for _ in range(3):  # and what asks for it, too
        from riskassess.jobs.services import enqueue
        enqueue(job.kind, job.arguments, key=job.idempotency_key, unit=unit, by=ana)
"""
    with moulds.house(tmp_path / "house", "postgres", BROKERS["redis"]) as house:
        workers = [house.start("worker"), house.start("worker")]
        house.run(PEOPLE + MANY_SCORES.format(count=JOBS) + thrice)
        until(lambda: house.unfinished(SCORES) == 0)
        assert scored(house) == (JOBS, JOBS, 1)
        house.kill(*workers)
        assert house.problems() == []
        told("each message three times", jobs_accepted=JOBS, jobs_finished=JOBS, done_twice=0, half_written=0)
