"""Correcting one record by hand: what a catalog manager states, with whose word it is, and why.

A fact (`services.COLUMNS`) is stated as an import states it: a value of its own beside what others say, with its
source; which one is current follows from the rule, first-party and newest, unless the manager takes this one over
the others and says why. Nothing that was stated before is overwritten. What is no fact (how a company is called, who
stands behind an offering) is a column: `rewriting` changes it with a reason, and the trail keeps what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from riskassess.accounts.models import User
from riskassess.accounts.roles import Can
from riskassess.catalog.models import Source, SourcedValue, Vendor
from riskassess.catalog.models.source import Kind
from riskassess.catalog.services import COLUMNS, Subject, get_or_make_source, record_value, refresh
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.recording import acting

State = SourcedValue.State
# A vendor's own word: these make the publisher, where it is a vendor on record, speak for itself.
OWN_WORD = frozenset({Kind.VENDOR_DOCUMENT, Kind.VENDOR_STATEMENT, Kind.CONTRACT})


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose word a value is."""

    title: str
    publisher: str
    kind: str
    url: str
    published_on: date


def can_be_stated(subject: Subject, attribute: str) -> bool:
    """Whether `attribute` is a fact of records of this kind."""
    return attribute in COLUMNS[type(subject)]


@transaction.atomic
def state(
    subject: Subject,
    attribute: str,
    value: Any,
    *,
    state: str,
    whose: Whose,
    because: str,
    prefer: bool,
    by: User,
) -> SourcedValue:
    """States one fact. Raises InvalidInput for what its column cannot hold, PermissionDenied, Conflict."""
    by.require(Can.EDIT_CATALOG)
    if not can_be_stated(subject, attribute):
        raise InvalidInput(f"{attribute} is no fact of {subject}.", where="attribute")
    because = reason(because)
    kept = _kept(subject, attribute, value) if state == State.KNOWN else None
    source = source_of(whose)
    try:
        with transaction.atomic(), acting(why=because):
            said, _ = record_value(
                subject, attribute, source=source, value=kept, state=state, as_of=whose.published_on,
                raw="" if value is None else str(value), note=because,
            )  # fmt: skip
            if prefer:
                others = SourcedValue.objects.of(subject).filter(attribute=attribute, preferred=True)
                SourcedValue.objects.filter(pk__in=[one.pk for one in others if one.pk != said.pk]).update(
                    preferred=False
                )
                SourcedValue.objects.filter(pk=said.pk).update(preferred=True)
                refresh(subject, attribute)
    except IntegrityError as error:
        raise Conflict(
            "This does not fit what else is on record.",
            hint="Only a data zone has a zone: correct that first.",
        ) from error
    return said


def _kept(subject: Subject, attribute: str, value: Any) -> Any:
    """A value as it is stored: JSON, of the kind that its column holds."""
    field: Any = subject._meta.get_field(attribute)
    if value in (None, ""):
        raise InvalidInput("Say what it is, or that it is unknown or does not apply.", where="value")
    try:
        read = field.clean(value, subject)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), where="value") from error
    return read.isoformat() if isinstance(read, date) else read


def source_of(whose: Whose) -> Source:
    """The source of this title, publisher and day; made where there is none. InvalidInput for one of a unit."""
    title, publisher = whose.title.strip(), whose.publisher.strip()
    key = {"title": title, "publisher": publisher, "published_on": whose.published_on, "file_sha256": ""}
    found = Source.objects.filter(**key).first()
    if found is not None:
        if found.unit_id is not None:
            raise InvalidInput(
                "A source of this title belongs to one unit, and the catalog is everybody's.",
                hint="Name the source as everybody may read it.",
                where="title",
            )
        return found
    made, _ = get_or_make_source(
        title,
        publisher,
        published_on=whose.published_on,
        kind=whose.kind,
        url=whose.url,
        publisher_vendor=speaks_for_itself(publisher, whose.kind),
    )
    return made


def speaks_for_itself(publisher: str, kind: str) -> Vendor | None:
    """The vendor on record whose own word a document of this kind is; an article is not, whoever is named."""
    return Vendor.objects.named(publisher) if kind in OWN_WORD else None


def reason(because: str) -> str:
    """Why something is corrected. InvalidInput for none."""
    if not (said := because.strip()):
        raise InvalidInput("Say why.", where="because")
    return said
