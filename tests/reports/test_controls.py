"""Controls on every face: the page, the PDF, the workbook and *why did it change?* say what the record says."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.reports.changes import changes
from riskassess.reports.content import report_content
from riskassess.reports.pdf import report_pdf
from riskassess.reports.recorded import result_of
from riskassess.reports.workbook import report_workbook
from riskassess.scoring.controls import taken, taken_off
from riskassess.scoring.sensitivity import tornado
from tests.builders import make_assessment
from tests.reports import records
from tests.reports.conftest import store


@pytest.fixture
def controlled(assessment: Assessment) -> ScoreRun:
    return store(assessment, records.controlled())


def test_the_content_says_what_the_record_says(controlled: ScoreRun) -> None:
    record, content = json.loads(controlled.record), report_content(controlled)
    inherent, current, target = content.views
    assert [current.interval.low, current.interval.high] == record["risk"]
    assert [inherent.interval.low, inherent.interval.high] == record["views"]["inherent"]["risk"]
    assert [target.interval.low, target.interval.high] == record["views"]["target"]["risk"]
    assert target.interval.high < current.interval.high < inherent.interval.high
    lines = {line.key: line for line in content.controls}
    assert [lines[key].status for key in ("redaction", "indemnity", "review", "idea")] == [
        "Implemented", "Committed", "Verified", "Proposed",
    ]  # fmt: skip
    assert (lines["redaction"].counted, lines["indemnity"].counted) == ("22.5–45 %", "0–33 %")
    assert lines["idea"].now == ("0.0", "0.0"), "a proposal takes nothing off"
    assert list(lines["redaction"].now_ends) == record["mitigations"]["redaction"]["now"]
    retained = next(line for line in content.factors if line.key == "DAT-RET")
    assert retained.controls == ("indemnity", "redaction", "review")
    assert retained.level_ends < retained.bare_ends


def test_without_controls_no_face_has_a_word_of_them(run: ScoreRun, as_ana: Client) -> None:
    content = report_content(run)
    assert content.views == content.controls == ()
    assert (
        'id="h-controls"'
        not in as_ana.get(reverse("reports:decision", args=[run.assessment_id])).content.decode()
    )
    assert "Controls" not in load_workbook(io.BytesIO(report_workbook(content))).sheetnames


@pytest.mark.parametrize(
    ("numerator", "said"), [(0, "0.0"), (1, "−<0.1"), (10, "−0.1"), (199, "−1.9"), (100_00, "−100.0")]
)
def test_what_is_taken_off_is_never_overstated(numerator: int, said: str) -> None:
    assert taken(numerator, 100) == said


def test_the_page_shows_views_controls_and_who_sees_to_them(as_ana: Client, controlled: ScoreRun) -> None:
    html = as_ana.get(reverse("reports:decision", args=[controlled.assessment_id])).content.decode()
    content = report_content(controlled)
    section = (
        html[html.index('id="h-controls"') : html.index('id="h-regulatory"')]
        if 'id="h-regulatory"' in html
        else html
    )
    for view in content.views:
        assert view.interval.text in section
        assert view.interval.bar.label in section
    for said in ("Security", "1 Mar 2027", "nobody yet", "Contract, clause 7.", "22.5–45 %"):
        assert said in section
    assert "without controls" in html


def test_an_approver_is_shown_what_a_condition_may_rest_on(as_ben: Client, controlled: ScoreRun) -> None:
    html = as_ben.get(reverse("reports:decision", args=[controlled.assessment_id])).content.decode()
    form = html[html.index('id="decide"') :]
    notice = form[form.index("Not verified yet") : form.index("Record the decision")]
    assert "Personal data are redacted (implemented, Security, due 1 Mar 2027)" in notice
    assert "=The vendor indemnifies (committed)" in notice
    assert "Two people read" not in notice, "it is verified"
    assert "A second supplier" not in notice, "nobody stands for it yet"


def test_the_pdf_has_them(controlled: ScoreRun) -> None:
    assert report_pdf(report_content(controlled)).startswith(b"%PDF-")


def test_the_figures_come_back_from_the_record(controlled: ScoreRun) -> None:
    record = json.loads(controlled.record)
    result = result_of(record)
    assert [list(result.inherent.risk), list(result.target.risk)] == [
        record["views"]["inherent"]["risk"], record["views"]["target"]["risk"],
    ]  # fmt: skip
    for one in taken_off(result):
        assert record["mitigations"][one.key] == {"now": list(one.now), "verified": list(one.verified)}
    falls = {swing.key: swing.fall for swing in tornado(result) if swing.fall or swing.rise}
    assert falls == {one["factor"]: one["falls"] for one in record["tornado"]}


def test_a_route_over_an_unproven_control_asks_what_shows_it(assessment: Assessment) -> None:
    everywhere = replace(
        records.INDEMNITY, factors=tuple(one["key"] for one in records.make_record()["factors"])
    )
    run = store(assessment, records.make_record(controls=(everywhere,)))
    asks = report_content(run).route.asks
    assert asks
    assert any("does it work as meant" in text for ask in asks for text, _ in ask.more)


# -- why did it change? ----------------------------------------------------------------------------------


def test_a_step_of_a_control_is_named_as_the_cause_with_what_it_moved() -> None:
    verified = (replace(records.REDACTION, status="verified"), *records.CONTROLS[1:])
    found = changes(records.controlled(), records.make_record(controls=verified))
    assert [(one.key, one.before, one.after) for one in found.controls] == [
        ("redaction", "implemented", "verified")
    ]
    assert "1 control changed" in found.summary
    moves = {move.key: move for move in found.moves}
    assert set(moves) <= set(records.REDACTION.factors)
    trained = moves["DAT-TRN"]
    assert trained.kinds == "control"
    assert "“Personal data are redacted”: implemented, 45 % → verified, 45 %" in trained.causes[0].text
    assert trained.by_text[1].rstrip("0") in trained.causes[0].text


def test_controls_that_came_and_went_say_so() -> None:
    found = changes(records.make_record(), records.controlled())
    assert {one.before for one in found.controls} == {"not there"}
    assert all(move.kinds == "control" for move in found.moves)
    back = changes(records.controlled(), records.make_record())
    assert {one.after for one in back.controls} == {"not there"}
    assert [move.by for move in back.moves] == [tuple(-end for end in move.by) for move in found.moves]


def test_what_evidence_moved_is_not_put_on_a_control() -> None:
    worse = records.EVIDENCE | {"DAT-TRN": [records.EVIDENCE["DAT-TRN"][0] | {"level": [3, 3]}]}
    planned = replace(records.REDACTION, status="verified")
    found = changes(records.make_record(), records.make_record(evidence=worse, controls=(planned,)))
    trained = next(move for move in found.moves if move.key == "DAT-TRN")
    assert trained.kinds == "evidence and control"
    assert trained.by[1] > 0, "the evidence made it worse than the control made it better"
    assert "−" in trained.causes[1].text


def test_another_owner_is_a_change_that_moves_nothing() -> None:
    owned = (replace(records.REDACTION, owner="Legal"), *records.CONTROLS[1:])
    found = changes(records.controlled(), records.make_record(controls=owned))
    assert [(one.before, one.after) for one in found.controls] == [("Security", "Legal")]
    assert not found.moves
    assert not found.same


# -- workbook --------------------------------------------------------------------------------------------


def test_the_sheet_of_controls_computes_what_counts(controlled: ScoreRun) -> None:
    book = load_workbook(io.BytesIO(report_workbook(report_content(controlled))))
    sheet, live = book["Controls"], book["Assessment"]
    titles = [sheet[f"A{row}"].value for row in range(2, 6)]
    assert titles == ["Personal data are redacted", "=The vendor indemnifies", "Two people read what is sent",
                      "A second supplier"]  # fmt: skip
    assert sheet["A3"].data_type == "s", "no text of a person is a formula"
    assert sheet["E2"].value.startswith("=D2*INDEX(")
    rows = {str(live[f"A{row}"].value)[:7]: row for row in range(2, 45)}
    assert live[f"I{rows['DAT-RET']}"].value.count("Controls!$F$") == 3
    assert "several items" in live[f"H{rows['SEC-CRT']}"].value


def test_more_controls_than_formulas_hold_stand_as_values(assessment: Assessment) -> None:
    six = tuple(replace(records.REVIEW, key=f"review-{n}") for n in range(6))
    content = report_content(store(assessment, records.make_record(controls=six)))
    live = load_workbook(io.BytesIO(report_workbook(content)))["Assessment"]
    row = next(row for row in range(2, 45) if str(live[f"A{row}"].value).startswith("DAT-RET"))
    line = next(line for line in content.factors if line.key == "DAT-RET")
    assert (live[f"I{row}"].value, live[f"J{row}"].value) == line.level_ends
    assert "more controls" in live[f"H{row}"].value


# -- beside ----------------------------------------------------------------------------------------------


def test_others_are_compared_by_the_current_view_and_an_answer_is_worth_what_it_still_moves(
    as_ana: Client, controlled: ScoreRun, ana: User, procurement: BusinessUnit
) -> None:
    other = store(make_assessment(ana, procurement, state="submitted"), records.make_record())
    runs = f"?run={controlled.pk}&run={other.pk}"
    html = as_ana.get(reverse("reports:compare") + runs).content.decode()
    content = report_content(controlled)
    assert content.block.risk.shown_high in html
    assert content.block.risk.shown_high != report_content(other).block.risk.shown_high
    assert as_ana.get(reverse("reports:worth", args=[controlled.pk])).status_code == 200
