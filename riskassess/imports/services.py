"""What people do with a spreadsheet: upload it, say what its columns are, look, apply or discard it.

Every verb checks the right it needs and moves the batch by a guarded UPDATE, so of two people who try, one
does it. The long steps are in `running`.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import OperationalError, transaction

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.imports import models
from riskassess.imports.kept import keep_grid
from riskassess.imports.layout import (
    Columns,
    choices_of,
    fingerprint,
    with_choices,
)
from riskassess.imports.models import Batch
from riskassess.imports.reading import open_upload
from riskassess.imports.running import file_of
from riskassess.imports.shapes.registry import shape_named
from riskassess.imports.shapes.shape import Shape
from riskassess.imports.survey import survey
from riskassess.imports.terms import propose_terms, terms_of
from riskassess.imports.understanding import VOCABULARIES, Understood, understood
from riskassess.imports.undo import take_back
from riskassess.jobs.models import Job
from riskassess.jobs.services import cancel, enqueue
from riskassess.kernel.collector import collecting_later
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.kernel.files import shown_name

PREVIEW, APPLY = "import_preview", "import_apply"
State = Batch.State


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
    shape: str = "",
    read: Read | None = None,
    day_is_said: bool = True,
) -> Batch:
    """Keeps the file and proposes how to read it. InvalidInput when it cannot be; then nothing is kept.

    `read` is what `read_upload` has made of the same file already. With `day_is_said` false nobody has said which day
    the list is of: an earlier one that the sheet states is proposed.
    """
    require_import(by, unit)
    return store(
        data,
        file_name,
        unit=unit,
        by=by,
        stated_on=stated_on,
        source_kind=source_kind,
        default_vendor=default_vendor,
        shape=shape,
        read=read,
        day_is_said=day_is_said,
    )


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was opened: its name as it is shown, its sheets, and how one of them would be read."""

    name: str
    sheets: list[dict[str, Any]]
    found: Understood


def read_upload(data: bytes, file_name: str, *, unit: BusinessUnit, by: User, shape: str = "") -> Read:
    """Opens the file and writes nothing: it takes seconds, in which nobody has to wait for a transaction."""
    require_import(by, unit)
    return _read(data, file_name, shape=shape)


@collecting_later()
def _read(
    data: bytes,
    file_name: str,
    sheet: str = "",
    header_row: int | None = None,
    shape: str = "",
    sideways: bool | None = None,
) -> Read:
    name = shown_name(file_name)
    book = open_upload(data, name)
    found = understood(book, sheet, header_row, shape, sideways)
    return Read(name, survey(book, VOCABULARIES), found)


@collecting_later()
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
    shape: str = "",
    sideways: bool | None = None,
    read: Read | None = None,
    day_is_said: bool = True,
) -> Batch:
    """`upload` without asking who may: for the command, whose user has the server's console."""
    read = read or _read(data, file_name, sheet, header_row, shape, sideways)
    name, found = read.name, read.found
    batch = Batch(
        unit=unit,
        uploaded_by=by,
        file_name=name,
        sha256=digest(data),
        sheets=read.sheets,
        default_vendor=default_vendor.strip()[:200],
        source_kind=source_kind,
        stated_on=stated_on,
    )
    _take_layout(batch, found)
    propose_terms(batch, day_is_said=day_is_said)
    # File first, then the row that points to it. The name on disk is ours; theirs is only shown.
    ending = name.rpartition(".")[2].lower() if "." in name else "bin"
    batch.file.save(f"{uuid.uuid4().hex}.{ending}", ContentFile(data), save=False)
    try:
        with transaction.atomic():
            batch.save()
            keep_grid(batch, found.layout.grid)
    except BaseException:
        batch.file.delete(save=False)
        raise
    return batch


def next_sheet(batch: Batch, sheet: str, *, by: User) -> Batch:
    """Another sheet of a file that was imported already, as an import of its own: nobody sends it twice."""
    require_import(by, batch.unit)
    return store(
        file_of(batch),
        batch.file_name,
        unit=batch.unit,
        by=by,
        stated_on=batch.stated_on,
        source_kind=batch.source_kind,
        default_vendor=batch.default_vendor,
        sheet=sheet,
    )


def digest(data: bytes) -> str:
    """What tells one file from another."""
    return hashlib.sha256(data).hexdigest()


