"""The formats of a report: how each is made, and what it is called on its way out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from riskassess.kernel.errors import NoRoom, RiskassessError
from riskassess.kernel.files import is_full
from riskassess.measuring import report_drawn
from riskassess.reports.models import ReportFile
from riskassess.reports.pdf import report_archive, report_pdf
from riskassess.reports.portfolio import Portfolio
from riskassess.reports.portfolio_files import portfolio_pdf, portfolio_workbook
from riskassess.reports.shape import ReportContent
from riskassess.reports.side_by_side import SideBySide
from riskassess.reports.side_by_side_files import comparison_pdf, comparison_workbook

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


def report_workbook(content: ReportContent) -> bytes:
    """The workbook. What writes it is loaded with the first one: it would double the time until a process is there."""
    from riskassess.reports.workbook import report_workbook

    return report_workbook(content)


FORMATS = {
    ReportFile.Format.PDF.value: Format(lambda content, _: report_pdf(content), "pdf", PDF),
    ReportFile.Format.XLSX.value: Format(lambda content, _: report_workbook(content), "xlsx", SHEET),
    ReportFile.Format.ARCHIVE.value: Format(
        lambda content, record: report_archive(content, report_workbook(content), record), "archive.pdf", PDF
    ),
}


COMBINED_TYPES = {"pdf": PDF, "xlsx": SHEET, "zip": "application/zip"}


def combined_made(wanted: str, content: SideBySide | Portfolio) -> bytes:
    """The bytes of a comparison or a portfolio, "pdf" or "xlsx". Raises NotMade saying which, and where it stopped."""
    ways: dict[tuple[type, str], Callable[[Any], bytes]] = {
        (SideBySide, "pdf"): comparison_pdf,
        (SideBySide, "xlsx"): comparison_workbook,
        (Portfolio, "pdf"): portfolio_pdf,
        (Portfolio, "xlsx"): portfolio_workbook,
    }
    with report_drawn(f"combined {wanted}"), _said(f"{content.title}: {wanted}", content.title):
        return ways[type(content), wanted](content)


def made(wanted: str, content: ReportContent, record: str) -> bytes:
    """The file's bytes. Raises NotMade saying which file of which result, and where it stopped."""
    what = ReportFile.Format(wanted).label
    with (
        report_drawn(wanted),
        _said(f"The {what} of result {content.header.short_id}", content.header.title),
    ):
        return FORMATS[wanted].make(content, record)


@contextmanager
def _said(what: str, where: str) -> Iterator[None]:
    """Whatever stops inside is logged whole and said as NotMade; a full disk as NoRoom."""
    try:
        yield
    except MemoryError:
        raise  # says nothing about the record; another time there may be room
    except Exception as error:
        if is_full(error):  # of temporary files; a report that found no room is no broken record
            raise NoRoom from error
        log.exception("%s could not be made", what)
        raise NotMade(
            f"{what} could not be made: {error} ({type(error).__name__}).",
            hint="Other formats may work. The server log has the whole of it.",
            where=where,
        ) from error
