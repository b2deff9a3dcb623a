"""Gather, judge, store: one assessment on one day. Doing it twice stores nothing twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from riskassess.assessments.gather import gather
from riskassess.assessments.gathered import Gathered
from riskassess.assessments.judgement import Judgement, judged
from riskassess.assessments.models import Answer, Assessment, RiskAppetite, ScoreRun
from riskassess.assessments.record import (
    appetite_version,
    decision_rank,
    facts_digest,
    figures_of,
    record_of,
)
from riskassess.assessments.verifying import Verification, differences, verify
from riskassess.rules.rulebook import RULEBOOK
from riskassess.scoring.appetite import appetite_entry, under
from riskassess.scoring.canonical import canonical_json, digest
from riskassess.scoring.method import Method, load_method

METHOD_VERSION = "vrm-1.0"


def current_method() -> Method:
    """The method that new runs use, as its data have it."""
    return load_method(METHOD_VERSION)


def method_on(day: date) -> Method:
    """The method that new runs use, under the risk appetite in force on that day. One query."""
    found = RiskAppetite.objects.in_force(day)
    return under(current_method(), found.appetite if found else None)


def lines_moved(run: ScoreRun) -> bool:
    """Whether another risk appetite is in force on the run's day than the one it was judged under. One query."""
    found = RiskAppetite.objects.in_force(run.as_of)
    return run.appetite_version != (found.version if found else 0)


def judge_now(
    assessment: Assessment, on: date | None = None, instead: Mapping[str, Answer] | None = None
) -> Judgement:
    """The judgement of an assessment as it stands, not stored; `on` defaults to the assessment's own day.

    `instead` are answers, by question, that it would have if somebody gave them.
    """
    on = on or assessment.as_of
    method = method_on(on)
    return judged(gather(assessment, on, method, instead), on, method)


def score(assessment: Assessment) -> ScoreRun:
    """The run of the assessment as it stands: stored now, or found where these inputs were judged before.

    The run becomes the assessment's current one. Inputs are read in one transaction, so that a run never
    mixes two states of the record. What was judged before is not judged again: that is half of the work.
    Who calls it holds the assessment's row, so that of two at once the later one says which run is current.
    """
    with transaction.atomic():
        on = assessment.as_of
        method = method_on(on)
        gathered = gather(assessment, on, method)
        named = name_of_run(assessment, on, method, gathered)
        run = ScoreRun.objects.filter(**named).first()
        if run is None:
            run = keep(named, record_of(judged(gathered, on, method)))
        Assessment.objects.filter(pk=assessment.pk).update(current_run=run)
        assessment.current_run = run
    return run


def name_of_run(assessment: Assessment, on: date, method: Method, gathered: Gathered) -> dict[str, Any]:
    """The columns that tell one run from another: a run of these is there once."""
    return {
        "assessment": assessment,
        "as_of": on,
        "rules_release": RULEBOOK.release,
        "method_version": method.version,
        "appetite_version": appetite_version(appetite_entry(method)),
        "facts_digest": facts_digest(gathered),
    }


def keep(named: dict[str, Any], record: dict[str, Any]) -> ScoreRun:
    """The run of that name, stored or found; the assessment's current one stays what it is."""
    stored = {"record": canonical_json(record).decode(), **_copies(record)}
    run, _ = ScoreRun.objects.get_or_create(**named, defaults=stored)
    return run


def verify_run(run: ScoreRun) -> Verification:
    """The run recomputed from its own record, and its columns held against that record. No query."""
    found = verify(run.record)
    if not found.same:
        return found
    record = json.loads(run.record)
    names = {"as_of": "as_of", "rules_release": "rules_release", "method_version": "method"}
    copies = {column: record[name] for column, name in names.items()}
    copies |= {
        "appetite_version": appetite_version(record),
        "facts_digest": digest(record["inputs"]),
        **_copies(record),
    }
    columns = {name: getattr(run, name) for name in copies} | {"as_of": run.as_of.isoformat()}
    for difference in differences(columns, copies):
        return Verification(False, f"column {difference}", found.notes)
    return found


def _copies(record: dict[str, Any]) -> dict[str, Any]:
    """The columns that repeat the record, for sorting and filtering."""
    return {
        "result_id": record["result_id"],
        "decision": record["decision"],
        "decision_rank": decision_rank(record["decision"]),
        "risk_low": record["risk"][0],
        "risk_high": record["risk"][1],
        "denominator": record["denominator"],
        "figures": figures_of(record),
    }
