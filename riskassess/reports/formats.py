"""The formats of a report: how each is made, and what it is called on its way out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from riskassess.kernel.errors import RiskassessError
from riskassess.reports.models import ReportFile
from riskassess.reports.pdf import report_archive, report_pdf
from riskassess.reports.shape import ReportContent
from riskassess.reports.workbook import report_workbook

log = logging.getLogger(__name__)


class NotMade(RiskassessError):
    """A report stopped while it was drawn. The same record would stop again: no job tries it twice."""


@dataclass(frozen=True, slots=True)
class Format:
    """`make` takes the content and the run's own record, byte for byte."""

    make: Callable[[ReportContent, str], bytes]
    ending: str
    content_type: str


PDF, SHEET = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS = {
    ReportFile.Format.PDF.value: Format(lambda content, _: report_pdf(content), "pdf", PDF),
    ReportFile.Format.XLSX.value: Format(lambda content, _: report_workbook(content), "xlsx", SHEET),
    ReportFile.Format.ARCHIVE.value: Format(
        lambda content, record: report_archive(content, report_workbook(content), record), "archive.pdf", PDF
    ),
}


def made(wanted: str, content: ReportContent, record: str) -> bytes:
    """The file's bytes. Raises NotMade saying which file of which result, and where it stopped."""
    try:
        return FORMATS[wanted].make(content, record)
    except MemoryError:
        raise  # says nothing about the record; another time there may be room
    except Exception as error:
        what = ReportFile.Format(wanted).label
        log.exception("the %s of result %s could not be made", what, content.header.result_id)
        raise NotMade(
            f"The {what} of result {content.header.short_id} could not be made: {error} ({type(error).__name__}).",
            hint="Other formats may work. The server log has the whole of it.",
            where=content.header.title,
        ) from error
