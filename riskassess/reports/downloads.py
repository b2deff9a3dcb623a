"""A made report on its way out: the name it is saved under, and its bytes as a stream."""

from __future__ import annotations

from django.http import FileResponse

from riskassess.reports.formats import FORMATS
from riskassess.reports.models import ReportFile


def as_download(report: ReportFile) -> FileResponse:
    """The file of a report that is made; its run, assessment and offering are read for the name."""
    run, form = report.run, FORMATS[report.format]
    name = f"{run.assessment.offering.slug}-{run.as_of.isoformat()}-{run.result_id[:8]}"
    return FileResponse(
        report.file.open("rb"),
        as_attachment=True,
        filename=f"{name}.{form.ending}",
        content_type=form.content_type,
    )
