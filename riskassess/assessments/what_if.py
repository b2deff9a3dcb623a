"""What if it weighed otherwise? A stored record judged again with other weights, levels of use or lines.

Pure: no Django, no clock, nothing stored. What is tried is a second set of parameters beside the record's own;
facts, evidence, rules and gates stay those of the record, and so does its day. With nothing tried, what comes
out is the record, to the integer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import gcd, lcm
from typing import Any

from riskassess.assessments.record import SCHEMA, recorded_method
from riskassess.assessments.regather import regathered
from riskassess.assessments.verifying import judged_again
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.rules.rulebook import RULEBOOK
from riskassess.scoring.appetite import drawn, own_appetite
from riskassess.scoring.exposure import LETTERS
from riskassess.scoring.loading import check_method
from riskassess.scoring.method import Factor, Method
from riskassess.scoring.results import Result

NOT_THE_RECORD = "What if: not the record. Nothing of this is stored, and nobody decides on it."
MOST_WEIGHT = 100
LINES = ("approve", "conditional", "reject", "coverage_percent")
WEIGHT, DOMAIN = "w.", "d."
"""How a factor's and a domain's weight are named: `w.DAT-RES`, `d.Data`."""
PEAK = "peak"

Record = Mapping[str, Any]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tried:
    """What is tried in place of the record's own; what is not named stays as it is.

    `weights` by factor, `domains` the weight that a domain's factors have together, `profile` the ends of a
    level of use, `lines` the thresholds and the coverage needed.
    """

    weights: Mapping[str, int] = field(default_factory=dict)
    domains: Mapping[str, int] = field(default_factory=dict)
    profile: Mapping[str, Pair] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def named(self) -> dict[str, str]:
        """As addresses carry it, in one order."""
        return {
            **{name: str(self.lines[name]) for name in LINES if name in self.lines},
            **{letter: _level_text(self.profile[letter]) for letter in LETTERS if letter in self.profile},
            **{f"{DOMAIN}{name}": str(weight) for name, weight in sorted(self.domains.items())},
            **{f"{WEIGHT}{key}": str(weight) for key, weight in sorted(self.weights.items())},
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out on one side; risk is a numerator over `denominator`."""

    decision: str
    without_gates: str
    risk: Pair
    denominator: int
    shown: tuple[str, str]
    bands: tuple[str, str]
    coverage: str
    thresholds: tuple[int, int, int]
    coverage_percent: int


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the score on both sides: a factor, or the peak line; numerators over the common denominator."""

    key: str
    name: str
    weight: Pair
    before: Pair
    after: Pair

    @property
    def by(self) -> Pair:
        return self.after[0] - self.before[0], self.after[1] - self.before[1]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The record beside what was tried. The moves add up to the difference of the risks, at both ends."""

    tried: Tried
    record: Outcome
    result: Outcome
    denominator: int
    moves: tuple[Move, ...]
    notes: tuple[str, ...]

    @property
    def by(self) -> Pair:
        """By how much the risk moved at both ends, over the common denominator."""
        low, high = (sum(move.by[end] for move in self.moves) for end in (0, 1))
        return low, high


def record_to_try(text: str) -> dict[str, Any]:
    """The stored text of a record as data. Raises Conflict where it is of a shape that is no longer judged."""
    record: dict[str, Any] = json.loads(text)
    if record.get("schema") != SCHEMA:
        raise Conflict("This score is of an older shape; nothing can be tried on it.", hint="Score again.")
    return record


def own_values(record: Record) -> dict[str, str]:
    """Every parameter that can be tried, by name, as the record has it."""
    method = recorded_method(record)
    lines = own_appetite(method)
    return {
        **{name: str(getattr(lines, name)) for name in LINES},
        **{letter: _level_text(record["inputs"]["profile"][letter]) for letter in LETTERS},
        **{f"{DOMAIN}{name}": str(_together(method.risk_factors, name)) for name in method.domains},
        **{f"{WEIGHT}{one.key}": str(one.weight) for one in method.risk_factors},
    }


