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


def day_among(text: str) -> tuple[str, str]:
    """A part of `text` that is a day with its bound, and why that one; two empty texts where none can be told.

    `Deprecation: October 1, 2024 / Retirement: June 6, 2025` is the second, `No auto-upgrades; July 14, 2025` the only
    one, and of `2026-03-31 (Standard) / 2026-10-01 (Provisioned)`, which hold for different customers, the first named.
    """
    parts = [part for part in _PARTS.split(text) if part]
    dated = [part for part in parts if len(_DAY.findall(part)) == 1]
    if (
        not dated
        or len(dated) > 3
        or len(parts) < 2
        or any(len(_DAY.sub("", part)) > _LONGEST for part in parts)
    ):
        return "", ""
    bare = [part for part in dated if _DAY.fullmatch(part.strip())]
    if (len(dated) > 1 and bare) or any(_OPEN.search(part) for part in parts if part not in dated):
        return "", ""
    ends = [part for part in dated if _ENDS.search(part)]
    rest = [part for part in dated if not _BEGINS.search(part)]
    chosen = (ends or rest or [""])[0]
    if not chosen:
        return "", ""
    found = _DAY.search(chosen)
    before = re.sub(r"^[^:]*:\s*", "", chosen[: found.start()]) if found else ""
    why = (
        "its day"
        if len(dated) == 1
        else ("the day of its end" if ends else f"the first of {len(dated)} days")
    )
    return f"{before}{found[0] if found else ''}".strip(), why
