"""Once a day what nobody needs any more goes: it is old, nothing points to it, and all that people made stays."""

from __future__ import annotations

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from config import env
from riskassess.accounts.models import BusinessUnit, User
from riskassess.evidence.models import Document
from riskassess.imports.models import Batch
from riskassess.jobs import services, tidying
from riskassess.jobs.handlers import LeaseLost
from riskassess.jobs.models import Job
from riskassess.reports.models import CombinedReport, ReportFile
from tests.builders import make_assessment, make_job, make_run

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LONG_AGO, LATELY = NOW - timedelta(days=91), NOW - timedelta(days=89)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: LazySettings) -> Path:
    """Files of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_ended_jobs_go_after_their_time_and_no_other_does(procurement: BusinessUnit) -> None:
    for state in ("done", "failed", "cancelled"):
        make_job(procurement, kind="old", state=state, finished_at=LONG_AGO)
        make_job(procurement, kind=state, state=state, finished_at=LATELY)
    make_job(procurement, kind="waits", created_at=LONG_AGO)
    make_job(procurement, kind="runs", state="running", claim="0" * 32, lease_until=LONG_AGO)
    assert tidying.tidy(NOW)["jobs"] == 3
    assert {job.kind for job in Job.objects.all()} == {"done", "failed", "cancelled", "waits", "runs"}
    assert tidying.tidy(NOW) == {"jobs": 0, "files": 0, "sessions": 0}, "done again, it is the same"


def test_the_job_of_a_record_stays_with_it(ana: User, procurement: BusinessUnit) -> None:
    made = [
        make_job(procurement, kind=kind, state="failed", finished_at=LONG_AGO)
        for kind in ("report", "combined_report", "import_preview")
    ]
    run = make_run(make_assessment(ana, procurement))
    ReportFile.objects.create(run=run, format="pdf", version="1", job=made[0])
    CombinedReport.objects.create(kind="portfolio", format="pdf", version="1", title="All", job=made[1])
    Batch.objects.create(
        unit=procurement, uploaded_by=ana, state="refused", stated_on="2026-11-24", job=made[2]
    )
    assert tidying.tidy(NOW)["jobs"] == 0
    ReportFile.objects.all().delete()
    assert tidying.tidy(NOW)["jobs"] == 1


def test_who_keeps_them_all_keeps_them_all_and_nobody_keeps_them_for_a_day(
    procurement: BusinessUnit, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_job(procurement, state="done", finished_at=LONG_AGO)
    settings.JOBS_KEPT_DAYS = 0
    assert tidying.tidy(NOW)["jobs"] == 0
    monkeypatch.setenv("DAYS", "1")
    with pytest.raises(ImproperlyConfigured, match="at least 7, or 0"):
        env.days("DAYS", 90, least=7)


def test_one_run_takes_so_many_and_the_next_the_rest(
    procurement: BusinessUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "SOME", 2)
    monkeypatch.setattr(tidying, "MOST", 4)
    for _ in range(7):
        make_job(procurement, state="done", finished_at=LONG_AGO)
    assert [tidying.tidy(NOW)["jobs"] for _ in range(3)] == [4, 3, 0]


def test_what_was_tidied_away_can_be_asked_for_again(procurement: BusinessUnit) -> None:
    make_job(procurement, idempotency_key="again", state="failed", finished_at=LONG_AGO)
    tidying.tidy(NOW)
    assert services.enqueue("score", {}, key="again", unit=procurement).state == "queued"


def test_files_of_a_crash_go_after_a_day_and_those_of_records_never(
    store: Path, ana: User, procurement: BusinessUnit
) -> None:
    run = make_run(make_assessment(ana, procurement))
    rows = (
        Batch(unit=procurement, uploaded_by=ana, stated_on="2026-11-24"),
        ReportFile(run=run, format="pdf", version="1"),
        CombinedReport(kind="portfolio", format="pdf", version="1", title="All"),
        Document(unit=procurement, name="a.pdf", sha256="0" * 64, size=1, uploaded_by=ana),
    )
    for row in rows:
        row.file.save("kept.pdf", ContentFile(b"kept"))
    records = {Path(row.file.path) for row in rows}
    strays = {record.with_name("stray.pdf") for record in records}
    young, elsewhere = min(strays).with_name("young.pdf"), store / "not-ours.txt"
    for file in (*strays, young, elsewhere):
        file.write_bytes(b"left by a crash")
    yesterday = (NOW - timedelta(days=1, minutes=5)).timestamp()
    for file in (*strays, *records, elsewhere):
        os.utime(file, (yesterday, yesterday))
    told = StringIO()
    call_command("tidy", "--dry-run", stdout=told)
    *names, counts = told.getvalue().splitlines()
    assert ({store / name for name in names}, counts) == (strays, f"0 jobs, {len(strays)} files, 0 sessions")
    assert tidying.tidy(NOW)["files"] == len(strays)
    assert {file for file in store.rglob("*") if file.is_file()} == {*records, young, elsewhere}
    assert tidying.tidy(NOW)["files"] == 0


def test_a_worker_that_lost_the_job_deletes_nothing_more(store: Path, procurement: BusinessUnit) -> None:
    make_job(procurement, state="done", finished_at=LONG_AGO)

    def lost() -> None:
        raise LeaseLost

    with pytest.raises(LeaseLost):
        tidying.tidy(NOW, before_each=lost)
    assert Job.objects.count() == 1


def test_sessions_that_ran_out_go_and_who_is_in_stays_in(as_ana: Client, ana: User) -> None:
    [hers] = Session.objects.all()
    Session.objects.create(session_key="over", session_data="", expire_date=NOW - timedelta(minutes=1))
    for key in (hers.session_key, "over"):
        line = UserSession.objects.create(user=ana, session_key=key, ip="127.0.0.1", user_agent="", data={})
        UserSession.objects.filter(pk=line.pk).update(last_seen_at=NOW - timedelta(days=15))
    assert tidying.tidy(NOW)["sessions"] == 2
    assert as_ana.get("/account/sessions/").status_code == 200
    assert [line.session_key for line in UserSession.objects.all()] == [hers.session_key]


def test_it_is_asked_for_once_a_day_however_many_look() -> None:
    tidying.look()
    tidying.look()
    services.drain()
    tidying.look()
    [job] = Job.objects.filter(kind=tidying.TIDY)
    assert (job.state, job.result) == ("done", {"jobs": 0, "files": 0, "sessions": 0})
