"""Asking for a report: the same run, in the same format, with the same decision, is one file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from riskassess.accounts.models import User
from riskassess.assessments.models import Decision, ScoreRun
from riskassess.jobs.models import Job
from riskassess.jobs.services import enqueue
from riskassess.kernel.errors import InvalidInput
from riskassess.reports.figures import listed
from riskassess.reports.formats import FORMATS
from riskassess.reports.models import ReportFile
from riskassess.reports.tasks import REPORT

# Raise it when templates or sheets change what they show: older files are then made anew on request.
EDITION = "8"


@transaction.atomic
def request_report(run: ScoreRun, wanted: str, *, by: User | None) -> tuple[ReportFile, Job | None]:
    """The report of `run` as "pdf", "xlsx" or "pdfa", and the job that makes it; no job where the file is there.

    Asked for twice, it is the same row and the same job. Raises InvalidInput for another format.
    """
    if wanted not in FORMATS:
        raise InvalidInput(
            f"“{wanted}” is no format of reports.", hint=f"Use {listed(list(FORMATS), 'or')}.", where="format"
        )
    file, _ = ReportFile.objects.get_or_create(run=run, format=wanted, version=version_of(run))
    if file.file:
        return file, None
    unit = run.assessment.unit
    job = enqueue(REPORT, {"report": file.pk}, key=f"{REPORT}:{file.pk}", unit=unit, by=by)
    if file.job_id != job.pk:
        file.job = job
        file.save(update_fields=["job"])
    return file, job


def version_of(run: ScoreRun) -> str:
    """What a report shows besides the run itself: our edition, the paper, and the decision with its conditions."""
    return versions_of([run])[run.pk]


def versions_of(runs: Sequence[ScoreRun]) -> dict[int, str]:
    """The same of several runs by their ids, in two queries."""
    found = Decision.objects.filter(run__in=runs).select_related("acceptance").prefetch_related("conditions")
    newest: dict[int, Decision] = {}
    for decision in found:
        newest.setdefault(decision.run_id, decision)
    return {run.pk: _version(newest.get(run.pk)) for run in runs}


def _version(decision: Decision | None) -> str:
    shown: list[object] = [EDITION, settings.REPORT_PAPER]
    if decision is not None:
        shown += [decision.pk, decision.outcome, decision.reason, str(decision.valid_until)]
        shown += [
            [one.text, one.owner, str(one.due_on), str(one.met_on), one.met_by_id, one.met_note]
            for one in decision.conditions.all()
        ]
        accepted = getattr(decision, "acceptance", None)
        shown += [accepted.reason, str(accepted.expires_on)] if accepted else []
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()
