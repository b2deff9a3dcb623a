"""What a column is read as: the kind of its cells, the field they state, and what its heading says of them all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

from riskassess.kernel.stated import UNKNOWN, Known
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
    parse_vendor,
    parse_version,
)
from riskassess.sheets.conditions import condition_in, joined
from riskassess.sheets.dates import Bound, StatedDate
from riskassess.sheets.east_asian import UNPARTED
from riskassess.sheets.labelled import parse_one_price, parse_two_prices
from riskassess.sheets.languages import in_english
from riskassess.sheets.meters import parse_meter
from riskassess.sheets.numbers import number_in, with_points
from riskassess.sheets.prices import Price, PriceUnit, parse_currency, parse_unit
from riskassess.sheets.regions import parse_regions
from riskassess.sheets.results import Cell, CellError, Parsed, Problem, Result, quoted, text_of
from riskassess.sheets.status import ReleaseStage

_EARLIEST = re.compile(r"\b(?:earliest|(?:no|not) (?:earlier|sooner|before))\b", re.IGNORECASE)

# `Context (K tokens)`, `Context in thousands`, `context_window_k`: bare numbers below it are so many.
IN_THOUSANDS = re.compile(
    r"(?:[(\[,]\s*(?:in\s+)?|\bin\s+)(?:1\s?)?(k|thousands?|m|millions?)(?=[\s_]*(?:tok|[)\],]|$))"
    r"|(?<=[a-z])[\s_]+(k|thousands?|m|millions?)(?=[\s_]*(?:tok\w*)?$)|(?<=[a-z])(K)$",
    re.IGNORECASE,
)
_SCALES = {"k": "k", "t": "k", "m": "m"}  # by the first letter of the word
_FEW = {"k": 100_000, "m": 1_000}  # judgement: a larger number below such a heading is written out


# Headings over yes and no: which of the two says which stage. The other says none.
_FLAGS = {
    "deprecated": (True, ReleaseStage.DEPRECATED), "retired": (True, ReleaseStage.RETIRED),
    "discontinued": (True, ReleaseStage.RETIRED), "preview": (True, ReleaseStage.PREVIEW),
    "beta": (True, ReleaseStage.PREVIEW), "generally available": (True, ReleaseStage.GA),
    "active": (False, ReleaseStage.RETIRED),
}  # fmt: skip


class ColumnKind(StrEnum):
    """How a column's cells are read. IGNORE columns are not read at all."""

    TEXT = "text"
    WORDS = "words"  # text that may be nothing but yes and no
    NAME = "name"
    ID = "id"
    VENDOR = "vendor"
    VERSION = "version"
    TOKENS = "tokens"
    TOKEN_PAIR = "token_pair"  # noqa: S105 - a kind, no secret
    PRICE = "price"
    PRICE_PAIR = "price_pair"
    UNIT = "unit"
    CURRENCY = "currency"
    METER = "meter"
    DATE = "date"
    BOOL = "bool"
    LIST = "list"
    REGIONS = "regions"
    STATUS = "status"
    URL = "url"
    TASK = "task"  # what a model takes and makes, or is for: text that holds a word of it
    IGNORE = "ignore"


PRICED = frozenset({ColumnKind.PRICE, ColumnKind.PRICE_PAIR})  # kinds with a unit and a currency

# Kinds whose cells can be any text: that a column can be read as one of them says nothing of it.
ANYTHING = frozenset({
    ColumnKind.TEXT, ColumnKind.NAME, ColumnKind.ID, ColumnKind.VENDOR, ColumnKind.VERSION, ColumnKind.LIST,
    ColumnKind.REGIONS, ColumnKind.TASK,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """Something a row can state. `aliases` are the names other people give it, the likeliest first.

    Of prices: `nouns` are what they can be per, the likeliest first (none: tokens, or anything);
    `condition` is what holds for all of them, such as `batch`; a heading's own (`above 200k`) is more exact.
    `states_unit`: no unit is guessed for it, for it can be per anything.
    """

    name: str
    label: str
    kind: ColumnKind = ColumnKind.TEXT
    aliases: tuple[str, ...] = ()
    required: bool = False
    nouns: tuple[str, ...] = ()
    condition: str = ""
    states_unit: bool = False


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """A column that is read as `field`; `unit`, `currency` and `condition` matter for prices only.

    `bound` is what the heading of a date says of every date below it: `Earliest retirement date`.
    """

    column_index: int
    field: Field
    unit: PriceUnit | None = None
    currency: str = ""
    condition: str = ""
    bound: Bound = Bound.EXACT
    scale: str = ""  # `k` or `m`, where the heading of sizes says that its numbers are thousands or millions
    flag: tuple[bool, ReleaseStage] | None = (
        None  # the answer that says a stage: `Deprecated: yes`, `Active: no`
    )
    decimal_comma: bool = False  # whether its texts write 1,254 for a little more than one


def mapped_as(
    column_index: int,
    field: Field,
    header: str,
    unit: PriceUnit | None = None,
    currency: str = "",
    *,
    decimal_comma: bool = False,
) -> MappedColumn:
    """The column read as `field`, with what its heading and its cells say of all of them."""
    header = in_english(header)
    if field.kind in PRICED:
        condition = field.condition and (condition_in(header)[0] or field.condition)
        return MappedColumn(column_index, field, unit, currency, condition, decimal_comma=decimal_comma)
    if field.kind is ColumnKind.TOKENS and (found := IN_THOUSANDS.search(header)):
        word = next(filter(None, found.groups()))
        return MappedColumn(column_index, field, scale=_SCALES[word[0].lower()])
    if field.kind is ColumnKind.STATUS and (flag := _FLAGS.get(_flag_words(header))):
        return MappedColumn(column_index, field, flag=flag)
    if field.kind is ColumnKind.DATE and _EARLIEST.search(header):
        return MappedColumn(column_index, field, bound=Bound.EARLIEST)
    return MappedColumn(column_index, field)


def _flag_words(header: str) -> str:
    """The one word that a heading such as `is_deprecated` or `Deprecated?` asks about."""
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).casefold())
    return " ".join(word for word in words if word not in {"is", "model", "currently"})


