"""One parser for each kind of cell: the value it states, or what is wrong with it and what to write."""

from __future__ import annotations

import re
from datetime import date
from typing import cast

from riskassess.kernel.stated import UNKNOWN, Known
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.dates import Precision, StatedDate, parse_date
from riskassess.sheets.makers import suggested_vendor
from riskassess.sheets.marks import Mark, parse_bool, parse_mark
from riskassess.sheets.numbers import parse_token_pair, parse_tokens
from riskassess.sheets.prices import Price, PriceUnit, parse_price
from riskassess.sheets.results import (
    Cell,
    Parsed,
    Problem,
    Result,
    absent,
    is_prose,
    not_a,
    quoted,
    text_of,
    tidy,
)
from riskassess.sheets.status import ReleaseStage, parse_status

__all__ = [
    "Cell", "Mark", "Parsed", "Precision", "Price", "PriceUnit", "Problem", "ReleaseStage", "Result",
    "StatedDate", "parse_bool", "parse_date", "parse_id", "parse_list", "parse_mark", "parse_name",
    "parse_price", "parse_status", "parse_text", "parse_token_pair", "parse_tokens",
    "parse_url", "parse_vendor",
    "parse_version", "text_of",
]  # fmt: skip

_LINK = re.compile(r"\[[^\]]*\]\(<?(https?://[^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_ANCHOR = re.compile(r"<a\b[^<>]*\bhref=[\"']?(https?://[^\"'\s<>]+)[^<>]*>", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"]+")
_BARE_URL = re.compile(
    r"(?:[a-z0-9-]+\.)+(?:com|org|net|io|ai|dev|app|cloud|co|eu|gov|edu|uk|de|fr|ch|cn|jp|nl|se)(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"([`\"'*]+)(.+)\1")


def parse_text(value: Cell) -> Result[str]:
    """The text as a reader sees it: without control characters, markup and stray space."""
    return _text(value, name=False)


def parse_name(value: Cell) -> Result[str]:
    """A name, also without the marks of footnotes behind it; text such as `=SUM` is text."""
    return _text(value, name=True)


def parse_vendor(value: Cell) -> Result[str]:
    """A company as the cell names it. Whom an id (`vertex_ai-anthropic_models`) seems to stand for is a note."""
    result = parse_name(value)
    if isinstance(result, Parsed) and isinstance(result.stated, Known):
        seems = suggested_vendor(result.stated.value)
        if seems is not None:
            note = f"{quoted(result.stated.value)} is kept as written; it suggests {seems}"
            return Parsed(result.stated, f"{result.note}; {note}" if result.note else note)
    return result


def parse_version(value: Cell) -> Result[str]:
    """A version is text: `001` keeps its zeros. A number or a date in its place is said, for a sheet that
    makes `2025-05-16` a date may have made a number of `1.10`.
    """
    if isinstance(value, str):
        return _text(value, name=True)
    return _number_or_date(value, "version")


def parse_id(value: Cell) -> Result[str]:
    """An identifier, as it is: only what wraps it goes."""
    if not isinstance(value, str):
        return _number_or_date(value, "id")
    text = tidy(value)
    nothing = absent(text)
    if nothing:
        return cast("Parsed[str]", nothing)
    if text[0] not in "`\"'*[<" and text[-1] not in ">]":
        return Parsed(Known(text))
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped:
        return Parsed(Known(wrapped[2].strip()), note="marks around it removed")
    shown, note = cleaned(text)
    return Parsed(Known(shown), note)


def _text(value: Cell, *, name: bool) -> Result[str]:
    if not isinstance(value, str):
        return _number_or_date(value, "text")
    text, note = cleaned(value, name=name)
    nothing = absent(text)
    if nothing:
        return cast("Parsed[str]", nothing)
    return Parsed(Known(text), note)


def _number_or_date(value: Cell, kind: str) -> Result[str]:
    if value is None:
        return Parsed(UNKNOWN)
    text = text_of(value)
    if isinstance(value, date):
        return Parsed(Known(text), note=f"a date in the sheet, read as {kind}")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        lost = "zeros in front of it" if isinstance(value, int) else "zeros in front of it or at its end"
        return Parsed(Known(text), note=f"a number in the sheet: {lost}, if any, are lost")
    return Parsed(Known(text))


def parse_list(value: Cell) -> Result[tuple[str, ...]]:
    """The entries of a cell, each once and in order.

    Commas part them only where no semicolon, bar or line break does: `Foo, Inc.; Bar` stays two names.
    A list written as code (`["a", "b"]`) is the list it stands for.
    """
    text, note = cleaned(text_of(value))
    nothing = absent(text)
    if nothing:
        return cast("Parsed[tuple[str, ...]]", nothing)
    if text[0] in "[{" and text[-1] in "]}":
        text = re.sub(r"[\"']", "", text[1:-1])
    parts = re.split(r"[;|\n]" if re.search(r"[;|\n]", text) else ",", text)
    entries = tuple(dict.fromkeys(entry for part in parts if (entry := part.strip().lstrip("•·*- ").strip())))
    if not entries:
        return Parsed(UNKNOWN, note=f"{quoted(text)} read as an empty list")
    return Parsed(Known(entries), note)


def parse_url(value: Cell) -> Result[str]:
    """A web address, also from inside a link with a title. Other schemes (`javascript:` …) are problems.

    A sentence with one address in it states that address; of two, the first counts and the note says so. A
    sentence without any states none: where something was said is no reason to refuse what was said.
    """
    text = tidy(text_of(value))
    if _URL.fullmatch(text):
        return Parsed(Known(text))
    nothing = absent(text)
    if nothing:
        return cast("Parsed[str]", nothing)
    if link := _LINK.fullmatch(text) or _ANCHOR.match(text):
        return Parsed(Known(link[1]), note="taken from a link with a title")
    found = list(dict.fromkeys(address.rstrip(".,;:)]") for address in _URL.findall(text)))
    if found:
        rest = f"; {len(found) - 1} more in the cell" if len(found) > 1 else ""
        return Parsed(Known(found[0]), note=f"taken from {quoted(text)}{rest}")
    if _BARE_URL.fullmatch(text):
        return Parsed(Known(f"https://{text}"), note=f"{quoted(text)} read with https:// in front")
    if is_prose(text):
        return Parsed(UNKNOWN, note=f"{quoted(text)} names no web address")
    return not_a("a web address", text, "Write the full address, starting with https://.")
