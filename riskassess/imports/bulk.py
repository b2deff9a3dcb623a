"""Many rows at once, past the ORM's cost for each: COPY on PostgreSQL, one prepared statement elsewhere."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.utils import timezone

Prepare = Callable[[Any], Any]


def among(values: Iterable[int] | Iterable[str]) -> Any:
    """For `…__in`: any number of numbers or texts as one parameter of one query."""
    every = list(values)
    if not every:
        return every
    if connection.vendor == "postgresql":
        kind = "text" if isinstance(every[0], str) else "bigint"
        return RawSQL(f"SELECT unnest(%s::{kind}[])", [every])  # noqa: S611 - one of two words
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(every)])
    return every


def insert_each(kind: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Inserts rows given by attribute name, with their ids where somebody must know them.

    What a row does not name takes the column's default, or this moment. All rows name the same kinds of
    things; nothing is read back.
    """
    given = iter(rows)
    first = next(given, None)
    if first is None:
        return
    whole = _defaults(kind)
    if "id" not in first:
        del whole["id"]
    fields = [_field(kind, name) for name in whole]
    prepared = [(at, ready) for at, field in enumerate(fields) if (ready := _preparer(field))]
    values = ([*(whole | row).values()] for row in chain([first], given))
    _insert(kind, [str(field.column) for field in fields], _prepared(values, prepared))


def _defaults(kind: type[models.Model]) -> dict[str, Any]:
    """A new row's columns by attribute name."""
    now = timezone.now()
    return {
        field.attname: now
        if isinstance(field, models.DateTimeField) and (field.auto_now or field.auto_now_add)
        else field.get_default()
        for field in kind._meta.concrete_fields
    }


def _prepared(rows: Iterable[list[Any]], prepared: Sequence[tuple[int, Prepare]]) -> Iterable[list[Any]]:
    for row in rows:
        for at, ready in prepared:
            row[at] = ready(row[at])
        yield row


def _insert(kind: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    # Only names of this model's table and columns enter the statement; values go beside it.
    table = connection.ops.quote_name(kind._meta.db_table)
    names = ", ".join(map(connection.ops.quote_name, columns))
    cursor: Any  # its stubs know neither COPY nor rows that are made while they are written
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608


def update_each(kind: type[models.Model], updates: Sequence[tuple[Any, dict[str, Any]]]) -> None:
    """Writes each row's own columns, by attribute name: a prepared UPDATE for each set of columns."""
    by_columns: dict[tuple[str, ...], list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
    for pk, columns in updates:
        by_columns[tuple(columns)].append((pk, columns))
    quote = connection.ops.quote_name
    key = quote(str(kind._meta.pk.column))
    cursor: Any
    with connection.cursor() as cursor:
        for names, rows in by_columns.items():
            fields = [_field(kind, name) for name in names]
            prepared = [(at, ready) for at, field in enumerate(fields) if (ready := _preparer(field))]
            sets = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
            sql = f"UPDATE {quote(kind._meta.db_table)} SET {sets} WHERE {key} = %s"  # noqa: S608
            values = ([*columns.values(), pk] for pk, columns in rows)
            cursor.executemany(sql, _prepared(values, prepared))


def _field(kind: type[models.Model], name: str) -> models.Field[Any, Any]:
    return next(f for f in kind._meta.concrete_fields if name in (f.attname, f.name))


def _preparer(field: models.Field[Any, Any]) -> Prepare | None:
    """How a column's values become parameters; None where they go as they are."""
    if isinstance(field, models.JSONField):
        return _as_json
    if connection.vendor != "sqlite":  # drivers of real types know them
        return None
    if isinstance(field, models.DateField | models.DecimalField):
        return lru_cache(maxsize=4096)(partial(field.get_db_prep_save, connection=connection))
    return None


def _as_json(value: Any) -> str | None:
    if not value and isinstance(value, list | dict):
        return "[]" if isinstance(value, list) else "{}"
    return None if value is None else json.dumps(value)
