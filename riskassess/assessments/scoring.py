"""Gather, judge, store: one assessment on one day. Doing it twice stores nothing twice."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from riskassess.assessments.gather import gather
from riskassess.assessments.judgement import Judgement, judged
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.record import decision_rank, facts_digest, record_of
from riskassess.scoring.canonical import canonical_json
from riskassess.scoring.method import Method, load_method

METHOD_VERSION = "vrm-1.0"


def current_method() -> Method:
    """The method that new runs use."""
    return load_method(METHOD_VERSION)


def judge_now(assessment: Assessment, on: date | None = None) -> Judgement:
    """The judgement of an assessment as it stands, not stored; `on` defaults to the assessment's own day."""
    method = current_method()
    on = on or assessment.as_of
    return judged(gather(assessment, on, method), on, method)


def score(assessment: Assessment) -> ScoreRun:
    """The run of the assessment as it stands: stored now, or found where these inputs were judged before.

    The run becomes the assessment's current one. Inputs are read in one transaction, so that a run never
    mixes two states of the record.
    """
    with transaction.atomic():
        judgement = judge_now(assessment)
        record = record_of(judgement)
        run, _ = ScoreRun.objects.get_or_create(
            assessment=assessment,
            as_of=judgement.on,
            rules_release=record["rules_release"],
            method_version=record["method"],
            facts_digest=facts_digest(judgement),
            defaults={
                "result_id": record["result_id"],
                "record": canonical_json(record).decode(),
                "decision": record["decision"],
                "decision_rank": decision_rank(record["decision"]),
                "risk_low": record["risk"][0],
                "risk_high": record["risk"][1],
                "denominator": record["denominator"],
            },
        )
        Assessment.objects.filter(pk=assessment.pk).update(current_run=run)
        assessment.current_run = run
    return run
