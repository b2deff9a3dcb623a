"""How large an installation carries a company of which size: from measured costs, a closed form, and a simulation.

    python bench/scale_model.py                      1, 100, 10,000 business units; a night's rescore of a million
    python bench/scale_model.py --quick 2            with half of the CPU seconds that were measured

Costs come from `bench/scale_costs.json` (`bench/scale_costs.py` measures them). What a unit does is assumed (`Unit`)
and says so. Work arrives at random (Poisson) and takes as long as measured, spread as an exponential: for one kind
of work with c workers that is M/M/c, whose waiting has a closed form (Erlang C). A real queue has kinds that differ
a thousandfold, so it is simulated, first come first served as the Job table is, and held against the closed form where
that one applies (`tests/scale/test_model.py`).
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COSTS = Path(__file__).with_name("scale_costs.json")
GB = 1_000_000_000


# --- queues -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of work: how many arrive each second, and how many seconds one takes a worker."""

    name: str
    rate: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """Seconds that work waited: the mean, what one of twenty exceeds, and the share of workers' time in use."""

    mean: float
    p95: float
    used: float


def erlang_c(servers: int, load: float) -> float:
    """The chance that work has to wait in M/M/c, where `load` is the rate times the seconds. 1 from load c on."""
    if load >= servers:
        return 1.0
    blocked = 1.0  # Erlang B by its recursion, which no factorial overflows
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1 - (load / servers) * (1 - blocked))


def mmc(servers: int, rate: float, seconds: float) -> Waiting:
    """M/M/c in closed form; infinite where more arrives than can be done."""
    load = rate * seconds
    if load >= servers:
        return Waiting(math.inf, math.inf, 1.0)
    waits, drain = erlang_c(servers, load), (servers - load) / seconds
    return Waiting(waits / drain, max(0.0, math.log(waits / 0.05) / drain) if waits else 0.0, load / servers)


def simulated(kinds: Sequence[Kind], servers: int, count: int = 40_000, seed: int = 1) -> Waiting:
    """The same of several kinds in one queue, by `count` arrivals; the first tenth only fills it."""
    chance = random.Random(seed)
    total = sum(kind.rate for kind in kinds)
    weights = [kind.rate for kind in kinds]
    free = [0.0] * servers
    now = busy = 0.0
    waited = []
    for number in range(count):
        now += chance.expovariate(total)
        kind = chance.choices(kinds, weights)[0]
        begins = max(now, heapq.heappop(free))
        takes = chance.expovariate(1 / kind.seconds)
        heapq.heappush(free, begins + takes)
        busy += takes
        if number >= count // 10:
            waited.append(begins - now)
    waited.sort()
    end = max(*free, now) if servers > 1 else max(free[0], now)
    return Waiting(sum(waited) / len(waited), waited[int(len(waited) * 0.95)], busy / (servers * end))


