"""Prices, exactly: what they are per, in which currency, and one unit to compare them in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from riskassess.kernel.stated import UNKNOWN, Known
from riskassess.sheets.numbers import exact, number_in, plain
from riskassess.sheets.results import Cell, Parsed, Problem, Result, absent, not_a, quoted, text_of, tidy

_HINT = "Write the amount as a number, such as 2.50; write 0 or “free” where it is free."
_FREE = frozenset({"free", "free of charge", "no charge", "no cost", "gratis", "free tier"})
_CURRENCIES = {"us$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "usd": "USD", "eur": "EUR",
               "gbp": "GBP", "jpy": "JPY", "chf": "CHF", "cny": "CNY",
               "cad": "CAD", "aud": "AUD"}  # fmt: skip
_CURRENCY = r"us\$|[$€£¥]|\b(?:usd|eur|gbp|jpy|chf|cny|cad|aud)\b"
_PRICE = re.compile(
    rf"(?P<before>{_CURRENCY})?\s*(?P<number>[+\-−]?(?:\d[\d.,'’ _]*|[.,]\d+)(?:e[+-]?\d+)?)\s*"
    rf"(?P<after>{_CURRENCY})?(?P<unit>\s*(?:per\b|/).*)?",
    re.IGNORECASE,
)
_COUNT = r"(?P<count>1[,. ]?000[,. ]?000|1[,. ]?000|1 ?k|1 ?m|k|m|thousand|million|mio|1)"
_UNITS = (  # tried in this order: `per image token` is a price per token, not per image
    re.compile(rf"(?:\bper\b|/|\ba\b)\s*(?:{_COUNT}\b)?\s*(?P<word>[a-z]+ )?(?P<noun>tok(?:en)?)s?\b"),
    re.compile(rf"\b{_COUNT}\s+(?P<noun>token|character|char)s?\b"),
    re.compile(
        rf"(?:\bper\b|/)\s*(?:{_COUNT}\b)?\s*(?P<noun>character|char|image|picture|second|sec|minute|min|hour|hr"
        r"|page|request|query|call|month|year|user|seat)s?\b"
    ),
    re.compile(rf"(?:\bper\b|/)\s*{_COUNT}(?=\W|$)"),
)
_NOUNS = {"tok": "token", "char": "character", "picture": "image", "sec": "second", "min": "minute",
          "hr": "hour", "call": "request", "query": "request", "seat": "user"}  # fmt: skip
_OTHER_TOKENS = frozenset({"image", "audio", "video"})  # counted apart: not to be compared with text
_COMPARED = {  # noun -> (unit to compare in, how many of the noun it holds)
    "token": ("token", 10**6), "character": ("character", 10**6),
    "second": ("hour", 3600), "minute": ("hour", 60), "hour": ("hour", 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PriceUnit:
    """What a price is for: `per` of `noun`, such as 1,000,000 tokens or 1 image."""

    per: int
    noun: str

    def __str__(self) -> str:
        """`token`, `1K tokens`, `1M tokens`, `image`: read back by `unit_named`."""
        if self.per == 1:
            return self.noun
        size = {10**3: "1K", 10**6: "1M"}.get(self.per, f"{self.per}")
        return f"{size} {self.noun}s"

    @property
    def compared(self) -> tuple[PriceUnit, int]:
        """The unit prices of this kind are compared in, and what to multiply an amount by."""
        if self.noun.endswith(" token"):
            noun, size = self.noun, 10**6
        else:
            noun, size = _COMPARED.get(self.noun, (self.noun, self.per))
        if size % self.per:
            return self, 1
        return PriceUnit(1 if noun == "hour" else size, noun), size // self.per


PER_TOKEN = PriceUnit(1, "token")
PER_THOUSAND_TOKENS = PriceUnit(10**3, "token")
PER_MILLION_TOKENS = PriceUnit(10**6, "token")


@dataclass(frozen=True, slots=True)
class Price:
    """An exact amount per unit, tokens and characters per million. `currency` is empty where none was said.

    Free is an amount of 0, which is known.
    """

    amount: Decimal
    unit: PriceUnit = PER_MILLION_TOKENS
    currency: str = ""


@dataclass(frozen=True, slots=True)
class PriceWords:
    """What a heading says about the prices under it; `rest` is the heading without those words."""

    unit: PriceUnit | None
    currency: str
    rest: str


def read_price_words(text: str) -> PriceWords:
    """The unit and currency named in a heading such as `Input $/1M tokens` or `input_cost_per_token`."""
    line = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower().replace("_", " ")
    line = re.sub(r"\b([km])[ -]?tok(?:en)?s?\b", r"1\1 token", line)
    money = re.search(_CURRENCY, line)
    line = re.sub(_CURRENCY, " ", line)
    for pattern in _UNITS:
        if match := pattern.search(line):
            unit = _unit(match)
            # A noun other than the token says what is priced, so it stays: `cost per image` is about images.
            kept = match.groupdict().get("word") or ("" if "token" in unit.noun else unit.noun)
            line = f"{line[: match.start()]} {kept} {line[match.end() :]}"
            break
    else:
        unit = None
    return PriceWords(unit, _CURRENCIES[money[0]] if money else "", " ".join(line.split()))


def _unit(match: re.Match[str]) -> PriceUnit:
    found = match.groupdict()
    count = re.sub(r"[,. ]", "", found.get("count") or "1")
    per = {"k": 10**3, "1k": 10**3, "thousand": 10**3, "1000": 10**3, "1": 1}.get(count, 10**6)
    noun = _NOUNS.get(found.get("noun") or "token", found.get("noun") or "token")
    word = (found.get("word") or "").strip()
    return PriceUnit(per, f"{word} {noun}" if word in _OTHER_TOKENS else noun)


def unit_named(name: str) -> PriceUnit | None:
    """The unit written as `str(unit)` writes it, or in a heading's words; None when it names none."""
    return read_price_words(f"per {name}").unit


