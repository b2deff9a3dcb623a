"""What the catalog knows of the records an import may touch, and what the import makes of them. Pure.

One class for a record that exists and for one the import will make: a new one has no `pk` yet. Rows further
down the sheet meet the records that rows above have made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from riskassess.catalog.addresses import cell_in
from riskassess.catalog.identity import normalised
from riskassess.imports.said import SaidPrice, Value, price_in_words
from riskassess.imports.spool import Spool


class Insertable(Protocol):
    """What an import may make: it has an id once it is written."""

    pk: int | None


def pk_of(record: Insertable) -> int:
    """The id of a record that is written by now; one without is referred to too early."""
    if record.pk is None:
        raise RuntimeError(f"{record} is referred to before it is written.")
    return record.pk


_NOTHING: Mapping[str, Any] = MappingProxyType({})  # what many thousand new records share
_ONLY_TIER = ("",)  # of an offering with one row, which is most of them
NO_PRICES: Mapping[str, Any] = _NOTHING
NOT_SAID: Mapping[str, Any] = _NOTHING


def _nothing() -> Mapping[str, Any]:
    return _NOTHING


@dataclass(slots=True, eq=False)
class Party:
    """A vendor, known or to be made. `place` is a new one's place among those that are written, from 1."""

    name: str
    pk: int | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """The imported sheet, the row and the day that a record's values come from."""

    source: int
    row: int | None
    on: date | None
    columns: dict[str, dict[str, Any]]

    def cell(self, attribute: str) -> str:
        return cell_in(self.columns, attribute, self.row)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sourced value that is on record already. `value` is as JSON has it; None when it is not known."""

    value: object
    on: date | None = None
    first_party: bool = False
    not_applicable: bool = False
    source: int | None = None
    preferred: bool = False  # a person chose it over what the rule would pick


@dataclass(slots=True, eq=False)
class NewStatement:
    """A sourced value to write. Without an `origin` it comes from the sheet being imported."""

    attribute: str
    value: Value
    raw: str
    cell: str
    note: str = ""
    origin: Origin | None = None
    preferred: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class Record:
    """A model or an offering: its values now, what was said of them, and what this import changes.

    A new one has no id yet, but a `place` among those that are written, from 1. Of a long list, what is known of
    those on record is recalled while rows that mean them are planned: see `Recalled`.
    """

    identity: str
    pk: int | None = None
    place: int = 0
    known: dict[str, Value] | None = field(default_factory=dict)  # None until it is recalled
    origin: Origin | None = None
    said: Mapping[str, Sequence[Statement]] = field(default_factory=_nothing)
    row: int = 0  # the row that made or moved it in this import; 0 while it is untouched
    over: Mapping[str, Sequence[str]] = field(default_factory=_nothing)  # what stands over that row
    changed: Mapping[str, Value] = field(default_factory=_nothing)  # of a new record the values themselves
    statements: Sequence[NewStatement] = ()

    @property
    def values(self) -> dict[str, Value]:
        """What is known of it, or not applicable. RuntimeError before it is recalled."""
        if self.known is None:
            raise RuntimeError(f"{self.identity} is asked before it is recalled.")
        return self.known

    @property
    def is_touched(self) -> bool:
        """Whether rows of this import say something new of it, or have made it."""
        return bool(self.pk is None or self.changed or self.statements or self.row)

    def set(self, attribute: str, value: Value) -> None:
        """Makes the value current, and notes that it is news."""
        if self.changed is not self.values:
            self.changed = {**self.changed, attribute: value}
        self.values[attribute] = value


@dataclass(slots=True, eq=False, kw_only=True)
class KnownModel(Record):
    """A model. `listings` are the offerings that sell it, by identity."""

    name: str = ""
    version: str = ""
    developer: Party | None = None
    listings: tuple[str, ...] = ()
    renamed: str = ""  # its identity after this import has learnt the developer


@dataclass(frozen=True, slots=True)
class KnownPrice:
    """A price on record."""

    pk: int
    amount: Decimal | None
    unit: str
    currency: str
    on: date
    source: int

    @property
    def words(self) -> str:
        return price_in_words(self.amount, self.unit, self.currency)

    def is_same(self, said: SaidPrice) -> bool:
        """Whether the cell states this price. Free is free, whatever it would be counted in."""
        if self.amount is None or said.amount is None:
            return self.amount is None and said.amount is None
        if self.amount == said.amount == 0:
            return True
        return (self.amount, self.unit, self.currency) == (said.amount, said.unit, said.currency)


@dataclass(slots=True, eq=False, kw_only=True)
class KnownOffering(Record):
    """An offering and its prices by kind and condition, oldest first by day."""

    seller: Party
    model: KnownModel
    name: str = ""
    channel: str = ""
    prices: Mapping[str, Sequence[KnownPrice]] = field(default_factory=_nothing)
    moved: bool = False  # to another model
    claimed_by: str = ""  # the cell of the row that speaks for it in this import
    tiers: tuple[str, ...] = ()  # conditions that rows of this import have priced

    def claim(self, cell: str, tier: str) -> None:
        """Notes the row that speaks for it, by the cell that names it, and what tells its prices from others."""
        self.claimed_by = self.claimed_by or cell
        self.tiers = (*self.tiers, tier) if tier or self.tiers else _ONLY_TIER


@dataclass(frozen=True, slots=True)
class Meant:
    """The records, by their ids, that some rows may say something of."""

    offerings: dict[int, KnownOffering] = field(default_factory=dict)
    models: dict[int, KnownModel] = field(default_factory=dict)


Recalled = Callable[[Meant], AbstractContextManager[object]]
"""Knows all that is on record of some offerings and models, as long as the block runs."""

MarkKey = tuple[int, str, str]
"""An offering's id (of a new one its place, below zero), a deployment type and a region's code, both normalised."""


@dataclass(slots=True, eq=False)
class Catalog:
    """The records an import may meet, and what it makes. Keys are normalised names and identities."""

    parties: dict[str, Party] = field(default_factory=dict)
    models: dict[str, KnownModel] = field(default_factory=dict)
    offerings: dict[str, KnownOffering] = field(default_factory=dict)
    by_name: dict[str, KnownOffering] = field(default_factory=dict)  # where one listing has that name
    source: int | None = None  # of this very sheet, when it was imported before
    new_models: list[KnownModel] = field(default_factory=list)
    new_offerings: list[KnownOffering] = field(default_factory=list)
    new_prices: Spool[tuple[Any, ...]] = field(default_factory=Spool)  # as rows of `PRICE_COLUMNS`
    corrected: list[tuple[int, dict[str, Any]]] = field(
        default_factory=list
    )  # prices of this sheet, read anew
    aliases: list[tuple[str, int]] = field(
        default_factory=list
    )  # other names of vendors, as a person explained
    spellings: list[tuple[str, str, KnownOffering]] = field(default_factory=list)  # key, as said, offering
    regions: dict[str, list[tuple[int, int | None]]] = field(
        default_factory=dict
    )  # code or name -> (region, provider)
    marked: dict[MarkKey, dict[int | None, str]] = field(
        default_factory=dict
    )  # what is on record, or said by a row above: source -> mark
    new_marks: Spool[tuple[Any, ...]] = field(default_factory=Spool)  # as rows of `MARK_COLUMNS`

    def party(self, name: str) -> Party:
        """The vendor of that name; a new one where none is known."""
        key = normalised(name)
        return self.parties.get(key) or self.parties.setdefault(key, Party(name))


PRICE_COLUMNS = (
    "offering_id",
    "kind",
    "condition",
    "amount",
    "not_applicable",
    "unit",
    "currency",
    "raw",
    "row",
)


MARK_COLUMNS = (
    "offering_id",
    "deployment",
    "scope",
    "code",
    "region_id",
    "mark",
    "raw",
    "row",
    "cell",
)


class Placed(Protocol):
    """What may be new."""

    pk: int | None
    place: int


P = TypeVar("P", bound=Placed)


def reference(record: Placed) -> int:
    """A record's id; of a new one its place among the new ones, below zero."""
    return -record.place if record.pk is None else record.pk


def placed(record: P, among: list[P]) -> P:
    """A new record with its place at the end of the new ones."""
    among.append(record)
    record.place = len(among)
    return record
