"""What runs beside each other do not have in common: a row for each such fact, none for what is the same. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riskassess.reports.content import FLAGS, LETTERS, TRUTHS
from riskassess.reports.figures import appetite_name, ends
from riskassess.reports.shape import Header

Record = Mapping[str, Any]

DEMAND = {"false": 0, "unknown": 1, "true": 2}
"""How much a flag asks of an offer."""


@dataclass(frozen=True, slots=True)
class UnlikeCell:
    letter: str
    text: str
    most: bool
    """Whether this use asks most of an offer here, and another asks less."""


@dataclass(frozen=True, slots=True)
class UnlikeRow:
    """One fact of the use, or of how it was judged, that is not the same for all."""

    fact: str
    cells: tuple[UnlikeCell, ...]


def unlike(letters: Sequence[str], heads: Sequence[Header], records: Sequence[Record]) -> Iterator[UnlikeRow]:
    """The use and its profile first, then day, method, rules and risk appetite: of each run, in one order."""
    yield from _row("Use", letters, [head.use_case for head in heads])
    for letter, name in LETTERS.items():
        levels = [record["inputs"]["profile"].get(letter) for record in records]
        texts = [f"{ends(pair)} of 4" if pair else "not asked" for pair in levels]
        yield from _row(f"{name} ({letter})", letters, texts, [max(pair or [0]) for pair in levels])
    for flag, name in FLAGS.items():
        truths = [record["flags"].get(flag, "unknown") for record in records]
        yield from _row(name, letters, [TRUTHS[one] for one in truths], [DEMAND[one] for one in truths])
    yield from _row("Judged as of", letters, [head.as_of for head in heads])
    # One name may stand for two versions of a method's data.
    methods = [
        f"{head.method} {record['method_digest'][:8]}" for head, record in zip(heads, records, strict=True)
    ]
    yield from _row("Method", letters, methods)
    yield from _row("Rules", letters, [head.rules for head in heads])
    yield from _row("Risk appetite", letters, [_appetite(head) for head in heads])


def _appetite(head: Header) -> str:
    return appetite_name(head.appetite) if head.appetite else "the method's own lines"


def _row(
    fact: str, letters: Sequence[str], texts: Sequence[str], demands: Sequence[int] = ()
) -> Iterable[UnlikeRow]:
    """The row of a fact, unless it is the same for all. `demands` tell which asks most."""
    if len(set(texts)) == 1:
        return ()
    demands = demands or [0] * len(texts)
    most = max(demands) if len(set(demands)) > 1 else None
    cells = [
        UnlikeCell(letter, text, demand == most)
        for letter, text, demand in zip(letters, texts, demands, strict=True)
    ]
    return (UnlikeRow(fact, tuple(cells)),)
