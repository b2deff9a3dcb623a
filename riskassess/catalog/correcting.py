"""Correcting one record by hand: what a catalog manager states, with whose word it is, and why.

A fact (`services.COLUMNS`) is stated as an import states it: a value of its own beside what others say, with its
source; which one is current follows from the rule, first-party and newest, unless the manager takes this one over
the others and says why. Nothing that was stated before is overwritten. What is no fact (how a company is called, who
stands behind an offering) is a column: it changes with a reason, and the trail keeps what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from riskassess.accounts.models import User
from riskassess.accounts.roles import Can
from riskassess.catalog.identity import model_identity, offering_identity
from riskassess.catalog.models import AIModel, Offering, Source, SourcedValue, Vendor, VendorAlias
from riskassess.catalog.models.source import Kind
from riskassess.catalog.services import COLUMNS, PARTIES, Subject, get_or_make_source, record_value, refresh
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.recording import acting

State = SourcedValue.State
# A vendor's own word: these make the publisher, where it is a vendor on record, speak for itself.
OWN_WORD = frozenset({Kind.VENDOR_DOCUMENT, Kind.VENDOR_STATEMENT, Kind.CONTRACT})
VENDOR_COLUMNS = ("name", "parent", "lei", "website", "summary")
OFFERING_COLUMNS = ("contracting_entity", "host", "infra_operator", "model_operator", "docs_url")


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
    because = _reason(because)
    kept = _kept(subject, attribute, value) if state == State.KNOWN else None
    source = _source_of(whose)
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


def _source_of(whose: Whose) -> Source:
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
    own = Vendor.objects.named(publisher) if whose.kind in OWN_WORD else None
    made, _ = get_or_make_source(
        title,
        publisher,
        published_on=whose.published_on,
        kind=whose.kind,
        url=whose.url,
        publisher_vendor=own,
    )
    return made


def _reason(because: str) -> str:
    if not (said := because.strip()):
        raise InvalidInput("Say why.", where="because")
    return said


# --- what is no fact --------------------------------------------------------------------------------


@transaction.atomic
def correct_vendor(
    vendor: Vendor, columns: Mapping[str, Any], aliases: Collection[str], *, because: str, by: User
) -> None:
    """Other columns and aliases. A vendor that is renamed keeps its address, and its old name as an alias: lists that
    write it still find it. Raises InvalidInput, PermissionDenied."""
    by.require(Can.EDIT_CATALOG)
    with acting(why=_reason(because)):
        old = vendor.name
        wanted = dict.fromkeys(name for one in aliases if (name := " ".join(one.split())))
        _set(vendor, {name: columns[name] for name in VENDOR_COLUMNS})
        vendor.ultimate_parent()  # refuses a circle
        if vendor.name != old:
            wanted.setdefault(old)
            _identify_anew(vendor)
        _set_aliases(vendor, wanted)


def correct_offering(offering: Offering, columns: Mapping[str, Any], *, because: str, by: User) -> None:
    """Other parties or documentation. Raises InvalidInput, PermissionDenied."""
    by.require(Can.EDIT_CATALOG)
    with acting(why=_reason(because)):
        _set(offering, {name: columns[name] for name in OFFERING_COLUMNS})


def _set(record: Vendor | Offering, columns: Mapping[str, Any]) -> None:
    differing = {name: value for name, value in columns.items() if getattr(record, name) != value}
    for name, value in differing.items():
        setattr(record, name, value)
    try:
        record.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(" ".join(messages), where=field if field in columns else "name") from error
    if differing:
        record.save()


def _set_aliases(vendor: Vendor, wanted: Collection[str]) -> None:
    lowered = {name.lower(): name for name in wanted if name.lower() != vendor.name.lower()}
    for alias in vendor.aliases.all():
        if lowered.pop(alias.name.lower(), None) is None:
            alias.delete()
    for name in lowered.values():
        other = Vendor.objects.named(name)
        if other is not None and other.pk != vendor.pk:
            raise InvalidInput(f"“{name}” is what {other} is called.", where="aliases")
        VendorAlias.objects.create(vendor=vendor, name=name)


def _identify_anew(vendor: Vendor) -> None:
    """What the vendor makes or sells is told apart by its name: lists that bring the new one find the same records."""
    for model in AIModel.objects.filter(developer=vendor):
        identity = model_identity(vendor.name, str(model), model.version)
        _identify(AIModel, model.pk, identity, str(model))
    for offering in Offering.objects.filter(seller=vendor).select_related("model"):
        identity = offering_identity(vendor.name, offering.name, offering.model.version, offering.channel)
        _identify(Offering, offering.pk, identity, str(offering))


def _identify(kind: type[AIModel] | type[Offering], pk: int, identity: str, called: str) -> None:
    if kind.objects.filter(identity=identity).exclude(pk=pk).exists():
        raise InvalidInput(f"Under this name there is {called} already.", where="name")
    kind.objects.filter(pk=pk).exclude(identity=identity).update(identity=identity)


def resting_on_record(subject: Subject) -> set[int]:
    """The offerings whose facts a correction of the record may move: by themselves, their models, or their companies,
    those of the group included."""
    if isinstance(subject, Offering):
        return {subject.pk}
    if isinstance(subject, AIModel):
        return set(subject.offerings.values_list("pk", flat=True))
    group = [subject.pk, *subject.subsidiaries.values_list("pk", flat=True)]
    parties = Q(model__developer__in=group) | Q(model__co_developers__in=group)
    for party in PARTIES:
        parties |= Q(**{f"{party}__in": group})
    return set(Offering.objects.filter(parties).values_list("pk", flat=True))
