"""What a shape is to the import: its fields, what it cannot do without, its plan and its way into the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from riskassess.catalog.models import Source
from riskassess.imports.decisions import NOTHING_DECIDED, SKIP, Decisions
from riskassess.imports.entries import manners_of
from riskassess.imports.journal import Journal
from riskassess.imports.known import KnownOffering
from riskassess.imports.layout import Columns, Layout, is_turned
from riskassess.imports.outcomes import counted
from riskassess.imports.shapes.lines import Line, RowResult, Said, aside, left_out, read_lines
from riskassess.imports.shapes.names import LABELS, ShapeName
from riskassess.imports.spool import Spool
from riskassess.imports.stored import StoredRow
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.columns import Field
from riskassess.sheets.reading import Manner


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet and how a person wants it read: all that a plan depends on, besides the records."""

    rows: Collection[StoredRow]
    columns: Columns
    header_row: int
    default_vendor: str
    sha256: str
    name: str
    stated_on: date
    file_name: str = ""
    told: Decisions = NOTHING_DECIDED
    # Of the whole sheet where these are some of its rows; else its rows show them.
    manners: Mapping[str, Manner] | None = None


class PlannedRow(Protocol):
    """What the preview keeps of a row."""

    @property
    def number(self) -> int: ...
    @property
    def outcome(self) -> str: ...
    @property
    def identity(self) -> str: ...
    @property
    def changes(self) -> Mapping[str, tuple[str | None, str]]: ...
    @property
    def problems(self) -> list[Said]: ...
    @property
    def notes(self) -> list[Said]: ...
    @property
    def offering(self) -> KnownOffering | None: ...
    @property
    def near(self) -> Mapping[str, object] | None: ...
    @property
    def conflicts(self) -> Mapping[str, object] | None: ...


class Planned(Protocol):
    """All rows in the order of the sheet, and how many met each outcome once they have been read."""

    @property
    def rows(self) -> Iterable[PlannedRow]: ...
    @property
    def counts(self) -> dict[str, int]: ...


@dataclass(slots=True)
class ShapePlan:
    """The rows, and what the shape will write: only the shape itself looks into `work`."""

    rows: list[RowResult]
    work: Any = None

    @property
    def counts(self) -> dict[str, int]:
        return counted(Counter(row.outcome for row in self.rows))


@dataclass(frozen=True, slots=True)
class Whole:
    """A sheet planned whole: `rows` are all of it, also those that are no entries and that no shape sees.

    They are read once; the counts, and what is to be written, are whole then.
    """

    planned: Planned
    rows: Iterator[PlannedRow]
    notes: int  # rows that are no entries
    left: int = 0  # rows that a person has left out

    @property
    def counts(self) -> dict[str, int]:
        """The parts always sum to the rows read. What is no entry is skipped."""
        counts = dict(self.planned.counts)
        counts["read"] += self.notes + self.left
        counts["skipped"] += self.notes + self.left
        return counts


@dataclass(frozen=True, slots=True)
class Need:
    """One of `names` must have a column (or, with `vendor_will_do`, the whole sheet a vendor)."""

    names: tuple[str, ...]
    what: str
    hint: str
    vendor_will_do: bool = False


def plan_whole(shape: Shape, sheet: Sheet) -> Whole:
    """What the rows would do by this shape. Titles, headings, footnotes and the like say what they are.

    So do rows that a person has left out. Rows that are applied already take part only where the shape says so.
    """
    sideways = is_turned(sheet.columns)
    apart: dict[int, RowResult] = {}
    notes = 0
    for row in sheet.rows:
        notes += not row.is_data
        if result := _apart(shape, row, sheet.told, turned=sideways):
            apart[row.number] = result
    manners = sheet.manners
    if manners is None:  # rows that are left out, or applied, show them as well
        manners = manners_of((row for row in sheet.rows if row.is_data), sheet.columns, shape.by_name)
    rest = sheet.rows
    if apart:
        rest = Spool((row for row in sheet.rows if row.number not in apart), StoredRow)
    planned = shape.plan(replace(sheet, rows=rest, manners=manners))
    rows: Iterator[PlannedRow] = iter(planned.rows)
    if apart:
        rows = _put_together(sheet.rows, apart, rows)
    left = sum(result.outcome == "skip" for result in apart.values()) - notes
    return Whole(planned, rows, notes, left)


