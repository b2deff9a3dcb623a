"""What the import pages show: columns with their proposals, rows with their reasons. No query, no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from riskassess.imports.fields import NOT_STORED
from riskassess.imports.forms import MOST_COLUMNS
from riskassess.imports.layout import Columns, field_letters, is_turned
from riskassess.imports.models import Batch, Row
from riskassess.imports.shapes.names import LABELS, ShapeName
from riskassess.imports.shapes.registry import shape_named
from riskassess.imports.shapes.shape import Shape
from riskassess.imports.stored import text_in
from riskassess.kernel.places import cell_at, index_of, place_at, place_in
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.columns import PRICED
from riskassess.sheets.status import split_status
from riskassess.sheets.table import RowRole

PAGE_SIZE = 50
_MOST_SHAPES = 4
_LONGEST_NOTE = 120  # characters of a row that is no entry
UNITS = ("token", "1K tokens", "1M tokens", "1M characters", "1M image tokens", "1M audio tokens", "image",
         "hour", "minute", "second", "request", "page")  # fmt: skip
STEPS = ("Upload", "Columns", "Preview", "Apply", "Done")
_OUTCOMES = (("new", "new"), ("update", "updated"), ("conflict", "conflicts"), ("unchanged", "unchanged"),
             ("ask", "asked"), ("skip", "skipped"), ("invalid", "invalid"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One entry of a column's select."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ShapeLine:
    """One shape that the sheet may have."""

    label: str
    sure: str
    why: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One column on the mapping page."""

    letters: str
    header: str
    field: str
    samples: tuple[str, ...]
    profile: str
    sure: str
    why: str
    unit: str
    currency: str
    prices: bool  # whether unit and currency can matter
    remark: str


@dataclass(frozen=True, slots=True)
class CountLink:
    """How many rows met an outcome, and the address that shows only those."""

    outcome: str
    count: int
    url: str
    current: bool

    @property
    def mark(self) -> str:
        return mark_of(self.outcome)


