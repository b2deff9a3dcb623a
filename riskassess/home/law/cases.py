"""The cases the rules are tested by, where they are at hand: read from their files and judged anew.

They stand with the tests, in tests/rules/cases; an installation without the tests has none.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from riskassess.home.law.book import VALIDATORS
from riskassess.home.law.parts import CasePart
from riskassess.kernel.truth import Truth
from riskassess.rules.dated import read_yaml
from riskassess.rules.engine import OUTCOMES, judge
from riskassess.rules.facts import Facts
from riskassess.rules.rulebook import RULEBOOK
from riskassess.rules.verdict import Verdict

CASES = Path(settings.BASE_DIR) / "tests" / "rules" / "cases"
USUAL_DAY = date(2026, 11, 24)  # of a case that names none


def cases_of(rule_id: str, regime: str) -> tuple[CasePart, ...]:
    """The cases of the rule's regime in which it is not clear; for the checks, those of every regime."""
    regimes = [one.key for one in RULEBOOK.regimes] if regime == VALIDATORS else [regime]
    return tuple(case for key in regimes for case in regime_cases(key) if rule_id in case.outcomes)


@cache
def regime_cases(regime: str, folder: Path = CASES) -> tuple[CasePart, ...]:
    """Every case of a regime, in the order of its file; none where there is no such file."""
    path = folder / f"{regime}.yaml"
    if not path.exists():
        return ()
    background = read_yaml(folder / "background.yaml")
    raw_cases = [{_word(name): value for name, value in raw.items()} for raw in read_yaml(path)]
    return tuple(_case(regime, raw, background) for raw in raw_cases)


def _word(key: object) -> str:
    """YAML reads a bare `on` as true."""
    return "on" if key is True else str(key)


def _case(regime: str, raw: dict[str, Any], background: dict[str, Any]) -> CasePart:
    expected = raw["expect"]
    low, high = expected if isinstance(expected, list) else (expected, expected)
    on = raw.get("on", USUAL_DAY)
    verdict = judge(Facts.from_mapping(background | raw["facts"]), on=on)
    return CasePart(
        regime=regime,
        name=raw["name"],
        on=on,
        low=low,
        high=high,
        states=tuple((fact, _plain(value)) for fact, value in raw["facts"].items()),
        outcomes=_outcomes(regime, verdict),
    )


def _outcomes(regime: str, verdict: Verdict) -> dict[str, str]:
    """What each rule that is not clear says: `raised 3`, `undetermined 0 to 4`."""
    outcomes = {}
    for finding in verdict.regimes[regime].findings:
        if finding.outcome != "clear":
            worth = f" {_ends(*finding.severity)}" if finding.severity else ""
            outcomes[finding.id] = f"{finding.outcome}{worth}"
    errors = {key: OUTCOMES[truth] for key, truth in verdict.errors.items() if truth is not Truth.FALSE}
    return outcomes | errors


def _ends(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _plain(value: object) -> str:
    """A stated value as the case file has it, in one line."""
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_plain(one) for one in value) or "none"
        case dict():
            return "{" + ", ".join(f"{key}: {_plain(one)}" for key, one in value.items()) + "}"
    return str(value).replace("_", " ")
