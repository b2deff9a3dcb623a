"""Whether the records that a plan looks at have moved: a plan made without holding anybody up is still true then."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Count, Max

from riskassess.imports.journal import KINDS
from riskassess.imports.models import Batch


def catalog_stamp() -> str:
    """Moves with every record made or changed by an import, its undoing, a service or the administration.

    A query for each kind of record: how many there are, its newest id, and its newest change where it keeps that.
    """
    kinds: list[type[models.Model]] = [*KINDS.values(), LogEntry]
    newest = (*map(_newest, kinds), _moment(Batch, "applied_at", "undone_at"))
    return hashlib.sha256(repr(newest).encode()).hexdigest()


def _newest(kind: type[models.Model]) -> tuple[Any, ...]:
    timed = any(field.name == "updated_at" for field in kind._meta.concrete_fields)
    return _moment(kind, "pk", *(["updated_at"] if timed else []), many=Count("pk"))


def _moment(kind: type[models.Model], *names: str, **more: Count) -> tuple[Any, ...]:
    newest = {f"newest_{name}": Max(name) for name in names}
    return tuple(kind._default_manager.aggregate(**newest, **more).values())
