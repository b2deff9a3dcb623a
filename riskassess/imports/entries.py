"""Rows as entries of a catalog: who sells what, and what is stated of it, each with its cell. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import partial
from operator import attrgetter
from typing import Any

from riskassess.imports.fields import FIELDS, LABELS, SECOND, TARGETS, Target
from riskassess.imports.layout import Columns, mapped_columns, source_columns, unused
from riskassess.imports.said import Entry, Said, SaidPrice, Value, price_in_words, shown
from riskassess.imports.stored import StoredRow, cell_of, cells_in, text_in
from riskassess.kernel.stated import NOT_APPLICABLE, Known, NotApplicable
from riskassess.sheets.columns import PRICED, ColumnKind, MappedColumn, parse_cell
from riskassess.sheets.conditions import condition_of, joined
from riskassess.sheets.dates import StatedDate
from riskassess.sheets.makers import suggested_maker
from riskassess.sheets.prices import Price, PriceUnit, unit_named
from riskassess.sheets.reading import TEMPLATE_HINT, looks_like_template, read_column
from riskassess.sheets.results import Cell, Problem, Result, quoted, text_of, tidy
from riskassess.sheets.status import split_status
from riskassess.sheets.table import is_virtual

_PLACES = Decimal("1e-10")  # what the price column holds
_DIGITS = Context(prec=15, rounding=ROUND_HALF_EVEN)  # and what SQLite keeps of it
_LARGEST_PRICE = 10**10


def read_entries(
    rows: Sequence[StoredRow],
    columns: Columns,
    *,
    default_vendor: str = "",
) -> list[Entry]:
    """Every row as an entry, in the order of the sheet. Read column by column, each distinct cell once."""
    addresses = {name: found["column"] for name, found in source_columns(columns).items()}
    entries = [Entry(row.number, addresses, over=row.over) for row in rows]
    reader = _Reader(
        letters={column["field"]: at for at, column in columns.items() if column["field"]},
        beaten=unused(columns),
        default_vendor=default_vendor.strip(),
        header=frozenset(c["header"].casefold() for c in columns.values() if c["header"]),
    )
    for mapped in mapped_columns(columns):
        if mapped.field.kind is not ColumnKind.IGNORE:
            reader.read(mapped, rows, entries)
    for entry, row in zip(entries, rows, strict=True):
        reader.complete(entry, row.raw)
    return entries


@dataclass(slots=True)
class _Meaning:
    """What one distinct value of a column means for the entry of each row that has it."""

    value: str | Said | None = None
    both: tuple[tuple[str, Said], ...] = ()  # two values of the model in one cell
    prices: tuple[tuple[str, SaidPrice], ...] = ()  # by their keys
    problem: Problem | None = None
    notes: tuple[str, ...] = ()
    stage: Said | None = None  # a release stage written with a name


_NOTHING = _Meaning()
_NAMES = frozenset({"name", "listed_id", "version", "channel"})
_ROW_UNITS = frozenset({"price_unit", "currency", "price_condition"})


def _place(target: Target) -> Callable[[Entry], dict[str, Any]] | None:
    """The dictionary of an entry that holds the target's values; None where it is an attribute of its own."""
    if target.attribute in _NAMES or target.attribute in {"seller", "developer"}:
        return None
    if target.record == "price":
        return None
    return attrgetter("of_model" if target.record == "model" else "of_offering")


