"""Prices, exactly: what they are per, in which currency, and one unit to compare them in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import cast

from riskassess.kernel.stated import UNKNOWN, Known, NotApplicable
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.conditions import condition_of
from riskassess.sheets.numbers import exact, number_in, plain
from riskassess.sheets.results import Cell, Parsed, Problem, Result, absent, not_a, quoted, text_of, tidy
from riskassess.sheets.units import (
    CURRENCIES,
    CURRENCY,
    PER_MILLION_TOKENS,
    PER_THOUSAND_TOKENS,
    PER_TOKEN,
    PriceUnit,
    PriceWords,
    read_price_words,
    unit_named,
)

__all__ = [
    "AMOUNT", "PER_MILLION_TOKENS", "PER_THOUSAND_TOKENS", "PER_TOKEN", "Price", "PriceUnit", "PriceWords",
    "parse_currency", "parse_price", "parse_price_pair", "parse_unit", "read_price_words", "unit_named",
]  # fmt: skip

_HINT = "Write the amount as a number, such as 2.50; write 0 or “free” where it is free."
_FREE = frozenset({"free", "free of charge", "no charge", "no cost", "gratis", "free tier", "no additional cost",
                   "no additional charge", "$0", "complimentary", "kostenlos", "gratuit", "無料", "免费",
                   "免費", "무료", "frei",
                   "kostenfrei"})  # fmt: skip
_ON_REQUEST = frozenset({
    "contact sales", "contact us", "contact vendor", "contact for pricing", "contact", "custom", "custom pricing",
    "on request", "price on request", "upon request", "poa", "talk to sales", "talk to us", "request a quote",
    "request quote", "quote", "by quote", "negotiable", "negotiated", "enterprise", "ask", "ask sales", "call",
    "call us", "varies", "variable", "dynamic", "see pricing page", "see pricing", "not public", "private offer",
    "private pricing", "auf anfrage", "sur demande", "bajo petición", "su richiesta", "op aanvraag", "na zapytanie",
    "sur devis", "nach vereinbarung", "個別見積", "お問い合わせ", "要問い合わせ", "联系销售", "询价",
    "聯絡業務", "聯繫業務", "洽詢", "請洽業務", "詢價", "別途見積", "문의", "not published",
    "no list price",
    "individual", "individuell", "tbd with sales", "quote only", "quote based", "quote-based", "request pricing",
})  # fmt: skip
_INCLUDED = frozenset({"included", "incl.", "incl", "bundled", "included in plan", "included in subscription",
                       "included in input", "same as input", "not charged separately",
                       "not supported", "unsupported", "not offered", "not sold"})  # fmt: skip
_NO_PRICE = (
    Decimal(-1),
    Decimal(-(10**6)),
)  # how price lists in code write that none is fixed: -1, per token or 1M
_NUMBER = r"(?:\d(?:[\d.,'’ _]*\d)?|[.,]\d+)(?:e[+-]?\d+)?"
_PRICE = re.compile(
    rf"(?P<before>{CURRENCY})?\s*(?P<number>[+\-−]?{_NUMBER})\s*"
    rf"(?P<after>{CURRENCY}|¢|\bcents?\b)?(?P<unit>\s*(?:per\b|/|\bfor\b).*|\s*[km]?tok(?:en)?s?\b)?",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:{CURRENCY})?\s*{_NUMBER.replace(' ', '')}\s*(?:{CURRENCY})?\s*(?:-|–|—|\bto\b|\bbis\b|~|〜|…|\.\.\.?)\s*"
    rf"(?:{CURRENCY})?\s*{_NUMBER.replace(' ', '')}\s*(?:{CURRENCY})?(?:\s*(?:per\b|/).*)?",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"~~.*?~~|<(s|del|strike)\b[^<>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
_DIRECTION = frozenset({"in", "input", "out", "output", "inputs", "outputs", "prompt", "completion", "to"})
_NO_TIER = re.compile(r"per\b|/\s*[a-z]", re.IGNORECASE)
_WORDED = re.compile(r"[^\W\d_]{2}|[<>≤≥]")
_EDGE = " \t\n.,:;()[]*–—-=|/·"
_UNIT_WORDS = frozenset({
    "input", "output", "tokens", "token", "in", "out", "of", "the", "audio", "video", "generated", "processed",
    "prompt", "completion", "text", "each", "and", "characters", "images",
})  # fmt: skip
_ABOUT = re.compile(r"^(?:[~≈]|about|around|approx\.?|ca\.?)\s*", re.IGNORECASE)
_FROM = re.compile(
    r"(?:from|starting (?:at|from)|starts (?:at|from)|as low as|ab|à partir de|a partir de|desde|da|od|vanaf)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\([^()]*\)$")
AMOUNT = re.compile(
    rf"(?<![\d.,])(?:(?P<before>{CURRENCY})\s*(?P<number>{_NUMBER.replace(' ', '')})"
    rf"|(?P<number2>{_NUMBER.replace(' ', '')})\s*(?P<after>{CURRENCY}))"
    r"(?P<unit>\s*(?:per\b|/)\s*(?:(?:\d[\d,]*\s?)?(?:[km]\b|million\b|thousand\b|mtok|ktok)?"
    r"(?:\s?(?:input|output|audio|image|video))?[\s-]?(?:tokens?|tok|characters?|chars?|images?|minutes?|min|seconds?"
    r"|hours?|hr|pages?|requests?|calls?|user|seat|month)\b|(?:\d[\d,]*\s?)?(?:[km]|million|thousand|mtok|ktok)\b))?",
    re.IGNORECASE,
)
_HALF = (
    rf"(?:(?:{CURRENCY})?\s*{_NUMBER}\s*(?:{CURRENCY})?"
    r"(?:\s*(?:per\b|/)\s*(?:1\s?)?(?:[km]\b|million\b|mtok\b|ktok\b)(?:\s?tokens?\b)?)?|free|n/a|—|–|-)"
)
_PAIR = re.compile(
    rf"(?:(?:input|in|prompt)\s*:?\s*)?(?P<first>{_HALF})\s*(?:\(?\b(?:in(?:put)?|prompt)\b\)?)?"
    rf"\s*(?:[/|;,\n·]|\band\b|\s)\s*(?:(?:output|out|completion)\s*:?\s*)?(?P<second>{_HALF})"
    r"\s*(?:\(?\b(?:out(?:put)?|completion)\b\)?)?(?P<unit>\s*(?:per\b|/).*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Price:
    """An exact amount per unit, tokens and characters per million. `currency` is empty where none was said.

    Free is an amount of 0, which is known. `condition` is what must hold for it, '' for the usual price; `more` are the
    other prices that the same cell states. `kind`: what it is for, where the cell and not its column says it.
    """

    amount: Decimal
    unit: PriceUnit = PER_MILLION_TOKENS
    currency: str = ""
    condition: str = ""
    more: tuple[Price, ...] = ()
    kind: str = ""


def parse_price(value: Cell, unit: PriceUnit | None, currency: str = "") -> Result[Price]:
    """The price in the cell, converted exactly to the unit prices are compared in (1M tokens).

    `unit` and `currency` are the column's; a cell with its own (`€3 per 1K tokens`) is taken at its word.
    Blank is Unknown, and so are a price on request and -1; `N/A` and `included` are NotApplicable; 0 and `free`
    are Known to be 0.
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
    match = _PRICE.fullmatch(text)
    if match and (plain_price := _price_of(match, text, unit, currency)):
        return plain_price
    current = _STRUCK.sub(" ", text).strip()
    if current and current != text:
        result = _price_in(tidy(current), unit, currency)
        return replace(result, note=f"taken from {quoted(text)}") if isinstance(result, Parsed) else result
    shown, _ = cleaned(text, name=True)
    word = shown.casefold().rstrip(".! ")
    if word in _FREE:
        return _price(Decimal(0), unit or PER_MILLION_TOKENS, currency, text, "")
    if word in _ON_REQUEST:
        return Parsed(UNKNOWN, note=f"{quoted(text)}: a price is not published")
    if word in _INCLUDED or word.startswith("included "):
        return Parsed(NotApplicable(because=f"the cell says “{shown}”"))
    if nothing := absent(shown):
        return cast("Parsed[Price]", nothing)
    if found := _tiers_in(shown, text, unit, currency):
        return found
    rest = _ASIDE.sub("", _ABOUT.sub("", shown))
    match = _PRICE.fullmatch(rest)
    if match and (plain_price := _price_of(match, text, unit, currency)):
        if isinstance(plain_price, Parsed) and rest != text:
            return Parsed(plain_price.stated, plain_price.note or f"taken from {quoted(text)}")
        return plain_price
    if rest != shown and rest.casefold() in _FREE:
        return Parsed(
            Known(Price(Decimal(0), (unit or PER_MILLION_TOKENS).compared[0], currency)),
            f"taken from {quoted(text)}",
        )
    if _FROM.match(shown):
        return Parsed(UNKNOWN, note=f"{quoted(text)} is where prices start, not a price")
    if _RANGE.fullmatch(shown):
        return Parsed(UNKNOWN, note=f"{quoted(text)} is a range of prices, not a price")
    if len(AMOUNT.findall(shown)) > 1:
        return Problem(
            f"{quoted(text)} holds more than one price.",
            "Read the column as “Input and output price”, or give each price a column of its own.",
        )
    return not_a("a price", text, _HINT)


