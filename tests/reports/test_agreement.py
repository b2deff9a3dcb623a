"""One judgement, three documents: the PDF, the page and the workbook print the same numbers, each with its ground."""

from __future__ import annotations

import html
import io
import json
import re
from dataclasses import replace

from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.reports.content import report_content
from riskassess.reports.pdf import report_pdf
from riskassess.reports.shape import ReportContent
from riskassess.reports.workbook import report_workbook
from riskassess.scoring.canonical import canonical_json
from tests.reports import records
from tests.reports.conftest import store


def printed(content: ReportContent) -> str:
    reader = PdfReader(io.BytesIO(report_pdf(content)))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def shown(client: Client, run: ScoreRun) -> str:
    page = client.get(reverse("reports:decision", args=[run.assessment_id])).content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_pdf_page_and_workbook_agree_on_every_number(as_ana: Client, any_run: ScoreRun) -> None:
    content = report_content(any_run)
    pdf, page = printed(content), shown(as_ana, any_run)
    block, totals = content.block, content.totals
    for said in (
        block.decision.word, block.risk.shown_low, block.risk.shown_high, block.opportunity.shown_low,
        block.opportunity.shown_high, block.coverage_percent, *totals.risk_text, *totals.peak_text,
        *(domain.interval.text for domain in content.domains), *(view.interval.text for view in content.views),
        content.header.result_id,
    ):  # fmt: skip
        assert said in pdf, said
        assert said in page, said
    for line in content.factors:
        if not line.counts:
            assert f"{line.key} ({line.exposure_rule})" in pdf, "named among those that do not count"
            continue
        row = rf"{line.key} {re.escape(f'{line.weight_text} {line.klass} × {line.exposure} ')}"
        assert re.search(rf"{row}.{{1,40}}?{line.level} {line.points_text}", pdf), line.key
        cells = rf"{line.weight_text} {line.klass} {line.exposure} .{{1,200}}?{line.level} .{{0,40}}?"
        assert re.search(rf"{line.key} {cells}{line.points_low} {line.points_high}", page), line.key
    for line in content.opportunity_factors:
        assert re.search(rf"{line.key} {re.escape(f'{line.weight_text} {line.klass}')} {line.level}", pdf)
    for one in content.tornado:
        for text in (pdf, page):
            assert re.search(rf"{one.key} .{{0,20}}?{re.escape(one.falls)}", text), one.key
            assert one.rises in text
    for regime in content.exposed:
        assert regime.words in pdf
        assert regime.words in page

    book = load_workbook(io.BytesIO(report_workbook(content)))
    recorded = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True) if row[0]}
    assert f"{recorded['Risk, low end']:.1f}" == block.risk.shown_low
    assert f"{recorded['Risk, high end']:.1f}" == block.risk.shown_high
    assert f"{recorded['Opportunity, low end']:.1f}" == block.opportunity.shown_low
    assert f"{recorded['Opportunity, high end']:.1f}" == block.opportunity.shown_high
    assert recorded["Decision"] == block.decision.code
    assert (recorded["Risk numerator, low end"], recorded["Risk numerator, high end"]) == totals.risk
    assert recorded["Result"] == content.header.result_id
    assert block.coverage_percent in str(recorded["Coverage"])
    weights = {str(row[0]).split(" ")[0]: row[1] for row in book["Assessment"].iter_rows(values_only=True)}
    assert {line.key: weights[line.key] for line in content.factors} == {
        line.key: line.weight for line in content.factors
    }


def test_no_point_of_risk_is_printed_without_its_ground(any_run: ScoreRun) -> None:
    content = report_content(any_run)
    findings = {regime.factor for regime in content.regimes}
    for line in content.factors:
        if not line.high:
            continue
        ground = {
            "known": bool(line.evidence),  # a claim or an answer, with its source or marked as unsupported
            "rule": bool(line.rule) and (line.key in findings or bool(line.evidence)),
            "unknown": bool(line.question),
            "declined": bool(line.question),
        }
        assert ground[line.state], f"{line.key} is {line.state}"
    for reason in content.reasons:
        assert reason.rule, "a reason names its gate, rule or factor"


def test_what_rested_on_a_source_that_is_gone_is_printed_as_unsupported(
    as_ana: Client, assessment: Assessment
) -> None:
    record = records.make_record()
    before = report_content(store(assessment, record))
    rested = [line.key for line in before.factors if line.state == "known"]
    assert rested
    assert "unsupported" not in printed(before)

    without = json.loads(canonical_json(record))
    for factor in without["factors"]:
        for one in factor["evidence"]:
            one["source"] = None
    without["result_id"] = "0" * 64
    run = store(assessment, without)
    after = report_content(run)
    assert [line.key for line in after.factors if line.unsupported] == rested
    pdf = printed(after)
    for key in rested:
        assert re.search(rf"{key} \d .{{1,160}}?unsupported", pdf), key
    assert pdf.count("unsupported: no source on record") >= len(rested)
    assert shown(as_ana, run).count("Unsupported") == len(rested)
    book = load_workbook(io.BytesIO(report_workbook(after)))
    marked = [cell.value for cell in book["Assessment"]["A"] if "unsupported" in str(cell.value)]
    assert [str(text).split()[0] for text in marked] == rested
    stands = {row[0]: row[-1] for row in book["Evidence"].iter_rows(min_row=2, values_only=True)}
    assert {stands[key] for key in rested} == {"unsupported: no source on record"}
    assert replace(after.block, because="") == replace(before.block, because=""), (
        "the numbers are the record's"
    )
