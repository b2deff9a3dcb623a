"""The uploaded file as it came, with a comment on each cell that keeps a row back: put it right there, send it again.

An .xlsx stays itself as far as openpyxl keeps it; anything else becomes one. Cells that were put right in the
preview say what they say there.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from riskassess.imports.layout import is_turned
from riskassess.imports.models import Batch, Row
from riskassess.imports.reading import open_upload
from riskassess.imports.running import file_of
from riskassess.kernel.places import cell_at, place_at, place_in
from riskassess.sheets.table import is_virtual
from riskassess.sheets.writing import clean_text, put_text

AUTHOR = "Riskassess"
_MARKED = PatternFill("solid", fgColor="FFF2B3")
_LARGEST = 8_000_000  # bytes of an .xlsx that is kept itself; a larger one is written anew, its values only
_MOST = 20_000  # cells with comments
_UNREADABLE = (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError)


def with_comments(batch: Batch) -> bytes:
    """The workbook. InvalidInput when the file is no longer there."""
    data = file_of(batch)
    book = _as_it_came(data, batch) or _anew(data, batch)
    sheet: Any = book[batch.sheet] if batch.sheet in book.sheetnames else book.worksheets[0]  # made anew
    sideways = is_turned(batch.mapping)
    for row in batch.rows.filter(fixes__isnull=False).order_by("number").iterator():
        for at, fix in (row.fixes or {}).items():
            cell = sheet[cell_at(place_at(int(at), turned=sideways), row.number)]
            _put(cell, fix["value"])
            _say(cell, [f"Put right by {fix['by']}."])
    for address, said in _said(batch).items():
        cell = sheet[address]
        if hasattr(cell, "comment") and not type(cell).__name__.startswith("Merged"):
            _say(cell, said)
            cell.fill = _MARKED
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _said(batch: Batch) -> dict[str, list[str]]:
    """What is to be put right, by cell; of what names none, at the row's first cell."""
    said: dict[str, list[str]] = defaultdict(list)
    sideways = is_turned(batch.mapping)
    rows = Row.objects.staying().filter(batch=batch).order_by("number")
    for number, problems in rows.values_list("number", "problems").iterator():
        for problem in problems:
            place = place_in(problem["cell"], turned=sideways)
            named = place in batch.mapping and not is_virtual(place)
            is_own = named and problem["cell"] == cell_at(place, number)
            address = problem["cell"] if is_own else cell_at(place_at(0, turned=sideways), number)
            said[address].append(f"{problem['what']} {problem['hint']}".strip())
        if len(said) >= _MOST:
            break
    return said


def _say(cell: Any, said: list[str]) -> None:
    """Adds to what the cell's comment says already."""
    before = [cell.comment.text] if cell.comment else []
    text = clean_text("\n".join(dict.fromkeys([*before, *said])))
    cell.comment = Comment(text, AUTHOR, width=320, height=60 + 16 * (len(text) // 40))


def _put(cell: Any, value: Any) -> None:
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value


def _as_it_came(data: bytes, batch: Batch) -> Workbook | None:
    """The workbook itself, if it is one that openpyxl can keep."""
    if not data.startswith(b"PK") or len(data) > _LARGEST or batch.file_name.lower().endswith(".ods"):
        return None
    try:
        book = load_workbook(io.BytesIO(data), rich_text=True)
    except _UNREADABLE:
        return None
    return book if batch.sheet in book.sheetnames else None  # of a strict workbook it sees no sheets


def _anew(data: bytes, batch: Batch) -> Workbook:
    """The sheet's values in a workbook of its own, each in its cell."""
    grid = open_upload(data, batch.file_name).grid(batch.sheet)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "".join("_" if char in "[]:*?/\\" else char for char in batch.sheet)[:31] or "Sheet"
    for at, cells in enumerate(grid.rows):
        for column, value in enumerate(cells):
            if value is not None:
                _put(sheet[grid.address(at, column)], value)
    return book
