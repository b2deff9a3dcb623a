"""What a row says of its record: what becomes current, what is kept beside, which prices are news. Pure.

The rules are those of `plan`: the newer word counts, and both stay on record.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from riskassess.catalog.identity import model_identity
from riskassess.imports.asking import Question
from riskassess.imports.decisions import Decisions
from riskassess.imports.known import PRICE_COLUMNS, Catalog, KnownOffering, NewStatement, Record, reference
from riskassess.imports.offered import state_regions
from riskassess.imports.ranking import ABOVE, BESIDE, CONFLICTS, conflict, says, why_not
from riskassess.imports.said import Entry, Said, SaidPrice, Shown, Value, shown
from riskassess.imports.stored import address_in


@dataclass(slots=True)
class RowPlan:
    """What one row does, and why."""

    entry: Entry
    outcome: str
    identity: str = ""
    changes: dict[str, Shown] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    offering: KnownOffering | None = None
    near: Question | None = None
    conflicts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return self.entry.number


@dataclass(slots=True)
class Stating:
    """Writes what entries say into the catalog as it would be, and tells their rows."""

    catalog: Catalog
    stated_on: date
    told: Decisions

    def state(self, entry: Entry, offering: KnownOffering, result: RowPlan) -> None:
        if entry.developer:
            self._state_developer(entry, offering, result)
        model = offering.model
        alone = set(model.listings) <= {offering.identity}
        self._state_all(model, entry.of_model, entry, result, alone=alone)
        if "host" in entry.of_offering:
            host = self.catalog.party(str(entry.of_offering["host"].value))
            said = entry.of_offering["host"]
            entry.of_offering["host"] = replace(said, value=host.name, words=host.name)
        self._state_all(offering, entry.of_offering, entry, result, alone=True)
        for said_price in entry.prices.values():
            self._state_price(offering, said_price, entry.number, result)
        if entry.offered is not None:
            state_regions(offering, entry.offered, entry, self.catalog, result)

    def _state_developer(self, entry: Entry, offering: KnownOffering, result: RowPlan) -> None:
        """Fills in who made the model. A different maker is kept beside: it would be another model."""
        model = offering.model
        maker = self.catalog.party(entry.developer)
        if model.developer is maker:
            return
        said = said_name(entry, "developer", maker.name)
        if model.developer is not None:
            self._keep_beside(model, "developer", said, entry, result, ABOVE)
            return
        identity = model_identity(maker.name, model.name, model.version)
        other = self.catalog.models.get(identity)
        result.changes["developer"] = (None, maker.name)
        if other is not None:
            model.listings = tuple(one for one in model.listings if one != offering.identity)
            other.listings += (offering.identity,)
            offering.model, offering.moved = other, True
            return
        self.catalog.models[identity] = model
        model.developer, model.renamed = maker, identity
        self._set(model, "developer", said, entry, {**entry.of_model, "developer": said}, chosen=False)

    def _state_all(
        self, record: Record, said: dict[str, Said], entry: Entry, result: RowPlan, *, alone: bool
    ) -> None:
        values, own = record.values, record.row == entry.number and not record.said
        for attribute, value in said.items():
            if attribute not in values and own:  # a record that this row has just made
                values[attribute] = value.value
                result.changes[attribute] = value.fresh
                continue
            if values.get(attribute) == value.value:
                continue
            why = why_not(record, attribute, on=self.stated_on, source=self.catalog.source, alone=alone)
            taken = bool(why) and attribute in self.told.of(entry.number).get("take", ())
            if why and not taken:
                self._keep_beside(record, attribute, value, entry, result, why)
                continue
            result.changes[attribute] = (_words(values.get(attribute)), value.words)
            self._set(record, attribute, value, entry, said, chosen=taken)

    def _set(
        self,
        record: Record,
        attribute: str,
        value: Said,
        entry: Entry,
        said: dict[str, Said],
        *,
        chosen: bool,
    ) -> None:
        """Makes the value current. Where there was another, both are written down, each with its source."""
        replaces = attribute in record.values
        if replaces:
            self._write_down_current(record, attribute, entry)
        is_its_row = self._take_over(record, entry, said)
        record.set(attribute, value.value)
        if replaces or not is_its_row or record.said.get(attribute):
            note = f"chosen by {self.told.of(entry.number)['by']}" if chosen else ""
            cell = entry.at(value.column)
            record.statements = (
                *record.statements,
                NewStatement(attribute, value.value, value.raw, cell, note, preferred=chosen),
            )

    def _take_over(self, record: Record, entry: Entry, said: dict[str, Said]) -> bool:
        """Whether the record's cells are this row's from now on.

        The first row that changes a record takes it over; what that row does not state keeps its old place,
        as a sourced value. A record with values that no sheet stated stays as it is: they are not this row's.
        """
        if record.row == entry.number:
            return True
        rest = [name for name in record.values if name not in said and name != "name"]
        if record.row or (record.origin is None and rest):
            return False
        for name in rest:
            self._write_down_current(record, name, entry)
        record.row, record.over = entry.number, entry.over
        return True

    def _write_down_current(self, record: Record, attribute: str, entry: Entry) -> None:
        """The current value as a sourced value, unless it is one already or this very sheet said it."""
        if record.said.get(attribute) or any(s.attribute == attribute for s in record.statements):
            return
        origin, value = record.origin, record.values[attribute]
        if origin is None and not record.row:
            return  # typed by a person, without a source to name
        if origin is not None and origin.source == self.catalog.source:
            return
        if record.row:
            origin = None
            cell = address_in(entry.columns.get(attribute, ""), record.row, record.over)
        else:
            cell = origin.cell(attribute) if origin else ""
        record.statements = (
            *record.statements, NewStatement(attribute, value, shown(value), cell, origin=origin),
        )  # fmt: skip

    def _keep_beside(
        self, record: Record, attribute: str, value: Said, entry: Entry, result: RowPlan, why: str
    ) -> None:
        """Writes the value down without making it current; once is enough."""
        if any(says(statement, value.value) for statement in record.said.get(attribute, [])) or any(
            s.attribute == attribute and s.value == value.value for s in record.statements
        ):
            return
        cell = entry.at(value.column)
        beside = NewStatement(attribute, value.value, value.raw, cell, note=BESIDE)
        if attribute in record.values:
            self._write_down_current(record, attribute, entry)
        record.statements = (*record.statements, beside)
        old = _words(record.values.get(attribute))
        result.changes[attribute] = (old, value.words)
        result.notes.append({"cell": cell, "field": attribute, "note": BESIDE})
        if why in CONFLICTS and old is not None:
            result.conflicts[attribute] = conflict(record, attribute, why, cell, old, value.words)

    def _state_price(self, offering: KnownOffering, said: SaidPrice, row: int, result: RowPlan) -> None:
        """Adds the price unless it is the one in effect on the day of the sheet, or this sheet's already."""
        known = offering.prices.get(said.key, [])
        own = [p for p in known if p.source == self.catalog.source and p.on == self.stated_on]
        before = [p for p in known if p.on <= self.stated_on]
        compared = own or before[-1:]
        if compared and compared[-1].is_same(said):
            return
        old = compared[-1].words if compared else None
        amount = None if said.amount is None else f"{said.amount:f}"
        columns = (amount, amount is None, said.unit, said.currency, said.raw, row)
        if own:
            changes = dict(zip(PRICE_COLUMNS[3:], columns, strict=True))
            self.catalog.corrected.append((own[-1].pk, changes))
        else:
            self.catalog.new_prices.append((reference(offering), said.kind, said.condition, *columns))
        result.changes[f"price_{said.key}"] = (old, said.words) if old else said.fresh


def said_name(entry: Entry, attribute: str, name: str) -> Said:
    """A name in the entry's cell for it, by the name its record has."""
    column = entry.columns.get(attribute, "")
    return Said(name, column, str(getattr(entry, attribute)), name)


def _words(value: Value | None) -> str | None:
    """A value in words; None stays unknown."""
    return None if value is None else shown(value)