def tried(record: Record, given: Mapping[str, str]) -> Tried:
    """What names and texts ask to try, without what is the record's own anyway. Raises InvalidInput.

    Names are those of `own_values`; an empty text asks for nothing. Weights are whole numbers 1 to 100, levels
    `2` or `1-3`, lines such as the method allows.
    """
    own = own_values(record)
    asked = {name: text.strip() for name, text in given.items() if text.strip()}
    if unknown := sorted(set(asked) - set(own)):
        raise InvalidInput(
            f"“{unknown[0][:40]}” cannot be tried.",
            hint=f"Use {', '.join((*LINES, *LETTERS))}, {DOMAIN}Data for a domain, {WEIGHT}DAT-RES for a factor.",
            where=unknown[0][:40],
        )
    changed = {name: text for name, text in asked.items() if text != own[name]}
    found = Tried(
        weights=_whole(changed, WEIGHT),
        domains=_whole(changed, DOMAIN),
        profile={letter: _level(changed[letter], letter) for letter in LETTERS if letter in changed},
        lines={name: _number(changed[name], name, 100) for name in LINES if name in changed},
    )
    named = found.named()
    if again := {name for name in named if named[name] == own[name]}:  # such as 025, which is 25
        return tried(record, {name: text for name, text in named.items() if name not in again})
    return found


def what_if(record: Record, parameters: Tried) -> WhatIf:
    """The record beside itself with other parameters. Raises InvalidInput where the method forbids them."""
    own = recorded_method(record)
    gathered = regathered(record["inputs"])
    notes = []
    if record["rules_release"] != RULEBOOK.release:
        again = judged_again(dict(record), gathered, own).result
        if list(again.risk) != record["risk"] or again.decision != record["decision"]:
            notes.append(
                "The rules have moved on and judge this record otherwise now: part of the difference is theirs. "
                "Score again to tell them apart."
            )
    method = method_with(own, parameters)
    profile = {**gathered.profile, **parameters.profile}
    result = judged_again(dict(record), replace(gathered, profile=profile), method).result
    denominator = lcm(record["denominator"], result.denominator)
    return WhatIf(
        tried=parameters,
        record=_recorded(record, own),
        result=_found(result),
        denominator=denominator,
        moves=_moves(record, result, denominator),
        notes=tuple(notes),
    )


def method_with(method: Method, parameters: Tried) -> Method:
    """The method with other weights and lines, held to the same promises. Raises InvalidInput.

    A domain's weight is shared among its factors as their own weights are; all weights then grow alike until
    they are whole, which changes nothing: only how they stand to each other counts.
    """
    if parameters.lines:
        lines = replace(own_appetite(method), **parameters.lines, version=0, since=None)
        method = drawn(method, lines)
    weights = {one.key: parameters.weights.get(one.key, one.weight) for one in method.risk_factors}
    if parameters.domains:
        weights = _shared(method, weights, parameters.domains)
    if weights != {one.key: one.weight for one in method.risk_factors}:
        factors = tuple(replace(one, weight=weights[one.key]) for one in method.risk_factors)
        method = replace(method, risk_factors=factors)
    check_method(method)
    return method


