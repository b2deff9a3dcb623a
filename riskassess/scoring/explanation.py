"""Why the score is what it is: lines that add up to it exactly (2.4)."""

from __future__ import annotations

from dataclasses import dataclass

from riskassess.scoring.results import Result


@dataclass(frozen=True, slots=True)
class Line:
    """One summand of R: a factor, or the lift by the peak (`key` empty, `factors` those that set it).

    `points` is a numerator over the result's denominator.
    """

    key: str
    points: int
    because: str
    evidence: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()


def lines(result: Result, end: int) -> tuple[Line, ...]:
    """The lines at the low (0) or the high (1) end, in the method's order; they sum to R exactly."""
    found = [
        Line(
            key=one.key,
            points=one.points[end],
            because=" · ".join(part for part in (one.exposure_rule, one.rule, one.anchor) if part),
            evidence=tuple(item.evidence_id for item in one.items),
        )
        for one in result.factors
    ]
    if result.peak_line[end]:
        because = "The worst factors count beyond their weight."
        found.append(Line("", result.peak_line[end], because, factors=result.peak_factors[end]))
    return tuple(found)
