"""What people have corrected since of the records that an import made: the audit trail knows, the journal does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models
from django.db.models import Q

from riskassess.imports.journal import Range
from riskassess.trail.models import Action, Entry


def edited(kind: type[models.Model], portions: Iterable[Sequence[Range]]) -> dict[int, list[str]]:
    """Records within the ranges -> their columns that are other than when they were made. A query for each portion.

    What was changed and changed back, such as by an answer that was accepted and taken back, is as it was.
    """
    found: dict[int, list[str]] = {}
    for portion in portions:
        within = Q(pk__in=[])
        for first, last in portion:
            within |= Q(object_id__gte=first, object_id__lte=last)
        entries = Entry.objects.filter(within, kind=kind._meta.label_lower, action=Action.UPDATE)
        for pk, column in _differing(entries.order_by("pk").values_list("object_id", "changes")):
            found.setdefault(pk, []).append(column)
    return found


def _differing(entries: Any) -> Iterator[tuple[int, str]]:
    first: dict[tuple[int, str], Any] = {}
    last: dict[tuple[int, str], Any] = {}
    for pk, changes in entries:
        for column, (before, after) in changes.items():
            first.setdefault((pk, column), before)
            last[pk, column] = after
    return (at for at, before in first.items() if before != last[at])
