"""What a page and an API list cost, as CPU milliseconds a request and against what is usual, in the same run.

    python bench/pages_bench.py                          100,000 offerings and 10,000 assessments, on PostgreSQL
    python bench/pages_bench.py --offerings 2000 --assessments 200 --rounds 5

The world is built once, in a database of its own (`riskassess_bench_pages` where DATABASE_URL or TEST_POSTGRES_URL
points) and found again by the next run of the same size. Each address is asked for as often as --rounds says; the
median counts. Signing in is left out: a view is called as it is behind the middleware, with the person on the request.

`empty view` answers two letters. `plain DRF` is the framework's own list of the same serializer and rows: page numbers,
so a COUNT, and its own renderer. `plain table` is a template that loops over the same records and formats each value
by a filter. PostgreSQL's own time is in no CPU figure; the clock's time is named beside it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).parent.parent))
SERVER = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
DATABASE = "riskassess_bench_pages"
GOALS = {"API list against plain DRF": 4.0, "API list, ms": 2.0, "table page, ms": 5.0}

TABLE = """<table>{% for row in rows %}<tr><td><a href="{{ row.get_absolute_url }}">{{ row.offering.name }}</a>
<td>{{ row.use_case|truncatechars:60 }}<td>{{ row.current_run.get_decision_display|default:"Not scored" }}
<td>{{ row.current_run.risk_low|floatformat:1 }}–{{ row.current_run.risk_high|floatformat:1 }}
<td>{{ row.get_state_display }}<td>{{ row.unit.name }}<td>{{ row.assessor.name }}<td>{{ row.as_of|date:"j M Y" }}
<td>{{ row.updated_at|date:"j M Y" }}{% endfor %}</table>"""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    given.add_argument("--offerings", type=int, default=100_000)
    given.add_argument("--assessments", type=int, default=10_000)
    given.add_argument("--rounds", type=int, default=40)
    asked = given.parse_args()
    _point_at_own_database()
    import django

    django.setup()
    person = _world(asked.offerings, asked.assessments)
    print(f"{asked.offerings:,} offerings, {asked.assessments:,} assessments; median of {asked.rounds}")
    print(f"{'':34}{'CPU ms':>8}{'clock':>8}{'queries':>9}{'kB':>7}{'x empty':>9}")
    cost: dict[str, float] = {}
    for name, ask in _cases(person).items():
        cpu, clock, queries, size = _measured(ask, asked.rounds)
        cost[name] = cpu
        print(f"{name:34}{cpu:8.2f}{clock:8.2f}{queries:9}{size / 1000:7.1f}{cpu / cost['empty view']:9.1f}")
    _against_the_goals(cost)


def _against_the_goals(cost: dict[str, float]) -> None:
    reached = {
        "API list against plain DRF": min(
            cost[f"plain DRF: {name}"] / cost[f"API list: {name}"] for name in ("assessments", "offerings")
        ),
        "API list, ms": max(cost["API list: assessments"], cost["API list: offerings"]),
        "table page, ms": max(cost["page: assessments"], cost["page: offerings"]),
    }
    for name, goal in GOALS.items():
        least = name.endswith("DRF")
        met = reached[name] >= goal if least else reached[name] <= goal
        bound = f"{'at least' if least else 'at most'} {goal:g}"
        print(f"{name}: {reached[name]:.1f} ({bound}: {'met' if met else 'missed'})")


def _measured(ask: Callable[[], Any], rounds: int) -> tuple[float, float, int, int]:
    """Median CPU and clock milliseconds, queries, and bytes of the answer."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    cpu, clock = [], []
    for _ in range(rounds):
        start, began = time.perf_counter(), time.process_time()
        ask()
        cpu.append((time.process_time() - began) * 1000)
        clock.append((time.perf_counter() - start) * 1000)
    return statistics.median(cpu), statistics.median(clock), len(captured), len(answer.content)


