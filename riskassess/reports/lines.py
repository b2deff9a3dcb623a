"""From a run's record: the lines of the score. They add up to the risk exactly, at both ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from riskassess.reports import charts
from riskassess.reports.figures import decimals, ends, listed, number, places, points, signed_tenths, tenths
from riskassess.reports.parts import DomainLine, FactorLine, Interval, TornadoLine, Totals
from riskassess.reports.shape import Ask
from riskassess.reports.sources import evidence_line
from riskassess.scoring.aggregate import denominator_of
from riskassess.scoring.method import BANDS, Method

Record = Mapping[str, Any]

CASES = ("Case absent", "Case proven")


def interval(
    pair: Sequence[int],
    denominator: int,
    shown: Sequence[str],
    bands: Sequence[str],
    name: str,
    method: Method,
) -> Interval:
    """A risk interval with its bar on the scale of the method's bands."""
    return risk_interval(pair, denominator, shown, bands, name, method.thresholds)


def risk_interval(
    pair: Sequence[int],
    denominator: int,
    shown: Sequence[str],
    bands: Sequence[str],
    name: str,
    limits: Sequence[int],
) -> Interval:
    """The same on lines that are given."""
    said = [_(band) for band in bands]
    words = said[0] if bands[0] == bands[1] else _("%(low)s to %(high)s") % {"low": said[0], "high": said[1]}
    labels = (number(shown[0]), number(shown[1]))
    bar = charts.interval_bar(
        pair[0], pair[1], denominator, labels, name=name, words=words, limits=limits, bands=_bands()
    )
    tone = bands[0].lower() if bands[0] == bands[1] else ""
    return Interval(pair[0], pair[1], denominator, *labels, words, tone, bar)


def opportunity(record: Record, method: Method) -> Interval:
    """The opportunity interval, on the scale of the business case."""
    low, high = (int(end) for end in record["opportunity"])
    denominator = int(record["opportunity_denominator"])
    return opportunity_interval(low, high, denominator, record["business_case"], method.proven_from)


def opportunity_interval(low: int, high: int, denominator: int, case: str, proven_from: int) -> Interval:
    """The same of its exact ends; `case` is the business case, proven from so many points on."""
    shown = tenths(low, high, denominator)
    nothing = low == 0 and high == 100 * denominator
    words = _("Not assessed, all is possible") if nothing else _(case.capitalize())
    bar = charts.interval_bar(
        low,
        high,
        denominator,
        shown,
        name=_("Opportunity"),
        words=words,
        limits=(proven_from,),
        bands=[_(one) for one in CASES],
        hatched=True,
    )
    return Interval(low, high, denominator, *shown, words, "", bar)


def risk_map(risk: Interval, opportunity: Interval, method: Method) -> charts.RiskMap:
    """Both intervals in one drawing, told in one sentence."""
    return charts.risk_map(
        (risk.low, risk.high, risk.denominator),
        (opportunity.low, opportunity.high, opportunity.denominator),
        method.thresholds,
        _bands(),
        (method.proven_from,),
        _(
            "Risk %(risk)s of 100 from bottom to top, %(risk_words)s; "
            "opportunity %(opportunity)s of 100 from left to right, %(opportunity_words)s"
        )
        % {
            "risk": risk.text,
            "risk_words": risk.words,
            "opportunity": opportunity.text,
            "opportunity_words": opportunity.words,
        },
    )


def _bands() -> list[str]:
    return [_(band) for band in BANDS]


