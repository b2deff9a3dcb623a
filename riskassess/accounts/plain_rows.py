"""Lists of records as plain values: what a serializer says of each row, read without making records of them.

A model's serializer is the one place that says what a resource looks like. For a list the same is read as columns:
nine tenths of what a list costs is making objects that are taken apart at once. `plan_of` finds how, once for each
serializer; what is no column says in `Meta.plain` from which columns it follows. Where a serializer has a field of
another sort there is no plan, and the list is written by the serializer itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from rest_framework import serializers

from riskassess.accounts.models import User

Convert = Callable[[Any], Any]

_SAME = (
    serializers.CharField,
    serializers.IntegerField,
    serializers.BooleanField,
    serializers.ChoiceField,
    serializers.DateField,
    serializers.JSONField,
    serializers.UUIDField,
    serializers.PrimaryKeyRelatedField,
)


@dataclass(frozen=True, slots=True)
class Follows:
    """A field that follows from columns: `make` takes their values.

    With `beside`, it takes first what that function finds once for all rows, by the values of their first column: such
    as, in one query, the columns of the sheets that a page of prices comes from; or today, which is of no column.
    """

    columns: tuple[str, ...]
    make: Callable[..., Any]
    beside: Callable[[set[Any]], Any] | None = None


@dataclass(frozen=True, slots=True)
class FollowsFor:
    """A field that is another for each person who asks: `make` takes that person and the columns of all rows, and gives
    the field of each."""

    columns: tuple[str, ...]
    make: Callable[[User, Sequence[tuple[Any, ...]]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class _Column:
    lookup: str
    convert: Convert | None


@dataclass(frozen=True, slots=True)
class _Many:
    """Rows of another table, each pointing to its record by `key`."""

    model: type[models.Model]
    key: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read the rows of a serializer: each field by its name, in the serializer's order."""

    fields: dict[str, _Column | Follows | FollowsFor | _Many]

    def only(self, names: Iterable[str]) -> Plan:
        """The plan for some of the fields."""
        wanted = set(names)
        return Plan({name: field for name, field in self.fields.items() if name in wanted})

    @property
    def columns(self) -> list[str]:
        """The lookups that `.values()` takes."""
        found: dict[str, None] = {}
        for field in self.fields.values():
            if isinstance(field, _Column):
                found[field.lookup] = None
            elif isinstance(field, Follows | FollowsFor):
                found.update(dict.fromkeys(field.columns))
        return list(found)

    def shown(self, rows: Sequence[dict[str, Any]], user: User) -> list[dict[str, Any]]:
        """The rows as the serializer would show them to `user`. A query for each table beside the list's own."""
        made: list[dict[str, Any]] = [{} for _ in rows]
        for name, field in self.fields.items():
            if isinstance(field, _Many):
                of = _many(field, [row["pk"] for row in rows], user)
                for out, row in zip(made, rows, strict=True):
                    out[name] = of.get(row["pk"], [])
            elif isinstance(field, Follows):
                _follow(name, field, rows, made)
            elif isinstance(field, FollowsFor):
                values = field.make(user, [tuple(row[column] for column in field.columns) for row in rows])
                for out, value in zip(made, values, strict=True):
                    out[name] = value
            elif field.convert is None:
                lookup = field.lookup
                for out, row in zip(made, rows, strict=True):
                    out[name] = row[lookup]
            else:
                lookup, convert = field.lookup, field.convert
                for out, row in zip(made, rows, strict=True):
                    out[name] = convert(row[lookup])
        return made


def _follow(name: str, field: Follows, rows: Sequence[dict[str, Any]], made: list[dict[str, Any]]) -> None:
    first: list[Any] = []
    if field.beside is not None:
        first = [field.beside({row[field.columns[0]] for row in rows} - {None})]
    for out, row in zip(made, rows, strict=True):
        out[name] = field.make(*first, *(row[column] for column in field.columns))


def _many(field: _Many, keys: list[Any], user: User) -> dict[Any, list[dict[str, Any]]]:
    found = field.model._default_manager.filter(**{f"{field.key}__in": keys})
    rows = list(found.values(field.key, *field.plan.columns, pk=models.F("pk")))
    of: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row, shown in zip(rows, field.plan.shown(rows, user), strict=True):
        of[row[field.key]].append(shown)
    return of


@lru_cache(maxsize=256)
def plan_of(kind: type[serializers.BaseSerializer[Any]]) -> Plan | None:
    """The plan of a model's serializer; None where some field cannot be read as columns."""
    if not issubclass(kind, serializers.ModelSerializer):
        return None
    made = kind()
    given: dict[str, Follows | FollowsFor] = getattr(kind.Meta, "plain", {})
    fields: dict[str, _Column | Follows | FollowsFor | _Many] = {}
    for name, field in made.fields.items():
        found = given.get(name) or _read(kind.Meta.model, name, field)
        if found is None:
            return None
        fields[name] = found
    return Plan(fields)


def _read(model: type[models.Model], name: str, field: Any) -> _Column | _Many | None:
    if isinstance(field, serializers.ListSerializer):
        return _related(model, field)
    target = _column(model, field.source)
    if target is None or isinstance(target[1], models.FileField):
        return None
    lookup, _ = target
    absent = field.default if field.default is not serializers.empty else None
    if isinstance(field, serializers.DecimalField):
        return _Column(lookup, lambda value: None if value is None else field.to_representation(value))
    if isinstance(field, serializers.DateTimeField):
        return _Column(lookup, _local if settings.TIME_ZONE != "UTC" else None)
    if not isinstance(field, _SAME):
        return None
    if absent is not None and "__" in lookup:
        return _Column(lookup, lambda value: absent if value is None else value)
    return _Column(lookup, None)


def _local(moment: Any) -> Any:
    return None if moment is None else timezone.localtime(moment)


def _column(model: type[models.Model], source: str) -> tuple[str, models.Field[Any, Any]] | None:
    """The lookup and the column behind a source such as `current_run.decision`."""
    steps, found = source.split("."), None
    for at, step in enumerate(steps):
        try:
            found = model._meta.get_field(step)
        except FieldDoesNotExist:
            return None
        if not isinstance(found, models.Field) or found.many_to_many:
            return None
        if at < len(steps) - 1:
            model = found.related_model  # type: ignore[assignment]
    if not isinstance(found, models.Field):
        return None
    return "__".join([*steps[:-1], found.attname]), found


def _related(model: type[models.Model], field: Any) -> _Many | None:
    try:
        relation: Any = model._meta.get_field(field.source)
    except FieldDoesNotExist:
        return None
    plan = plan_of(cast(Any, type(field.child)))
    if plan is None or not relation.one_to_many:
        return None
    return _Many(relation.related_model, relation.field.attname, plan)
