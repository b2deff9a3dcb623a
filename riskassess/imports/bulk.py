"""Many rows at once, past the ORM's cost for each: COPY on PostgreSQL, one prepared statement elsewhere."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import repeat
from typing import Any

import orjson
from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.utils import timezone

Prepare = Callable[[Any], Any]
_BY_HAND = " "  # before JSON that the quicker reader would not read the same


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
    """Inserts a few thousand rows of these columns: see `insert_columns`."""
    insert_columns(kind, by_column(columns, list(rows)), shared)


def by_column(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """The rows' values by column. ValueError where a row has more or fewer of them."""
    return dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else {}


def insert_columns(
    kind: type[models.Model], columns: Mapping[str, Sequence[Any]], shared: Mapping[str, Any] | None = None
) -> None:
    """Inserts a few thousand rows, given as columns of one length by attribute name, in one statement.

    With their ids where somebody must know them. Other columns hold what is `shared`, or their default, or this
    moment. Nothing is read back. Text stands for dates and decimals as well.
    """
    if not columns:
        return
    count = len(next(iter(columns.values())))
    others = {name: value for name, value in _defaults(kind).items() if name not in columns and name != "id"}
    every = {name: (value,) for name, value in (others | dict(shared or {})).items()} | dict(columns)
    # Where nothing is known the statement has no column at all: databases take it as empty, and sooner.
    said = {name: values for name, values in every.items() if any(value is not None for value in values)}
    fields = [_field(kind, name) for name in said]
    ready = [
        list(map(prepare, values)) if (prepare := _preparer(field)) else values
        for field, values in zip(fields, said.values(), strict=True)
    ]
    rows = zip(
        *(
            values if name in columns else repeat(values[0], count)
            for name, values in zip(said, ready, strict=True)
        ),
        strict=True,
    )
    # Only names of this model's table and columns enter the statement; values go beside it.
    table = connection.ops.quote_name(kind._meta.db_table)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    cursor: Any  # its stubs know neither COPY nor rows that are made while they are written
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608


def _defaults(kind: type[models.Model]) -> dict[str, Any]:
    """A new row's columns by attribute name."""
    now = timezone.now()
    return {
        field.attname: now
        if isinstance(field, models.DateTimeField) and (field.auto_now or field.auto_now_add)
        else field.get_default()
        for field in kind._meta.concrete_fields
    }


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
            prepare = [_preparer(field) or _as_it_is for field in fields]
            sets = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
            sql = f"UPDATE {quote(kind._meta.db_table)} SET {sets} WHERE {key} = %s"  # noqa: S608
            values = (
                [*(ready(value) for ready, value in zip(prepare, columns.values(), strict=True)), pk]
                for pk, columns in rows
            )
            cursor.executemany(sql, values)


def _as_it_is(value: Any) -> Any:
    return value


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
    return None if value is None else packed(value).lstrip()


def packed(value: Any) -> str:
    """The value as JSON, for a column of text that nobody asks about: databases check and parse JSON anew."""
    try:
        return orjson.dumps(value).decode()
    except (
        TypeError
    ):  # what it does not take, such as a number of more than 64 bits, which it would read as a float
        return _BY_HAND + json.dumps(value)


def unpacked(text: str) -> Any:
    """What was `packed`."""
    return json.loads(text) if text.startswith(_BY_HAND) else orjson.loads(text)
