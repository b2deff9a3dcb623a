"""What one row says: who sells what, and each value with the column it stands in. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from riskassess.catalog.identity import price_key
from riskassess.imports.naming import Named
from riskassess.kernel.places import cell_at
from riskassess.kernel.stated import NotApplicable
from riskassess.sheets.table import is_virtual

Value = str | int | bool | date | NotApplicable
"""A value as its column holds it; a date of no exact day is text."""

Shown = tuple[str | None, str]
"""An old and a new value in words; None is unknown."""


@dataclass(slots=True)
class Said:
    """One value that a cell states, as read, as written and in words.

    Rows whose cells are alike share it: never change one. (Frozen, a sheet's would take thrice as long to make.)
    """

    value: Value
    column: str
    raw: str
    words: str
    fresh: Shown = field(init=False)  # as a change from unknown

    def __post_init__(self) -> None:
        self.fresh = (None, self.words)


@dataclass(slots=True)
class SaidPrice:
    """One price that a cell states, shared and not to be changed; without an `amount` it does not apply."""

    amount: Decimal | None
    unit: str
    currency: str
    column: str
    raw: str
    words: str
    kind: str = ""
    condition: str = ""
    fresh: Shown = field(init=False)

    def __post_init__(self) -> None:
        self.fresh = (None, self.words)

    @property
    def key(self) -> str:
        """What tells it from the entry's other prices."""
        return price_key(self.kind, self.condition)


@dataclass(slots=True)
class SaidRegions:
    """The regions that a cell lists, by their codes: where the offering can be had. Shared, and not to be changed."""

    codes: tuple[str, ...]
    column: str
    raw: str


@dataclass(slots=True)
class Entry:
    """A row, understood. With `problems` it cannot be applied; with `skip` it is no entry at all.

    `over` has the cells of the headings over the row, by the letters of their virtual columns.
    """

    number: int
    columns: Mapping[str, str]  # attribute -> column letters, the same for all rows
    seller: str = ""
    developer: str = ""
    name: str = ""
    listed_id: str = ""
    version: str = ""
    channel: str = ""
    condition: str = ""  # what holds for all prices of the row; '' for the usual ones
    priced: str = ""  # what the row's one price is for, where a cell of it says so
    of_model: dict[str, Said] = field(default_factory=dict)
    of_offering: dict[str, Said] = field(default_factory=dict)
    prices: dict[str, SaidPrice] = field(default_factory=dict)  # by their keys
    offered: SaidRegions | None = None
    regional: SaidRegions | None = None  # where its prices hold, where they hold in one region only
    problems: list[dict[str, str]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    skip: str = ""
    over: Mapping[str, Sequence[str]] = field(default_factory=dict)
    key: str = ""  # the identity of its offering, once its names are those that their records have

    @property
    def called(self) -> str:
        """What tells it from the seller's other entries: the seller's own id where there is one."""
        return self.listed_id or self.name

    @property
    def tier(self) -> str:
        """What tells the row from others that price the same offering."""
        return price_key(self.priced, self.condition) if self.priced else self.condition

    @property
    def named(self) -> Named:
        return Named(
            self.number, self.seller, self.developer, self.name, self.listed_id, self.version, self.channel
        )

    @property
    def first_cell(self) -> str:
        """The cell that names it."""
        return self.cell("name") or self.cell("listed_id") or f"row {self.number}"

    def cell(self, attribute: str) -> str:
        """The cell that states the attribute; '' when no column does."""
        return self.at(self.columns.get(attribute, ""))

    def at(self, letters: str) -> str:
        """The row's cell in a column; of a value that stands over the row, the heading's."""
        if letters in self.over:
            return self.over[letters][0]
        return cell_at(letters, self.number) if letters and not is_virtual(letters) else ""


def shown(value: Value) -> str:
    """A value in words."""
    if isinstance(value, NotApplicable):
        return "not applicable"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def price_in_words(amount: Decimal | None, unit: str, currency: str) -> str:
    """`2.5 USD per 1M tokens`, `free` or `not applicable`."""
    if amount is None:
        return "not applicable"
    if amount == 0:
        return "free"
    return f"{amount.normalize():f} {currency}{' ' if currency else ''}per {unit}"


def as_stored(value: Value) -> object:
    """The value as a sourced value's JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value
