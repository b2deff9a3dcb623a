"""The work that `import_bench.py` measures. Imported once Django is set up."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import python_calamine
from django.db import connection, models, transaction
from import_sheet import HEADER

from riskassess.imports import console, running, services
from riskassess.imports.models import Batch

ON = date(2026, 11, 26)
COLUMNS = tuple(name.lower().replace("$/1m tokens", "price").replace(" ", "_") for name in HEADER)
_KINDS = {
    "context_window": "text", "max_output_tokens": "bigint", "release_date": "text", "open_weights": "boolean",
    "retirement_date": "date", "input_price": "text", "output_price": "float", "cached_input_price": "float",
}  # fmt: skip
"""What the plain table's columns hold; the others, and those in which a few cells are wrong, are text."""


def prepared(case: str, path: Path) -> Callable[[], object]:
    """The work of the case, with all that is not part of it done."""
    if case in {"limit", "peer"}:
        table = plain_table()
        work = limit if case == "limit" else peer
        return lambda: work(table, path)
    by, unit = console.owner("", "")
    return lambda: bring_in(path, by, unit)


def bring_in(path: Path, by: Any, unit: Any) -> Batch:
    """From bytes to committed rows, by the steps of the pages and their jobs."""
    batch = services.store(path.read_bytes(), path.name, unit=unit, by=by, stated_on=ON)
    services.settle_columns(batch, {}, by=by)
    running.preview(batch.pk)
    services.begin_applying(batch)
    counts = running.apply(batch.pk)
    if not counts["read"] == sum(counts.values()) - counts["read"]:
        raise SystemExit(f"Rows are lost: {counts}")
    return batch


# --- the limit -------------------------------------------------------------------------------------------


def plain_table() -> type[models.Model]:
    """One table with the sheet's own columns."""
    made = {
        "text": lambda: models.CharField(max_length=300, blank=True, null=True),
        "bigint": lambda: models.BigIntegerField(null=True),
        "float": lambda: models.FloatField(null=True),
        "boolean": lambda: models.BooleanField(null=True),
        "date": lambda: models.DateField(null=True),
    }
    fields: dict[str, Any] = {name: made[_KINDS.get(name, "text")]() for name in COLUMNS}
    fields["model_id"] = models.CharField(max_length=300, db_index=True)
    meta = type("Meta", (), {"app_label": "imports", "db_table": "bench_entry"})
    table = type("Entry", (models.Model,), {**fields, "__module__": __name__, "Meta": meta})
    with connection.schema_editor() as editor:
        editor.create_model(table)
    return table


def limit(table: type[models.Model], path: Path) -> None:
    sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    rows = (_as_typed(row) for row in sheet.to_python()[1:])
    names = ", ".join(COLUMNS)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table._meta.db_table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(COLUMNS))
            statement = f"INSERT INTO {table._meta.db_table} ({names}) VALUES ({marks})"
            sqlite3.Cursor.executemany(cursor.cursor, statement, rows)  # past Django's wrapper


_AT = {name: COLUMNS.index(name) for name in ("max_output_tokens", "release_date", "retirement_date")}


def _as_typed(row: list[Any]) -> list[Any]:
    """Blanks as NULL, days and whole numbers as their columns take them."""
    row = [None if cell == "" else cell for cell in row]
    for name, at in _AT.items():
        if row[at] is not None:
            row[at] = int(row[at]) if name == "max_output_tokens" else str(row[at])
    return row


# --- the peer --------------------------------------------------------------------------------------------


def peer(table: type[models.Model], path: Path) -> None:
    from import_export import resources
    from import_export.formats.base_formats import XLSX

    meta = type("Meta", (), {
        "model": table, "fields": COLUMNS, "import_id_fields": ("model_id", "provider"), "use_bulk": True,
        "batch_size": 2000, "skip_diff": True, "use_transactions": True,
    })  # fmt: skip
    resource = type("Entries", (resources.ModelResource,), {"Meta": meta})
    for trial in (True, False):  # the confirming request reads the file again
        data = XLSX().create_dataset(path.read_bytes())
        data.headers = list(COLUMNS)
        data.remove_duplicates()  # a key that is there twice stops it
        result = resource().import_data(data, dry_run=trial)
        if result.has_errors() or result.has_validation_errors():
            first = [str(error.error) for row in result.rows for error in row.errors][:2]
            raise SystemExit(f"The peer refuses the file: {first} {result.invalid_rows[:1]}")
