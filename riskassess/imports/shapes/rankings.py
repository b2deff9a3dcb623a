"""Whether a table ranks models: names, and numbers that are called after scores, whatever their size. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from riskassess.sheets.numbers import number_in
from riskassess.sheets.results import Cell, tidy

_SCORED = re.compile(
    r"\b(?:elo|scores?|f1|accuracy|mmlu\w*|gpqa\w*|gsm8k|hellaswag|humaneval\w*|swe[ -]?bench\w*|bleu|rouge\w*|ifeval"
    r"|bbh|musr|aime\w*|win ?rate|votes|rank(?:ing)?|average|benchmark\w*|pass ?@ ?\d+|perplexity|arena\w*"
    r"|percentile)\b",
    re.IGNORECASE,
)
_FEWEST = 2  # judgement: columns called after scores that make a ranking
_NAMES = 2  # judgement: columns of words: a model and whose it is
_SHARE = 0.9  # judgement: of the cells must be numbers


def ranks(columns: Mapping[str, Sequence[Cell]]) -> bool:
    """Whether these columns, by their names, hold names and scores and no more: no price, size, day or licence."""
    numbers = {name for name, cells in columns.items() if _are_numbers(cells)}
    scored = {name for name in numbers if _SCORED.search(tidy(re.sub(r"[_-]", " ", name)))}
    return (
        len(scored) >= _FEWEST
        and len(columns) - len(numbers) <= _NAMES
        and len(scored) * 2 > len(numbers)
        and not any(re.search(r"price|cost|[$€£]|token|context", name, re.IGNORECASE) for name in columns)
    )


def _are_numbers(cells: Sequence[Cell]) -> bool:
    return sum(map(_is_number, cells)) >= _SHARE * len(cells)


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return number_in(cell.strip("% ")) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)
