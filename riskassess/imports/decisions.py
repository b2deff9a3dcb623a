"""What people have decided about the rows of a batch, as the plan takes it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from riskassess.catalog.identity import normalised

SAME, NEW, SKIP = "same", "new", "skip"


@dataclass(frozen=True, slots=True)
class Decisions:
    """`vendors`: an unknown spelling, normalised, to the id of the vendor it means, or None for a new one.

    `rows`: a row's number to {"as", "record", "take", "by"}. Rows in `done` are applied: they only stand for
    their offerings. Without `asks`, what is close to a known record is taken as new.
    """

    vendors: Mapping[str, int | None] = field(default_factory=dict)
    rows: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    done: frozenset[int] = frozenset()
    asks: bool = True

    def of(self, number: int) -> Mapping[str, Any]:
        return self.rows.get(number, {})


NOTHING_DECIDED = Decisions()


def vendors_of(kept: Mapping[str, Any]) -> dict[str, int | None]:
    """The vendors part of a batch's decisions, as it keeps them by spelling."""
    said = kept.get("vendors", {})
    return {normalised(spelling): told.get("record") for spelling, told in said.items()}


def with_fixes(raw: list[Any], fixes: Mapping[str, Any] | None) -> list[Any]:
    """The cells as they count: as they came, but for those that a person has put right."""
    if not fixes:
        return raw
    cells = list(raw)
    for at, fix in fixes.items():
        index = int(at)
        cells += [None] * (index + 1 - len(cells))
        cells[index] = fix["value"]
    while cells and cells[-1] is None:
        cells.pop()
    return cells
