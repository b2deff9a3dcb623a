"""All sheets of a file at a glance: how large each is, what is hidden, what it begins with and seems to be. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from riskassess.imports.contents import CONTENTS, WHY, lists_sheets
from riskassess.imports.orientation import oriented
from riskassess.imports.said_once import SaidOnce, as_kept, lines_above, lines_of
from riskassess.imports.shapes.names import LABELS, ShapeName
from riskassess.imports.shapes.registry import shape_named
from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.places import entry_named
from riskassess.sheets.columns import Field
from riskassess.sheets.results import text_of, tidy
from riskassess.sheets.table import RowRole, Table
from riskassess.sheets.turning import MOST_ROWS
from riskassess.sheets.workbook import Grid, SheetInfo, Workbook

_LOOKED_AT = 400  # rows of each sheet
_SHOWN_ROWS, _SHOWN_CELLS, _LONGEST = 4, 5, 40


def survey(book: Workbook, vocabularies: Mapping[ShapeName, Sequence[Field]]) -> list[dict[str, Any]]:
    """One entry a sheet, as its batch keeps it: what is said of hidden rows is None where nobody can tell."""
    sheets = [info.name for info in book.sheets]
    return [
        _of_sheet(info, grid, vocabularies, sheets)
        for info, grid in zip(book.sheets, book.grids, strict=True)
    ]


def alike_in(sheets: Sequence[Mapping[str, Any]], name: str) -> list[str]:
    """Of surveyed sheets those with the column names of the named one, itself included; hidden ones are left out."""
    own = next((sheet.get("names", "") for sheet in sheets if sheet["name"] == name), "")
    same = [sheet["name"] for sheet in sheets if sheet.get("names") == own and not sheet["hidden"]]
    return same if own else []


def _of_sheet(
    info: SheetInfo, grid: Grid, vocabularies: Mapping[ShapeName, Sequence[Field]], sheets: Sequence[str]
) -> dict[str, Any]:
    if lists_sheets(grid, sheets):
        seems, why, refused, known, says, names = CONTENTS, WHY, True, False, lines_of(grid), ""
    else:
        seems, why, refused, known, says, names = _seems(grid, vocabularies)
    return {
        "name": info.name[:100],
        "rows": info.rows,
        "columns": info.columns,
        "hidden": info.hidden,
        "hidden_rows": None if grid.hidden_rows is None else len(grid.hidden_rows),
        "hidden_columns": None
        if grid.hidden_columns is None
        else sum(at < grid.width for at in grid.hidden_columns),
        "seems": seems,
        "why": why,
        "refused": refused,
        "known": known,
        "says": as_kept(says),
        "names": names,
        "preview": _preview(grid),
    }


def _seems(
    grid: Grid, vocabularies: Mapping[ShapeName, Sequence[Field]]
) -> tuple[str, str, bool, bool, list[SaidOnce], str]:
    """What it seems to be, why, whether that is refused, whether it is a table we know, and what it says of itself;
    of one that can be imported, what tells its column names from those of others.
    """
    if not grid.rows:
        return "Empty", "", True, False, [], ""
    head = replace(grid, rows=grid.rows[:_LOOKED_AT])
    try:
        # Whether it stands on its side is asked of the whole sheet, as `understood` asks.
        table, found = oriented(head, vocabularies, sideways=None if len(grid.rows) <= MOST_ROWS else False)
    except InvalidInput:
        return "Notes", "no row looks like column names", True, False, lines_of(grid), ""
    if not table.counts[RowRole.DATA]:
        why = "nothing stands below what could be column names"
        return "Notes", why, True, False, lines_of(grid), ""
    best = found[0]
    parts = [_around(table), best.why]
    sure = best.confidence > 0
    label = LABELS[best.shape] if sure else "A table of another kind"
    if sure and best.shape is ShapeName.FLAT and table.headings:
        label = LABELS[ShapeName.SECTIONS]
    refused = bool(shape_named(best.shape).refusal)
    says = lines_above(table, best.shape) if sure else lines_of(grid)
    names = _names(table) if sure and not refused else ""
    return label, "; ".join(filter(None, parts)), refused, sure, says, names


def _names(table: Table) -> str:
    """The same for sheets with the same column names in the same places; '' where no row names the columns."""
    if table.header.made:
        return ""
    named = ((table.grid.place(at), name) for at, name in enumerate(table.header.names) if name)
    every = "\x1f".join(f"{place}={' '.join(name.casefold().split())}" for place, name in named)
    return hashlib.sha256(every.encode()).hexdigest()


def _around(table: Table) -> str:
    """What stands around the rows of data, in words."""
    counts = table.counts
    at = entry_named(table.header_row, turned=table.grid.turned)
    words = ["no row names the columns" if table.header.made else f"column names in {at}"]
    for role in (RowRole.SECTION, RowRole.FOOTNOTE, RowRole.TOTAL, RowRole.TEMPLATE):
        if counts[role]:
            words.append(f"{counts[role]} {role.label}{'s' * (counts[role] != 1)}")
    return ", ".join(words)


def _preview(grid: Grid) -> list[list[str]]:
    filled = (row for row in grid.rows if row.count(None) < len(row))
    return [
        [_shortened(text_of(cell)) for cell in islice((c for c in row if c is not None), _SHOWN_CELLS)]
        for row in islice(filled, _SHOWN_ROWS)
    ]


def _shortened(text: str) -> str:
    line = " ".join(tidy(text.replace("\x00", "")).encode("utf-8", "replace").decode().split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
