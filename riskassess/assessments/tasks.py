"""The background work of assessments; each handler may run twice and ends the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from riskassess.accounts.models import User
from riskassess.assessments import reminding, rescoring  # noqa: F401  which have handlers of their own
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import score
from riskassess.jobs.handlers import RunningJob, handles
from riskassess.jobs.models import Subject
from riskassess.jobs.subjects import subjects

SCORE = "score"


@handles(SCORE)
def score_assessment(job: RunningJob) -> dict[str, Any]:
    """Scores one assessment. One that was deleted meanwhile is done: there is nothing left to score.

    Two jobs about one assessment go one after the other: else the one that read the older answers might be the
    last to say which run is the current one.
    """
    job.progress(0, 1, "Judging")
    with transaction.atomic():
        held = Assessment.objects.select_for_update().filter(pk=job.arguments["assessment"])
        assessment = held.first()
        if assessment is None:
            return {"run": None}
        run = score(assessment)
    job.progress(1, 1, "Stored")
    return {"run": run.pk, "result_id": run.result_id, "decision": run.decision}


@subjects("assessment", SCORE)
def assessments_of(user: User, ids: Collection[int]) -> Mapping[int, Subject]:
    """A job that scores is about the assessment."""
    found = Assessment.objects.visible_to(user).filter(pk__in=ids).select_related("offering")
    return {
        one.pk: Subject(str(one), one.get_absolute_url()) for one in found.only("use_case", "offering__name")
    }
