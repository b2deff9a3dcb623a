"""What imports did to one record: which lists touched it, each value before and after, and the cell it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from riskassess.accounts.models import User
from riskassess.catalog.models import AIModel, Offering, Vendor
from riskassess.imports import presenting
from riskassess.imports.models import Batch, Row
from riskassess.imports.running import CHANGES
from riskassess.trail.models import Entry
from riskassess.trail.reading import Line, lines_of

MOST = 100  # rows, or lists, on one page
Subject = Vendor | AIModel | Offering


@dataclass(frozen=True, slots=True)
class Touch:
    """One list that touched the record. `lines` are its rows; a vendor's lists have only how many."""

    batch: Batch
    lines: tuple[presenting.RowLine, ...] = ()
    rows: int = 0
    new: int = 0
    changed: int = 0

    @property
    def at(self) -> datetime:
        """When it was applied, this record's rows last."""
        return self.lines[0].row.applied_at or self.batch.uploaded_at if self.lines else _applied(self.batch)


def _applied(batch: Batch) -> datetime:
    return batch.applied_at or batch.uploaded_at


@dataclass(frozen=True, slots=True)
class History:
    """The lists that the person may see, the newest first; `unseen` belong to other units."""

    touches: list[Touch]
    unseen: int
    more: bool


def history_of(subject: Subject, user: User) -> History:
    """Three queries for a vendor, four for a model or an offering."""
    rows = Row.objects.filter(applied_at__isnull=False, batch__state__in=Batch.DONE)
    if isinstance(subject, Vendor):
        sold = Q(offering__seller=subject) | Q(offering__model__developer=subject)
        return _of_vendor(rows.filter(sold), user)
    of_it = Q(offering=subject) if isinstance(subject, Offering) else Q(offering__model=subject)
    return _of_rows(rows.filter(of_it), user)


def told_in_order(subject: Subject, user: User) -> dict[str, Any]:
    """The history for its page: the newest first, lists and single changes between each other. One query more."""
    history = history_of(subject, user)
    entries = Entry.objects.visible_to(user).about(subject).select_related("unit").order_by("-pk")
    lines = lines_of(entries[: MOST + 1])
    told: list[tuple[datetime, Touch | None, Line | None]] = [(line.at, None, line) for line in lines[:MOST]]
    told += [(touch.at, touch, None) for touch in history.touches]
    told.sort(key=lambda one: one[0], reverse=True)
    return {
        "told": [{"touch": touch, "line": line} for _, touch, line in told],
        "unseen": history.unseen,
        "more": history.more or len(lines) > MOST,
    }


def _of_vendor(rows: QuerySet[Row], user: User) -> History:
    told: dict[int, Any] = {
        found["batch"]: found
        for found in rows.order_by()
        .values("batch")
        .annotate(
            count=Count("pk"),
            new=Count("pk", filter=Q(outcome=Row.Outcome.NEW)),
            changed=Count("pk", filter=Q(outcome__in=[Row.Outcome.UPDATE, Row.Outcome.CONFLICT])),
            last=Max("applied_at"),
        )
    }
    batches = _seen(set(told), user)
    ordered = sorted(batches.values(), key=lambda batch: told[batch.pk]["last"], reverse=True)
    touches = [
        Touch(batch, (), told[batch.pk]["count"], told[batch.pk]["new"], told[batch.pk]["changed"])
        for batch in ordered[:MOST]
    ]
    return History(touches, len(told) - len(batches), len(ordered) > MOST)


def _of_rows(rows: QuerySet[Row], user: User) -> History:
    """Rows that changed nothing are counted: the list said the same."""
    every = list(rows.order_by().values_list("batch", flat=True).distinct())
    batches = _seen(set(every), user)
    shown = list(rows.filter(batch__in=batches).order_by("-applied_at", "-pk")[: MOST + 1])
    touches = []
    for pk, batch in batches.items():
        own = [row for row in shown[:MOST] if row.batch_id == pk]
        for row in own:
            row.batch = batch
        lines = tuple(presenting.row_lines(batch, own))
        changed = sum(row.outcome in CHANGES for row in own)
        if own:
            touches.append(Touch(batch, lines, len(own), 0, changed))
    touches.sort(key=lambda touch: (touch.lines[0].row.applied_at, touch.batch.pk), reverse=True)
    return History(touches, len(every) - len(batches), len(shown) > MOST)


def _seen(batches: set[int], user: User) -> dict[int, Batch]:
    return Batch.objects.visible_to(user).select_related("unit", "uploaded_by").in_bulk(batches)
