"""One parser for each kind of cell: the value it states, or what is wrong with it and what to write."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import cast

from riskassess.kernel.stated import UNKNOWN, Known
from riskassess.sheets.dates import Precision, StatedDate, parse_date
from riskassess.sheets.numbers import parse_tokens
from riskassess.sheets.prices import Price, PriceUnit, parse_price
from riskassess.sheets.results import Cell, Parsed, Problem, Result, absent, not_a, quoted, text_of, tidy

__all__ = [
    "Cell", "Parsed", "Precision", "Price", "PriceUnit", "Problem", "ReleaseStage", "Result", "StatedDate",
    "parse_bool", "parse_date", "parse_list", "parse_price", "parse_status", "parse_text", "parse_tokens",
    "parse_url", "text_of",
]  # fmt: skip

_TRUE = frozenset({"true", "yes", "y", "1", "x", "✓", "✔", "✔️", "✅", "on", "supported", "open"})
_FALSE = frozenset({"false", "no", "n", "0", "✗", "✘", "❌", "off", "not supported", "closed", "proprietary"})
_LINK = re.compile(r"\[[^\]]*\]\((https?://[^)\s]+)\)")


class ReleaseStage(StrEnum):
    """How far a release has come, from announced to retired."""

    ANNOUNCED = "announced"
    EARLY_ACCESS = "early_access"
    PREVIEW = "preview"
    GA = "ga"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


_STAGE_WORDS = {
    ReleaseStage.ANNOUNCED: ("announced", "coming soon", "planned", "upcoming", "future", "roadmap"),
    ReleaseStage.EARLY_ACCESS: (
        "early access", "private preview", "limited preview", "gated preview", "gated", "waitlist", "alpha",
        "limited access", "invitation only",
    ),
    ReleaseStage.PREVIEW: (
        "preview", "public preview", "beta", "public beta", "open beta", "experimental", "release candidate",
    ),
    ReleaseStage.GA: (
        "ga", "general availability", "generally available", "available", "active", "stable", "live",
        "released", "production", "current", "launched",
    ),
    ReleaseStage.DEPRECATED: (
        "deprecated", "legacy", "retiring", "sunset", "sunsetting", "being retired", "deprecating",
        "maintenance",
    ),
    ReleaseStage.RETIRED: (
        "retired", "end of life", "eol", "removed", "discontinued", "shut down", "shutdown", "withdrawn",
        "unavailable", "decommissioned",
    ),
}  # fmt: skip
_STAGES = {word: stage for stage, words in _STAGE_WORDS.items() for word in words}


def parse_text(value: Cell) -> Result[str]:
    """The text, cleaned of control characters and stray space; text such as `001` keeps its zeros."""
    if value is None:
        return Parsed(UNKNOWN)
    text = tidy(text_of(value))
    nothing = absent(text)
    if nothing:
        return cast("Parsed[str]", nothing)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Parsed(Known(text), note="a number in the sheet: zeros in front of it, if any, are lost")
    if isinstance(value, date):
        return Parsed(Known(text), note="a date in the sheet, read as text")
    return Parsed(Known(text))


def parse_bool(value: Cell) -> Result[bool]:
    """Yes or no, in the words and marks people use for it."""
    if isinstance(value, bool):
        return Parsed(Known(value))
    text = tidy(text_of(value))
    word = text.casefold()
    if word in _TRUE or word in _FALSE:
        return Parsed(Known(word in _TRUE))
    nothing = absent(text)
    return cast("Parsed[bool]", nothing) if nothing else not_a("yes or no", text, "Write yes or no.")


def parse_list(value: Cell) -> Result[tuple[str, ...]]:
    """The entries of a cell, each once and in order.

    Commas part them only where no semicolon, bar or line break does: `Foo, Inc.; Bar` stays two names.
    """
    text = tidy(text_of(value))
    nothing = absent(text)
    if nothing:
        return cast("Parsed[tuple[str, ...]]", nothing)
    parts = re.split(r"[;|\n]" if re.search(r"[;|\n]", text) else ",", text)
    entries = tuple(dict.fromkeys(entry for part in parts if (entry := part.strip())))
    return (
        Parsed(Known(entries)) if entries else Parsed(UNKNOWN, note=f"{quoted(text)} read as an empty list")
    )


def parse_status(value: Cell) -> Result[ReleaseStage]:
    """The release stage that the cell's words stand for."""
    text = tidy(text_of(value))
    nothing = absent(text)
    if nothing:
        return cast("Parsed[ReleaseStage]", nothing)
    word = re.sub(r"[\s*_()-]+", " ", text).strip().casefold()
    stage = _STAGES.get(word)
    if stage is None:
        stages = ", ".join(ReleaseStage)
        return not_a("a release status we know", text, f"Write one of: {stages}.")
    return Parsed(Known(stage), note="" if word == stage else f"{quoted(text)} read as {stage}")


def parse_url(value: Cell) -> Result[str]:
    """A web address, also from inside a markdown link. Other schemes (`javascript:` …) are problems."""
    text = tidy(text_of(value))
    nothing = absent(text)
    if nothing:
        return cast("Parsed[str]", nothing)
    if link := _LINK.fullmatch(text):
        return Parsed(Known(link[1]), note="taken from a link with a title")
    if re.fullmatch(r"https?://[^\s<>\"]+", text):
        return Parsed(Known(text))
    return not_a("a web address", text, "Write the full address, starting with https://.")
