"""What the pages of one record print: stated values with their sources, conflicts, parties, places, prices.

Everything is made from rows that are loaded already, so a template has nothing left to ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import DateField

from riskassess import marks
from riskassess.catalog.fields import country_name
from riskassess.catalog.lists import price_cell
from riskassess.catalog.models import AIModel, Offering, OfferingPlace, Price, Source, SourcedValue, Vendor
from riskassess.kernel.stated import NotApplicable

State = SourcedValue.State

LABELS = {
    "hq_country": "Headquarters",
    "context_tokens": "Context",
    "max_output_tokens": "Longest answer",
    "modality": "Kind",
    "general_purpose": "General-purpose model",
    "systemic_risk": "Systemic risk",
    "placed_on_eu_market": "Placed on the EU market",
    "stage": "Release stage",
    "stage_since": "Stage since",
    "retires_on": "Retires on",
    "subprocessors_listed": "Sub-processors listed in full",
    "product_in_sms_scope": "In scope of the CMA's SMS investigation",
    "preview_covered": "Preview covered by the data-processing terms",
}
UNITS = {"context_tokens": "tokens", "max_output_tokens": "tokens"}
MODEL_FACTS = (
    "purpose", "family", "version", "modality", "context_tokens", "max_output_tokens", "knowledge_cutoff",
    "released", "licence", "open_weights", "general_purpose", "systemic_risk", "placed_on_eu_market",
)  # fmt: skip
OFFERING_FACTS = ("deployment", "zone", "stage", "stage_since", "retires_on", "subprocessors_listed")
VENDOR_FACTS = ("hq_country",)


def label_of(attribute: str) -> str:
    return LABELS.get(attribute, attribute.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True)
class Line:
    """One value as one source states it."""

    shown: str
    source: Source | None
    cell: str
    as_of: date | None
    first_party: bool
    current: bool
    note: str = ""
    known: bool = True
    via: Source | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One attribute: the current value first, then what else is on record."""

    label: str
    lines: tuple[Line, ...]
    conflict: bool

    @property
    def current(self) -> Line:
        return self.lines[0]

    @property
    def rivals(self) -> tuple[str, ...]:
        """What else is stated, each value once."""
        others = (line.shown for line in self.lines)
        return tuple(dict.fromkeys(other for other in others if other != self.current.shown))


def shown(value: Any, unit: str = "") -> str:
    """A value as people write it; the unknown mark for None."""
    if value is None:
        return marks.unknown()
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int):
        text = f"{value:,}"
    elif isinstance(value, date):
        text = marks.day(value)
    elif isinstance(value, list | tuple):
        text = ", ".join(shown(part) for part in value)
    elif isinstance(value, dict):
        text = ", ".join(f"{name.replace('_', ' ')} {shown(part)}" for name, part in value.items())
    else:
        text = str(value)
    return f"{text} {unit}".strip()


def facts_of(record: Vendor | AIModel | Offering, values: Iterable[SourcedValue]) -> list[Fact]:
    """What is known of a record: its own columns in their order, then whatever else sources state.

    `values` come best first, as `SourcedValue.objects.of(record)` gives them.
    """
    stated = {name: list(group) for name, group in groupby(values, key=lambda value: value.attribute)}
    own = {Vendor: VENDOR_FACTS, AIModel: MODEL_FACTS, Offering: OFFERING_FACTS}[type(record)]
    facts = [_fact(record, name, stated.pop(name, [])) for name in own]
    return facts + [_fact(None, name, said) for name, said in stated.items()]


def conflicts_in(facts: Iterable[Fact]) -> list[Fact]:
    """The attributes on which sources disagree."""
    return [fact for fact in facts if fact.conflict]


