"""The background work of assessments; each handler may run twice and ends the same."""

from __future__ import annotations

from typing import Any

from riskassess.assessments import reminding, rescoring  # noqa: F401  which have handlers of their own
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import score
from riskassess.jobs.handlers import RunningJob, handles

SCORE = "score"


@handles(SCORE)
def score_assessment(job: RunningJob) -> dict[str, Any]:
    """Scores one assessment. One that was deleted meanwhile is done: there is nothing left to score."""
    assessment = Assessment.objects.filter(pk=job.arguments["assessment"]).first()
    if assessment is None:
        return {"run": None}
    job.progress(0, 1, "Judging")
    run = score(assessment)
    job.progress(1, 1, "Stored")
    return {"run": run.pk, "result_id": run.result_id, "decision": run.decision}
