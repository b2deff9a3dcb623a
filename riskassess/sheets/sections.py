"""Headings between rows: how deep each is, which are in force over a row, and what they name."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from riskassess.sheets.results import tidy

_LONGEST_VENDOR = 40  # characters
_MOST_WORDS = 5
# What a list says of its sections besides their name: `Acme models sold by Contoso`.
_OF_MODELS = re.compile(
    r"\s+(?:(?:foundation|language|ai|partner)\s+)*(?:models?|offerings?|products?|services?)\b.*$", re.I
)
_COUNT = re.compile(r"\s+[(\[]\d{1,4}(?:\s+\w+)?[)\]]$")  # `Acme (7 models)`


@dataclass(frozen=True, slots=True)
class Heading:
    """A text that stands over rows instead of beside them.

    `text` is as written and `value` what of it is a name: `Acme models` and `Acme`. `level` 1 is outermost.
    """

    text: str
    value: str
    cell: str
    row_index: int
    level: int


@dataclass(frozen=True, slots=True)
class Lone:
    """A candidate for a heading: one cell alone in its row. `after` numbers the run of headings it is in."""

    row_index: int
    column_index: int
    text: str
    run: int


def depth_of(found: Sequence[Lone]) -> int:
    """How many levels of headings there are."""
    return max(_levels(found, 0).values(), default=0)


def levelled(found: Sequence[Lone], addresses: Mapping[int, str], depth: int = 0) -> list[Heading]:
    """The headings with their levels and names, in the order of the sheet.

    Headings in different columns, or indented differently, are as deep as that. Else a run of headings with
    no row between goes from the outer to the inner level, and a lone one is of the innermost.
    """
    levels = _levels(found, depth)
    names = {
        level: named([lone.text for lone in found if levels[lone.row_index] == level])
        for level in set(levels.values())
    }
    return [
        Heading(
            lone.text,
            names[levels[lone.row_index]][lone.text],
            addresses[lone.row_index],
            lone.row_index,
            levels[lone.row_index],
        )
        for lone in found
    ]


def _levels(found: Sequence[Lone], depth: int) -> dict[int, int]:
    places = sorted({(lone.column_index, indent_of(lone.text)) for lone in found})
    if len(places) > 1:
        return {lone.row_index: places.index((lone.column_index, indent_of(lone.text))) + 1 for lone in found}
    runs: dict[int, list[Lone]] = {}
    for lone in found:
        runs.setdefault(lone.run, []).append(lone)
    deepest = max([depth, *map(len, runs.values())])
    return {
        lone.row_index: deepest - len(run) + at + 1 for run in runs.values() for at, lone in enumerate(run)
    }


def indent_of(text: str) -> int:
    """How many spaces stand before a text."""
    return len(text) - len(text.lstrip(" \t\u00a0"))


def in_force(headings: Sequence[Heading], rows: Sequence[int]) -> dict[int, tuple[Heading, ...]]:
    """Row index -> the headings over it, outermost first. A heading ends all of its level and deeper."""
    found: dict[int, tuple[Heading, ...]] = {}
    current: tuple[Heading, ...] = ()
    waiting = list(reversed(headings))
    for row in rows:
        while waiting and waiting[-1].row_index < row:
            heading = waiting.pop()
            current = (*(one for one in current if one.level < heading.level), heading)
        found[row] = current
    return found


def named(texts: Collection[str]) -> dict[str, str]:
    """Text -> the part of it that is the section's own name.

    Words that all headings of a level begin or end with are about the list (`… models sold by Contoso`).
    """
    words = {text: tidy(text).rstrip(":").split() for text in texts}
    different = [found for found in {tuple(w) for w in words.values()} if found]
    before, after = (_shared(different), _shared([tuple(reversed(w)) for w in different]))
    values = {}
    for text, found in words.items():
        own = found[before : len(found) - after] if len(different) > 1 else found
        value = _COUNT.sub("", " ".join(own or found))
        values[text] = _OF_MODELS.sub("", value).strip(" –—-:") or value
    whole = {text: " ".join(found) for text, found in words.items()}
    shared = {
        value for value in values.values() if len({whole[t] for t, v in values.items() if v == value}) > 1
    }
    return {
        text: whole[text]
        if value in shared or (value[:1].islower() and not whole[text][:1].islower())
        else value
        for text, value in values.items()
    }


def _shared(texts: Sequence[tuple[str, ...]]) -> int:
    """How many first words all have in common, leaving each a word of its own."""
    if len(texts) < 2:
        return 0
    most = min(map(len, texts)) - 1
    at = 0
    while at < most and len({text[at].casefold() for text in texts}) == 1:
        at += 1
    return at


# Words for kinds of models and of offers: a heading of nothing else names no company.
_KINDS = frozenset({
    "api", "apis", "model", "models", "commercial", "hosted", "open", "source", "weight", "weights", "closed",
    "proprietary", "cloud", "pay", "as", "you", "go", "chat", "text", "image", "audio", "video", "speech", "embedding",
    "embeddings", "reasoning", "language", "large", "small", "vision", "multimodal", "code", "coding", "other", "and",
    "or", "the", "legacy", "current", "deprecated", "preview", "new", "premium", "standard", "free", "paid", "llms",
    "llm", "ai", "flagship", "generation", "services", "frontier", "enterprise", "general", "purpose", "tier",
})  # fmt: skip


def look_like_vendors(values: Collection[str]) -> bool:
    """Whether section names could be those of vendors: a few words each, no sentences, no numbers."""
    different = set(values)
    if not different:
        return False
    likely = sum(
        len(value) <= _LONGEST_VENDOR
        and len(value.split()) <= _MOST_WORDS
        and not re.search(r"[.!?;]\s|[.!?;:]$|\d{3}", value)
        and not _KINDS.issuperset(re.findall(r"[a-z]+", value.casefold()))
        for value in different
    )
    return likely >= 0.9 * len(different)
