"""One row as an entry of a catalog: who sells what, and what is stated of it, each with its cell. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from riskassess.imports.fields import FIELDS, LABELS, SECOND, TARGETS, Target, attribute_of
from riskassess.imports.layout import Columns, index_of, source_columns, unused
from riskassess.imports.stored import StoredRow, read_stored
from riskassess.kernel.stated import NOT_APPLICABLE, Known, NotApplicable, Stated
from riskassess.sheets.dates import StatedDate
from riskassess.sheets.prices import Price, parse_price, unit_named
from riskassess.sheets.reading import RowReading
from riskassess.sheets.results import Problem, quoted, text_of, tidy
from riskassess.sheets.status import split_status

Value = str | int | bool | date | NotApplicable
"""A value as its column holds it; a date of no exact day is text."""

_PLACES = Decimal("1e-10")  # what the price column holds
_DIGITS = Context(prec=15, rounding=ROUND_HALF_EVEN)  # and what SQLite keeps of it
_LARGEST_PRICE = 10**10


@dataclass(frozen=True, slots=True)
class Said:
    """One value that the row states, as written and as read."""

    value: Value
    cell: str
    raw: str


@dataclass(frozen=True, slots=True)
class SaidPrice:
    """One price that the row states; `amount` is None where the cell says that it does not apply."""

    amount: Decimal | None
    unit: str
    currency: str
    cell: str
    raw: str

    def __str__(self) -> str:
        if self.amount is None:
            return "not applicable"
        if self.amount == 0:
            return "free"
        return f"{self.amount.normalize():f} {self.currency} per {self.unit}".replace("  ", " ")


@dataclass(slots=True)
class Entry:
    """A row, understood. With `problems` it cannot be applied; with `skip` it is no entry at all."""

    number: int
    seller: str = ""
    developer: str = ""
    name: str = ""
    listed_id: str = ""
    version: str = ""
    channel: str = ""
    of_model: dict[str, Said] = field(default_factory=dict)
    of_offering: dict[str, Said] = field(default_factory=dict)
    prices: dict[str, SaidPrice] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)
    skip: str = ""

    @property
    def called(self) -> str:
        """What tells it from the seller's other entries: the seller's own id where there is one."""
        return self.listed_id or self.name

    @property
    def first_cell(self) -> str:
        """The cell that names it."""
        return self.cells.get("name") or self.cells.get("listed_id") or f"row {self.number}"


def read_entries(
    rows: Sequence[StoredRow],
    columns: Columns,
    header_row: int,
    *,
    default_vendor: str = "",
) -> list[Entry]:
    """Every row as an entry, in the order of the sheet."""
    beaten = unused(columns)
    addresses = {name: found["column"] for name, found in source_columns(columns).items()}
    letters = {column["field"]: at for at, column in columns.items() if column["field"]}
    names = [c["header"].casefold() for c in columns.values() if c["header"]]
    reading = read_stored(rows, columns, header_row)
    reader = _Reader(addresses, letters, beaten, default_vendor.strip(), names)
    return [reader.entry(row, raw) for row, (_, raw) in zip(reading.rows, rows, strict=True)]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What holds for every row of one sheet."""

    addresses: dict[str, str]  # attribute -> column letters
    letters: dict[str, str]  # field -> column letters
    beaten: set[str]
    default_vendor: str
    header: list[str]

    def entry(self, row: RowReading, raw: list[Any]) -> Entry:
        entry = Entry(row.number, cells={name: f"{at}{row.number}" for name, at in self.addresses.items()})
        entry.problems = [
            {"cell": p.cell, "field": p.field, "what": p.what, "hint": p.hint} for p in row.problems
        ]
        entry.notes = [{"cell": n.cell, "field": n.field, "note": n.note} for n in row.notes]
        for name, stated in row.values.items():
            target = TARGETS.get(name)
            if target is not None and name not in self.beaten:
                self._put(entry, name, target, stated, row)
        self._fill_names(entry, row)
        self._weigh_stages(entry, row)
        if "price_unit" in row.raw or "currency" in row.raw:
            self._apply_row_units(entry, row, raw)
        entry.skip = self._no_entry(entry, raw)
        if entry.skip:
            entry.problems = []
        return entry

    def _put(self, entry: Entry, name: str, target: Target, stated: Stated[object], row: RowReading) -> None:
        """Keeps one stated value where it belongs; what is unknown leaves no trace."""
        cell = f"{self.letters[name]}{row.number}"
        if isinstance(stated, NotApplicable):
            self._put_not_applicable(entry, name, target, cell, row.raw[name])
            return
        if not isinstance(stated, Known):
            return
        value = stated.value
        if isinstance(value, Price):
            self._put_price(entry, name, target.attribute, value, cell, row.raw[name])
        elif isinstance(value, str) and target.longest and len(value) > target.longest:
            entry.problems.append(
                _problem(
                    cell, name, f"The text has {len(value)} characters.", f"Use {target.longest} at most."
                )
            )
        elif target.record == "vendor" and target.attribute != "host":
            setattr(entry, target.attribute, _owner(value) if name == "base_model_owner" else str(value))
        elif target.attribute in {"name", "listed_id", "version", "channel"}:
            text, _ = split_status(str(value)) if target.attribute == "name" else (str(value), None)
            setattr(entry, target.attribute, tidy(text.replace("\n", " ")))
        elif isinstance(value, tuple) and name in SECOND:
            for attribute, half in zip((target.attribute, SECOND[name]), value, strict=True):
                if half is not None:
                    entry.of_model.setdefault(attribute, Said(half, cell, row.raw[name][:500]))
        elif target.record in {"model", "offering", "vendor"}:
            said = _column_value(value, target.attribute)
            if said is None:
                entry.notes.append(
                    _note(cell, name, f"{value} names no day; {LABELS[target.attribute]} needs one")
                )
                return
            where = entry.of_model if target.record == "model" else entry.of_offering
            where[target.attribute] = Said(said, cell, row.raw[name][:500])

    def _put_not_applicable(self, entry: Entry, name: str, target: Target, cell: str, raw: str) -> None:
        if target.record == "price" and name.endswith("_price"):
            entry.prices[target.attribute] = SaidPrice(None, "1M tokens", "", cell, raw[:200])
        elif target.record == "model" and target.attribute != "version":
            entry.of_model[target.attribute] = Said(NOT_APPLICABLE, cell, raw[:500])
        elif target.attribute in {"stage", "retires_on"}:
            entry.of_offering[target.attribute] = Said(NOT_APPLICABLE, cell, raw[:500])

    def _put_price(self, entry: Entry, name: str, kind: str, price: Price, cell: str, raw: str) -> None:
        if price.amount >= _LARGEST_PRICE:
            entry.problems.append(
                _problem(
                    cell, name, f"{price.amount:f} is too large for a price.", "Check the column's unit."
                )
            )
            return
        amount = _DIGITS.plus(price.amount.quantize(_PLACES, rounding=ROUND_HALF_EVEN))
        if amount != price.amount:
            entry.notes.append(_note(cell, name, f"{price.amount:f} kept with 10 decimal places"))
        entry.prices[kind] = SaidPrice(amount, str(price.unit), price.currency, cell, raw[:200])

    def _fill_names(self, entry: Entry, row: RowReading) -> None:
        """The sheet's one vendor where the row names none; the id where the row has no name."""
        if not entry.seller and self.default_vendor:
            entry.seller = self.default_vendor
            entry.problems = [p for p in entry.problems if not self._is_blank(p, "vendor", row)]
        if not entry.name and entry.listed_id:
            entry.name = entry.listed_id
            entry.problems = [p for p in entry.problems if not self._is_blank(p, "model_name", row)]
        for attribute, name, named_by in (
            ("seller", "vendor", {"vendor"}),
            ("name", "model_name", {"model_name", "model_id"}),
        ):
            told = {p["field"] for p in entry.problems} & named_by
            if not getattr(entry, attribute) and not told:
                label = FIELDS[name].label
                at = next((self.letters[n] for n in sorted(named_by) if n in self.letters), "")
                cell = f"{at}{row.number}"
                entry.problems.append(
                    _problem(cell, name, f"{label} is missing.", f"Fill in the {label.lower()}.")
                )

    def _weigh_stages(self, entry: Entry, row: RowReading) -> None:
        """A release stage written with the name: it counts where no other is stated, and is said else."""
        name = row.values.get("model_name")
        _, stage = split_status(str(name.value)) if isinstance(name, Known) else ("", None)
        if stage is None:
            return
        cell, stated = entry.first_cell, entry.of_offering.get("stage")
        if stated is None:
            entry.of_offering["stage"] = Said(str(stage), cell, row.raw["model_name"][:500])
            entry.notes.append(
                _note(cell, "status", f"{stage} taken from the name {quoted(row.raw['model_name'])}")
            )
        elif stated.value != str(stage):
            said = "not applicable" if isinstance(stated.value, NotApplicable) else stated.value
            entry.notes.append(
                _note(
                    cell,
                    "status",
                    f"conflict: the name says {stage}, {stated.cell} says {said}, which is kept",
                )
            )

    @staticmethod
    def _is_blank(problem: dict[str, str], name: str, row: RowReading) -> bool:
        return problem["field"] == name and "is missing" in problem["what"] and name in row.raw

    def _apply_row_units(self, entry: Entry, row: RowReading, raw: list[Any]) -> None:
        """Prices by the row's own unit and currency, where it has columns for them."""
        said_unit, said_currency = (row.values.get(name) for name in ("price_unit", "currency"))
        currency = str(said_currency.value).upper() if isinstance(said_currency, Known) else ""
        if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            cell = f"{self.letters['currency']}{row.number}"
            entry.problems.append(
                _problem(
                    cell, "currency", f"“{currency}” is not a currency.", "Use three letters, such as USD."
                )
            )
            return
        unit = unit_named(str(said_unit.value)) if isinstance(said_unit, Known) else None
        if isinstance(said_unit, Known) and unit is None:
            cell = f"{self.letters['price_unit']}{row.number}"
            entry.problems.append(
                _problem(cell, "price_unit", f"“{said_unit.value}” is no unit we know.", "Such as 1M tokens.")
            )
            return
        for name, at in self.letters.items():
            if not attribute_of(name).startswith("price_") or TARGETS[name].attribute not in entry.prices:
                continue
            old = entry.prices[TARGETS[name].attribute]
            if old.amount is None:
                continue
            column_unit = unit or unit_named(old.unit)
            cell_value = raw[index_of(at)] if unit else None
            result = parse_price(cell_value, column_unit, currency) if unit else None
            if result is not None and not isinstance(result, Problem) and isinstance(result.stated, Known):
                price = result.stated.value
                self._put_price(entry, name, TARGETS[name].attribute, price, old.cell, old.raw)
            elif currency and not old.currency:
                kept = SaidPrice(old.amount, old.unit, currency, old.cell, old.raw)
                entry.prices[TARGETS[name].attribute] = kept

    def _no_entry(self, entry: Entry, raw: list[Any]) -> str:
        """Why the row is no entry: the header again, or a lone heading or footnote; '' for an entry."""
        filled = [(at, cell) for at, cell in enumerate(raw) if cell is not None]
        texts = [tidy(text_of(cell)).casefold() for _, cell in filled]
        if len(filled) > 1 and all(text in self.header for text in texts):
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
    return str(value)


def _owner(value: object) -> str:
    """`owner` of `owner/name`; '' where the text is not of that form."""
    owner, slash, _ = str(value).partition("/")
    return owner.strip() if slash else ""


def _problem(cell: str, name: str, what: str, hint: str) -> dict[str, str]:
    return {"cell": cell, "field": name, "what": what, "hint": hint}


def _note(cell: str, name: str, note: str) -> dict[str, str]:
    return {"cell": cell, "field": name, "note": note}
