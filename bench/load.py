"""Half an hour of mixed work on an installation as it runs in production: does it stay as it was?

    python bench/load.py                              30 minutes, 4 requests a second, 8 people
    python bench/load.py --minutes 5 --rate 10

Two web processes (gunicorn) and two workers on PostgreSQL and Redis, started here with a database of their own
(TEST_POSTGRES_URL and LOAD_REDIS_URL say where) that is dropped afterwards. People sign in, list, search, read,
fill in forms, score, make reports and import; programs with tokens read lists by their marks (`bench/load_stories.py`).

It ends with 1 when an answer was not the expected one, a job did not end well, an error stands in a log, or memory,
open files or connections grew after the warm-up. Latencies are told; on a shared machine they judge nobody, unless
`--p95` says how many seconds are too many.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
from load_stories import Tally, Visitor
from load_watch import PARTS, Course, Sample, Watch, courses

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("LOAD_REDIS_URL", "redis://127.0.0.1:6379/11")
WEB, THREADS, WORKERS, HANDS = 2, 4, 2, 2
# A worker holds a connection for each hand, one that looks for work, and one that renews each lease.
MOST_CONNECTIONS = WEB * THREADS + WORKERS * (2 * HANDS + 1)
MAY_GROW = {"MB": 12.0, "files": 3.0, "connections": 2.0}
MAY_GROW_SHARE = 0.06  # of a process's memory, where that is more than the megabytes above

SEED = """
import json, sys
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
call_command("collectstatic", verbosity=0, interactive=False)
from riskassess.accounts.models import BusinessUnit, Membership, User
from riskassess.accounts.roles import Role
from riskassess.accounts.tokens import SCOPES, make
from riskassess.assessments.models import Assessment
from riskassess.assessments.services import request_score
from riskassess.home.demo.loading import load_all
from riskassess.jobs.services import drain
password = sys.argv[1]
load_all(password)
call_command("import_catalog", "fixtures/catalog/litellm_catalog.xlsx", "--user", "ana@example.com",
             "--stated-on", "2026-11-24", verbosity=0, stdout=sys.stderr)
for assessment in Assessment.objects.all():
    request_score(assessment, by=None)
drain()
unit = BusinessUnit.objects.get(name="Procurement")
people = []
for number in range(int(sys.argv[2])):
    person = User.objects.create_user(f"load{number}@example.com", password, name=f"Load {number}")
    Membership.objects.create(user=person, unit=unit, role=Role.ASSESSOR.value)
    token = make(person, "load", SCOPES, 1).key
    people.append({"email": person.email, "password": password, "token": token, "unit": str(unit.pk)})
