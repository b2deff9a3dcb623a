"""The column of the one price of each row, where another column says what it is for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from riskassess.sheets.columns import Field, unit_by_size
from riskassess.sheets.likeness import likeness, price_words
from riskassess.sheets.mapped import ColumnKind
from riskassess.sheets.prices import parse_price
from riskassess.sheets.results import Cell, Problem, quoted
from riskassess.sheets.units import PriceUnit, unit_named
from riskassess.sheets.workbook import Grid

PRICE = "flat_price"
_LEADS = {"input_price": 0, "flat_price": 1, "output_price": 2}  # whose unit the others have
_CHECKED = 300  # judgement: filled cells looked at
_CALLED = 0.5  # judgement: likeness of a heading and the name of a price
_PRICES = 0.9  # judgement: of the cells must be prices


def price_column(grid: Grid, columns: Mapping[str, Mapping[str, Any]], field: Field) -> str:
    """The column of the one price of each row: the one proposed, or one called so that names no unit; '' for none."""
    place = next((at for at, column in columns.items() if column["field"] == PRICE), "")
    if place:
        return place
    called = ((likeness(c["header"], field), at) for at, c in columns.items() if not c["field"])
    alike, place = max(called, default=(0.0, ""))
    return place if alike >= _CALLED and _are_prices(_filled(grid, place)) else ""


def take_price(grid: Grid, columns: dict[str, dict[str, Any]], place: str) -> None:
    """Reads the column as the price of each row, in a unit that makes them plausible ones where it names none."""
    price = columns[place]
    if price["field"] != PRICE:
        why, currency = f"named {quoted(price['header'])}", price_words(price["header"]).currency
        price |= {"field": PRICE, "confidence": 0.7, "why": why, "currency": currency}
    if not price["unit"] or unit_named(price["unit"]) == PriceUnit(1, "unit"):
        unit = str(unit_by_size(_filled(grid, place)))
        price |= {"unit": unit, "why": f"{price['why']}; prices taken per {unit} from their size"}


def agree_on_units(grid: Grid, columns: dict[str, dict[str, Any]], fields: Sequence[Field]) -> None:
    """Gives prices whose headings name no unit the one of the sheet's other prices by the token.

    What is cached costs so little that its size alone speaks for another unit than that of the input beside it.
    """
    by_token = {field.name for field in fields if field.kind is ColumnKind.PRICE and not field.nouns}
    priced = [
        at for at, c in columns.items() if c["field"] in by_token and c["unit"].endswith(("token", "tokens"))
    ]
    guessed = [at for at in priced if price_words(columns[at]["header"]).unit is None]
    if len({columns[at]["unit"] for at in priced}) < 2 or not guessed:
        return
    stated = [columns[at]["unit"] for at in priced if at not in guessed]
    first = min(guessed, key=lambda at: (_LEADS.get(columns[at]["field"], len(_LEADS)), priced.index(at)))
    unit = max(stated, key=stated.count) if stated else columns[first]["unit"]
    for at in guessed:
        if columns[at]["unit"] != unit:
            why = f"{columns[at]['why'].partition('; prices taken per')[0]}; prices taken per {unit} as others are"
            columns[at] |= {"unit": unit, "why": why}


def _are_prices(cells: Sequence[Cell]) -> bool:
    read = [not isinstance(parse_price(cell, PriceUnit(1, "token")), Problem) for cell in cells]
    return bool(read) and sum(read) >= _PRICES * len(read)


def _filled(grid: Grid, place: str) -> list[Cell]:
    index = next((at for at in range(grid.width) if grid.place(at) == place), -1)
    return list(islice((row[index] for row in grid.rows if row[index] is not None), _CHECKED))
