"""Whether a column of tiers says under what the prices hold, or ranks the models themselves. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from riskassess.sheets.columns import Field
from riskassess.sheets.conditions import is_condition
from riskassess.sheets.results import text_of, tidy
from riskassess.sheets.workbook import Grid

_FIELD = "price_condition"
_NAMES = frozenset(
    {"vendor", "model_name", "model_id", "version", "channel", "meter", "regions", "price_region"}
)
_CHECKED = 300  # rows


def see_tiers(grid: Grid, columns: dict[str, dict[str, Any]], fields: Sequence[Field]) -> None:
    """Leaves a column unread as the condition of prices where each model has one row and a cell says no such condition.

    `Premium`, `Tier 2` and `High` beside models that come once say what somebody thinks of the models. Beside a model
    that comes again they are what tells its prices apart.
    """
    places = {column["field"]: place for place, column in columns.items() if column["field"]}
    if _FIELD not in places or all(field.name != _FIELD for field in fields):
        return
    at = {name: index for index in range(grid.width) for name in [_named(columns, grid.place(index))] if name}
    if _FIELD not in at:
        return  # it stands over the rows
    keys = [index for name, index in at.items() if name in _NAMES]
    seen: set[tuple[str, ...]] = set()
    said: set[str] = set()
    for row in islice((row for row in grid.rows if row[at[_FIELD]] is not None), _CHECKED):
        key = tuple(tidy(text_of(row[index])).casefold() for index in keys)
        if key in seen:
            return
        seen.add(key)
        said.add(tidy(text_of(row[at[_FIELD]])))
    if said and not all(map(is_condition, said)):
        why = (
            "each model has one row: what stands here is said of the model, and is no condition of its prices"
        )
        columns[places[_FIELD]] |= {"field": "", "confidence": 0.0, "why": why}


def _named(columns: dict[str, dict[str, Any]], place: str) -> str:
    return str(columns[place]["field"]) if place in columns else ""
