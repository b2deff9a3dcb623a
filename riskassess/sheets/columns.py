"""Which field each column holds: proposed from its name and what is in it, confirmed by a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from riskassess.kernel.stated import Known
from riskassess.sheets.cells import parse_date, parse_price
from riskassess.sheets.content import CONFIDENCE, field_by_content, kind_by_content
from riskassess.sheets.countries import country_of
from riskassess.sheets.ditto import DITTO
from riskassess.sheets.header import Header
from riskassess.sheets.labelled import unit_of_size
from riskassess.sheets.languages import in_english
from riskassess.sheets.likeness import likeness, names_a_seat, price_words
from riskassess.sheets.makers import companies_in, known_as
from riskassess.sheets.mapped import ANYTHING, PRICED, ColumnKind, Field, MappedColumn, mapped_as, parse_cell
from riskassess.sheets.numbers import number_in
from riskassess.sheets.prices import PER_MILLION_TOKENS, PriceUnit
from riskassess.sheets.regions import looks_like_region
from riskassess.sheets.results import Cell, Problem, quoted, text_of, tidy
from riskassess.sheets.workbook import Grid

__all__ = [
    "PRICED", "ColumnKind", "Field", "MappedColumn", "Proposal", "mapped_as", "parse_cell", "propose",
    "unit_by_size",
]  # fmt: skip

_SAMPLES = 3
_ANSWERS = frozenset({"yes", "no", "true", "false", "y", "n", "✓", "✔", "✅", "❌", "✗", "x"})
_NO_ANSWER = frozenset({"-", "–", "—", "n/a", "?", ""})
_IDS = frozenset({"id", "key", "identifier", "no", "no.", "#"})
_OF_DATABASE = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|[0-9a-f]{24}", re.IGNORECASE)
_CHECKED = 200  # filled cells looked at to see whether a column holds what its name says
_SURE = 0.95
UNNAMED = 0.49
"""Of a field by a name that we made of the cells: a person should look at it."""
_SMALLEST = 256  # judgement: tokens; no price per unit is so high, hardly a size so small
_SOME = 0.2  # judgement: of the cells of a column of modalities name one that we know
_TASKS = re.compile(
    r"text|chat|input|output|image|vision|visual|audio|speech|voice|video|multi-?modal|embed|vector|rerank|moderat|transcri|transl"
    r"|summari|classif|complet|generat|ocr|code|coding|reason|instruct|language|llm|slm|vlm|tts|stt|asr|music|3d|search"
    r"|diffusion|safety|guard|extract|predict|detect|segment|realtime|real-time|agent|tool|math|general|base|any-to-any"
    r"|テキスト|画像|音声|動画|文本|图像|圖像|语音|視覺|视觉|向量|嵌入|多模态|對話|对话|텍스트|이미지|음성",
    re.IGNORECASE,
)
_MONEY_WORDS = frozenset({"price", "pricing", "cost", "fee", "rate", "charge"})
_PERSON = 0.6  # judgement: an owner is more often a person than a part of the organisation
_LEAST = 0.5  # confidence under which nothing is proposed


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
        if self.field is None:
            return None
        return mapped_as(self.column_index, self.field, self.header, self.unit, self.currency)


def propose(grid: Grid, header: Header, fields: Sequence[Field]) -> tuple[Proposal, ...]:
    """One proposal for each column, no field twice: the surest match takes the field, then the leftmost.

    A column whose name says nothing is proposed by its cells, with little confidence, for a field left over.
    """
    candidates: list[tuple[float, int, int]] = []
    cells = [_cells_under(grid, header, column) for column in range(len(header.names))]
    units = [field for field in fields if field.name == "price_unit"]
    by_row = any(likeness(name, field) >= _SURE for name in header.names for field in units)
    for column, name in enumerate(header.names):
        for at, field in enumerate(fields):
            alike = likeness(name, field)
            if alike >= _LEAST and not (field.kind is ColumnKind.ID and _counts_rows(name, cells[column])):
                fit = alike * _share_readable(
                    cells[column], _as_mapped(column, name, field, cells[column], by_row=by_row), name
                )
                candidates.append((fit, column, at))
    chosen = _assign(candidates)
    if header.made:  # a name that we made of the cells is a guess
        chosen = {column: (min(confidence, UNNAMED), at) for column, (confidence, at) in chosen.items()}
    left = frozenset(field.name for field in fields) - {fields[at].name for _, at in chosen.values()}
    by_name = {field.name: at for at, field in enumerate(fields)}
    looks: dict[int, str] = {}
    for column in range(len(header.names)):
        open_to = left - {"regions"} if names_a_seat(header.names[column]) else left
        found = None if column in chosen else field_by_content(cells[column], open_to)
        if found is not None:
            chosen[column], looks[column] = (CONFIDENCE, by_name[found[0]]), found[1]
            left -= {found[0]}
    return tuple(
        _proposal(
            column,
            name,
            fields[chosen[column][1]] if column in chosen else None,
            chosen,
            cells[column],
            looks.get(column, ""),
            by_row=by_row,
            made=header.made,
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
    column: int,
    name: str,
    field: Field | None,
    chosen: dict[int, tuple[float, int]],
    cells: list[Cell],
    looks: str,
    *,
    by_row: bool,
    made: bool,
) -> Proposal:
    samples = _first_distinct(cells)
    if field is None:
        kind = kind_by_content(cells)
        why = "no field goes by this name" + (f"; its cells are {kind}" if kind else "")
        if not kind and _list_companies(cells):
            why = "most of its cells name several companies: no one seller or maker"
        return Proposal(column, name, None, 0.0, samples, why=why)
    confidence = round(chosen[column][0], 2)
    mapped = _as_mapped(column, name, field, cells, by_row=by_row)
    why = f"its cells look like {looks}; its name says nothing" if looks else f"named {quoted(name)}"
    if made:
        why = f"no row names the columns; called {quoted(name)} after what its cells look like"
    if field.kind in PRICED and price_words(name).unit is None and mapped.unit:
        by_kind = "kind" if field.nouns else "size"
        why += (
            "; each row says per what" if by_row else f"; prices taken per {mapped.unit} from their {by_kind}"
        )
        confidence = round(confidence * 0.8, 2)
    if mapped.condition:
        why += f"; a price for {mapped.condition}"
    return Proposal(column, name, field, confidence, samples, mapped.unit, mapped.currency, why)


def _first_distinct(cells: list[Cell]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for cell in cells:
        found[text_of(cell)] = None
        if len(found) == _SAMPLES:
            break
    return tuple(found)


def _cells_under(grid: Grid, header: Header, column: int) -> list[Cell]:
    """The first filled cells below a heading."""
    below = islice(grid.rows, header.row_index + 1, None)
    filled = (row[column] for row in below if row[column] is not None and row[column] not in DITTO)
    return list(islice(filled, _CHECKED))


def _as_mapped(
    column: int, name: str, field: Field, cells: list[Cell], *, by_row: bool = False
) -> MappedColumn:
    """The column as the field would be read; `by_row`: another column says what each row's price is per."""
    if field.kind not in PRICED:
        return mapped_as(column, field, name)
    words = price_words(name)
    unit = words.unit
    if unit is None and field.states_unit:
        unit = PER_MILLION_TOKENS if by_row else None
    elif unit is None:
        unit = PriceUnit(1, field.nouns[0]) if field.nouns else unit_by_size(cells)
    return mapped_as(column, field, name, unit, words.currency)


