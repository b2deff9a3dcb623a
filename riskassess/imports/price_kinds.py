"""One price a row, and a column that says what it is for: a meter's list. Proposed by what its cells name. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from riskassess.imports.one_price import PRICE, price_column, take_price
from riskassess.sheets.columns import Field
from riskassess.sheets.priced import price_kind_of
from riskassess.sheets.results import Cell
from riskassess.sheets.workbook import Grid

_FIELD = "price_kind"
_CHECKED = 200  # filled cells
_SHARE = 0.75  # of the cells must say what a price is for
_FEWEST = 2  # different things that prices are for


def see_price_kinds(grid: Grid, columns: dict[str, dict[str, Any]], fields: Sequence[Field]) -> None:
    """Proposes the column whose cells say what each row's one price is for, whatever the column is called.

    Prices that name no unit are by the token then, in a unit that makes them plausible ones.
    """
    by_name = {field.name: field for field in fields}
    if _FIELD not in by_name or PRICE not in by_name:
        return
    at = {column["field"]: place for place, column in columns.items()}
    priced = price_column(grid, columns, by_name[PRICE])
    best: tuple[int, str] | None = None
    for index in range(grid.width) if priced else ():
        place = grid.place(index)
        if place in columns and place != priced:
            kinds = _kinds_in(grid, index)
            if kinds >= _FEWEST and (best is None or kinds > best[0]):
                best = kinds, place
    if _FIELD in at and (best is None or best[1] != at[_FIELD]):
        columns[at[_FIELD]] |= {
            "field": "",
            "confidence": 0.0,
            "why": "its cells do not say what prices are for",
        }
    if best is None:
        return
    why = f"its cells say what the price of each row is for: {best[0]} different things"
    columns[best[1]] |= {"field": _FIELD, "confidence": 0.9, "why": why}
    take_price(grid, columns, priced)


def _kinds_in(grid: Grid, column: int) -> int:
    """How many different things the cells of a column say that prices are for; 0 where it is no such column."""
    cells = _filled(grid, column)
    read = [price_kind_of(cell) for cell in cells if isinstance(cell, str)]
    known = [kind for kind in read if kind is not None]
    return len(set(known)) if cells and len(known) >= _SHARE * len(cells) else 0


def _filled(grid: Grid, column: int) -> list[Cell]:
    return list(islice((row[column] for row in grid.rows if row[column] is not None), _CHECKED))
