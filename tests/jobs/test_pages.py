"""The list of jobs and the page of one: who sees which, why one stopped, and who may cancel."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.jobs.models import Job
from tests.builders import make_job
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


def test_the_list_asks_the_same_few_queries_whatever_its_length(
    as_ana: Client, ana: User, procurement: BusinessUnit
) -> None:
    for number in range(60):
        make_job(procurement if number % 2 else None, kind="score", requested_by=ana)
    reasons = [
        *FRAME,
        "the units to choose from",
        "the keys of the page",
        "the jobs of the page, with units and people",
    ]
    assert_queries(as_ana, "/jobs/", reasons)