print(json.dumps(people))
"""


@dataclass(frozen=True)
class Installation:
    folder: Path
    port: int
    environment: dict[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def seed(self, people: int) -> list[dict[str, str]]:
        code = f"import django; django.setup()\n{SEED}"
        done = subprocess.run(
            [sys.executable, "-c", code, uuid.uuid4().hex, str(people)],
            cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        return list(json.loads(done.stdout.strip().splitlines()[-1]))

    @contextmanager
    def process(self, name: str, *command: str) -> Iterator[int]:
        with (self.folder / f"{name}.log").open("wb") as log:
            running = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
            try:
                yield running.pid
            finally:
                running.send_signal(signal.SIGTERM)
                try:
                    running.wait(30)
                except subprocess.TimeoutExpired:
                    running.kill()

    @contextmanager
    def running(self) -> Iterator[dict[str, int]]:
        """Both web processes and both workers; the id of each part."""
        web = ["-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi", "--workers", str(WEB),
               "--threads", str(THREADS), "--bind", f"127.0.0.1:{self.port}"]  # fmt: skip
        with ExitStack() as parts:
            pids = {"web": parts.enter_context(self.process("web", *web))}
            for number in range(1, WORKERS + 1):
                command = ("manage.py", "worker", "--concurrency", str(HANDS))
                pids[f"worker {number}"] = parts.enter_context(self.process(f"worker{number}", *command))
            until = time.monotonic() + 600
            while not self._is_ready():
                if time.monotonic() > until:
                    raise SystemExit((self.folder / "web.log").read_text())
                time.sleep(0.5)
            yield pids

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.address}/health/ready/", timeout=10).status_code == 200
        except httpx.HTTPError:
            return False

    def logged(self) -> list[str]:
        """Lines of the logs that tell of an error."""
        return [
            f"{log.name}: {line}"
            for log in sorted(self.folder.glob("*.log"))
            for line in log.read_text(errors="replace").splitlines()
            if " ERROR " in line or " CRITICAL " in line or line.startswith("Traceback")
        ]

    def jobs(self) -> dict[str, dict[str, int]]:
        """How many jobs of each kind ended how."""
        with psycopg.connect(self.environment["DATABASE_URL"]) as server:
            told = server.execute(
                "SELECT kind, state, COUNT(*) FROM jobs_job GROUP BY kind, state ORDER BY kind"
            )
            found: dict[str, dict[str, int]] = {}
            for kind, state, count in told:
                found.setdefault(kind, {})[state] = count
        return found


@contextmanager
def installation(port: int) -> Iterator[Installation]:
    name = f"riskassess_load_{uuid.uuid4().hex[:8]}"
    with tempfile.TemporaryDirectory() as folder, psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        try:
            yield Installation(Path(folder), port, {
                **os.environ,
                "RISKASSESS_VAR": folder,
                "DATABASE_URL": f"{POSTGRES.rsplit('/', 1)[0]}/{name}",
                "CELERY_BROKER_URL": REDIS,
                "CELERY_QUEUE": name,
                "CACHE_URL": REDIS,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "LOG_LEVEL": "WARNING",
            })  # fmt: skip
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    given.add_argument("--minutes", type=float, default=30)
    given.add_argument("--rate", type=float, default=4, help="requests a second, of all together")
    given.add_argument("--people", type=int, default=8)
    given.add_argument("--warm-up", type=float, default=1 / 3, help="share of the time that judges nothing")
    given.add_argument(
        "--p95", type=float, help="seconds that 95 of 100 answers of each kind may take at most"
    )
    given.add_argument("--port", type=int, default=8104)
    asked = given.parse_args()
    with installation(asked.port) as made:
        people = made.seed(asked.people)
        with made.running() as parts:
            tally, watch = Tally(asked.rate), Watch(parts, made.environment["DATABASE_URL"])
            began = time.monotonic()
            _work(made, people, tally, watch, asked.minutes * 60)
            lasted = time.monotonic() - began
        jobs, logged = made.jobs(), made.logged()
    measured = [one for one in watch.samples if one.at >= asked.warm_up * asked.minutes * 60]
    problems = [f"{count} x {what}" for what, count in tally.errors.items()]
    problems += logged[:20]
    problems += _latencies(tally.seconds, asked.p95, lasted)
    problems += _ended(jobs)
    problems += _grown(measured)
    print()
    for problem in problems:
        print(f"BREACH {problem}")
    print("No breach." if not problems else f"{len(problems)} breaches.")
    raise SystemExit(bool(problems))


def _work(
    made: Installation, people: Sequence[dict[str, str]], tally: Tally, watch: Watch, seconds: float
) -> None:
    visitors = [Visitor(tally, made.address, person, seed) for seed, person in enumerate(people)]
    threads = [threading.Thread(target=visitor.work) for visitor in visitors]
    watching = threading.Thread(target=watch.run)
    for thread in [watching, *threads]:
        thread.start()
    tally.over.wait(seconds)
    tally.over.set()
    for thread in threads:
        thread.join()
    watch.over.set()
    watching.join()


def _latencies(seconds: Mapping[str, Sequence[float]], most: float | None, lasted: float) -> list[str]:
    total = sum(map(len, seconds.values()))
    print(f"\n{total:,} requests in {lasted / 60:.1f} minutes: {total / lasted:.1f} a second")
    print(f"{'ms':14}{'count':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8}")
    breaches = []
    for kind, took in sorted(seconds.items()):
        cuts = statistics.quantiles(took, n=100, method="inclusive") if len(took) > 1 else [took[0]] * 99
        row = [cuts[49], cuts[94], cuts[98], max(took)]
        print(f"{kind:14}{len(took):8,}" + "".join(f"{one * 1000:8.0f}" for one in row))
        if most is not None and cuts[94] > most:
            breaches.append(f"{kind}: 95 of 100 answers take up to {cuts[94]:.2f} s")
    return breaches


def _ended(jobs: Mapping[str, Mapping[str, int]]) -> list[str]:
    print(f"\n{'jobs':24}{'done':>8}{'else':>8}")
    breaches = []
    for kind, states in jobs.items():
        done = states.get("done", 0)
        other = sum(states.values()) - done
        print(f"{kind:24}{done:8,}{other:8,}")
        if other:
            breaches.append(f"jobs {kind}: {dict(states)}")
    return breaches


def _grown(measured: Sequence[Sample]) -> list[str]:
    if len(measured) < PARTS:
        return ["too short to tell whether anything grows: at least a minute after the warm-up"]
    print(f"\n{'after warm-up':24}{'first':>8}{'last':>8}{'most':>8}{'growth':>8}   mean of each sixth")
    breaches = []
    for unit, found in courses(measured).items():
        for one in found:
            print(
                f"{f'{one.name}, {unit}':24}{one.first:8.1f}{one.last:8.1f}{one.most:8.1f}{one.growth:8.1f}   "
                + " ".join(f"{mean:.1f}" for mean in one.means)
            )
            if one.growth > _may_grow(unit, one):
                breaches.append(f"{one.name}: {unit} grew by {one.growth:.1f}")
            if unit == "connections" and one.most > MOST_CONNECTIONS:
                breaches.append(f"{one.most:.0f} connections, at most {MOST_CONNECTIONS} are of use")
    return breaches


def _may_grow(unit: str, one: Course) -> float:
    return max(MAY_GROW[unit], one.first * MAY_GROW_SHARE if unit == "MB" else 0.0)


if __name__ == "__main__":
    main()
