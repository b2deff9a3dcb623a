"""What a row's other cells say of its prices: what they are for, what they are under, where they hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from riskassess.catalog.identity import price_key
from riskassess.imports.fields import TARGETS
from riskassess.imports.said import Entry, SaidPrice, SaidRegions
from riskassess.sheets.conditions import condition_of, joined
from riskassess.sheets.meters import Meter
from riskassess.sheets.priced import price_kind_of
from riskassess.sheets.regions import looks_like_region
from riskassess.sheets.results import tidy

_FLAT = TARGETS["flat_price"].attribute
_GLOBAL = "Global"
_INPUT = TARGETS["input_price"].attribute
_BESIDE = frozenset({"cache_read_price", "cache_write_price", "reasoning_price"})
_ZERO = re.compile(r"0+(?:[.,]0*)?(?:[eE][+-]?\d+)?")


def is_zero_beside(name: str, price: SaidPrice) -> bool:
    """Whether a price beside those of input and output is a bare 0, which exports write where there is none."""
    return name in _BESIDE and price.amount == 0 and _ZERO.fullmatch(price.raw.strip()) is not None


def leave_zeros(entry: Entry, letters: Mapping[str, str]) -> list[dict[str, str]]:
    """Takes back what fields with a bare 0 state where input costs something, with a word on each: nobody gives a part
    of what is charged for away without saying `free`.
    """
    if not any(price.kind == _INPUT and price.amount for price in entry.prices.values()):
        return []
    notes = []
    for name, column in letters.items():
        entry.prices = {key: price for key, price in entry.prices.items() if price.column != column}
        note = "0 beside a charge for input is taken as not stated; write free where it is"
        notes.append({"cell": entry.at(column), "field": name, "note": note})
    return notes


def priced_for(entry: Entry, text: str) -> None:
    """The row's one price is for what another of its cells says; what that names is written with it."""
    known = price_kind_of(text)
    if known:
        _priced_as(entry, TARGETS[known[0]].attribute, known[1], text)
    else:
        _priced_as(entry, _FLAT, condition_of(text), text)


def priced_by(entry: Entry, meter: Meter, text: str) -> None:
    """The row's one price is what its meter says; the meter is written with it."""
    _priced_as(entry, TARGETS[meter.field].attribute, meter.condition, text)


def _priced_as(entry: Entry, kind: str, condition: str, text: str) -> None:
    entry.priced = price_key(kind, condition)
    for key, price in [(key, price) for key, price in entry.prices.items() if price.kind == _FLAT]:
        del entry.prices[key]
        said = replace(
            price, kind=kind, condition=joined(condition, price.condition), raw=f"{price.raw} ({text})"[:200]
        )
        entry.prices[said.key] = said


def under_condition(entry: Entry, text: str) -> bool:
    """What the row says must hold for all of its prices; what it says is written with each of them.

    Whether it is another word for the usual price.
    """
    condition = condition_of(text)
    _add_condition(entry, condition, text)
    return not condition


def in_region(entry: Entry, regions: SaidRegions) -> None:
    """The row's prices hold in its region. A deployment that is global has none: its price does not hang on one."""
    if entry.channel == _GLOBAL:
        return
    text = tidy(regions.raw.replace("\n", " "))
    if regions.codes or not looks_like_region(text):
        _add_condition(entry, f"in {regions.codes[0] if regions.codes else text}", text, behind=True)


def _add_condition(entry: Entry, condition: str, text: str, *, behind: bool = False) -> None:
    entry.condition = joined(entry.condition, condition)
    prices = [
        replace(
            price,
            condition=joined(price.condition, condition) if behind else joined(condition, price.condition),
            raw=f"{price.raw} ({text})"[:200],
            words=f"{price.words} ({text})",
        )
        for price in entry.prices.values()
    ]
    entry.prices = {price.key: price for price in prices}
