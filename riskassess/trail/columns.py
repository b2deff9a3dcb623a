"""The columns of an entry: of whose work it is, who acts, and what a reader calls the things that changed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.recording import RECORDED, Kept, Realm, who_acts

Changes = dict[str, list[Any]]
"""{column: [before, after]}; a record pointed to is {"id", "name"}."""


HIDDEN = "(not shown)"


def hidden(value: str) -> str:
    """What stands for a secret: that it changed is told, not even its length is."""
    return HIDDEN


def columns_of(record: models.Model, action: int, changes: Changes) -> dict[str, Any]:
    """What an entry of this change holds. Asks the database only for names of records that are not at hand."""
    kept, now = RECORDED[type(record)], who_acts()
    actor = now.by()
    known = isinstance(actor, User) and actor.pk is not None
    about_kind, about_id = _about(record, kept)
    unit = _end(record, kept.unit) if kept.unit else None
    named = {name: [_named(record, name, one, unit) for one in changes[name]] for name in sorted(changes)}
    return {
        "kind": record._meta.label_lower,
        "object_id": record.pk if isinstance(record.pk, int) else None,
        "object_repr": kept.called(record)[:500],
        "action": action,
        "changes": named,
        "actor_id": actor.pk if known else None,
        "actor_name": str(actor)[:200] if known else "",
        "timestamp": timezone.now(),
        "why": now.why,
        "through": now.through[:80],
        "about_kind": about_kind,
        "about_id": about_id,
        "unit_id": unit,
        "realm": kept.realm.value,
    }


def _about(record: models.Model, kept: Kept) -> tuple[str, int | None]:
    for path in kept.about:
        way, _, last = path.rpartition(".")
        holder = _end(record, way) if way else record
        pk = getattr(holder, f"{last}_id", None)
        if pk is not None:
            field: Any = holder._meta.get_field(last)
            return field.related_model._meta.label_lower, pk
    return record._meta.label_lower, record.pk if isinstance(record.pk, int) else None


def _end(record: models.Model, path: str) -> Any:
    found: Any = record
    for step in path.split("."):
        found = getattr(found, step, None)
    return found


def _named(record: models.Model, name: str, value: Any, unit: int | None) -> Any:
    """A record pointed to, with its name: ids alone tell a reader nothing, and names change.

    The name of a unit's work stands only in the entries of that unit.
    """
    field: Any = record._meta.get_field(name)
    if value is None or not field.is_relation:
        return value
    related = field.related_model
    at_hand = field.get_cached_value(record, None) if field.is_cached(record) else None
    if at_hand is None or at_hand.pk != value:
        at_hand = related._base_manager.filter(pk=value).first()
    kept = RECORDED.get(related, Kept(Realm.COMPANY))
    if at_hand is None or (kept.unit and _end(at_hand, kept.unit) not in {None, unit}):
        return {"id": value, "name": ""}
    try:
        return {"id": value, "name": kept.called(at_hand)}
    except ObjectDoesNotExist:
        return {"id": value, "name": ""}