def _cases(person: Any) -> dict[str, Callable[[], Any]]:
    from django.http import HttpResponse
    from django.template import engines
    from rest_framework.pagination import PageNumberPagination
    from rest_framework.renderers import JSONRenderer
    from rest_framework.viewsets import ReadOnlyModelViewSet

    from config.api import router
    from riskassess.assessments import lists as assessment_lists
    from riskassess.assessments.models import Assessment
    from riskassess.catalog import views as catalog
    from riskassess.catalog.models import Offering
    from riskassess.reports import views as reports

    ask = _asking(person)
    resources = {name: view for name, view, _ in router.registry}
    table = engines["django"].from_string(TABLE)
    offering = Offering.objects.order_by("pk")[1]
    assessment = Assessment.objects.filter(state="decided").order_by("pk")[1]

    class Numbered(PageNumberPagination):
        page_size = 50

    def plain_drf(name: str) -> Callable[..., Any]:
        ours = resources[name]

        class Plain(ReadOnlyModelViewSet[Any]):
            queryset = ours.queryset
            serializer_class = ours.serializer_class
            pagination_class = Numbered
            renderer_classes = [JSONRenderer]
            filter_backends: Any = []

            def get_queryset(self) -> Any:
                return super().get_queryset().visible_to(self.request.user).order_by("-pk")

        return Plain.as_view({"get": "list"})

    def plain_table(request: Any) -> Any:
        rows = Assessment.objects.visible_to(request.user).select_related(
            "offering", "unit", "current_run", "assessor"
        )
        return HttpResponse(table.render({"rows": rows[:50]}, request))

    cases = {
        "empty view": ask(lambda request: HttpResponse("ok")),
        "plain table: assessments": ask(plain_table),
        "page: assessments": ask(assessment_lists.assessments),
        "page: assessments, by words": ask(assessment_lists.assessments, "?q=juniper"),
        "page: offerings": ask(catalog.offerings),
        "page: offerings, by a rare word": ask(catalog.offerings, f"?q={offering.name.split()[-1]}"),
        "page: offerings, page 200": ask(catalog.offerings, "?page=200"),
        "page: models": ask(catalog.models),
        "detail: an offering": ask(catalog.offering, slug=offering.slug),
        "decision page": ask(reports.decision, pk=assessment.pk),
    }
    for name in ("assessments", "offerings", "runs", "models"):
        cases[f"plain DRF: {name}"] = ask(plain_drf(name))
        cases[f"API list: {name}"] = ask(resources[name].as_view({"get": "list"}))
    cases["API list: assessments, 3 fields"] = ask(
        resources["assessments"].as_view({"get": "list"}), "?fields=id,state,decision"
    )
    return cases


def _asking(person: Any) -> Callable[..., Callable[[], Any]]:
    from django.test import RequestFactory
    from rest_framework.test import force_authenticate

    factory = RequestFactory()

    def ask(view: Callable[..., Any], query: str = "", **parts: Any) -> Callable[[], Any]:
        def once() -> Any:
            request: Any = factory.get(f"/{query}")
            request.user = person
            request.htmx = False
            force_authenticate(request, person)
            answer = view(request, **parts)
            answer = answer.render() if hasattr(answer, "render") and not answer.is_rendered else answer
            assert answer.status_code == 200, answer.status_code
            return answer

        return once

    return ask


def _point_at_own_database() -> None:
    """The settings read a database that only this script uses; it is made where it is not there."""
    import psycopg

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    given = urlsplit(os.environ.get("DATABASE_URL", ""))
    parts = given if given.scheme in ("postgres", "postgresql") else urlsplit(SERVER)
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{DATABASE}"))
    # Asked of the server that the settings then name, by the database that every server has.
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            server.execute(f"CREATE DATABASE {DATABASE}")


def _world(offerings: int, assessments: int) -> Any:
    """A person of the world; it is built where the database does not hold one of this size."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from riskassess.accounts.models import User
    from riskassess.assessments.models import Assessment
    from riskassess.catalog.models import Offering
    from tests.scale.world import empty_world, grow

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    call_command("migrate", verbosity=0)
    there = (Offering.objects.count(), Assessment.objects.count())
    if there != (offerings, assessments):
        call_command("flush", verbosity=0, interactive=False)
        print("Building the world …", flush=True)
        grow(empty_world(), offerings=offerings, assessments=assessments)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return User.objects.get(email="ada@world.example")


if __name__ == "__main__":
    main()
