"""What a page and an API list cost: CPU milliseconds a request, beside what is usual on the same rows in the same run.

    python bench/pages_bench.py                          100,000 offerings and 10,000 assessments, on PostgreSQL
    python bench/pages_bench.py --offerings 2000 --assessments 200 --rounds 5

The world is built once, in a database of its own (`riskassess_bench_pages` where DATABASE_URL or TEST_POSTGRES_URL
points) and found again by the next run of the same size. All addresses are asked for in turn, as often as --rounds
says, so that a busy minute falls on each of them; the lower quartile of the process's own CPU time counts.

`page` is the work of the page itself, before signing in is paid for: the view is called as it stands behind the
middleware, with the person on the request, whose roles it asks for by itself. `whole` is the request as the server
hands it over, through all middleware, with the session that a browser sends. PostgreSQL's own time is in no CPU
figure; the clock's time of the page is named beside it. The portfolio shows all assessments at once and is asked for
in two rounds of ten.

The peers: `empty view` answers two letters. `plain DRF` is the framework's own list of the same serializer and rows:
page numbers, so a COUNT, and its own renderer. `plain table` is a template that loops over the same records and formats
each value by a filter, as `plain` as it comes: no frame, no filter form, no way to sort.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).parent.parent))
SERVER = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
DATABASE = "riskassess_bench_pages"
PEERS = {
    "page: assessments": "plain table: assessments",
    **{f"API list: {name}": f"plain DRF: {name}" for name in ("assessments", "offerings", "runs", "models")},
}
SELDOM = {"page: portfolio"}
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
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(
        f"{asked.offerings:,} offerings, {asked.assessments:,} assessments; {asked.rounds} rounds; load {load}"
    )
    print(f"{'':38}{'page':>8}{'whole':>8}{'clock':>8}{'queries':>9}{'kB':>7}{'x empty':>9}{'x peer':>8}")
    costs = _measured(_cases(), person, asked.rounds)
    empty = costs["empty view"].page
    for name, cost in costs.items():
        peer = costs.get(PEERS.get(name, ""))
        print(
            f"{name:38}{cost.page:8.2f}{cost.whole:8.2f}{cost.clock:8.2f}{cost.queries:9}{cost.size / 1000:7.1f}"
            f"{cost.page / empty:9.1f}{f'{cost.page / peer.page:8.2f}' if peer else ''}"
        )
    _against_the_goals(costs)


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU and of the clock, queries and bytes of one address."""

    page: float
    whole: float
    clock: float
    queries: int
    size: int


def _against_the_goals(costs: dict[str, Cost]) -> None:
    lists, tables = ("assessments", "offerings"), ("page: assessments", "page: offerings")
    reached = {
        "API list against plain DRF": min(
            costs[f"plain DRF: {name}"].page / costs[f"API list: {name}"].page for name in lists
        ),
        "API list, ms": max(costs[f"API list: {name}"].page for name in lists),
        "table page, ms": max(costs[name].page for name in tables),
    }
    for name, goal in GOALS.items():
        least = name.endswith("DRF")
        met = reached[name] >= goal if least else reached[name] <= goal
        bound = f"{'at least' if least else 'at most'} {goal:g}"
        print(f"{name}: {reached[name]:.1f} ({bound}: {'met' if met else 'missed'})")


def _measured(cases: dict[str, str], person: Any, rounds: int) -> dict[str, Cost]:
    """What each address costs: all of them in turn, again and again."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    views = {name: _view_alone(address, person) for name, address in cases.items()}
    wholes = {name: _whole_request(address, person) for name, address in cases.items()}
    found: dict[str, tuple[int, int]] = {}
    for name, ask in views.items():
        ask()  # what is read once a process is not counted
        with CaptureQueriesContext(connection) as captured:
            answer = ask()
        found[name] = len(captured), len(answer.content)
    spent: dict[str, list[tuple[float, float, float]]] = {name: [] for name in cases}
    for number in range(rounds):
        for name in cases:
            if name in SELDOM and number % 10 > 1:
                continue
            page, clock = _spent(views[name])
            whole, _clock = _spent(wholes[name])
            spent[name].append((page, whole, clock))
    low = {
        name: [statistics.quantiles(figures, n=4)[0] for figures in zip(*rows, strict=True)]
        for name, rows in spent.items()
    }
    return {name: Cost(*low[name], *found[name]) for name in cases}


def _spent(ask: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of CPU of this process, and of the clock."""
    start, began = time.perf_counter(), time.process_time()
    ask()
    return (time.process_time() - began) * 1000, (time.perf_counter() - start) * 1000


