"""Sheets that only say which other sheets a file has: an index somebody made, or a program's summary. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from riskassess.sheets.results import text_of, tidy
from riskassess.sheets.workbook import Grid

CONTENTS = "List of the file's sheets"
WHY = "it names the other sheets and holds nothing of its own"
_SEARCHED = 200  # judgement: rows
_PLAIN = 3  # judgement: so many names of sheets in a column need no heading that says so
_HEADING = re.compile(r"sheet|\btab\b|contents|inhalt|blatt|feuille|hoja|シート", re.IGNORECASE)


def lists_sheets(grid: Grid, names: Iterable[str]) -> bool:
    """Whether a column of it names the other sheets (of three or more most are enough) and little else below."""
    others = {tidy(name).casefold() for name in names} - {tidy(grid.name).casefold()}
    if not others or len(grid.rows) > _SEARCHED:
        return False
    return any(_names_them([tidy(text_of(row[at])) for row in grid.rows], others) for at in range(grid.width))


def _names_them(texts: list[str], others: set[str]) -> bool:
    places = [at for at, text in enumerate(texts) if text.casefold() in others]
    if not places:
        return False
    named = {texts[at].casefold() for at in places}
    below = [text for text in texts[places[0] :] if text]
    headed = any(_HEADING.search(text) for text in texts[: places[0]])
    return 2 * len(named) > len(others) and 2 * len(places) > len(below) and (headed or len(named) >= _PLAIN)
