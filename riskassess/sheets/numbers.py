"""Numbers as people type them, exactly: thousands marks, decimal commas, k and M. And token counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import cast

from riskassess.kernel.stated import UNKNOWN, Known
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.described import described_sizes
from riskassess.sheets.results import Cell, Parsed, Problem, Result, absent, not_a, quoted, text_of, tidy

_LONGEST = 28  # significant digits: what decimal's default context keeps exactly
_NUMBER = re.compile(r"[+\-−]?(?:\d[\d.,'’ _]*|[.,]\d+)(?:[eE][+-]?\d{1,3})?")
_GROUPED = {mark: re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+") for mark in ",."}
# A comma or a point that can only be a decimal mark: behind a lone 0, or before other than three digits.
_COMMA_SURE = re.compile(r"(?<![\d.,])(?:0,\d+|\d{1,3}(?:\.\d{3})*,(?:\d{1,2}|\d{4,}))(?![\d,])")
_POINT_SURE = re.compile(r"(?<![\d.,])(?:0?\.\d+|\d{1,3}(?:,\d{3})*\.(?:\d{1,2}|\d{4,}))(?![\d.])")
_BETWEEN_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_COMMA = re.compile(r"(?<=\d),(?=\d)")
_TOKENS = re.compile(
    r"(?P<number>[+\-−]?\d[\d.,'’ _]*)[\s-]*(?P<scale>ki|mi|k|m|mio|thousand|million|b|billion)?[\s-]*"
    r"(?:(?:input|output|in|out|context|max|maximum|total) )?"
    r"(?:tokens?|toks?|ctx|context(?: window| length)?|input|output|in|out)?"
    r"(?: (?:context|max|maximum|window|total|input|output))?[.+]?",
    re.IGNORECASE,
)
_SIZE = r"\d[\d.,' ’_]*(?:\s*(?:ki|mi|k|m|thousand|million))?(?:\s*tokens?)?"
_PAIR = re.compile(
    rf"(?:(?:input|in|context(?: window| length)?)\s*:?\s*)?(?P<first>{_SIZE}|—|-|n/a)"
    r"\s*(?:\(?(?:in(?:put)?|context)\)?)?"
    rf"\s*(?:[/|;,\n]|\band\b)\s*(?:(?:max(?:imum)? )?(?:output|out)\s*:?\s*)?(?P<second>{_SIZE}|—|-|n/a)"
    r"\s*(?:\(?(?:out(?:put)?)\)?)?",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"{_SIZE}\s*(?:-|–|—|to|\.\.+|…)\s*{_SIZE}", re.IGNORECASE)
_AT_MOST = re.compile(
    r"^(?:up to|max(?:imum)?(?: of)?|≤|<=|~|≈|about|around|approx\.?|context(?: window| length| size)?|at most|ca\.?)"
    r"\s*:?\s*",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*\([^()]*\)$")
_EXACTLY = re.compile(r"\((\d{1,3}(?:,\d{3})+)(?: tokens)?\)$")  # `128K (131,072)`
_TOKENS_INSIDE = re.compile(r"(?<![\w.,])(\d[\d.,]*)\s*(k|m|thousand|million)?[\s-]*tokens?\b", re.IGNORECASE)
_SCALES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mio": 10**6, "million": 10**6}
_SCALES |= {"b": 10**9, "billion": 10**9, "ki": 2**10, "mi": 2**20}
_TOKEN_HINT = "Write a whole number of tokens, such as 131072 or 128k."  # noqa: S105 - a hint, no secret


def exact(value: int | float) -> Decimal | None:
    """The number as it was typed: 2e-06 is two millionths, not its nearest binary fraction. None for NaN."""
    number = Decimal(repr(value))
    return number if number.is_finite() else None


def plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent above 0: 2.000000 is 2, 1E+2 is 100."""
    short = number.normalize()
    return short.quantize(Decimal(1)) if short.as_tuple().exponent > 0 else short  # type: ignore[operator]


def has_decimal_commas(texts: Iterable[str]) -> bool:
    """Whether numbers among the texts write their decimals behind a comma, and none does behind a point."""
    found = False
    for text in texts:
        if _POINT_SURE.search(text):
            return False
        found = found or _COMMA_SURE.search(text) is not None
    return found


