"""The two long steps of an import: reading a file into a preview, and applying it. Jobs and the command run them.

Both may run twice, late, or be killed half-way, and end the same: what they write, they write in one
transaction that moves the batch by a guarded UPDATE.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from riskassess import recording
from riskassess.catalog.models import Offering, Source
from riskassess.imports.aftermath import tell, touched
from riskassess.imports.bulk import insert_rows, packed, unpacked, update_each
from riskassess.imports.decisions import NEW, Decisions, vendors_of, with_fixes
from riskassess.imports.journal import Journal
from riskassess.imports.kept import forget_grid, kept_grid
from riskassess.imports.known import KnownOffering
from riskassess.imports.models import Batch, PlanPage, Row
from riskassess.imports.outcomes import COUNTED, counted
from riskassess.imports.reading import Progress, no_progress, open_upload
from riskassess.imports.shapes.registry import shape_named
from riskassess.imports.shapes.shape import PlannedRow, Sheet, Whole, plan_whole
from riskassess.imports.spool import PAGE, Spool
from riskassess.imports.stamp import catalog_stamp
from riskassess.imports.stored import StoredRow, stored_rows, with_cells
from riskassess.imports.writing import Page, pages_of, write_pages
from riskassess.kernel.collector import collecting_later
from riskassess.kernel.errors import InvalidInput, TryAgain
from riskassess.measuring import saw_import
from riskassess.sheets.reading import Manner
from riskassess.sheets.table import RowRole, understand
from riskassess.sheets.turning import turned
from riskassess.sheets.workbook import Grid

State = Batch.State
CHANGES = {"new", "update", "conflict"}  # outcomes that write to the catalog
SOURCE = "source"  # the kind of a kept plan's first page
_ONE_IMPORT_AT_A_TIME = 7_218_204_551  # the number of the advisory lock, any will do


def nothing_else() -> None:
    """The check of callers that hold no job."""


# --- preview ------------------------------------------------------------------------------------------

# What people say of a batch that a preview rests on.
READ_BY = ("sheet", "header_row", "shape", "mapping", "roles", "default_vendor", "stated_on")
CAME = ("number", "raw", "role", "over", "hidden", "decision", "fixes")  # columns of a row as it came
RESULT = ("outcome", "key", "problems", "changes", "notes", "conflicts", "near", "offering_id")  # of its plan


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
    told, stamp = _kept_decisions(batch), catalog_stamp()
    planned = plan_batch(batch, _as_fixed(rows, told), told)
    kept: Spool[tuple[Any, ...]] = Spool()
    for row, result in zip(rows, planned.rows, strict=True):
        decision, fixes = told.get(row.number, (None, None))
        came = (row.number, row.raw, row.role, row.over, row.hidden, decision, fixes)
        kept.append((*came, *result_of(result)))
    progress(2, 4, f"Keeping {len(rows):,} rows")
    with transaction.atomic():
        # What somebody confirmed anew meanwhile has a job of its own; this result is stale then.
        as_read = {name: getattr(batch, name) for name in READ_BY}
        moved = Batch.objects.filter(pk=batch.pk, state=State.READING, **as_read).update(
            state=State.PREVIEWED, counts=planned.counts, notes=planned.notes
        )
        if not moved:
            return dict(planned.counts)
        Row.objects.filter(batch=batch).delete()
        for page in kept.pages():
            insert_rows(Row, (*CAME, *RESULT), page, {"batch_id": batch.pk})
        forget_plan(batch)
        if shape_named(batch.shape).keeps_plan:
            _keep_plan(batch, planned.planned, _source_columns(batch, rows), stamp)
        still_mine()
    return planned.counts


def _keep_plan(batch: Batch, planned: Any, columns: dict[str, Any], stamp: str) -> None:
    """Keeps what applying will write, as long as neither the catalog nor anybody's mind changes."""
    for page in chain([Page(SOURCE, ["columns"], [columns])], pages_of(planned.catalog)):
        kept = (page.kind, page.columns, packed(page.rows))
        insert_rows(PlanPage, ("kind", "columns", "rows"), [kept], {"batch_id": batch.pk})
    Batch.objects.filter(pk=batch.pk).update(stamp=stamp)


def forget_plan(batch: Batch) -> None:
    """What applying writes will be decided then."""
    PlanPage.objects.filter(batch=batch).delete()
    Batch.objects.filter(pk=batch.pk).update(stamp="")


def _rows_in_file(batch: Batch) -> Spool[StoredRow]:
    grid = grid_of(batch)
    roles = {int(number): RowRole(role) for number, role in batch.roles.items()}
    return Spool(stored_rows(understand(grid, batch.header_row, roles), batch.mapping), StoredRow)


