"""The properties of section 3, on random assessments; the same examples on every run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .properties import BATTERY

SLOW = {"p13_fewest_questions_is_brute_force", "p13_fewest_questions_on_any_ranges", "p16_worth_of_knowing"}


@pytest.mark.parametrize("check", BATTERY, ids=lambda check: check.__name__)
def test_property(check: Callable[[Any], None]) -> None:
    examples = 20 if check.__name__ in SLOW else 40

    @settings(
        derandomize=True,
        deadline=None,
        max_examples=examples,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def holds(data: Any) -> None:
        check(data)

    holds()
