"""No list and no page of a record asks more of the database with many assessments than with ten.

Every address of the site that can be read is opened in a small world, which is then grown around the
very records that were opened, and opened again. `SCALE=10000` (assessments) walks a larger one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from riskassess.accounts.models import Membership, User
from riskassess.accounts.roles import Role
from riskassess.assessments.models import Assessment, Condition, Mitigation, ScoreRun
from riskassess.assessments.scoring import score
from riskassess.catalog.models import AIModel, Offering, Region, Source, Vendor
from riskassess.evidence.models import Claim, OpenQuestion
from riskassess.imports.models import Batch, Row
from riskassess.jobs.models import Job
from riskassess.reports.models import ReportFile
from tests.scale.world import World, empty_world, grow

LARGE = int(os.environ.get("SCALE", "500"))
SMALL = 10

# Areas whose pages are not ours; and a comparison, which is of the runs its address names.
NOT_WALKED = re.compile(r"^(admin/|account/|static/|media/|api/v1/comparisons/)")
SENT = re.compile(
    r"(\.xlsx|/download/|/xlsx/|/csv/)$"
)  # files: as many queries as they have parts, tested on their own


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every route of the URLconf, such as `vendors/<slug:slug>/`; each once, formats of the API left out."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        elif isinstance(one, URLPattern) and "format" not in route:
            yield route


def _plain(route: str) -> str:
    """A route, or a regular expression, with each of its parameters as `<name>`."""
    found = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)
    return re.sub(r"<\w+:(\w+)>", r"<\1>", found).replace("^", "").replace("$", "").replace("\\", "")


def addresses(records: Mapping[str, Any]) -> Iterator[str]:
    """Each route that the records fill, as an address.

    `records`: what stands before a parameter and the parameter's name, such as `vendors/slug` -> its value.
    """
    for route in dict.fromkeys(map(_plain, routes())):
        if NOT_WALKED.match(route) or SENT.search(route) or "(" in route:
            continue
        parts = route.split("/")
        for at, part in enumerate(parts):
            if part.startswith("<"):
                parts[at] = str(records.get(f"{parts[at - 1]}/{part[1:-1]}"))
        if "None" not in parts:
            yield "/" + "/".join(parts)


@pytest.fixture
def world(db: None) -> World:
    return grow(empty_world(), offerings=SMALL * 2, assessments=SMALL)


@pytest.fixture
def records(world: World) -> dict[str, Any]:
    """The first record of each kind: the world grows around them."""
    decided = Assessment.objects.filter(state="decided").order_by("pk")[0]
    old = decided.current_run
    run = score(decided)
    ScoreRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(days=1))
    model, batch = AIModel.objects.order_by("pk")[0], Batch.objects.order_by("pk")[0]
    return {
        "vendors/slug": Vendor.objects.order_by("pk")[0].slug, "models/slug": model.slug,
        "offerings/slug": Offering.objects.order_by("pk")[0].slug, "regions/pk": Region.objects.order_by("pk")[0].pk,
        "sources/pk": Source.objects.order_by("pk")[0].pk, "claims/key": Claim.objects.order_by("pk")[0].key,
        "questions/pk": OpenQuestion.objects.order_by("pk")[0].pk, "assessments/pk": decided.pk,
        "controls/key": Mitigation.objects.filter(assessment=decided)[0].key,
        "conditions/condition": Condition.objects.filter(decision__assessment=decided)[0].pk,
        "imports/pk": batch.pk, "imports/batch": batch.pk, "rows/number": Row.objects.filter(batch=batch)[0].number,
        "rows/pk": Row.objects.filter(batch=batch)[0].pk, "jobs/pk": Job.objects.order_by("created_at")[0].pk,
        "reports/pk": ReportFile.objects.order_by("pk")[0].pk, "runs/pk": run.pk, "runs/new": run.pk,
        "changes/old": old.pk if old else None, "units/pk": world.unit.pk, "rules/rule_id": "FDA4",
        "of/kind": "model", "model/slug": model.slug,
    }  # fmt: skip


def counted(client: Client, every: Iterable[str], *, again: bool = False) -> dict[str, int]:
    """How many queries each address takes; those that cannot be read (posted to, gone elsewhere) are left out.

    What is read once a process is read by a first call, unless all this is done `again`.
    """
    found = {}
    for address in every:
        if not again:
            client.get(address)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        if answer.status_code == 200:
            found[address] = len(captured)
        else:
            assert answer.status_code in (302, 404, 405, 406), f"{address}: {answer.status_code}"
    return found


def person_who_sees_all(world: World) -> User:
    for role in (Role.APPROVER, Role.CATALOG_MANAGER, Role.ADMINISTRATOR):
        Membership.objects.create(user=world.ana, unit=world.unit, role=role.value)
    return world.ana


MUST_BE_WALKED = (
    "/", "/vendors/", "/models/", "/offerings/", "/regions/", "/registers/", "/uses/", "/sources/", "/claims/",
    "/questions/", "/assessments/", "/portfolio/", "/imports/", "/compare/", "/rules/", "/method/",
    "/api/v1/offerings/", "/api/v1/portfolio/", "/api/v1/assessments/",
    "/api/v1/runs/", "/api/v1/jobs/", "/api/v1/claims/", "/api/v1/imports/",
)  # fmt: skip


def test_every_page_and_api_list_takes_as_many_queries_in_a_larger_world(
    world: World, records: dict[str, Any]
) -> None:
    client = Client()
    client.force_login(person_who_sees_all(world))
    every = [*addresses(records), "/search/?q=alpha"]
    small = counted(client, every)

    started = perf_counter()
    grow(world, offerings=LARGE * 2, assessments=LARGE)
    grown_in, started = perf_counter() - started, perf_counter()
    large = counted(client, small, again=True)
    print(
        f"{connection.vendor}: {LARGE} assessments made in {grown_in:.0f} s, {len(large)} pages opened in "
        f"{perf_counter() - started:.0f} s, {sum(large.values()) / len(large):.1f} queries a page"
    )

    assert set(MUST_BE_WALKED) <= set(small), sorted(set(MUST_BE_WALKED) - set(small))
    assert len(small) > 60, "the walk has lost most of its pages"
    grown = {one: (count, large.get(one)) for one, count in small.items() if (large.get(one) or 0) > count}
    assert not grown, "\n".join(
        f"{one}: {before} queries became {after}" for one, (before, after) in grown.items()
    )
    assert set(large) == set(small)
