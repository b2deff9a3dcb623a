"""The database is restarted in the middle of a transaction, and drops its connections, while people work."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults import FULL, only_in_full, told
from tests.faults.clients import at_work
from tests.faults.houses import SOON, House, Moulds
from tests.faults.servers import drop_connections, own_postgres
from tests.faults.work import MANY_SCORES, ONE_IMPORT, PEOPLE
from tests.jobs.machines import BROKERS, POSTGRES, needs, until

pytestmark = pytest.mark.services

ROWS = 4_000 if FULL else 1_500
SCORES = 60 if FULL else 8
CRASHES = 5 if FULL else 1
SECONDS_OF_DROPPING = 60.0 if FULL else 4.0


@only_in_full
def test_a_database_that_crashes_in_a_transaction_loses_nothing(moulds: Moulds, tmp_path: Path) -> None:
    with (
        own_postgres() as server,
        moulds.house(tmp_path / "house", "postgres", server=server.url, **SOON) as house,
    ):
        house.run(PEOPLE + ONE_IMPORT.format(rows=ROWS))
        house.run(PEOPLE + MANY_SCORES.format(count=SCORES))
        workers = [house.start("worker"), house.start("worker")]
        crashed = 0
        while crashed < CRASHES and _applying(house):
            server.crash(away=0.5)
            crashed += 1
            [(written,)] = house.ask("SELECT COUNT(*) FROM catalog_offering WHERE slug NOT LIKE 'offering-%'")
            assert written in {0, ROWS}
        until(lambda: house.unfinished("'import_apply', 'score'") == 0)
        assert house.ask("SELECT state FROM imports_batch") == [("applied",)]
        runs, offerings = house.ask(
            "SELECT COUNT(*) FROM assessments_scorerun UNION ALL "
            "SELECT COUNT(*) FROM catalog_offering WHERE slug NOT LIKE 'offering-%'"
        )
        assert (runs, offerings) == ((SCORES,), (ROWS,))
        house.kill(*workers)
        assert house.problems() == []
        told(
            "PostgreSQL crashed in a transaction", crashes=crashed, jobs_accepted=SCORES + 2,
            jobs_finished=SCORES + 2, done_twice=0, half_written=0, workers_lost=0,
        )  # fmt: skip


def _applying(house: House) -> bool:
    """Waits until the rows of an import are being written; False when that is over."""
    in_a_transaction = (
        "SELECT COUNT(*) FROM pg_stat_activity WHERE state <> 'idle' AND query LIKE '%catalog_offering%'"
    )
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if house.ask("SELECT 1 FROM imports_batch WHERE state = 'applied'"):
            return False
        if house.ask(f"{in_a_transaction} AND pid <> pg_backend_pid()") != [(0,)]:
            return True
        time.sleep(0.01)
    return False


@only_in_full
def test_two_web_processes_and_two_workers_lose_nothing_when_connections_drop(
    moulds: Moulds, tmp_path: Path
) -> None:
    needs("postgres", "redis")
    redis = BROKERS["redis"]
    with moulds.house(tmp_path / "house", "postgres", redis, CACHE_URL=redis, **SOON) as house:
        house.web(processes=2)
        house.start("worker")
        house.start("worker")
        with at_work(house, people=3) as people:
            end, dropped = time.monotonic() + SECONDS_OF_DROPPING, 0
            while time.monotonic() < end:
                dropped += drop_connections(
                    POSTGRES, urlsplit(house.machine.environment["DATABASE_URL"]).path[1:]
                )
                time.sleep(0.4)
        until(lambda: house.unfinished(people.kinds) == 0)
        people.find_all_of_it()
        told(f"{dropped} connections dropped, two web processes, two workers", **people.counts())
