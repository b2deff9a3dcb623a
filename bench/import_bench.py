"""How fast a price list becomes catalog, as ratios of CPU time taken in the same run.

    python bench/import_bench.py                     10,000 and 100,000 rows of 20 columns
    python bench/import_bench.py 1000 --rounds 1     other sizes
    python bench/import_bench.py --parts             where our time goes, step by step

`limit`: python-calamine reads the sheet and the raw rows go into one table, by `executemany` on SQLite and by
COPY on PostgreSQL. Nothing is checked, compared or traced; it is the least any import can cost.
`import`: our whole path from the file's bytes: columns proposed, rows read, checked, compared and kept as a
preview, then decided again and applied, each value leading to its cell. Into an empty catalog.
`again`: the same file once more, when nothing has changed.
`peer`: django-import-export in bulk mode, trial run and confirmed run, one table of 20 columns without checks
of cells, comparison (`skip_diff`) or trace. Only up to --peer rows: it takes minutes beyond.

Each case has a process of its own, of whose work alone the CPU time counts, child processes included; the
median of the rounds. Memory is the most that the process and its children held at once, the start included.
PostgreSQL's own time is in no CPU figure: the clock's time is named beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).parent
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
CASES = ("limit", "import", "again", "peer")
Measured = dict[str, float]


# --- one case, in its own process ------------------------------------------------------------------------


def measured(work: Callable[[], object]) -> Measured:
    """CPU and clock seconds of the work."""
    cpu, clock = _cpu(), time.perf_counter()
    work()
    return {"cpu": _cpu() - cpu, "clock": time.perf_counter() - clock}


def _cpu() -> float:
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def most_held(working: subprocess.Popen[bytes]) -> float:
    """Waits for a process; the most MB that it and its children held at once, looked at fifty times a second."""
    most = 0.0
    while working.poll() is None:
        most = max(most, _held(working.pid))
        time.sleep(0.02)
    return most


def _held(pid: int) -> float:
    """MB in memory now; 0 once the process is gone. Program files that a child has mapped as well count once."""
    each = list(_parts_held(pid))
    return (sum(own for own, _ in each) + max((files for _, files in each), default=0)) / 1024


def _parts_held(pid: int) -> Iterator[tuple[int, int]]:
    """Of the process and its children: kB of its own, and kB of files that are mapped."""
    at = Path(f"/proc/{pid}")
    try:
        told = dict(line.split(":", 1) for line in (at / "status").read_text().splitlines())
        own, files, shared = (int(told[name].split()[0]) for name in ("RssAnon", "RssFile", "RssShmem"))
        children = (at / "task" / str(pid) / "children").read_text().split()
    except (OSError, KeyError):
        return
    yield own + shared, files
    for child in children:
        yield from _parts_held(int(child))


def run_case(case: str, path: Path) -> Measured:
    sys.path.insert(0, str(HERE.parent))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    import import_cases

    return measured(import_cases.prepared(case, path))


# --- all of them -----------------------------------------------------------------------------------------


class Bench:
    """The files and databases of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = f"riskassess_bench_{os.getpid()}"

    def sheet(self, rows: int) -> Path:
        path = self.folder / f"prices-{rows}.xlsx"
        if not path.exists():
            subprocess.run([sys.executable, HERE / "import_sheet.py", path, str(rows)], check=True)
        return path

    def case(self, case: str, database: str, rows: int) -> Measured:
        """One case on a fresh database; `again` goes on with that of `import`."""
        if case != "again":
            self._fresh(database)
        path = self.sheet(rows)
        command = [sys.executable, __file__, "--case", case, str(path)]
        with subprocess.Popen(command, env=self._env(database), stdout=subprocess.PIPE) as working:
            peak = most_held(working)
            told = working.stdout.read() if working.stdout else b""
        if working.returncode:
            raise SystemExit(f"{case} on {database} failed.")
        found: Measured = json.loads(told.splitlines()[-1])
        return {**found, "peak": peak}

    def _env(self, database: str, name: str = "used") -> dict[str, str]:
        url = (
            f"sqlite:///{self.folder / name}.sqlite3"
            if database == "SQLite"
            else urlsplit(POSTGRES)._replace(path=f"/{self.postgres}_{name}").geturl()
        )
        return {
            **os.environ,
            "DATABASE_URL": url,
            "RISKASSESS_VAR": str(self.folder / "var"),
            "LOG_LEVEL": "ERROR",
        }

    def prepare(self, database: str) -> None:
        """An empty catalog that every case starts with a copy of."""
        if database != "SQLite":
            _on_postgres(f"CREATE DATABASE {self.postgres}_empty")
        command = [sys.executable, HERE.parent / "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, env=self._env(database, "empty"), check=True)
        if database == "SQLite":
            command = [
                sys.executable,
                "-c",
                "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('VACUUM')",
            ]
            subprocess.run([*command, self.folder / "empty.sqlite3"], check=True)

    def _fresh(self, database: str) -> None:
        if database == "SQLite":
            for ending in ("", "-wal", "-shm"):
                (self.folder / f"used.sqlite3{ending}").unlink(missing_ok=True)
            shutil.copy(self.folder / "empty.sqlite3", self.folder / "used.sqlite3")
        else:
            _on_postgres(f"DROP DATABASE IF EXISTS {self.postgres}_used")
            _on_postgres(f"CREATE DATABASE {self.postgres}_used TEMPLATE {self.postgres}_empty")

    def clear(self, databases: list[str]) -> None:
        if "PostgreSQL" in databases:
            for name in ("used", "empty"):
                _on_postgres(f"DROP DATABASE IF EXISTS {self.postgres}_{name}")

    def parts(self, database: str, rows: int) -> None:
        """Our own path alone, step by step."""
        self._fresh(database)
        command = [sys.executable, HERE / "import_parts.py", self.sheet(rows)]
        subprocess.run(command, env=self._env(database), check=True)


def _on_postgres(statement: str) -> None:
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def answering() -> bool:
    """Whether PostgreSQL is there, found as the second run of the tests finds it."""
    import psycopg

    try:
        psycopg.connect(POSTGRES, connect_timeout=2).close()
    except psycopg.OperationalError as error:
        print(f"PostgreSQL is left out: {error}\n", file=sys.stderr)
        return False
    return True


def median(rounds: list[Measured]) -> Measured:
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def show(case: str, rows: int, found: Measured, limit: Measured) -> None:
    cells = (
        f"{found['cpu']:8.2f} s CPU",
        f"{found['cpu'] / limit['cpu']:6.1f}x limit",
        f"{found['cpu'] / rows * 1e6:7.0f} µs a row",
        f"{found['clock']:8.2f} s clock",
        f"{found['peak']:6.0f} MB",
    )
    print(f"  {case:8}", *cells, flush=True)


def compare(sizes: list[int], rounds: int, peer: int, *, parts: bool) -> None:
    databases = ["SQLite", *(["PostgreSQL"] if answering() else [])]
    with tempfile.TemporaryDirectory(prefix="import-bench-") as folder:
        bench = Bench(Path(folder))
        try:
            for database in databases:
                bench.prepare(database)
                for rows in sizes:
                    if parts:
                        print(f"{database}: {rows:,} rows x 20 columns", flush=True)
                        bench.parts(database, rows)
                    else:
                        _compare_at(bench, database, rows, rounds if rows <= 20_000 else 1, peer)
        finally:
            bench.clear(databases)


def _compare_at(bench: Bench, database: str, rows: int, rounds: int, peer: int) -> None:
    size = bench.sheet(rows).stat().st_size / 1e6
    print(f"{database}: {rows:,} rows x 20 columns, {size:.1f} MB")
    found: dict[str, list[Measured]] = {}
    for _ in range(rounds):
        for case in CASES:
            if case != "peer" or (rows <= peer and not found.get(case)):
                found.setdefault(case, []).append(bench.case(case, database, rows))
    limit, ours = median(found["limit"]), median(found["import"])
    for case, all_rounds in found.items():
        show(case, rows, median(all_rounds), limit)
    if "peer" in found:
        print(f"  the peer takes {median(found['peer'])['cpu'] / ours['cpu']:.1f} times as long as we do")
    print()


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("rows", nargs="*", type=int, default=[10_000, 100_000])
    said.add_argument("--rounds", type=int, default=3, help="up to 20,000 rows; beyond, one")
    said.add_argument("--peer", type=int, default=10_000, help="the most rows the peer is given")
    said.add_argument("--parts", action="store_true", help="our own path alone, step by step")
    said.add_argument("--case", nargs=2, metavar=("CASE", "FILE"), help=argparse.SUPPRESS)
    told = said.parse_args()
    if told.case:
        print(json.dumps(run_case(told.case[0], Path(told.case[1]))))
    else:
        compare(told.rows, told.rounds, told.peer, parts=told.parts)


if __name__ == "__main__":
    main()
