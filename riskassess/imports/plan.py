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
from dataclasses import dataclass, field
from datetime import date

from riskassess.catalog.identity import model_identity, normalised
from riskassess.imports.asking import Question, asked, questions
from riskassess.imports.decisions import NOTHING_DECIDED, SAME, Decisions
from riskassess.imports.known import (
    Catalog,
    KnownModel,
    KnownOffering,
    Meant,
    Recalled,
    placed,
)
from riskassess.imports.naming import Named, by_known_names, model_key, name_key, offering_key
from riskassess.imports.outcomes import counted
from riskassess.imports.said import Entry
from riskassess.imports.stating import RowPlan, Stating, said_name


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

    While a portion is planned, the records that it may mean are `recalled`.
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
    knows_records: bool = field(init=False)  # whether any are on record that entries could mean
    stating: Stating = field(init=False)

    def __post_init__(self) -> None:
        self.knows_records = bool(self.catalog.offerings or self.catalog.models)
        self.stating = Stating(self.catalog, self.stated_on, self.told)

    def row(self, entry: Entry) -> RowPlan:
        if entry.skip:
            what = {"cell": entry.first_cell, "field": "", "what": entry.skip, "hint": ""}
            return RowPlan(entry, "skip", problems=[what])
        if entry.problems:
            return RowPlan(entry, "invalid", problems=entry.problems, notes=entry.notes)
        identity = self._key(entry)
        if ask := self.asks.get(entry.number):
            return RowPlan(entry, "ask", problems=[asked(entry, ask)], notes=entry.notes, near=ask)
        offering = self.find(entry, identity)
        if offering is not None and offering.claimed_by and entry.tier in offering.tiers:
            return self._repeated(entry, offering)
        if entry.number in self.told.done:
            if offering is not None:
                offering.claim(entry.first_cell, entry.tier)
            return RowPlan(entry, "done", offering=offering)
        result = RowPlan(entry, "unchanged", notes=list(entry.notes))
        if offering is None:
            offering = self._new_offering(entry, identity)
            result.outcome = "new"
        elif entry.listed_id and normalised(entry.name) != normalised(offering.name):
            entry.of_offering["name"] = said_name(entry, "name", entry.name)
        offering.claim(entry.first_cell, entry.tier)
        result.offering, result.identity = offering, offering.identity
        self.stating.state(entry, offering, result)
        if result.conflicts:
            result.outcome = "conflict"
        elif result.changes and result.outcome == "unchanged":
            result.outcome = "update"
        return result

    # --- which record ---------------------------------------------------------------------------------

    def meant(self, entries: Sequence[Entry]) -> Meant:
        """The records that these entries may say something of."""
        meant, models = Meant(), self.catalog.models
        for entry in entries if self.knows_records else ():
            if entry.skip or entry.problems:
                continue
            found = self.find(entry, self._key(entry))
            if found is not None and found.pk is not None:
                meant.offerings[found.pk] = found
            model = found.model if found is not None else models.get(model_key(entry))
            of_maker = self._made_by(entry, model) if entry.developer and model is not None else None
            for one in (model, of_maker):
                if one is not None and one.pk is not None:
                    meant.models[one.pk] = one
        return meant

    def _made_by(self, entry: Entry, model: KnownModel) -> KnownModel | None:
        """The model that this one turns out to be, should the entry be the first to name the maker."""
        if model.developer is not None:
            return None
        return self.catalog.models.get(model_identity(entry.developer, model.name, model.version))

    def _key(self, entry: Entry) -> str:
        """The identity of its offering, by the names that the records of its vendors have."""
        if not entry.key:
            parties = self.catalog.parties
            if seller := parties.get(normalised(entry.seller)):
                entry.seller = seller.name
            if entry.developer and (developer := parties.get(normalised(entry.developer))):
                entry.developer = developer.name
            entry.key = offering_key(entry)
        return entry.key

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
            seller=self.catalog.party(entry.seller),
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
            developer = self.catalog.party(entry.developer) if entry.developer else None
            found = KnownModel(
                identity=identity,
                known={"developer": developer.name} if developer else {},
                name=entry.name,
                version=entry.version,
                developer=developer,
                row=entry.number,
                over=entry.over,
            )
            found.changed = found.values
            self.catalog.models[identity] = placed(found, self.catalog.new_models)
        return found
