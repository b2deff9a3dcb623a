"""A made report on its way out: the name it is saved under, and its bytes as a stream."""

from __future__ import annotations

from django.http import FileResponse

from riskassess.reports.models import ReportFile

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_download(report: ReportFile) -> FileResponse:
    """The file of a report that is made; its run, assessment and offering are read for the name."""
    run = report.run
    name = f"{run.assessment.offering.slug}-{run.as_of.isoformat()}-{run.result_id[:8]}"
    return FileResponse(
        report.file.open("rb"),
        as_attachment=True,
        filename=f"{name}.{report.format}",
        content_type=CONTENT_TYPES[report.format],
    )
