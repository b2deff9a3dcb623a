"""Clocks that jump by hours, and differ between machines: no work is lost, none is done twice."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from tests.faults import FULL, only_in_full, told
from tests.faults.houses import Moulds
from tests.faults.test_brokers import scored
from tests.faults.work import MANY_SCORES, PEOPLE
from tests.jobs.machines import needs, until

pytestmark = pytest.mark.services

JOBS = 60 if FULL else 10
HOUR = 3600
SCORES = "'score'"


@only_in_full
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_jumps_of_hours_lose_no_job_and_double_none(moulds: Moulds, tmp_path: Path, database: str) -> None:
    needs(database)
    clocks = [tmp_path / "one", tmp_path / "two"]
    for clock in clocks:
        clock.write_text("0")
    jumps = itertools.cycle(
        [(5 * HOUR, -5 * HOUR), (-7 * HOUR, 0), (0, 30 * HOUR), (-HOUR, -9 * HOUR), (0, 0)]
    )
    with moulds.house(tmp_path / "house", database) as house:
        workers = [house.start("worker", clock=str(clock)) for clock in clocks]
        asked = 0
        for jump in itertools.islice(jumps, 10 if FULL else 3):
            for clock, seconds in zip(clocks, jump, strict=True):
                clock.write_text(str(seconds))
            house.run(PEOPLE + MANY_SCORES.format(count=JOBS), clock=str(clocks[0]))
            asked += JOBS
            time.sleep(0.5)
        until(lambda: house.unfinished(SCORES) == 0)
        assert scored(house) == (asked, asked, 1)
        house.kill(*workers)
        # The trail says what it is for: that times in it do not follow each other. Nothing else may be wrong.
        assert [words for words in house.problems() if not words.endswith("or a clock was wrong.")] == []
        told(
            f"clocks jump, on {database}",
            jobs_accepted=asked,
            jobs_finished=asked,
            done_twice=0,
            half_written=0,
        )


def test_what_a_worker_held_whose_clock_was_hours_ahead_is_taken_up_at_once(
    moulds: Moulds, tmp_path: Path
) -> None:
    ahead = tmp_path / "ahead"
    ahead.write_text(str(8 * HOUR))
    dies = "drain()"
    with moulds.house(tmp_path / "house", "sqlite") as house:
        house.run(PEOPLE + MANY_SCORES.format(count=1), clock=str(ahead))
        assert house.run(PEOPLE + dies, clock=str(ahead), dies_at=12) is None
        assert house.ask("SELECT state FROM jobs_job WHERE kind = 'score'") == [("running",)]
        worker = house.start("worker")
        began = time.monotonic()
        until(lambda: house.unfinished(SCORES) == 0)
        assert scored(house) == (1, 1, 2)
        house.kill(worker)
        told(
            "a dead worker's clock was ahead",
            seconds_until_done=round(time.monotonic() - began),
            half_written=0,
        )
