"""The cases of cases/*.yaml over the quiet background, as plain records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from riskassess.rules.facts import Facts

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 24)
REGIMES = ("us_fda", "us_ftc", "uk_cma", "eu_residency", "eu_ai_act", "us_hipaa", "eu_dora")
BACKGROUND: dict[str, Any] = yaml.safe_load((CASES / "background.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Case:
    """What one case states, and what it expects of its regime."""

    regime: str
    name: str
    facts: dict[str, Any]
    expect: int | list[int]
    on: date = TODAY
    gates: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, Any] = field(default_factory=dict)
    effects: dict[str, int] = field(default_factory=dict)
    findings: dict[str, Any] = field(default_factory=dict)
    settled_by: dict[str, list[str]] = field(default_factory=dict)

    @property
    def range(self) -> list[int]:
        return self.expect if isinstance(self.expect, list) else [self.expect, self.expect]

    def __str__(self) -> str:
        return f"{self.regime}: {self.name}"


def over_background(**changes: object) -> Facts:
    """The quiet background with some facts stated otherwise; None makes one unknown."""
    return Facts.from_mapping(BACKGROUND | changes)


def cases_of(regime: str) -> list[Case]:
    raw = yaml.safe_load((CASES / f"{regime}.yaml").read_text(encoding="utf-8"))
    return [Case(regime=regime, **{_key(key): value for key, value in one.items()}) for one in raw]


def _key(key: object) -> str:
    """YAML 1.1 reads a bare `on` as true."""
    return "on" if key is True else str(key)


ALL_CASES = [case for regime in REGIMES for case in cases_of(regime)]
