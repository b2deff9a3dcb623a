"""The day that a cell with several days, or with words around one, names as the end: labels tell which. Pure."""

from __future__ import annotations

import re

_DAY = re.compile(
    r"\d{4}-\d{2}-\d{2}|[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4}"
)
_PARTS = re.compile(r"\s*(?:\n|;|\s/\s|\||<br\s*/?>)\s*", re.IGNORECASE)
_ENDS = re.compile(
    r"\b(?:retire\w*|retiring|shut ?down|end of (?:life|support|service)|eol|sunset|discontinu\w*)\b", re.I
)
_BEGINS = re.compile(r"\b(?:deprecat\w*|legacy|launch\w*|releas\w*|announc\w*)\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:later|soon|tb[dac]|next|after|before|ga|preview)\b", re.IGNORECASE
)  # a day not fixed yet
_LONGEST = 40  # judgement: characters of the words around a day, beyond which they say more than whose it is


def days_among(text: str) -> tuple[list[str], str]:
    """The parts of `text` that are the day it ends with, each with its bound, and why; none where none can be told.

    `Deprecation: October 1, 2024 / Retirement: June 6, 2025` is the second, `No auto-upgrades; July 14, 2025` the only
    one, and `2026-03-31 (Standard) / 2026-10-01 (Provisioned)`, which hold for different customers, are both: the
    first to come counts.
    """
    parts = [part for part in _PARTS.split(text) if part]
    dated = [part for part in parts if len(_DAY.findall(part)) == 1]
    if not dated or len(dated) > 3 or len(parts) < 2:
        return [], ""
    if any(len(_DAY.sub("", part)) > _LONGEST for part in parts):
        return [], ""
    bare = [part for part in dated if _DAY.fullmatch(part.strip())]
    if (len(dated) > 1 and bare) or any(_OPEN.search(part) for part in parts if part not in dated):
        return [], ""
    ends = [part for part in dated if _ENDS.search(part)]
    chosen = ends or [part for part in dated if not _BEGINS.search(part)]
    if len(dated) == 1:
        return list(map(_unlabelled, chosen)), "its day"
    return list(map(_unlabelled, chosen)), "the day of its end" if ends else f"the first of {len(dated)} days"


def _unlabelled(part: str) -> str:
    """A day with the words before it that bound it, without its label."""
    found = _DAY.search(part)
    return f"{re.sub(r'^[^:]*:', '', part[: found.start()])}{found[0]}".strip() if found else ""
