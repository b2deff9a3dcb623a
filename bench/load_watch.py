"""Looking at the processes of an installation: memory and open files of each, connections of all, over time."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

EVERY = 10.0
PARTS = 6


@dataclass(frozen=True)
class Sample:
    at: float  # seconds since the start
    megabytes: dict[str, float]
    files: dict[str, int]
    connections: int


@dataclass
class Watch:
    """Takes a sample every ten seconds until it is told to stop."""

    parents: dict[str, int]  # name of a part to its process; its children are looked at beside it
    database: str
    samples: list[Sample] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        began = time.monotonic()
        with psycopg.connect(self.database, autocommit=True) as server:
            while not self.over.wait(EVERY):
                self.samples.append(self._sample(time.monotonic() - began, server))

    def _sample(self, at: float, server: psycopg.Connection) -> Sample:
        asked = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        found = server.execute(asked).fetchone()
        processes = {
            f"{name} {number}": pid
            for name, parent in self.parents.items()
            for number, pid in enumerate(_children(parent) or [parent], 1)
        }
        return Sample(
            at,
            {name: _megabytes(pid) for name, pid in processes.items()},
            {name: len(list(Path(f"/proc/{pid}/fd").iterdir())) for name, pid in processes.items()},
            int(found[0]) if found else 0,
        )


def _children(pid: int) -> list[int]:
    """The processes that a web server forks; a part without children works itself."""
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in told]


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


@dataclass(frozen=True)
class Course:
    """How one figure went after the warm-up."""

    name: str
    first: float
    last: float
    most: float
    growth: float  # over the measured time, along the fitted line
    means: tuple[float, ...]  # of each part of it: what warms up comes to rest, what leaks does not


def course(name: str, times: Sequence[float], values: Sequence[float]) -> Course:
    """The line through what was measured: one high sample is no leak."""
    slope = statistics.linear_regression(times, values).slope if len(times) > 1 else 0.0
    fifth = max(1, len(values) // 5)
    return Course(
        name,
        statistics.fmean(values[:fifth]),
        statistics.fmean(values[-fifth:]),
        max(values),
        slope * (times[-1] - times[0]),
        tuple(
            statistics.fmean(values[len(values) * part // PARTS : len(values) * (part + 1) // PARTS])
            for part in range(PARTS)
        ),
    )


def courses(samples: Sequence[Sample]) -> dict[str, list[Course]]:
    """By what was measured: memory and open files of each process, connections of all."""
    times = [sample.at for sample in samples]
    names = sorted(set.intersection(*(set(sample.megabytes) for sample in samples)))
    return {
        "MB": [course(name, times, [sample.megabytes[name] for sample in samples]) for name in names],
        "files": [course(name, times, [float(sample.files[name]) for sample in samples]) for name in names],
        "connections": [course("PostgreSQL", times, [float(sample.connections) for sample in samples])],
    }
