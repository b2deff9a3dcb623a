"""What a list costs, with the reason for each query: the same for 10 rows as for 60."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import Answer
from riskassess.imports.models import Batch, Row
from riskassess.reports.models import CombinedReport, ReportFile
from tests.api.calls import V1, read
from tests.builders import (
    TODAY,
    link_source,
    make_assessment,
    make_claim,
    make_job,
    make_offering,
    make_price,
    make_question,
    make_region,
    make_run,
    make_sheet,
    make_source,
    make_unit,
    make_value,
    make_vendor,
)
from tests.queries import assert_queries
from tests.questionnaires.conftest import make_inquiry

PERSON = ("the session", "the person")
ROLES = (*PERSON, "the roles, for all who ask for them")


def _model() -> None:
    make_value(make_offering().model, "context_tokens", 8)


def _offering() -> None:
    make_price(make_offering(origin=make_sheet(), origin_row=2), source=make_sheet(), row=2)


CATALOG: dict[str, tuple[Callable[[], object], tuple[str, ...]]] = {
    "vendors": (make_vendor, ("the page",)),
    "models": (_model, ("the page", "their stated values")),
    "offerings": (
        _offering,
        ("the page", "their prices", "the prices' sources, for the cells", "their places"),
    ),
    "regions": (make_region, ("the page",)),
    "sources": (
        make_source,
        ("the page",),
    ),
    "claims": (
        lambda: link_source(make_claim()),
        (
            "the page",
            "what each rests on",
        ),
    ),
    "questions": (
        make_question,
        ("the page",),
    ),
}


def _batch(ana: User, unit: BusinessUnit) -> Batch:
    return Batch.objects.create(unit=unit, uploaded_by=ana, file_name="a.csv", sha256="0", stated_on=TODAY)


def _report(ana: User, unit: BusinessUnit) -> None:
    job = make_job(unit)
    ReportFile.objects.create(run=make_run(make_assessment(ana, unit)), format="pdf", version="1", job=job)


def _combined(ana: User, unit: BusinessUnit) -> None:
    number = str(CombinedReport.objects.count())
    CombinedReport.objects.create(
        kind="portfolio", format="pdf", version=number, job=make_job(unit)
    ).units.add(unit)


def _job(ana: User, unit: BusinessUnit) -> None:
    make_job(unit, arguments={"assessment": make_assessment(ana, unit).pk})


UNIT: dict[str, tuple[Callable[[User, BusinessUnit], object], tuple[str, ...]]] = {
    "assessments": (lambda ana, unit: make_run(make_assessment(ana, unit)), ("the page, with current runs",)),
    "runs": (lambda ana, unit: make_run(make_assessment(ana, unit)), ("the page, without records",)),
    "jobs": (_job, ("the page", "the assessments that they are about")),
    "reports": (_report, ("the page, with jobs",)),
    "combined-reports": (_combined, ("the page, with jobs",)),
    "imports": (_batch, ("the page",)),
    "inquiries": (
        lambda ana, unit: make_inquiry(make_assessment(ana, unit), ana, vendor=make_vendor()),
        ("the page",),
    ),
}


@pytest.mark.parametrize("count", [10, 60])
@pytest.mark.parametrize("resource", CATALOG)
def test_a_list_of_the_catalog(as_ana: Client, resource: str, count: int) -> None:
    make, reasons = CATALOG[resource]
    for _ in range(count):
        make()
    address = f"{V1}{resource}/?page_size=200"
    assert len(read(as_ana, address)["results"]) >= count
    assert_queries(as_ana, address, (*ROLES, *reasons))


@pytest.mark.parametrize("count", [10, 60])
@pytest.mark.parametrize("resource", UNIT)
def test_a_list_of_the_unit(
    as_ana: Client, ana: User, procurement: BusinessUnit, resource: str, count: int
) -> None:
    make, reasons = UNIT[resource]
    for _ in range(count):
        make(ana, procurement)
    address = f"{V1}{resource}/?page_size=200"
    assert len(read(as_ana, address)["results"]) >= count
    assert_queries(as_ana, address, (*ROLES, *reasons))


@pytest.mark.parametrize("count", [10, 60])
def test_the_rows_of_an_import(as_ana: Client, ana: User, procurement: BusinessUnit, count: int) -> None:
    batch = _batch(ana, procurement)
    Row.objects.bulk_create(Row(batch=batch, number=n, outcome="new") for n in range(2, count + 2))
    assert_queries(as_ana, f"{V1}imports/{batch.pk}/rows/?page_size=200", (*ROLES, "the import", "the page"))


@pytest.mark.parametrize("count", [10, 60])
def test_the_trail(as_ana: Client, as_dora: Client, count: int) -> None:
    for _ in range(count):
        make_vendor()
    asked = (*PERSON, "the person's units and roles", "the page")
    assert_queries(as_ana, f"{V1}trail/?page_size=200&kind=catalog.vendor", asked)
    assert_queries(as_dora, f"{V1}trail/?page_size=200", asked)


@pytest.mark.parametrize("count", [10, 60])
def test_the_units(as_dora: Client, count: int) -> None:
    for _ in range(count):
        make_unit()
    assert_queries(as_dora, f"{V1}units/?page_size=200", (*ROLES, "the page"))


@pytest.mark.parametrize("count", [10, 60])
def test_the_answers_of_an_assessment(
    as_ana: Client, ana: User, procurement: BusinessUnit, count: int
) -> None:
    assessment = make_assessment(ana, procurement)
    Answer.objects.bulk_create(
        Answer(
            assessment=assessment, question=f"q{n}", state="unknown", answered_by=ana, source=make_source()
        )
        for n in range(count)
    )
    assert_queries(
        as_ana, f"{V1}assessments/{assessment.pk}/answers/", (*ROLES, "the assessment", "its answers")
    )


def test_a_record_is_one_row(as_ana: Client, ana: User, procurement: BusinessUnit) -> None:
    run = make_run(make_assessment(ana, procurement))
    assert_queries(as_ana, f"{V1}runs/{run.pk}/record/", (*ROLES, "the run", "its record"))
