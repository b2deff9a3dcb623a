"""Price exports whose one text says it all, and prices that hold in one region: told by their cells. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from riskassess.imports.one_price import PRICE, price_column, take_price
from riskassess.sheets.columns import Field
from riskassess.sheets.meters import Meter, could_be_meter, read_meter
from riskassess.sheets.regions import looks_like_region
from riskassess.sheets.results import text_of, tidy
from riskassess.sheets.units import PriceUnit, unit_named
from riskassess.sheets.workbook import Grid

METER, GROUP = "meter", "product_group"
_CHECKED = 300  # judgement: filled cells looked at
_ROWS = 1_500  # judgement: rows looked at for what comes again
_SHARE = 0.5  # judgement: of the cells must be meters, as exports hold other goods too
_SAME = 0.6  # judgement: of the cells name the model that the meter names
_REPEATED = 0.25  # judgement: of what is priced must be priced in more than one region
_NONE = (0.0, 0, 0)
_TERMS = frozenset({
    "consumption", "reservation", "devtestconsumption", "ondemand", "on-demand", "on demand", "reserved", "spot",
    "savingsplan", "savings plan", "low priority",
})  # fmt: skip
_BARE = re.compile(r"(?:\d[\d,.]*)?\s*(?:[km]|thousand|million)?", re.IGNORECASE)
# What tells one thing that is priced from another.
_TOLD_APART = (
    "vendor", "model_name", "model_id", METER, "version", "channel", "price_kind", "price_condition", "price_unit",
    "currency",
)  # fmt: skip


def see_meters(grid: Grid, columns: dict[str, dict[str, Any]], fields: Sequence[Field]) -> None:
    """Proposes the column whose cells name model, direction and deployment in one; others that do so give way to it.

    A column that names the model in words of its own stays what it is. One that names a group of products above it is
    kept for the names that are no names without it.
    """
    by_name = {field.name: field for field in fields}
    if METER not in by_name:
        return
    called = [column for column in columns.values() if column["field"] == METER]
    price = price_column(grid, columns, by_name[PRICE])
    if not price and not called:
        return
    cells = {at: _texts(grid, index) for index in range(grid.width) if (at := grid.place(index)) in columns}
    worth = {at: _worth(texts) for at, texts in cells.items()} if price else {}
    place = max(worth, key=lambda one: worth[one], default="")
    for column in called:
        if not place or column is not columns[place] or not worth[place][0]:
            _unread(column, "its cells do not part into a model and what of it is priced")
    if not place or not worth[place][0]:
        return
    take_price(grid, columns, price)
    for other in columns:
        if other != place and (worth.get(other, _NONE)[0] or columns[other]["field"] == "price_kind"):
            _unread(columns[other], "its cells say again what the meters say")
    share = round(100 * worth[place][0])
    why = f"{share} % of its cells name a model, what of it is priced, and its deployment in one"
    columns[place] |= {"field": METER, "confidence": 0.9, "why": why, "unit": "", "currency": ""}
    for other, column in columns.items():
        if column["field"] in ("model_name", "model_id", "family"):
            _weigh_names(grid, columns, place, other)
    _see_terms(columns, cells)


def _unread(column: dict[str, Any], why: str) -> None:
    column |= {"field": "", "confidence": 0.0, "why": why, "unit": "", "currency": ""}


def _worth(texts: Sequence[str]) -> tuple[float, int, int]:
    """The share of the cells that are meters, 0 where they are too few; how many different ones, wherever they hold;
    and how many say what is counted.
    """
    hopeful = sum(could_be_meter(text) for text in texts)
    if not texts or hopeful < _SHARE * len(texts):
        return _NONE
    read = [meter for text in texts if (meter := read_meter(text)) is not None and meter.model]
    told = [meter for meter in read if meter.has_direction]
    if len(told) < _SHARE * len(texts) * 0.8:
        return _NONE
    different = {replace(meter, place="", noun="", unit=None) for meter in read}
    return len(read) / len(texts), len(different), sum(bool(meter.noun) for meter in read)


def _weigh_names(grid: Grid, columns: dict[str, dict[str, Any]], place: str, other: str) -> None:
    """Whether a column of names says what the meters say; else it is a group, or nothing that we read."""
    at, named = _at(grid, place), _at(grid, other)
    rows = [(text_of(row[at]), text_of(row[named])) for row in grid.rows[:_CHECKED]]
    both = [(_bare(meter), _bare(name)) for meter, name in rows if meter and name]
    if both and sum(name in meter for meter, name in both) >= _SAME * len(both):
        return
    is_group = columns[other]["field"] == "model_name" and len({name for _, name in both}) < len(both)
    if is_group and not any(column["field"] == GROUP for column in columns.values()):
        why = "it groups products; the meters beside it name the models"
        columns[other] |= {"field": GROUP, "confidence": 0.7, "why": why}
    else:
        _unread(columns[other], "the meters name the models")


def _see_terms(columns: dict[str, dict[str, Any]], cells: Mapping[str, Sequence[str]]) -> None:
    """A column of nothing but terms of purchase says under what condition a price is."""
    if any(column["field"] == "price_condition" for column in columns.values()):
        return
    for place, texts in cells.items():
        if (
            columns[place]["field"] in ("", "modality", "price_kind")
            and texts
            and {tidy(text).casefold() for text in texts} <= _TERMS
        ):
            why = "its cells are terms of purchase"
            columns[place] |= {"field": "price_condition", "confidence": 0.7, "why": why}
            return


def see_regional_prices(grid: Grid, columns: dict[str, dict[str, Any]], fields: Sequence[Field]) -> None:
    """Proposes the column of regions as where each row's price holds, where one thing is priced in several of them."""
    at = {column["field"]: place for place, column in columns.items() if column["field"]}
    if "price_region" not in {field.name for field in fields} or "price_region" in at:
        return
    if not any(name.endswith("_price") for name in at) or not {"model_name", "model_id", METER} & set(at):
        return
    place = _one_region_a_row(grid, columns, at.get("regions", ""))
    if not place:
        return
    index = _at(grid, place)
    keys = [(name, key) for name in _TOLD_APART if name in at and (key := _at(grid, at[name])) >= 0]
    found: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for row in grid.rows[:_ROWS]:
        text = tidy(text_of(row[index])).casefold()
        found[tuple(_apart(name, text_of(row[key])) for name, key in keys)].add(text)
    several = sum(len(regions - {""}) > 1 for regions in found.values())
    if found and several >= _REPEATED * len(found):
        if "regions" in at:
            _unread(columns[at["regions"]], "its cells say again where the prices hold")
        why = (
            f"{several} of {len(found)} things are priced in more than one region: a price holds in its row's"
        )
        columns[place] |= {"field": "price_region", "confidence": 0.8, "why": why}


