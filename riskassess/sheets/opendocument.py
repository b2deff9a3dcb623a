"""What an .ods says beyond its values. Its rows and cells have no addresses; they are counted."""

from __future__ import annotations

import xml.parsers.expat as expat
import zipfile

from riskassess.sheets.extras import UNSAVED, Extras, error, far
from riskassess.sheets.kinds import declares
from riskassess.sheets.limits import Limits


def extras(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Extras]:
    """Sheet name -> what the content says of it."""
    reader = _Reader(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = reader.refuse
    parser.Parse(archive.read("content.xml"), True)
    return reader.found


class _Reader:
    """Follows the content from element to element: which sheet, row and column comes next."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.found: dict[str, Extras] = {}
        self.sheet = Extras()
        self.row = self.column = self.next_column = 0
        self.rows = 1  # how often the present row is repeated
        self.failed = ""  # the text of a cell in error, while it is read
        self.in_error = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if not space.endswith("table:1.0"):
            return
        said = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if tag == "table":
            self.sheet = self.found.setdefault(said.get("name", ""), Extras())
            self.row = self.next_column = 0
        elif tag == "table-column":
            times = _count(said.get("number-columns-repeated"))
            if said.get("visibility") in ("collapse", "filter"):
                self.sheet.hidden_columns.update(far(self.next_column, times, self.limits.columns))
            self.next_column += times
        elif tag == "table-row":
            self.column, self.rows = 0, _count(said.get("number-rows-repeated"))
            if said.get("visibility") in ("collapse", "filter"):
                self.sheet.hidden_rows.update(far(self.row, self.rows, self.limits.rows))
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell(said)

    def _cell(self, said: dict[str, str]) -> None:
        times = _count(said.get("number-columns-repeated"))
        wide, high = (_count(said.get(f"number-{what}-spanned")) for what in ("columns", "rows"))
        if wide > 1 or high > 1:
            self.sheet.merged.append((self.row, self.column, self.row + high - 1, self.column + wide - 1))
        if "formula" in said and "value-type" not in said:
            self.sheet.errors[self.row, self.column] = UNSAVED
        self.in_error = said.get("value-type") == "error"
        self.failed = ""
        self.column += times

    def refuse(self, *declared: object) -> None:
        """A declared entity can grow without bound: none is read."""
        raise declares("content.xml")

    def text(self, text: str) -> None:
        if self.in_error:
            self.failed = (self.failed + text)[:100]

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "table-row":
            self.row += self.rows
        elif tag == "table-cell" and self.in_error:
            self.sheet.errors[self.row, self.column - 1] = error(self.failed.strip() or "#ERROR")
            self.in_error = False


def _count(text: str | None) -> int:
    return min(int(text), 2**31) if text and text.isdecimal() and len(text) < 12 else 1
