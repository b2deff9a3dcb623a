"""What a cell parser answers, and the words people write where there is nothing to write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Generic, TypeVar

from riskassess.kernel.stated import UNKNOWN, NotApplicable, Stated

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell whose formula failed, or was saved without its value. `#N/A` typed as text is none."""

    code: str
    what: str


Cell = str | int | float | bool | date | datetime | CellError | None
"""What a grid holds. `None` is a blank cell; a `datetime` is a `date` too, as in the standard library."""


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What the cell states. `note` tells how it was read where a reader could have read it otherwise."""

    stated: Stated[T]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the cell cannot be read as its column's kind. `prose`: it holds a sentence, not a bad value."""

    what: str
    hint: str
    prose: bool = False


Result = Parsed[T] | Problem

_NOT_APPLICABLE = frozenset(
    {
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "#n/a",
        "not applicable",
        "does not apply",
        "不適用",
        "不适用",
        "対象外",
        "該当なし",
        "해당 없음",
    }
)
_NOT_SAID = frozenset({
    "-", "--", "–", "—", "?", "tbd", "tba", "tbc", "to be determined", "to be announced", "to be confirmed",
    "unknown", "not known", "not stated", "not disclosed", "undisclosed", "not available", "not specified",
    "unspecified", "none", "null", "nil", "nan", "pending", "not listed", "not published", "not public",
    "not announced", "not yet announced", "not yet known", "no information", "not provided", "not set",
    "---", "…", "...", "‐", "−", "―", "to follow", "未定", "待定", "暫定", "未公開", "未公开", "非公開",
    "未知", "不明", "미정",
})  # fmt: skip
_HYPHENS = {0x2010: "-", 0x2011: "-"}  # as web pages part names and days: `gpt‑4o`, `2026‑08‑26`
_SPACE = re.compile(r"[ \t\u00a0\u2007\u202f\u200b\ufeff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# A byte of another character set: a C1 control, or the first byte of UTF-8 read as Latin letters.
_GARBLED = re.compile("[\x80-\x9f]|[ÂÃÄÅÎÏÐÑâãåï][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|ðŸ")


def text_of(value: Cell) -> str:
    """The cell as text, as its sheet would show it: no `.0` on whole numbers, dates in ISO form."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, CellError):
        return value.code or "(formula without a value)"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != datetime.min.time() else value.date().isoformat()
    return str(value)


def tidy(text: str) -> str:
    """`text` without control characters, with plain single spaces and no space at its ends.

    Letters that a wrong character set has garbled (`schÃ¶n`, `Opulus\\x99`) are the ones that were written.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    if garbled(text):
        text = _repaired(text)
    text = text.translate(_HYPHENS)
    return _SPACE.sub(" ", _CONTROL.sub("", text)).strip()


def garbled(text: str) -> bool:
    """Whether `text` was written in one character set and read in another, as far as its letters show."""
    return not text.isascii() and _GARBLED.search(text) is not None and _repaired(text) != text


@lru_cache(maxsize=2_000)
def _repaired(text: str) -> str:
    """What was written, where that is certain; quotes, dashes and full-width letters stay as they are."""
    import ftfy  # only sheets that need it pay for its tables

    keep = ftfy.TextFixerConfig(
        unescape_html=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
    return ftfy.fix_text(text, keep)


def absent(text: str) -> Parsed[object] | None:
    """The answer when `text` says that there is no value, else None.

    `N/A` is the author's word that the question does not arise: not applicable. A dash, `none` or `TBD` only
    shows that nothing was entered: unknown, so that the vendor is asked rather than excused.
    """
    if not text:
        return Parsed(UNKNOWN)
    word = text.casefold()
    if word in _NOT_APPLICABLE:
        return Parsed(NotApplicable(because=f"the cell says “{text}”"))
    if word in _NOT_SAID:
        return Parsed(UNKNOWN, note=f"“{text}” read as not stated")
    return None


def quoted(text: str, longest: int = 60) -> str:
    """`text` in quotation marks, shortened for a message."""
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= longest else f"“{line[: longest - 1].rstrip()}…”"


def is_prose(text: str) -> bool:
    """Whether `text` reads as words: three of them at least, and more letters than digits."""
    letters = sum(char.isalpha() for char in text)
    return len(text.split()) >= 3 and letters > 3 * sum(char.isdigit() for char in text)


def not_a(kind: str, text: str, hint: str) -> Problem:
    """The problem of `text` standing where `kind` (`a price`, `a date` …) belongs."""
    return Problem(f"{quoted(text)} is not {kind}.", hint, prose=is_prose(text))
