"""Files about several assessments: asked for once, made by jobs that may die, seen by those who may read all of it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments.models import Assessment, Condition, ScoreRun
from riskassess.jobs import services as jobs
from riskassess.jobs.models import Job
from riskassess.reports import formats
from riskassess.reports.combined_tasks import IN_QUEUE, NOT_MADE
from riskassess.reports.downloads import told_apart
from riskassess.reports.figures import span
from riskassess.reports.models import CombinedReport, ReportFile
from riskassess.reports.portfolio import portfolio
from riskassess.reports.services import request_report
from riskassess.reports.side_by_side import comparison_json, side_by_side
from riskassess.reports.side_by_side_files import comparison_pdf, comparison_workbook
from riskassess.reports.versions import portfolio_version, version_of
from tests.builders import (
    leases_run_out,
    make_assessment,
    make_decision,
    make_model,
    make_offering,
    make_person,
)
from tests.reports import records
from tests.reports.conftest import store
from tests.reports.test_compare import bad

V1 = "/api/v1/"
MEASURES = (("Risk", "risk"), ("Opportunity", "opportunity"), ("Risk-adjusted value", "risk_adjusted"))


@pytest.fixture
def pair(ana: User, procurement: BusinessUnit) -> tuple[ScoreRun, ScoreRun]:
    return (
        store(make_assessment(ana, procurement, offering=make_offering(make_model("Bad"))), bad()),
        store(
            make_assessment(ana, procurement, offering=make_offering(make_model("Good"))),
            records.make_record(),
        ),
    )


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def work() -> None:
    """Workers until nothing is left, those waits included that a job asked for."""
    for _ in range(50):
        Job.objects.unfinished().update(run_after=timezone.now())
        if not jobs.drain():
            return


def work_on(kind: str) -> None:
    """A worker that finds only jobs of that kind ready."""
    Job.objects.unfinished().exclude(kind=kind).update(run_after=timezone.now() + timedelta(hours=1))
    jobs.drain()


def ids(*runs: ScoreRun) -> dict[str, list[int]]:
    return {"run": [run.pk for run in runs]}


# -- one comparison, four faces ---------------------------------------------------------------------------


@pytest.mark.parametrize("many", [2, 4])
def test_page_api_pdf_and_workbook_agree_on_every_number(
    as_ana: Client, ana: User, procurement: BusinessUnit, pair: tuple[ScoreRun, ScoreRun], many: int
) -> None:
    others = [
        store(make_assessment(ana, procurement), made) for made in (records.rejected(), records.blank())
    ]
    runs = [*pair, *others][:many]
    told = as_ana.get(f"{V1}comparisons/", ids(*runs)).json()
    html = as_ana.get("/compare/", ids(*runs)).content.decode()
    found = side_by_side(runs)
    assert comparison_json(found) == told
    pdf = re.sub(
        r"\s+",
        " ",
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(comparison_pdf(found))).pages),
    )
    book = load_workbook(io.BytesIO(comparison_workbook(found)))
    sheets = {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book.worksheets}
    for said in (told["verdict"], told["title"]):
        assert said in html
        assert said in pdf
    assert sheets["Verdict"][0][1] == told["verdict"]
    if told["separating_question"]:
        for face in (html, pdf, str(sheets["Verdict"])):
            assert told["separating_question"]["text"] in face
    unlike = [[row["fact"], *row["says"].values()] for row in told["unlike"]]
    assert bool(unlike) is (many == 4)
    assert [list(row) for row in sheets.get("Unlike", [])] == unlike
    for fact, *_ in unlike:
        assert fact in html
        assert fact in pdf
    intervals = {(row[0], row[1]): row for row in sheets["Intervals"]}
    for offer in told["offers"]:
        for measure, key in (
            ("Risk", "risk"),
            ("Opportunity", "opportunity"),
            ("Risk-adjusted value", "risk_adjusted"),
        ):
            low, high = offer[key]["shown"]
            for face in (html, pdf):
                assert span(low, high) in face
            row = intervals[measure, offer["letter"]]
            assert (row[3], row[4]) == (float(low), float(high))
            assert row[5:8] == tuple(str(offer[key][end]) for end in ("low", "high", "denominator"))
    factors = {row[0]: row for row in (*sheets["Factors"], *sheets["Opportunity"])}
    for line in (*told["factors"], *told["opportunity_factors"]):
        for at, letter in enumerate("ABCDEF"[:many]):
            ends, row = line["levels"][letter], factors[line["factor"]]
            shown = row[3 + 5 * at : 5 + 5 * at]
            assert shown == (tuple(end / 100 for end in ends) if ends else (None, None)), line["factor"]
            assert list(row[5 + 5 * at : 7 + 5 * at]) == [float(one) for one in line["points"][letter]]
    for domain in told["domains"]:
        for interval in domain["risk"].values():
            low, high = interval["shown"]
            assert span(low, high) in html
            assert span(low, high) in pdf


def test_the_comparison_is_the_same_bytes_every_time(pair: tuple[ScoreRun, ScoreRun]) -> None:
    found = side_by_side(pair)
    assert comparison_pdf(found) == comparison_pdf(found)
    assert comparison_workbook(found) == comparison_workbook(found)


# -- asking, sharing, seeing -------------------------------------------------------------------------------


def test_a_comparison_is_asked_for_watched_and_taken(as_ana: Client, pair: tuple[ScoreRun, ScoreRun]) -> None:
    page = as_ana.post("/compare/report/", ids(*pair) | {"format": "pdf"})["Location"]
    assert "It is being made" in as_ana.get(page).content.decode()
    assert as_ana.get(f"{page}download/")["Location"] == page
    work()
    assert "Ready" in as_ana.get(page).content.decode()
    taken = as_ana.get(f"{page}download/")
    assert b"".join(taken.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert re.search(r'filename="comparison-of-bad-and-good-[\d-]+\.pdf"', taken["Content-Disposition"])
    assert as_ana.post("/compare/report/", ids(*pair) | {"format": "pdf"})["Location"] == page
    assert as_ana.post("/compare/report/", ids(*reversed(pair)) | {"format": "pdf"})["Location"] != page
    assert Job.objects.filter(kind="combined_report").count() == 2


def test_who_may_not_read_all_of_it_finds_nothing(
    as_ana: Client,
    as_cleo: Client,
    as_dora: Client,
    cleo: User,
    research: BusinessUnit,
    pair: tuple[ScoreRun, ScoreRun],
) -> None:
    page = as_ana.post("/compare/report/", ids(*pair) | {"format": "xlsx"})["Location"]
    assert as_cleo.get(page).status_code == 404
    assert as_cleo.get(f"{page}download/").status_code == 404
    assert as_cleo.get(f"{V1}combined-reports/").json()["results"] == []
    assert as_dora.get(page).status_code == 200
    theirs = store(make_assessment(cleo, research), records.make_record())
    assert as_ana.post("/compare/report/", ids(pair[0], theirs) | {"format": "pdf"}).status_code == 404
    shared = as_dora.post("/compare/report/", ids(pair[0], theirs) | {"format": "pdf"})["Location"]
    assert as_ana.get(shared).status_code == 404, "half of it is not hers to read"
    assert as_cleo.get(shared).status_code == 404
    both = Client()
    both.force_login(
        make_person("Gil Both", (pair[0].assessment.unit, Role.ASSESSOR), (research, Role.ASSESSOR))
    )
    assert both.get(shared).status_code == 200


def test_the_portfolio_as_a_file_is_made_once_for_one_state(
    as_ana: Client, as_ben: Client, pair: Any
) -> None:
    page = as_ana.post("/portfolio/report/", {"format": "pdf"})["Location"]
    assert as_ben.post("/portfolio/report/", {"format": "pdf"})["Location"] == page, "both see the same"
    work()
    text = as_ana.get(page).content.decode()
    assert "Ready" in text
    store(pair[0].assessment, records.rejected())
    assert as_ana.post("/portfolio/report/", {"format": "pdf"})["Location"] != page
    assert as_ana.post("/portfolio/report/", {"format": "doc"}).status_code == 400


def test_an_empty_portfolio_is_only_for_those_whose_it_is(
    as_ana: Client, as_ben: Client, as_cleo: Client, as_dora: Client, evan: User, procurement: BusinessUnit
) -> None:
    hers = as_ana.post("/portfolio/report/", {"format": "xlsx", "unit": procurement.pk})["Location"]
    assert as_ben.post("/portfolio/report/", {"format": "xlsx", "unit": procurement.pk})["Location"] == hers
    assert as_cleo.get(hers).status_code == 404
    assert as_dora.get(hers).status_code == 200, "auditors read everything"
    theirs = as_cleo.post("/portfolio/report/", {"format": "xlsx"})["Location"]
    assert theirs != hers
    assert as_cleo.get(theirs).status_code == 200
    assert as_ana.get(theirs).status_code == 404
    assert len(as_ana.get(f"{V1}combined-reports/").json()["results"]) == 1
    nowhere = Client()
    nowhere.force_login(evan)
    assert nowhere.post("/portfolio/report/", {"format": "xlsx"}).status_code == 400
    of_nobody = CombinedReport.objects.create(kind="portfolio", format="pdf", version="1", title="Portfolio")
    assert as_cleo.get(f"/combined/{of_nobody.pk}/").status_code == 404


def test_a_portfolio_that_changed_before_it_was_drawn_is_not_drawn_under_the_old_name(
    as_ana: Client, pair: tuple[ScoreRun, ScoreRun]
) -> None:
    page = as_ana.post("/portfolio/report/", {"format": "xlsx"})["Location"]
    store(pair[0].assessment, records.rejected())
    work()
    html = as_ana.get(page).content.decode()
    assert "“Portfolio” changed after it was asked for, before it was drawn." in html
    assert "Ask for it again" in html
    again = as_ana.post("/portfolio/report/", {"format": "xlsx"})["Location"]
    assert again != page
    work()
    assert "Ready" in as_ana.get(again).content.decode()


def test_other_lines_are_another_portfolio(pair: Any, procurement: BusinessUnit) -> None:
    on = date(2026, 11, 24)
    made = portfolio(Assessment.objects.all(), on, "Portfolio", (25, 45, 70))
    other = portfolio(Assessment.objects.all(), on, "Portfolio", (20, 40, 60))
    units = [procurement.pk]
    assert portfolio_version(made, units) == portfolio_version(made, units)
    assert portfolio_version(made, units) != portfolio_version(other, units)


@pytest.mark.parametrize("drawn_already", [False, True])
def test_an_archive_holds_the_state_it_was_asked_for_or_says_that_it_has_gone(
    as_ana: Client, ben: User, pair: tuple[ScoreRun, ScoreRun], drawn_already: bool
) -> None:
    asked = ids(*pair) | {"format": "xlsx"}
    page = as_ana.post("/portfolio/archive/", asked)["Location"]
    if drawn_already:  # one of the two; the other is asked for after somebody has decided
        request_report(pair[0], "xlsx", by=ben)
        work_on("report")
    make_decision(pair[1], ben, "CONDITIONAL")
    work()
    html = as_ana.get(page).content.decode()
    assert "A decision on one of these runs changed after it was asked for" in html
    assert not CombinedReport.objects.get().file
    again = as_ana.post("/portfolio/archive/", asked)["Location"]
    assert again != page
    work()
    assert len(unpacked(as_ana, again)) == 2


def test_a_report_is_not_kept_under_a_decision_it_does_not_show(
    ben: User, pair: tuple[ScoreRun, ScoreRun]
) -> None:
    before, _ = request_report(pair[0], "xlsx", by=ben)
    decision = make_decision(pair[0], ben, "CONDITIONAL")
    work()
    before.refresh_from_db()
    assert not before.file
    assert before.job is not None
    assert before.job.error_message.startswith("The decision on this run changed")
    after, _ = request_report(pair[0], "xlsx", by=ben)
    assert after.pk != before.pk
    Condition.objects.create(decision=decision, text="A contract", owner="Ana")
    assert version_of(pair[0], "en") != after.version, "the words of its conditions are part of it"


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (list(range(1, 502)), "501 runs are too many for one file. Give at most 500."),
        ([2**70], ""),
        ([987_654], "There is no run 987654 that you may see."),
    ],
)
def test_runs_asked_for_over_the_api_are_bounded(as_ana: Client, runs: list[int], said: str) -> None:
    asked = {"kind": "batch", "runs": runs, "reports": ["pdf"]}
    with CaptureQueriesContext(connection) as captured:
        answer = as_ana.post(f"{V1}combined-reports/", asked, content_type="application/json")
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert len(captured) < 10


def test_a_run_named_twice_counts_once(as_ana: Client, pair: tuple[ScoreRun, ScoreRun]) -> None:
    def asked(*runs: ScoreRun) -> Any:
        given = {"kind": "comparison", "format": "pdf", "runs": [run.pk for run in runs]}
        return as_ana.post(f"{V1}combined-reports/", given, content_type="application/json")

    twice = asked(pair[0], pair[0])
    assert twice.status_code == 400
    assert "1 run cannot be compared" in twice.content.decode()
    assert asked(pair[0], pair[1], pair[0]).json()["id"] == asked(*pair).json()["id"]


def test_over_the_api(as_ana: Client, as_cleo: Client, pair: tuple[ScoreRun, ScoreRun]) -> None:
    asked = {"kind": "comparison", "format": "xlsx", "runs": [run.pk for run in pair]}
    answer = as_ana.post(f"{V1}combined-reports/", asked, content_type="application/json")
    assert answer.status_code == 202
    work()
    again = as_ana.post(f"{V1}combined-reports/", asked, content_type="application/json")
    assert again.status_code == 200
    assert again.json()["ready"] is True
    download = as_ana.get(f"{V1}combined-reports/{again.json()['id']}/download/")
    assert b"".join(download.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert as_cleo.post(f"{V1}combined-reports/", asked, content_type="application/json").status_code == 400
    whole = {"kind": "portfolio", "format": "pdf", "standing": "draft"}
    assert as_ana.post(f"{V1}combined-reports/", whole, content_type="application/json").status_code == 202
    assert as_ana.get(f"{V1}comparisons/", ids(pair[0])).status_code == 400


# -- archives ----------------------------------------------------------------------------------------------


def unpacked(client: Client, page: str) -> dict[str, bytes]:
    data = b"".join(client.get(f"{page}download/").streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_chosen_reports_come_as_one_archive(as_ana: Client, pair: tuple[ScoreRun, ScoreRun]) -> None:
    page = as_ana.post("/portfolio/archive/", ids(*pair) | {"format": ["pdf", "xlsx"]})["Location"]
    work()
    files = unpacked(as_ana, page)
    assert sorted(name.rsplit(".")[-1] for name in files) == ["pdf", "pdf", "xlsx", "xlsx"]
    for name, data in files.items():
        assert re.fullmatch(r"[a-z0-9-]+-2026-11-24-[0-9a-f]{8}\.(pdf|xlsx)", name)
        assert data[:2] in (b"%P", b"PK")
    for report in ReportFile.objects.all():
        with report.file.open("rb") as stored:
            assert stored.read() in files.values(), "the very files that single requests get"


def test_all_that_match_the_filter(as_ana: Client, ana: User, pair: tuple[ScoreRun, ScoreRun]) -> None:
    make_assessment(ana, pair[0].assessment.unit, use_case="Not scored")
    page = as_ana.post("/portfolio/archive/", {"all": "1", "format": "xlsx", "standing": "draft"})["Location"]
    work()
    assert len(unpacked(as_ana, page)) == 2
    assert as_ana.post("/portfolio/archive/", {"format": "pdf"}).status_code == 400, "nothing is chosen"
    assert as_ana.post("/portfolio/archive/", ids(*pair)).status_code == 400, "as what?"


def test_one_that_cannot_be_drawn_is_named_and_the_others_come(
    as_ana: Client,
    pair: tuple[ScoreRun, ScoreRun],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    real = formats.report_workbook

    def breaks(content: Any) -> bytes:
        if content.header.offering == "Bad":
            raise ValueError("no sheet of that name")
        return real(content)

    monkeypatch.setattr(formats, "report_workbook", breaks)
    page = as_ana.post("/portfolio/archive/", ids(*pair) | {"format": "xlsx"})["Location"]
    work()
    files = unpacked(as_ana, page)
    told = files.pop(NOT_MADE).decode()
    assert len(files) == 1
    assert "bad" in told
    assert "no sheet of that name (ValueError)" in told
    html = as_ana.get(page).content.decode()
    assert "1 could not be made" in html
    assert "no sheet of that name" in html
    monkeypatch.setattr(formats, "report_workbook", real)
    first = CombinedReport.objects.get().file
    with django_capture_on_commit_callbacks(execute=True):
        assert as_ana.post("/portfolio/archive/", ids(*pair) | {"format": "xlsx"})["Location"] == page
    assert not first.storage.exists(first.name), "nobody points to it any more"
    work()
    assert len(unpacked(as_ana, page)) == 2
    assert "could not be made" not in as_ana.get(page).content.decode()


def test_a_worker_that_dies_between_two_reports_is_followed_by_one_that_goes_on(
    as_ana: Client, ana: User, procurement: BusinessUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [
        store(make_assessment(ana, procurement), records.make_record(use_case=f"Use {n}")) for n in range(12)
    ]
    as_ana.post("/portfolio/archive/", ids(*runs) | {"format": "xlsx"})
    batch = Job.objects.claim_next(timezone.now())
    assert batch is not None
    jobs.run(batch)  # deals out as many as may wait at once, then steps aside
    assert Job.objects.filter(kind="report").count() == IN_QUEUE
    one = Job.objects.claim_next(timezone.now())
    assert one is not None
    assert one.kind == "report"
    leases_run_out()  # it died
    work()
    report = CombinedReport.objects.get()
    assert report.file
    assert report.problems == []
    assert ReportFile.objects.count() == 12
    with zipfile.ZipFile(report.file.open("rb")) as archive:
        assert len(archive.namelist()) == 12


def test_names_that_are_the_same_are_told_apart() -> None:
    assert told_apart(["a.pdf", "A.pdf", "a.archive.pdf", "a.pdf"]) == [
        "a.pdf",
        "A-2.pdf",
        "a.archive.pdf",
        "a-3.pdf",
    ]
