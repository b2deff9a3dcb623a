"""One factor's line: evidence, exposure and mitigations become x and its points (2.1, 2.3, 2.6, 2.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from riskassess.kernel.truth import Truth
from riskassess.scoring import evidence, mitigation
from riskassess.scoring.evidence import Reading
from riskassess.scoring.inputs import FactorInput, Mitigation
from riskassess.scoring.method import Factor, Method
from riskassess.scoring.ranges import Range
from riskassess.scoring.results import FactorResult

FULL_EXPOSURE = Range(100, 100)


def risk_factor(
    method: Method,
    factor: Factor,
    given: FactorInput | None,
    levels: Mapping[str, Range],
    flags: Mapping[str, Truth],
    mitigations: Sequence[Mitigation],
    as_of: date,
) -> FactorResult:
    """A risk factor under the profile's `levels` and `flags`; `mitigations` are those that name it."""
    found = evidence.reading(method, given, as_of)
    level = mitigation.residual(found.level, (mitigation.credit(method, one) for one in mitigations))
    exposure = _exposure(factor, given, levels, flags)
    x = Range(exposure.low * level.low, exposure.high * level.high)
    return _result(method, factor, given, found, exposure, level, x, factor.weight, mitigations)


def opportunity_factor(
    method: Method, factor: Factor, given: FactorInput | None, relevance: int, as_of: date
) -> FactorResult:
    """An opportunity factor, weighed by its relevance 0..100; its x is the shortfall, levels are its own."""
    read = evidence.reading(method, evidence.as_shortfall(given) if given else None, as_of)
    x = Range(100 * read.level.low, 100 * read.level.high)
    level = read.level.flipped()
    return _result(method, factor, given, read, FULL_EXPOSURE, level, x, factor.weight * relevance, ())


def _exposure(
    factor: Factor, given: FactorInput | None, levels: Mapping[str, Range], flags: Mapping[str, Truth]
) -> Range:
    if given is not None and given.fixed is not None:
        return Range(*given.exposure) if given.exposure else FULL_EXPOSURE
    assert factor.exposure is not None, f"{factor.key} has no exposure rule"  # noqa: S101 - loading checks it
    return factor.exposure.exposure(levels, flags)


def _result(
    method: Method,
    factor: Factor,
    given: FactorInput | None,
    found: Reading,
    exposure: Range,
    level: Range,
    x: Range,
    weight: int,
    mitigations: Sequence[Mitigation],
) -> FactorResult:
    is_opportunity = factor.exposure is None
    return FactorResult(
        key=factor.key,
        domain=factor.domain,
        name=factor.name,
        weight=weight,
        klass=factor.klass,
        share=method.classes[factor.klass],
        exposure=exposure,
        exposure_rule=factor.exposure_text,
        level=level,
        inherent_level=level if is_opportunity else found.level,
        x=x,
        points=Range(10**4 * weight * x.low, 10**4 * weight * x.high),
        tier=found.tier,
        answered=found.answered,
        declined=given is not None and given.declined,
        open_question=given is not None and given.open_question is not None,
        binding=(False, False),
        anchor=_anchor(factor, found, is_opportunity),
        rule=given.rule if given else "",
        items=found.used,
        weaker=found.weaker,
        contradiction=found.contradiction,
        mitigations=tuple(sorted(one.key for one in mitigations)),
    )


def _anchor(factor: Factor, found: Reading, is_opportunity: bool) -> str:
    """The anchor that the governing evidence states, or the two it lies between; empty without evidence."""
    if not found.answered or not found.used:
        return ""
    low, high = min(item.level_low for item in found.used), max(item.level_high for item in found.used)
    if is_opportunity:
        low, high = 4 - high, 4 - low
    return factor.anchors[low] if low == high else f"{factor.anchors[low]} … {factor.anchors[high]}"
