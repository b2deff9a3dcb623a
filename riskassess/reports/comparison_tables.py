"""The tables of a comparison: every offer on one scale, line by line. Pure; geometry is in `charts`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from riskassess.reports.charts import IntervalBar, LevelBar, interval_bar
from riskassess.reports.comparison import Comparison, Offer
from riskassess.reports.figures import percent
from riskassess.reports.parts import FactorLine, Interval, Word
from riskassess.reports.unlike import UnlikeRow, unlike


@dataclass(frozen=True, slots=True)
class Lane:
    """One offer's interval on the scale of its measure."""

    letter: str
    name: str
    text: str
    bar: IntervalBar


@dataclass(frozen=True, slots=True)
class Measure:
    """One interval of every offer; `shared` is where all of them could lie, if anywhere."""

    name: str
    note: str
    lanes: tuple[Lane, ...]
    shared: tuple[str, str] | None
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    letter: str
    level: str
    state: str
    text: str
    bar: LevelBar | None
    ends: tuple[int, int] | None
    """The level in hundredths of a point; None where the factor does not count."""
    points: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One factor of every offer."""

    key: str
    name: str
    cells: tuple[Cell, ...]
    apart: int
    """By how much the points of the offers differ at most, in numerators; 0 where they are the same."""
    differs: bool
    """Whether the levels differ; points alone also differ where a factor matters more in one use."""


@dataclass(frozen=True, slots=True)
class GateCell:
    letter: str
    state: str
    applied: Word | None


@dataclass(frozen=True, slots=True)
class GateRow:
    key: str
    title: str
    cells: tuple[GateCell, ...]


@dataclass(frozen=True, slots=True)
class DomainCell:
    letter: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class DomainRow:
    name: str
    cells: tuple[DomainCell, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """What nobody knows about some of the offers."""

    about: str
    factors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tables:
    unlike: tuple[UnlikeRow, ...]
    measures: tuple[Measure, ...]
    differing: tuple[Row, ...]
    same: tuple[Row, ...]
    opportunity: tuple[Row, ...]
    domains: tuple[DomainRow, ...]
    gates: tuple[GateRow, ...]
    unknown: tuple[Unknown, ...]


def tables(comparison: Comparison) -> Tables:
    """All that stands under the verdict, differing lines first."""
    offers = comparison.offers
    rows = [
        row for row in _rows(offers, lambda offer: offer.content.factors) if any(c.bar for c in row.cells)
    ]
    opportunity = _rows(offers, lambda offer: offer.content.opportunity_factors)
    return Tables(
        unlike=tuple(
            unlike(
                [offer.letter for offer in offers],
                [offer.content.header for offer in offers],
                [offer.record for offer in offers],
            )
        ),
        measures=tuple(_measures(offers)),
        differing=tuple(sorted((row for row in rows if row.differs), key=lambda row: (-row.apart, row.key))),
        same=tuple(row for row in rows if not row.differs),
        opportunity=tuple(sorted(opportunity, key=lambda row: (-row.apart, row.key))),
        domains=tuple(_domains(offers)),
        gates=tuple(_gates(offers)),
        unknown=tuple(_unknown(offers)),
    )


def _measures(offers: Sequence[Offer]) -> Iterable[Measure]:
    thresholds = offers[0].result.method.thresholds
    proven = offers[0].result.method.proven_from
    marks = ", ".join(map(str, thresholds))
    yield _measure(
        "Risk", f"lower is better; marks at {marks}", offers, lambda one: one.content.block.risk.bar
    )
    yield _measure(
        "Opportunity",
        f"higher is better; proven from {proven}",
        offers,
        lambda one: one.content.block.opportunity.bar,
    )
    yield _measure("Risk-adjusted value", "opportunity × (100 − risk), higher is better", offers, _value_bar)


def _value_bar(offer: Offer) -> IntervalBar:
    value = offer.result.risk_adjusted
    return interval_bar(
        value.low,
        value.high,
        value.denominator,
        value.shown,
        name="Risk-adjusted value",
        words="higher is better",
        limits=(),
        bands=("",),
        hatched=True,
    )


def _measure(name: str, note: str, offers: Sequence[Offer], bar: Callable[[Offer], IntervalBar]) -> Measure:
    lanes = tuple(Lane(one.letter, one.name, _text(bar(one)), bar(one)) for one in offers)
    low, high = max(_ends(one, name)[0] for one in offers), min(_ends(one, name)[1] for one in offers)
    shared = (percent(*_share(low)), percent(*_share(high))) if low < high else None
    said = "; ".join(f"{lane.letter} {lane.text}" for lane in lanes)
    return Measure(name, note, lanes, shared, f"{name} of 100: {said}")


def _text(bar: IntervalBar) -> str:
    return bar.low_label if bar.high_label in ("", bar.low_label) else f"{bar.low_label}–{bar.high_label}"


def _ends(offer: Offer, name: str) -> tuple[int, int]:
    """Both ends in millionths of the scale: a drawing needs no more."""
    result = offer.result
    low, high, denominator = {
        "Risk": (*result.risk, result.denominator),
        "Opportunity": (*result.opportunity.range, result.opportunity.denominator),
    }.get(name, (result.risk_adjusted.low, result.risk_adjusted.high, result.risk_adjusted.denominator))
    return low * 10**4 // denominator, high * 10**4 // denominator


def _share(millionths: int) -> tuple[int, int]:
    return millionths, 10**6


def _rows(offers: Sequence[Offer], lines: Callable[[Offer], Sequence[FactorLine]]) -> list[Row]:
    """A row for each factor of the first offer's method that the others have as well."""
    by_key = [{line.key: line for line in lines(offer)} for offer in offers]
    return [
        _row(line, [found[line.key] for found in by_key], offers)
        for line in lines(offers[0])
        if all(line.key in found for found in by_key)
    ]


