"""What people do with a spreadsheet: upload it, say what its columns are, look, apply or discard it.

Every verb checks the right it needs and moves the batch by a guarded UPDATE, so of two people who try, one
does it. `preview` and `apply` are run by jobs (and by the command, in its own process): they may run twice,
or be killed half-way, and end the same.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.catalog.models import Source
from riskassess.imports import models
from riskassess.imports.layout import (
    Columns,
    Layout,
    check_complete,
    choices_of,
    fingerprint,
    source_columns,
    with_choices,
)
from riskassess.imports.models import Batch, Row
from riskassess.imports.plan import Plan, RowPlan
from riskassess.imports.reading import Progress, layout_in, no_progress, open_upload, plan_rows
from riskassess.imports.stored import StoredRow, stored_rows
from riskassess.imports.writing import insert_each, update_each, write_catalog
from riskassess.jobs.models import Job
from riskassess.jobs.services import cancel, enqueue
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed, TryAgain

PREVIEW, APPLY = "import_preview", "import_apply"
State = Batch.State
_ONE_IMPORT_AT_A_TIME = 7_218_204_551  # the number of the advisory lock, any will do


def nothing_else() -> None:
    """The check of callers that hold no job."""


# --- upload -------------------------------------------------------------------------------------------


def upload(
    data: bytes,
    file_name: str,
    *,
    unit: BusinessUnit,
    by: User,
    stated_on: date,
    source_kind: str = "analyst",
    default_vendor: str = "",
) -> Batch:
    """Keeps the file and proposes how to read it. InvalidInput when it cannot be; then nothing is kept."""
    _require(by, unit)
    return store(
        data,
        file_name,
        unit=unit,
        by=by,
        stated_on=stated_on,
        source_kind=source_kind,
        default_vendor=default_vendor,
    )


def store(
    data: bytes,
    file_name: str,
    *,
    unit: BusinessUnit,
    by: User,
    stated_on: date,
    source_kind: str = "analyst",
    default_vendor: str = "",
    sheet: str = "",
    header_row: int | None = None,
) -> Batch:
    """`upload` without asking who may: for the command, whose user has the server's console."""
    name = shown_name(file_name)
    book = open_upload(data, name)
    layout = layout_in(book, sheet, header_row)
    batch = Batch(
        unit=unit,
        uploaded_by=by,
        file_name=name,
        sha256=digest(data),
        sheets=[
            {"name": s.name[:100], "rows": s.rows, "columns": s.columns, "hidden": s.hidden}
            for s in book.sheets
        ],
        default_vendor=default_vendor.strip()[:200],
        source_kind=source_kind,
        stated_on=stated_on,
    )
    _take_layout(batch, layout)
    # File first, then the row that points to it. The name on disk is ours; theirs is only shown.
    ending = name.rpartition(".")[2].lower() if "." in name else "bin"
    batch.file.save(f"{uuid.uuid4().hex}.{ending}", ContentFile(data), save=False)
    try:
        batch.save()
    except BaseException:
        batch.file.delete(save=False)
        raise
    return batch


def digest(data: bytes) -> str:
    """What tells one file from another."""
    return hashlib.sha256(data).hexdigest()


def shown_name(file_name: str) -> str:
    """The name of the file alone, printable and short enough to keep."""
    bare = PureWindowsPath(PurePosixPath(file_name).name).name
    clean = "".join(char for char in bare if char.isprintable()).strip() or "unnamed"
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: 254 - len(ending[:10])]}.{ending[:10]}" if dot else clean[:255]


def _take_layout(batch: Batch, layout: Layout) -> None:
    if len(layout.grid.name) > 100:
        raise InvalidInput(
            "The sheet's name is too long.", hint="Use 100 characters at most.", where=batch.file_name
        )
    batch.sheet = layout.grid.name
    batch.header_row = layout.header_row
    batch.mapping = _remembered(batch.unit, layout.columns)


def _remembered(unit: BusinessUnit, columns: Columns) -> Columns:
    """The columns as somebody of the unit has confirmed them for this layout before, else as proposed."""
    found = models.Mapping.objects.filter(unit=unit, fingerprint=fingerprint(columns)).first()
    if found is None:
        return columns
    return with_choices(columns, found.columns, why=f"as confirmed on {found.saved_at:%d %b %Y}")


# --- columns ------------------------------------------------------------------------------------------


def choose_sheet(batch: Batch, sheet: str, header_row: int | None, *, by: User) -> None:
    """Reads another sheet of the file, or another header row."""
    _require(by, batch.unit)
    book = open_upload(_file_of(batch), batch.file_name)
    _take_layout(batch, layout_in(book, sheet, header_row))
    moved = Batch.objects.filter(pk=batch.pk, state__in=[State.UPLOADED, State.PREVIEWED]).update(
        sheet=batch.sheet, header_row=batch.header_row, mapping=batch.mapping, state=State.UPLOADED
    )
    if not moved:
        raise _moved_on(batch)


