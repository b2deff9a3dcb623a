"""The array path and the single path on assessments as they are, not as a test would invent them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import current_method, judge_now
from riskassess.home.demo.loading import load_all
from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.batch import decide, tornado
from riskassess.scoring.codes import encode
from riskassess.scoring.engine import compute
from riskassess.scoring.inputs import Inputs
from riskassess.scoring.method import DECISIONS
from riskassess.scoring.sensitivity import tornado as single_tornado
from tests.builders import TODAY


@pytest.fixture(scope="module")
def inputs(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Inputs]]:
    """What the founding briefing's assessments give the method."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_all("a password nobody else knows")
        yield [judge_now(assessment, TODAY).inputs for assessment in Assessment.objects.order_by("pk")]
        transaction.set_rollback(True)


def as_answers(many: list[Inputs]) -> list[Inputs]:
    """Without the factors that a regime fixes: a table of answers has no code for those, and says so."""
    return [replace(one, factors=tuple(f for f in one.factors if f.fixed is None)) for one in many]


def test_a_factor_that_a_rule_sets_is_refused_by_the_table(inputs: list[Inputs]) -> None:
    with pytest.raises(InvalidInput, match="Score it singly"):
        encode(current_method(), inputs, TODAY)


def test_batch_equals_single_to_the_integer(inputs: list[Inputs]) -> None:
    method, answers = current_method(), as_answers(inputs)
    assert len(answers) >= 7
    assert any(len(one.factors) > 10 for one in answers)
    portfolio = encode(method, answers, TODAY)
    scores, swings = decide(method, portfolio), tornado(method, portfolio)
    for row, one in enumerate(answers):
        result = compute(method, one, {}, as_of=TODAY)
        assert scores.denominator == result.denominator
        assert tuple(scores.base[row]) == tuple(result.base)
        assert tuple(scores.peak[row]) == tuple(result.peak)
        assert tuple(scores.risk[row]) == tuple(result.risk)
        assert tuple(scores.opportunity[row]) == (result.opportunity.low, result.opportunity.high)
        assert DECISIONS[scores.rank_without_gates[row]] == result.decision_without_gates
        by_key = {swing.key: (swing.fall, swing.rise) for swing in single_tornado(result)}
        for column, factor in enumerate(method.risk_factors):
            assert (swings.fall[row, column], swings.rise[row, column]) == by_key[factor.key]
