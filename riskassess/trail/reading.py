"""Entries as people read them: who did what to which record, each column in its words. No queries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from riskassess.recording import RECORDED
from riskassess.trail.models import Action, Entry, model_named

LONGEST = 300  # characters of a value on a page; exports have all
UNNAMED = {"command": "The console", "job": "The program"}  # who acted where no person did
VERBS = {Action.CREATE: "made", Action.UPDATE: "changed", Action.DELETE: "deleted"}


@dataclass(frozen=True, slots=True)
class Change:
    """One column: what it was and what it became; '' is nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a page shows it."""

    place: int | None
    at: datetime
    who: str
    through: str
    verb: str
    kind: str
    name: str
    unit: str
    why: str
    changes: tuple[Change, ...]


def lines_of(entries: Iterable[Entry]) -> list[Line]:
    """The lines of these entries. Have `unit` read along."""
    return [line_of(entry) for entry in entries]


def line_of(entry: Entry) -> Line:
    """One entry as a page shows it."""
    return Line(
        place=entry.position,
        at=entry.timestamp,
        who=entry.actor_name or UNNAMED.get(entry.through.partition(" ")[0], "Nobody signed in"),
        through=entry.through,
        verb=VERBS.get(entry.action, "changed"),
        kind=kind_label(entry.kind),
        name=_short(entry.object_repr),
        unit=str(entry.unit) if entry.unit else "",
        why=entry.why,
        changes=tuple(_changes(entry)),
    )


def kind_label(kind: str) -> str:
    """What a reader calls records of that kind."""
    model = model_named(kind)
    return str(model._meta.verbose_name) if model else kind.rpartition(".")[2]


def kinds() -> list[tuple[str, str]]:
    """Each kind of record whose changes are kept, with what a reader calls it, in the order of those words."""
    labels = [model._meta.label_lower for model in RECORDED]
    return sorted(((kind, kind_label(kind).capitalize()) for kind in labels), key=lambda pair: pair[1])


def _changes(entry: Entry) -> Iterator[Change]:
    for name, (old, new) in sorted(entry.changes.items()):  # databases keep them in orders of their own
        label, field = _field(entry.model, name)
        if entry.action == Action.CREATE and _is_without(field, new):
            continue
        yield Change(label, *(_short(_shown(name, field, value)) for value in (old, new)))


def _is_without(field: Any, value: Any) -> bool:
    """Whether a new record simply has nothing there. A value of JSON may well be *no*, or *none of them*."""
    if isinstance(field, models.JSONField):
        return value in ("", {})
    return value in ("", [], {}, False)


def _field(model: type[models.Model] | None, name: str) -> tuple[str, Any]:
    try:
        field: Any = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        field = None
    label = str(getattr(field, "verbose_name", name.replace("_", " ")))
    return label[:1].upper() + label[1:], field


def _shown(name: str, field: Any, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict) and set(value) == {"id", "name"}:
        return value["name"] or f"no. {value['id']}"
    if name == "journal":
        return ", ".join(
            f"{count:,} {kind}{'' if count == 1 else 's'} {what}"
            for what in ("made", "changed")
            for kind, count in sorted(value[what].items())
        )
    if name == "taken_back":
        return "All that it had made and changed"
    choices = dict(field.flatchoices) if getattr(field, "choices", None) else {}
    if isinstance(value, str | int) and value in choices:
        return str(choices[value])
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return ", ".join(map(str, value)) or "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