def _take_layout(batch: Batch, found: Understood) -> None:
    layout = found.layout
    if len(layout.grid.name) > 100:
        raise InvalidInput(
            "The sheet's name is too long.", hint="Use 100 characters at most.", where=batch.file_name
        )
    batch.sheet = layout.grid.name
    batch.header_row, batch.roles = layout.header_row, {}
    batch.shape = found.shape.name
    batch.guesses = [{"shape": str(g.shape), "confidence": g.confidence, "why": g.why} for g in found.guesses]
    batch.mapping = _remembered(batch.unit, layout.columns, found.shape)


def _remembered(unit: BusinessUnit, columns: Columns, shape: Shape) -> Columns:
    """The columns as somebody of the unit has confirmed them for this layout before, else as proposed."""
    print_ = fingerprint(columns)
    found = models.Mapping.objects.filter(unit=unit, fingerprint=print_, shape=shape.name).first()
    if found is None:
        return columns
    why = f"as confirmed on {found.saved_at:%d %b %Y}"
    known = {letters: choice for letters, choice in found.columns.items() if letters in columns}
    return with_choices(columns, known, why=why, fields=shape.by_name)


# --- columns ------------------------------------------------------------------------------------------


@transaction.atomic
def choose_sheet(
    batch: Batch,
    sheet: str,
    header_row: int | None,
    *,
    by: User,
    shape: str = "",
    sideways: bool | None = None,
) -> None:
    """Reads another sheet of the file, another header row, the sheet as another shape, or turned.

    Without a shape, one is proposed again; so is, without `sideways`, whether its rows or its columns are entries.
    """
    require_import(by, batch.unit)
    book = open_upload(file_of(batch), batch.file_name)
    found = understood(book, sheet, header_row, shape, sideways)
    was = terms_of(batch)
    _take_layout(batch, found)
    propose_terms(batch, was)
    before = Batch.objects.select_for_update().filter(pk=batch.pk).first()
    moved = Batch.objects.filter(pk=batch.pk, state__in=[State.UPLOADED, State.PREVIEWED]).update(
        sheet=batch.sheet,
        header_row=batch.header_row,
        mapping=batch.mapping,
        shape=batch.shape,
        guesses=batch.guesses,
        default_vendor=batch.default_vendor,
        stated_on=batch.stated_on,
        roles={},
        state=State.UPLOADED,
    )
    if not moved:
        raise _moved_on(batch)
    if before and (before.sheet, before.is_turned) != (
        batch.sheet,
        batch.is_turned,
    ):  # a row's number stands for another row now
        batch.rows.update(decision=None, fixes=None)
    elif before and before.shape != batch.shape:  # and a decision for a record of another kind
        batch.rows.update(decision=None)
    keep_grid(batch, found.layout.grid)


def confirm_columns(
    batch: Batch,
    choices: Mapping[str, Any],
    *,
    by: User,
    default_vendor: str | None = None,
    stated_on: date | None = None,
) -> Job:
    """Keeps how the columns are read, remembers it for this layout, and asks for the preview."""
    require_import(by, batch.unit)
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
    shape = shape_named(batch.shape)
    columns = with_choices(batch.mapping, choices, fields=shape.by_name)
    vendor = batch.default_vendor if default_vendor is None else default_vendor.strip()[:200]
    shape.check(columns, default_vendor=vendor)
    starts = [State.UPLOADED, State.PREVIEWED, State.READING, State.UNDONE]
    moved = Batch.objects.filter(pk=batch.pk, state__in=starts).update(
        mapping=columns,
        default_vendor=vendor,
        stated_on=stated_on or batch.stated_on,
        state=State.READING,
        applied_at=None,  # of one that was undone, and is read again
        undone_at=None,
        undone_by=None,
    )
    if not moved:
        raise _moved_on(batch)
    models.Mapping.objects.update_or_create(
        unit=batch.unit,
        fingerprint=fingerprint(columns),
        shape=shape.name,
        defaults={"columns": choices_of(columns), "saved_by": by},
    )
    batch.refresh_from_db()


# --- applying --------------------------------------------------------------------------------------------


