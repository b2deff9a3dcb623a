"""A made report on its way out: the name it is saved under, and its bytes as a stream."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import FileResponse
from django.utils.text import slugify

from riskassess.reports.formats import COMBINED_TYPES, FORMATS
from riskassess.reports.languages import ENGLISH
from riskassess.reports.models import CombinedReport, ReportFile


def name_of(report: ReportFile) -> str:
    """The name a report is saved under: plain letters, short enough for any file system, from its run's offering."""
    run = report.run
    name = f"{run.assessment.offering.slug[:80]}-{run.as_of.isoformat()}-{run.result_id[:8]}"
    if report.language != ENGLISH:
        name = f"{name}-{report.language}"
    return f"{name}.{FORMATS[report.format].ending}"


def told_apart(names: Sequence[str]) -> list[str]:
    """The same names, a number before the ending of each that was there before, whatever the capitals."""
    found: list[str] = []
    seen: set[str] = set()
    for name in names:
        stem, dot, ending = name.partition(".")
        told, number = name, 1
        while told.casefold() in seen:
            number += 1
            told = f"{stem}-{number}{dot}{ending}"
        seen.add(told.casefold())
        found.append(told)
    return found


def as_download(report: ReportFile) -> FileResponse:
    """The file of a report that is made; its run, assessment and offering are read for the name."""
    return FileResponse(
        report.file.open("rb"),
        as_attachment=True,
        filename=name_of(report),
        content_type=FORMATS[report.format].content_type,
    )


def combined_download(report: CombinedReport) -> FileResponse:
    """The file of a combined report that is made, under a name from its title."""
    return FileResponse(
        report.file.open("rb"),
        as_attachment=True,
        filename=f"{slugify(report.title)[:80] or report.kind}-{report.created_at.date().isoformat()}.{report.format}",
        content_type=COMBINED_TYPES[report.format],
    )
