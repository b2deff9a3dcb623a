"""The workbook: opened again, recalculated by another program, equal to the record in every number."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
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
        if sheet.title not in {"Assessment", "Summary", "Controls"}:
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


def recalculated(data: bytes, folder: Path, change: dict[str, Any] | None = None) -> Workbook:
    """The workbook as LibreOffice computes it, after changing some cells of "Assessment"."""
    if shutil.which("soffice") is None:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("LibreOffice is not installed")
    book = opened(data)
    for cell, value in (change or {}).items():
        book["Assessment"][cell] = value
    source = folder / "report.xlsx"
    book.save(source)
    out = folder / "recalculated"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx",
         "--outdir", str(out), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return load_workbook(out / "report.xlsx", data_only=True)


@pytest.mark.office
def test_its_formulas_give_the_recorded_integers(any_run: ScoreRun, tmp_path: Path) -> None:
    record = json.loads(any_run.record)
    book = recalculated(report_workbook(report_content(any_run)), tmp_path)
    sheet = book["Assessment"]
    assert [sheet["T7"].value, sheet["T8"].value] == record["risk"]
    assert [sheet["T3"].value, sheet["T4"].value] == record["base"]
    assert [sheet["T5"].value, sheet["T6"].value] == record["peak"]
    assert sheet["T2"].value == record["denominator"]
    assert [f"{sheet[cell].value:.1f}" for cell in ("T9", "T10")] == record["shown"]["risk"]
    assert sheet["T18"].value == record["decision"]
    coverage = record["coverage"]
    assert sheet["T12"].value == pytest.approx(coverage["numerator"] / coverage["denominator"])
    assert sheet["T13"].value == (coverage["ok"] and coverage["assured"])
    falls = {bar["factor"]: bar["falls"] for bar in record["tornado"]}
    for row, factor in enumerate(record["factors"], 2):
        assert [sheet[f"I{row}"].value, sheet[f"J{row}"].value] == factor["level"], factor["key"]
        assert [sheet[f"K{row}"].value, sheet[f"L{row}"].value] == factor["x"], factor["key"]
        assert sheet[f"Q{row}"].value == (factor["x"][1] > 0 and factor["binding"][1]), factor["key"]
        fall = sheet[f"R{row}"].value * record["denominator"]
        assert fall == pytest.approx(falls.get(factor["key"], 0), abs=1e-3), factor["key"]
    assert {book["Summary"][f"D{row}"].value for row in range(2, 8)} == {"same"}


@pytest.mark.office
def test_clearing_an_answer_widens_the_result_live(run: ScoreRun, tmp_path: Path) -> None:
    data = report_workbook(report_content(run))
    sheet = opened(data)["Assessment"]
    row = next(row for row in range(2, 45) if str(sheet[f"A{row}"].value).startswith("DAT-TRN"))
    book = recalculated(data, tmp_path, {f"F{row}": None})
    assert [book["Assessment"][f"{column}{row}"].value for column in "IJ"] == [0, 10_000]
    assert book["Assessment"]["T8"].value > json.loads(run.record)["risk"][1]
    assert book["Summary"]["D5"].value == "changed"
