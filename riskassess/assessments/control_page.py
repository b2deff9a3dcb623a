"""What the page of an assessment's controls shows, as ready words: views, controls, and where they could help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from riskassess.assessments.controlled import VIEWS
from riskassess.assessments.judgement import Judgement
from riskassess.assessments.models import Mitigation
from riskassess.scoring.controls import room, taken, taken_off
from riskassess.scoring.method import Factor, Method

MOST_SUGGESTED = 6


@dataclass(frozen=True, slots=True)
class ViewRow:
    """The risk under one reading of the controls."""

    name: str
    meaning: str
    low: str
    high: str
    low_number: float
    high_number: float
    decision: str


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One control: what is stated of it, and what it takes off both ends now and once verified."""

    mitigation: Mitigation
    factors: tuple[tuple[str, str], ...]
    counted: str
    """How much of its effectiveness may be counted: `0–40 %`."""
    now: tuple[str, str]
    verified: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A factor on which a control could take much off: where to look, not what to do."""

    key: str
    name: str
    question: str
    most: tuple[str, str]
    controls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactorGroup:
    """The factors of one domain, for ticking; a domain with a ticked one is unfolded."""

    domain: str
    factors: tuple[tuple[str, str, bool], ...]  # key, name, ticked

    @property
    def ticked(self) -> int:
        return sum(ticked for _, _, ticked in self.factors)


def views(judgement: Judgement) -> tuple[ViewRow, ...]:
    """Inherent, current, target. The decisions are those of the points alone: no control opens a gate."""
    result = judgement.result
    current = (result.shown, result.decision_without_gates)
    seen = {
        "inherent": (result.inherent.shown, result.inherent.decision_without_gates),
        "current": current,
        "target": (result.target.shown, result.target.decision_without_gates),
    }
    return tuple(
        ViewRow(name, meaning, low, high, float(low), float(high), decision)
        for key, name, meaning in VIEWS
        for (low, high), decision in [seen[key]]
    )


def control_rows(judgement: Judgement, stored: Iterable[Mitigation]) -> tuple[ControlRow, ...]:
    """The controls in the order of their keys. No query."""
    off = {one.key: one for one in taken_off(judgement.result)}
    denominator = judgement.result.denominator
    return tuple(
        ControlRow(
            mitigation=one,
            factors=tuple((key, judgement.method.factor(key).name) for key in one.factors),
            counted=_counted(judgement.method, one),
            now=_points(off[one.key].now, denominator),
            verified=_points(off[one.key].verified, denominator),
        )
        for one in stored
        if one.key in off
    )


def _counted(method: Method, stored: Mitigation) -> str:
    least, most = (stored.effectiveness * share / 100 for share in method.credit[stored.status])
    return f"{least:g} %" if least == most else f"{least:g}–{most:g} %"


def suggestions(judgement: Judgement, stored: Sequence[Mitigation]) -> tuple[Suggestion, ...]:
    """The factors where a control alone could take most off, with the controls they have already."""
    result, method = judgement.result, judgement.method
    return tuple(
        Suggestion(
            key=one.key,
            name=method.factor(one.key).name,
            question=method.factor(one.key).question,
            most=_points(one.most, result.denominator),
            controls=tuple(control.title for control in stored if one.key in control.factors),
        )
        for one in room(result)[:MOST_SUGGESTED]
    )


def factor_groups(factors: Iterable[Factor], ticked: Iterable[str]) -> tuple[FactorGroup, ...]:
    """All risk factors by domain, in the method's order."""
    chosen = set(ticked)
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    for factor in factors:
        groups.setdefault(factor.domain, []).append((factor.key, factor.name, factor.key in chosen))
    return tuple(FactorGroup(domain, tuple(found)) for domain, found in groups.items())


def _points(pair: tuple[int, int], denominator: int) -> tuple[str, str]:
    return taken(pair[0], denominator), taken(pair[1], denominator)
