"""Connecting the library's signals, and recording the changes that send none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from auditlog.diff import model_instance_diff
from auditlog.registry import auditlog
from django.db import models

from riskassess.recording import RECORDED, kept_fields, record_with
from riskassess.trail.columns import Changes, columns_of
from riskassess.trail.models import Action, Entry


class TrailRecorder:
    """The changes that send no signal, several at once: one INSERT for all their entries."""

    def made(self, rows: Sequence[models.Model]) -> None:
        """Rows of a `bulk_create`."""
        self._keep([(row, Action.CREATE, _difference(None, row)) for row in rows])

    def changed(self, pairs: Sequence[tuple[models.Model, models.Model]]) -> None:
        """Rows of an `update`, before and after."""
        self._keep([(after, Action.UPDATE, _difference(before, after)) for before, after in pairs])

    def told(self, record: models.Model, changes: Changes) -> None:
        """One entry in the caller's words."""
        Entry(**columns_of(record, Action.UPDATE, {}) | {"changes": changes}).save()

    def _keep(self, found: Sequence[tuple[models.Model, int, Changes | None]]) -> None:
        entries = [Entry(**columns_of(row, action, changes)) for row, action, changes in found if changes]
        Entry.objects.bulk_create(entries, batch_size=200)


def start() -> None:
    """Connects the library's signals to every recorded model, and takes over what sends none."""
    for model in RECORDED:
        if not auditlog.contains(model):
            auditlog.register(
                model,
                include_fields=list(kept_fields(model)),
                mask_fields=list(RECORDED[model].hide),
                mask_callable="riskassess.trail.columns.hidden",
                m2m_fields={one.name for one in model._meta.local_many_to_many if _is_plain(one)},
            )
    record_with(TrailRecorder())


def _is_plain(relation: models.ManyToManyField[Any, Any]) -> bool:
    """Whether no model of ours stands between: that one would be recorded by itself."""
    through: Any = relation.remote_field.through
    return bool(through._meta.auto_created)


def _difference(before: models.Model | None, after: models.Model | None) -> Changes | None:
    found: Changes | None = model_instance_diff(before, after, use_json_for_changes=True)
    return found
