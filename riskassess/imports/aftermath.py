"""Telling the areas above what an import has moved, in its own transaction: imports know none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import Q

from riskassess.accounts.models import User
from riskassess.catalog.models import Offering
from riskassess.catalog.models.offering import PARTIES
from riskassess.imports.bulk import among
from riskassess.imports.fields import MODEL_ATTRIBUTES
from riskassess.imports.journal import KINDS, Range, read_journal
from riskassess.imports.models import Batch, Row

Listener = Callable[[Batch, set[int], User], None]
_LISTENERS: list[Listener] = []

MOVING = (Row.Outcome.UPDATE, Row.Outcome.CONFLICT)
_OF_MODELS = {*MODEL_ATTRIBUTES, "developer"}
_AT_ONCE = 500  # ranges of ids in one query


def when_moved(listener: Listener) -> Listener:
    """Registers what is to happen when an import, or undoing one, has moved offerings: their ids, and who did it."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)
    return listener


def tell(batch: Batch, offerings: set[int], by: User) -> None:
    """Calls the listeners. Call it in the transaction that moves the offerings."""
    for listener in _LISTENERS if offerings else ():
        listener(batch, offerings, by)


def touched(batch: Batch) -> set[int]:
    """The offerings whose facts the batch changes or would change: by its rows, their models, vendors and places.

    New offerings are not among them: nothing rests on them yet.
    """
    offerings: set[int] = set()
    of_models: set[int] = set()
    rows = batch.rows.filter(outcome__in=MOVING, offering__isnull=False)
    for pk, changes in rows.values_list("offering_id", "changes").iterator():
        offerings.add(pk)
        if not _OF_MODELS.isdisjoint(changes):
            of_models.add(pk)
    if of_models:
        models = Offering.objects.filter(pk__in=among(of_models)).values("model_id")
        offerings |= set(Offering.objects.filter(model_id__in=models).values_list("pk", flat=True))
    return offerings | _beyond_rows(batch)


def _beyond_rows(batch: Batch) -> set[int]:
    """Offerings of vendors that changed, and those whose places and availability did: the journal knows them."""
    record = read_journal(batch.pk)
    found: set[Any] = set()
    vendors = set(record.changed.get("vendor", ()))
    for within in _portions(record.made.get("claim", [])):
        vendors |= set(KINDS["claim"]._default_manager.filter(within).values_list("vendor_id", flat=True))
    if vendors:
        parties = Q(model__developer_id__in=among(vendors))
        for party in PARTIES:
            parties |= Q(**{f"{party}_id__in": among(vendors)})
        found |= set(Offering.objects.filter(parties).values_list("pk", flat=True))
    for name, kind in KINDS.items():
        if name in {"price", "value", "spelling"} or not any(f.name == "offering" for f in kind._meta.fields):
            continue
        changed = record.changed.get(name, {})
        ids = kind._default_manager.filter(pk__in=among(changed)).values_list("offering_id", flat=True)
        found |= set(ids) if changed else set()
        for within in _portions(record.made.get(name, [])):
            found |= set(kind._default_manager.filter(within).values_list("offering_id", flat=True))
    return found - {None}


def _portions(ranges: Sequence[Range]) -> Iterator[Q]:
    """Ids within the ranges, as many as go into one query."""
    for start in range(0, len(ranges), _AT_ONCE):
        found = Q(pk__in=[])
        for first, last in ranges[start : start + _AT_ONCE]:
            found |= Q(pk__gte=first, pk__lte=last)
        yield found
