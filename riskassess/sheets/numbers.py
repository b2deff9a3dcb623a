"""Numbers as people type them, exactly: thousands marks, decimal commas, k and M. And token counts."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import cast

from riskassess.kernel.stated import UNKNOWN, Known
from riskassess.sheets.results import Cell, Parsed, Problem, Result, absent, not_a, quoted, text_of, tidy

_LONGEST = 28  # significant digits: what decimal's default context keeps exactly
_NUMBER = re.compile(r"[+\-−]?(?:\d[\d.,'’ _]*|[.,]\d+)(?:[eE][+-]?\d{1,3})?")
_GROUPED = {mark: re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+") for mark in ",."}
_TOKENS = re.compile(
    r"(?P<number>[+\-−]?\d[\d.,'’ _]*)\s*(?P<scale>k|m|mio|thousand|million|b|billion)?\s*(?:input |output )?"
    r"(?:tokens?|toks?|ctx|context)?",
    re.IGNORECASE,
)
_TOKENS_INSIDE = re.compile(r"(?<![\w.,])(\d[\d.,]*)\s*(k|m|thousand|million)?[\s-]*tokens?\b", re.IGNORECASE)
_SCALES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mio": 10**6, "million": 10**6}
_SCALES |= {"b": 10**9, "billion": 10**9}
_TOKEN_HINT = "Write a whole number of tokens, such as 131072 or 128k."  # noqa: S105 - a hint, no secret


def exact(value: int | float) -> Decimal | None:
    """The number as it was typed: 2e-06 is two millionths, not its nearest binary fraction. None for NaN."""
    number = Decimal(repr(value))
    return number if number.is_finite() else None


def plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent above 0: 2.000000 is 2, 1E+2 is 100."""
    short = number.normalize()
    return short.quantize(Decimal(1)) if short.as_tuple().exponent > 0 else short  # type: ignore[operator]


def number_in(text: str) -> tuple[Decimal, str] | None:
    """The number that is the whole of `text`, with a note where it could be read in two ways; else None."""
    if len(text) > 2 * _LONGEST or not _NUMBER.fullmatch(text):
        return None
    digits = re.sub(r"[ '’_]", "", text).replace("−", "-")
    note = ""
    if "," in digits and "." in digits:  # the mark that comes last is the decimal one
        decimal_mark = "," if digits.rfind(",") > digits.rfind(".") else "."
        digits = digits.replace("." if decimal_mark == "," else ",", "").replace(",", ".")
    elif _GROUPED[","].fullmatch(digits):
        if digits.count(",") == 1:
            note = f"{quoted(text)} read with the comma between thousands"
        digits = digits.replace(",", "")
    elif digits.count(".") > 1 and _GROUPED["."].fullmatch(digits):
        digits = digits.replace(".", "")
    elif digits.count(",") == 1:
        digits, note = digits.replace(",", "."), f"{quoted(text)} read with a decimal comma"
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return None
    sane = len(number.as_tuple().digits) <= _LONGEST and abs(number.adjusted()) <= _LONGEST
    return (number, note) if sane else None


def parse_tokens(value: Cell) -> Result[int]:
    """A number of tokens: `131,072 tokens`, `128k`, `1M`, or a sentence with one count of tokens in it.

    `k` is 1,000 and the note says so, for some vendors mean 1,024. 0 is how catalogs write that no window was
    stated (no model reads nothing): Unknown, with a note.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        number = exact(value)
        return _whole(number, text_of(value), "") if number is not None else not_a_count(text_of(value))
    if isinstance(value, str):
        text = tidy(value)
        nothing = absent(text)
        return cast("Parsed[int]", nothing) if nothing else _tokens_in(text)
    return Parsed(UNKNOWN) if value is None else not_a_count(text_of(value))


def not_a_count(text: str) -> Problem:
    """The problem of `text` standing where a number of tokens belongs."""
    return not_a("a number of tokens", text, _TOKEN_HINT)


def _tokens_in(text: str) -> Result[int]:
    match = _TOKENS.fullmatch(text)
    if match:
        return _scaled(match["number"].strip(), match["scale"], text)
    inside = _TOKENS_INSIDE.findall(text)
    if len(inside) == 1:
        result = _scaled(inside[0][0].rstrip(".,"), inside[0][1], text)
        if isinstance(result, Parsed):
            return Parsed(result.stated, note=result.note or f"taken from {quoted(text)}")
        return result
    if len(inside) > 1 or re.fullmatch(r"[\d.,]+\s*[kKmM]?\s*[/|;]\s*[\d.,]+\s*[kKmM]?", text):
        return Problem(f"{quoted(text)} holds more than one number.", "Give each number a column of its own.")
    return not_a_count(text)


def _scaled(digits: str, scale: str | None, text: str) -> Result[int]:
    found = number_in(digits)
    if found is None:
        return not_a_count(text)
    number, note = found
    if not scale:
        if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits):  # no part of a token: 131.072 is 131072
            return _whole(number * 1000, text, f"{quoted(text)} read with the point between thousands")
        return _whole(number, text, "" if "comma between" in note else note)
    times = _SCALES[scale.casefold()]
    said = f"{quoted(text)} read with {scale} = {times:,}"
    return _whole(number * times, text, said)


def _whole(number: Decimal, text: str, note: str) -> Result[int]:
    if number < 0:
        return Problem(f"{quoted(text)} is negative.", _TOKEN_HINT)
    if number == 0:
        return Parsed(UNKNOWN, note="0 read as: no number of tokens stated")
    if number != number.to_integral_value() or number.adjusted() > 12:
        return not_a_count(text)
    return Parsed(Known(int(number)), note)
