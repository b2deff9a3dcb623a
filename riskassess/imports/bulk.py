"""Many rows at once, past the ORM's cost for each: COPY on PostgreSQL, one prepared statement elsewhere."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import orjson
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


def insert_rows(
    kind: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    shared: Mapping[str, Any] | None = None,
) -> None:
    """Inserts rows of these columns, by attribute name, with their ids where somebody must know them.

    Other columns hold what is `shared`, or their default, or this moment. Nothing is read back. Text stands for
    dates and decimals as well. A few thousand rows are one statement.
    """
    others = {name: value for name, value in _defaults(kind).items() if name not in columns and name != "id"}
    others |= shared or {}
    fields = [_field(kind, name) for name in (*columns, *others)]
    (constant,) = _prepared([[*others.values()]], _preparers(fields[len(columns) :]))
    values = ([*row, *constant] for row in rows)
    ready = _prepared(values, _preparers(fields[: len(columns)]))
    # Only names of this model's table and columns enter the statement; values go beside it.
    table = connection.ops.quote_name(kind._meta.db_table)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    cursor: Any  # its stubs know neither COPY nor rows that are made while they are written
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in ready:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", ready)  # noqa: S608


def _defaults(kind: type[models.Model]) -> dict[str, Any]:
    """A new row's columns by attribute name."""
    now = timezone.now()
    return {
        field.attname: now
        if isinstance(field, models.DateTimeField) and (field.auto_now or field.auto_now_add)
        else field.get_default()
        for field in kind._meta.concrete_fields
    }


def _preparers(fields: Sequence[models.Field[Any, Any]]) -> list[tuple[int, Prepare]]:
    return [(at, ready) for at, field in enumerate(fields) if (ready := _preparer(field))]


def _prepared(rows: Iterable[list[Any]], preparers: Sequence[tuple[int, Prepare]]) -> Iterable[list[Any]]:
    for row in rows:
        for at, ready in preparers:
            row[at] = ready(row[at])
        yield row


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
            preparers = _preparers(fields)
            sets = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
            sql = f"UPDATE {quote(kind._meta.db_table)} SET {sets} WHERE {key} = %s"  # noqa: S608
            values = ([*columns.values(), pk] for pk, columns in rows)
            cursor.executemany(sql, _prepared(values, preparers))


def _field(kind: type[models.Model], name: str) -> models.Field[Any, Any]:
    return next(f for f in kind._meta.concrete_fields if name in (f.attname, f.name))


def _preparer(field: models.Field[Any, Any]) -> Prepare | None:
    """How a column's values become parameters; None where they go as they are."""
    if isinstance(field, models.JSONField):
        return _as_json
    if connection.vendor != "sqlite":  # drivers of real types know them
        return None
    if isinstance(field, models.DateField | models.DecimalField):
        prepare = lru_cache(maxsize=4096)(partial(field.get_db_prep_save, connection=connection))
        return lambda value: value if isinstance(value, str) else prepare(value)
    return None


def _as_json(value: Any) -> str | None:
    if not value and isinstance(value, list | dict):
        return "[]" if isinstance(value, list) else "{}"
    if value is None:
        return None
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # what it does not take, such as a number of more than 64 bits
        return json.dumps(value)