Told = dict[int, tuple[dict[str, Any] | None, dict[str, Any] | None]]
"""A row's number to its decision and its fixes; rows without either are not in it."""


def _kept_decisions(batch: Batch) -> Told:
    """What people have decided of this sheet's rows so far; columns that are read anew do not undo it."""
    said = batch.rows.filter(Q(decision__isnull=False) | Q(fixes__isnull=False))
    return {number: (told, fixes) for number, told, fixes in said.values_list("number", "decision", "fixes")}


def _as_fixed(rows: Spool[StoredRow], told: Told) -> Spool[StoredRow]:
    """The rows with the cells that people have put right."""
    fixed = {number: fixes for number, (_, fixes) in told.items() if fixes}
    if not fixed:
        return rows
    with_them = (row._replace(raw=with_fixes(row.raw, fixed.get(row.number))) for row in rows)
    return Spool(with_them, StoredRow)


def plan_batch(
    batch: Batch,
    rows: Collection[StoredRow],
    told: Told,
    *,
    done: Iterable[int] = (),
    manners: Mapping[str, Manner] | None = None,
) -> Whole:
    """What these rows of the batch would do; their fixes are in them already. `manners`: see `Sheet`."""
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
            manners=manners,
        ),
    )


def result_of(planned: PlannedRow) -> tuple[Any, ...]:
    """What a row keeps of its plan, in the order of `RESULT`."""
    return (
        planned.outcome,
        planned.identity[:700],
        planned.problems,
        planned.changes,
        planned.notes,
        planned.conflicts or None,
        planned.near,
        planned.offering.pk if planned.offering else None,
    )


# --- applying -----------------------------------------------------------------------------------------


@collecting_later()
def apply(
    batch_id: int, *, progress: Progress = no_progress, still_mine: Callable[[], None] = nothing_else
) -> dict[str, int]:
    """Applies the rows that can be, in one transaction, and returns what was done.

    What the preview has decided is written as it is kept, unless the catalog has moved or somebody has decided
    since. Then it is decided again: before the transaction, so that nobody waits meanwhile and it can be
    cancelled, and within it if the catalog moves once more. A batch that is applied already only returns its
    counts. TryAgain when another import made the same records at the same moment.
    """
    batch = Batch.objects.select_related("unit").get(pk=batch_id)
    if batch.state != State.APPLYING:
        return dict(batch.counts)
    total = f"{batch.counts.get('read', 0):,} rows"
    progress(0, 4, f"Reading {total}")
    progress(1, 4, f"Comparing {total} with the catalog")
    stamp = catalog_stamp()
    decided = None if batch.stamp == stamp else _decide_again(batch)
    progress(2, 4, f"Writing {total} in one transaction")
    try:
        with transaction.atomic():
            one_at_a_time()
            if catalog_stamp() != stamp:
                decided = _decide_again(batch)
            counts = _apply_rows(batch, decided)
            still_mine()
    except IntegrityError as error:
        forget_plan(batch)  # written again as it is kept, it would clash again
        raise TryAgain(
            "Another import made the same records at this moment.", hint="It is tried again."
        ) from error
    progress(4, 4, "Applied")
    saw_import(counts)
    return counts


@dataclass(frozen=True, slots=True)
class _Decided:
    """A plan that was made when applying: what it writes, and what each row keeps of it."""

    planned: Any
    columns: dict[str, Any]  # of the source
    changes: bool
    results: Spool[tuple[Any, ...]]  # a row's id, and what it keeps
    offerings: list[KnownOffering | None]  # of the same rows: those that are new get their ids meanwhile

    def updates(self) -> Iterator[list[tuple[int, dict[str, Any]]]]:
        """Rows with their results, a page at a time."""
        offerings = iter(self.offerings)
        for page in self.results.pages():
            yield [
                (pk, dict(zip(RESULT, result, strict=True)) | {"offering_id": found.pk if found else None})
                for (pk, *result), found in zip(page, offerings, strict=False)
            ]


def _decide_again(batch: Batch) -> _Decided:
    """Rows that are applied already only stand for their records: applying the rest does nothing twice."""
    ids: list[int] = []
    rows = Spool[StoredRow](kind=StoredRow)
    told: Told = {}
    done: list[int] = []
    for pk, number, raw, over, decision, fixes, applied in _rows_kept(batch):
        ids.append(pk)
        rows.append(StoredRow(number, with_fixes(raw, fixes), over=over))
        if decision or fixes:
            told[number] = decision, fixes
        if applied:
            done.append(number)
    whole = plan_batch(batch, rows, told, done=done)
    results: Spool[tuple[Any, ...]] = Spool()
    offerings, changes = [], False
    for pk, result in zip(ids, whole.rows, strict=True):
        changes = changes or result.outcome in CHANGES
        if result.outcome != "done":
            results.append((pk, *result_of(result)))
            offerings.append(result.offering)
    return _Decided(whole.planned, _source_columns(batch, rows), changes, results, offerings)


