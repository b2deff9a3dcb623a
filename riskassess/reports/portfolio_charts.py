"""The drawings of a portfolio: which assessments its grid and its map show."""

from __future__ import annotations

from collections.abc import Sequence

from riskassess.reports import charts
from riskassess.reports.parts import Interval
from riskassess.reports.portfolio import REGIMES, Entry, Portfolio
from riskassess.scoring.method import BANDS

MOST_ON_MAP = 30


def grid_of(shown: Sequence[Entry], made: Portfolio) -> charts.ExposureGrid:
    """The exposure grid of some entries; the counts below it are those of the whole portfolio."""
    titles = [title for _, title in REGIMES]
    every = charts.exposure_grid(titles, [(0, "", "", one.severities) for one in made.entries])
    rows = [(one.number, f"{one.offering}: {one.use_case}", one.link, one.severities) for one in shown]
    return charts.ExposureGrid(
        every.regimes, charts.exposure_grid(titles, rows).rows, every.certain, every.possible
    )


def map_of(made: Portfolio) -> charts.ManyMap:
    """Risk against opportunity of the severest that are scored."""
    boxes = [
        (one.number, one.computed.tone, _triple(one.risk), _triple(one.opportunity))
        for one in made.entries
        if one.computed and one.risk and one.opportunity
    ]
    return charts.many_map(boxes[:MOST_ON_MAP], made.lines, BANDS, (made.proven_from,))


def _triple(found: Interval) -> tuple[int, int, int]:
    return found.low, found.high, found.denominator
