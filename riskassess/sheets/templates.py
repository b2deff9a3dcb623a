"""Rows that explain the columns instead of stating an entry: sentences where all others have numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from riskassess.sheets.header import Header
from riskassess.sheets.results import Cell, is_prose, text_of
from riskassess.sheets.workbook import Grid

_SAMPLED = 200  # filled cells of a column that show whether it holds numbers or dates
_MOST = 5  # more such rows are how this sheet writes its values
_SENTENCES = 2  # one may be a slip
_NUMBER = re.compile(r"\s*[-+~<>≤≥$€£¥]*\s*[.,]?\d")
_EXAMPLE = re.compile(r"(?:sample|example|template|beispiel|muster)\b|.*[_-](?:spec|template|example)$", re.I)


def template_rows(grid: Grid, header: Header, data: Sequence[int]) -> dict[int, str]:
    """Row index -> why the row is a template. Sentences that many rows have are values, not templates."""
    sentences: dict[int, set[str]] = {}
    for column, name in enumerate(header.names):
        if name and holds_numbers(grid, column, data):
            for index in data:
                cell = grid.rows[index][column]
                if type(cell) is str and cell.count(" ") > 1 and not _NUMBER.match(cell) and is_prose(cell):
                    sentences.setdefault(index, set()).add(cell)
    found = {
        index: "sentences stand where other rows have numbers or dates"
        for index, texts in sentences.items()
        if len(texts) >= _SENTENCES or _is_example(grid.rows[index])
    }
    return found if len(found) <= _MOST else {}


def holds_numbers(grid: Grid, column: int, data: Sequence[int]) -> bool:
    """Whether a column's cells are numbers or dates, four of five at least."""
    filled = numbers = 0
    for index in data:
        cell = grid.rows[index][column]
        if cell is None:
            continue
        filled += 1
        numbers += is_number(cell)
        if filled == _SAMPLED:
            break
    return filled > _SENTENCES and numbers >= 0.8 * filled


def is_number(cell: Cell) -> bool:
    """Whether a filled cell holds a number or a date, or text that begins like one."""
    return type(cell) is not str or (len(cell) < 40 and bool(_NUMBER.match(cell)))


def _is_example(row: Sequence[Cell]) -> bool:
    first = next((text_of(cell) for cell in row if cell is not None), "")
    return bool(_EXAMPLE.fullmatch(first.strip()))
