"""Catalogs of a kind: with headings between the rows, with a retirement for each model, with prices over time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from riskassess.catalog.models import Price, Source, SourcedValue
from riskassess.imports.entries import read_entries
from riskassess.imports.fields import FIELDS, IMPORT_FIELDS, LABELS
from riskassess.imports.journal import Journal
from riskassess.imports.known import KnownOffering, KnownPrice, pk_of
from riskassess.imports.layout import Columns
from riskassess.imports.offered import state_regions
from riskassess.imports.said import Entry, SaidPrice
from riskassess.imports.shapes.flat import Flat
from riskassess.imports.shapes.lines import Line, RowResult, read_lines, repeated, result_of
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.records import Writer
from riskassess.imports.shapes.shape import ShapePlan, Sheet
from riskassess.imports.shapes.subjects import Subjects, subjects_of
from riskassess.imports.shapes.vocabulary import EFFECTIVE_DATE, SCHEDULE_FIELDS
from riskassess.imports.writing import write_catalog
from riskassess.kernel.stated import Known
from riskassess.sheets.dates import parse_date
from riskassess.sheets.mapped import PRICED, Field
from riskassess.sheets.results import Parsed, absent, quoted, text_of, tidy

REPLACEMENTS = "replacements"
_OR = re.compile(r"\s*(?:[,;|\n]|<br\s*/?>|\bor\b|\band\b|\s/\s)\s*", re.I)
_PRICES = frozenset(
    f.name
    for f in IMPORT_FIELDS
    if f.kind in PRICED or f.name in {"currency", "price_unit", "price_condition", "price_kind"}
)


class Sections(Flat):
    name = ShapeName.SECTIONS
    lands = (
        "Each row becomes an offering; the headings between the rows are columns of their own, such as the "
        "vendor of all rows below."
    )


@dataclass(slots=True)
class Work:
    """Whom the rows are about, and what they add to it."""

    subjects: Subjects
    replaced: list[tuple[KnownOffering, list[str], str, str]] = field(default_factory=list)  # by, raw, cell
    prices: list[tuple[KnownOffering, SaidPrice, date, int, int | None]] = field(default_factory=list)
    seen: dict[Any, str] = field(default_factory=dict)


class Retirement(Flat):
    name = ShapeName.RETIREMENT
    lands = (
        "Each row sets the release stage, the retirement date and the replacements of an offering. A dash says "
        "that nothing is stated; a replacement may be more than one model."
    )
    fields = SCHEDULE_FIELDS
    by_name: dict[str, Field] = {found.name: found for found in SCHEDULE_FIELDS}
    stored = Flat.stored & frozenset(by_name) | {"successor"}
    labels = {**LABELS, REPLACEMENTS: "replaced by"}
    sees_applied = keeps_plan = False

    def label_of(self, attribute: str) -> str:
        return self.labels.get(attribute, attribute)

    def source_columns(self, columns: Columns) -> dict[str, dict[str, Any]]:
        found = super().source_columns(columns)
        at = next((letters for letters, c in columns.items() if c["field"] == "successor"), "")
        if at:
            found[REPLACEMENTS] = {"column": at, "header": columns[at]["header"], "unit": ""}
        return found

    def plan(self, sheet: Sheet) -> ShapePlan:  # type: ignore[override]
        lines = read_lines(sheet.rows, sheet.columns, self.by_name, manners=sheet.manners)
        work = Work(_subjects(sheet, frozenset(FIELDS)))
        return ShapePlan([_retirement(line, work) for line in lines], work)

    def write(self, planned: Any, source: Source, on: date, journal: Journal) -> None:
        work: Work = planned.work
        write_catalog(work.subjects.catalog, source, on=on, journal=journal)
        Writer(source, on, journal).make([
            SourcedValue(
                offering_id=offering.pk, attribute=REPLACEMENTS, value=names, raw=raw, cell=cell, source=source,
                as_of=on,
            )
            for offering, names, raw, cell in work.replaced
        ])  # fmt: skip


def _subjects(sheet: Sheet, fields: frozenset[str], rank: Mapping[int, Any] | None = None) -> Subjects:
    return subjects_of(
        sheet.rows,
        sheet.columns,
        default_vendor=sheet.default_vendor,
        sha256=sheet.sha256,
        sheet=sheet.name,
        stated_on=sheet.stated_on,
        fields=fields,
        rank=rank,
        manners=sheet.manners,
    )


def _begun(
    line: Line, work: Work, said: Sequence[dict[str, str]] = ()
) -> tuple[RowResult, KnownOffering | None]:
    """A row with what its subject's plan says of it, and what is `said` of cells that the plan does not read."""
    subject = work.subjects.plans[line.number]
    line.problems = [*subject.problems]
    line.notes = [*subject.notes, *(note for note in said if note not in subject.notes)]
    result = result_of(line, subject.identity)
    if result.outcome != "unchanged" or subject.offering is None:
        return result, None
    result.offering, result.outcome, result.changes = subject.offering, subject.outcome, dict(subject.changes)
    return result, subject.offering


def replacements_in(cell: Any) -> list[str]:
    """The models that take over, each once: `gpt-5.1 or gpt-4.1-mini` are two; a dash is none."""
    text = tidy(text_of(cell))
    if absent(text) is not None:
        return []
    parts = (tidy(part).strip("`*. ") for part in _OR.split(text))
    return [part for part in dict.fromkeys(parts) if part and absent(part) is None]


def _is_day(text: str) -> bool:
    """Whether a text is a day, with no name beside it."""
    read = parse_date(text) if any(map(str.isdigit, text)) else None
    return isinstance(read, Parsed) and isinstance(read.stated, Known) and read.stated.value.day is not None


