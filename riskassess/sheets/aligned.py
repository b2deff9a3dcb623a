"""Text tables whose columns are set apart by blanks alone: each begins below the same place of the line. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LOOKED_AT = 200  # judgement: lines that show where columns are
_FEWEST_LINES, _FEWEST_COLUMNS = 3, 3  # judgement: less may be a letter that is set in
_APART = 2  # blanks
_PARTED = re.compile(r"\S {2,}\S")
_MOST = 0.9  # judgement: of the lines must go over several columns


def aligned_table(text: str, delimiter: str) -> list[list[str]]:
    """The table's cells, a row for each line; [] where no columns of blanks go through all lines.

    Nor are there any where tabs part the lines, or the `delimiter` does as often in each, or a text runs on into the
    next column. What stands above the columns, such as a title, is a row of one cell.
    """
    head = text[:100_000]
    if "\t" in head or not _PARTED.search(head):
        return []
    shown = [line.rstrip() for line in head.splitlines()[:_LOOKED_AT] if line.strip()]
    table = [line for line in shown if is_aligned(line)]
    if len(table) < _FEWEST_LINES or len({line.count(delimiter) for line in table} - {0}) == 1:
        return []
    first = shown.index(table[0])
    below = shown[first:]
    if len(table) < _MOST * len(below):
        return []
    starts = _starts(table)
    if len(starts) < _FEWEST_COLUMNS or len(_starts(below)) < len(starts):
        return []  # a note below runs across the columns: whose cells its parts were nobody could say
    lines = [line.rstrip() for line in text.splitlines()]
    above = lines.index(table[0])
    if any(len(line) > at and line[at - 1] != " " for line in lines[above:] for at in starts[1:]):
        return []
    ends = [*starts[1:], None]
    records = [[line.strip()] for line in lines[:above]]
    records += [
        [line[at:end].strip() for at, end in zip(starts, ends, strict=True)] for line in lines[above:]
    ]
    return records


def is_aligned(line: str) -> bool:
    """Whether blanks part a line in two."""
    return _PARTED.search(line) is not None


def _starts(lines: Sequence[str]) -> list[int]:
    """Where columns begin: behind two places that are blank in every line."""
    width = max(map(len, lines))
    padded = [line.ljust(width) for line in lines]
    blank = [all(line[at] == " " for line in padded) for at in range(width)]
    starts = [0]
    for at in range(_APART, width):
        if not blank[at] and all(blank[at - _APART : at]):
            starts.append(at)
    return starts
