"""How much sooner an archive of reports is there with two workers than with one.

    python bench/batch_bench.py                     fifty PDFs; SQLite, then PostgreSQL with Redis
    python bench/batch_bench.py --reports 12 --rounds 2 --only sqlite

Each installation is fresh, with a queue of its own; workers are `manage.py worker --concurrency 1`, processes of
their own that have drawn a report before the clock starts. One worker and two take turns, so that a busy machine
slows both. The clock runs from the request of the archive to its file. `cpu` is what the workers used meanwhile:
where two use much more than one, they stand in each other's way; where `wall` times processes is far above it,
they waited, for each other or for a busy machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.jobs.machines import ROOT, Machine, machine

INSTALLATIONS = (("sqlite", "memory"), ("postgres", "redis"))

MAKE = """
import json
from riskassess.accounts.roles import Role
from tests.builders import make_assessment, make_offering, make_person, make_unit
from tests.reports import records
from tests.reports.conftest import store
unit = make_unit("Procurement")
ana = make_person("Ana Ferreira", (unit, Role.ASSESSOR))
offering, record = make_offering(), records.rejected()
for at in range(REPORTS):
    store(make_assessment(ana, unit, offering=offering, use_case=f"Use {at}"), record)
print(json.dumps(ana.pk))
"""

# Reports that were made are forgotten first: each round draws all of them again.
ASK = """
import json
from riskassess.accounts.models import User
from riskassess.assessments.models import ScoreRun
from riskassess.jobs.models import Job
from riskassess.reports.combining import request_batch
from riskassess.reports.models import CombinedReport, ReportFile
ReportFile.objects.all().delete(); CombinedReport.objects.all().delete(); Job.objects.all().delete()
runs = list(ScoreRun.objects.order_by("pk").select_related("assessment__unit")[:REPORTS])
found, job = request_batch(runs, ["pdf"], by=User.objects.first())
print(json.dumps(found.pk))
"""


@contextmanager
def workers(one: Machine, many: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    command = [sys.executable, "manage.py", "worker", "--concurrency", "1"]
    started = [subprocess.Popen(command, cwd=ROOT, env=one.environment) for _ in range(many)]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)


def used(started: list[subprocess.Popen[bytes]]) -> float:
    """CPU seconds of the processes so far."""
    ticks = 0
    for process in started:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / 100


def archived(one: Machine, reports: int) -> float:
    """Seconds from the request of an archive to its file."""
    asking = one.start(f"REPORTS = {reports}\n{ASK}")
    if asking.stdout is None or not asking.stdout.readline():
        raise SystemExit(f"The archive could not be asked for:\n{asking.communicate()[1][-3000:]}")
    start = time.perf_counter()  # what the asking process takes to start and end is not the workers'
    while not one.ask("SELECT 1 FROM reports_combinedreport WHERE file <> ''"):
        time.sleep(0.1)
    taken = time.perf_counter() - start
    asking.wait(60)
    return taken


def main(reports: int, rounds: int, only: str) -> None:
    for database, broker in INSTALLATIONS:
        if only not in ("", database):
            continue
        with tempfile.TemporaryDirectory() as folder, machine(Path(folder), database, broker, 30) as one:
            one.python(f"REPORTS = {reports}\n{MAKE}")
            taken: dict[int, list[float]] = {1: [], 2: []}
            for _ in range(rounds):
                for many in taken:
                    with workers(one, many) as started:
                        archived(one, 4 * many)  # imports, fonts, style sheet
                        before = used(started)
                        wall = archived(one, reports)
                        cpu = used(started) - before
                    taken[many].append(wall)
                    print(f"{database:<9}{many} workers {wall:7.1f} s wall {cpu:7.1f} s cpu", flush=True)
            ratio = median(taken[1]) / median(taken[2])
            print(
                json.dumps({"database": database, "reports": reports, "ratio": round(ratio, 2)}), flush=True
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["", "sqlite", "postgres"], default="")
    given = parser.parse_args()
    main(given.reports, given.rounds, given.only)
