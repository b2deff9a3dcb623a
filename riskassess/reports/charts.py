"""The geometry of every chart, as text ready for SVG: the same drawing on the page and in the PDF.

Horizontal positions are percentages, so that a chart takes the width it is given without stretching its
text. Templates under `reports/charts/` write both a class (the page colours it) and a plain attribute (the
PDF engine applies no style sheet to SVG; on the page a class overrides an attribute). The alternative text is
a `<title>`: browsers read it aloud, and the PDF engine takes it and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext as _

from riskassess.reports.figures import percent, span
from riskassess.reports.map_labels import TALL, WHOLE, Box, plate, spots

TONES = ("low", "moderate", "high", "severe")
SEVERITY_WORDS = ("none", "low", "moderate", "high", "critical")
# Light to dark, so that bands survive a grey printer; the names of the page's own zones.
ZONES = (("z0", "#f0efec"), ("z1", "#e2e0db"), ("z2", "#d0cdc7"), ("z3", "#bab6af"))
GRAVE = 3  # the severity from which an exposure is high
MARGIN = 18  # percent of a map's width that the names of its bands take
MAP_HEIGHT = 320  # pixels of a map of many
NEAR = 12  # percent of the width below which two end labels would touch


@dataclass(frozen=True, slots=True)
class Zone:
    """One band of the scale: where it lies, its name, and whether the interval reaches into it."""

    x: str
    width: str
    middle: str
    css: str
    fill: str
    name: str
    limits: str
    reached: bool


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """An interval on its scale of 0 to 100: both ends marked and named."""

    low: str
    high: str
    width: str
    low_label: str
    high_label: str
    low_anchor: str
    high_anchor: str
    zones: tuple[Zone, ...]
    cuts: tuple[str, ...]
    hatched: bool
    label: str


@dataclass(frozen=True, slots=True)
class LevelBar:
    """A factor's level, best to worst, small enough for a table row."""

    low: str
    high: str
    width: str
    label: str


@dataclass(frozen=True, slots=True)
class SeverityBox:
    """One of four steps of a drawing 100 wide: where it starts, and where its hatching runs."""

    x: int
    state: str  # "sure", "maybe" or "no"

    @property
    def start(self) -> int:
        return self.x + 2

    @property
    def end(self) -> int:
        return self.x + 22


@dataclass(frozen=True, slots=True)
class Severity:
    """Four steps: the certain part solid, the possible part hatched."""

    boxes: tuple[SeverityBox, ...]
    label: str


@dataclass(frozen=True, slots=True)
class TornadoBars:
    """Two bars on one scale: how far the top falls, how far the bottom rises."""

    fall: str
    fall_from: str
    fall_label: str
    rise: str
    rise_label: str


@dataclass(frozen=True, slots=True)
class RiskMap:
    """Both intervals as one box: how far up is risk, how far right is opportunity. No point is the likely one."""

    x: str
    y: str
    width: str
    height: str
    zones: tuple[Zone, ...]
    cuts: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class MapLabel:
    """The middle of a number, the plate under it in pixels, and where a line from it leads, if one has to."""

    x: str
    y: int
    plate: int
    leads_to: tuple[str, int] | None

    @property
    def shift(self) -> str:
        """From the middle to the upper left corner of the plate."""
        return f"-{self.plate // 2}.{5 * (self.plate % 2)} -{TALL // 2}.{5 * (TALL % 2)}"


@dataclass(frozen=True, slots=True)
class MapBox:
    """One of several on a map: its box, the number it stands under in the table, and how it is drawn."""

    x: str
    y: str
    width: str
    height: str
    number: int
    tone: str
    dashes: str
    label: MapLabel


@dataclass(frozen=True, slots=True)
class ManyMap:
    """The boxes of several assessments in one plane, by their numbers."""

    boxes: tuple[MapBox, ...]
    zones: tuple[Zone, ...]
    cuts: tuple[str, ...]
    label: str
    height: int


@dataclass(frozen=True, slots=True)
class GridRow:
    """One assessment across the regimes; None is a regime that is out of scope. Not scored, it has no cells."""

    number: int
    name: str
    link: str
    cells: tuple[Severity | None, ...]

    @property
    def is_scored(self) -> bool:
        return bool(self.cells)


