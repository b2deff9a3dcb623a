"""Prices that each say what they are for, and lone ones between pairs: one column may hold them all. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from riskassess.kernel.stated import Known
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.languages import in_english
from riskassess.sheets.prices import AMOUNT, Price, parse_price, parse_price_pair, read_price_words
from riskassess.sheets.results import Cell, Parsed, Result, quoted, text_of
from riskassess.sheets.units import PER_MILLION_TOKENS, PER_THOUSAND_TOKENS, PER_TOKEN, PriceUnit

_KINDS = (
    ("cache_write", re.compile(r"cache (?:write|writes|creation|storage)")),
    (
        "cache_read",
        re.compile(r"cached(?: (?:input|prompt))?|cache (?:read|reads|hit|hits)|cached input|input cached"),
    ),
    ("input", re.compile(r"in|inputs?|prompts?")),
    ("output", re.compile(r"out|outputs?|completions?")),
)
_EDGE = re.compile(r"[\W_]+|\btokens?\b|\bper\b|\bprice\b|\band\b|\bcost\b")
_ANY = re.compile(r"in|out|prompt|compl|cach|入|出|eingabe|ausgabe|entr|sort|sal", re.IGNORECASE)


def unit_of_size(amount: Decimal) -> PriceUnit:
    """The token unit that makes an amount a plausible price: models cost cents to dollars per 1M."""
    if amount < Decimal("0.0002"):
        return PER_TOKEN
    return PER_THOUSAND_TOKENS if amount < Decimal("0.01") else PER_MILLION_TOKENS


def parse_one_price(value: Cell, unit: PriceUnit | None, currency: str = "") -> Result[Price]:
    """The cell of a column of prices, whose texts may be of input, output and what is cached, each named."""
    read = parse_price(value, unit, currency)
    if isinstance(read, Parsed) or not isinstance(value, str):
        return read
    return labelled_prices(value, unit, currency) or read


def parse_two_prices(
    value: Cell, unit: PriceUnit | None, currency: str = ""
) -> Result[tuple[Price | None, Price | None]] | Result[Price]:
    """The cell of a column of input and output prices; a lone price that says what it is per is for just that."""
    read = parse_price_pair(value, unit, currency)
    if isinstance(read, Parsed):
        return read
    if labelled := labelled_prices(text_of(value), unit, currency):
        return labelled
    alone = parse_price(value, None, currency)
    if not isinstance(alone, Parsed) or not isinstance(alone.stated, Known):
        return read
    price = replace(alone.stated.value, kind="flat")
    return Parsed(
        Known(price), f"{quoted(text_of(value))} read as one price per {price.unit}, neither input nor output"
    )


def labelled_prices(text: str, unit: PriceUnit | None, currency: str = "") -> Parsed[Price] | None:
    """`Input: $2.50, Output: $10.00` as prices of their kinds; None where one of several amounts is not labelled."""
    if not _ANY.search(text):
        return None
    shown = cleaned(text, name=True)[0]
    shown = shown if shown.isascii() else in_english(shown)
    amounts = list(AMOUNT.finditer(shown))
    if not amounts:
        return None
    gaps = [shown[first.end() : second.start()] for first, second in pairwise(amounts)]
    before, behind = shown[: amounts[0].start()], shown[amounts[-1].end() :]
    words = [before, *gaps] if _EDGE.sub("", before) else [*gaps, behind]
    kinds = [_kind(said) for said in words]
    if not all(kinds) or len(set(kinds)) < len(kinds):
        return None
    said_units = [amount["unit"] or _unit_in(said) for amount, said in zip(amounts, words, strict=True)]
    if words[0] == before and not said_units[-1]:
        said_units[-1] = _unit_in(behind)
    named = {said.strip() for said in said_units if said}
    shared = named.pop() if len(named) == 1 else ""
    prices: list[Price] = []
    for amount, kind, said in zip(amounts, kinds, said_units, strict=True):
        price = _price(
            amount[0][: len(amount[0]) - len(amount["unit"] or "")], said or shared, unit, currency
        )
        if price is None:
            return None
        if not (said or shared or unit):  # the first shows by its size what all of them are per
            unit = unit_of_size(price.amount)
            price = _price(amount[0], "", unit, currency) or price
        prices.append(replace(price, kind=kind))
    read = ", ".join(f"{price.kind.replace('_', ' ')} {price.amount:f} per {price.unit}" for price in prices)
    return Parsed(Known(replace(prices[0], more=tuple(prices[1:]))), f"{quoted(text)} read as {read}")


def _kind(said: str) -> str:
    words = " ".join(_EDGE.sub(" ", read_price_words(said).rest.casefold()).split())
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(words)), "")


def _unit_in(said: str) -> str:
    found = read_price_words(said).unit
    return f" per {found}" if found else ""


def _price(amount: str, said: str, unit: PriceUnit | None, currency: str) -> Price | None:
    stated = read_price_words(said).unit if said else unit
    read = parse_price(amount, stated or PER_MILLION_TOKENS, currency)
    return read.stated.value if isinstance(read, Parsed) and isinstance(read.stated, Known) else None
