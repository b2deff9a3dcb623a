"""An organisation's risk appetite: the method under its lines, and how those stand in files and records.

Lines may be stricter than the method's own, never looser: one worst answer of class A, B or C at full exposure
has to reach reject, escalate and conditional by itself (2.4), and what it reaches is fixed by the method.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.anatomy import Appetite, Method
from riskassess.scoring.loading import check_method

LINES = ("approve", "conditional", "reject")
NUMBERS = (*LINES, "coverage_percent", "utility_slope")
PERCENT = 100
# What one worst answer would still get if a line were drawn above what its class reaches.
STILL = {"approve": "approved", "conditional": "conditional", "reject": "not rejected"}


def own_appetite(method: Method) -> Appetite:
    """The lines that this method draws: its data's own, or those it was put under."""
    return method.appetite or Appetite(
        *method.thresholds, coverage_percent=method.coverage_percent, utility_slope=method.sampling.slope
    )


@lru_cache(maxsize=32)
def under(method: Method, appetite: Appetite | None) -> Method:
    """The method with an organisation's lines in place of its own; None leaves it as it is.

    Raises InvalidInput that names the line and the nearest one that is allowed.
    """
    return method if appetite is None else drawn(method, appetite)


def drawn(method: Method, appetite: Appetite) -> Method:
    """As `under`, but a new object each time: for lines that somebody only tries. Raises InvalidInput."""
    check_appetite(method, appetite)
    return replace(
        method,
        thresholds=appetite.thresholds,
        coverage_percent=appetite.coverage_percent,
        sampling=replace(method.sampling, slope=appetite.utility_slope),
        appetite=appetite,
    )


def check_appetite(method: Method, appetite: Appetite) -> None:
    """Raises InvalidInput unless the method keeps its promises under these lines."""
    for name in NUMBERS:
        number = getattr(appetite, name)
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= PERCENT:
            raise InvalidInput(
                f"{number!r} is not allowed.", hint=f"Use a whole number 1 to {PERCENT}.", where=name
            )
    for lower, higher in pairwise(LINES):
        low, high = getattr(appetite, lower), getattr(appetite, higher)
        if low >= high:
            raise InvalidInput(
                f"The lines do not rise: {lower} at {low}, {higher} at {high}.",
                hint=f"Draw “{lower}” lower, or “{higher}” higher.",
                where=higher,
            )
    for name, klass in zip(LINES, sorted(method.classes, reverse=True), strict=True):
        line, reached = getattr(appetite, name), method.peak_share * method.classes[klass]
        if reached < PERCENT * line:
            raise InvalidInput(
                f"One worst answer of class {klass} reaches {reached // 100}.{reached % 100 // 10} points "
                f"alone; with the line at {line} it would be {STILL[name]}.",
                hint=f"Use at most {reached // PERCENT}.",
                where=name,
            )
    check_method(replace(method, thresholds=appetite.thresholds))


def appetite_json(appetite: Appetite) -> dict[str, Any]:
    """An appetite as it stands in a record: which version, since when, and all of its numbers."""
    since = appetite.since.isoformat() if appetite.since else None
    return {name: getattr(appetite, name) for name in NUMBERS} | {"version": appetite.version, "since": since}


def appetite_entry(method: Method) -> dict[str, Any]:
    """What a result or record says of the appetite: nothing at all where the method's own lines hold."""
    return {"appetite": appetite_json(method.appetite)} if method.appetite else {}


def lines_in_words(appetite: Appetite) -> str:
    """`approve under 25, conditional under 45, reject from 70; approval needs 60 % coverage`."""
    return (
        f"approve under {appetite.approve}, conditional under {appetite.conditional}, "
        f"reject from {appetite.reject}; approval needs {appetite.coverage_percent} % coverage"
    )


def recorded_appetite(record: Mapping[str, Any]) -> Appetite | None:
    """The appetite that a record says it was judged under. Raises KeyError, TypeError or ValueError."""
    stored = record.get("appetite")
    if stored is None:
        return None
    numbers = {name: stored[name] for name in NUMBERS}
    since = date.fromisoformat(stored["since"]) if stored["since"] else None
    return Appetite(**numbers, version=stored["version"], since=since)


def stated_appetite(method: Method, stated: Any, where: str = "appetite") -> Appetite | None:
    """The appetite that a file states; what it leaves out is the method's. Raises InvalidInput."""
    if stated is None:
        return None
    if not isinstance(stated, Mapping):
        raise InvalidInput(
            "An appetite is an object.", hint=f"Give any of {', '.join(NUMBERS)}.", where=where
        )
    if unknown := sorted(str(key) for key in stated if key not in NUMBERS):
        raise InvalidInput(
            f"{', '.join(unknown)} is not known here.", hint=f"Use {', '.join(NUMBERS)}.", where=where
        )
    appetite = replace(own_appetite(method), **stated)
    try:
        check_appetite(method, appetite)
    except InvalidInput as error:
        raise InvalidInput(error.message, hint=error.hint, where=f"{where}.{error.where}") from None
    return appetite
