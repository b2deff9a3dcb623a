"""Every case of every regime: both ends, gates, errors, and that each fact matters somewhere."""

from __future__ import annotations

from functools import cache

import pytest

from riskassess.rules.engine import judge
from riskassess.rules.facts import FACTS
from riskassess.rules.rulebook import RULEBOOK
from riskassess.rules.verdict import Finding, Verdict
from tests.rules.caselist import ALL_CASES, REGIMES, TODAY, Case, cases_of, over_background


def verdict_of(case: Case, **changes: object) -> Verdict:
    return judge(over_background(**(case.facts | changes)), on=case.on)


@pytest.mark.parametrize("case", ALL_CASES, ids=str)
def test_case(case: Case) -> None:
    verdict = verdict_of(case)
    regime = verdict.regimes[case.regime]
    assert [regime.low, regime.high] == case.range
    gates = {gate: truth.json for gate, truth in verdict.gates.items() if truth.possible}
    assert gates == case.gates
    errors = {error: truth.json for error, truth in verdict.errors.items() if truth.possible}
    assert errors == case.errors
    for rule_id, expected in case.findings.items():
        assert _said(regime.finding(rule_id), expected) == expected, rule_id
    for rule_id, facts in case.settled_by.items():
        assert sorted(regime.finding(rule_id).settled_by) == sorted(facts), rule_id
    for gate, effect in case.effects.items():
        assert verdict.gate_effects[gate] == effect


def _said(finding: Finding, expected: object) -> object:
    """The finding in the form the case states: an outcome, one number, or both ends."""
    if isinstance(expected, str):
        return finding.outcome
    assert finding.outcome != "clear"
    assert finding.severity is not None
    low, high = finding.severity
    return low if isinstance(expected, int) and low == high else [low, high]


def test_the_quiet_background_is_quiet() -> None:
    verdict = judge(over_background(), on=TODAY)
    assert {key: (r.low, r.high, r.confidence) for key, r in verdict.regimes.items()} == dict.fromkeys(
        REGIMES, (0, 0, "normal")
    )
    assert not any(truth.possible for truth in (*verdict.gates.values(), *verdict.errors.values()))


def test_names_are_not_used_twice() -> None:
    names = [str(case) for case in ALL_CASES]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("regime", "fact"), [(regime, fact) for fact, spec in FACTS.items() for regime in spec.regimes]
)
def test_every_fact_leaves_something_open_when_unknown(regime: str, fact: str) -> None:
    """In at least one case, not knowing this one fact shows in the regime, and the finding names it."""
    unknown_first = sorted(cases_of_cached(regime), key=lambda case: fact not in case.facts)
    assert any(fact in _open_facts(case, fact) for case in unknown_first)


def _open_facts(case: Case, fact: str) -> set[str]:
    regime = verdict_of(case, **{fact: None}).regimes[case.regime]
    return {name for finding in regime.findings for name in finding.settled_by}


@cache
def cases_of_cached(regime: str) -> list[Case]:
    return cases_of(regime)


@pytest.mark.parametrize("regime", REGIMES)
def test_every_rule_is_raised_clear_and_undetermined_somewhere(regime: str) -> None:
    outcomes: dict[str, set[str]] = {}
    for case in cases_of_cached(regime):
        for finding in verdict_of(case).regimes[regime].findings:
            outcomes.setdefault(finding.id, set()).add(finding.outcome)
    everything = {"raised", "clear", "undetermined"}
    assert outcomes == dict.fromkeys(RULEBOOK.regime(regime).ids(), everything)
