"""The two long steps of an import: reading a file into a preview, and applying it. Jobs and the command run them.

Both may run twice, late, or be killed half-way, and end the same: what they write, they write in one
transaction that moves the batch by a guarded UPDATE.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from riskassess.catalog.models import Source
from riskassess.imports.aftermath import tell, touched
from riskassess.imports.bulk import insert_each, update_each
from riskassess.imports.decisions import NEW, Decisions, vendors_of, with_fixes
from riskassess.imports.journal import Journal
from riskassess.imports.models import Batch, Row
from riskassess.imports.outcomes import counted
from riskassess.imports.reading import Progress, no_progress, open_upload
from riskassess.imports.shapes.registry import shape_named
from riskassess.imports.shapes.shape import Planned, PlannedRow, Sheet, Whole, plan_whole
from riskassess.imports.stamp import Stamp, catalog_stamp
from riskassess.imports.stored import Over, StoredRow, stored_rows, with_cells
from riskassess.kernel.collector import collecting_later
from riskassess.kernel.errors import InvalidInput, TryAgain
from riskassess.sheets.table import RowRole, understand

State = Batch.State
CHANGES = {"new", "update", "conflict"}  # outcomes that write to the catalog
_ONE_IMPORT_AT_A_TIME = 7_218_204_551  # the number of the advisory lock, any will do


def nothing_else() -> None:
    """The check of callers that hold no job."""


# --- preview ------------------------------------------------------------------------------------------


@collecting_later()
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
    told = _kept_decisions(batch)
    planned = plan_batch(batch, [_fixed(row, told) for row in rows], told)
    progress(2, 4, f"Keeping {len(rows):,} rows")
    with transaction.atomic():
        # Columns that somebody confirmed anew meanwhile have a job of their own; this result is stale then.
        kept = Batch.objects.filter(pk=batch.pk, state=State.READING, mapping=batch.mapping).update(
            state=State.PREVIEWED,
            counts=planned.counts,
            notes=planned.notes,
            digest=_digest(planned.planned),
        )
        if not kept:
            return dict(planned.counts)
        Row.objects.filter(batch=batch).delete()
        insert_each(Row, (_row(batch, *pair, told) for pair in zip(planned.rows, rows, strict=True)))
        still_mine()
    return planned.counts


def _rows_in_file(batch: Batch) -> list[StoredRow]:
    grid = open_upload(file_of(batch), batch.file_name).grid(batch.sheet)
    roles = {int(number): RowRole(role) for number, role in batch.roles.items()}
    return stored_rows(understand(grid, batch.header_row, roles), batch.mapping)


Told = dict[int, tuple[dict[str, Any] | None, dict[str, Any] | None]]
"""A row's number to its decision and its fixes; rows without either are not in it."""


def _kept_decisions(batch: Batch) -> Told:
    """What people have decided of this sheet's rows so far; columns that are read anew do not undo it."""
    said = batch.rows.filter(Q(decision__isnull=False) | Q(fixes__isnull=False))
    return {number: (told, fixes) for number, told, fixes in said.values_list("number", "decision", "fixes")}


def _fixed(row: StoredRow, told: Told) -> StoredRow:
    return row._replace(raw=with_fixes(row.raw, told[row.number][1])) if row.number in told else row


def plan_batch(batch: Batch, rows: list[StoredRow], told: Told, *, done: Iterable[int] = ()) -> Whole:
    """What these rows of the batch would do; their fixes are in them already."""
    decisions = Decisions(
        vendors=vendors_of(batch.decisions),
        rows={number: decision for number, (decision, _) in told.items() if decision},
        done=frozenset(done),
        asks=batch.decisions.get("near") != NEW,
    )
    return plan_whole(
        shape_named(batch.shape),
        Sheet(
            rows,
            batch.mapping,
            batch.header_row,
            default_vendor=batch.default_vendor,
            sha256=batch.sha256,
            name=batch.sheet,
            stated_on=batch.stated_on,
            file_name=batch.file_name,
            told=decisions,
        ),
    )