def confirm_columns(
    batch: Batch,
    choices: Mapping[str, Any],
    *,
    by: User,
    default_vendor: str | None = None,
    stated_on: date | None = None,
) -> Job:
    """Keeps how the columns are read, remembers it for this layout, and asks for the preview."""
    _require(by, batch.unit)
    return _confirm(batch, choices, by=by, default_vendor=default_vendor, stated_on=stated_on)


@transaction.atomic
def _confirm(
    batch: Batch, choices: Mapping[str, Any], *, by: User, default_vendor: str | None, stated_on: date | None
) -> Job:
    settle_columns(batch, choices, by=by, default_vendor=default_vendor, stated_on=stated_on)
    arguments = {"batch": batch.pk}
    job = enqueue(PREVIEW, arguments, key=f"{PREVIEW}:{uuid.uuid4()}", unit=batch.unit, by=by)
    Batch.objects.filter(pk=batch.pk).update(job=job)
    return job


@transaction.atomic
def settle_columns(
    batch: Batch,
    choices: Mapping[str, Any],
    *,
    by: User,
    default_vendor: str | None = None,
    stated_on: date | None = None,
) -> None:
    """Checks and keeps the columns; the batch is being read from now on. Asks for no job and no right."""
    columns = with_choices(batch.mapping, choices)
    vendor = batch.default_vendor if default_vendor is None else default_vendor.strip()[:200]
    check_complete(columns, default_vendor=vendor)
    starts = [State.UPLOADED, State.PREVIEWED, State.READING]
    moved = Batch.objects.filter(pk=batch.pk, state__in=starts).update(
        mapping=columns,
        default_vendor=vendor,
        stated_on=stated_on or batch.stated_on,
        state=State.READING,
    )
    if not moved:
        raise _moved_on(batch)
    models.Mapping.objects.update_or_create(
        unit=batch.unit,
        fingerprint=fingerprint(columns),
        defaults={"columns": choices_of(columns), "saved_by": by},
    )
    batch.refresh_from_db()


# --- preview ------------------------------------------------------------------------------------------


def preview(
    batch_id: int, *, progress: Progress = no_progress, still_mine: Callable[[], None] = nothing_else
) -> dict[str, int]:
    """Reads the file once, keeps its rows with what each would do, and returns the counts."""
    batch = Batch.objects.select_related("unit").get(pk=batch_id)
    if batch.state != State.READING:
        return dict(batch.counts)
    progress(0, 4, "Opening the file")
    rows = _rows_in_file(batch)
    progress(1, 4, f"Comparing {len(rows):,} rows with the catalog")
    planned = _plan(batch, rows)
    progress(2, 4, f"Keeping {len(rows):,} rows")
    with transaction.atomic():
        # Columns that somebody confirmed anew meanwhile have a job of their own; this result is stale then.
        kept = Batch.objects.filter(pk=batch.pk, state=State.READING, mapping=batch.mapping).update(
            state=State.PREVIEWED, counts=planned.counts
        )
        if not kept:
            return dict(planned.counts)
        Row.objects.filter(batch=batch).delete()
        insert_each(Row, [_row(batch, row, raw) for row, (_, raw) in zip(planned.rows, rows, strict=True)])
        still_mine()
    return planned.counts


def _rows_in_file(batch: Batch) -> list[StoredRow]:
    grid = open_upload(_file_of(batch), batch.file_name).grid(batch.sheet)
    return stored_rows(grid, batch.header_row)


def _plan(batch: Batch, rows: list[StoredRow]) -> Plan:
    return plan_rows(
        rows,
        batch.mapping,
        batch.header_row,
        default_vendor=batch.default_vendor,
        sha256=batch.sha256,
        sheet=batch.sheet,
        stated_on=batch.stated_on,
    )


def _row(batch: Batch, planned: RowPlan, raw: list[Any]) -> dict[str, Any]:
    return {"batch_id": batch.pk, "number": planned.entry.number, "raw": raw, **_result_of(planned)}


def _result_of(planned: RowPlan) -> dict[str, Any]:
    return {
        "outcome": planned.outcome,
        "key": planned.identity[:700],
        "problems": planned.problems,
        "changes": {name: list(change) for name, change in planned.changes.items()},
        "notes": planned.notes,
        "offering_id": planned.offering.pk if planned.offering else None,
    }


# --- apply --------------------------------------------------------------------------------------------


@transaction.atomic
def request_apply(batch: Batch, *, by: User) -> Job:
    """Asks for the accepted rows to be applied. Asking twice, or again after a failure, is one import."""
    _require(by, batch.unit)
    begin_applying(batch)
    job = enqueue(APPLY, {"batch": batch.pk}, key=f"{APPLY}:{batch.pk}", unit=batch.unit, by=by)
    Batch.objects.filter(pk=batch.pk).update(job=job)
    return job


