"""The currency of a list's prices, where its title or a note says it for all of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from riskassess.sheets.columns import PRICED, Field
from riskassess.sheets.languages import in_english
from riskassess.sheets.results import quoted, text_of, tidy
from riskassess.sheets.table import RowRole, Table
from riskassess.sheets.units import CURRENCIES, CURRENCY

_ASIDE = frozenset({RowRole.TITLE, RowRole.NOTE, RowRole.FOOTNOTE})
_LONGEST = 240  # judgement: characters of a remark on all prices; longer texts tell of many things
_MOST = 40  # judgement: rows aside that are looked at
_PRICES = re.compile(
    r"\b(?:prices?|pricing|priced|costs?|rates?|fees?|tariffs?|currency|all amounts)\b", re.IGNORECASE
)
_SAID = re.compile(rf"(?<!\d)(?<!\d[ .,])(?:{CURRENCY})(?!\s?\d)", re.IGNORECASE)


def see_currency_above(table: Table, columns: dict[str, dict[str, Any]], fields: Sequence[Field]) -> None:
    """Gives prices whose headings name no currency the one that the title or a note says: `Prices in USD`.

    Amounts (`$20 a month`) say nothing of the others, nor do remarks that name several currencies.
    """
    kinds = {field.name: field.kind for field in fields}
    open_ = [c for c in columns.values() if kinds.get(c["field"]) in PRICED and not c["currency"]]
    if not open_ or any(column["field"] == "currency" for column in columns.values()):
        return
    said = {text: code for text in _remarks(table) if (code := _currency_in(text))}
    if len(set(said.values())) != 1:
        return
    text, code = next(iter(said.items()))
    for column in open_:
        column |= {"currency": code, "why": f"{column['why']}; in {code}, as {quoted(text)} says"}


def _remarks(table: Table) -> Iterator[str]:
    if table.title is not None:
        yield tidy(table.title.text)
    aside = [row for row in table.rows if row.role in _ASIDE][:_MOST]
    for row in aside:
        texts = {tidy(text_of(cell)) for cell in table.grid.rows[row.row_index] if cell is not None}
        if len(texts) == 1:
            yield texts.pop()


def _currency_in(text: str) -> str:
    """The one currency that a remark on prices names; '' where it names none, or several."""
    words = in_english(text)
    if len(text) > _LONGEST or not _PRICES.search(words):
        return ""
    codes = {CURRENCIES[found[0].lower().strip()] for found in _SAID.finditer(words)}
    return codes.pop() if len(codes) == 1 else ""