def _flagged(value: Cell, flag: tuple[bool, ReleaseStage], *, dash_is_no: bool) -> Result[object]:
    read = parse_bool(value, dash_is_no=dash_is_no)
    if not isinstance(read, Parsed) or not isinstance(read.stated, Known):
        return cast("Result[object]", read)
    says, stage = flag
    if read.stated.value is not says:
        return Parsed(UNKNOWN)
    return Parsed(Known(stage), f"{quoted(text_of(value))} read as {stage}, for what its heading asks")


def parse_cell(
    value: Cell, column: MappedColumn, *, day_first: bool = False, dash_is_no: bool = False
) -> Result[object]:
    """The cell read as its column's kind; what the whole column shows comes with it.

    A cell in error states nothing, whatever its column holds.
    """
    if column.decimal_comma and isinstance(value, str) and "," in value:
        read = _read_cell(with_points(value), column, day_first=day_first, dash_is_no=dash_is_no)
        if isinstance(read, Parsed):
            return Parsed(read.stated, read.note or f"{quoted(value)} read with a decimal comma")
        return read
    if isinstance(value, CellError):
        return Problem(value.what, "Correct the formula, let the file be calculated, and save it again.")
    read = _read_cell(value, column, day_first=day_first, dash_is_no=dash_is_no)
    if isinstance(read, Problem) and isinstance(value, str) and UNPARTED.search(value):
        plain = in_english(value)  # `20万トークン`, `2026年5月1日`, `2元/百万tokens`
        again = _read_cell(plain, column, day_first=day_first, dash_is_no=dash_is_no)
        if plain != value and isinstance(again, Parsed):
            return Parsed(again.stated, f"{quoted(value)} read as {quoted(plain)}")
    return read


def _scaled(value: Cell, scale: str) -> Cell:
    """A bare number with the scale of its heading; one that says its own, or is written out, as it is."""
    read = number_in(text_of(value).strip()) if value is not None and not isinstance(value, bool) else None
    return f"{text_of(value).strip()}{scale}" if read is not None and 0 < read[0] < _FEW[scale] else value


def _read_cell(value: Cell, column: MappedColumn, *, day_first: bool, dash_is_no: bool) -> Result[object]:
    kind = column.field.kind
    if column.scale:
        value = _scaled(value, column.scale)
    if kind is ColumnKind.PRICE:
        read = parse_one_price if column.field.states_unit else parse_price
        price = read(value, column.unit, column.currency)
        return cast("Result[object]", _under(column.condition, price) if column.condition else price)
    if kind is ColumnKind.PRICE_PAIR:
        return cast("Result[object]", parse_two_prices(value, column.unit, column.currency))
    if kind is ColumnKind.DATE:
        found = parse_date(value, day_first=day_first)
        return cast("Result[object]", _bounded(column.bound, found) if column.bound else found)
    if column.flag:
        return _flagged(value, column.flag, dash_is_no=dash_is_no)
    if kind is ColumnKind.BOOL:
        return cast("Result[object]", parse_bool(value, dash_is_no=dash_is_no))
    return cast("Result[object]", _PARSERS[kind](value))


def _under(condition: str, result: Result[Price]) -> Result[Price]:
    """The prices under the condition of their column as well as their own."""
    if not isinstance(result, Parsed) or not isinstance(result.stated, Known):
        return result
    first, *more = (
        replace(price, condition=joined(condition, price.condition), more=())
        for price in (result.stated.value, *result.stated.value.more)
    )
    return Parsed(Known(replace(first, more=tuple(more))), result.note)


def _bounded(bound: Bound, result: Result[StatedDate]) -> Result[StatedDate]:
    """The date as only the earliest it can be, as its heading says."""
    if not isinstance(result, Parsed) or not isinstance(result.stated, Known):
        return result
    return Parsed(Known(replace(result.stated.value, bound=bound)), result.note)


_PARSERS = {
    ColumnKind.TEXT: parse_text,
    ColumnKind.WORDS: parse_text,
    ColumnKind.NAME: parse_name,
    ColumnKind.ID: parse_id,
    ColumnKind.VENDOR: parse_vendor,
    ColumnKind.VERSION: parse_version,
    ColumnKind.UNIT: parse_unit,
    ColumnKind.METER: parse_meter,
    ColumnKind.CURRENCY: parse_currency,
    ColumnKind.TOKENS: parse_tokens,
    ColumnKind.TOKEN_PAIR: parse_token_pair,
    ColumnKind.LIST: parse_list,
    ColumnKind.REGIONS: parse_regions,
    ColumnKind.STATUS: parse_status,
    ColumnKind.URL: parse_url,
    ColumnKind.TASK: parse_text,
    ColumnKind.IGNORE: parse_text,
}