def _cases() -> dict[str, str]:
    """The addresses that are asked for; the peers have theirs beside those of the site."""
    from django.http import HttpResponse
    from django.template import engines
    from django.urls import path, reverse
    from rest_framework.pagination import PageNumberPagination
    from rest_framework.renderers import JSONRenderer
    from rest_framework.viewsets import ReadOnlyModelViewSet

    from config import urls
    from config.api import router
    from riskassess.assessments.models import Assessment
    from riskassess.catalog.models import Offering

    resources = {name: view for name, view, _ in router.registry}
    table = engines["django"].from_string(TABLE)

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

    lists = ("assessments", "offerings", "runs", "models")
    urls.urlpatterns += [
        path("bench/empty/", lambda request: HttpResponse("ok")),
        path("bench/table/", plain_table),
        *(path(f"bench/{name}/", plain_drf(name)) for name in lists),
    ]
    offering = Offering.objects.order_by("pk")[1]
    decided = Assessment.objects.filter(state="decided").order_by("pk")[1]
    drafted = Assessment.objects.filter(state="draft").order_by("pk")[1]
    cases = {
        "empty view": "/bench/empty/",
        "plain table: assessments": "/bench/table/",
        "page: assessments": "/assessments/",
        "page: assessments, by words": "/assessments/?q=juniper",
        "page: offerings": "/offerings/",
        "page: offerings, by a rare word": f"/offerings/?q={offering.name.split()[-1]}",
        "page: offerings, page 200": "/offerings/?page=200",
        "page: models": "/models/",
        "page: vendors": "/vendors/",
        "page: claims": "/claims/",
        "page: search": "/search/?q=juniper",
        "page: dashboard": "/",
        "page: portfolio": "/portfolio/",
        "detail: an offering": offering.get_absolute_url(),
        "detail: an assessment's form": reverse("assessments:answers", args=[drafted.pk]),
        "decision page": reverse("reports:decision", args=[decided.pk]),
    }
    for name in lists:
        cases[f"plain DRF: {name}"] = f"/bench/{name}/"
        cases[f"API list: {name}"] = f"/api/v1/{name}/"
    cases["API list: assessments, 3 fields"] = "/api/v1/assessments/?fields=id,state,decision"
    cases["API list: assessments, filtered"] = "/api/v1/assessments/?state=decided"
    return cases


def _view_alone(address: str, person: Any) -> Callable[[], Any]:
    from django.test import RequestFactory
    from django.urls import resolve
    from rest_framework.test import force_authenticate

    from riskassess.accounts.held import asked_once

    factory = RequestFactory()
    match = resolve(urlsplit(address).path)

    def once() -> Any:
        request: Any = factory.get(address)
        request.user = copy(person)  # each request meets the person anew
        request.htmx = False
        force_authenticate(request, request.user)
        with asked_once():  # as the middleware has it
            answer = match.func(request, *match.args, **match.kwargs)
            answer = answer.render() if hasattr(answer, "render") and not answer.is_rendered else answer
        assert answer.status_code == 200, (address, answer.status_code)
        return answer

    return once


def _whole_request(address: str, person: Any) -> Callable[[], Any]:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.test import Client, RequestFactory

    site, client = get_wsgi_application(), Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    factory = RequestFactory(HTTP_HOST="localhost", HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={session}")

    def once() -> None:
        said: list[str] = []
        answer = site(factory.get(address).environ, lambda status, headers: said.append(status))
        for _ in answer:
            pass
        answer.close()
        assert said[0].startswith("200"), (address, said)

    return once


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
    settings.API_RATE = ""  # nobody is that quick
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
