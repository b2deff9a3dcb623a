"""Rows as entries of a catalog: who sells what, and what is stated of it, each with its cell. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from riskassess.imports.fields import FIELDS, TARGETS
from riskassess.imports.layout import Columns, mapped_columns, source_columns, unused
from riskassess.imports.meaning import NAMES, ColumnMeaning, Meaning
from riskassess.imports.metering import GROUP, METER, full_name, unit_of
from riskassess.imports.naming import Named
from riskassess.imports.row_prices import (
    in_region,
    is_zero_beside,
    leave_zeros,
    priced_by,
    priced_for,
    under_condition,
)
from riskassess.imports.said import Entry, Said, SaidRegions, price_in_words
from riskassess.imports.spool import portions
from riskassess.imports.stored import CellsAcross, StoredRow, cell_of, text_in
from riskassess.kernel.places import index_of
from riskassess.sheets.columns import PRICED, ColumnKind, Field, MappedColumn, parse_cell
from riskassess.sheets.conditions import condition_of
from riskassess.sheets.makers import suggested_maker
from riskassess.sheets.meters import Meter
from riskassess.sheets.prices import PriceUnit, unit_named
from riskassess.sheets.reading import (
    AMBIGUOUS,
    TEMPLATE_HINT,
    Manner,
    looks_like_template,
    manner_of,
    read_column,
)
from riskassess.sheets.results import Cell, Problem, quoted, text_of, tidy
from riskassess.sheets.table import is_virtual


def read_entries(
    rows: Collection[StoredRow],
    columns: Columns,
    *,
    default_vendor: str = "",
    manners: Mapping[str, Manner] | None = None,
    priced: bool | None = None,
) -> list[Entry]:
    """Every row as an entry, in the order of the sheet. Read column by column, each distinct cell once.

    `manners` are those of the whole sheet where these are some of its rows, `priced` whether it has prices where these
    are some of its columns.
    """
    reader = _reader(
        columns, default_vendor, manners, priced=has_prices(columns) if priced is None else priced
    )
    entries = reader.entries(rows, columns)
    for entry, row in zip(entries, rows, strict=True):
        reader.complete(entry, row.raw)
    return entries


def read_names(rows: Collection[StoredRow], columns: Columns, *, default_vendor: str = "") -> list[Named]:
    """What the rows speak of, without those that do not say it."""
    naming = {at: column for at, column in columns.items() if column["field"] in _NAMING}
    reader = _reader(naming, default_vendor, None, priced=has_prices(columns))
    entries = reader.entries(rows, naming)
    for entry, row in zip(entries, rows, strict=True):
        reader.fill_names(entry, row.raw)
    return [entry.named for entry in entries if not entry.problems]


def manners_of(
    rows: Iterable[StoredRow], columns: Columns, fields: Mapping[str, Field] = FIELDS
) -> dict[str, Manner]:
    """Field -> how its column writes what could be read in two ways, where it does."""
    letters = {column["field"]: at for at, column in columns.items()}
    wanted = [mapped for mapped in mapped_columns(columns, fields) if mapped.field.kind in AMBIGUOUS]
    cells: dict[str, set[Cell]] = {mapped.field.name: set() for mapped in wanted}
    for some in portions(rows) if wanted else ():
        across = CellsAcross(some)
        for mapped in wanted:
            cells[mapped.field.name].update(across.column(_place(mapped, letters)))
    return {mapped.field.name: manner_of(cells[mapped.field.name], mapped) for mapped in wanted}


def _reader(
    columns: Columns, default_vendor: str, manners: Mapping[str, Manner] | None, *, priced: bool
) -> _Reader:
    return _Reader(
        letters={column["field"]: at for at, column in columns.items() if column["field"]},
        beaten=unused(columns),
        default_vendor=default_vendor.strip(),
        header=frozenset(c["header"].casefold() for c in columns.values() if c["header"]),
        manners=manners or {},
        priced=priced,
    )


def has_prices(columns: Columns) -> bool:
    """Whether a column holds prices: then a name may say their tier."""
    named = (column["field"] for column in columns.values())
    return any(name in FIELDS and FIELDS[name].kind in PRICED for name in named)


def _place(mapped: MappedColumn, letters: Mapping[str, str]) -> int | str:
    return letters[mapped.field.name] if mapped.column_index < 0 else mapped.column_index


_NAMING = frozenset({
    "vendor", "developer", "base_model_owner", "model_name", "model_id", "version", "channel", METER, GROUP,
})  # fmt: skip
_ROW_UNITS = frozenset({"price_unit", "currency", "price_condition", "price_kind"})
_TIER = "tier"  # of the prices, as a name says it
_APART = _ROW_UNITS | {METER, "price_region"}  # what is not kept as an entry has it


def _setter(name: str) -> Callable[[Entry, Any], None]:
    """Where an entry keeps the value of a field: an attribute, or a place in what it says of a record."""
    target = TARGETS.get(name)
    attribute = target.attribute if target else ""
    if (
        target is None
        or target.record in {"price", "availability"}
        or attribute in NAMES | {"seller", "developer"}
    ):
        return lambda entry, value: setattr(entry, attribute, value)
    if target.record == "model":
        return lambda entry, value: entry.of_model.__setitem__(attribute, value)
    return lambda entry, value: entry.of_offering.__setitem__(attribute, value)


@dataclass(slots=True)
class _Reader:
    """What holds for every row of one sheet."""

    letters: dict[str, str]  # field -> column letters
    beaten: set[str]
    default_vendor: str
    header: frozenset[str]
    manners: Mapping[str, Manner]
    priced: bool  # whether a column holds prices
    prose: dict[int, list[tuple[ColumnKind, Problem]]] = field(default_factory=dict)  # sentences, by row
    mapped: dict[str, MappedColumn] = field(default_factory=dict)  # the columns that are read, by field
    units: dict[int, dict[str, str]] = field(default_factory=dict)  # what rows say of all their prices
    stages: dict[int, Said] = field(default_factory=dict)  # what their names say
    meters: dict[int, Meter] = field(default_factory=dict)  # rows that one text says all of
    zeros: dict[int, list[str]] = field(default_factory=dict)  # fields that a bare 0 may leave open, by row

    def entries(self, rows: Collection[StoredRow], columns: Columns) -> list[Entry]:
        """The rows as entries, with what these columns state."""
        addresses = {name: found["column"] for name, found in source_columns(columns).items()}
        entries = [Entry(row.number, addresses, over=row.over) for row in rows]
        across = CellsAcross(rows)
        for mapped in mapped_columns(columns):
            if mapped.field.kind is not ColumnKind.IGNORE:
                self._read(mapped, across, entries)
        return entries

    def _read(self, mapped: MappedColumn, across: CellsAcross, entries: Sequence[Entry]) -> None:
        """Adds what the column states to the entries; what is unknown leaves no trace."""
        name = mapped.field.name
        cells = across.column(_place(mapped, self.letters))
        self._note_headings(name, across, entries)
        self.mapped[name] = mapped
        keep = _setter(name)
        meanings = read_column(cells, mapped, self._meaning(mapped).of, self.manners.get(name))
        for entry, meaning in zip(entries, meanings, strict=True):
            if meaning is None:
                continue
            if meaning.is_plain and name not in _APART:
                keep(entry, meaning.value)
            else:
                self._take(entry, mapped, meaning, keep)

    def _take(
        self, entry: Entry, mapped: MappedColumn, meaning: Meaning, keep: Callable[[Entry, Any], None]
    ) -> None:
        """All that a cell means for its row."""
        name = mapped.field.name
        if meaning.prices:
            entry.prices.update(meaning.prices)
            if is_zero_beside(name, meaning.prices[0][1]):
                self.zeros.setdefault(entry.number, []).append(name)
        elif meaning.both:
            for one, said in meaning.both:
                entry.of_model.setdefault(one, said)
        elif isinstance(meaning.value, Meter):
            self.meters[entry.number] = meaning.value
        elif name == "price_region" and isinstance(meaning.value, SaidRegions):
            entry.regional, entry.offered = meaning.value, meaning.value
        elif meaning.value is not None and name in _ROW_UNITS:
            self.units.setdefault(entry.number, {})[name] = str(meaning.value)
        elif meaning.value is not None:
            keep(entry, meaning.value)
        if meaning.tier:
            self.units.setdefault(entry.number, {})[_TIER] = meaning.tier
        if meaning.stage is not None:
            self.stages[entry.number] = meaning.stage
        if meaning.problem is not None:
            self._add_problem(entry, mapped, meaning.problem)
        for note in meaning.notes:
            entry.notes.append(_note(self._cell(entry, name), name, note))

    def _meaning(self, mapped: MappedColumn) -> ColumnMeaning:
        name = mapped.field.name
        target = None if name in self.beaten else TARGETS.get(name)
        return ColumnMeaning(name, target, self.letters[name], mapped, self.priced)

    def _note_headings(self, name: str, across: CellsAcross, entries: Sequence[Entry]) -> None:
        """A word on every heading of which only a part is read, and on cells that hold for rows below them."""
        letters = self.letters[name]
        for at, (cell, text, value) in across.headed(letters):
            if not is_virtual(letters):
                entries[at].notes.append(_note(cell, name, f"{quoted(value)} holds for this row too"))
            elif tidy(text) != value:
                entries[at].notes.append(_note(cell, name, f"{quoted(text)} read as {quoted(value)}"))

    def _add_problem(self, entry: Entry, mapped: MappedColumn, problem: Problem) -> None:
        name = mapped.field.name
        entry.problems.append(_problem(self._cell(entry, name), name, problem.what, problem.hint))
        if problem.prose:
            self.prose.setdefault(entry.number, []).append((mapped.field.kind, problem))

    def _cell(self, entry: Entry, name: str) -> str:
        return entry.at(self.letters[name])

    # --- a row ----------------------------------------------------------------------------------------

    def complete(self, entry: Entry, raw: list[Any]) -> None:
        """What a row's cells mean together."""
        if entry.number in self.prose and looks_like_template(self.prose[entry.number]):
            sentences = {problem.what for _, problem in self.prose[entry.number]}
            for problem in entry.problems:
                if problem["what"] in sentences:
                    problem["hint"] = TEMPLATE_HINT
        self.fill_names(entry, raw)
        if not entry.developer and (maker := suggested_maker(entry.listed_id or entry.name)):
            self._suggest_maker(entry, maker)
        if entry.number in self.zeros:
            entry.notes += leave_zeros(entry, {name: self.letters[name] for name in self.zeros[entry.number]})
        if entry.number in self.stages:
            self._weigh_stages(entry, self.stages[entry.number])
        if entry.number in self.units or entry.number in self.meters or entry.regional is not None:
            self._apply_row_units(entry, raw, self.units.get(entry.number, {}))
        entry.skip = self._no_entry(entry, raw)
        if entry.skip:
            entry.problems = []

    def fill_names(self, entry: Entry, raw: Sequence[Any]) -> None:
        """The sheet's one vendor where the row names none; the meter's model or the id where it has no name."""
        if entry.number in self.meters:
            self._name_by_meter(entry, raw)
        if entry.seller and entry.name:
            return
        if not entry.seller and self.default_vendor:
            entry.seller = self.default_vendor
            entry.problems = [p for p in entry.problems if not self._is_blank(p, "vendor")]
        if not entry.name and entry.listed_id:
            entry.name = entry.listed_id
            entry.problems = [p for p in entry.problems if not self._is_blank(p, "model_name")]
        for attribute, name, named_by in (
            ("seller", "vendor", {"vendor"}),
            ("name", "model_name", {"model_name", "model_id", METER}),
        ):
            told = {p["field"] for p in entry.problems} & named_by
            if not getattr(entry, attribute) and not told:
                label = FIELDS[name].label
                at = next((self.letters[n] for n in sorted(named_by) if n in self.letters), "")
                cell = entry.at(at)
                entry.problems.append(
                    _problem(cell, name, f"{label} is missing.", f"Fill in the {label.lower()}.")
                )

    @staticmethod
    def _suggest_maker(entry: Entry, maker: str) -> None:
        """Says whom the id names as its owner. Who made a model is stated in a column, or not at all."""
        said = (
            f"{quoted(entry.listed_id or entry.name)} suggests {maker} as the developer; no column states one"
        )
        at = "listed_id" if entry.listed_id else "name"
        entry.notes.append(_note(entry.cell(at) or entry.first_cell, "developer", said))

    def _weigh_stages(self, entry: Entry, named: Said) -> None:
        """A release stage written with the name: it counts where no other is stated, and is said else."""
        cell, stated = entry.first_cell, entry.of_offering.get("stage")
        if stated is None:
            entry.of_offering["stage"] = named
            entry.notes.append(
                _note(cell, "status", f"{named.words} taken from the name {quoted(named.raw)}")
            )
        elif stated.value != named.value:
            other = f"{entry.at(stated.column)} says {stated.words}"
            note = f"conflict: the name says {named.words}, {other}, which is kept"
            entry.notes.append(_note(cell, "status", note))

    def _is_blank(self, problem: dict[str, str], name: str) -> bool:
        return problem["field"] == name and "is missing" in problem["what"] and name in self.letters

    def _apply_row_units(self, entry: Entry, raw: list[Any], said: dict[str, str]) -> None:
        """Prices by the row's own unit, currency and condition, where it has columns for them."""
        currency = said.get("currency", "")
        unit = unit_named(said["price_unit"]) if "price_unit" in said else None
        meter = self.meters.get(entry.number)
        if meter is not None:
            unit = self._measure(entry, meter, raw, unit)
        for name, mapped in self.mapped.items():
            if mapped.field.kind in PRICED and name not in self.beaten:
                at = mapped.column_index
                self._price_anew(
                    entry, name, cell_of(raw[at]) if 0 <= at < len(raw) else None, unit, currency
                )
        if meter is not None:
            priced_by(entry, meter, self._written(METER, raw))
        elif "price_kind" in said:
            priced_for(entry, said["price_kind"])
        if entry.regional is not None:
            in_region(entry, entry.regional)
        for told, field_name in (("price_condition", "price_condition"), (_TIER, "model_name")):
            if told not in said:
                continue
            is_usual = under_condition(entry, said[told])
            if is_usual and condition_of(said[told]) != said[told].casefold():
                note = f"{quoted(said[told])} read as the usual price"
                entry.notes.append(_note(self._cell(entry, field_name), field_name, note))
            elif told == _TIER:
                note = f"{quoted(said[told])} is the tier of its prices, not part of the name"
                entry.notes.append(_note(self._cell(entry, field_name), field_name, note))

    def _price_anew(self, entry: Entry, name: str, cell: Cell, unit: PriceUnit | None, currency: str) -> None:
        """A column's prices as read with their row's own unit and currency."""
        column = self.letters[name]
        priced = {
            key: price
            for key, price in entry.prices.items()
            if price.column == column and price.amount is not None
        }
        if priced and unit:
            mapped = self.mapped[name]
            own = replace(mapped, unit=unit, currency=currency or mapped.currency)
            meaning = self._meaning(own).of(parse_cell(cell, own), text_of(cell))
            if meaning is not None and meaning.problem is not None:
                what = meaning.problem
                entry.problems.append(_problem(self._cell(entry, name), name, what.what, what.hint))
            elif meaning is not None:
                entry.prices.update(meaning.prices)
        elif currency:
            for key, price in priced.items():
                if not price.currency and price.amount is not None:
                    words = price_in_words(price.amount, price.unit, currency)
                    entry.prices[key] = replace(price, currency=currency, words=words)

    def _name_by_meter(self, entry: Entry, raw: Sequence[Any]) -> None:
        """The model and the deployment that the row's meter names, where no column names them itself."""
        meter = self.meters[entry.number]
        group = self._written(GROUP, raw)
        name = full_name(meter, group)
        if meter.model and not name and not entry.name:
            what = f"The meter names the model only as {quoted(meter.model)}."
            hint = "Give the model's whole name in a column of its own."
            entry.problems.append(_problem(self._cell(entry, METER), METER, what, hint))
        elif not entry.name and name != meter.model:
            note = f"{quoted(meter.model)} is no name by itself; its group {quoted(group)} is read with it"
            entry.notes.append(_note(self._cell(entry, METER), METER, note))
        entry.name = entry.name or name
        entry.channel = entry.channel or meter.scope
        entry.problems = [p for p in entry.problems if not (entry.name and self._is_blank(p, "model_name"))]

    def _written(self, name: str, raw: Sequence[Any]) -> str:
        """The text in a field's cell of a stored row; '' where the field has none there."""
        at = self.letters.get(name, "")
        index = -1 if not at or is_virtual(at) else index_of(at)
        return tidy(text_in(raw[index])) if 0 <= index < len(raw) and raw[index] is not None else ""

    def _measure(
        self, entry: Entry, meter: Meter, raw: Sequence[Any], stated: PriceUnit | None
    ) -> PriceUnit | None:
        """What the price of a metered row is per. A price of other things than tokens needs its unit said."""
        unit = unit_of(meter, self._written("price_unit", raw), stated)
        if unit is not None:
            entry.problems = [p for p in entry.problems if p["field"] != "price_unit"]
        elif meter.noun not in ("", "token") and entry.prices:
            what = f"Nothing says of how many {meter.noun}s this is the price."
            hint = "Say it in a column of units, such as 100 images."
            entry.problems.append(_problem(self._cell(entry, METER), METER, what, hint))
        return unit

    def _no_entry(self, entry: Entry, raw: list[Any]) -> str:
        """Why the row is no entry: the header again, or a lone heading or footnote; '' for an entry."""
        filled = len(raw) - raw.count(None)
        if filled > 1 and all(
            tidy(text_in(cell)).casefold() in self.header for cell in raw if cell is not None
        ):
            return "The row repeats the header."
        if entry.problems and filled == 1 and len(self.letters) > 1:
            return "Only one cell is filled: a heading or a note, no entry."
        return ""


def _problem(cell: str, name: str, what: str, hint: str) -> dict[str, str]:
    return {"cell": cell, "field": name, "what": what, "hint": hint}


def _note(cell: str, name: str, note: str) -> dict[str, str]:
    return {"cell": cell, "field": name, "note": note}
