"""judge(): facts, a day and a rulebook in, a verdict out. It reads no clock and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.truth import Truth
from riskassess.rules.facts import FACTS, Facts
from riskassess.rules.holds import FALSE, Holds, any_holds
from riskassess.rules.questions import Question, question_for
from riskassess.rules.reading import Reading
from riskassess.rules.rule import Regime, Rule, Ruling
from riskassess.rules.rulebook import RULEBOOK, Rulebook
from riskassess.rules.values import MOST, NOTHING, Line
from riskassess.rules.verdict import ErrorMessage, FactRead, Finding, Outcome, RegimeVerdict, Verdict

OUTCOMES: dict[Truth, Outcome] = {Truth.TRUE: "raised", Truth.FALSE: "clear", Truth.UNKNOWN: "undetermined"}

PLACE_IN_FORM = {name: place for place, name in enumerate(FACTS)}


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule applied: its predicate within the scope, its gate, and what it read."""

    rule: Rule
    ruling: Ruling
    holds: Holds
    gate: Holds
    because: tuple[FactRead, ...]


def judge(facts: Facts, *, on: date, rulebook: Rulebook = RULEBOOK) -> Verdict:
    """The verdict of `rulebook` over `facts` as of the day `on`."""
    if not isinstance(on, date) or isinstance(on, datetime):
        raise InvalidInput("The day of judgement is not a date.", hint="Give a datetime.date.", where="on")
    judged = {regime: _judge_rules(regime, facts, on, rulebook) for regime in rulebook.regimes}
    everything = [one for rules in judged.values() for one in rules]
    errors = [
        _apply(rule, Reading(facts, on, rulebook.parameters, rulebook.zones)) for rule in rulebook.validators
    ]
    opening = {gate: [one for one in everything if one.rule.gate == gate] for gate in rulebook.gates}
    open_gates = {gate: any_holds(one.gate for one in rules) for gate, rules in opening.items()}
    gates = {gate: holds.truth for gate, holds in open_gates.items()}
    return Verdict(
        on=on,
        release=rulebook.release,
        regimes={
            regime.key: _regime_verdict(regime, rules, on, rulebook) for regime, rules in judged.items()
        },
        gates=gates,
        gate_effects=_effects(gates, opening),
        gate_findings={gate: _openers(gates[gate], rules) for gate, rules in opening.items()},
        gate_settled_by={gate: _in_order(holds.open) for gate, holds in open_gates.items()},
        errors={one.rule.id: one.holds.truth for one in errors},
        error_messages={one.rule.id: _message(one) for one in errors if one.holds.possible},
    )


# -- rules -----------------------------------------------------------------------------------------


def _judge_rules(regime: Regime, facts: Facts, on: date, rulebook: Rulebook) -> list[Judged]:
    """Each rule once, in its version of the day."""
    judged = []
    for rule_id in regime.ids():
        reading = Reading(facts, on, rulebook.parameters, rulebook.zones)
        versions = regime.versions(rule_id)
        in_force = [rule for rule in versions if rule.in_force(on)]
        judged.append(_apply(in_force[-1], reading, regime) if in_force else _not_in_force(versions[0]))
    return judged


def _apply(rule: Rule, reading: Reading, regime: Regime | None = None) -> Judged:
    """The rule read as *in scope and predicate*; a regime's row 0 and the validators stand alone."""
    ruling = rule.apply(reading)
    holds, gate = ruling.holds, ruling.holds if ruling.gate is None else ruling.gate
    if regime is not None and not rule.sets_scope:
        scope = regime.scope(reading)
        holds, gate = scope & holds, scope & gate
    because = tuple(FactRead(name, reading.seen[name]) for name in _in_order(reading.seen))
    return Judged(rule, ruling, holds, gate if rule.gate else FALSE, because)


def _not_in_force(rule: Rule) -> Judged:
    """A row "from DATE" is clear before that day."""
    return Judged(rule, Ruling(FALSE, NOTHING), FALSE, FALSE, ())


# -- findings --------------------------------------------------------------------------------------


def _finding(one: Judged, regime: Regime, on: date, stale_after: timedelta) -> Finding:
    rule, worth = one.rule, one.ruling.value
    severity = _severity(one)
    settled_by = _in_order(_settling(one))
    return Finding(
        id=rule.id,
        regime=regime.key,
        subject=rule.subject,
        outcome=OUTCOMES[one.holds.truth],
        severity=severity,
        sentence=rule.sentence,
        reason=rule.reason if rule.in_force(on) else f"not law on {on}; applies from {rule.since}",
        judgement=rule.judgement,
        citations=rule.citations,
        settled_by=settled_by,
        questions=_questions(regime, settled_by),
        because=one.because,
        lines=worth.lines if worth is not None and one.holds.possible else (),
        gate=rule.gate,
        stale=any(c.checked_on is not None and c.checked_on + stale_after < on for c in rule.citations),
    )


