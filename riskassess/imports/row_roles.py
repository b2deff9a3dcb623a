"""A person's word on what a row is: an entry after all, a heading, a note. The sheet is then read anew."""

from __future__ import annotations

import uuid

from django.db import transaction

from riskassess.accounts.models import User
from riskassess.accounts.roles import Can
from riskassess.imports.layout import Columns, layout_over
from riskassess.imports.models import Batch
from riskassess.imports.running import grid_of
from riskassess.imports.services import PREVIEW
from riskassess.imports.shapes.registry import shape_named
from riskassess.jobs.models import Job
from riskassess.jobs.services import enqueue
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.sheets.table import RowRole, understand

State = Batch.State


@transaction.atomic
def say_role(batch: Batch, number: int, role: str, *, by: User) -> Job:
    """Keeps what the row is, '' for what is seen in it, and asks for the preview anew.

    Headings may come or go with it, and their columns too; the other columns stay as they were confirmed.
    """
    if not by.may(Can.IMPORT, batch.unit):
        raise NotAllowed(
            f"Your roles in {batch.unit} do not let you import.",
            hint="Ask an administrator for one that does.",
        )
    if role and role not in [known.value for known in RowRole]:
        raise InvalidInput(f"A row cannot be a “{role}”.", hint="Choose one of those offered.", where="role")
    if not batch.rows.filter(number=number).exists():
        raise InvalidInput(f"There is no row {number}.", where="row")
    said = {other: kept for other, kept in batch.roles.items() if other != str(number)}
    if role:
        said[str(number)] = role
    columns = _columns_with(batch, said)
    moved = Batch.objects.filter(pk=batch.pk, state=State.PREVIEWED).update(
        roles=said, mapping=columns, state=State.READING
    )
    if not moved:
        raise Conflict("What the rows are cannot be changed now.", hint="Reload the page.")
    job = enqueue(PREVIEW, {"batch": batch.pk}, key=f"{PREVIEW}:{uuid.uuid4()}", unit=batch.unit, by=by)
    Batch.objects.filter(pk=batch.pk).update(job=job)
    return job


def _columns_with(batch: Batch, said: dict[str, str]) -> Columns:
    """The batch's columns, with the virtual ones that the sheet has when its rows are these."""
    grid = grid_of(batch)
    roles = {int(number): RowRole(role) for number, role in said.items()}
    shape = shape_named(batch.shape)
    table = understand(grid, batch.header_row, roles)
    proposed = layout_over(table, shape.fields_under(table.header.names)).columns
    kept = {letters: batch.mapping[letters] for letters in proposed if letters in batch.mapping}
    taken = {column["field"] for column in kept.values()}
    columns = {
        letters: kept.get(letters) or {**column, "field": "" if column["field"] in taken else column["field"]}
        for letters, column in proposed.items()
    }
    shape.check(columns, default_vendor=batch.default_vendor)
    return columns