def parse_price(value: Cell, unit: PriceUnit | None, currency: str = "") -> Result[Price]:
    """The price in the cell, converted exactly to the unit prices are compared in (1M tokens).

    `unit` and `currency` are the column's; a cell with its own (`€3 per 1K tokens`) is taken at its word.
    Blank is Unknown, `N/A` NotApplicable, 0 and `free` are Known to be 0.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        number = exact(value)
        if number is None:
            return not_a("a price", text_of(value), _HINT)
        return _price(number, unit, currency, text_of(value), "")
    if isinstance(value, str):
        text = tidy(value)
        nothing = absent(text)
        return cast("Parsed[Price]", nothing) if nothing else _price_in(text, unit, currency)
    return Parsed(UNKNOWN) if value is None else not_a("a price", text_of(value), _HINT)


def _price_in(text: str, unit: PriceUnit | None, currency: str) -> Result[Price]:
    if text.casefold() in _FREE:
        return _price(Decimal(0), unit or PER_MILLION_TOKENS, currency, text, "")
    match = _PRICE.fullmatch(text)
    found = number_in(match["number"].strip()) if match else None
    if match is None or found is None:
        return not_a("a price", text, _HINT)
    mark = match["before"] or match["after"]
    if match["unit"]:
        words = read_price_words(match["unit"])
        if words.unit is None or words.rest not in ("", "input", "output", words.unit.noun):
            return not_a("a price", text, _HINT)
        unit = words.unit
    number, note = found
    return _price(number, unit, _CURRENCIES[mark.lower()] if mark else currency, text, note)


def _price(number: Decimal, unit: PriceUnit | None, currency: str, text: str, note: str) -> Result[Price]:
    if number < 0:
        return Problem(f"{quoted(text)} is a negative price.", _HINT)
    if number.adjusted() > 12:  # no price is a trillion; and beyond, decimals are no longer exact
        return not_a("a price", text, _HINT)
    if unit is None:
        return Problem(
            f"{quoted(text)} has no unit.", "Say for the column what its prices are per, such as 1M tokens."
        )
    compared, times = unit.compared
    return Parsed(Known(Price(plain(number * times), compared, currency)), note)