def _put_together(
    rows: Iterable[StoredRow], apart: Mapping[int, RowResult], read: Iterator[PlannedRow]
) -> Iterator[PlannedRow]:
    for row in rows:
        yield apart.get(row.number) or next(read)


def _apart(shape: Shape, row: StoredRow, told: Decisions, *, turned: bool) -> RowResult | None:
    """What becomes of a row that the shape does not see; None for one that it plans."""
    if not row.is_data:
        return aside(row, turned=turned)
    if told.of(row.number).get("as") == SKIP:
        return left_out(row, str(told.of(row.number)["by"]), turned=turned)
    return RowResult(row.number, "done") if row.number in told.done and not shape.sees_applied else None


class Shape:
    """One shape. Subclasses say what differs; there is one instance of each, in the registry."""

    name: ShapeName
    lands: str = ""  # what becomes of the rows, one sentence
    refusal: str = ""  # why such a sheet cannot be imported, and where it belongs; '' for one that can
    fields: tuple[Field, ...] = ()
    stored: frozenset[str] = frozenset()  # fields whose values reach a record; the others stay with the row
    many: frozenset[str] = frozenset()  # fields that several columns may hold
    needs: tuple[Need, ...] = ()
    called_by: tuple[str, ...] = ()  # the fields that name a row's record
    owned_by: tuple[str, ...] = ()  # and whose it is
    labels: Mapping[str, str] = {}  # attribute -> words, for the preview
    sees_applied: bool = False  # whether rows that are applied stand for their records when the rest is
    keeps_plan: bool = (
        False  # whether what its plan writes is kept with the preview: its `work` is a catalog alone
    )
    vendor_term: str = "Vendor where the row names none"
    day_term: str = "Valid on"

    @property
    def label(self) -> str:
        return LABELS[self.name]

    @property
    def by_name(self) -> Mapping[str, Field]:
        return {found.name: found for found in self.fields}

    def fields_under(self, headings: Sequence[str]) -> Sequence[Field]:
        """The fields by the names that they go by under these headings."""
        return self.fields

    def label_of(self, attribute: str) -> str:
        """What a change is about, in words."""
        return self.labels.get(attribute, attribute)

    def name_in(self, field_name: str, text: str) -> str:
        """What a cell of one of the fields in `called_by` calls its row's record."""
        return text

    def is_stored(self, field_name: str) -> bool:
        return field_name in self.stored

    def remark(self, field_name: str) -> str:
        """What a person should know of a column read as this field; '' for nothing."""
        return ""

    def check(self, columns: Columns, *, default_vendor: str) -> None:
        """InvalidInput when the columns cannot tell what the shape must know."""
        if self.refusal:
            raise InvalidInput(self.refusal, hint="If it is something else, choose another shape.")
        named = [column["field"] for column in columns.values() if column["field"]]
        twice = next((name for name in named if named.count(name) > 1 and name not in self.many), "")
        if twice:
            at = [letters for letters, column in columns.items() if column["field"] == twice]
            raise InvalidInput(
                f"Columns {' and '.join(at)} are both read as {self.by_name[twice].label}.",
                hint="Leave one of them unread.",
                where=f"column {at[-1]}",
            )
        for need in self.needs:
            named_by_sheet = need.vendor_will_do and default_vendor.strip()
            if not set(need.names) & set(named) and not named_by_sheet:
                where = "default_vendor" if need.vendor_will_do else "columns"
                raise InvalidInput(need.what, hint=need.hint, where=where)

    def source_columns(self, columns: Columns) -> dict[str, dict[str, Any]]:
        """Attribute -> column, header and unit: what leads from a record's row number back to its cells."""
        return {
            column["field"]: {"column": at, "header": column["header"], "unit": column["unit"]}
            for at, column in columns.items()
            if column["field"] and column["field"] not in self.many
        }

    def adjusted(self, layout: Layout) -> Columns:
        """The proposed columns once more, where the shape sees more in them than their names say."""
        return layout.columns

    def lines(self, sheet: Sheet) -> list[Line]:
        return read_lines(sheet.rows, sheet.columns, self.by_name, but=self.many, manners=sheet.manners)

    def plan(self, sheet: Sheet) -> Planned:
        """What the rows would do to the records as they are now."""
        raise NotImplementedError

    def write(self, planned: Any, source: Source, on: date, journal: Journal) -> None:
        """Writes what the plan made or changed, and notes it. Call it inside the transaction."""
        raise NotImplementedError