@dataclass(frozen=True, slots=True)
class ExposureGrid:
    """Assessments down, regimes across; each cell holds the steps of a severity, certain and possible."""

    regimes: tuple[str, ...]
    rows: tuple[GridRow, ...]
    certain: tuple[int, ...]
    """Of each regime, how many of all assessments stand at high or critical for certain."""
    possible: tuple[int, ...]
    """How many more may."""


def interval_bar(
    low: int,
    high: int,
    denominator: int,
    shown: tuple[str, str],
    *,
    name: str,
    words: str,
    limits: Sequence[int],
    bands: Sequence[str],
    hatched: bool = False,
) -> IntervalBar:
    """The bar of `low..high` points over `denominator`, on a scale cut at `limits` into `bands`."""
    whole = 100 * denominator
    close = 100 * (high - low) < NEAR * whole
    return IntervalBar(
        low=percent(low, whole),
        high=percent(high, whole),
        width=percent(max(high - low, whole // 500), whole),
        low_label=shown[0],
        high_label="" if close and shown[0] == shown[1] else shown[1],
        low_anchor=_anchor(low, whole, "end" if close and shown[0] != shown[1] else "middle"),
        high_anchor=_anchor(high, whole, "start" if close else "middle"),
        zones=_zones(low, high, denominator, limits, bands),
        cuts=tuple(f"{limit}%" for limit in limits),
        hatched=hatched,
        label=_("%(name)s: %(interval)s of 100, %(words)s")
        % {"name": name, "interval": span(*shown), "words": words},
    )


def _anchor(value: int, whole: int, otherwise: str) -> str:
    """Labels at the edges of the scale stay inside it."""
    if 100 * value < 6 * whole:
        return "start"
    return "end" if 100 * value > 94 * whole else otherwise


def _zones(
    low: int, high: int, denominator: int, limits: Sequence[int], bands: Sequence[str]
) -> tuple[Zone, ...]:
    edges = (0, *limits, 100)
    found = []
    for at, (start, end) in enumerate(pairwise(edges)):
        is_last = end == 100
        reached = high >= start * denominator and (low < end * denominator or is_last)
        css, fill = ZONES[at]
        half = (start + end) * 5
        middle = f"{half // 10}.{half % 10}%"
        found.append(
            Zone(f"{start}%", f"{end - start}%", middle, css, fill, bands[at], f"{start}–{end}", reached)
        )
    return tuple(found)


def level_bar(low: int, high: int, name: str, text: str) -> LevelBar:
    """The bar of a level in hundredths of a point, 0 to 10,000."""
    return LevelBar(
        percent(low, 10_000),
        percent(high, 10_000),
        percent(max(high - low, 20), 10_000),
        _("%(name)s: level %(level)s of 100") % {"name": name, "level": text},
    )


def severity(low: int, high: int) -> Severity:
    """The boxes of a severity range of 0 to 4."""
    boxes = tuple(
        SeverityBox(25 * step, "sure" if step < low else "maybe" if step < high else "no")
        for step in range(4)
    )
    said = {"ends": span(str(low), str(high)), "words": severity_words(low, high)}
    return Severity(boxes, _("Severity %(ends)s of 4, %(words)s") % said)


def severity_words(low: int, high: int) -> str:
    """`none to high`, or one word."""
    least, most = _(SEVERITY_WORDS[low]), _(SEVERITY_WORDS[high])
    return least if low == high else _("%(low)s to %(high)s") % {"low": least, "high": most}


def tornado_bars(falls: int, rises: int, greatest: int, shown: tuple[str, str]) -> TornadoBars:
    """Both bars on the scale of the greatest change among all factors; `shown` is both as figures."""
    return TornadoBars(
        fall=percent(falls, greatest),
        fall_from=percent(greatest - falls, greatest),
        fall_label=_("Top of the risk %(points)s") % {"points": shown[0]},
        rise=percent(rises, greatest),
        rise_label=_("Bottom of the risk %(points)s") % {"points": shown[1]},
    )


def risk_map(
    risk: tuple[int, int, int],
    opportunity: tuple[int, int, int],
    limits: Sequence[int],
    bands: Sequence[str],
    cuts: Sequence[int],
    label: str,
) -> RiskMap:
    """The box of both intervals, each `low, high, denominator`, in the plane of the bands."""
    low, high, whole = risk[0], risk[1], 100 * risk[2]
    left, right, across = opportunity[0], opportunity[1], 100 * opportunity[2]
    upwards = tuple(
        replace(zone, x=f"{100 - int(zone.x[:-1]) - int(zone.width[:-1])}%")
        for zone in _zones(low, high, risk[2], limits, bands)
    )
    return RiskMap(
        x=percent(MARGIN * across + (100 - MARGIN) * left, 100 * across),
        y=percent(whole - high, whole),
        width=percent((100 - MARGIN) * max(right - left, across // 100), 100 * across),
        height=percent(max(high - low, whole // 100), whole),
        zones=upwards,
        cuts=tuple(percent(100 * MARGIN + (100 - MARGIN) * cut, 10_000) for cut in cuts),
        label=label,
    )


# A line for each outcome, so that a grey printer tells them apart; a box of many is thin.
DASHES = {"approve": "1 2", "conditional": "6 2", "escalate": "10 2 2 2", "reject": ""}


def many_map(
    boxes: Sequence[tuple[int, str, tuple[int, int, int], tuple[int, int, int]]],
    limits: Sequence[int],
    bands: Sequence[str],
    cuts: Sequence[int],
) -> ManyMap:
    """Several assessments as boxes, each `(number, outcome, risk, opportunity)`, intervals as in `risk_map`."""
    drawn = [
        (number, tone, risk_map(risk, opportunity, limits, bands, cuts, ""))
        for number, tone, risk, opportunity in boxes
    ]
    plane = risk_map((0, 0, 1), (0, 0, 1), limits, bands, cuts, "")
    found = spots(
        [(number, _on_map(risk, opportunity)) for number, _, risk, opportunity in boxes],
        Box(10 * MARGIN, 0, WHOLE, MAP_HEIGHT),
    )
    labels = [
        MapLabel(
            percent(one.x, WHOLE),
            one.y,
            plate(number),
            (percent(one.leads_to[0], WHOLE), one.leads_to[1]) if one.leads_to else None,
        )
        for one, (number, *_) in zip(found, boxes, strict=True)
    ]
    return ManyMap(
        boxes=tuple(
            MapBox(one.x, one.y, one.width, one.height, number, tone, DASHES.get(tone, ""), label)
            for (number, tone, one), label in zip(drawn, labels, strict=True)
        ),
        height=MAP_HEIGHT,
        zones=tuple(replace(zone, reached=False) for zone in plane.zones),
        cuts=plane.cuts,
        label=f"Risk from bottom to top against opportunity from left to right: {len(boxes)} assessments as boxes, "
        "numbered as in the table, which has both intervals of each",
    )


def _on_map(risk: tuple[int, int, int], opportunity: tuple[int, int, int]) -> Box:
    """The box of `risk_map` in the units of its numbers."""
    low, high, whole = risk[0], risk[1], 100 * risk[2]
    left, right, across = opportunity[0], opportunity[1], 100 * opportunity[2]
    begin, width = 10 * MARGIN, WHOLE - 10 * MARGIN
    return Box(
        begin + width * left // across,
        MAP_HEIGHT * (whole - high) // whole,
        begin + width * right // across,
        MAP_HEIGHT * (whole - low) // whole,
    )


def exposure_grid(
    regimes: Sequence[str], rows: Sequence[tuple[int, str, str, Sequence[tuple[int, int] | None]]]
) -> ExposureGrid:
    """The grid of `(number, name, link, severities)`, each severity a range of 0 to 4 or None.

    No severities at all: nobody has scored it yet.
    """
    made = tuple(
        GridRow(number, name, link, tuple(severity(*ends) if ends else None for ends in severities))
        for number, name, link, severities in rows
    )
    columns = [[row[3][at] for row in rows if row[3]] for at in range(len(regimes))]
    certain = tuple(sum(ends is not None and ends[0] >= GRAVE for ends in column) for column in columns)
    high = tuple(sum(ends is not None and ends[1] >= GRAVE for ends in column) for column in columns)
    return ExposureGrid(
        tuple(regimes), made, certain, tuple(most - sure for most, sure in zip(high, certain, strict=True))
    )
