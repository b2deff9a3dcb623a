"""The list of jobs and the page of one: who sees which, why one stopped, and who may cancel."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from riskassess.accounts.models import BusinessUnit, User
from riskassess.imports.models import Batch
from riskassess.jobs.models import Job
from riskassess.reports.models import ReportFile
from tests.builders import make_assessment, make_job, make_person, make_run, make_unit
from tests.queries import FRAME, assert_queries

pytestmark = pytest.mark.django_db


def page(client: Client, address: str = "/jobs/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_how_far_each_is_and_why_one_stopped(
    as_ana: Client, ana: User, procurement: BusinessUnit
) -> None:
    make_job(procurement, kind="import_apply", state="running", progress_done=1, progress_total=4,
             progress_note="Writing", claim="0" * 32, lease_until=timezone.now(), requested_by=ana)  # fmt: skip
    make_job(procurement, kind="report", state="failed", attempts=5, finished_at=timezone.now(),
             error_message="The server has no room left.", error_hint="Make room.")  # fmt: skip
    make_job(procurement, kind="score", attempts=2, run_after=timezone.now() + timedelta(minutes=3))
    text = page(as_ana)
    assert "Import apply" in text
    assert "25 % Writing" in text
    assert "The server has no room left. Make room." in text
    assert "2, again from" in text
    assert "Ana Ferreira" in text
    assert "The program" in text
    assert "Report" not in page(as_ana, "/jobs/?asked_by=me").split("</thead>")[1]
    assert "Import apply" not in page(as_ana, "/jobs/?state=failed").split("</thead>")[1]
    found = page(as_ana, "/jobs/?q=import+Apply").split("</thead>")[1]
    assert "Import apply" in found
    assert "Report" not in found


def test_each_sees_what_their_units_asked_for_and_auditors_what_the_program_did(
    as_ana: Client, as_cleo: Client, as_dora: Client, as_evan: Client, ana: User, procurement: BusinessUnit
) -> None:
    make_job(procurement, kind="units")
    make_job(None, kind="own", requested_by=ana)
    make_job(None, kind="programs")
    seen = {
        name: {kind for kind in ("Units", "Own", "Programs") if f">{kind}<" in page(client)}
        for name, client in {"ana": as_ana, "cleo": as_cleo, "dora": as_dora, "evan": as_evan}.items()
    }
    assert seen == {"ana": {"Units", "Own"}, "cleo": set(), "dora": {"Units", "Programs"}, "evan": set()}


def test_who_asked_for_it_cancels_it_and_nobody_else(
    as_ana: Client, as_ben: Client, as_cleo: Client, ana: User, procurement: BusinessUnit
) -> None:
    job = make_job(procurement, kind="report", requested_by=ana)
    address = f"/jobs/{job.pk}/"
    assert "Cancel it" in page(as_ana, address)
    assert "Cancel it" not in page(as_ben, address)
    assert as_ben.post(f"{address}cancel/").status_code == 403
    assert as_cleo.post(f"{address}cancel/").status_code == 404
    assert as_ana.post(f"{address}cancel/")["Location"] == address
    assert Job.objects.get().state == "cancelled"
    assert as_ana.post(f"{address}cancel/").status_code == 409
    assert "Cancel it" not in page(as_ana, address)


def test_it_says_what_a_job_is_about_to_who_may_see_that(
    as_ana: Client, as_ben: Client, ana: User, procurement: BusinessUnit
) -> None:
    assessment = make_assessment(ana, procurement, use_case="Reading invoices")
    elsewhere = make_assessment(make_person("Nobody here"), make_unit("Legal"), use_case="Secret contracts")
    draws = ReportFile.objects.create(run=make_run(assessment), format="pdf", version="1")
    batch = Batch.objects.create(
        unit=procurement, uploaded_by=ana, file_name="prices.xlsx", sheet="Models", stated_on="2026-11-24"
    )
    for kind, arguments in {
        "score": {"assessment": assessment.pk},
        "report": {"report": draws.pk},
        "import_apply": {"batch": batch.pk},
        "rescore": {"unit": None},
    }.items():
        make_job(procurement, kind=kind, arguments=arguments)
    hers = make_job(None, arguments={"assessment": elsewhere.pk}, requested_by=ana)  # who has left that unit
    gone = make_job(procurement, arguments={"assessment": 0})

    text = page(as_ana)
    said = f'<a href="/assessments/{assessment.pk}/">{assessment}</a>'
    assert str(assessment).endswith("Reading invoices")
    assert text.count(said) == page(as_ben).count(said) == 2, "the score's and the report's"
    assert f'<a href="/imports/{batch.pk}/">prices.xlsx › Models</a>' in text
    assert "Secret contracts" not in text
    assert f"About {said}" in page(as_ana, f"/jobs/{Job.objects.filter(kind='report').get().pk}/")
    assert "About" not in page(as_ana, f"/jobs/{hers.pk}/")
    assert "About" not in page(as_ana, f"/jobs/{gone.pk}/")
    sheet = load_workbook(BytesIO(as_ana.get("/jobs/?export=xlsx").content)).active
    assert sheet is not None
    assert [cell.value for row in sheet.iter_rows() for cell in row].count(str(assessment)) == 2

    # The API says the same of each, in its list and alone.
    listed = {one["id"]: one["about"] for one in as_ana.get("/api/v1/jobs/").json()["results"]}
    about = {"text": str(assessment), "url": f"/assessments/{assessment.pk}/"}
    told = [None if one is None else one["url"] for one in listed.values()]
    assert list(listed.values()).count(about) == 2
    assert sorted(map(str, told)) == sorted(["None"] * 3 + [about["url"]] * 2 + [f"/imports/{batch.pk}/"])
    for job, said_of_it in listed.items():
        assert as_ana.get(f"/api/v1/jobs/{job}/").json()["about"] == said_of_it
    assert set(as_ana.get("/api/v1/jobs/?fields=id,about").json()["results"][0]) == {"id", "about"}


def test_the_list_asks_the_same_few_queries_whatever_its_length(
    as_ana: Client, ana: User, procurement: BusinessUnit
) -> None:
    for number in range(60):
        make_job(procurement if number % 2 else None, kind="score", requested_by=ana)
    reasons = [
        *FRAME,
        "the keys of the page",
        "the jobs of the page, with units and people",
    ]
    assert_queries(as_ana, "/jobs/", reasons)