def with_points(text: str) -> str:
    """`1.254,50` as `1254.50`: a text whose numbers have decimal commas."""
    return _COMMA.sub(".", _BETWEEN_THOUSANDS.sub("", text))


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
    stated (no model reads nothing): Unknown, with a note. A range is a problem: no size follows from it.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        number = exact(value)
        return _whole(number, text_of(value), "") if number is not None else not_a_count(text_of(value))
    if isinstance(value, str):
        text = tidy(value)
        if text.isascii() and text.isdigit() and len(text) < 10:
            return _whole(Decimal(text), text, "")
        nothing = absent(text)
        return cast("Parsed[int]", nothing) if nothing else _tokens_in(text)
    return Parsed(UNKNOWN) if value is None else not_a_count(text_of(value))


def parse_token_pair(value: Cell) -> Result[tuple[int | None, int | None]]:
    """Context window and longest output in one cell: `1M / 128K`, `128k in, 4k out`. A lone size is the first.

    None stands for the half that the cell does not state.
    """
    if not isinstance(value, str):
        return _first_of_pair(parse_tokens(value))
    text, _ = cleaned(value, name=True)
    nothing = absent(text)
    if nothing:
        return cast("Parsed[tuple[int | None, int | None]]", nothing)
    described = described_sizes(value)
    if described is not None:
        return _both(described, text)
    match = _PAIR.fullmatch(text)
    halves = [parse_tokens(half) for half in (match["first"], match["second"])] if match else []
    if len(halves) != 2:
        return _first_of_pair(parse_tokens(text))
    problem = next((half for half in halves if isinstance(half, Problem)), None)
    if problem:
        return Problem(f"{quoted(text)} is not a context window and an output.", problem.hint)
    first, second = (
        half.stated.value if isinstance(half, Parsed) and isinstance(half.stated, Known) else None
        for half in halves
    )
    return _both((first, second), text)


def _both(sizes: tuple[int | None, int | None], text: str) -> Parsed[tuple[int | None, int | None]]:
    read = " and ".join("not stated" if half is None else f"{half:,}" for half in sizes)
    if sizes == (None, None):
        return Parsed(UNKNOWN, f"{quoted(text)} states no number of tokens")
    return Parsed(Known(sizes), f"{quoted(text)} read as context and output: {read}")


def _first_of_pair(result: Result[int]) -> Result[tuple[int | None, int | None]]:
    if isinstance(result, Parsed) and isinstance(result.stated, Known):
        return Parsed(Known((result.stated.value, None)), result.note)
    return cast("Result[tuple[int | None, int | None]]", result)


def not_a_count(text: str) -> Problem:
    """The problem of `text` standing where a number of tokens belongs."""
    return not_a("a number of tokens", text, _TOKEN_HINT)


def _tokens_in(text: str) -> Result[int]:
    match = _TOKENS.fullmatch(text)
    if match:
        return _scaled(match["number"].strip(), match["scale"], text)
    shown, _ = cleaned(text, name=True)
    if nothing := absent(shown):
        return cast("Parsed[int]", nothing)
    if (exactly := _EXACTLY.search(shown)) and _TOKENS.fullmatch(shown[: exactly.start()].strip()):
        return _whole(Decimal(re.sub(r"\D", "", exactly[1])), text, f"taken from {quoted(text)}")
    if match := _TOKENS.fullmatch(_AT_MOST.sub("", _ASIDE.sub("", shown))):
        result = _scaled(match["number"].strip(), match["scale"], text)
        if isinstance(result, Parsed):
            return Parsed(result.stated, result.note or f"taken from {quoted(text)}")
        return result
    if _RANGE.fullmatch(shown):
        return Problem(f"{quoted(text)} is a range, not one size.", "Write the size of this very model.")
    inside = _TOKENS_INSIDE.findall(shown)
    if len(inside) == 1:
        result = _scaled(inside[0][0].rstrip(".,"), inside[0][1], text)
        if isinstance(result, Parsed):
            return Parsed(result.stated, note=result.note or f"taken from {quoted(text)}")
        return result
    if len(inside) > 1 or _PAIR.fullmatch(shown):
        return Problem(
            f"{quoted(text)} holds more than one number.",
            "Read the column as “Context and output”, or give each number a column of its own.",
        )
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
    if scale.casefold() == "k" and number % 1000 and number == number.to_integral_value():
        said += f"; with 1,024 it would be {number * 1024:,}"
    return _whole(number * times, text, said)


def _whole(number: Decimal, text: str, note: str) -> Result[int]:
    if number < 0:
        return Problem(f"{quoted(text)} is negative.", _TOKEN_HINT)
    if number == 0:
        return Parsed(UNKNOWN, note="0 read as: no number of tokens stated")
    if number != number.to_integral_value() or number.adjusted() > 12:
        return not_a_count(text)
    return Parsed(Known(int(number)), note)
