"""The background work of reports: draw one file, keep it, then say where it is. May run twice."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from riskassess.accounts.models import User
from riskassess.jobs.handlers import RunningJob, handles
from riskassess.jobs.models import Subject
from riskassess.jobs.subjects import subjects
from riskassess.reports import staleness  # noqa: F401  which has a handler and a watch of its own
from riskassess.reports.content import report_content
from riskassess.reports.formats import FORMATS, made
from riskassess.reports.languages import written_in
from riskassess.reports.models import ReportFile
from riskassess.reports.versions import check_unchanged, report_version

REPORT = "report"


@handles(REPORT)
def make_report(job: RunningJob) -> dict[str, Any]:
    """Draws the report of a row that has no file yet. A row that has gone, or has its file, is done.

    1. Read and draw; no transaction is open while that takes its time. What has been decided anew since the
       report was asked for would be another file: that one is not drawn.
    2. Keep the file. A crash after this leaves a file nobody points to, never a pointer to nothing.
    3. Point the row to it, if it still has none and this job is still ours; else drop the file.
    """
    found = ReportFile.objects.select_related("run").filter(pk=job.arguments["report"]).first()
    if found is None:
        return {"report": None}
    if found.file:
        return {"report": found.pk}
    job.progress(0, 3, "Reading the run")
    with written_in(found.language):
        content = report_content(found.run)
        version = report_version(content.decided, found.language)
        check_unchanged(version, found.version, "The decision on this run")
        job.progress(1, 3, f"Drawing the {found.get_format_display()}")
        data = made(found.format, content, found.run.record)
    job.progress(2, 3, "Keeping it")
    found.file.save(f"{content.filename}.{FORMATS[found.format].ending}", ContentFile(data), save=False)
    kept = False
    try:
        with transaction.atomic():
            job.still_mine()
            kept = bool(
                ReportFile.objects.filter(pk=found.pk, file="").update(
                    file=found.file.name, sha256=hashlib.sha256(data).hexdigest()
                )
            )
    finally:
        if not kept:
            found.file.delete(save=False)
    return {"report": found.pk, "bytes": len(data)}


@subjects("report", REPORT)
def assessments_of(user: User, ids: Collection[int]) -> Mapping[int, Subject]:
    """A job that draws a report is about the assessment whose run it draws."""
    found = ReportFile.objects.visible_to(user).filter(pk__in=ids)
    shown = found.select_related("run__assessment__offering").only(
        "run__assessment__use_case", "run__assessment__offering__name"
    )
    return {
        report.pk: Subject(str(report.run.assessment), report.run.assessment.get_absolute_url())
        for report in shown
    }
