"""Sizes in a description of a model: `Input: text (131,072 tokens) … Output: text (8,182 tokens)`."""

from __future__ import annotations

import re
from functools import lru_cache

from riskassess.sheets.cleaning import cleaned

_LABEL = re.compile(
    r"(?:^|[\s*•.;–-])(?P<label>(?:max(?:imum)?\s+)?(?:input|output|context)(?:\s+(?:length|window|size|tokens?|limit))?)"
    r"[\s*]{0,4}:",
    re.IGNORECASE,
)
_OTHER_LABEL = re.compile(r"(?:^|[\s•;-])[A-Z][a-z]+(?: [a-z]+){0,2}[\s*]{0,4}:")
_SIZE = re.compile(r"(?<![\w.,])(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s?(?P<unit>[kKmM])?\s+tokens?\b")
_BARE = re.compile(
    r"\s*(?P<number>\d{1,3}(?:,\d{3})+|\d{4,9}|\d+(?:\.\d+)?\s?(?=[kKmM]\b))(?P<unit>[kKmM])?(?![\w,])"
)
_PRICED = re.compile(r"[$€£¥￥]\s?\d|\d\s?(?:[$€£¥￥]|USD|EUR|元)")  # `$3 / 1K tokens` is no size
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}


@lru_cache(maxsize=2_000)
def described_sizes(text: str) -> tuple[int | None, int | None] | None:
    """Context window and longest output that a description states; None when it is no such description.

    What is called the context counts; where nothing is, what goes in does. Either may be left unsaid.
    """
    plain, _ = cleaned(text, name=False)
    labels = list(_LABEL.finditer(plain))
    if not labels:
        return None
    sizes: dict[str, int] = {}
    for at, label in enumerate(labels):
        end = labels[at + 1].start() if at + 1 < len(labels) else len(plain)
        part = plain[label.end() : end]
        other = _OTHER_LABEL.search(part)
        size = _size_in(part[: other.start()] if other else part)
        kind = next(kind for kind in ("context", "input", "output") if kind in label["label"].casefold())
        if size is not None:
            sizes.setdefault(kind, size)
    return sizes.get("context", sizes.get("input")), sizes.get("output")


def describes_sizes(text: str) -> bool:
    """Whether `text` is a description that states a size."""
    is_one = "token" in text.casefold() and not _PRICED.search(text)
    found = described_sizes(text) if is_one else None
    return found is not None and found != (None, None)


def _size_in(part: str) -> int | None:
    match = _SIZE.search(part) or _BARE.match(part)
    if match is None:
        return None
    times = _TIMES[(match["unit"] or "").casefold()]
    size = float(match["number"].replace(",", "")) * times
    return int(size) if size.is_integer() and 0 < size < 10**9 else None