def _price_of(match: re.Match[str], text: str, unit: PriceUnit | None, currency: str) -> Result[Price] | None:
    """The price that a match stands for; None where its number or its unit is none."""
    said = match.groupdict()
    found = number_in((said["number"] or said["number2"]).strip())
    if found is None:
        return None
    number, note = found
    mark = (said["before"] or said["after"] or "").lower().strip()
    if mark in ("¢", "cent", "cents"):
        number, mark = number / 100, "$"
        note = f"{quoted(text)} read as hundredths of a dollar"
    if mark == "¥":
        note = note or "¥ read as Japanese yen; write CNY for Chinese yuan"
    if said["unit"]:
        words = read_price_words(said["unit"])
        if words.unit is None or words.currency or not _says_only_unit(words):
            return None
        unit = words.unit
    return _price(number, unit, CURRENCIES[mark] if mark else currency, text, note)


def _says_only_unit(words: PriceWords) -> bool:
    """Whether nothing but the unit was said: `/ 1M output tokens`, and not `/ 1.25`."""
    told = set(re.findall(r"[a-z]+|\d+", words.rest))
    return told <= _UNIT_WORDS | set(re.findall(r"[a-z]+", words.unit.noun.lower() if words.unit else ""))


def _price(number: Decimal, unit: PriceUnit | None, currency: str, text: str, note: str) -> Result[Price]:
    if number < 0:
        if number in _NO_PRICE:
            return Parsed(UNKNOWN, note=f"{quoted(text)} read as: no fixed price")
        return Problem(f"{quoted(text)} is a negative price.", _HINT)
    if number.adjusted() > 12:  # no price is a trillion; and beyond, decimals are no longer exact
        return not_a("a price", text, _HINT)
    if unit is None:
        return Problem(
            f"{quoted(text)} has no unit.", "Say for the column what its prices are per, such as 1M tokens."
        )
    compared, times = unit.compared
    amount = plain(number if times == 1 else number * times)
    return Parsed(Known(Price(amount, compared, currency)), note)