def _one_region_a_row(grid: Grid, columns: Mapping[str, Mapping[str, Any]], called: str) -> str:
    """The column that names one region a row: the one that is called so, or one that nobody has claimed."""
    free = [place for place, column in columns.items() if place == called or not column["field"]]
    for place in sorted(free, key=lambda one: one != called):
        index = _at(grid, place)
        texts = {tidy(text_of(row[index])) for row in grid.rows[:_CHECKED]} - {""} if index >= 0 else set()
        if len(texts) > 1 and all(map(looks_like_region, texts)):
            return place
    return ""


def _apart(name: str, text: str) -> object:
    """What a cell says beside where it holds: meters may name their place as well."""
    meter = read_meter(text) if name == METER else None
    return text if meter is None else replace(meter, place="")


def unit_of(meter: Meter, written: str, stated: PriceUnit | None) -> PriceUnit | None:
    """What a meter's price is per: the row's bare count (`1K`) of what the meter counts, else either's own word."""
    if written and meter.noun and _BARE.fullmatch(written):
        return unit_named(f"{written} {meter.noun}s")
    return stated or meter.unit


def full_name(meter: Meter, group: str) -> str:
    """The model's name; a bare number (`5.4 mini`) is one only behind the group it belongs to. '' where none is."""
    if not meter.model[:1].isdigit():
        return meter.model
    return f"{group} {meter.model}" if group else ""


def _texts(grid: Grid, index: int) -> list[str]:
    texts = (cell for row in grid.rows if isinstance(cell := row[index], str) and cell.strip())
    return list(islice(texts, _CHECKED))


def _at(grid: Grid, place: str) -> int:
    return next((at for at in range(grid.width) if grid.place(at) == place), -1)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
