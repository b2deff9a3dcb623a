"""What each row would do to the catalog: new, update, unchanged, skip, invalid, ask or conflict. Pure.

1. A row's offering is found by the seller's own id, else by its name where no other row has that name.
2. A value that is unknown so far is set. One that differs replaces the old one when it is the newer word;
   what a person chose, a first-party value, a newer one or one of the same day stays, and the new one is kept
   beside it. So two lists that disagree, imported in turns, change nothing after the first round.
3. A row that is close to a known record waits for a person to say whether it is the same.
4. An empty cell says nothing. `N/A` says that the question does not arise. 0 is a price: free.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from riskassess.catalog.identity import model_identity, normalised
from riskassess.imports.asking import Question, asked, questions
from riskassess.imports.decisions import NOTHING_DECIDED, SAME, Decisions
from riskassess.imports.known import (
    PRICE_COLUMNS,
    Catalog,
    KnownModel,
    KnownOffering,
    NewStatement,
    Party,
    Recalled,
    Record,
    placed,
    reference,
)
from riskassess.imports.naming import Named, by_known_names, model_key, name_key, offering_key
from riskassess.imports.offered import state_regions
from riskassess.imports.outcomes import counted
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
class Plan:
    """All rows in the order of the sheet, and the catalog as it would be.

    A long sheet is planned while its rows are read: then they can be read once, and the counts and the catalog
    are whole when they have been.
    """

    rows: Iterable[RowPlan]
    catalog: Catalog
    tally: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> dict[str, int]:
        """Rows read, and how many met each outcome: the parts always sum to the whole."""
        return counted(self.tally)


def plan(
    entries: Sequence[Entry], catalog: Catalog, *, stated_on: date, told: Decisions = NOTHING_DECIDED
) -> Plan:
    """The plan of these entries. `catalog` is changed as if it were applied: use a fresh one each time."""
    sound = [entry.named for entry in entries if not (entry.problems or entry.skip)]
    planned = plan_later(sound, lambda: iter([entries]), catalog, stated_on=stated_on, told=told)
    planned.rows = list(planned.rows)
    return planned


def plan_later(
    named: Iterable[Named],
    portions: Callable[[], Iterator[Sequence[Entry]]],
    catalog: Catalog,
    *,
    stated_on: date,
    told: Decisions = NOTHING_DECIDED,
    recalled: Recalled = nullcontext,
) -> Plan:
    """`plan`, made while its rows are read, some at a time. `named` are the names of all entries that may be applied.

    While a portion is planned, the offerings that it may mean are `recalled`.
    """
    parties = catalog.parties
    names = [by_known_names(one, parties) for one in named]
    often = Counter(map(name_key, names))
    planner = _Planner(catalog, stated_on, {key for key, count in often.items() if count > 1}, told)
    if any(one.get("as") == SAME for one in told.rows.values()):
        planner.by_pk = {o.pk: o for o in catalog.offerings.values() if o.pk is not None}
    if told.asks:
        planner.asks = questions(names, catalog, told, lambda one: planner.find(one, offering_key(one)))
    planned = Plan((), catalog)
    planned.rows = _rows(planner, portions, planned.tally, recalled)
    return planned


def _rows(
    planner: _Planner,
    portions: Callable[[], Iterator[Sequence[Entry]]],
    tally: Counter[str],
    recalled: Recalled,
) -> Iterator[RowPlan]:
    for portion in portions():
        with recalled(planner.meant(portion)):
            for entry in portion:
                row = planner.row(entry)
                tally[row.outcome] += 1
                yield row


@dataclass(slots=True)
class _Planner:
    catalog: Catalog
    stated_on: date
    shared: Collection[str]  # name identities that several rows have
    told: Decisions
    by_pk: dict[int, KnownOffering] = field(default_factory=dict)
    asks: dict[int, Question] = field(default_factory=dict)

    def row(self, entry: Entry) -> RowPlan:
        if entry.skip:
            what = {"cell": entry.first_cell, "field": "", "what": entry.skip, "hint": ""}
            return RowPlan(entry, "skip", problems=[what])
        if entry.problems:
            return RowPlan(entry, "invalid", problems=entry.problems, notes=entry.notes)
        self._use_known_names(entry)
        if ask := self.asks.get(entry.number):
            return RowPlan(entry, "ask", problems=[asked(entry, ask)], notes=entry.notes, near=ask)
        identity = offering_key(entry)
        offering = self.find(entry, identity)
        if offering is not None and offering.claimed_by and entry.tier in offering.tiers:
            return self._repeated(entry, offering)
        if entry.number in self.told.done:
            if offering is not None:
                offering.claimed_by = offering.claimed_by or entry.first_cell
                offering.tiers += (entry.tier,)
            return RowPlan(entry, "done", offering=offering)
        result = RowPlan(entry, "unchanged", notes=list(entry.notes))
        if offering is None:
            offering = self._new_offering(entry, identity)
            result.outcome = "new"
        elif entry.listed_id and normalised(entry.name) != normalised(offering.name):
            entry.of_offering["name"] = _said(entry, "name", entry.name)
        offering.claimed_by = offering.claimed_by or entry.first_cell
        offering.tiers += (entry.tier,)
        result.offering, result.identity = offering, offering.identity
        self._state(entry, offering, result)
        if result.conflicts:
            result.outcome = "conflict"
        elif result.changes and result.outcome == "unchanged":
            result.outcome = "update"
        return result

    # --- which record ---------------------------------------------------------------------------------

    def meant(self, entries: Sequence[Entry]) -> list[KnownOffering]:
        """The offerings on record that these entries may state prices or places of."""
        met: dict[int, KnownOffering] = {}
        for entry in entries:
            if (entry.prices or entry.offered) and not (entry.skip or entry.problems):
                self._use_known_names(entry)
                found = self.find(entry, offering_key(entry))
                if found is not None and found.pk is not None:
                    met[found.pk] = found
        return list(met.values())

    def _use_known_names(self, entry: Entry) -> None:
        for attribute in ("seller", "developer"):
            party = self.catalog.parties.get(normalised(getattr(entry, attribute)))
            if party is not None:
                setattr(entry, attribute, party.name)

    def _party(self, name: str) -> Party:
        key = normalised(name)
        return self.catalog.parties.get(key) or self.catalog.parties.setdefault(key, Party(name))

    def find(self, entry: Entry | Named, identity: str) -> KnownOffering | None:
        """The offering that the row means; a person's word on it comes first."""
        told = self.told.of(entry.number)
        if told.get("as") == SAME and told["record"] in self.by_pk:
            meant = self.by_pk[told["record"]]
            if identity not in self.catalog.offerings:
                self.catalog.offerings[identity] = meant
                self.catalog.spellings.append((identity, entry.called, meant))
            return meant
        found = self.catalog.offerings.get(identity)
        if found is not None:
            return found
        by_name = name_key(entry)
        if not entry.listed_id:
            found = self.catalog.by_name.get(by_name)
        if found is None and by_name not in self.shared:
            found = self.catalog.offerings.get(by_name)
        return found

    def _repeated(self, entry: Entry, offering: KnownOffering) -> RowPlan:
        what = {
            "cell": entry.first_cell,
            "field": "model_name",
            "what": f"“{entry.called}” of {entry.seller} is in {offering.claimed_by} already.",
            "hint": "The first row counts. Give the rows different ids, versions or channels to keep both.",
        }
        return RowPlan(entry, "skip", offering.identity, problems=[what], notes=entry.notes)

    def _new_offering(self, entry: Entry, identity: str) -> KnownOffering:
        model = self._model(entry)
        model.listings += (identity,)
        made = KnownOffering(
            identity=identity,
            name=entry.name,
            channel=entry.channel,
            seller=self._party(entry.seller),
            model=model,
            row=entry.number,
            over=entry.over,
        )
        made.changed = made.values
        self.catalog.offerings[identity] = made
        return placed(made, self.catalog.new_offerings)

    def _model(self, entry: Entry) -> KnownModel:
        identity = model_key(entry)
        found = self.catalog.models.get(identity)
        if found is None:
            developer = self._party(entry.developer) if entry.developer else None
            found = KnownModel(
                identity=identity,
                values={"developer": developer.name} if developer else {},
                name=entry.name,
                version=entry.version,
                developer=developer,
                row=entry.number,
                over=entry.over,
            )
            found.changed = found.values
            self.catalog.models[identity] = placed(found, self.catalog.new_models)
        return found

    # --- what is said of it ---------------------------------------------------------------------------

    def _state(self, entry: Entry, offering: KnownOffering, result: RowPlan) -> None:
        if entry.developer:
            self._state_developer(entry, offering, result)
        model = offering.model
        alone = set(model.listings) <= {offering.identity}
        self._state_all(model, entry.of_model, entry, result, alone=alone)
        if "host" in entry.of_offering:
            host = self._party(str(entry.of_offering["host"].value))
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
        maker = self._party(entry.developer)
        if model.developer is maker:
            return
        said = _said(entry, "developer", maker.name)
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


def _said(entry: Entry, attribute: str, name: str) -> Said:
    """A name in the entry's cell for it, by the name its record has."""
    column = entry.columns.get(attribute, "")
    return Said(name, column, str(getattr(entry, attribute)), name)


def _words(value: Value | None) -> str | None:
    """A value in words; None stays unknown."""
    return None if value is None else shown(value)
