"""Reports print the lines that were used, live formulas use them, and a change of lines is named as a cause."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from riskassess.assessments.models import Assessment
from riskassess.reports.changes import changes
from riskassess.reports.content import report_content
from riskassess.reports.pdf import report_pdf
from riskassess.reports.recorded import result_of
from riskassess.reports.workbook import report_workbook
from riskassess.scoring.anatomy import Appetite
from tests.reports import records
from tests.reports.conftest import store

STRICT = Appetite(10, 20, 50, 75, 5, version=2, since=date(2026, 11, 1))
SAID = (
    "Approve under 10, conditional under 20, reject from 50; approval needs 75 % coverage: "
    "risk appetite, version 2, since 1 Nov 2026"
)
OWN = "Approve under 25, conditional under 45, reject from 70; approval needs 60 % coverage: the method's own lines"


def recorded(appetite: Appetite | None = None) -> dict[str, Any]:
    """A small use, at worst 23.1: conditional by the method's own lines, for lack of coverage."""
    return records.make_record(severities={}, profile=dict.fromkeys("DIABS", (1, 1)), appetite=appetite)


def test_page_pdf_and_workbook_print_the_lines_that_were_used(as_ana: Client, assessment: Assessment) -> None:
    run = store(assessment, recorded(STRICT))
    content = report_content(run)
    assert content.block.lines == SAID
    page = as_ana.get(reverse("reports:decision", args=[assessment.pk])).content.decode()
    assert SAID in page
    assert "approval needs 75 %" in content.block.coverage
    text = " ".join(
        " ".join(one.extract_text() for one in PdfReader(io.BytesIO(report_pdf(content))).pages).split()
    )
    assert "risk appetite, version 2, since 1 Nov 2026" in text
    book = load_workbook(io.BytesIO(report_workbook(content)))
    assert [book["Method"][f"F{row}"].value for row in (3, 4, 5, 6)] == [10, 20, 50, 75]
    assert SAID in [cell.value for row in book["Summary"].iter_rows() for cell in row]
    assert book["Assessment"]["T11"].value == "=IF(T7>=50*T2,3,IF(T8<10*T2,0,IF(T8<20*T2,1,2)))"


def test_without_an_appetite_they_are_the_methods_own(assessment: Assessment) -> None:
    assert report_content(store(assessment, recorded())).block.lines == OWN


def test_the_route_leads_under_the_organisations_line(assessment: Assessment) -> None:
    content = report_content(store(assessment, recorded(STRICT)))
    own = report_content(store(assessment, recorded()))
    assert (own.block.decision.code, content.block.decision.code) == ("CONDITIONAL", "ESCALATE")
    assert "not under 20" in content.block.because


def test_answers_are_valued_by_the_organisations_slope() -> None:
    assert result_of(recorded(STRICT)).method.sampling.slope == 5
    assert result_of(recorded()).method.sampling.slope == 3


def test_why_did_it_change_names_the_appetite(as_ana: Client, assessment: Assessment) -> None:
    old = store(assessment, recorded())
    new = store(assessment, recorded(STRICT))
    found = changes(json.loads(old.record), json.loads(new.record))
    assert not any(found.risk)
    assert found.decided == "Conditional became Escalate"
    assert [(one.name, one.before, one.after) for one in found.basis] == [
        ("Risk appetite: where the lines are", OWN, SAID)
    ]
    assert found.summary.endswith("1 risk appetite changed.")
    page = as_ana.get(reverse("reports:changes", args=[new.pk, old.pk])).content.decode()
    assert SAID in page


def test_a_comparison_across_appetites_says_so(as_ana: Client, assessment: Assessment) -> None:
    runs = [store(assessment, recorded(one)) for one in (None, STRICT)]
    address = reverse("reports:compare") + "?" + "&".join(f"run={run.pk}" for run in runs)
    assert "under different versions of the risk appetite" in as_ana.get(address).content.decode()


def test_bars_in_lists_are_parted_where_each_run_was_judged(as_ana: Client, assessment: Assessment) -> None:
    store(assessment, recorded(STRICT))
    for address in (reverse("assessments:list"), reverse("home:dashboard")):
        html = as_ana.get(address).content.decode()
        assert '<rect class="z1" x="10%"' in html, address
        assert 'x="25%"' not in html, address
    store(assessment, recorded())
    assert '<rect class="z1" x="25%"' in as_ana.get(reverse("assessments:list")).content.decode()
