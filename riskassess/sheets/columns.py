"""Which field each column holds: proposed from its name and what is in it, confirmed by a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import cast

from riskassess.kernel.stated import Known
from riskassess.sheets.cells import (
    parse_bool,
    parse_date,
    parse_id,
    parse_list,
    parse_name,
    parse_price,
    parse_status,
    parse_text,
    parse_token_pair,
    parse_tokens,
    parse_url,
    parse_version,
)
from riskassess.sheets.header import Header
from riskassess.sheets.prices import (
    PER_MILLION_TOKENS,
    PER_THOUSAND_TOKENS,
    PER_TOKEN,
    PriceUnit,
    PriceWords,
    read_price_words,
)
from riskassess.sheets.results import Cell, CellError, Problem, Result, quoted, text_of
from riskassess.sheets.workbook import Grid

_SAMPLES = 3
_CHECKED = 200  # filled cells looked at to see whether a column holds what its name says
_LEAST = 0.5  # confidence under which nothing is proposed
_PRICE_WORDS = frozenset({"price", "pricing", "cost", "rate", "fee", "charge", "token"})
_FILLER = frozenset({"the", "of", "a", "in", "for", "and", "per"})


class ColumnKind(StrEnum):
    """How a column's cells are read. IGNORE columns are not read at all."""

    TEXT = "text"
    NAME = "name"
    ID = "id"
    VERSION = "version"
    TOKENS = "tokens"
    TOKEN_PAIR = "token_pair"  # noqa: S105 - a kind, no secret
    PRICE = "price"
    DATE = "date"
    BOOL = "bool"
    LIST = "list"
    STATUS = "status"
    URL = "url"
    IGNORE = "ignore"


# Kinds whose cells can be any text: that a column can be read as one of them says nothing of it.
_ANYTHING = frozenset({ColumnKind.TEXT, ColumnKind.NAME, ColumnKind.ID, ColumnKind.VERSION, ColumnKind.LIST})


@dataclass(frozen=True, slots=True)
class Field:
    """Something a row can state. `aliases` are the names other people give it, the likeliest first."""

    name: str
    label: str
    kind: ColumnKind = ColumnKind.TEXT
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column that is read as `field`; `unit` and `currency` matter for prices only."""

    column_index: int
    field: Field
    unit: PriceUnit | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one column seems to hold: `field` is None where nothing fits, `why` helps a person decide."""

    column_index: int
    header: str
    field: Field | None
    confidence: float
    samples: tuple[str, ...]
    unit: PriceUnit | None = None
    currency: str = ""
    why: str = ""

    @property
    def mapped(self) -> MappedColumn | None:
        """The proposal taken as it is; None for a column without a field."""
        return MappedColumn(self.column_index, self.field, self.unit, self.currency) if self.field else None


def parse_cell(
    value: Cell, column: MappedColumn, *, day_first: bool = False, dash_is_no: bool = False
) -> Result[object]:
    """The cell read as its column's kind; what the whole column shows comes with it.

    A cell in error states nothing, whatever its column holds.
    """
    if isinstance(value, CellError):
        return Problem(value.what, "Correct the formula, let the file be calculated, and save it again.")
    kind = column.field.kind
    if kind is ColumnKind.PRICE:
        return cast("Result[object]", parse_price(value, column.unit, column.currency))
    if kind is ColumnKind.DATE:
        return cast("Result[object]", parse_date(value, day_first=day_first))
    if kind is ColumnKind.BOOL:
        return cast("Result[object]", parse_bool(value, dash_is_no=dash_is_no))
    return cast("Result[object]", _PARSERS[kind](value))


_PARSERS = {
    ColumnKind.TEXT: parse_text,
    ColumnKind.NAME: parse_name,
    ColumnKind.ID: parse_id,
    ColumnKind.VERSION: parse_version,
    ColumnKind.TOKENS: parse_tokens,
    ColumnKind.TOKEN_PAIR: parse_token_pair,
    ColumnKind.LIST: parse_list,
    ColumnKind.STATUS: parse_status,
    ColumnKind.URL: parse_url,
    ColumnKind.IGNORE: parse_text,
}


def propose(grid: Grid, header: Header, fields: Sequence[Field]) -> tuple[Proposal, ...]:
    """One proposal for each column, no field twice: the surest match takes the field, then the leftmost."""
    candidates: list[tuple[float, int, int]] = []
    cells = [_cells_under(grid, header, column) for column in range(len(header.names))]
    for column, name in enumerate(header.names):
        for at, field in enumerate(fields):
            likeness = _likeness(name, field)
            if likeness >= _LEAST:
                fit = likeness * _share_readable(
                    cells[column], _as_mapped(column, name, field, cells[column])
                )
                candidates.append((fit, column, at))
    chosen = _assign(candidates)
    return tuple(
        _proposal(
            column, name, fields[chosen[column][1]] if column in chosen else None, chosen, cells[column]
        )
        for column, name in enumerate(header.names)
    )