def _row(first: FactorLine, lines: Sequence[FactorLine], offers: Sequence[Offer]) -> Row:
    apart = max(
        max(line.low for line in lines) - min(line.low for line in lines),
        max(line.high for line in lines) - min(line.high for line in lines),
    )
    return Row(
        key=first.key,
        name=first.name,
        cells=tuple(_cell(offer, line) for offer, line in zip(offers, lines, strict=True)),
        apart=apart,
        differs=len({line.level_ends if line.counts else None for line in lines}) > 1,
    )


def _cell(offer: Offer, line: FactorLine) -> Cell:
    if not line.counts:
        return Cell(offer.letter, "", "na", line.rule or "", None, None, (line.points_low, line.points_high))
    text = line.anchor_text if line.state == "known" else line.rule if line.state == "rule" else ""
    points = (line.points_low, line.points_high)
    return Cell(offer.letter, line.level, line.state, text, line.bar, line.level_ends, points)


def _domains(offers: Sequence[Offer]) -> Iterable[DomainRow]:
    by_name = [{one.name: one.interval for one in offer.content.domains} for offer in offers]
    for domain in offers[0].content.domains:
        if all(domain.name in found for found in by_name):
            cells = [
                DomainCell(o.letter, found[domain.name]) for o, found in zip(offers, by_name, strict=True)
            ]
            yield DomainRow(domain.name, tuple(cells))


def _gates(offers: Sequence[Offer]) -> Iterable[GateRow]:
    """The gates that act on any of them; how many the others have closed says nothing."""
    by_key = [{gate.key: gate for gate in offer.content.gates} for offer in offers]
    for key in dict.fromkeys(key for found in by_key for key, gate in found.items() if gate.applied):
        gates = [found.get(key) for found in by_key]
        title = next(gate.title for gate in gates if gate)
        cells = [
            GateCell(offer.letter, gate.state if gate else "closed", gate.applied if gate else None)
            for offer, gate in zip(offers, gates, strict=True)
        ]
        yield GateRow(key, title, tuple(cells))


def _unknown(offers: Sequence[Offer]) -> Iterable[Unknown]:
    """What is unanswered about all of them first, then what is so about one or some."""
    about: dict[str, list[tuple[str, str]]] = {}
    for line in offers[0].content.factors:
        letters = ", ".join(offer.letter for offer in offers if _is_open(offer, line.key))
        if letters:
            about.setdefault(letters, []).append((line.key, line.name))
    everyone = ", ".join(offer.letter for offer in offers)
    for who in sorted(about, key=lambda one: (one != everyone, -len(one), one)):
        together = "both" if len(offers) == 2 else "all of them"
        yield Unknown(together if who == everyone else f"{who} only", tuple(about[who]))


def _is_open(offer: Offer, key: str) -> bool:
    return any(
        line.key == key and line.counts and line.state in ("unknown", "declined")
        for line in offer.content.factors
    )