@dataclass(slots=True)
class _Reader:
    """What holds for every row of one sheet."""

    letters: dict[str, str]  # field -> column letters
    beaten: set[str]
    default_vendor: str
    header: frozenset[str]
    prose: dict[int, list[tuple[ColumnKind, Problem]]] = field(default_factory=dict)  # sentences, by row
    mapped: dict[str, MappedColumn] = field(default_factory=dict)  # the columns that are read, by field
    units: dict[int, dict[str, str]] = field(default_factory=dict)  # what rows say of all their prices
    stages: dict[int, Said] = field(default_factory=dict)  # what their names say

    def read(self, mapped: MappedColumn, rows: Sequence[StoredRow], entries: Sequence[Entry]) -> None:
        """Adds what the column states to the entries; what is unknown leaves no trace."""
        at, name = mapped.column_index, mapped.field.name
        cells = cells_in(rows, self.letters[name] if at < 0 else at)
        self._note_headings(name, rows, entries)
        self.mapped[name] = mapped
        meanings = read_column(cells, mapped, partial(self._meaning, name))
        target = TARGETS.get(name)
        attribute = target.attribute if target else ""
        place = _place(target) if target else None
        for entry, meaning in zip(entries, meanings, strict=True):
            if meaning is None:
                continue
            value = meaning.value
            if meaning.prices:
                entry.prices.update(meaning.prices)
            elif meaning.both:
                for one, said in meaning.both:
                    entry.of_model.setdefault(one, said)
            elif value is None:
                pass
            elif place is not None:
                place(entry)[attribute] = value
            elif name in _ROW_UNITS:
                self.units.setdefault(entry.number, {})[name] = str(value)
            else:
                setattr(entry, attribute, value)
            if meaning.stage is not None:
                self.stages[entry.number] = meaning.stage
            if meaning.problem is not None:
                self._add_problem(entry, mapped, meaning.problem)
            for note in meaning.notes:
                entry.notes.append(_note(self._cell(entry, name), name, note))

    def _note_headings(self, name: str, rows: Sequence[StoredRow], entries: Sequence[Entry]) -> None:
        """A word on every heading of which only a part is read, and on cells that hold for rows below them."""
        letters = self.letters[name]
        for row, entry in zip(rows, entries, strict=True):
            if letters not in row.over:
                continue
            cell, text, value = row.over[letters]
            if not is_virtual(letters):
                entry.notes.append(_note(cell, name, f"{quoted(value)} holds for this row too"))
            elif tidy(text) != value:
                entry.notes.append(_note(cell, name, f"{quoted(text)} read as {quoted(value)}"))

    def _add_problem(self, entry: Entry, mapped: MappedColumn, problem: Problem) -> None:
        name = mapped.field.name
        entry.problems.append(_problem(self._cell(entry, name), name, problem.what, problem.hint))
        if problem.prose:
            self.prose.setdefault(entry.number, []).append((mapped.field.kind, problem))

    def _cell(self, entry: Entry, name: str) -> str:
        return entry.at(self.letters[name])

    # --- a cell ---------------------------------------------------------------------------------------

    def _meaning(self, name: str, answer: Result[object], raw: str) -> _Meaning | None:
        """What a cell with this answer means; None when it neither states nor needs anything."""
        if isinstance(answer, Problem):
            return _Meaning(problem=answer)
        target, stated = TARGETS.get(name), answer.stated
        meaning = _NOTHING
        if target is None or name in self.beaten:
            pass
        elif isinstance(stated, Known):
            meaning = self._known(name, target, stated.value, raw)
        elif isinstance(stated, NotApplicable):
            meaning = self._not_applicable(name, target, raw)
        if answer.note:
            return replace(meaning, notes=(answer.note, *meaning.notes))
        return None if meaning is _NOTHING else meaning

    def _known(self, name: str, target: Target, value: object, raw: str) -> _Meaning:
        if isinstance(value, Price):
            return self._prices(name, [(target.attribute.partition(":")[0], value)], raw)
        if isinstance(value, str) and target.longest and len(value) > target.longest:
            what = f"The text has {len(value)} characters."
            return _Meaning(problem=Problem(what, f"Use {target.longest} at most."))
        if target.record == "vendor" and target.attribute != "host":
            return _Meaning(_owner(value) if name == "base_model_owner" else str(value))
        if target.attribute in _NAMES:
            return self._name(target, str(value), raw)
        if isinstance(value, tuple) and name in SECOND:
            halves = zip((target.attribute, SECOND[name].removeprefix("price_")), value, strict=True)
            stated = [(at, half) for at, half in halves if half is not None]
            if target.record == "price":
                return self._prices(name, stated, raw)
            return _Meaning(both=tuple((at, self._said(name, half, raw)) for at, half in stated))
        if target.record == "price":
            return _Meaning(str(value))
        said = _column_value(value, target.attribute)
        if said is None:
            return _Meaning(notes=(f"{value} names no day; {LABELS[target.attribute]} needs one",))
        return _Meaning(self._said(name, said, raw))

    def _said(self, name: str, value: Value, raw: str) -> Said:
        return Said(value, self.letters[name], raw[:500], shown(value))

    def _name(self, target: Target, text: str, raw: str) -> _Meaning:
        stage = None
        if target.attribute == "name":
            text, stage = split_status(text)
        value = tidy(text.replace("\n", " "))
        return _Meaning(value, stage=self._said("model_name", str(stage), raw) if stage else None)

    def _not_applicable(self, name: str, target: Target, raw: str) -> _Meaning:
        column, words = self.letters[name], shown(NOT_APPLICABLE)
        if target.record == "price" and name.endswith("_price"):
            kind, _, condition = target.attribute.partition(":")
            condition = condition and self.mapped[name].condition
            none = SaidPrice(None, "1M tokens", "", column, raw[:200], words, kind, condition)
            return _Meaning(prices=((none.key, none),))
        if (target.record == "model" and target.attribute != "version") or target.attribute in {
            "stage",
            "retires_on",
        }:
            return _Meaning(Said(NOT_APPLICABLE, column, raw[:500], words))
        return _NOTHING

    def _prices(self, name: str, stated: Sequence[tuple[str, Price]], raw: str) -> _Meaning:
        """The prices of a cell, each by its kind and condition."""
        found: list[tuple[str, SaidPrice]] = []
        notes: list[str] = []
        for kind, price in [(kind, one) for kind, first in stated for one in (first, *first.more)]:
            if price.amount >= _LARGEST_PRICE:
                what = f"{price.amount:f} is too large for a price."
                return _Meaning(problem=Problem(what, "Check the column's unit."))
            amount = _DIGITS.plus(price.amount.quantize(_PLACES, rounding=ROUND_HALF_EVEN))
            if amount != price.amount:
                notes.append(f"{price.amount:f} kept with 10 decimal places")
            unit, currency = str(price.unit), price.currency
            words, column = price_in_words(amount, unit, currency), self.letters[name]
            said = SaidPrice(amount, unit, currency, column, raw[:200], words, kind, price.condition)
            found.append((said.key, said))
        return _Meaning(prices=tuple(found), notes=tuple(notes))

    # --- a row ----------------------------------------------------------------------------------------

    def complete(self, entry: Entry, raw: list[Any]) -> None:
        """What a row's cells mean together."""
        if entry.number in self.prose and looks_like_template(self.prose[entry.number]):
            sentences = {problem.what for _, problem in self.prose[entry.number]}
            for problem in entry.problems:
                if problem["what"] in sentences:
                    problem["hint"] = TEMPLATE_HINT
        if not (entry.seller and entry.name):
            self._fill_names(entry)
        if not entry.developer and (maker := suggested_maker(entry.listed_id or entry.name)):
            self._suggest_maker(entry, maker)
        if entry.number in self.stages:
            self._weigh_stages(entry, self.stages[entry.number])
        if entry.number in self.units:
            self._apply_row_units(entry, raw, self.units[entry.number])
        entry.skip = self._no_entry(entry, raw)
        if entry.skip:
            entry.problems = []

    def _fill_names(self, entry: Entry) -> None:
        """The sheet's one vendor where the row names none; the id where the row has no name."""
        if not entry.seller and self.default_vendor:
            entry.seller = self.default_vendor
            entry.problems = [p for p in entry.problems if not self._is_blank(p, "vendor")]
        if not entry.name and entry.listed_id:
            entry.name = entry.listed_id
            entry.problems = [p for p in entry.problems if not self._is_blank(p, "model_name")]
        for attribute, name, named_by in (
            ("seller", "vendor", {"vendor"}),
            ("name", "model_name", {"model_name", "model_id"}),
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
        for name, mapped in self.mapped.items():
            if mapped.field.kind in PRICED and name not in self.beaten:
                at = mapped.column_index
                self._price_anew(
                    entry, name, cell_of(raw[at]) if 0 <= at < len(raw) else None, unit, currency
                )
        if "price_condition" in said:
            self._apply_condition(entry, said["price_condition"])

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
            meaning = self._meaning(name, parse_cell(cell, own), text_of(cell))
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

    def _apply_condition(self, entry: Entry, text: str) -> None:
        """What the row says must hold for all of its prices; what it says is written with each of them."""
        entry.condition = condition_of(text)
        prices = [
            replace(
                price,
                condition=joined(entry.condition, price.condition),
                raw=f"{price.raw} ({text})"[:200],
                words=f"{price.words} ({text})",
            )
            for price in entry.prices.values()
        ]
        entry.prices = {price.key: price for price in prices}
        if not entry.condition and condition_of(text) != text.casefold():
            cell = self._cell(entry, "price_condition")
            entry.notes.append(_note(cell, "price_condition", f"{quoted(text)} read as the usual price"))

    def _no_entry(self, entry: Entry, raw: list[Any]) -> str:
        """Why the row is no entry: the header again, or a lone heading or footnote; '' for an entry."""
        filled = [cell for cell in raw if cell is not None]
        if len(filled) > 1 and all(tidy(text_in(cell)).casefold() in self.header for cell in filled):
            return "The row repeats the header."
        if entry.problems and len(filled) == 1 and len(self.letters) > 1:
            return "Only one cell is filled: a heading or a note, no entry."
        return ""


def _column_value(value: object, attribute: str) -> Value | None:
    """A parsed value as the record's column holds it; None where the column cannot hold it."""
    if isinstance(value, StatedDate):
        if attribute != "retires_on":
            return str(value)
        return value.day
    if isinstance(value, bool | int):
        return value
    return " ".join(str(value).split())


def _owner(value: object) -> str:
    """`owner` of `owner/name`; '' where the text is not of that form."""
    owner, slash, _ = str(value).partition("/")
    return owner.strip() if slash else ""


def _problem(cell: str, name: str, what: str, hint: str) -> dict[str, str]:
    return {"cell": cell, "field": name, "what": what, "hint": hint}


def _note(cell: str, name: str, note: str) -> dict[str, str]:
    return {"cell": cell, "field": name, "note": note}