def _settling(one: Judged) -> frozenset[str]:
    """Undetermined: what would settle the outcome; raised: what would narrow its value or settle its gate."""
    if not one.holds.certain:
        return one.holds.open
    worth = one.ruling.value
    narrows = worth.open if worth is not None and worth.low < worth.high else frozenset()
    return narrows | one.gate.open


def _severity(one: Judged) -> tuple[int, int] | None:
    """Raised: both ends; undetermined: from 0 to the largest; clear: 0. None for rows that only modify."""
    if one.ruling.value is None:
        return None
    match one.holds.truth:
        case Truth.TRUE:
            return one.ruling.value.low, one.ruling.value.high
        case Truth.UNKNOWN:
            return 0, one.ruling.value.high
    return 0, 0


def _in_order(facts: Iterable[str]) -> tuple[str, ...]:
    """In the order of the vocabulary, which is the order of the form."""
    return tuple(sorted(facts, key=PLACE_IN_FORM.__getitem__))


def _questions(regime: Regime, facts: tuple[str, ...]) -> tuple[Question, ...]:
    """The vendor questions that settle these facts; a fact none of them settles asks its own question."""
    asked = [question for question in regime.questions if set(question.facts) & set(facts)]
    covered = {fact for question in asked for fact in question.facts}
    return (*asked, *(question_for(fact) for fact in facts if fact not in covered))


# -- regimes and gates -----------------------------------------------------------------------------


def _regime_verdict(regime: Regime, judged: list[Judged], on: date, rulebook: Rulebook) -> RegimeVerdict:
    stale_after = timedelta(days=rulebook.parameters.whole("stale_after_days", on))
    lift = rulebook.parameters.whole("regime.lift", on)
    findings = tuple(_finding(one, regime, on, stale_after) for one in judged)
    raised = [(one.rule.id, one.ruling.value.low) for one in judged if one.holds.certain and one.ruling.value]
    not_clear = [
        (one.rule.id, one.ruling.value.high) for one in judged if one.holds.possible and one.ruling.value
    ]
    lifts = [one for one in judged if one.rule.lifts_regime]
    low = _end(raised, [one.rule.id for one in lifts if one.holds.certain], lift)
    high = _end(not_clear, [one.rule.id for one in lifts if one.holds.possible], lift)
    return RegimeVerdict(
        key=regime.key,
        title=regime.title,
        authority=regime.authority,
        low=sum(size for _, _, size in low),
        high=sum(size for _, _, size in high),
        confidence="low" if any(_is_open(finding) for finding in findings) else "normal",
        findings=findings,
        lines=(
            *(Line(kind, name, size, 0) for kind, name, size in low),
            *(Line(kind, name, 0, size) for kind, name, size in high),
        ),
    )


def _end(severities: list[tuple[str, int]], lifts: list[str], lift: int) -> list[tuple[str, str, int]]:
    """One end of a regime as steps that sum to it: the worst finding, what lifts all of it, the cap."""
    worst, severity = max(severities, key=lambda one: one[1], default=("", 0))
    if severity == 0:
        return []
    total = severity + lift * len(lifts)
    steps = [("worst finding", worst, severity), *(("modifier", rule_id, lift) for rule_id in lifts)]
    return [*steps, ("cut", f"at most {MOST}", MOST - total)] if total > MOST else steps


def _is_open(finding: Finding) -> bool:
    wide = finding.severity is not None and finding.severity[0] < finding.severity[1]
    return finding.outcome == "undetermined" or wide


def _openers(truth: Truth, rules: list[Judged]) -> tuple[str, ...]:
    """The findings that open the gate, or while it is unknown may open it."""
    return () if truth is Truth.FALSE else tuple(one.rule.id for one in rules if one.gate.truth is truth)


def _effects(gates: dict[str, Truth], opening: dict[str, list[Judged]]) -> dict[str, int]:
    """For the gates whose effect depends on the day: the strongest among the findings that decide them."""
    effects = {}
    for gate, rules in opening.items():
        sizes = [one.ruling.gate_effect for one in rules if one.gate.truth is gates[gate]]
        known = [size for size in sizes if size is not None]
        if known:
            effects[gate] = max(known)
    return effects


def _message(one: Judged) -> ErrorMessage:
    return ErrorMessage(
        id=one.rule.id,
        truth=one.holds.truth,
        sentence=one.rule.sentence,
        hint=one.rule.hint,
        settled_by=_in_order(one.holds.open),
        because=one.because,
    )
