"""The workbook: opened again, recalculated by another program, equal to the record in every number."""

from __future__ import annotations

import io
import json
import zipfile

from openpyxl import Workbook, load_workbook

from riskassess.assessments.models import ScoreRun
from riskassess.reports.content import report_content
from riskassess.reports.workbook import NAMES, report_workbook
from riskassess.scoring.method import load_method


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def test_what_is_recorded_stands_there_as_values(any_run: ScoreRun) -> None:
    record = json.loads(any_run.record)
    sheet = opened(report_workbook(report_content(any_run)))["Summary"]
    assert [sheet["B4"].value, sheet["B5"].value] == record["risk"]
    assert sheet["B6"].value == record["denominator"]
    assert sheet["B7"].value == record["decision"]
    assert [f"{sheet[cell].value:.1f}" for cell in ("B2", "B3")] == record["shown"]["risk"]
    assert [f"{sheet[cell].value:.1f}" for cell in ("B11", "B12")] == record["shown"]["opportunity"]


def test_its_names_lead_to_its_numbers(run: ScoreRun) -> None:
    book = opened(report_workbook(report_content(run)))
    assert {name: book.defined_names[name].attr_text for name in NAMES} == NAMES


def test_no_text_is_a_formula(run: ScoreRun) -> None:
    book = opened(report_workbook(report_content(run)))
    quotes = [cell for row in book["Evidence"].iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert quotes
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in quotes)
    for sheet in book.worksheets:
        if sheet.title not in {"Assessment", "Summary", "Controls", "Tornado"}:
            assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), sheet.title


def test_only_old_functions_and_no_array_formulas(run: ScoreRun) -> None:
    with zipfile.ZipFile(io.BytesIO(report_workbook(report_content(run)))) as package:
        text = b"".join(package.read(name) for name in package.namelist() if "worksheets" in name).decode()
    assert 't="array"' not in text
    assert not any(word in text for word in ("LET(", "XLOOKUP(", "MAXIFS(", "IFS(", "_xlfn"))


def test_cells_say_why_they_hold_values(run: ScoreRun) -> None:
    sheet = opened(report_workbook(report_content(run)))["Assessment"]
    rows = {str(sheet[f"A{row}"].value)[:7]: row for row in range(2, 45)}
    assert "several items" in sheet[f"H{rows['SEC-CRT']}"].value
    assert "a range as answer" in sheet[f"H{rows['DAT-RET']}"].value
    assert "set by rule" in sheet[f"H{rows['REG-AIA']}"].value
    assert str(sheet[f"I{rows['DAT-TRN']}"].value).startswith("=IF(OR(")
    assert str(sheet[f"J{rows['DAT-OPR']}"].value).startswith("=IF(OR("), "an unknown can be answered live"


def test_the_method_sheet_holds_the_widths_of_the_method(run: ScoreRun) -> None:
    sheet, method = opened(report_workbook(report_content(run)))["Method"], load_method("vrm-1.0")
    assert [sheet[f"B{row}"].value for row in range(2, 8)] == list(method.wide)
    assert [sheet[f"C{row}"].value for row in range(2, 8)] == list(method.narrow)


def test_same_run_same_bytes(run: ScoreRun) -> None:
    assert report_workbook(report_content(run)) == report_workbook(report_content(run))


def test_sources_are_named_down_to_the_cell(run: ScoreRun) -> None:
    sheet = opened(report_workbook(report_content(run)))["Catalog facts"]
    assert "catalog.xlsx › Models › K12" in [cell.value for row in sheet.iter_rows() for cell in row]


def test_yellow_cells_are_open_and_all_others_protected(any_run: ScoreRun) -> None:
    book = opened(report_workbook(report_content(any_run)))
    for title in ("Assessment", "Tornado", "Method"):
        assert book[title].protection.sheet
        for row in book[title].iter_rows():
            for cell in row:
                yellow = cell.fill.start_color.rgb == "FFFDF3D8" and cell.fill.fill_type == "solid"
                assert cell.protection.locked is not yellow, f"{title}!{cell.coordinate}"
                assert not (yellow and cell.data_type == "f"), "no formula stands in the input area"


def test_what_may_be_entered_is_a_choice(run: ScoreRun) -> None:
    sheet = opened(report_workbook(report_content(run)))["Assessment"]
    choices = {str(one.formula1): str(one.sqref) for one in sheet.data_validations.dataValidation}
    rows = {str(sheet[f"A{row}"].value)[:7]: row for row in range(2, 45)}
    assert f"F{rows['DAT-TRN']}" in choices['"0,1,2,3,4"']
    assert f"F{rows['REG-AIA']}" not in choices['"0,1,2,3,4"'], "a rule sets it: no level is entered"
    assert choices['"self,adverse,neutral"'] == choices['"0,1,2,3,4"'].replace("F", "H")


def test_every_sheet_prints_on_our_paper_with_its_titles_and_stays_in_sight(any_run: ScoreRun) -> None:
    book = opened(report_workbook(report_content(any_run)))
    for sheet in book.worksheets:
        assert sheet.print_area
        assert sheet.page_setup.paperSize == 9
        assert sheet.freeze_panes or sheet.title == "Read me"


def test_names_lead_to_the_columns_that_are_changed(run: ScoreRun) -> None:
    book = opened(report_workbook(report_content(run)))
    assert book.defined_names["weights"].attr_text == "Assessment!$B$2:$B$44"
    assert book.defined_names["levels"].attr_text == "Assessment!$F$2:$F$44"
    assert book.defined_names["tornado_falls"].attr_text == "Tornado!$C$2:$C$44"