# --- more than one price in a cell ----------------------------------------------------------------------


def _tiers_in(shown: str, text: str, unit: PriceUnit | None, currency: str) -> Parsed[Price] | None:
    """The usual price and those under conditions, where the cell says which is which; None where it does not.

    The words of a tier stand behind its price (`$1.25, prompts <= 200k`), in front of it (`Batch: $1`), or with
    the second price in brackets (`$2.50 (batch: $1.25)`).
    """
    amounts = list(AMOUNT.finditer(shown))
    if len(amounts) < 2:
        return None
    gaps = [shown[a.end() : b.start()] for a, b in pairwise(amounts)]
    before, behind = shown[: amounts[0].start()], shown[amounts[-1].end() :]
    opened, bracket, inside = gaps[0].partition("(")
    if len(amounts) == 2 and bracket and ")" not in inside and not before.strip(_EDGE):
        words = [opened, f"{inside} {behind}"]
    else:
        words = [before, *gaps] if before.strip(_EDGE) else [*gaps, behind]
    named = {amount["unit"].strip() for amount in amounts if amount["unit"]}
    if len(named) == 1:  # said once, it holds for all of them: `$3 per 1K tokens; $1.50 batch`
        unit = read_price_words(named.pop()).unit or unit
    prices: dict[str, Price] = {}
    left: list[str] = []
    for amount, said in zip(amounts, words, strict=True):
        condition = condition_of(said)
        unlike = words[-1] is behind and _NO_TIER.match(said.strip())  # `$4.50 / 1M tokens per hour`
        if unlike or not _WORDED.search(condition or "usual"):
            left.append(quoted(f"{amount[0]}{said if unlike else ''}".strip()))
            continue
        result = _price_of(amount, text, unit, currency)
        if not isinstance(result, Parsed) or not isinstance(result.stated, Known) or condition in prices:
            return None
        prices[condition] = replace(result.stated.value, condition=condition)
    usual = prices.pop("", None)
    if usual is None or _DIRECTION & prices.keys():
        return None
    read = [
        f"{usual.amount:f}",
        *(f"{price.amount:f} for {condition}" for condition, price in prices.items()),
    ]
    note = f"{quoted(text)} read as {', and '.join(read)}" + (f"; without {', '.join(left)}" if left else "")
    return Parsed(Known(replace(usual, more=tuple(prices.values()))), note)


