"""Other columns of a record, by hand: how it is called, who stands behind it, where it is, what it costs.

A column changes with a reason, and the trail keeps what it was. What tells the record apart changes with it, and what
follows from it elsewhere (`following`): identities of what a company makes or sells, whose word a value is, its day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from riskassess.accounts.models import User
from riskassess.accounts.roles import Can
from riskassess.catalog.correcting import Whose, reason, source_of
from riskassess.catalog.following import follow, prepare
from riskassess.catalog.models import (
    AIModel,
    Offering,
    OfferingPlace,
    Partnership,
    Price,
    Region,
    Source,
    Subprocessor,
    Vendor,
)
from riskassess.catalog.twins import refuse_a_twin
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.recording import acting

M = TypeVar("M", bound=models.Model)
Columns = Mapping[str, Any]

# What of each kind of record is corrected here. Facts (`services.COLUMNS`) are stated beside what others say instead.
CORRECTED: dict[type[models.Model], tuple[str, ...]] = {
    Vendor: ("name", "parent", "lei", "website", "summary"),
    AIModel: ("name", "label", "version", "developer", "family"),
    Offering: (
        "name", "channel", "seller", "contracting_entity", "host", "infra_operator", "model_operator", "docs_url",
    ),
    Region: ("code", "display_name", "kind", "country", "city"),
    Source: ("title", "publisher", "kind", "url", "published_on", "checked_on", "note"),
    Partnership: (
        "host", "developer", "equity_pct", "exclusivity", "board_right", "compute_dependency", "cma_status",
        "changed_since_decision", "note",
    ),
    Price: ("kind", "condition", "amount", "not_applicable", "unit", "currency", "as_of"),
    OfferingPlace: ("role", "region", "country"),
    Subprocessor: ("vendor", "country", "role"),
}  # fmt: skip

# What belongs to a record: added and taken out by hand as well, with whose word it is.
PARTS = frozenset({Partnership, Price, OfferingPlace, Subprocessor})


class ChangedMeanwhile(Conflict):
    """Somebody changed the record after it was shown."""


def version_of(record: models.Model) -> str:
    """What tells whether somebody has changed the record since it was shown: a digest of what can be corrected."""
    held = {name: str(getattr(record, _attname(record, name))) for name in CORRECTED[type(record)]}
    if _has(record, "source"):
        held["source"] = str(record.source_id)  # type: ignore[attr-defined]
    if isinstance(record, Vendor):
        held["aliases"] = str(sorted(record.aliases.values_list("name", flat=True)))
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:20]


@transaction.atomic
def correct_record(
    record: M,
    columns: Columns,
    *,
    because: str,
    by: User,
    shown: str = "",
    aliases: Collection[str] | None = None,
    whose: Whose | None = None,
) -> M:
    """The record with other columns, and whose word they are. `record` itself stays as it was shown.

    Raises ChangedMeanwhile where it is not `shown` any more, ExistsAlready where another record is what this one would
    become, InvalidInput, PermissionDenied.
    """
    may_correct(record, by)
    now = _locked(record)
    if shown and shown != version_of(now):
        raise ChangedMeanwhile(
            f"{now} was changed meanwhile.",
            hint="Look at what it is now. Sent again, yours is written over it.",
        )
    _only_these(type(record), columns)
    with acting(why=reason(because)):
        was = _set(now, {**columns, **_said_by(now, whose)})
        follow(now, was, aliases)
    return now


@transaction.atomic
def add_part(
    kind: type[M], columns: Columns, *, whose: Whose | None, because: str, by: User, **of: models.Model
) -> M:
    """A further place, price, sub-processor or tie; `of` is the record it belongs to, by its column.

    Raises ExistsAlready, InvalidInput, PermissionDenied.
    """
    by.require(Can.EDIT_CATALOG)
    _only_these(kind, columns)
    if whose is None:
        raise InvalidInput("Say whose word it is.", where="document")
    with acting(why=reason(because)):
        made = kind(**of)
        _set(made, {**columns, **_said_by(made, whose)})
    return made


@transaction.atomic
def take_out(part: models.Model, *, because: str, shown: str, by: User) -> None:
    """Takes a place, price, sub-processor or tie off the record. Raises ChangedMeanwhile, PermissionDenied."""
    by.require(Can.EDIT_CATALOG)
    now = _locked(part)
    if shown != version_of(now):
        raise ChangedMeanwhile(f"{now} was changed meanwhile.", hint="Look at what it is now.")
    with acting(why=reason(because)):
        now.delete()


def may_correct(record: models.Model, by: User) -> None:
    """Raises PermissionDenied. What a vendor told one unit is corrected by a manager of that unit."""
    by.require(Can.EDIT_CATALOG, record.unit if isinstance(record, Source) else None)


def _locked(record: M) -> M:
    found = type(record)._default_manager.select_for_update().filter(pk=record.pk).first()
    if found is None:
        raise ChangedMeanwhile(f"{record} was taken out meanwhile.", hint="There is nothing left to correct.")
    return found


def _only_these(kind: type[models.Model], columns: Columns) -> None:
    for name in columns:
        if name not in CORRECTED[kind]:
            raise InvalidInput(f"{name} is not corrected here.", where=name)


def _said_by(record: models.Model, whose: Whose | None) -> dict[str, Any]:
    """The source, where it is another one; the cell of the earlier one then states it no more."""
    if whose is None:
        return {}
    source = source_of(whose)
    if isinstance(record, Price) and record.source_id != source.pk:
        return {"source": source, "row": None, "raw": ""}
    return {"source": source}


def _set(record: models.Model, columns: Columns) -> dict[str, Any]:
    """Writes what differs, checked in words first, then as a form would. The columns as they were."""
    new = record._state.adding
    was = {} if new else {name: getattr(record, name) for name in columns}
    differing = new or any(was[name] != value for name, value in columns.items())
    for name, value in columns.items():
        setattr(record, name, value)
    _make_sense(record)
    prepare(record, was)
    refuse_a_twin(record)
    try:
        record.full_clean()
        if differing:
            with transaction.atomic():
                record.save()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(" ".join(messages), where=field if field in columns else "") from error
    except IntegrityError as error:
        raise Conflict("At this moment somebody else wrote the same.", hint="Reload the page.") from error
    return was


def _make_sense(record: models.Model) -> None:
    """What no single column can say of itself."""
    if isinstance(record, AIModel) and not str(record):
        raise InvalidInput(
            "Say what it is called, or by which name it goes while that is unknown.", where="name"
        )
    if isinstance(record, Price) and (record.amount is None) is not record.not_applicable:
        raise InvalidInput("Say what it costs, or that it does not apply: one of them.", where="amount")
    if isinstance(record, Price) and record.amount is not None and record.amount < 0:
        raise InvalidInput("A price is not below zero.", where="amount")
    if isinstance(record, Partnership) and record.host_id == record.developer_id:
        raise InvalidInput("A company has no tie with itself.", where="developer")
    if isinstance(record, Partnership) and not 0 <= (record.equity_pct or 0) <= 100:
        raise InvalidInput("A share is between 0 and 100 percent.", where="equity_pct")
    if isinstance(record, OfferingPlace) and record.region is not None:
        record.country = record.region.country


def _attname(record: models.Model, name: str) -> str:
    return str(record._meta.get_field(name).attname)  # type: ignore[union-attr]


def _has(record: models.Model, name: str) -> bool:
    return any(field.name == name for field in record._meta.concrete_fields)