def begin_applying(batch: Batch) -> None:
    """From preview to being applied; what is being applied already stays so."""
    starts = [State.PREVIEWED, State.APPLYING]
    if not Batch.objects.filter(pk=batch.pk, state__in=starts).update(state=State.APPLYING):
        raise _moved_on(batch)


def apply(
    batch_id: int, *, progress: Progress = no_progress, still_mine: Callable[[], None] = nothing_else
) -> dict[str, int]:
    """Applies the rows that can be, in one transaction, and returns what was done.

    What each row does is decided again, against the catalog as it is now. A batch that is applied already
    only returns its counts. TryAgain when another import made the same records at the same moment.
    """
    batch = Batch.objects.select_related("unit").get(pk=batch_id)
    if batch.state != State.APPLYING:
        return dict(batch.counts)
    kept = list(batch.rows.order_by("number").values_list("pk", "number", "raw"))
    total = len(kept)
    progress(0, total, f"Applying {total:,} rows in one transaction")
    try:
        with transaction.atomic():
            counts = _apply_rows(batch, kept)
            still_mine()
    except IntegrityError as error:
        raise TryAgain(
            "Another import made the same records at this moment.", hint="It is tried again."
        ) from error
    progress(total, total, "Applied")
    return counts


def _apply_rows(batch: Batch, kept: list[tuple[int, int, list[Any]]]) -> dict[str, int]:
    _one_at_a_time()
    moved = Batch.objects.filter(pk=batch.pk, state=State.APPLYING).update(
        state=State.APPLIED, applied_at=timezone.now()
    )
    if not moved:  # somebody else has just done it
        return dict(Batch.objects.values_list("counts", flat=True).get(pk=batch.pk))
    planned = _plan(batch, [(number, raw) for _, number, raw in kept])
    counts = planned.counts
    source = _source_of(batch, needed=bool(counts["new"] or counts["updated"]))
    if source is not None and (counts["new"] or counts["updated"]):
        write_catalog(planned.catalog, source, on=batch.stated_on)
    update_each(Row, [(pk, _result_of(row)) for (pk, _, _), row in zip(kept, planned.rows, strict=True)])
    Batch.objects.filter(pk=batch.pk).update(counts=counts, source=source)
    return counts


def _one_at_a_time() -> None:
    """Imports that write wait for each other. SQLite lets one write anyway; PostgreSQL takes a lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_IMPORT_AT_A_TIME])


def _source_of(batch: Batch, *, needed: bool) -> Source | None:
    """The sheet as a source: made when it states something new, and read as this batch reads it."""
    found = Source.objects.filter(file_sha256=batch.sha256, sheet=batch.sheet).first()
    if not needed:
        return found
    facts = {
        "title": f"{batch.file_name}, sheet {batch.sheet}"[:300],
        "publisher": (batch.default_vendor or "Not stated")[:200],
        "kind": batch.source_kind,
        "published_on": batch.stated_on,
        "checked_on": timezone.localdate(batch.uploaded_at),
        "file_name": batch.file_name,
        "file_sha256": batch.sha256,
        "sheet": batch.sheet,
        "columns": source_columns(batch.mapping),
    }
    if found is None:
        return Source.objects.create(**facts)
    # Columns that this batch does not read keep the places that earlier values lead to.
    found.columns = {**found.columns, **source_columns(batch.mapping)}
    found.published_on, found.kind = batch.stated_on, batch.source_kind
    found.save(update_fields=["columns", "published_on", "kind"])
    return found


# --- discard ------------------------------------------------------------------------------------------


def discard(batch: Batch, *, by: User) -> None:
    """Forgets an import that was not applied, its rows and its file."""
    _require(by, batch.unit)
    with transaction.atomic():
        found = Batch.objects.select_for_update().filter(pk=batch.pk).first()
        if found is None or found.state in {State.APPLYING, State.APPLIED}:
            raise _moved_on(batch)
        if found.job is not None:
            cancel(found.job)
        found.delete()
    batch.file.delete(save=False)


def _file_of(batch: Batch) -> bytes:
    try:
        with batch.file.open("rb") as stored:
            return bytes(stored.read())
    except FileNotFoundError as error:
        raise InvalidInput(
            "The uploaded file is no longer there.", hint="Upload it again.", where=batch.file_name
        ) from error


def _require(by: User, unit: BusinessUnit) -> None:
    if not by.may(Can.IMPORT, unit):
        raise NotAllowed(
            f"Your roles in {unit} do not let you import.", hint="Ask an administrator for a role that does."
        )


def _moved_on(batch: Batch) -> Conflict:
    found = Batch.objects.filter(pk=batch.pk).first()
    state = found.get_state_display().lower() if found else "discarded"
    return Conflict(f"This import is {state}; that cannot be done now.", hint="Reload the page.")
