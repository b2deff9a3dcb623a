"""What each thing this program does costs on PostgreSQL: CPU, clock, rows and bytes with all indexes.

    python bench/scale_costs.py > bench/scale_costs.json      what bench/scale_model.py then reckons with
    python bench/scale_costs.py --rows 20000 --assessments 500

A database of its own (`riskassess_bench_scale`, where DATABASE_URL or TEST_POSTGRES_URL points) is made and dropped.
CPU is this process's alone; what PostgreSQL used is the difference of the clock, as far as the machine was free, and
that is why both are kept, with the machine's load. Bytes are what the tables, indexes and TOAST grew by, over how many
things were added. Assessments are those of `tests/scale/world.py` with two answers, a control, a remark and a decision
on three of four; `answer` tells what each further answer adds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).parent.parent))
SERVER = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
DATABASE = "riskassess_bench_scale"
DAY = date(2026, 11, 24)
Cost = dict[str, Any]


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    given.add_argument("--rows", type=int, default=10_000, help="of the imported sheet")
    given.add_argument("--assessments", type=int, default=300)
    asked = given.parse_args()
    import psycopg

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    here = urlsplit(os.environ.get("DATABASE_URL", ""))
    parts = here if here.scheme in ("postgres", "postgresql") else urlsplit(SERVER)
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{DATABASE}"))
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        server.execute(f"CREATE DATABASE {DATABASE}")
        try:
            print(json.dumps(costs(asked.rows, asked.assessments), indent=2))
        finally:
            from django.db import connections

            connections.close_all()
            server.execute(f"DROP DATABASE {DATABASE}")


def costs(rows: int, assessments: int) -> Cost:
    """Everything, in the order in which a company would make it."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.API_RATE = settings.API_RATE_STRANGERS = ""
    call_command("migrate", verbosity=0)
    from tests.scale.world import empty_world, grow

    world = empty_world()
    found: Cost = {
        "machine": {
            "cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg(),
            "postgresql": connection.pg_version, "on": f"{datetime.now(UTC):%Y-%m-%d}",  # type: ignore[attr-defined]
        }
    }  # fmt: skip
    found["import_row"] = _import(rows, world)
    grown = Growth()
    grow(world, offerings=assessments, assessments=assessments)
    found["assessment"] = grown.over(assessments)
    chosen = world.assessments[: max(20, assessments // 5)]
    found |= _scoring(chosen)
    found |= _reports(chosen[0])
    found |= _pages(world, chosen[0])
    found["answer"] = _answers(world)
    found["sourced_value"] = _values(world)
    found["machine"]["load_after"] = os.getloadavg()
    return found


# --- how much the database grew ----------------------------------------------------------------------------


class Growth:
    """What each table, with its indexes and TOAST, has grown by since this was made."""

    def __init__(self) -> None:
        self.before = _tables()

    def over(self, things: int) -> Cost:
        """Rows and bytes of one of so many things, and the tables that take most of it."""
        after = _tables()
        grown = {
            name: (rows - self.before.get(name, (0, 0))[0], size - self.before.get(name, (0, 0))[1])
            for name, (rows, size) in after.items()
        }
        most = sorted(grown.items(), key=lambda one: -one[1][1])[:8]
        return {
            "rows": round(sum(rows for rows, _ in grown.values()) / things, 2),
            "bytes": round(sum(size for _, size in grown.values()) / things),
            "tables": {
                name: {"rows": round(rows / things, 2), "bytes": round(size / things)}
                for name, (rows, size) in most
                if size > 0
            },
        }


def _tables() -> dict[str, tuple[int, int]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public'"
        )
        sizes = dict(cursor.fetchall())
        found = {}
        for name, size in sizes.items():
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            found[name] = (cursor.fetchone()[0], size)
    return found


# --- how long it takes ----------------------------------------------------------------------------------------


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and clock milliseconds."""
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - clock) * 1000


def _each(works: Iterable[Callable[[], object]]) -> Cost:
    """The median of each, and the least, which others disturb least; what the first loads for all is left out."""
    taken = [_timed(work) for work in works][1:]
    return {
        "cpu_ms": round(statistics.median(cpu for cpu, _ in taken), 2),
        "least_cpu_ms": round(min(cpu for cpu, _ in taken), 2),
        "clock_ms": round(statistics.median(clock for _, clock in taken), 2),
    }


def _import(rows: int, world: Any) -> Cost:
    from import_cases import bring_in
    from import_sheet import write

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        write(path, rows)
        grown = Growth()
        cpu, clock = _timed(lambda: bring_in(path, world.ana, world.unit))
    return {"cpu_ms": round(cpu / rows, 4), "clock_ms": round(clock / rows, 4), **grown.over(rows)}


def _scoring(chosen: list[Any]) -> Cost:
    from riskassess.assessments.models import Assessment
    from riskassess.assessments.scoring import judge_now, score

    def fresh(one: Any, later: int) -> Callable[[], object]:
        def work() -> None:
            found = Assessment.objects.select_related("offering", "unit").get(pk=one.pk)
            found.as_of = found.as_of + timedelta(days=later)
            score(found)

        return work

    grown = Growth()
    anew = _each([fresh(one, 1) for one in chosen])
    size = grown.over(len(chosen))
    return {
        "score": {**anew, **size},
        "score_found": _each([fresh(one, 1) for one in chosen]),
        "judge": _each([lambda one=one: judge_now(one) for one in chosen]),  # type: ignore[misc]
    }


def _reports(assessment: Any) -> Cost:
    from riskassess.assessments.models import ScoreRun
    from riskassess.reports.content import report_content
    from riskassess.reports.formats import made

    run = ScoreRun.objects.filter(assessment=assessment).order_by("-pk")[0]
    found = {}
    for wanted in ("pdf", "xlsx"):
        size = len(made(wanted, report_content(run), run.record))
        found[f"report_{wanted}"] = {
            **_each([lambda w=wanted: made(w, report_content(run), run.record)] * 5), "bytes": size
        }  # fmt: skip
    return found


def _pages(world: Any, assessment: Any) -> Cost:
    from django.test import Client

    client = Client()
    client.force_login(world.ana)
    addresses = {
        "page_list": "/assessments/", "page_decision": f"/assessments/{assessment.pk}/decision/",
        "page_form": f"/assessments/{assessment.pk}/", "api_list": "/api/v1/assessments/",
    }  # fmt: skip
    found = {}
    for name, address in addresses.items():
        answer = client.get(address, follow=True)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}")
        address = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        found[name] = {**_each([lambda a=address: client.get(a)] * 11), "bytes": len(answer.content)}
    return found


def _answers(world: Any) -> Cost:
    from riskassess.assessments.models import Answer

    keys = [f"KEY-{n}" for n in range(4)]
    grown = Growth()
    made = [
        Answer(
            assessment=one, question=key, state="known", value=n % 5, answered_by=world.ana, reliability="C",
            verification=3, interest="self", note="As the data sheet of the seller says, in its second part.",
        )
        for n, one in enumerate(world.assessments) for key in keys
    ]  # fmt: skip
    Answer.objects.bulk_create(made)
    return grown.over(len(made))


def _values(world: Any) -> Cost:
    """What one value with a source of its own costs that somebody typed: it stands in the trail as well."""
    from riskassess.catalog.models import SourcedValue

    grown = Growth()
    made = [
        SourcedValue(
            attribute="context_tokens", raw=f"{n:,}", value=n, source=world.sheet, as_of=DAY,
            model=world.models[n % len(world.models)],
        )
        for n in range(4_000)
    ]  # fmt: skip
    SourcedValue.objects.bulk_create(made)
    return grown.over(len(made))


if __name__ == "__main__":
    main()