def _row(batch: Batch, planned: PlannedRow, row: StoredRow, told: Told) -> dict[str, Any]:
    decision, fixes = told.get(row.number, (None, None))
    came = {"number": row.number, "raw": row.raw, "role": row.role, "over": row.over, "hidden": row.hidden}
    return {"batch_id": batch.pk, **came, "decision": decision, "fixes": fixes, **result_of(planned)}


def result_of(planned: PlannedRow) -> dict[str, Any]:
    """What a row keeps of its plan."""
    return {
        "outcome": planned.outcome,
        "key": planned.identity[:700],
        "problems": planned.problems,
        "changes": planned.changes,
        "notes": planned.notes,
        "conflicts": planned.conflicts or None,
        "near": planned.near,
        "offering_id": _offering_of(planned),
    }


def _offering_of(planned: PlannedRow) -> int | None:
    return planned.offering.pk if planned.offering else None


@collecting_later()
def apply(
    batch_id: int, *, progress: Progress = no_progress, still_mine: Callable[[], None] = nothing_else
) -> dict[str, int]:
    """Applies the rows that can be, in one transaction, and returns what was done.

    What each row does is decided again, against the catalog as it is now: before the transaction, so that
    nobody waits meanwhile and it can be cancelled, and once more within it if the catalog has moved. A batch
    that is applied already only returns its counts. TryAgain when another import made the same records at
    the same moment.
    """
    batch = Batch.objects.select_related("unit").get(pk=batch_id)
    if batch.state != State.APPLYING:
        return dict(batch.counts)
    total = f"{batch.counts.get('read', 0):,} rows"
    progress(0, 4, f"Reading {total}")
    kept = _kept_rows(batch)
    progress(1, 4, f"Comparing {total} with the catalog")
    stamp = catalog_stamp()
    planned = _plan_kept(batch, kept)
    progress(2, 4, f"Writing {total} in one transaction")
    try:
        with transaction.atomic():
            counts = _apply_rows(batch, kept, planned, stamp)
            still_mine()
    except IntegrityError as error:
        raise TryAgain(
            "Another import made the same records at this moment.", hint="It is tried again."
        ) from error
    progress(4, 4, "Applied")
    return counts


Kept = tuple[int, int, list[Any], Over, dict[str, Any] | None, dict[str, Any] | None, datetime | None]
"""A row as `_plan_kept` needs it: id, number, cells, headings over it, decision, fixes, when it was applied."""


def _kept_rows(batch: Batch) -> list[Kept]:
    columns = ("pk", "number", "raw", "over", "decision", "fixes", "applied_at")
    return list(batch.rows.data().order_by("number").values_list(*columns))


def _plan_kept(batch: Batch, kept: list[Kept]) -> Whole:
    """Rows that are applied already only stand for their records: applying the rest does nothing twice."""
    told = {number: (decision, fixes) for _, number, _, _, decision, fixes, _ in kept if decision or fixes}
    rows = [_fixed(StoredRow(number, raw, over=over), told) for _, number, raw, over, *_ in kept]
    return plan_batch(batch, rows, told, done=[number for _, number, *_, applied in kept if applied])