def _fact(record: Vendor | AIModel | Offering | None, name: str, said: list[SourcedValue]) -> Fact:
    if not said and record is not None:
        return Fact(label_of(name), (_own_line(record, name),), conflict=False)
    lines = tuple(_line(record, value, current=value is said[0]) for value in said)
    different = {str(value.value) for value in said if value.state == State.KNOWN}
    return Fact(label_of(name), lines, conflict=len(different) > 1)


def _line(record: Vendor | AIModel | Offering | None, value: SourcedValue, *, current: bool) -> Line:
    known = value.state == State.KNOWN
    if known:
        text = _written(record, value.attribute, value.value, value.unit)
    else:
        text = marks.unknown() if value.state == State.UNKNOWN else marks.not_applicable()
    return Line(
        text, value.source, value.cell, value.as_of, value.first_party, current, value.note, known, value.via
    )


def _written(record: Any, name: str, value: Any, unit: str = "") -> str:
    """A value in the words of its column: a choice by its label, a country by name, a day as a day."""
    unit = unit or UNITS.get(name, "")
    if record is None or value is None:
        return shown(value, unit)
    if name == "hq_country":
        return country_name(value)
    column = record._meta.get_field(name)
    if isinstance(column, DateField):
        return shown(column.to_python(value))
    return str(dict(column.choices or ()).get(value, "")) or shown(value, unit)


def _own_line(record: Vendor | AIModel | Offering, name: str) -> Line:
    """The column itself, where no source states it apart; an imported one leads to its cell."""
    value = getattr(record, name)
    text = marks.unknown() if value is None else _written(record, name, value)
    if isinstance(record, Vendor):
        return Line(text, None, "", None, False, True, known=value is not None)
    if isinstance(record.stated(name), NotApplicable) or _does_not_arise(record, name):
        return Line(marks.not_applicable(), record.origin, "", None, False, True)
    origin = record.origin if value is not None else None
    cell = origin.cell(name, record.origin_row) if origin else ""
    return Line(text, origin, cell, None, False, True, known=value is not None)


def _does_not_arise(record: AIModel | Offering, name: str) -> bool:
    """Only a data zone has a zone."""
    return isinstance(record, Offering) and name == "zone" and record.deployment not in {None, "data_zone"}


# --- parties, places, prices --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Party:
    """One link of the chain between the buyer and the machine; without a vendor nobody has said who."""

    role: str
    vendor: Vendor | None
    note: str = ""


def chain_of(offering: Offering) -> list[Party]:
    """Developer to host, the order in which a request passes through their hands. No query."""
    parties = (
        ("Developer", offering.model.developer),
        ("Seller", offering.seller),
        ("Contracting entity", offering.contracting_entity),
        ("Model operator", offering.model_operator),
        ("Infrastructure", offering.infra_operator),
        ("Host", offering.host),
    )
    return [Party(role, vendor, vendor.country if vendor else "") for role, vendor in parties]


@dataclass(frozen=True, slots=True)
class Places:
    """Where one thing happens to the data; no places means nobody has said."""

    role: str
    places: tuple[OfferingPlace, ...]


def places_of(offering: Offering) -> list[Places]:
    """Storage, inference and access, each with its places. No query after `prefetch_related`."""
    rows = list(offering.places.all())
    return [
        Places(role.label, tuple(row for row in rows if row.role == role.value))
        for role in OfferingPlace.Role
    ]


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One stated price; the newest of its kind is the current one."""

    kind: str
    shown: str
    as_of: date
    source: Source
    cell: str
    raw: str
    current: bool


def prices_of(prices: Iterable[Price]) -> list[PriceLine]:
    """All prices by kind and condition, the current one first. Their sources are loaded."""
    lines: list[PriceLine] = []
    for called, group in groupby(prices, key=lambda price: price.called):
        for number, price in enumerate(group):
            lines.append(_price_line(price, called, current=number == 0))
    return lines


def _price_line(price: Price, kind: str, *, current: bool) -> PriceLine:
    return PriceLine(kind, price_cell(price), price.as_of, price.source, price.cell, price.raw, current)
