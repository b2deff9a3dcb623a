"""Whose a sheet is and of which day, where lines around its table say it for all rows: `Vendor Name: Acme`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskassess.imports.shapes.names import ShapeName
from riskassess.kernel.stated import Known
from riskassess.sheets.dates import Bound, Precision, parse_date
from riskassess.sheets.header import all_names
from riskassess.sheets.languages import in_english
from riskassess.sheets.nameless import names_fields
from riskassess.sheets.results import Cell, Parsed, absent, quoted, text_of, tidy
from riskassess.sheets.table import RowRole, Table
from riskassess.sheets.workbook import Grid

VENDOR, COMPANY, COMPLETED, VALID, DAY = "vendor", "company", "completed", "valid", "day"
_SEARCHED = 80  # judgement: rows in which such lines are looked for
_FURTHEST = 4  # judgement: columns between a label and what it says
_LONGEST_LABEL, _LONGEST_NAME = 60, 100
_SELLER = (
    r"(?:(?:third[ -]party|solution|(?:cloud )?service|software|product) )?"
    r"(?:vendor|supplier|provider|seller|bidder|tenderer|contractor)(?: vendor| supplier)?"
)
_ORGANISATION = r"(?:company|organi[sz]ation|firm|(?:legal )?entity|business)"
_FORM = r"(?:form|questionnaire|assessment)"
_ANSWERED = r"(?:completed|completion|response|submission|submitted|answered|answers?)"
_NAMED = r"(?: (?:full |legal )?name)?"
_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, re.compile("|".join(words)))
    for what, words in (
        (
            VENDOR,
            [
                rf"(?:legal )?name of (?:the )?{_SELLER}",
                rf"{_SELLER}(?: {_ORGANISATION})?{_NAMED}",
                rf"respond(?:ing|ent) {_ORGANISATION}(?: name)?",
            ],
        ),
        (
            COMPANY,
            [
                rf"name of (?:the |your )?{_ORGANISATION}",
                rf"(?:your )?{_ORGANISATION}{_NAMED}",
                "legal name",
            ],
        ),
        (
            COMPLETED,
            [
                rf"(?:date|day)(?: of)?(?: (?:the )?{_FORM}(?: was)?)? {_ANSWERED}",
                r"(?:completed|answered|submitted|filled in|filled out)(?: on| date)?",
                r"(?:completion|response|submission|answer) date",
            ],
        ),
        (
            VALID,
            [
                r"(?:valid |prices )?as of(?: date)?",
                r"(?:prices )?valid (?:from|on|as of)",
                r"effective(?: date| from| on)?",
                r"price date|date of (?:issue|publication)|issued?(?: on| date)",
                r"publi(?:shed on|cation date)|(?:last )?updated?(?: on)?",
            ],
        ),
        (DAY, ["date"]),
    )
)
_WITHIN = re.compile(r"(?P<label>[^:：=]{3,60}?)\s*(?:[:：=]|\s[–—-]\s)\s*(?P<value>\S.*)")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_TO_FILL_IN = re.compile(
    r"[<\[({_].*|(?:please|enter|insert|type|select|choose|click|provide|state|give|to be|your|e\.?g\.?|example)\b.*",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"https?://|www\.|@|^[\W\d_]*$")


@dataclass(frozen=True, slots=True)
class SaidOnce:
    """What one line says for the whole sheet: of what kind, the value, in which words, in which cell of which sheet."""

    what: str
    value: str
    label: str
    cell: str
    sheet: str = ""

    def why(self, read: str) -> str:
        """`“Vendor Name” in B3 says so`; names the sheet where that is not the one that is `read`."""
        place = self.cell if self.sheet in ("", read) else f"{self.cell} of sheet {quoted(self.sheet)}"
        return f"{quoted(self.label)} in {place} says so"


# --- what a sheet says -------------------------------------------------------------------------------------


def lines_above(table: Table, shape: ShapeName) -> list[SaidOnce]:
    """What stands above the column names of a table; in a questionnaire also what it asks and has answered."""
    if table.grid.turned:
        return []
    first = table.header.rows[0] if table.header.rows else table.header.row_index
    asked = {RowRole.DATA} if shape is ShapeName.ANSWERS else frozenset()
    roles = {row.row_index: row.role for row in table.rows}
    rows = [at for at in range(min(len(table.grid.rows), _SEARCHED)) if at < first or roles.get(at) in asked]
    reach = {at: 1 for at in rows if roles.get(at) is RowRole.DATA}
    reach |= {at: 0 for at in rows if at < first and names_fields(table.grid.rows[at])}
    return list(_found(table.grid, rows, reach))


def lines_of(grid: Grid) -> list[SaidOnce]:
    """What a sheet says that holds no table, such as a cover."""
    return list(_found(grid, range(min(len(grid.rows), _SEARCHED)), {}))


def _found(grid: Grid, rows: Iterable[int], reach: Mapping[int, int]) -> Iterator[SaidOnce]:
    """`reach`: how many columns behind a label its value may stand, in rows of a table and in those with its names."""
    for at in rows:
        row = grid.rows[at]
        for column, cell in enumerate(row):
            if not isinstance(cell, str):
                continue
            for part in re.split(r"\n| \| ", cell):
                within = _WITHIN.fullmatch(tidy(part))
                if within and (what := _kind(within["label"])):
                    yield from _said(what, within["value"], within["label"], grid.address(at, column))
            if what := _kind(cell):
                place = _beside(row, column, reach.get(at, _FURTHEST)) or _below(grid, at, column)
                if place:
                    below, behind = place
                    value = grid.rows[at + below][behind]
                    yield from _said(what, value, cell, grid.address(at + below, behind))


def _beside(row: Sequence[Cell], column: int, furthest: int) -> tuple[int, int] | None:
    """Where the next filled cell is, unless it is a label of its own."""
    for behind in range(column + 1, min(len(row), column + 1 + furthest)):
        cell = row[behind]
        if cell is not None and tidy(text_of(cell)):
            return None if _is_label(cell) else (0, behind)
    return None


def _below(grid: Grid, at: int, column: int) -> tuple[int, int] | None:
    """Where labels stand side by side over a single row, what they say is below them."""
    others: list[Cell] = [
        cell for behind, cell in enumerate(grid.rows[at]) if cell is not None and behind != column
    ]
    after = grid.rows[at + 1 : at + 3]
    if not others or not all_names(others) or not after or (len(after) > 1 and any(after[1])):
        return None
    if not any(
        isinstance(cell, str) and _kind(cell) for cell in others
    ):  # the names of a table with one entry
        return None
    cell = after[0][column]
    return (1, column) if cell is not None and not _is_label(cell) else None


def _is_label(cell: Cell) -> bool:
    return isinstance(cell, str) and (cell.rstrip().endswith((":", "：")) or bool(_kind(cell)))


def _kind(text: str) -> str:
    """What a label is of; '' for one that says nothing of the whole sheet."""
    if len(text) > _LONGEST_LABEL:
        return ""
    plain = _ASIDE.sub("", tidy(text.replace("\n", " ")).replace("’", "'")).replace("'s ", " ")
    words = " ".join(re.sub(r"[:：*?#/]+", " ", in_english(plain)).casefold().split())
    return next((what for what, pattern in _LABELS if pattern.fullmatch(words)), "")


def _said(what: str, value: Cell, label: str, cell: str) -> Iterator[SaidOnce]:
    shown = tidy(label).rstrip(":：* ")
    if what in (VENDOR, COMPANY):
        text = tidy(text_of(value).replace("\n", " ")).strip()
        if isinstance(value, str) and _is_company(text):
            yield SaidOnce(what, text, shown, cell)
    elif (day := _day(value)) is not None:
        yield SaidOnce(what, day.isoformat(), shown, cell)


def _is_company(text: str) -> bool:
    if not text or len(text) > _LONGEST_NAME or absent(text) or _TO_FILL_IN.fullmatch(text):
        return False
    return not (_NO_NAME.search(text) or _kind(text))


def _day(value: Cell) -> date | None:
    """The day, or the first of a month: nothing says that it is younger. None for what is less exact."""
    if isinstance(value, bool | int | float):
        return None
    read = parse_date(value)
    stated = read.stated if isinstance(read, Parsed) else None
    if not isinstance(stated, Known) or stated.value.bound is not Bound.EXACT:
        return None
    return stated.value.first if stated.value.precision in (Precision.DAY, Precision.MONTH) else None


# --- what follows for one of the sheets ----------------------------------------------------------------------


def as_kept(said: Iterable[SaidOnce]) -> list[dict[str, str]]:
    """As the survey of a file keeps it."""
    return [{"what": s.what, "value": s.value, "label": s.label, "cell": s.cell} for s in said]


def vendor_of(sheets: Iterable[Mapping[str, Any]], read: str, shape: ShapeName) -> SaidOnce | None:
    """Who has answered, or sells, as the sheet that is read says it, or else those of the file that hold no table."""
    wanted = [(VENDOR,), (COMPANY,)] if shape is ShapeName.ANSWERS else [(VENDOR,)]
    return _first(sheets, read, wanted)


def day_of(sheets: Iterable[Mapping[str, Any]], read: str, shape: ShapeName) -> SaidOnce | None:
    """The day of which the answers are, or a list is; when a form was last changed says nothing of its answers."""
    wanted = [(COMPLETED,), (DAY,)] if shape is ShapeName.ANSWERS else [(VALID,), (DAY,)]
    return _first(sheets, read, wanted)


def _first(
    sheets: Iterable[Mapping[str, Any]], read: str, wanted: Sequence[tuple[str, ...]]
) -> SaidOnce | None:
    """The first kind that is said, where all say the same; what is said twice in two ways is said by nobody."""
    said = [
        (sheet["name"], SaidOnce(**line, sheet=sheet["name"]))
        for sheet in sheets
        if sheet["name"] == read or not sheet.get("known", True)
        for line in sheet.get("says", ())
    ]
    for here in (True, False):
        for kinds in wanted:
            found = [line for name, line in said if (name == read) is here and line.what in kinds]
            if found:
                return found[0] if len({line.value.casefold() for line in found}) == 1 else None
    return None
