"""What the catalog knows of the records an import may touch, and what the import makes of them. Pure.

One class for a record that exists and for one the import will make: a new one has no `pk` yet. Rows further
down the sheet meet the records that rows above have made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from riskassess.catalog.addresses import cell_in
from riskassess.imports.said import Value


class Insertable(Protocol):
    """What an import may make: it has an id once it is written."""

    pk: int | None


def pk_of(record: Insertable) -> int:
    """The id of a record that is written by now; one without is referred to too early."""
    if record.pk is None:
        raise RuntimeError(f"{record} is referred to before it is written.")
    return record.pk


@dataclass(slots=True, eq=False)
class Party:
    """A vendor, known or to be made."""

    name: str
    pk: int | None = None


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
    """A model or an offering: its values now, what was said of them, and what this import changes."""

    identity: str
    pk: int | None = None
    values: dict[str, Value] = field(default_factory=dict)  # only what is known or not applicable
    origin: Origin | None = None
    said: dict[str, list[Statement]] = field(default_factory=dict)
    row: int = 0  # the row that made or moved it in this import; 0 while it is untouched
    changed: dict[str, Value] = field(default_factory=dict)  # of a new record the values themselves
    statements: list[NewStatement] = field(default_factory=list)


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


@dataclass(slots=True, eq=False)
class NewPrice:
    """A price to write; `replaces` the reading of the same cell under an earlier mapping."""

    kind: str
    condition: str
    amount: Decimal | None
    unit: str
    currency: str
    raw: str
    row: int
    replaces: int | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class KnownOffering(Record):
    """An offering and its prices by kind and condition, oldest first by day."""

    seller: Party
    model: KnownModel
    name: str = ""
    channel: str = ""
    prices: dict[str, list[KnownPrice]] = field(default_factory=dict)
    new_prices: list[NewPrice] = field(default_factory=list)
    moved: bool = False  # to another model
    claimed_by: str = ""  # the cell of the row that speaks for it in this import
    tiers: tuple[str, ...] = ()  # conditions that rows of this import have priced


@dataclass(slots=True, eq=False)
class Catalog:
    """The records an import may meet. Keys are normalised names and identities."""

    parties: dict[str, Party] = field(default_factory=dict)
    models: dict[str, KnownModel] = field(default_factory=dict)
    offerings: dict[str, KnownOffering] = field(default_factory=dict)
    by_name: dict[str, KnownOffering] = field(default_factory=dict)  # where one listing has that name
    source: int | None = None  # of this very sheet, when it was imported before
    aliases: list[tuple[str, int]] = field(
        default_factory=list
    )  # spellings of vendors, explained by a person
    spellings: list[tuple[str, str, KnownOffering]] = field(default_factory=list)  # key, as said, offering