def _retirement(line: Line, work: Work) -> RowResult:
    result, offering = _begun(line, work)
    if offering is None:
        return result
    if id(offering) in work.seen:
        called = line.text("model_name") or line.text("model_id")
        return repeated(line, result.identity, quoted(called), work.seen[id(offering)], "model_name")
    work.seen[id(offering)] = line.cell("model_name", "model_id")
    names = replacements_in(line.raw_cell("successor"))
    if day := next(filter(_is_day, names), ""):
        line.note("successor", f"{quoted(day)} is a day, no model: the row's cells seem to have moved")
        names = []
    if names and not any(said.value == names for said in offering.said.get(REPLACEMENTS, [])):
        work.replaced.append((offering, names, line.raw["successor"], line.cell("successor")))
        result.changes[REPLACEMENTS] = (None, ", ".join(names))
    result.settle()
    return result


# --- prices over time -----------------------------------------------------------------------------------


class PriceHistory(Flat):
    name = ShapeName.PRICES
    lands = (
        "Each row's prices hold from the day it names; all are kept, and the newest that holds by a day is the "
        "one in effect. Other values come from the newest row of an offering."
    )
    fields = (*(f for f in IMPORT_FIELDS if f.name != "last_updated"), EFFECTIVE_DATE)
    by_name: dict[str, Field] = {found.name: found for found in fields}
    stored = Flat.stored | {"effective_date"}
    sees_applied = keeps_plan = False

    def plan(self, sheet: Sheet) -> ShapePlan:  # type: ignore[override]
        lines = read_lines(sheet.rows, sheet.columns, self.by_name, manners=sheet.manners)
        priced = {at: c for at, c in sheet.columns.items() if c["field"] != "effective_date"}
        entries = read_entries(sheet.rows, priced, default_vendor=sheet.default_vendor, manners=sheet.manners)
        for line, entry in zip(lines, entries, strict=True):
            _check(line, entry)
        sound = [row for row, line in zip(sheet.rows, lines, strict=True) if not (line.problems or line.skip)]
        newest_first = {line.number: -_day(line, sheet.stated_on).toordinal() for line in lines}
        work = Work(_subjects(replace(sheet, rows=sound), frozenset(FIELDS) - _PRICES, newest_first))
        rows = [
            _priced(line, work, entry, sheet.stated_on) for line, entry in zip(lines, entries, strict=True)
        ]
        return ShapePlan(rows, work)

    def write(self, planned: Any, source: Source, on: date, journal: Journal) -> None:
        work: Work = planned.work
        write_catalog(work.subjects.catalog, source, on=on, journal=journal)
        writer = Writer(source, on, journal)
        writer.make([
            Price(
                offering_id=pk_of(offering), kind=said.kind, condition=said.condition, as_of=day, row=row,
                source=source, **_columns(said),
            )
            for offering, said, day, row, pk in work.prices
            if pk is None
        ])  # fmt: skip
        writer.change(
            Price, [(pk, _columns(said) | {"row": row}) for _, said, _, row, pk in work.prices if pk]
        )


def _columns(said: SaidPrice) -> dict[str, Any]:
    return {
        "amount": said.amount,
        "not_applicable": said.amount is None,
        "unit": said.unit,
        "currency": said.currency,
        "raw": said.raw,
    }


def _check(line: Line, entry: Entry) -> None:
    """The row's problems: those of a catalog's row, and a day that is none."""
    own = [problem for problem in line.problems if problem["field"] == "effective_date"]
    line.problems, line.skip = [*entry.problems, *own], entry.skip
    stated = line.known("effective_date")
    if stated is not None and line.day("effective_date") is None:
        line.refuse("effective_date", f"{stated} names no day.", "Write the day from which the price holds.")


def _day(line: Line, on: date) -> date:
    return line.day("effective_date") or on


def _priced(line: Line, work: Work, entry: Entry, on: date) -> RowResult:
    if line.problems or line.skip:
        return result_of(line)
    result, offering = _begun(line, work, entry.notes)
    if offering is None:
        return result
    day, prices = _day(line, on), entry.prices
    if entry.regional is not None:
        state_regions(offering, entry.regional, entry, work.subjects.catalog, result)
    key = (id(offering), day)
    mine = [k for k in prices if (*key, k) in work.seen]
    if prices and len(mine) == len(prices) and "offered" not in result.changes:
        first = work.seen[(*key, mine[0])]
        return repeated(line, result.identity, f"The price of {day}", first, "effective_date")
    for kind, said in prices.items():
        if (*key, kind) in work.seen:
            continue
        work.seen[(*key, kind)] = line.cell("effective_date")
        known = offering.prices.get(kind, [])
        _state(result, work, offering, said, day, line.number, known)
    result.settle()
    return result


def _state(
    result: RowResult, work: Work, offering: KnownOffering, said: SaidPrice, day: date, row: int,
    known: Sequence[KnownPrice],
) -> None:  # fmt: skip
    """Adds the price unless it is on record for that day already; another word of this sheet is corrected."""
    own = [p for p in known if p.on == day and p.source == work.subjects.catalog.source]
    same = [p for p in (own or [p for p in known if p.on == day]) if _same(p, said)]
    if same:
        return
    before = [p for p in known if p.on < day]
    old = before[-1] if before else None
    words = old.words if old and old.amount is not None else None
    work.prices.append((offering, said, day, row, own[-1].pk if own else None))
    result.changes[f"price_{said.key}"] = (words, f"{said.words} from {day}")


def _same(known: KnownPrice, said: SaidPrice) -> bool:
    if known.amount is None or said.amount is None:
        return known.amount is None and said.amount is None
    return (known.amount, known.unit, known.currency) == (said.amount, said.unit, said.currency)
