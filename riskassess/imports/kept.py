"""The sheet as it was parsed when it was uploaded, kept with its batch: whoever reads it again opens no file."""

from __future__ import annotations

from typing import Any

from riskassess.imports.bulk import insert_rows, packed, unpacked
from riskassess.imports.models import Batch, SheetPage
from riskassess.imports.spool import PAGE
from riskassess.imports.stored import as_json, cell_of
from riskassess.sheets.results import Cell
from riskassess.sheets.workbook import Grid


def keep_grid(batch: Batch, grid: Grid) -> None:
    """Keeps the sheet that the batch reads, instead of another one."""
    forget_grid(batch)
    for start in range(0, len(grid.rows), PAGE):
        rows = [[as_json(cell) for cell in row] for row in grid.rows[start : start + PAGE]]
        page = ({} if start else _facts(grid), packed(rows))
        insert_rows(SheetPage, ("facts", "rows"), [page], {"batch_id": batch.pk})


def forget_grid(batch: Batch) -> None:
    """Whoever reads the sheet again opens the file."""
    SheetPage.objects.filter(batch=batch).delete()


def kept_grid(batch: Batch) -> Grid | None:
    """The sheet, its cells as JSON holds them; None when it is not kept."""
    facts: dict[str, Any] = {}
    rows: list[list[Cell]] = []
    texts = Same()
    for found, page in (
        SheetPage.objects.filter(batch=batch)
        .order_by("pk")
        .values_list("facts", "rows")
        .iterator(chunk_size=1)
    ):
        facts |= found
        rows += [
            [texts[c] if type(c) is str else cell_of(c) if type(c) is dict else c for c in row]
            for row in unpacked(page)
        ]
    if not rows:
        return None
    merged, hidden_rows, hidden_columns = facts["merged"], facts["hidden_rows"], facts["hidden_columns"]
    return Grid(
        batch.sheet,
        rows,
        first_row=facts["first_row"],
        first_column=facts["first_column"],
        turned=facts.get("turned", False),
        merged=None if merged is None else tuple(tuple(span) for span in merged),
        hidden_rows=None if hidden_rows is None else frozenset(hidden_rows),
        hidden_columns=None if hidden_columns is None else frozenset(hidden_columns),
    )


def _facts(grid: Grid) -> dict[str, Any]:
    return {
        "first_row": grid.first_row,
        "first_column": grid.first_column,
        "merged": grid.merged,
        "turned": grid.turned,
        "hidden_rows": None if grid.hidden_rows is None else sorted(grid.hidden_rows),
        "hidden_columns": None if grid.hidden_columns is None else sorted(grid.hidden_columns),
    }


class Same(dict[str, str]):
    """Equal texts as one: catalogs repeat themselves."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text