def parse_unit(value: Cell) -> Result[str]:
    """What a row's prices are per, by the name that `unit_named` reads back."""
    text, note = cleaned(text_of(value), name=True)
    nothing = absent(text)
    if nothing:
        return cast("Parsed[str]", nothing)
    unit = unit_named(text)
    if unit is None:
        return Problem(f"{quoted(text)} is no unit we know.", "Such as 1M tokens.")
    return Parsed(Known(str(unit)), note)


_CURRENCY_NAMES = {
    "us dollar": "USD", "american dollar": "USD", "united states dollar": "USD", "pound": "GBP", "british pound": "GBP",
    "pound sterling": "GBP", "sterling": "GBP", "swiss franc": "CHF", "renminbi": "CNY", "chinese yuan": "CNY",
    "japanese yen": "JPY", "indian rupee": "INR", "rupee": "INR", "canadian dollar": "CAD", "australian dollar": "AUD",
}  # fmt: skip


def parse_currency(value: Cell) -> Result[str]:
    """Three letters, from a code, a sign or a name."""
    text, note = cleaned(text_of(value), name=True)
    nothing = absent(text)
    if nothing:
        return cast("Parsed[str]", nothing)
    word = text.casefold()
    code = CURRENCIES.get(word) or _CURRENCY_NAMES.get(word.removesuffix("s").replace(".", ""), text.upper())
    if not re.fullmatch(r"[A-Z]{3}", code):
        return Problem(f"{quoted(text)} is not a currency.", "Use three letters, such as USD.")
    return Parsed(Known(code), note)


def parse_price_pair(
    value: Cell, unit: PriceUnit | None, currency: str = ""
) -> Result[tuple[Price | None, Price | None]]:
    """Input and output price in one cell: `$0.25/$1.25`, `Input: $3 · Output: $15`. A lone price is no pair.

    None stands for the half that the cell does not state.
    """
    text, _ = cleaned(text_of(value), name=True)
    nothing = absent(text)
    if nothing:
        return cast("Parsed[tuple[Price | None, Price | None]]", nothing)
    if text.casefold() in _FREE:
        free = Price(Decimal(0), (unit or PER_MILLION_TOKENS).compared[0], currency)
        return Parsed(Known((free, free)), f"{quoted(text)} read as input and output price")
    match = _PAIR.fullmatch(text)
    if match is None:
        return not_a("an input and an output price", text, "Write both, such as $0.25 / $1.25.")
    if match["unit"]:
        unit = read_price_words(match["unit"]).unit or unit
    halves = [parse_price(match[half].strip(), unit, currency) for half in ("first", "second")]
    for half in halves:
        if isinstance(half, Problem):
            return Problem(f"{quoted(text)} is not an input and an output price.", half.hint)
    first, second = (
        half.stated.value if isinstance(half, Parsed) and isinstance(half.stated, Known) else None
        for half in halves
    )
    if first and second and first.currency != second.currency:
        known = first.currency if match["first"].strip()[:1] not in "0123456789." else second.currency
        first, second = replace(first, currency=known), replace(second, currency=known)
    read = " and ".join("not stated" if half is None else f"{half.amount:f}" for half in (first, second))
    return Parsed(Known((first, second)), f"{quoted(text)} read as input and output price: {read}")
