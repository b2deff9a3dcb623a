"""What each file of the briefing may say, one dataclass a kind of entry. References are keys of entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class SourceEntry:
    title: str
    publisher: str
    kind: str
    vendor: str | None = None  # the publisher, when it is a vendor of the briefing
    url: str = ""
    published_on: date | None = None
    checked_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """What one source says of one attribute; a `state` of unknown or not_applicable has no `value`."""

    attribute: str
    source: str
    value: Any = None
    state: str = "known"
    raw: str = ""
    unit: str = ""
    as_of: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class VendorEntry:
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    country: str | None = None
    website: str = ""
    summary: str = ""
    values: tuple[ValueEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelEntry:
    developer: str
    name: str | None = None
    label: str = ""
    version: str | None = None
    family: str | None = None
    modality: str | None = None
    purpose: str | None = None
    co_developers: tuple[str, ...] = ()
    values: tuple[ValueEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    role: str
    source: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """`amount` is text, so that no digit is lost; without it the price does not apply."""

    kind: str
    source: str
    as_of: date
    amount: str | None = None
    unit: str = "1M tokens"
    currency: str = "USD"
    raw: str = ""


@dataclass(frozen=True, slots=True)
class OfferingEntry:
    model: str
    name: str
    channel: str
    seller: str | None = None
    contracting_entity: str | None = None
    host: str | None = None
    infra_operator: str | None = None
    model_operator: str | None = None
    docs_url: str = ""
    places: tuple[PlaceEntry, ...] = ()
    prices: tuple[PriceEntry, ...] = ()
    values: tuple[ValueEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class PartnershipEntry:
    host: str
    developer: str
    source: str
    equity_pct: str | None = None
    exclusivity: bool | None = None
    board_right: bool | None = None
    compute_dependency: bool | None = None
    cma_status: str | None = None
    changed_since_decision: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class LinkEntry:
    source: str
    relation: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    vendor: str
    title: str
    statement: str
    kind: str
    substantiation: int
    verification: int
    interest: str
    sources: tuple[LinkEntry, ...]
    model: str | None = None
    offering: str | None = None
    headline: bool = False
    decides: dict[str, int] = field(default_factory=dict)
    made_on: date | None = None


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    vendor: str
    text: str
    decides: str
    raised_on: date
    proof: str = ""
    model: str | None = None
    offering: str | None = None
    claim: str | None = None


@dataclass(frozen=True, slots=True)
class PointEntry:
    vendor: str
    section: str
    position: int
    title: str
    detail: str = ""
    affected: str = ""
    bears_on: str = ""
    claim: str | None = None
    question: str | None = None
    source: str | None = None
    offering: str | None = None


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    vendor: str
    source: str
    framing: str
    position: int
    only_here: str = ""
    first_report: bool = False


@dataclass(frozen=True, slots=True)
class PersonEntry:
    name: str
    unit: str
    role: str


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """`level` for factors and levels of use, `value` for everything else."""

    value: Any = None
    level: int | list[int] | None = None
    state: str = "known"
    reliability: str = ""
    verification: int | None = None
    interest: str = ""
    source: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentEntry:
    offering: str
    unit: str
    by: str  # e-mail address of the assessor
    use_case: str
    as_of: date
    answers: dict[str, Any]
    description: str = ""