@dataclass(frozen=True, slots=True)
class Change:
    """One value a row sets: where it stands, what it was, what it becomes."""

    cell: str
    label: str
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Against:
    """One value that a row says against the record, and who holds the current one."""

    attribute: str
    label: str
    cell: str
    old: str
    new: str
    source: str
    on: str
    why: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that a person can put right."""

    cell: str
    letters: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """How cells were read where they could have been read otherwise."""

    cells: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row of the preview."""

    row: Row
    name: str
    seller: str
    cell: str
    changes: tuple[Change, ...]
    against: tuple[Against, ...] = ()
    wrong: tuple[Wrong, ...] = ()

    @property
    def mark(self) -> str:
        return mark_of(self.row.outcome)

    @property
    def notes(self) -> list[Note]:
        """The notes on the row, each text once with all its cells."""
        cells: dict[str, list[str]] = {}
        for note in self.row.notes:
            cells.setdefault(note["note"], []).append(note["cell"])
        return [Note(tuple(dict.fromkeys(at)), text) for text, at in cells.items()]

    @property
    def near(self) -> dict[str, Any]:
        return self.row.near or {}

    @property
    def told(self) -> dict[str, Any]:
        return self.row.decision or {}

    @property
    def is_open(self) -> bool:
        """Whether a person can still decide it."""
        return self.row.role == RowRole.DATA.value and self.row.applied_at is None


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell as it came, and where a person has put it right: to what, who and when."""

    cell: str
    header: str
    text: str
    becomes: str
    letters: str = ""
    fixed: str | None = None
    fixed_by: str = ""
    fixed_at: str = ""


def field_choices(shape: Shape) -> list[FieldChoice]:
    """All fields a column can be read as, those that reach a record first."""
    ordered = sorted(shape.fields, key=lambda field: not shape.is_stored(field.name))
    return [
        FieldChoice(f.name, f.label if shape.is_stored(f.name) else f"{f.label} (kept, not stored)")
        for f in ordered
    ]


def shape_lines(batch: Batch) -> list[ShapeLine]:
    """What the sheet may be, the likeliest first, each with its reasons."""
    return [
        ShapeLine(
            LABELS[ShapeName(guess["shape"])],
            _sure(guess["confidence"]),
            guess["why"],
            guess["shape"] == batch.shape,
        )
        for guess in batch.guesses[:_MOST_SHAPES]
    ]


def column_lines(columns: Columns, shape: Shape) -> list[ColumnLine]:
    """The columns in the order of the sheet."""
    return [_column_line(letters, c, shape) for letters, c in list(columns.items())[:MOST_COLUMNS]]


def _column_line(letters: str, column: Mapping[str, Any], shape: Shape) -> ColumnLine:
    name = column["field"]
    remark = shape.remark(name) if name else ""
    if not shape.is_stored(name):
        remark = remark or NOT_STORED
    confidence = column.get("confidence", 0)
    fields = shape.by_name
    return ColumnLine(
        letters,
        column["header"],
        name,
        tuple(column.get("samples", ())),
        column.get("profile", ""),
        _sure(confidence) if name else "",
        column.get("why", ""),
        column["unit"],
        column["currency"],
        _may_be_price(shape) if not name else fields[name].kind in PRICED,
        remark,
    )


def _sure(confidence: float) -> str:
    return "sure" if confidence >= 0.9 else "likely" if confidence >= 0.7 else "unsure" if confidence else ""


def _may_be_price(shape: Shape) -> bool:
    return any(field.kind in PRICED for field in shape.fields)


def mark_of(outcome: str) -> str:
    """The mark of an outcome; `ask` is a block of the pages already."""
    return "asked" if outcome == Row.Outcome.ASK else outcome


def count_links(batch: Batch, address: str, outcome: str) -> list[CountLink]:
    """The filters of the preview."""
    links = [CountLink("", batch.counts.get("read", 0), address, not outcome)]
    for name, counted in _OUTCOMES:
        url = f"{address}?{urlencode({'outcome': name})}"
        links.append(CountLink(name, batch.counts.get(counted, 0), url, outcome == name))
    return links


def count_of(batch: Batch, outcome: str) -> int:
    """How many rows the filter shows."""
    return int(batch.counts.get(dict(_OUTCOMES).get(outcome, "read"), 0))


def mapped_fields(batch: Batch) -> list[FieldChoice]:
    """The fields that columns are read as, to filter by."""
    fields = shape_named(batch.shape).by_name
    names = dict.fromkeys(column["field"] for column in batch.mapping.values() if column["field"] in fields)
    return [FieldChoice(name, fields[name].label) for name in names]


def row_lines(
    batch: Batch, rows: Iterable[Row], sources: Mapping[int, str] | None = None
) -> Iterator[RowLine]:
    """The rows with their values, each with its cell. `sources` names those that conflicts are with."""
    shape = shape_named(batch.shape)
    at = {name: found["column"] for name, found in shape.source_columns(batch.mapping).items()}
    named = field_letters(batch.mapping, shape.called_by)
    sold = field_letters(batch.mapping, shape.owned_by)
    for row in rows:
        changes = tuple(
            Change(_address(_column_of(name, at), row), shape.label_of(name), *change)
            for name, change in row.changes.items()
            if name not in (row.conflicts or {})  # said beside the record
        )
        if row.role != RowRole.DATA.value:
            yield RowLine(row, _text_of_note(row), "", row.problems[0]["cell"], ())
            continue
        seller = _cell_text(row, sold) or batch.default_vendor
        first = row.problems[0]["cell"] if row.problems else _address(named, row)
        against = tuple(_against(row, shape, sources or {}))
        wrong = tuple(_wrong(row, batch.mapping))
        name = shape.name_in(batch.mapping[named]["field"], _cell_text(row, named)) if named else ""
        yield RowLine(row, _plain(name), seller, first, changes, against, wrong)


def _against(row: Row, shape: Shape, sources: Mapping[int, str]) -> Iterator[Against]:
    taken = (row.decision or {}).get("take", ())
    said = row.conflicts or {}
    for name in sorted({*said, *taken}):
        found = said.get(name) or {"cell": "", "why": "", "source": None, "on": ""}
        old, new = row.changes.get(name, ("", ""))
        source = sources.get(found["source"], "") if found["source"] else "typed by a person"
        label = shape.label_of(name)
        yield Against(
            name, label, found["cell"], old or "", new, source, found["on"], found["why"], name in taken
        )


def _wrong(row: Row, columns: Columns) -> Iterator[Wrong]:
    """The cells that problems name, as they count now; each once."""
    for cell in dict.fromkeys(problem["cell"] for problem in row.problems):
        letters = place_in(cell, turned=is_turned(columns))
        if row.outcome == Row.Outcome.INVALID and letters in columns and cell == cell_at(letters, row.number):
            yield Wrong(cell, letters, _cell_text(row, letters))


def _column_of(attribute: str, at: Mapping[str, str]) -> str:
    """The column of an attribute; a condition that the row states has no column of its own."""
    return at.get(attribute) or at.get(attribute.partition(":")[0], "")


def _address(letters: str, row: Row) -> str:
    if letters in row.over:
        return str(row.over[letters][0])
    return cell_at(letters, row.number) if letters else ""


def _text_of_note(row: Row) -> str:
    words = " | ".join(" ".join(text_in(cell).split()) for cell in row.raw if cell is not None)
    return words if len(words) <= _LONGEST_NOTE else f"{words[: _LONGEST_NOTE - 1]}…"


def _plain(text: str) -> str:
    """A name without markup and what else is written with it: the row's own page has it as it came."""
    name, _ = split_status(cleaned(text, name=True)[0])
    return " ".join(name.split())


def _cell_text(row: Row, letters: str) -> str:
    if letters in row.over:
        return str(row.over[letters][2])
    at = index_of(letters) if letters else len(row.raw)
    if row.fixes and str(at) in row.fixes:
        return text_in(row.fixes[str(at)]["value"])
    return text_in(row.raw[at]) if at < len(row.raw) else ""


def raw_cells(row: Row, columns: Columns, shape: Shape) -> list[RawCell]:
    """Every filled cell of a row, with its address and what it is read as; the headings over it first."""
    cells, fields = [], shape.by_name if row.role == RowRole.DATA.value else {}
    for letters, (cell, text, _) in row.over.items():
        column = columns.get(letters, {})
        name = column.get("field", "")
        label = fields[name].label if name in fields else ""
        cells.append(RawCell(cell, column.get("header", ""), text, label))
    fixes = row.fixes or {}
    for at in range(max([len(row.raw), *(int(at) + 1 for at in fixes)])):
        value, fix = (row.raw[at] if at < len(row.raw) else None), fixes.get(str(at))
        letters = place_at(at, turned=is_turned(columns))
        column = columns.get(letters, {})
        name = column.get("field", "")
        label = fields[name].label if name in fields else ""
        if value is not None or fix or label:
            fixed = (text_in(fix["value"]), fix["by"], fix["at"][:10]) if fix else (None, "", "")
            header = column.get("header", "")
            cells.append(
                RawCell(cell_at(letters, row.number), header, text_in(value), label, letters, *fixed)
            )
    return cells
