"""The trail as a file: every column, the places and digests with them, so that somebody else can walk the chain."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.writing import ListColumn, safe_text, write_list_xlsx
from riskassess.trail.chain import COLUMNS, plain
from riskassess.trail.models import EntryQuerySet, Seal
from riskassess.trail.reading import VERBS

MOST = 50_000
NAMES = ("position", "digest", *COLUMNS)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export(entries: EntryQuerySet, wanted: str) -> HttpResponse:
    """The entries, the oldest first, as csv, json or xlsx. InvalidInput for another format, or too many."""
    if wanted not in TYPES:
        raise InvalidInput(f"The trail is not exported as “{wanted}”.", hint="Choose csv, json or xlsx.")
    rows = list(entries.order_by("pk").values_list(*NAMES)[: MOST + 1])
    if len(rows) > MOST:
        raise InvalidInput(f"More than {MOST:,} entries match.", hint="Choose a shorter time.")
    response = HttpResponse(_WRITERS[wanted](rows), content_type=TYPES[wanted])
    response["Content-Disposition"] = f'attachment; filename="audit-trail.{wanted}"'
    return response


def head() -> str:
    """The last seal as an anchor, PLACE:DIGEST; '' where nothing is sealed yet. One query."""
    last = Seal.objects.order_by("-number").first()
    return str(last) if last else ""


def _json(rows: Iterable[tuple[Any, ...]]) -> bytes:
    entries = [dict(zip(NAMES, map(plain, row), strict=True)) for row in rows]
    return json.dumps({"head": head(), "entries": entries}, ensure_ascii=False).encode()


def _csv(rows: Iterable[tuple[Any, ...]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(NAMES)
    writer.writerows(
        [safe_text(cell) if isinstance(cell, str) else cell for cell in _cells(row)] for row in rows
    )
    return buffer.getvalue().encode("utf-8-sig")


def _xlsx(rows: Iterable[tuple[Any, ...]]) -> bytes:
    columns = [ListColumn(name, width=40 if name in {"changes", "why"} else 18) for name in NAMES]
    return write_list_xlsx(
        "Audit trail", columns, map(_cells, rows), note=f"Head {head()}", paper=settings.REPORT_PAPER
    )


def _cells(row: tuple[Any, ...]) -> list[Any]:
    """Values that a cell takes; a change is JSON, a time is text with its zone."""
    values = dict(zip(NAMES, row, strict=True))
    values["changes"] = json.dumps(plain(values["changes"]), ensure_ascii=False, sort_keys=True)
    values["timestamp"] = plain(values["timestamp"])
    values["action"] = VERBS[values["action"]]
    return list(values.values())


_WRITERS = {"csv": _csv, "json": _json, "xlsx": _xlsx}
