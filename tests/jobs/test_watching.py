"""Looks that are taken again and again: when they are due, and what a failing one leaves undisturbed."""

from __future__ import annotations

import pytest

from riskassess.jobs import watching
from riskassess.jobs.watching import look_around, watches


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "WATCHES", {})


def test_each_look_is_taken_when_its_time_has_come(only: None) -> None:
    seen: list[str] = []
    watches("often", every=5)(lambda: seen.append("often"))
    watches("seldom", every=60)(lambda: seen.append("seldom"))
    for now in (0, 4, 5, 61):
        look_around(now)
    assert seen == ["often", "seldom", "often", "often", "seldom"]


def test_one_that_fails_keeps_no_other_from_looking(only: None, caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise ValueError("no")

    watches("broken", every=1)(fails)
    watches("whole", every=1)(lambda: None)
    assert look_around(0) == ["broken", "whole"]
    assert "the look broken failed" in caplog.text


def test_two_looks_of_one_name_are_a_mistake(only: None) -> None:
    watches("once", every=1)(lambda: None)
    with pytest.raises(ValueError, match="once"):
        watches("once", every=1)(lambda: None)