@transaction.atomic
def request_apply(batch: Batch, *, by: User) -> Job:
    """Asks for the accepted rows to be applied. Asking twice, or again after a failure, is one import.

    Rows that were left for a decision can be applied later: that is a further step of the same import.
    """
    require_import(by, batch.unit)
    begin_applying(batch)
    key = f"{APPLY}:{batch.pk}:"
    job = enqueue(APPLY, {"batch": batch.pk}, key=f"{key}{_step(key)}", unit=batch.unit, by=by)
    Batch.objects.filter(pk=batch.pk).update(job=job)
    return job


def _step(key: str) -> int:
    """The number of the step that is to be done: one more than the last that is done, whichever rows are still kept."""
    rows = Job.objects.filter(idempotency_key__startswith=key).values_list("idempotency_key", "state")
    states = {int(name.removeprefix(key)): state for name, state in rows}
    last = max(states, default=0)
    return last + (states.get(last) == Job.State.DONE)


def begin_applying(batch: Batch) -> None:
    """From preview, or from an earlier step, to being applied; what is being applied already stays so."""
    starts = [State.PREVIEWED, State.APPLYING, *Batch.DONE]
    if not Batch.objects.filter(pk=batch.pk, state__in=starts).update(state=State.APPLYING):
        raise _moved_on(batch)


# --- stopping -------------------------------------------------------------------------------------------


def stop(batch: Batch, *, by: User) -> None:
    """Stops what the worker does with this import; nothing of that step is kept, what was before is.

    Conflict when there is nothing to stop any more, or the last step holds the database.
    """
    require_import(by, batch.unit)
    back = State.UPLOADED if batch.state == State.READING else _before_applying(batch)
    try:
        with transaction.atomic():
            rows = Batch.objects.select_for_update(of=("self",)).select_related("job")
            found = rows.filter(pk=batch.pk).first()
            if found is None or found.state not in {State.READING, State.APPLYING}:
                raise _moved_on(batch)
            if found.job is not None:
                cancel(found.job)
            Batch.objects.filter(pk=batch.pk, state=found.state).update(state=back)
    except OperationalError as error:  # SQLite: one writer at a time, and it is the import
        raise Conflict("It is being written at this moment.", hint="It can be undone afterwards.") from error
    batch.refresh_from_db()


def _before_applying(batch: Batch) -> str:
    """Where the batch stood before this step of applying it."""
    if batch.applied_at is None:
        return State.PREVIEWED
    return State.PARTLY if batch.counts.get("asked") else State.APPLIED


# --- discard ------------------------------------------------------------------------------------------


def discard(batch: Batch, *, by: User) -> None:
    """Forgets an import that was not applied, its rows and its file. Conflict for one that ever was."""
    require_import(by, batch.unit)
    with transaction.atomic():
        found = Batch.objects.select_for_update().filter(pk=batch.pk).first()
        if found is None or found.state in {State.APPLYING, State.UNDONE, *Batch.DONE}:
            raise _moved_on(batch)
        if was_applied(found):
            raise Conflict(
                "This import was applied and undone; the audit trail rests on what it did, so it stays.",
                hint="Leave it as it is: nothing more of it is applied unless somebody asks for that.",
            )
        if found.job is not None:
            cancel(found.job)
        found.delete()
        # Row first: were the file gone and the row not, an import would be promised that nobody can read.
        transaction.on_commit(lambda: batch.file.delete(save=False))


def was_applied(batch: Batch) -> bool:
    """Whether the audit trail tells of something that this import did, be it undone since. One query."""
    return batch.journal.exists()


# --- undoing ------------------------------------------------------------------------------------------


def undo(batch: Batch, *, by: User) -> None:
    """Puts the catalog back as it was before this import. Conflict names what rests on it."""
    require_import(by, batch.unit)
    take_back(batch, by, sees=by)


def require_import(by: User, unit: BusinessUnit) -> None:
    """NotAllowed for somebody without the right to import for the unit."""
    if not by.may(Can.IMPORT, unit):
        raise NotAllowed(
            f"Your roles in {unit} do not let you import.", hint="Ask an administrator for a role that does."
        )


def _moved_on(batch: Batch) -> Conflict:
    found = Batch.objects.filter(pk=batch.pk).first()
    state = found.get_state_display().lower() if found else "discarded"
    return Conflict(f"This import is {state}; that cannot be done now.", hint="Reload the page.")
