"""What holds for any facts at all: no crash, no clock, and not knowing never settles anything."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskassess.kernel.truth import Truth
from riskassess.rules.engine import judge
from riskassess.rules.facts import FACTS, Facts
from riskassess.rules.parsing import Member
from riskassess.rules.rulebook import RULEBOOK
from riskassess.rules.verdict import Verdict
from tests.rules.caselist import ALL_CASES, Case, over_background
from tests.rules.strategies import blanked, days, mappings

quick = settings(max_examples=40, deadline=None)


@quick
@given(mappings, days)
def test_any_facts_get_a_verdict_within_bounds(mapping: dict[str, Any], on: date) -> None:
    facts = Facts.from_mapping(mapping)
    verdict = judge(facts, on=on)
    for regime in verdict.regimes.values():
        assert 0 <= regime.low <= regime.high <= 4
        assert (regime.confidence == "low") == any(
            f.outcome == "undetermined" or (f.severity and f.severity[0] < f.severity[1])
            for f in regime.findings
        )
    for finding in verdict.findings():
        low, high = finding.severity or (0, 0)
        assert 0 <= low <= high <= 4
        if finding.outcome == "undetermined":
            assert finding.settled_by, finding.id
            assert low == 0
        if finding.outcome == "raised" and finding.severity:
            assert sum(line.low for line in finding.lines) == low
        if finding.outcome != "clear" and finding.severity:
            assert sum(line.high for line in finding.lines) == high
        assert all(not_fully_known(facts, fact) for fact in finding.settled_by)
        assert {fact for question in finding.questions for fact in question.facts} >= set(finding.settled_by)


def not_fully_known(facts: Facts, fact: str) -> bool:
    """Unknown, or a list with an unnamed member or one whose attributes are not all known."""
    if fact in facts.unknown():
        return True
    listed = getattr(facts.stated(fact), "value", ())
    return isinstance(listed, tuple) and any(
        one is None or (isinstance(one, Member) and None in (plain_of(one).values())) for one in listed
    )


def plain_of(member: Member) -> dict[str, Any]:
    return {name: getattr(stated, "value", None) for name, stated in member.attributes.items()}


@quick
@given(blanked(), days)
def test_not_knowing_never_settles_anything(pair: tuple[dict[str, Any], dict[str, Any]], on: date) -> None:
    """Blanking raises no low, lowers no high, settles no gate: every resolution lies inside the old range."""
    known, open_ = (judge(Facts.from_mapping(mapping), on=on) for mapping in pair)
    for key, regime in open_.regimes.items():
        assert regime.low <= known.regimes[key].low, key
        assert regime.high >= known.regimes[key].high, key
    for gate, truth in open_.gates.items():
        assert truth in (Truth.UNKNOWN, known.gates[gate]), gate
    assert_findings_widen(open_, known)


def assert_findings_widen(open_: Verdict, known: Verdict) -> None:
    """Finding by finding; FDA3 alone speaks about our knowledge, so it may come and go."""
    for finding in open_.findings():
        if finding.id == "FDA3":
            continue
        narrow = known.finding(finding.id)
        assert finding.outcome in ("undetermined", narrow.outcome), finding.id
        if finding.severity and narrow.severity:
            assert finding.severity[0] <= narrow.severity[0], finding.id
            assert finding.severity[1] >= narrow.severity[1], finding.id


@quick
@given(mappings, days)
def test_the_same_facts_give_the_same_verdict(mapping: dict[str, Any], on: date) -> None:
    facts = Facts.from_mapping(mapping)
    again = Facts.from_mapping(facts.to_json())
    assert again == facts
    assert judge(again, on=on) == judge(facts, on=on)


ONE_UNKNOWN = [
    (case, fact)
    for case in ALL_CASES
    for fact in [name for name, value in case.facts.items() if value is None]
    if list(case.facts.values()).count(None) == 1 and FACTS[fact].kind in ("bool", "enum")
]


@pytest.mark.parametrize(("case", "fact"), ONE_UNKNOWN, ids=lambda one: str(one))
def test_each_high_end_is_reached_by_some_answer(case: Case, fact: str) -> None:
    """With one fact open the high ends are exact, not merely safe."""
    answers = FACTS[fact].values or (True, False)
    verdicts = [judge(over_background(**(case.facts | {fact: a})), on=case.on) for a in answers]
    verdict = judge(over_background(**case.facts), on=case.on)
    for key, regime in verdict.regimes.items():
        assert regime.high == max(v.regimes[key].high for v in verdicts), key
    for finding in verdict.findings():
        if finding.severity and finding.id != "FDA3":
            highs = [v.finding(finding.id).severity for v in verdicts]
            assert finding.severity[1] == max(high[1] for high in highs if high), finding.id


@quick
@given(st.sampled_from(ALL_CASES), days)
def test_a_rule_is_clear_before_its_law(case: Case, on: date) -> None:
    verdict = judge(over_background(**case.facts), on=on)
    for regime in RULEBOOK.regimes:
        for rule_id in regime.ids():
            starts = [rule.since for rule in regime.versions(rule_id)]
            if all(start is not None and on < start for start in starts):
                assert verdict.finding(rule_id).outcome == "clear"
                assert "applies from" in verdict.finding(rule_id).reason
