"""ReportContent -> an .xlsx whose formulas recompute the score live. No database; same content, same bytes.

Sheet "Assessment" holds the method as plain formulas (no array formulas, nothing newer than SUMPRODUCT):
clear an answer and its interval widens. What those formulas cannot derive (a regime that rules have set,
several pieces of evidence, a range, a refusal to answer) stands there as values, and says so.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from riskassess.reports import control_sheet, gate_sheet, live_sheet, sheets, tornado_sheet
from riskassess.reports.languages import ENGLISH
from riskassess.reports.shape import ReportContent
from riskassess.scoring.appetite import under
from riskassess.scoring.method import load_method

NAMES = {
    "risk_low": "Assessment!$T$9",
    "risk_high": "Assessment!$T$10",
    "risk_low_numerator": "Assessment!$T$7",
    "risk_high_numerator": "Assessment!$T$8",
    "denominator": "Assessment!$T$2",
    "decision": "Assessment!$T$18",
    "opportunity_low": "Summary!$B$11",
    "opportunity_high": "Summary!$B$12",
}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def report_workbook(content: ReportContent) -> bytes:
    """The workbook. Its formulas carry no cached results: a spreadsheet program computes them on opening."""
    method = under(load_method(content.header.method), content.header.appetite)
    book = Workbook()
    summary = book.active
    assert summary is not None  # noqa: S101 - a new workbook has one sheet
    summary.title = "Summary"
    live_sheet.write_assessment(book.create_sheet("Assessment"), content, method)
    tornado_sheet.write_tornado(book.create_sheet("Tornado"), content, method)
    sheets.write_summary(summary, content)
    sheets.write_regulation(book.create_sheet("Regulatory exposure"), content)
    sheets.write_evidence(book.create_sheet("Evidence"), content)
    if content.controls:
        control_sheet.write_controls(book.create_sheet("Controls"), content, method)
    sheets.write_opportunity(book.create_sheet("Opportunity"), content)
    sheets.write_questions(book.create_sheet("Open questions"), content)
    sheets.write_facts(book.create_sheet("Catalog facts"), content)
    live_sheet.write_method(book.create_sheet("Method"), method)
    sheets.write_read_me(book.create_sheet("Read me"), content)
    for name, cell in (NAMES | _areas(content)).items():
        book.defined_names[name] = DefinedName(name, attr_text=cell)
    assert book.calculation is not None  # noqa: S101 - openpyxl always makes it
    book.calculation.fullCalcOnLoad = True
    return _with_fixed_dates(_saved(book, content), content)


def _areas(content: ReportContent) -> dict[str, str]:
    """Names of the columns that people change or read on: one cell a factor, or a gate."""
    first, last = live_sheet.FIRST, live_sheet.last_row(content)
    columns = {
        "weights": "B",
        "levels": "F",
        "tiers": "G",
        "interests": "H",
        "points_low": "O",
        "points_high": "P",
    }
    areas = {name: f"Assessment!${column}${first}:${column}${last}" for name, column in columns.items()}
    areas["gate_states"] = f"Assessment!$U${gate_sheet.FIRST}:$U${gate_sheet.last_row(content)}"
    return areas | {
        "tornado_falls": f"Tornado!$C${first}:$C${last}",
        "tornado_rises": f"Tornado!$D${first}:$D${last}",
    }


def _saved(book: Workbook, content: ReportContent) -> bytes:
    properties = book.properties
    properties.title = _("%(title)s: vendor risk assessment") % {"title": content.header.offering}
    if (language := get_language() or ENGLISH) != ENGLISH:
        properties.language = language
    properties.creator = content.header.unit
    properties.description = content.disclaimer
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _with_fixed_dates(data: bytes, content: ReportContent) -> bytes:
    """The same package with the day of judgement in place of the moment of writing."""
    day = datetime.fromisoformat(content.header.as_of_iso)
    stamp = day.strftime("%Y-%m-%dT00:00:00Z").encode()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part: Any = old.read(name)
            if name == "docProps/core.xml":
                part = _restamped(part, stamp)
            new.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED, 6)
    return target.getvalue()


def _restamped(core: bytes, stamp: bytes) -> bytes:
    for tag in (b"dcterms:created", b"dcterms:modified"):
        start = core.index(b"<" + tag)
        opened = core.index(b">", start) + 1
        closed = core.index(b"</" + tag, opened)
        core = core[:opened] + stamp + core[closed:]
    return core
