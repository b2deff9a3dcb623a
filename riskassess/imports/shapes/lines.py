"""The rows of any shape, read by its columns: what each states, where, and why one is no entry. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from riskassess.imports.known import KnownOffering
from riskassess.imports.layout import Columns, mapped_columns
from riskassess.imports.stored import CellsAcross, Over, StoredRow, address_in, text_in
from riskassess.kernel.places import cell_at, entry_named, index_of, place_at
from riskassess.kernel.stated import Known, NotApplicable, Stated
from riskassess.sheets.columns import Field
from riskassess.sheets.dates import Precision, StatedDate
from riskassess.sheets.reading import Manner, read_column
from riskassess.sheets.results import Problem, Result, tidy
from riskassess.sheets.table import RowRole, is_virtual

Said = dict[str, str]
"""A problem ({"cell", "field", "what", "hint"}) or a note ({"cell", "field", "note"}), as rows keep them."""


@dataclass(slots=True)
class Line:
    """One row: what its columns state, each with its cell. With `skip` it is no entry at all."""

    number: int
    values: dict[str, Stated[object]]
    raw: dict[str, str]
    letters: Mapping[str, str]  # field -> column letters
    cells: list[Any]  # as stored, from column A on
    over: Over  # the headings over the row
    problems: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    skip: str = ""

    def text(self, name: str) -> str:
        """What the field states, as text; '' where it states nothing or that it does not apply."""
        stated = self.values.get(name)
        return tidy(str(stated.value).replace("\n", " ")) if isinstance(stated, Known) else ""

    def known(self, name: str) -> Any:
        """The parsed value, or None."""
        stated = self.values.get(name)
        return stated.value if isinstance(stated, Known) else None

    def day(self, name: str) -> date | None:
        """The day the field states. One known to the month or the year is not a day."""
        value = self.known(name)
        if isinstance(value, StatedDate) and value.precision is Precision.DAY:
            return value.first
        return None

    def raw_cell(self, name: str) -> Any:
        """The field's cell as stored, not parsed; None where it is blank or has no column."""
        at = self.letters.get(name, "")
        if at in self.over:
            return self.over[at][2]
        column = index_of(at) if at and not is_virtual(at) else len(self.cells)
        return self.cells[column] if column < len(self.cells) else None

    def is_not_applicable(self, name: str) -> bool:
        return isinstance(self.values.get(name), NotApplicable)

    def cell(self, *names: str) -> str:
        """The address of the first of these fields that has a column; the row where none has."""
        at = next((self.letters[name] for name in names if name in self.letters), "")
        return address_in(at, self.number, self.over) or f"row {self.number}"

    def refuse(self, name: str, what: str, hint: str) -> None:
        self.problems.append({"cell": self.cell(name), "field": name, "what": what, "hint": hint})

    def note(self, name: str, note: str) -> None:
        self.notes.append({"cell": self.cell(name), "field": name, "note": note})

    def needs(self, name: str, label: str) -> None:
        """A problem unless the field states something, or one of its cell is told already."""
        if not self.text(name) and not any(problem["field"] == name for problem in self.problems):
            self.refuse(name, f"{label} is missing.", f"Fill in the {label.lower()}.")


def read_lines(
    rows: Collection[StoredRow],
    columns: Columns,
    fields: Mapping[str, Field],
    but: frozenset[str] = frozenset(),
    manners: Mapping[str, Manner] | None = None,
) -> list[Line]:
    """Every row as a line, in the order of the sheet. A repeated header and a lone heading are skipped.

    Fields in `but`, which several columns hold, are left to the shape: `cells` has them. `manners` are those of the
    whole sheet where these are some of its rows.
    """
    letters = {column["field"]: at for at, column in columns.items() if column["field"]}
    names = {tidy(c["header"]).casefold() for c in columns.values() if c["header"]}
    lines = [Line(row.number, {}, {}, letters, row.raw, row.over) for row in rows]
    across = CellsAcross(rows)
    for mapped in mapped_columns(columns, fields):
        name, at = mapped.field.name, mapped.column_index
        if name in but:
            continue
        cells = across.column(letters[name] if at < 0 else at)
        read = read_column(cells, mapped, _with_text, (manners or {}).get(name))
        for line, (answer, text) in zip(lines, read, strict=True):
            line.raw[name] = text
            if isinstance(answer, Problem):
                line.refuse(name, answer.what, answer.hint)
            else:
                line.values[name] = answer.stated
                if answer.note:
                    line.note(name, answer.note)
    for line in lines:
        line.skip = _no_entry(line.cells, names, len(columns))
    return lines


def _with_text(answer: Result[object], text: str) -> tuple[Result[object], str]:
    return answer, text


def _no_entry(raw: list[Any], names: set[str], width: int) -> str:
    texts = [tidy(text_in(cell)).casefold() for cell in raw if cell is not None]
    if len(texts) > 1 and all(text in names for text in texts):
        return "The row repeats the header."
    if len(texts) == 1 and width > 2:
        return "Only one cell is filled: a heading or a note, no entry."
    return ""


def aside(row: StoredRow, *, turned: bool = False) -> RowResult:
    """A row that people write around entries: it says what it is."""
    label = RowRole(row.role).label.capitalize()
    at = next((at for at, cell in enumerate(row.raw) if cell is not None), 0)
    said = f"{label}: {row.why}." if row.why else f"{label}."
    what = {"cell": cell_at(place_at(at, turned=turned), row.number), "field": "", "what": said, "hint": ""}
    return RowResult(row.number, "skip", problems=[what])


def left_out(row: StoredRow, by: str, *, turned: bool = False) -> RowResult:
    """A row that a person has left out."""
    what = {
        "cell": entry_named(row.number, turned=turned),
        "field": "",
        "what": f"Left out by {by}.",
        "hint": "",
    }
    return RowResult(row.number, "skip", problems=[what])


@dataclass(slots=True)
class RowResult:
    """What one row does, and why."""

    number: int
    outcome: str
    identity: str = ""
    changes: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    problems: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    offering: KnownOffering | None = None
    near: dict[str, object] | None = None
    conflicts: dict[str, object] | None = None

    def settle(self) -> None:
        """`update` where something changes and nothing else was decided."""
        if self.outcome == "unchanged" and self.changes:
            self.outcome = "update"


def result_of(line: Line, identity: str = "") -> RowResult:
    """A row that cannot be applied, or the beginnings of one that can: unchanged until something changes."""
    if line.skip:
        what = {"cell": line.cell(*line.letters), "field": "", "what": line.skip, "hint": ""}
        return RowResult(line.number, "skip", problems=[what])
    if line.problems:
        return RowResult(line.number, "invalid", problems=line.problems, notes=line.notes)
    return RowResult(line.number, "unchanged", identity, notes=line.notes)


def repeated(line: Line, identity: str, what: str, first: str, name: str) -> RowResult:
    """A row that says again what a row above has said."""
    problem = {
        "cell": line.cell(name),
        "field": name,
        "what": f"{what} is in {first} already.",
        "hint": "The first row counts.",
    }
    return RowResult(line.number, "skip", identity, problems=[problem], notes=line.notes)
