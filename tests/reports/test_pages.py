"""The decision page, and the way to a file."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from riskassess.kernel.errors import InvalidInput
from riskassess.reports.content import report_content
from riskassess.reports.formats import FORMATS
from riskassess.reports.models import ReportFile
from riskassess.reports.services import request_report
from tests.builders import make_decision, make_job
from tests.reports import records
from tests.reports.conftest import store


@pytest.fixture(autouse=True)
def _own_files(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def page(client: Client, run: ScoreRun) -> str:
    response = client.get(reverse("reports:decision", args=[run.assessment_id]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_shows_every_number_of_the_content(as_ana: Client, any_run: ScoreRun) -> None:
    html, content = page(as_ana, any_run), report_content(any_run)
    block = content.block
    figures = (
        *content.totals.risk_text,
        *content.totals.peak_text,
        block.risk.shown_low,
        block.risk.shown_high,
    )
    for said in (*figures, block.decision.word, content.header.result_id):
        assert said in html
    for line in content.factors:
        assert f'id="{line.anchor}"' in html
        assert line.points_high in html


def test_two_clicks_to_the_words_of_a_source(as_ana: Client, assessment: Assessment) -> None:
    html = page(as_ana, store(assessment, records.rejected()))
    why = html[html.index('id="h-why"') : html.index('id="h-route"')]
    assert "Global Standard only." in why
    assert reverse("catalog:source", args=[12]) in why
    for anchor in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{anchor}"' in html, anchor


def test_no_inline_style_no_inline_script(as_ana: Client, any_run: ScoreRun) -> None:
    html = page(as_ana, any_run)
    assert " style=" not in html
    assert not re.findall(r"<script(?![^>]*src=)", html)
    assert "javascript:" not in html


def test_a_page_costs_few_queries(
    as_ana: Client, run: ScoreRun, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(13):  # type: ignore[operator]  # the last one asks which lines are in force
        page(as_ana, run)


def test_an_outsider_finds_nothing(as_cleo: Client, run: ScoreRun) -> None:
    report, _ = request_report(run, "xlsx", by=None)
    drain()
    for name, pk in (
        ("decision", run.assessment_id),
        ("run", run.pk),
        ("file", report.pk),
        ("download", report.pk),
    ):
        assert as_cleo.get(reverse(f"reports:{name}", args=[pk])).status_code == 404, name
    assert as_cleo.post(reverse("reports:make", args=[run.pk]), {"format": "pdf"}).status_code == 404


def test_an_approver_may_decide_and_the_submitter_may_not(
    as_ana: Client, as_ben: Client, run: ScoreRun
) -> None:
    assert 'id="decide"' in page(as_ben, run)
    assert 'id="decide"' not in page(as_ana, run)


def test_a_past_run_says_that_it_is_one(as_ben: Client, assessment: Assessment) -> None:
    past = store(assessment, records.blank())
    store(assessment, records.make_record())
    html = as_ben.get(reverse("reports:run", args=[past.pk])).content.decode()
    assert "This is an earlier run" in html
    assert 'id="decide"' not in html


def test_without_a_run_the_page_waits_for_it(as_ana: Client, assessment: Assessment) -> None:
    address = reverse("reports:decision", args=[assessment.pk])
    assert "Not scored yet" in as_ana.get(address).content.decode()
    job = make_job(assessment.unit, arguments={"assessment": assessment.pk})
    waiting = as_ana.get(address).content.decode()
    assert "It is being scored" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    store(assessment, records.make_record())
    assert "It is being scored" in as_ana.get(address).content.decode(), (
        "that run is older than what was asked for"
    )
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=job.run_after)
    assert as_ana.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


@pytest.mark.parametrize(("wanted", "start"), [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("pdfa", b"%PDF-")])
def test_from_the_button_to_the_file(as_ana: Client, run: ScoreRun, wanted: str, start: bytes) -> None:
    made = as_ana.post(reverse("reports:make", args=[run.pk]), {"format": wanted})
    assert made.status_code == 302
    assert "It is being made" in as_ana.get(made["Location"]).content.decode()
    report = ReportFile.objects.get()
    assert as_ana.get(reverse("reports:download", args=[report.pk])).status_code == 302, "not made yet"
    assert drain() == 1
    assert "Download" in as_ana.get(made["Location"]).content.decode()
    response = as_ana.get(reverse("reports:download", args=[report.pk]))
    data = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert data.startswith(start)
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert (
        response["Content-Disposition"].rstrip('"').endswith(f"{run.result_id[:8]}.{FORMATS[wanted].ending}")
    )


def test_asked_twice_made_twice_it_is_one_file(run: ScoreRun, ana: User) -> None:
    report, job = request_report(run, "xlsx", by=ana)
    again, same = request_report(run, "xlsx", by=ana)
    assert job is not None
    assert (again.pk, same) == (report.pk, job)
    drain()
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED, finished_at=None)  # delivered once more
    assert drain() == 1
    folders = [default_storage.listdir("reports")[0][0]]
    month = default_storage.listdir(f"reports/{folders[0]}")[0][0]
    assert len(default_storage.listdir(f"reports/{folders[0]}/{month}")[1]) == 1
    report.refresh_from_db()
    assert len(report.sha256) == 64
    assert request_report(run, "xlsx", by=ana) == (report, None)


def test_a_decision_makes_a_new_edition(run: ScoreRun, ben: User) -> None:
    before, _ = request_report(run, "pdf", by=None)
    make_decision(run, ben, "REJECT")
    after, _ = request_report(run, "pdf", by=None)
    assert before.pk != after.pk


def test_one_that_cannot_be_drawn_says_which_and_where_and_is_not_tried_again(
    as_ana: Client, run: ScoreRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("riskassess.reports.engine.NOT_IN_XML", re.compile("(?!)"))  # leaves all in
    ScoreRun.objects.filter(pk=run.pk).update(record=run.record.replace("Group Engineering", "Group\\u0007"))
    report, job = request_report(run, "pdf", by=None)
    assert job is not None
    drain()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 1)
    assert f"The PDF of result {run.result_id[:4]}" in job.error_message
    assert "under “the beginning”" in job.error_message
    page = as_ana.get(reverse("reports:file", args=[report.pk])).content.decode()
    assert "It could not be made" in page
    assert "Other formats may work." in page


def test_another_format_is_refused(run: ScoreRun) -> None:
    with pytest.raises(InvalidInput, match="no format of reports"):
        request_report(run, "docx", by=None)


def test_the_command_writes_all_four(run: ScoreRun, tmp_path: Path) -> None:
    paths = {kind: tmp_path / f"a.{kind}" for kind in ("pdf", "xlsx", "json", "archive")}
    out = io.StringIO()
    call_command(
        "report", str(run.assessment_id), *(f"--{kind}={path}" for kind, path in paths.items()), stdout=out
    )
    assert paths["json"].read_bytes() == run.record.encode(), "byte for byte"
    assert json.loads(paths["json"].read_text())["result_id"] == run.result_id
    assert paths["pdf"].read_bytes().startswith(b"%PDF-")
    assert paths["xlsx"].read_bytes().startswith(b"PK")
    assert "Escalate, risk 24.1–46.4" in out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["999", "--json=x"], "no assessment 999"),
        (["--run=999", "--json=x"], "no such run"),
        ([], "Which assessment"),
    ],
)
def test_the_command_says_what_is_wrong(db: None, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("report", *arguments)
