"""The list of imports, and the workbook of the rows that stayed behind."""

from __future__ import annotations

import django_filters
from django.conf import settings
from django.utils import timezone

from riskassess import marks
from riskassess.accounts.unit_filter import UnitFilter
from riskassess.imports.models import Batch, Row
from riskassess.imports.shapes.names import LABELS, ShapeName
from riskassess.listing import Column, ListPage, WordsFilter
from riskassess.sheets.writing import ListColumn, write_list_xlsx

_STATE_MARKS = {
    Batch.State.UPLOADED: "queued",
    Batch.State.READING: "running",
    Batch.State.PREVIEWED: "queued",
    Batch.State.APPLYING: "running",
    Batch.State.PARTLY: "done",
    Batch.State.APPLIED: "done",
    Batch.State.REFUSED: "failed",
    Batch.State.UNDONE: "cancelled",
}


class BatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Words, state, unit."""

    q = WordsFilter("file_name", "sheet", label="File or sheet")
    state = django_filters.ChoiceFilter(choices=Batch.State.choices, label="State", empty_label="Any")
    unit = UnitFilter()

    class Meta:
        model = Batch
        fields = ["q", "state", "unit"]


def _sheet_and_shape(batch: Batch) -> str:
    shape = LABELS[ShapeName(batch.shape)].partition(":")[0]
    return f"sheet {batch.sheet}, {shape[0].lower()}{shape[1:]}"


def _counted(batch: Batch) -> str:
    names = ("new", "updated", "conflicts", "unchanged", "asked", "skipped", "invalid")
    return ", ".join(f"{batch.counts[name]:,} {name}" for name in names if batch.counts.get(name))


IMPORTS: ListPage[Batch] = ListPage(
    title="Imports",
    lede="Spreadsheets on their way into the catalog. Nothing changes before you have seen what would.",
    filters=BatchFilter,
    order="-uploaded",
    empty="No spreadsheet has been uploaded yet.",
    columns=(
        Column(
            "file",
            "File",
            lambda batch: batch.file_name,
            show=lambda batch: marks.link(batch.get_absolute_url(), batch.file_name, _sheet_and_shape(batch)),
            order_by=("file_name",),
        ),
        Column(
            "state",
            "State",
            lambda batch: batch.get_state_display(),
            show=lambda batch: marks.mark(_STATE_MARKS[Batch.State(batch.state)], batch.get_state_display()),
            order_by=("state", "uploaded_at"),
        ),
        Column("rows", "Rows", lambda batch: batch.counts.get("read"), numeric=True),
        Column("outcome", "Outcome", _counted, wide=True),
        Column("unit", "Unit", lambda batch: batch.unit.name, order_by=("unit__name",)),
        Column("by", "Uploaded by", lambda batch: str(batch.uploaded_by), order_by=("uploaded_by__name",)),
        Column(
            "uploaded",
            "Uploaded",
            lambda batch: timezone.localdate(batch.uploaded_at),
            order_by=("uploaded_at",),
            day=True,
        ),
    ),
)

_LEFT_COLUMNS = (
    ListColumn("Row", 8),
    ListColumn("Outcome", 12),
    ListColumn("Cell", 10),
    ListColumn("What", 60),
    ListColumn("What to do", 60),
)


def left_behind(batch: Batch) -> bytes:
    """A workbook of the rows that are not applied, a line for each reason."""
    rows = Row.objects.staying().filter(batch=batch).order_by("number")
    lines = (
        (row.number, row.get_outcome_display(), problem["cell"], problem["what"], problem["hint"])
        for row in rows.iterator()
        for problem in row.problems
    )
    note = f"Rows of {batch.file_name}, sheet {batch.sheet}, that were not applied."
    return write_list_xlsx("Rows left", _LEFT_COLUMNS, lines, note=note, paper=settings.REPORT_PAPER)
