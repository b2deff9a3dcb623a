"""Runs to report on: hand-written records, stored as the scorer would store them."""

from __future__ import annotations

from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.record import figures_of
from riskassess.assessments.scoring import score
from riskassess.scoring.canonical import canonical_json
from tests.builders import make_assessment, make_run
from tests.reports import records


def store(assessment: Assessment, record: dict[str, Any]) -> ScoreRun:
    """`record` as the current run of `assessment`."""
    return make_run(
        assessment,
        record["decision"],
        result_id=record["result_id"],
        record=canonical_json(record).decode(),
        risk_low=record["risk"][0],
        risk_high=record["risk"][1],
        denominator=record["denominator"],
        figures=figures_of(record),
    )


@pytest.fixture
def assessment(ana: User, procurement: BusinessUnit) -> Assessment:
    return make_assessment(ana, procurement, state="submitted")


@pytest.fixture
def run(assessment: Assessment) -> ScoreRun:
    return store(assessment, records.make_record())


@pytest.fixture(params=["make_record", "rejected", "blank", "controlled", "scored"])
def any_run(request: pytest.FixtureRequest, assessment: Assessment) -> ScoreRun:
    """Each of the written cases in turn, then one that the engines judged from the database."""
    if request.param == "scored":
        return score(assessment)
    return store(assessment, getattr(records, request.param)())
