"""What a row's other cells say of its prices: what they are for, what they are under, where they hold. Pure."""

from __future__ import annotations

from dataclasses import replace

from riskassess.catalog.identity import price_key
from riskassess.imports.fields import TARGETS
from riskassess.imports.said import Entry, SaidRegions
from riskassess.sheets.conditions import condition_of, joined
from riskassess.sheets.meters import Meter
from riskassess.sheets.priced import price_kind_of
from riskassess.sheets.regions import looks_like_region
from riskassess.sheets.results import tidy

_FLAT = TARGETS["flat_price"].attribute
_GLOBAL = "Global"


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
