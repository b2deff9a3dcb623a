"""What a screen reader gets from the PDF: one story, headings in order, cells that know their headers."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfua
import pikepdf
import pytest

from riskassess.assessments.models import ScoreRun
from riskassess.reports.content import report_content
from riskassess.reports.pdf import report_pdf

_OPEN: dict[str, pikepdf.Pdf] = {}


@pytest.fixture
def tagged(any_run: ScoreRun) -> pikepdf.Pdf:
    """The PDF of each written case, drawn once for all the tests that only read it."""
    if any_run.result_id not in _OPEN:
        _OPEN[any_run.result_id] = pikepdf.open(io.BytesIO(report_pdf(report_content(any_run))))
    return _OPEN[any_run.result_id]


def kids(node: Any) -> list[Any]:
    children = node.get("/K", [])
    return list(children) if isinstance(children, pikepdf.Array) else [children]


def elements(node: Any) -> Iterator[Any]:
    """Every structure element below `node`, in reading order."""
    for child in kids(node):
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def story(pdf: pikepdf.Pdf) -> list[Any]:
    return list(elements(pdf.Root.StructTreeRoot))


def test_the_document_says_what_it_is(tagged: pikepdf.Pdf) -> None:
    root = tagged.Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == "en"
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert "vendor risk assessment" in str(tagged.docinfo["/Title"])
    assert b"pdfuaid:part" in bytes(root.Metadata.read_bytes())
    assert root.Outlines.Count > 5, "bookmarks"


def test_headings_go_down_one_step_at_a_time(tagged: pikepdf.Pdf) -> None:
    levels = [int(str(one.S)[2]) for one in story(tagged) if str(one.S) in ("/H1", "/H2", "/H3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_drawing_is_told_in_words(tagged: pikepdf.Pdf) -> None:
    figures = [one for one in story(tagged) if one.S == "/Figure"]
    assert len(figures) > 20
    assert all(str(figure.get("/Alt", "")).strip() for figure in figures)


def test_header_cells_say_what_they_head_and_layout_is_no_table(tagged: pikepdf.Pdf) -> None:
    found = story(tagged)
    tables = [one for one in found if one.S == "/Table"]
    assert tables
    for table in tables:
        inside = list(elements(table))
        heads = [one for one in inside if one.S == "/TH"]
        assert heads, "a table without a header cell only lays out, and is a passage"
        assert {str(one.A.Scope) for one in heads} <= {"/Column", "/Row"}
        assert {str(one.S) for one in kids(table)} <= {"/TR", "/THead", "/TBody"}
    columns = [one for one in found if one.S == "/THead" for one in elements(one) if one.S == "/TH"]
    assert {str(one.A.Scope) for one in columns} == {"/Column"}


def test_entries_of_lists_have_a_body(tagged: pikepdf.Pdf) -> None:
    entries = [one for one in story(tagged) if one.S == "/LI"]
    assert entries
    for entry in entries:
        assert {str(one.S) for one in kids(entry)} <= {"/Lbl", "/LBody"}
        assert any(one.S == "/LBody" for one in kids(entry))


def test_links_say_where_they_lead_and_are_printed(tagged: pikepdf.Pdf) -> None:
    links = [one for page in tagged.pages for one in page.get("/Annots", []) if one.Subtype == "/Link"]
    within = {str(one.Contents) for one in links if "/Dest" in one}
    assert {"Regulatory exposure", "Every point", "Evidence"} <= within
    assert all(str(one.Contents) and int(one.F) & 4 for one in links)


def test_running_headers_are_not_read_on_every_page(tagged: pikepdf.Pdf) -> None:
    for page in tagged.pages:
        marks = [
            (str(operands[0]), operands[1])
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "BDC"
        ]
        told = [about for name, about in marks if name != "/Artifact"]
        assert [about.get("/Type") for name, about in marks if name == "/Artifact"], "the page's margins"
        assert all("/MCID" in about for about in told)
    held = [kid for one in story(tagged) for kid in kids(one) if isinstance(kid, int)]
    assert held


def test_an_independent_checker_finds_nothing(tagged: pikepdf.Pdf, tmp_path: Path) -> None:
    """pdfua knows a part of PDF/UA-1. A rule of its that cannot be evaluated stands here with the reason."""
    not_evaluated = {"UA-14-001"}  # heading order: it stumbles over arrays of elements; checked above instead
    tagged.save(tmp_path / "report.pdf")
    report = pdfua.validate(str(tmp_path / "report.pdf"))
    assert list(report.findings) == []
    assert {one.rule_id for one in report.skipped} <= not_evaluated
    assert len(report.outcomes) > 10


# What avalpdf warns of, and why it is no fault of a report.
ACCEPTED = (
    r"Table \d+ has \d+ empty cells?",  # a total has no level, a closed row no proof: the empty cell says so
    r"Incorrect accent usage",  # it looks for Italian; an English possessive is none
    r"Found \d+ empty elements",  # those same cells, and the spans that end a line
    r"Link .*https?://",  # an address that a vendor is to visit, printed for those who read on paper
)


def test_a_second_checker_finds_no_fault_and_no_unknown_warning(run: ScoreRun, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(report_pdf(report_content(run)))
    checker = Path(sys.executable).with_name("avalpdf")
    subprocess.run(
        [checker, tmp_path / "report.pdf", "--report", "--quiet", "--lang", "en", "-o", tmp_path], check=True
    )
    found = json.loads((tmp_path / "report_validation_report.json").read_text())["validation_results"]
    assert found["successes"], "it has looked"
    assert found["issues"] == []
    unknown = [one for one in found["warnings"] if not any(re.match(known, one) for known in ACCEPTED)]
    assert unknown == []
