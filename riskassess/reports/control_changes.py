"""Controls that were stated otherwise in two runs of one assessment, and what that alone moved. Pure.

What controls moved of a factor is exact: its line with the controls of now, less its line with those of
before, both on the evidence and the use of now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from riskassess.reports.controls import mitigations, stated_controls
from riskassess.reports.figures import day, decimals, places
from riskassess.scoring.method import load_method
from riskassess.scoring.mitigation import credit, residual
from riskassess.scoring.ranges import Range

Record = Mapping[str, Any]
Pair = tuple[int, int]

NOT_THERE = "not there"


def changed(old: Record, new: Record) -> Iterable[tuple[Record | None, Record | None]]:
    """Each control that is stated otherwise, as it was and as it is; None where it was or is not there."""
    before, after = ({one["key"]: one for one in stated_controls(record)} for record in (old, new))
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key):
            yield before.get(key), after.get(key)


def sides(then: Record | None, now: Record | None) -> tuple[str, str]:
    """What was and what is stated, in words: only the parts that differ, unless it came or went."""
    parts = [_parts(one) for one in (then, now) if one]
    differing = [name for name in parts[0] if parts[0][name] != parts[-1][name]] if len(parts) == 2 else []
    before, after = (
        ", ".join(
            text for name, text in _parts(one).items() if name in (differing or ("status", "effectiveness"))
        )
        if one
        else NOT_THERE
        for one in (then, now)
    )
    return before, after


def causes_of(key: str, old: Record, new: Record) -> tuple[str, ...]:
    """What changed about the controls on the factor `key` as far as it can move its level, a sentence each."""
    texts = []
    for then, now in changed(old, new):
        was, is_now = (_counting(one, key) for one in (then, now))
        if was != is_now:
            title = (now or then or {})["title"]
            texts.append(f"“{title}”: {was} → {is_now}")
    return tuple(texts)


def moved_by_controls(factor: Record, old: Record, new: Record) -> Pair:
    """By how much the controls alone moved the line of `factor`, which is of `new`: numerators, both ends."""
    (low, high), (was_low, was_high) = factor["points"], _points_under(factor, stated_controls(old), new)
    return low - was_low, high - was_high


def in_points(pair: Pair, denominator: int) -> str:
    """`−0.4 at the low end, −1.25 at the high end`, exact."""
    digits = places(pair, denominator, least=1)
    low, high = (f"{'+' if end > 0 else ''}{decimals(end, denominator, digits)}" for end in pair)
    return f"{low} at the low end, {high} at the high end"


def _points_under(factor: Record, stated: Iterable[Record], record: Record) -> Pair:
    method = load_method(record["method"])
    mine = (credit(method, one) for one in mitigations(stated) if factor["key"] in one.factors)
    level = residual(Range(*factor.get("inherent_level", factor["level"])), mine)
    unit = 10**4 * factor["weight"]
    return unit * factor["exposure"][0] * level.low, unit * factor["exposure"][1] * level.high


def _counting(control: Record | None, key: str) -> str:
    if control is None or key not in control["factors"]:
        return NOT_THERE
    return f"{control['status']}, {control['effectiveness']} %"


def _parts(control: Record) -> dict[str, str]:
    return {
        "title": control["title"],
        "status": control["status"],
        "effectiveness": f"{control['effectiveness']} %",
        "factors": ", ".join(control["factors"]),
        "because": control["because"],
        "evidence": control["evidence"] or "nothing shows it",
        "owner": control["owner"] or "nobody",
        "due_on": day(control["due_on"]) or "no date",
    }