def _apply_rows(batch: Batch, kept: list[Kept], planned: Whole, stamp: Stamp) -> dict[str, int]:
    one_at_a_time()
    stands = catalog_stamp() == stamp
    now = timezone.now()
    moved = Batch.objects.filter(pk=batch.pk, state=State.APPLYING).update(
        state=State.APPLIED, applied_at=now
    )
    if not moved:  # somebody else has just done it, or cancelled it
        return dict(Batch.objects.values_list("counts", flat=True).get(pk=batch.pk))
    if not stands:
        planned = _plan_kept(batch, kept)
    results, as_shown = planned.rows, batch.digest == _digest(planned.planned)
    changes = any(row.outcome in CHANGES for row in results)
    new = [at for at, row in enumerate(results) if row.offering and row.offering.pk is None]
    journal = Journal(batch.pk)
    rows = [StoredRow(number, raw, over=over) for _, number, raw, over, *_ in kept]
    source = _source_of(batch, rows, journal, needed=changes)
    if source is not None and changes:
        shape_named(batch.shape).write(planned.planned, source, batch.stated_on, journal)
        journal.write()
    if as_shown:  # only the offerings that were made are news
        made = ((kept[at][0], _offering_of(results[at])) for at in new)
        update_each(Row, [(pk, {"offering_id": offering, "applied_at": now}) for pk, offering in made])
    else:
        pairs = zip(kept, results, strict=True)
        update_each(Row, [(pk, result_of(row)) for (pk, *_), row in pairs if row.outcome != "done"])
    batch.rows.exclude(outcome__in=Row.STAYING).filter(applied_at=None).update(applied_at=now)
    counts = count_rows(batch)
    state = State.PARTLY if counts["asked"] else State.APPLIED
    Batch.objects.filter(pk=batch.pk).update(counts=counts, source=source, state=state)
    if changes:
        tell(batch, touched(batch), batch.uploaded_by)
    return counts


def count_rows(batch: Batch) -> dict[str, int]:
    """The batch's rows by outcome. One query."""
    tally = batch.rows.order_by().values_list("outcome").annotate(count=Count("pk"))
    return counted(dict(tally))


def _digest(planned: Planned) -> str:
    """The same for the same results, whether or not the offerings they make are written yet."""
    whole = hashlib.sha256()
    for row in planned.rows:
        whole.update(_bytes_of((row.number, *result_of(row).values())))
    return whole.hexdigest()


def _bytes_of(result: tuple[Any, ...]) -> bytes:
    """The same bytes for equal results; three times as fast for plain values, which they nearly always are."""
    try:
        return marshal.dumps(result, 0)  # this version knows values only, not which of them are one object
    except ValueError:
        return repr(result).encode()


def one_at_a_time() -> None:
    """Imports that write wait for each other. SQLite lets one write anyway; PostgreSQL takes a lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_IMPORT_AT_A_TIME])


def _source_of(batch: Batch, rows: list[StoredRow], journal: Journal, *, needed: bool) -> Source | None:
    """The sheet as a source: made when it states something new, and read as this batch reads it."""
    found = Source.objects.filter(file_sha256=batch.sha256, sheet=batch.sheet).first()
    if not needed:
        return found
    columns = with_cells(shape_named(batch.shape).source_columns(batch.mapping), rows)
    facts = {
        "title": f"{batch.file_name}, sheet {batch.sheet}"[:300],
        "publisher": (batch.default_vendor or "Not stated")[:200],
        "kind": batch.source_kind,
        "published_on": batch.stated_on,
        "checked_on": timezone.localdate(batch.uploaded_at),
        "file_name": batch.file_name,
        "file_sha256": batch.sha256,
        "sheet": batch.sheet,
        "columns": columns,
    }
    if found is None:
        made = Source.objects.create(**facts)
        journal.made(Source, [made.pk])
        return made
    # Columns that this batch does not read keep the places that earlier values lead to.
    changes = {
        "columns": {**found.columns, **columns},
        "published_on": batch.stated_on,
        "kind": batch.source_kind,
    }
    journal.changing(Source, [(found.pk, changes)])
    update_each(Source, [(found.pk, changes)])
    return found


def file_of(batch: Batch) -> bytes:
    """The uploaded bytes. InvalidInput when they are no longer there."""
    try:
        with batch.file.open("rb") as stored:
            return bytes(stored.read())
    except FileNotFoundError as error:
        raise InvalidInput(
            "The uploaded file is no longer there.", hint="Upload it again.", where=batch.file_name
        ) from error
