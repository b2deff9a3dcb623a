"""From a file's bytes to a plan: the same steps for the page, the job and the command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.conf import settings

from riskassess.imports.decisions import NOTHING_DECIDED, Decisions
from riskassess.imports.entries import read_entries
from riskassess.imports.layout import Columns
from riskassess.imports.loading import load_catalog
from riskassess.imports.plan import Plan, plan
from riskassess.imports.stored import StoredRow
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.limits import Limits
from riskassess.sheets.workbook import Workbook, open_workbook

Progress = Callable[[int, int, str], None]


def no_progress(done: int, total: int, note: str) -> None:
    """For callers that show none."""


def open_upload(data: bytes, name: str) -> Workbook:
    """The workbook. InvalidInput when it is too large, damaged, protected or none."""
    if len(data) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES / 1e6
        raise InvalidInput(
            f"The file has {len(data) / 1e6:,.1f} MB; the limit is {limit:,.0f} MB.",
            hint="Send only the sheet and columns that matter.",
            where="file",
        )
    limits = Limits(
        file_bytes=settings.UPLOAD_MAX_BYTES,
        memory_bytes=settings.UPLOAD_MEMORY_BYTES,
        seconds=settings.UPLOAD_SECONDS,
    )
    return open_workbook(data, name, limits)


def plan_rows(
    rows: Sequence[StoredRow],
    columns: Columns,
    *,
    default_vendor: str,
    sha256: str,
    sheet: str,
    stated_on: date,
    told: Decisions = NOTHING_DECIDED,
) -> Plan:
    """What the rows would do to the catalog as it is now, given what people have decided."""
    entries = read_entries(rows, columns, default_vendor=default_vendor)
    sound = [entry for entry in entries if not (entry.problems or entry.skip)]
    catalog = load_catalog(sound, sha256=sha256, sheet=sheet, told=told)
    return plan(entries, catalog, stated_on=stated_on, told=told)