def _assign(candidates: list[tuple[float, int, int]]) -> dict[int, tuple[float, int]]:
    """Column -> (confidence, index of its field)."""
    chosen: dict[int, tuple[float, int]] = {}
    taken: set[int] = set()
    for confidence, column, at in sorted(candidates, key=lambda c: (-c[0], c[1], c[2])):
        if confidence >= _LEAST and column not in chosen and at not in taken:
            chosen[column] = (confidence, at)
            taken.add(at)
    return chosen


def _proposal(
    column: int, name: str, field: Field | None, chosen: dict[int, tuple[float, int]], cells: list[Cell]
) -> Proposal:
    samples = tuple(dict.fromkeys(text_of(cell) for cell in cells))[:_SAMPLES]
    if field is None:
        return Proposal(column, name, None, 0.0, samples, why="no field goes by this name")
    confidence = round(chosen[column][0], 2)
    mapped = _as_mapped(column, name, field, cells)
    why = f"named {quoted(name)}"
    if field.kind is ColumnKind.PRICE and read_price_words(name).unit is None:
        why += f"; prices taken per {mapped.unit} from their size"
        confidence = round(confidence * 0.8, 2)
    return Proposal(column, name, field, confidence, samples, mapped.unit, mapped.currency, why)


def _cells_under(grid: Grid, header: Header, column: int) -> list[Cell]:
    """The first filled cells below a heading."""
    cells: list[Cell] = []
    for row in grid.rows[header.row_index + 1 :]:
        if row[column] is not None:
            cells.append(row[column])
            if len(cells) == _CHECKED:
                break
    return cells


def _as_mapped(column: int, name: str, field: Field, cells: list[Cell]) -> MappedColumn:
    if field.kind is not ColumnKind.PRICE:
        return MappedColumn(column, field)
    words = read_price_words(name)
    return MappedColumn(column, field, words.unit or _unit_by_size(cells), words.currency)


def _unit_by_size(cells: list[Cell]) -> PriceUnit:
    """The token unit that makes the middle price a plausible one: models cost cents to dollars per 1M."""
    amounts = sorted(
        parsed.stated.value.amount
        for parsed in (parse_price(cell, PriceUnit(1, "unit")) for cell in cells)
        if not isinstance(parsed, Problem)
        and isinstance(parsed.stated, Known)
        and parsed.stated.value.amount > 0
    )
    middle = amounts[len(amounts) // 2] if amounts else Decimal(1)
    if middle < Decimal("0.0002"):
        return PER_TOKEN
    return PER_THOUSAND_TOKENS if middle < Decimal("0.01") else PER_MILLION_TOKENS


def _share_readable(cells: list[Cell], column: MappedColumn) -> float:
    """How much of the column reads as the field's kind; a blank column contradicts nothing."""
    if not cells or column.field.kind in _ANYTHING:
        return 1.0
    return sum(not isinstance(parse_cell(cell, column), Problem) for cell in cells) / len(cells)


def _likeness(name: str, field: Field) -> float:
    """0 to 1: how alike a heading and a field's best name are."""
    words = _heading_words(name, field.kind)
    if not words:
        return 0.0
    names = (field.name, field.label, *field.aliases)
    return max(_alike(words, _words(alias, field.kind)) - at * 0.001 for at, alias in enumerate(names))


def _alike(words: tuple[str, ...], alias: tuple[str, ...]) -> float:
    if not alias:
        return 0.0
    if words == alias:
        return 1.0
    if sorted(words) == sorted(alias):
        return 0.95
    if words[-len(alias) :] == alias:  # `primary provider` is some kind of provider
        return 0.5 + 0.3 * len(alias) / len(words)
    shared = len(set(words) & set(alias)) / len(set(words) | set(alias))
    return shared * 0.85 if shared > 0.6 else 0.0


def _heading_words(name: str, kind: ColumnKind) -> tuple[str, ...]:
    """The words of a heading, without a price's unit; none where it prices something and `kind` does not."""
    priced = _price_words(name)
    if kind is ColumnKind.PRICE:
        return _words(priced.rest, kind)
    if priced.unit or priced.currency:
        return ()
    return _words(name, kind)


@lru_cache(maxsize=2_000)
def _price_words(name: str) -> PriceWords:
    return read_price_words(name)


@lru_cache(maxsize=10_000)
def _words(text: str, kind: ColumnKind) -> tuple[str, ...]:
    """Lower-case words in the singular, without filler: `maxInputTokens` and `max_input_tokens` are alike."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).casefold()
    words = [_singular(word) for word in re.findall(r"[^\W_]+", spaced)]
    dropped = _PRICE_WORDS if kind is ColumnKind.PRICE else frozenset()
    kept = tuple(word for word in words if word not in _FILLER and word not in dropped)
    return kept or tuple(words)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes")):
        return word[:-2]
    return (
        word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word
    )