def domains(record: Record, method: Method) -> tuple[DomainLine, ...]:
    """Each domain's own score, worst first; for reading, it decides nothing."""
    weighed: dict[str, int] = {}
    for factor in record["factors"]:
        weighed[factor["domain"]] = weighed.get(factor["domain"], 0) + denominator_of(factor["weight"])
    found = [
        DomainLine(
            one["domain"],
            interval(one["risk"], weighed[one["domain"]], one["shown"], one["bands"], one["domain"], method),
        )
        for one in record["domains"]
    ]
    return tuple(
        sorted(
            found,
            key=lambda line: (-line.interval.high * 10**6 // max(1, line.interval.denominator), line.name),
        )
    )


def factors(record: Record) -> tuple[FactorLine, ...]:
    """The risk factors, in the method's order."""
    denominator = record["denominator"]
    digits = places_of(record)
    return tuple(_factor(one, denominator, digits) for one in record["factors"])


def places_of(record: Record) -> int:
    """The decimals in which every line of the score is exact."""
    numbers = [end for one in record["factors"] for end in one["points"]]
    numbers += [*record["peak_line"], *record["risk"], *record["base"]]
    return places(numbers, record["denominator"])


def opportunity_factors(record: Record) -> tuple[FactorLine, ...]:
    """The opportunity factors. Their points are shortfalls from 100: what the offering does not bring."""
    denominator = int(record["opportunity_denominator"])
    digits = min(
        6, places([end for one in record["opportunity_factors"] for end in one["points"]], denominator)
    )
    whole = sum(one["weight"] for one in record["opportunity_factors"])
    return tuple(
        replace(_factor(one, denominator, digits), weight_text=f"{decimals(100 * one['weight'], whole, 1)} %")
        for one in record["opportunity_factors"]
    )


def _factor(one: Record, denominator: int, digits: int) -> FactorLine:
    low, high = one["points"]
    level = ends(one["level"], points)
    state, words = _state(one)
    return FactorLine(
        key=one["key"],
        anchor=f"factor-{one['key']}",
        name=one["name"],
        domain=one["domain"],
        question=one["question"],
        weight=one["weight"],
        weight_text=str(one["weight"]),
        klass=one["class"],
        exposure=ends(one["exposure"]),
        exposure_ends=(one["exposure"][0], one["exposure"][1]),
        exposure_rule=one["exposure_rule"],
        level=level,
        level_ends=(one["level"][0], one["level"][1]),
        bar=charts.level_bar(one["level"][0], one["level"][1], one["name"], level),
        tier=one["tier"],
        state=state,
        state_words=words,
        anchor_text=one["anchor"],
        rule=one["rule"],
        low=low,
        high=high,
        points_low=decimals(low, denominator, digits),
        points_high=decimals(high, denominator, digits),
        binding=_binding(one["binding"]),
        contradiction=one["contradiction"],
        references=one["references"],
        proof=one["proof"],
        evidence=tuple(evidence_line(item) for item in one["evidence"]),
        asked=0,
        controls=tuple(one.get("mitigations", ())),
        inherent_ends=tuple(one["inherent_level"]) if "inherent_level" in one else None,
    )


def _state(one: Record) -> tuple[str, str]:
    """Unknown, declined, not applicable and answered are four states; each has its word."""
    if one["exposure"][1] == 0:
        return "na", _("Does not apply")
    if one["declined"] and not one["answered"]:
        return "declined", _("Declined to answer")
    if one["rule"] and not one["evidence"]:
        return "rule", _("Set by rule")
    if not one["answered"]:
        return "unknown", _("Unknown")
    return "known", _("Answered")


def _binding(binding: Sequence[bool]) -> str:
    """At which ends this factor is the peak."""
    return {(True, True): "both ends", (True, False): "low end", (False, True): "high end"}.get(
        (bool(binding[0]), bool(binding[1])), ""
    )


def totals(record: Record, lines: Sequence[FactorLine]) -> Totals:
    """Base, peak line and risk: the sums, checked by being printed beside their lines."""
    denominator, digits = record["denominator"], places_of(record)

    def both(pair: Sequence[int]) -> tuple[str, str]:
        return decimals(pair[0], denominator, digits), decimals(pair[1], denominator, digits)

    return Totals(
        weight=sum(line.weight for line in lines),
        denominator=denominator,
        base=(record["base"][0], record["base"][1]),
        peak_line=(record["peak_line"][0], record["peak_line"][1]),
        risk=(record["risk"][0], record["risk"][1]),
        base_text=both(record["base"]),
        peak_text=both(record["peak_line"]),
        risk_text=both(record["risk"]),
        binding=_binding_names(record, lines),
    )


def _binding_names(record: Record, lines: Sequence[FactorLine]) -> str:
    parts = []
    for end, where in ((0, "low end"), (1, "high end")):
        names = [line.name for line in lines if line.binding in (where, "both ends")]
        if names and record["peak_line"][end]:
            more = _(" and %(number)s more") % {"number": len(names) - 3} if len(names) > 3 else ""
            parts.append(f"{_(where)}: {listed(names[:3]) if not more else ', '.join(names[:3]) + more}")
    return "; ".join(parts)


def tornado(record: Record, most: int = 12) -> tuple[TornadoLine, ...]:
    """What one answer alone can move, the greatest fall of the top first."""
    names = {one["key"]: one["name"] for one in record["factors"]}
    bars = sorted(record["tornado"], key=lambda bar: (-bar["falls"], -bar["rises"], bar["factor"]))[:most]
    greatest = max((max(bar["falls"], bar["rises"]) for bar in bars), default=0)
    return tuple(_tornado_line(bar, names[bar["factor"]], greatest, record["denominator"]) for bar in bars)


def _tornado_line(bar: Record, name: str, greatest: int, denominator: int) -> TornadoLine:
    falls = signed_tenths(bar["falls"], denominator, "−")
    rises = signed_tenths(bar["rises"], denominator, "+")
    drawn = charts.tornado_bars(bar["falls"], bar["rises"], greatest, (falls, rises))
    return TornadoLine(bar["factor"], name, falls, rises, drawn)


def with_questions(lines: Sequence[FactorLine], asks: Sequence[Ask]) -> tuple[FactorLine, ...]:
    """The factor lines, each with the number of the question that would settle it."""
    numbers = {ask.anchor: ask.number for ask in asks}
    return tuple(replace(line, asked=numbers.get(line.anchor, 0)) for line in lines)