def _shared(method: Method, weights: Mapping[str, int], domains: Mapping[str, int]) -> dict[str, int]:
    together = {
        name: sum(weights[one.key] for one in method.risk_factors if one.domain == name)
        for name in method.domains
    }
    scale = lcm(*together.values())
    shared = {
        one.key: weights[one.key]
        * domains.get(one.domain, together[one.domain])
        * (scale // together[one.domain])
        for one in method.risk_factors
    }
    common = gcd(*shared.values())
    return {key: weight // common for key, weight in shared.items()}


def _together(factors: Iterable[Factor], domain: str) -> int:
    return sum(one.weight for one in factors if one.domain == domain)


# -- both sides --------------------------------------------------------------------------------------


def _recorded(record: Record, method: Method) -> Outcome:
    return Outcome(
        decision=record["decision"],
        without_gates=record["decision_without_gates"],
        risk=_pair(record["risk"]),
        denominator=record["denominator"],
        shown=(record["shown"]["risk"][0], record["shown"]["risk"][1]),
        bands=(record["bands"][0], record["bands"][1]),
        coverage=record["coverage"]["shown"],
        thresholds=method.thresholds,
        coverage_percent=method.coverage_percent,
    )


def _found(result: Result) -> Outcome:
    return Outcome(
        decision=result.decision,
        without_gates=result.decision_without_gates,
        risk=_pair(result.risk),
        denominator=result.denominator,
        shown=result.shown,
        bands=result.bands,
        coverage=result.coverage.shown,
        thresholds=result.method.thresholds,
        coverage_percent=result.method.coverage_percent,
    )


def _moves(record: Record, result: Result, denominator: int) -> tuple[Move, ...]:
    """The lines that moved at either end, the greatest move first; the peak line among them."""
    old, new = denominator // record["denominator"], denominator // result.denominator
    then = {one["key"]: one for one in record["factors"]}
    lines = [
        Move(
            one.key,
            one.name,
            (then[one.key]["weight"], one.weight),
            _pair(then[one.key]["points"], old),
            _pair(one.points, new),
        )
        for one in result.factors
    ]
    lines.append(
        Move(PEAK, "Peak line", (0, 0), _pair(record["peak_line"], old), _pair(result.peak_line, new))
    )
    moved = [line for line in lines if any(line.by)]
    return tuple(sorted(moved, key=lambda move: (-max(map(abs, move.by)), move.key)))


def _pair(ends: Iterable[int], times: int = 1) -> Pair:
    low, high = ends
    return low * times, high * times


# -- names and texts ---------------------------------------------------------------------------------


def _whole(changed: Mapping[str, str], prefix: str) -> dict[str, int]:
    return {
        name.removeprefix(prefix): _number(text, name, MOST_WEIGHT)
        for name, text in changed.items()
        if name.startswith(prefix)
    }


def _number(text: str, where: str, most: int) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= most:
        return int(text)
    raise InvalidInput(f"“{text[:40]}” is not allowed.", hint=f"Use a whole number 1 to {most}.", where=where)


def _level(text: str, where: str) -> Pair:
    low, _, high = text.partition("-")
    ends = (low, high or low)
    if all(len(end) == 1 and end in "01234" for end in ends) and ends[0] <= ends[1]:
        return int(ends[0]), int(ends[1])
    raise InvalidInput(f"“{text[:40]}” is no level.", hint="Use 0 to 4, or a range such as 1-3.", where=where)


def _level_text(ends: Iterable[int]) -> str:
    low, high = ends
    return str(low) if low == high else f"{low}-{high}"


def what_if_json(found: WhatIf) -> dict[str, Any]:
    """The same as plain data, for programs; integers and text only."""
    return {
        "is_the_record": False,
        "note": NOT_THE_RECORD,
        "tried": found.tried.named(),
        "record": _outcome_json(found.record),
        "what_if": _outcome_json(found.result),
        "denominator": found.denominator,
        "by": list(found.by),
        "moves": [
            {"key": move.key, "name": move.name, "weight": list(move.weight), "before": list(move.before),
             "after": list(move.after), "by": list(move.by)}
            for move in found.moves
        ],
        "notes": list(found.notes),
    }  # fmt: skip


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "decision": outcome.decision,
        "decision_without_gates": outcome.without_gates,
        "risk": list(outcome.risk),
        "denominator": outcome.denominator,
        "shown": list(outcome.shown),
        "bands": list(outcome.bands),
        "coverage": outcome.coverage,
        "thresholds": list(outcome.thresholds),
        "coverage_percent": outcome.coverage_percent,
    }