def _rows_kept(batch: Batch) -> Iterator[tuple[Any, ...]]:
    """The rows of data as they are kept, in the order of the sheet, in portions that memory holds."""
    columns = ("pk", "number", "raw", "over", "decision", "fixes", "applied_at")
    rows, last = batch.rows.data().order_by("number").values_list(*columns), 0
    while page := list(rows.filter(number__gt=last)[:PAGE]):
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1][1]


def _apply_rows(batch: Batch, decided: _Decided | None) -> dict[str, int]:
    with recording.told_as_one():
        counts, told = _write(batch, decided)
    if told:
        recording.tell(batch, told)
    if "journal" in told:
        tell(batch, touched(batch), batch.uploaded_by)
    return counts


def _write(batch: Batch, decided: _Decided | None) -> tuple[dict[str, int], dict[str, list[Any]]]:
    """The counts, and what the audit trail is told of it: one entry, with the digest of all that was written."""
    now = timezone.now()
    moved = Batch.objects.filter(pk=batch.pk, state=State.APPLYING).update(
        state=State.APPLIED, applied_at=now
    )
    if not moved:  # somebody else has just done it, or cancelled it
        return dict(Batch.objects.values_list("counts", flat=True).get(pk=batch.pk)), {}
    journal = Journal(batch.pk)
    told: dict[str, list[Any]] = {}
    applied = batch.rows.exclude(outcome__in=Row.STAYING).filter(applied_at=None)
    if decided is None:
        changes = any(batch.counts[COUNTED[outcome]] for outcome in CHANGES)
        # One at a time, each asked for by itself: a cursor left open on the server would outlive a failed transaction.
        plan = batch.plan.values_list("kind", "columns", "rows")
        kept = (plan.get(pk=pk) for pk in list(batch.plan.values_list("pk", flat=True)))
        pages = (Page(kind, columns, unpacked(rows)) for kind, columns, rows in kept)
        source = _source_of(batch, next(pages).rows[0], journal, needed=changes)
        if source is not None and changes:
            write_pages(pages, source, on=batch.stated_on, journal=journal)
        made = Offering.objects.filter(identity=OuterRef("key")).values("pk")
        applied.update(applied_at=now, offering_id=Coalesce("offering_id", Subquery(made)))
    else:
        changes = decided.changes
        source = _source_of(batch, decided.columns, journal, needed=changes)
        if source is not None and changes:
            shape_named(batch.shape).write(decided.planned, source, batch.stated_on, journal)
        for updates in decided.updates():
            update_each(Row, updates)
        applied.update(applied_at=now)
    if changes:
        told["journal"] = [None, journal.write()]
    forget_plan(batch)
    forget_grid(batch)
    counts = count_rows(batch)
    state = State.PARTLY if counts["asked"] else State.APPLIED
    Batch.objects.filter(pk=batch.pk).update(counts=counts, source=source, state=state)
    return counts, told | {"state": [State.APPLYING.value, state.value], "counts": [batch.counts, counts]}


def count_rows(batch: Batch) -> dict[str, int]:
    """The batch's rows by outcome. One query."""
    tally = batch.rows.order_by().values_list("outcome").annotate(count=Count("pk"))
    return counted(dict(tally))


def one_at_a_time() -> None:
    """Imports that write wait for each other. SQLite lets one write anyway; PostgreSQL takes a lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_IMPORT_AT_A_TIME])


def _source_columns(batch: Batch, rows: Collection[StoredRow]) -> dict[str, Any]:
    """The sheet's columns as its source keeps them: what leads from a record to its cells."""
    return with_cells(shape_named(batch.shape).source_columns(batch.mapping), rows)


def _source_of(batch: Batch, columns: dict[str, Any], journal: Journal, *, needed: bool) -> Source | None:
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


def grid_of(batch: Batch) -> Grid:
    """The batch's sheet. InvalidInput when the file is no longer there."""
    is_there = batch.file.storage.exists(str(batch.file.name))
    kept = kept_grid(batch) if is_there else None
    if kept:
        return kept
    grid = open_upload(file_of(batch), batch.file_name).grid(batch.sheet)
    return turned(grid) if batch.is_turned else grid


def file_of(batch: Batch) -> bytes:
    """The uploaded bytes. InvalidInput when they are no longer there."""
    try:
        with batch.file.open("rb") as stored:
            return bytes(stored.read())
    except FileNotFoundError as error:
        raise InvalidInput(
            "The uploaded file is no longer there.", hint="Upload it again.", where=batch.file_name
        ) from error
