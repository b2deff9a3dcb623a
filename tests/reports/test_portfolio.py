"""The portfolio: what ana's unit has bought and means to buy, on whom it rests, and what is due."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import Assessment, Condition, RiskAcceptance, ScoreRun
from riskassess.reports.charts import exposure_grid
from riskassess.reports.portfolio import REGIMES, Portfolio, Tops, portfolio, portfolio_json
from riskassess.reports.portfolio_files import portfolio_csv, portfolio_pdf, portfolio_workbook
from riskassess.scoring.method import load_method
from tests.builders import (
    let_it_stand,
    make_assessment,
    make_decision,
    make_offering,
    make_run,
    make_vendor,
)
from tests.queries import FRAME, assert_queries
from tests.reports import records
from tests.reports.conftest import store

TODAY = date(2026, 11, 24)
PAGE = "/portfolio/"
API = "/api/v1/portfolio/"


def of_all() -> Portfolio:
    return portfolio(Assessment.objects.all(), TODAY, "Portfolio", load_method().thresholds)


@pytest.fixture
def bought(ana: User, ben: User, procurement: BusinessUnit) -> Assessment:
    """Approved under a condition that is open, its risk accepted, due for review next spring."""
    group = make_vendor("Alphabet")
    seller = make_vendor("Google Cloud", parent=make_vendor("Google", parent=group))
    offering = make_offering(name="Gemini", seller=seller, host=seller, model_operator=seller)
    one = make_assessment(ana, procurement, offering=offering, use_case="Coding")
    decision = make_decision(store(one, records.make_record()), ben, "CONDITIONAL")
    Condition.objects.create(decision=decision, text="A contract", owner="Ana", due_on=date(2027, 1, 15))
    Condition.objects.create(decision=decision, text="A test", met_on=TODAY, met_note="Done.", met_by=ben)
    RiskAcceptance.objects.create(
        decision=decision, accepted_by=ben, reason="For the pilot.", expires_on=date(2027, 5, 1)
    )
    return let_it_stand(decision, review_on=date(2027, 4, 1))


@pytest.fixture
def rejected(ana: User, procurement: BusinessUnit) -> Assessment:
    one = make_assessment(ana, procurement, use_case="=Letters", due_on=date(2026, 11, 20))
    store(one, records.rejected())
    return one


def test_what_stands_and_what_is_due(bought: Assessment, rejected: Assessment) -> None:
    worst, one = of_all().entries
    assert worst.computed is not None
    assert (worst.number, worst.computed.word, worst.assessment) == (1, "Reject", rejected.pk)
    assert one.decided is not None
    assert (one.decided.word, one.standing, one.stale) == ("Conditional", "In force", False)
    assert (one.open_conditions, one.next_condition) == (1, date(2027, 1, 15))
    assert (one.review_on, one.accepted_until) == (date(2027, 4, 1), date(2027, 5, 1))
    assert (one.group, one.seller) == ("Alphabet", "Google Cloud")
    counts = dict(of_all().counts)
    assert (counts["Assessments"], counts["Computed: reject"], counts["Conditions open"]) == (2, 1, 1)
    assert counts["Late"] == 1, "the rejected one was due four days ago"


def test_an_approval_is_due_for_review_from_its_day_on(bought: Assessment) -> None:
    made = portfolio(Assessment.objects.all(), date(2027, 4, 1), "Portfolio", (25, 45, 70))
    assert made.entries[0].standing == "Review due"
    assert dict(made.counts)["In force"] == 0


def test_numbers_are_those_of_the_records(bought: Assessment, rejected: Assessment) -> None:
    for entry in of_all().entries:
        record = json.loads(ScoreRun.objects.get(pk=entry.run).record)
        assert entry.risk is not None
        assert entry.opportunity is not None
        assert [entry.risk.low, entry.risk.high] == record["risk"]
        assert [entry.risk.shown_low, entry.risk.shown_high] == record["shown"]["risk"]
        assert [entry.opportunity.low, entry.opportunity.high] == [int(end) for end in record["opportunity"]]
        assert [entry.opportunity.shown_low, entry.opportunity.shown_high] == record["shown"]["opportunity"]
        assert entry.coverage == record["coverage"]["shown"]
        for (key, _), ends in zip(REGIMES, entry.severities, strict=True):
            regime = record["regimes"][key]
            assert ends == (None if regime["in_scope"] is False else (regime["low"], regime["high"]))


def test_concentration_is_by_ultimate_parent_and_by_whose_machines(
    bought: Assessment, rejected: Assessment
) -> None:
    sellers, _, machines = of_all().concentrations
    assert [(row.group, row.vendors, row.count, row.share) for row in sellers.rows] == [
        ("Alphabet", ("Google Cloud",), 1, "50.0"),
        ("Not known", (), 1, "50.0"),
    ]
    assert machines.rows[0].in_force == 1
    assert [(row.group, row.count, row.missing) for row in machines.rows] == [
        ("Alphabet", 1, ()),
        ("Not known", 2, ("host", "operator of the machines", "operator of the model")),
    ], "of the one that Alphabet hosts, nobody has said who operates the machines"
    told = {row["group"]: row for row in portfolio_json(of_all())["concentration"][2]["groups"]}
    assert told["Alphabet"]["highest_risk"] == of_all().entries[1].risk.shown_high  # type: ignore[union-attr]
    assert told["Not known"]["not_said"] == ["host", "operator of the machines", "operator of the model"]


def test_in_force_is_the_same_everywhere_and_ends_on_the_day_of_review(
    as_ana: Client, bought: Assessment
) -> None:
    for day, in_force, due in ((TODAY, 1, 0), (date(2027, 4, 1), 0, 1)):
        made = portfolio(Assessment.objects.all(), day, "Portfolio", (25, 45, 70))
        counts, row = dict(made.counts), made.concentrations[0].rows[0]
        assert (counts["In force"], counts["Review due"]) == (in_force, due)
        assert (row.in_force, row.review_due) == (in_force, due)
        told = portfolio_json(made)["concentration"][0]["groups"][0]
        assert (told["in_force"], told["review_due"]) == (in_force, due)
        sheet = load_workbook(io.BytesIO(portfolio_workbook(made)))["Concentration"]
        assert [(one.value, sheet.cell(2, at).value) for at, one in enumerate(sheet[1], 1)][5:7] == [
            ("In force", in_force),
            ("Review due", due),
        ]


@pytest.mark.django_db
def test_parents_in_a_circle_have_no_top() -> None:
    one, other = make_vendor("One"), make_vendor("Other")
    one.parent, other.parent = other, one
    one.save()
    other.save()
    assert Tops().of(one) == "One"
    assert Tops().of(None) == ""


def test_the_grid_counts_what_is_grave_for_certain_and_what_may_be() -> None:
    grid = exposure_grid(["EU", "US"], [(1, "a", "", [(3, 4), None]), (2, "b", "", [(0, 3), (0, 2)])])
    assert (grid.certain, grid.possible) == ((1, 0), (1, 0))
    assert grid.rows[0].cells[1] is None
    assert grid.rows[1].cells[0] is not None
    assert grid.rows[1].cells[0].label == "Severity 0–3 of 4, none to high"


# -- page, API and files agree ---------------------------------------------------------------------------


def test_page_api_and_every_file_show_the_same_numbers(
    as_ana: Client, bought: Assessment, rejected: Assessment
) -> None:
    html = as_ana.get(PAGE).content.decode()
    told = as_ana.get(API).json()
    assert as_ana.get(f"{PAGE}?export=json").json() == told
    made = of_all()
    pdf = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(portfolio_pdf(made))).pages)
    book = load_workbook(io.BytesIO(portfolio_workbook(made)))
    rows = list(book["Assessments"].iter_rows(min_row=2, values_only=True))
    lines = list(csv.DictReader(io.StringIO(portfolio_csv(made).decode("utf-8-sig"))))
    assert len(told["assessments"]) == len(rows) == len(lines) == 2
    for entry, row, line in zip(told["assessments"], rows, lines, strict=True):
        for name, at in (("risk", 8), ("opportunity", 11)):
            low, high = entry[name]["shown"]
            assert (row[at], row[at + 1]) == (float(low), float(high))
            assert f"{low}–{high}" in html
            assert f"{low}–{high}" in pdf
        assert (line["Risk, low end"], line["Risk, high end"]) == tuple(entry["risk"]["shown"])
        assert int(line["Risk numerator, high end"]) == entry["risk"]["high"]
        assert line["Result"] == entry["result_id"]


def test_the_workbook_is_ready_to_work_with(bought: Assessment, rejected: Assessment) -> None:
    book = load_workbook(io.BytesIO(portfolio_workbook(of_all())))
    assert book.sheetnames == ["Summary", "Assessments", "Regulatory exposure", "Concentration", "Read me"]
    sheet = book["Assessments"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref
    assert isinstance(sheet["I2"].value, float)
    assert sheet["P2"].value.date() == date(2026, 11, 20), "a day is a day"
    assert sheet.print_title_rows == "$1:$1"
    assert portfolio_workbook(of_all()) == portfolio_workbook(of_all())


def test_text_like_a_formula_stays_text(bought: Assessment, rejected: Assessment) -> None:
    sheet = load_workbook(io.BytesIO(portfolio_workbook(of_all())))["Assessments"]
    assert (sheet["C2"].value, sheet["C2"].data_type, sheet["C2"].quotePrefix) == ("=Letters", "s", True)
    assert ",'=Letters," in portfolio_csv(of_all()).decode()


def test_the_pdf_is_tagged_and_the_same_every_time(bought: Assessment, rejected: Assessment) -> None:
    data = portfolio_pdf(of_all())
    assert data == portfolio_pdf(of_all())
    root: Any = PdfReader(io.BytesIO(data)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "StructTreeRoot" in str(root.keys())


# -- who sees what -----------------------------------------------------------------------------------------


def test_an_outsider_sees_nothing_of_it_and_an_auditor_all(
    as_cleo: Client, as_dora: Client, bought: Assessment, research: BusinessUnit
) -> None:
    assert "Gemini" not in as_cleo.get(PAGE).content.decode()
    assert as_cleo.get(API).json()["assessments"] == []
    assert as_cleo.get(f"{PAGE}?unit={bought.unit_id}").content.decode().count("Gemini") == 0
    assert "Gemini" in as_dora.get(PAGE).content.decode()
    assert "Gemini" not in as_dora.get(f"{PAGE}?unit={research.pk}").content.decode()
    assert [one["unit"] for one in as_dora.get(API).json()["assessments"]] == ["Procurement"]


def test_it_is_filtered_by_standing_and_what_is_over_is_left_out(
    as_ana: Client, ana: User, bought: Assessment, rejected: Assessment
) -> None:
    make_assessment(ana, bought.unit, use_case="Given up", state="withdrawn")
    html = as_ana.get(PAGE).content.decode()
    assert "Given up" not in html
    in_force = as_ana.get(API, {"standing": "in_force"}).json()
    assert [one["offering"] for one in in_force["assessments"]] == ["Gemini"]
    assert in_force["title"] == "Portfolio, in force"
    assert as_ana.get(f"{PAGE}?unit=x&standing=nonsense&page=99").status_code == 200
    assert as_ana.get(f"{PAGE}?export=doc").status_code == 400


def test_a_draft_nobody_scored_says_so(as_ana: Client, ana: User, procurement: BusinessUnit) -> None:
    make_assessment(ana, procurement, use_case="Only begun")
    html = as_ana.get(PAGE).content.decode()
    assert "Not scored yet" in html
    assert 'name="run"' not in html


def test_what_nobody_has_scored_is_not_said_to_be_out_of_scope(
    as_ana: Client, ana: User, procurement: BusinessUnit
) -> None:
    make_assessment(ana, procurement, use_case="Only begun")
    made = of_all()
    for text in (
        as_ana.get(PAGE).content.decode(),
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(portfolio_pdf(made))).pages),
        portfolio_csv(made).decode(),
    ):
        assert "not scored yet" in text
        assert "out of scope" not in text
    row = load_workbook(io.BytesIO(portfolio_workbook(made)))["Regulatory exposure"][2]
    assert {cell.value for cell in row[3:]} == {"not scored yet"}
    told = portfolio_json(made)
    assert told["assessments"][0]["exposure"] is None
    assert told["concentration"][0]["groups"][0]["not_scored"] == 1
    assert told["concentration"][0]["groups"][0]["highest_risk"] is None


@pytest.mark.parametrize(("paper", "number"), [("A4", 9), ("Letter", 1)])
def test_the_workbook_prints_on_our_paper(bought: Assessment, settings: Any, paper: str, number: int) -> None:
    settings.REPORT_PAPER = paper
    for sheet in load_workbook(io.BytesIO(portfolio_workbook(of_all()))).worksheets:
        assert sheet.page_setup.paperSize == number


REASONS = (
    *FRAME,
    "the units",
    "the risk appetite in force, for the map",
    "the assessments with what they join",
    "the conditions that are open",
    "the parents of vendors",
)


@pytest.mark.parametrize("many", [10, 1_000])
def test_the_page_costs_the_same_queries_for_ten_and_for_a_thousand(
    as_ana: Client, ana: User, procurement: BusinessUnit, many: int
) -> None:
    _many(ana, procurement, many)
    assert_queries(as_ana, PAGE, REASONS)
    with CaptureQueriesContext(connection) as captured:
        told = as_ana.get(API).json()
    assert len(told["assessments"]) == many
    assert len(captured) == len(REASONS), "as the page"


def _many(ana: User, unit: BusinessUnit, many: int) -> None:
    """Scored assessments of one offering, written in bulk."""
    first = make_run(make_assessment(ana, unit, use_case="Use 0"))
    offering = first.assessment.offering
    made = Assessment.objects.bulk_create(
        Assessment(offering=offering, unit=unit, assessor=ana, use_case=f"Use {at}", as_of=TODAY)
        for at in range(1, many)
    )
    copied = {
        field.name: getattr(first, field.name)
        for field in ScoreRun._meta.concrete_fields
        if field.name not in ("id", "assessment", "result_id", "created_at")
    }
    runs = ScoreRun.objects.bulk_create(
        ScoreRun(**copied, assessment=one, result_id=f"{one.pk:064x}") for one in made
    )
    for one, run in zip(made, runs, strict=True):
        one.current_run = run
    Assessment.objects.bulk_update(made, ["current_run"], batch_size=200)


def test_a_long_portfolio_is_paged(as_ana: Client, ana: User, procurement: BusinessUnit) -> None:
    _many(ana, procurement, 120)
    html = as_ana.get(f"{PAGE}?page=3").content.decode()
    assert "Page 3 of 3" in html
    assert html.count('name="run"') == 20
