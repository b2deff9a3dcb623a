"""ReportContent -> PDF bytes, tagged for PDF/UA-1. No database, no network, no clock."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from riskassess.reports.engine import printed
from riskassess.reports.figures import number
from riskassess.reports.shape import ReportContent


def report_pdf(content: ReportContent) -> bytes:
    """The report as a PDF, tagged for PDF/UA-1. Half a second to a second once the process is warm."""
    return _written(content, pdf_variant="pdf/ua-1")


def report_archive(content: ReportContent, workbook: bytes, record: str) -> bytes:
    """The report for an archive: PDF/A-3a, with its workbook and the run's record inside.

    The same pages and the same tags as the report's; it names one standard, as the engine writes one.
    """
    from weasyprint import Attachment

    when = datetime.fromisoformat(content.header.as_of_iso).replace(tzinfo=UTC)

    def inside(data: bytes, ending: str, description: str, relationship: str) -> Any:
        return Attachment(
            file_obj=io.BytesIO(data),
            name=f"{content.filename}.{ending}",
            description=description,
            created=when,
            modified=when,
            relationship=relationship,
        )

    files = [
        inside(workbook, "xlsx", _("The same assessment as a workbook that computes"), "Alternative"),
        inside(record.encode(), "json", _("The run's record, from which everything here is made"), "Source"),
    ]
    return _written(content, pdf_variant="pdf/a-3a", attachments=files)


def _written(content: ReportContent, **options: Any) -> bytes:
    page = _page(content)
    return printed(render_to_string("reports/report.html", page), dict(page["contents"]), **options)


def _page(content: ReportContent) -> dict[str, Any]:
    """What the template shows besides the content itself: lists that are only cut differently."""
    return {
        "c": content,
        "evidence": [(line, one) for line in _with_evidence(content) for one in line.evidence],
        "counting": [line for line in content.factors if line.counts],
        "resting": [line for line in content.factors if not line.counts],
        "known": [fact for fact in content.facts if fact.state != "unknown"],
        "unknown": [fact for fact in content.facts if fact.state == "unknown"],
        "acting": [gate for gate in content.gates if gate.applied],
        "closed": [gate for gate in content.gates if not gate.applied],
        "contents": _contents(content),
        "peak_share": number("0.7"),
    }


def _with_evidence(content: ReportContent) -> list[Any]:
    return [line for line in (*content.factors, *content.opportunity_factors) if line.evidence]


def _contents(content: ReportContent) -> list[tuple[str, str]]:
    """The parts that this report has, in their order."""
    parts = [
        ("chain", _("Parties and places"), True),
        ("regulatory", _("Regulatory exposure"), True),
        ("domains", _("Domains and gates"), True),
        ("controls", _("Controls"), bool(content.controls)),
        ("moves", _("What one answer can move"), True),
        ("points", _("Every point"), True),
        ("questions", _("Questions to ask"), bool(content.route.asks)),
        ("rules", _("Rules and law"), True),
        ("evidence", _("Evidence"), True),
        ("documents", _("Documents"), bool(content.documents)),
        ("claims", _("Claims"), bool(content.claims)),
        ("unknown", _("Not known yet"), bool(content.questions or content.conflicts)),
        ("opportunity", _("Opportunity"), True),
        ("facts", _("What went in"), True),
        ("history", _("Runs"), bool(content.history)),
        ("words", _("How to read this"), True),
    ]
    return [(anchor, title) for anchor, title, is_there in parts if is_there]