def servers_for(kinds: Sequence[Kind], most_wait: float, most_used: float = 0.7) -> int:
    """The fewest workers with which all but one of twenty start within `most_wait` seconds, and a third is to spare."""
    load = sum(kind.rate * kind.seconds for kind in kinds)
    servers = max(1, math.ceil(load / most_used))
    while simulated(kinds, servers).p95 > most_wait:
        servers += max(1, servers // 20)
    return servers


# --- what a company does ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unit:
    """What one business unit does; our assumption, not a measurement. A year has 220 days of work."""

    assessments_a_year: float = 100
    answers: float = 40  # of one assessment, with those of the vendor
    scores: float = 6  # of one assessment, each of other facts, so each is kept
    pdfs: float = 3
    workbooks: float = 1
    pages: float = 150
    calls: float = 50
    imported_rows_a_year: float = 12_000
    rows_new: float = 0.05  # of those, what the company's catalog did not have yet
    busiest_hour: float = 0.25  # of a day's work
    rescored_changed: float = 0.02  # of a night's rescore, what facts moved for

    @property
    def at_peak(self) -> float:
        """Assessments a second in the busiest hour."""
        return self.assessments_a_year / 220 * self.busiest_hour / 3600


def work(costs: dict[str, Any], units: int, unit: Unit, quick: float = 1.0) -> tuple[list[Kind], list[Kind]]:
    """What web processes and workers get to do in the busiest hour."""
    rate = units * unit.at_peak

    def seconds(name: str) -> float:
        return float(costs[name]["cpu_ms"]) / 1000 / quick

    page = (seconds("page_list") + seconds("page_decision") + seconds("page_form")) / 3
    web = [Kind("page", rate * unit.pages, page), Kind("call", rate * unit.calls, seconds("api_list"))]
    rows = units * unit.imported_rows_a_year / 220 * unit.busiest_hour / 3600
    jobs = [
        Kind("score", rate * unit.scores, seconds("score")),
        Kind("pdf", rate * unit.pdfs, seconds("report_pdf")),
        Kind("workbook", rate * unit.workbooks, seconds("report_xlsx")),
        Kind("import of 1,000 rows", rows / 1000, 1000 * seconds("import_row")),
    ]
    return web, jobs


def bytes_a_year(costs: dict[str, Any], units: int, unit: Unit) -> dict[str, float]:
    """What a year adds to PostgreSQL, indexes and TOAST with it, and to the folder of files.

    Each imported row is kept with its cells; only new ones become offerings, models and prices.
    """
    made = units * unit.assessments_a_year
    score = costs["score"]["bytes"]
    row = costs["import_row"]
    kept = sum(one["bytes"] for name, one in row["tables"].items() if name.startswith("imports_"))
    return {
        "assessments without their runs": made * (costs["assessment"]["bytes"] - score),
        "runs": made * unit.scores * score,
        "answers": made * unit.answers * costs["answer"]["bytes"],
        "imports": units * unit.imported_rows_a_year * (kept + unit.rows_new * (row["bytes"] - kept)),
        "files": made
        * (unit.pdfs * costs["report_pdf"]["bytes"] + unit.workbooks * costs["report_xlsx"]["bytes"]),
    }


@dataclass(frozen=True, slots=True)
class Night:
    """A rescore of so many: hours of CPU, workers for eight hours of clock, and what it adds."""

    cpu_hours: float
    workers: int
    bytes: float


def night(costs: dict[str, Any], assessments: int, changed: float, quick: float = 1.0) -> Night:
    """What moved is judged and kept; the rest is gathered, found to be the same, and adds nothing."""
    moved = assessments * changed
    cpu = (
        (moved * costs["score"]["cpu_ms"] + (assessments - moved) * costs["score_found"]["cpu_ms"])
        / 1000
        / quick
    )
    return Night(cpu / 3600, math.ceil(cpu / 3600 / 8 / 0.8), moved * costs["score"]["bytes"])


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    given.add_argument(
        "--quick", type=float, default=1.0, help="how many times as fast as where it was measured"
    )
    quick = given.parse_args().quick
    costs, unit = json.loads(COSTS.read_text()), Unit()
    machine = costs["machine"]
    print(
        f"Costs of {machine['on']}: {machine['cores']} cores, load {machine['load'][0]:.0f}; {quick:g} times as fast"
    )
    head = ("units", "req/s", "jobs/s", "web", "p95 s", "workers", "p95 s", "M/M/c s", "GB a year")
    print("".join(f"{word:>{width}}" for word, width in zip(head, (7, 8, 8, 5, 7, 9, 7, 9, 11), strict=True)))
    for units in (1, 100, 10_000):
        web, jobs = work(costs, units, unit, quick)
        at, of = servers_for(web, 0.2), servers_for(jobs, 30)
        asked, done = sum(kind.rate for kind in web), sum(kind.rate for kind in jobs)
        mean = sum(kind.rate * kind.seconds for kind in jobs) / done
        added = sum(bytes_a_year(costs, units, unit).values()) / GB
        print(
            f"{units:7,}{asked:8.2f}{done:8.3f}{at:5}{simulated(web, at).p95:7.2f}{of:9}{simulated(jobs, of).p95:7.1f}"
            f"{mmc(of, done, mean).p95:9.1f}{added:11.1f}"
        )
    print("\nGB a year of 10,000 units")
    for name, size in bytes_a_year(costs, 10_000, unit).items():
        print(f"  {name:34}{size / GB:8.0f}")
    print("\nA night's rescore of 1,000,000")
    for changed in (0.0, unit.rescored_changed, 1.0):
        one = night(costs, 1_000_000, changed, quick)
        print(
            f"  {changed:4.0%} moved: {one.cpu_hours:6.1f} CPU hours, {one.workers} workers for 8 h,", end=" "
        )
        print(f"{one.bytes / GB:5.1f} GB more")
    values, row = 10_000_000, costs["import_row"]
    print("\n10,000,000 sourced values")
    print(f"  imported, 20 a row: {values / 20 * row['bytes'] / GB:6.1f} GB,", end=" ")
    print(f"{values / 20 * row['cpu_ms'] / 3.6e6 / quick:5.2f} CPU hours")
    print(f"  typed, each a row:  {values * costs['sourced_value']['bytes'] / GB:6.1f} GB")


if __name__ == "__main__":
    main()
