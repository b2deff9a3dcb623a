"""The default installation, SQLite with one web process and one worker, loses its power again and again."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from tests.faults import FULL, told
from tests.faults.clients import at_work
from tests.faults.houses import SOON, House, Moulds
from tests.jobs.machines import until

pytestmark = pytest.mark.services  # one at a time: its processes want the machine

KILLS = int(os.environ.get("KILLS", "100" if FULL else "2"))
SEED = 20_261_126
# Seconds of work between two kills, at most, once the site answers. A worker takes up what a dead one held only after
# a lease has gone by: where each died sooner, nothing that was begun would ever be ended.
SHORT, LONG = 2.0, 12.0


def test_whatever_moment_the_power_goes_every_promise_is_kept_once(moulds: Moulds, tmp_path: Path) -> None:
    moment = random.Random(SEED)
    with moulds.house(tmp_path / "house", "sqlite", **SOON) as house, at_work(house, people=3) as people:
        for number in range(KILLS):
            parts = (house.web(), house.start("worker"))
            until(lambda: _answers(house))
            time.sleep(moment.uniform(0, LONG if number % 4 == 3 else SHORT))
            house.kill(*parts)
            assert _looked_at(house) == []
        people.over.set()
        house.web()
        house.start("worker")
        for thread in people.threads:
            thread.join(700)
        until(lambda: house.unfinished(people.kinds) == 0)
        people.find_all_of_it()
        told("SQLite, site and worker killed at any moment", kills=KILLS, **people.counts())


def _answers(house: House) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{house.port}/health/live/", timeout=30).status_code == 200
    except httpx.TransportError:
        return False


def _looked_at(house: House) -> list[object]:
    """What is broken in a copy of the database as the kill left it: the real one is mended by who opens it next."""
    copied = house.folder / "copy"
    shutil.rmtree(copied, ignore_errors=True)
    copied.mkdir()
    for file in house.folder.glob("db.sqlite3*"):
        if not file.name.endswith("-shm"):
            shutil.copy(file, copied)
    with sqlite3.connect(copied / "db.sqlite3") as opened:
        whole = opened.execute("PRAGMA integrity_check").fetchall()
        return [row for row in [*whole, *opened.execute("PRAGMA foreign_key_check")] if row != ("ok",)]