def unit_by_size(cells: list[Cell]) -> PriceUnit:
    """The token unit that makes the middle price a plausible one: models cost cents to dollars per 1M."""
    amounts = sorted(
        parsed.stated.value.amount
        for parsed in (parse_price(cell, PriceUnit(1, "whole")) for cell in cells)
        if not isinstance(parsed, Problem)
        and isinstance(parsed.stated, Known)
        and parsed.stated.value.amount > 0
    )
    middle = amounts[len(amounts) // 2] if amounts else Decimal(1)
    return unit_of_size(middle)


def _counts_rows(name: str, cells: list[Cell]) -> bool:
    """Whether a column that is only called an id holds the numbers by which a list counts its rows."""
    texts = {text_of(cell).strip() for cell in cells}
    return (
        name.strip().casefold() in _IDS
        and bool(texts)
        and all((t.isdecimal() and len(t) < 7) or _OF_DATABASE.fullmatch(t) for t in texts)
    )


def _only_yes_or_no(cells: list[Cell]) -> bool:
    """Whether a column answers a question instead of naming things: `Hosted on …: Yes, N/A, Yes`."""
    words = {text_of(cell).strip().casefold() for cell in cells}
    return len(cells) > 2 and bool(words & _ANSWERS) and words <= _ANSWERS | _NO_ANSWER


def _are_days(cells: list[Cell]) -> bool:
    return all(not isinstance(parse_date(cell), Problem) and not text_of(cell).isdecimal() for cell in cells)


def _are_names(cells: list[Cell]) -> bool:
    """Whether most cells are names of a word and more: `Titan Text Premier` under *Model version* is the model."""
    named = sum(
        len(re.findall(r"[^\W\d_]{3,}", text_of(cell))) > 1 and " " in text_of(cell).strip() for cell in cells
    )
    return 2 * named > len(cells)


def _are_sizes(cells: list[Cell]) -> bool:
    """Whether nearly all cells are whole numbers as sizes in tokens are: `8192` under *Output* is no price."""
    numbers = [read[0] for cell in cells if (read := number_in(text_of(cell).strip())) is not None]
    whole = sum(number >= _SMALLEST and number == number.to_integral_value() for number in numbers)
    return bool(numbers) and whole >= _SURE * len(cells)


def _are_counts(cells: list[Cell]) -> bool:
    """Whether nearly all cells are whole numbers without a currency: `120` under *Users* is how many there are."""
    numbers = [read[0] for cell in cells if (read := number_in(text_of(cell).strip())) is not None]
    whole = sum(number == number.to_integral_value() for number in numbers)
    return bool(numbers) and whole >= _SURE * len(cells)


def _list_companies(cells: list[Cell]) -> bool:
    """Whether most cells name several companies: they are where a model can be had, not who sells what the row says."""
    return _name_several(tuple(map(text_of, cells)))


@lru_cache(maxsize=256)  # asked of each column once for every shape that a sheet may have
def _name_several(texts: tuple[str, ...]) -> bool:
    return 2 * sum(len(companies_in(text)) > 1 for text in texts) > len(texts) > 0


def _are_places(cells: list[Cell]) -> bool:
    """Whether nearly all cells name regions or countries: `Germany` under *Hosted at* is no company."""
    texts = [text_of(cell) for cell in cells]
    return sum(looks_like_region(t) or country_of(t) is not None for t in texts) >= _SURE * len(texts)


def _say_tasks(cells: list[Cell]) -> bool:
    """Whether some cells name what a model takes, makes or does: a category may be of anything else."""
    return sum(bool(_TASKS.search(in_english(text_of(cell)))) for cell in cells) >= _SOME * len(cells)


def _says_money(name: str) -> bool:
    words = price_words(name)
    return bool(words.unit or words.currency or _MONEY_WORDS & set(name.casefold().replace("_", " ").split()))


def _share_readable(cells: list[Cell], column: MappedColumn, name: str) -> float:
    """How much of the column reads as the field's kind; a blank column contradicts nothing."""
    if not cells:
        return 1.0
    kind = column.field.kind
    if kind in PRICED and not _says_money(name) and _are_sizes(cells):
        return 0.0
    if kind in PRICED and column.field.nouns and not _says_money(name) and _are_counts(cells):
        return 0.0
    if (kind is ColumnKind.LIST or column.field.name == "licence") and _are_counts(cells):
        return 0.0
    if kind is ColumnKind.DATE and _only_yes_or_no(cells):
        return 0.0  # `Training data: No` is an answer, no day
    if column.field.name == "vendor" and _list_companies(cells):
        return 0.0
    if column.field.name == "host" and _are_places(cells):
        return 0.0
    if column.field.name == "organisation" and tidy(name).casefold().split()[-1:] == ["owner"]:
        return _PERSON  # another column may say where in the organisation it is used
    if column.field.name == "developer" and tidy(name).casefold().split()[-1:] == ["owner"]:
        return 1.0 if any(known_as(text_of(cell)) for cell in cells) else 0.0  # else whoever looks after it
    if kind is ColumnKind.VERSION and "version" not in name.casefold() and _are_days(cells):
        return 0.0  # `Release` over days is no version of the model
    if kind is ColumnKind.VERSION and _are_names(cells):
        return 0.0
    if kind is ColumnKind.TASK and not _say_tasks(cells):
        return 0.0
    if column.field.kind in ANYTHING:
        return 0.0 if _only_yes_or_no(cells) else 1.0
    return sum(not isinstance(parse_cell(cell, column), Problem) for cell in cells) / len(cells)
