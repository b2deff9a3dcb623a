"""Indexes by which PostgreSQL finds words anywhere in a text, made by migrations where the server has them.

SQLite reads the column through, which at 100,000 rows takes some ten milliseconds; PostgreSQL takes several times
that without these. They need the extension pg_trgm, which a database's owner may create; where that is refused,
everything works without them.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError, migrations, transaction

log = logging.getLogger(__name__)


def word_indexes(app: str, *columns: tuple[str, str]) -> migrations.RunPython:
    """The migration step that indexes the words of these (model, field) pairs of an app."""

    def make(apps: Any, editor: Any) -> None:
        if editor.connection.vendor != "postgresql" or not _has_trigrams(editor):
            return
        for model, field in columns:
            table, column, name = _names(apps, editor, app, model, field)
            # As Django asks: UPPER(text) LIKE UPPER(words).
            editor.execute(
                f"CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin (UPPER({column}::text) gin_trgm_ops)"
            )

    def drop(apps: Any, editor: Any) -> None:
        if editor.connection.vendor != "postgresql":
            return
        for model, field in columns:
            editor.execute(f"DROP INDEX IF EXISTS {_names(apps, editor, app, model, field)[2]}")

    return migrations.RunPython(make, drop)


def _names(apps: Any, editor: Any, app: str, model: str, field: str) -> tuple[str, str, str]:
    kind = apps.get_model(app, model)
    table, column = kind._meta.db_table, kind._meta.get_field(field).column
    quote = editor.connection.ops.quote_name
    return quote(table), quote(column), quote(f"{table}_{column}_words")


def _has_trigrams(editor: Any) -> bool:
    try:
        with transaction.atomic(using=editor.connection.alias), editor.connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as error:
        log.warning("PostgreSQL's pg_trgm is not there: searching reads whole tables. %s", error)
        return False
    return True
