"""What an answer is worth before deciding (method, 2.9): on demand, with the assumption it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskassess.reports.figures import decimals, percent
from riskassess.reports.recorded import result_of
from riskassess.scoring.sampling import chance_of_bands, information_values

Record = Mapping[str, Any]

DIGITS = 3
MOST = 15
NO_ANSWER = (
    "No single answer is worth anything before deciding: whatever it says, the better choice stays the same."
)


@dataclass(frozen=True, slots=True)
class WorthLine:
    """One open factor, and what knowing it is worth in points of utility."""

    key: str
    name: str
    question: str
    worth: str
    bar: str


@dataclass(frozen=True, slots=True)
class Worth:
    """EVPPI of each open factor that is worth anything, the dearest first; EVPI; the chance of each band."""

    lines: tuple[WorthLine, ...]
    others: int
    """How many open factors are worth nothing, or less than those shown."""
    perfect: str
    chances: tuple[tuple[str, str], ...]
    """Band -> how many of the draws fell into it."""
    assumption: str
    basis: str
    utility: str
    nothing: str


def worth_of(record: Record) -> Worth:
    """Both sampled figures of a run; the same record gives the same digits on every machine."""
    result = result_of(record)
    values, sampling = information_values(result), result.method.sampling
    factors = {one["key"]: one for one in record["factors"]}
    dearest = sorted((one for one in values.factors if one.worth > 0), key=lambda one: (-one.worth, one.key))
    shown = dearest[:MOST]
    open_ones = sum(1 for one in result.factors if one.x.width)
    return Worth(
        lines=tuple(
            WorthLine(
                one.key,
                factors[one.key]["name"],
                factors[one.key]["question"],
                decimals(one.worth, one.denominator, DIGITS),
                percent(one.worth, dearest[0].worth),
            )
            for one in shown
        ),
        others=open_ones - len(shown),
        perfect=decimals(values.perfect, values.denominator, DIGITS),
        chances=tuple((band, f"{drawn:,}") for band, drawn in chance_of_bands(result).items()),
        assumption=values.assumption,
        basis=f"{sampling.draws:,} draws of SplitMix64 from seed {sampling.seed}, in {sampling.bins} bins",
        utility=f"Utility of buying: lowest opportunity less {sampling.slope} points for every point of risk "
        f"over {sampling.slope_from}; of not buying: 0.",
        nothing="" if shown else NO_ANSWER,
    )
