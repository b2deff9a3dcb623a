"""From a file's bytes to a plan: the same steps for the page, the job and the command."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date

from django.conf import settings

from riskassess.imports.decisions import NOTHING_DECIDED, Decisions
from riskassess.imports.entries import manners_of, read_entries, read_names
from riskassess.imports.layout import Columns
from riskassess.imports.loading import load_catalog, recalled
from riskassess.imports.plan import Plan, plan_later
from riskassess.imports.said import Entry
from riskassess.imports.spool import PAGE, portions
from riskassess.imports.stored import StoredRow
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.limits import Limits
from riskassess.sheets.reading import Manner
from riskassess.sheets.workbook import Workbook, open_workbook

_AT_ONCE = PAGE  # rows

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
    rows: Collection[StoredRow],
    columns: Columns,
    *,
    default_vendor: str,
    sha256: str,
    sheet: str,
    stated_on: date,
    told: Decisions = NOTHING_DECIDED,
    manners: Mapping[str, Manner] | None = None,
) -> Plan:
    """What the rows would do to the catalog as it is now, given what people have decided.

    Their names are read first, all else a few thousand rows at a time, while the plan is. `manners` are those of the
    whole sheet where these are some of its rows.
    """
    named = [
        names
        for some in portions(rows, _AT_ONCE)
        for names in read_names(some, columns, default_vendor=default_vendor)
    ]
    if manners is None:
        manners = manners_of(rows, columns)
    lists_regions = any(column["field"] in ("regions", "price_region") for column in columns.values())
    catalog = load_catalog(
        named, sha256=sha256, sheet=sheet, told=told, lists_regions=lists_regions, by_portions=True
    )

    def entries() -> Iterator[Sequence[Entry]]:
        for some in portions(rows, _AT_ONCE):
            yield read_entries(some, columns, default_vendor=default_vendor, manners=manners)

    return plan_later(
        named,
        entries,
        catalog,
        stated_on=stated_on,
        told=told,
        recalled=recalled(catalog, lists_regions=lists_regions),
    )
