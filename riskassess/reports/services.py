"""Asking for a report: the same run, in the same format, with the same decision, is one file."""

from __future__ import annotations

from django.db import transaction

from riskassess.accounts.models import User
from riskassess.assessments.models import ScoreRun
from riskassess.jobs.models import Job
from riskassess.jobs.services import enqueue
from riskassess.kernel.errors import InvalidInput
from riskassess.reports.figures import listed
from riskassess.reports.formats import FORMATS
from riskassess.reports.languages import language_of
from riskassess.reports.models import ReportFile
from riskassess.reports.tasks import REPORT
from riskassess.reports.versions import version_of


@transaction.atomic
def request_report(
    run: ScoreRun, wanted: str, *, by: User | None, language: str | None = None
) -> tuple[ReportFile, Job | None]:
    """The report of `run` as "pdf", "xlsx" or "pdfa", and the job that makes it; no job where the file is there.

    Asked for twice, it is the same row and the same job. Without a `language` it is in the installation's own.
    Raises InvalidInput for another format or language.
    """
    if wanted not in FORMATS:
        raise InvalidInput(
            f"“{wanted}” is no format of reports.", hint=f"Use {listed(list(FORMATS), 'or')}.", where="format"
        )
    language = language_of(language)
    file, _ = ReportFile.objects.get_or_create(
        run=run, format=wanted, version=version_of(run, language), defaults={"language": language}
    )
    if file.file:
        return file, None
    unit = run.assessment.unit
    job = enqueue(REPORT, {"report": file.pk}, key=f"{REPORT}:{file.pk}", unit=unit, by=by)
    if file.job_id != job.pk:
        file.job = job
        file.save(update_fields=["job"])
    return file, job
