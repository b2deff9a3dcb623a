"""What each row of a sheet is, told from how much of it is filled, where it stands and what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from riskassess.sheets.header import Header, all_names
from riskassess.sheets.nameless import names_fields
from riskassess.sheets.results import Cell, is_prose, text_of, tidy
from riskassess.sheets.sections import Heading, Lone, depth_of, in_force, indent_of, levelled
from riskassess.sheets.tables_above import tables_above
from riskassess.sheets.templates import holds_numbers, is_number, template_rows
from riskassess.sheets.workbook import Grid

_LONGEST_HEADING = 100  # characters: longer is a note
_MARKER = re.compile(
    r"""\s*(?: <sup>[^<]{1,8}</sup> | \[\^?[\w*-]{1,20}\](?!\() | [¹²³⁴⁵⁶⁷⁸⁹⁰]+ | \*(?!\*)
        | \*{2,3}(?=[^*]+$) | [†‡§] | \(?\d{1,2}\)\s
        | (?:notes?|sources?|footnotes?|legend|disclaimer|key)\b\s*\d*\s*: )""",
    re.IGNORECASE | re.VERBOSE,
)
_ONLY_MARKER = re.compile(r"(?:<sup>[^<]{1,8}</sup>|\[\^?[\w*-]{1,20}\]|[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\*+|[†‡]|\(?\d{1,2}\))")
_TOTAL = re.compile(
    r"(?:(?:grand|overall)[\s-]?)?(?:totals?|sum|summe|gesamt(?:summe)?|insgesamt|average|mean|median)"
    r"(?:\s*[:(].*|\s+(?:of|for|cost|price|all|over)\b.*|\s*#)?|(?:sub[\s-]?total|zwischensumme)\b.*",
    re.IGNORECASE,
)
_TOTAL_STARTS = frozenset("tgsoaimz")
_LINE = re.compile(r"\s*:?(?:-{2,}|={2,}|_{2,}|—{2,}):?\s*")  # of a table drawn with signs
_LINE_STARTS = frozenset(":-=_—")
_LIKE_A_VALUE = re.compile(r"[$€£]?\s*[-+]?[\d.,:/ -]+\s*[%kKmM]?|https?://\S+|true|false|yes|no|n/a", re.I)


class RowRole(StrEnum):
    """What a row is. Only DATA states entries."""

    DATA = "data"
    TITLE = "title"
    HEADER = "header"
    SECTION = "section"
    FOOTNOTE = "footnote"
    TOTAL = "total"
    NOTE = "note"
    TEMPLATE = "template"

    @property
    def label(self) -> str:
        """The role in words."""
        return {"header": "column names", "section": "section heading"}.get(self.value, self.value)


_CLOSING = frozenset({RowRole.TOTAL, RowRole.FOOTNOTE, RowRole.NOTE})  # what stands below them is no data


class TableRow(NamedTuple):
    """A row that is not blank: its index in the grid, its number in the sheet, and what it is.

    `above` has the section headings over a row of data, outermost first.
    """

    row_index: int
    number: int
    role: RowRole
    why: str
    above: tuple[Heading, ...] = ()


@dataclass(slots=True)
class _Reader:
    """Works through one sheet. `found` is row index -> role and why, of all rows that are not blank."""

    grid: Grid
    header: Header
    said: Mapping[int, RowRole]  # row index -> what a person says
    found: dict[int, tuple[RowRole, str]] = field(default_factory=dict)
    lone: dict[int, int] = field(default_factory=dict)  # row index -> column of its only text
    spans: dict[int, int] = field(default_factory=dict)  # row index -> last column of a merge over columns


def rows_of(
    grid: Grid, header: Header, said: Mapping[int, RowRole]
) -> tuple[tuple[TableRow, ...], list[Heading]]:
    """Every row that is not blank, and the section headings among them."""
    reader = _Reader(grid, header, said)
    reader.spans = {
        top: right for top, left, bottom, right in grid.merged or () if top == bottom and left < right
    }
    filled = [index for index, row in enumerate(grid.rows) if row.count(None) < len(row)]
    below = [index for index in filled if index > header.row_index]
    _look_at_wide_rows(reader, below)
    _look_at_lone_rows(reader, below)
    _look_for_other_tables(reader, below)
    for index in () if header.made else header.rows or (header.row_index,):
        reader.found[index] = (RowRole.HEADER, "the column names")
    _say_what_people_say(reader, filled)
    begins = header.row_index + 1 if header.made else header.rows[0]
    sections = _sections(reader, [index for index in filled if index < begins], below)
    data = [index for index in below if reader.found[index][0] is RowRole.DATA]
    for index, why in template_rows(grid, header, data).items():
        if index not in said:
            reader.found[index] = (RowRole.TEMPLATE, why)
    above = in_force(sections, [index for index in filled if reader.found[index][0] is RowRole.DATA])
    rows = tuple(
        TableRow(index, grid.row_number(index), *reader.found[index], above.get(index, ()))
        for index in filled
    )
    return rows, sections


# --- rows below the column names ---------------------------------------------------------------------


def _look_at_wide_rows(reader: _Reader, below: Sequence[int]) -> None:
    """Data, unless the row repeats the header, adds up, or is a footnote beside its mark."""
    grid, found = reader.grid, reader.found
    width = grid.width
    columns = sum(1 for name in reader.header.names if name)
    raw_names = [_names(grid.rows[row]) for row in reader.header.rows]
    known = {name for names in raw_names for name in names.values()}
    written = {cell for row in reader.header.rows for cell in grid.rows[row][1:] if isinstance(cell, str)}
    data = (RowRole.DATA, "")
    for index in below:
        row = grid.rows[index]
        count = width - row.count(None)
        first = row[0]
        if count == 1 or (count <= 3 and first == row[1] if width > 1 else True):
            at = _lone_column(row)
            if at is not None and columns > 1:
                reader.lone[index] = at
                continue
        if first is None:
            first = next(cell for cell in row if cell is not None)
        if type(first) is str and len(first) <= _LONGEST_HEADING:
            word = tidy(first).casefold()
            if word[:1] in _LINE_STARTS and all(cell is None or _is_line(cell) for cell in row):
                found[index] = (RowRole.HEADER, "a line drawn below the column names")
                continue
            if word in known and count > 1 and _repeats(row, raw_names):
                found[index] = (RowRole.HEADER, "repeats the column names")
                continue
            if count > 2 and not written.isdisjoint(row) and _repeats(row, raw_names):
                found[index] = (RowRole.SECTION, "stands in front of repeated column names")
                continue
            if word[:1] in _TOTAL_STARTS and _TOTAL.fullmatch(word) and _adds_up(row):
                found[index] = (RowRole.TOTAL, f"begins with “{tidy(first)}” and holds numbers")
                continue
            if word.endswith("total") and _sums_up(row, word, grid.rows[index - 1]):
                found[index] = (RowRole.TOTAL, f"ends in “total” of what stands above: “{tidy(first)}”")
                continue
            if count == 2 and columns > 2 and _ONLY_MARKER.fullmatch(word):
                found[index] = (RowRole.FOOTNOTE, "a footnote's mark and its text")
                continue
        found[index] = data


def _is_line(cell: Cell) -> bool:
    return isinstance(cell, str) and _LINE.fullmatch(cell) is not None


def _names(row: Sequence[Cell]) -> dict[int, str]:
    return {at: tidy(text_of(cell)).casefold() for at, cell in enumerate(row) if cell is not None}


def _repeats(row: Sequence[Cell], headers: Sequence[dict[int, str]]) -> bool:
    cells = _names(row)
    return any(
        sum(names.get(at) == text for at, text in cells.items()) >= max(2, 0.6 * len(cells))
        for names in headers
    )


def _sums_up(row: Sequence[Cell], word: str, above: Sequence[Cell]) -> bool:
    """Whether a row such as `Acme total` adds up the rows of `Acme` above it."""
    whose = re.sub(r"\s*(?:sub)?[\s-]*total$", "", word)
    return (
        bool(whose)
        and whose in (tidy(text_of(cell)).casefold() for cell in above if cell is not None)
        and _adds_up(row)
    )


def _adds_up(row: Sequence[Cell]) -> bool:
    """Whether what follows the first text is numbers."""
    rest = [cell for cell in row if cell is not None][1:]
    return bool(rest) and all(
        not isinstance(cell, str) or (any(c.isdigit() for c in cell) and not is_prose(cell)) for cell in rest
    )


def _lone_column(row: Sequence[Cell]) -> int | None:
    """The column of a row's only text, also where it is written again into each cell of a merge."""
    texts = {tidy(text_of(cell)) for cell in row if cell is not None} - {""}
    if len(texts) > 1:
        return None
    return next(at for at, cell in enumerate(row) if cell is not None)


def _look_at_lone_rows(reader: _Reader, below: Sequence[int]) -> None:
    """A text alone in its row: a heading where the rows around say so, else a note, or data with gaps."""
    found, lone = reader.found, reader.lone
    if not lone:
        return
    wide = [index for index in below if index in found and found[index][0] is RowRole.DATA]
    last = wide[-1] if wide else -1
    places = {index: place for place, index in enumerate(below)}
    often = len(lone) > len(wide)
    starts = bool(below) and below[0] in lone and not often and len(lone) > 1
    unused = _unused_columns(reader, wide)
    for index in reversed(lone):
        text = tidy(text_of(reader.grid.rows[index][lone[index]]))
        after = below[places[index] + 1] if places[index] + 1 < len(below) else None
        before = below[places[index] - 1] if places[index] else reader.header.row_index
        gap = index - before > 1
        merged = index in reader.spans
        if not text:
            found[index] = (RowRole.NOTE, "holds nothing but spaces")
        elif _MARKER.match(text):
            found[index] = (RowRole.FOOTNOTE, "begins with a footnote's mark")
        elif _TOTAL.fullmatch(text) and any(char.isdigit() for char in text):
            found[index] = (RowRole.TOTAL, "adds up other rows")
        elif len(text) > _LONGEST_HEADING or (is_prose(text) and text.endswith((".", "!"))):
            found[index] = (RowRole.NOTE, "a sentence alone in its row")
        elif _LIKE_A_VALUE.fullmatch(text):
            found[index] = (RowRole.DATA, "")
        elif index > last:
            ends = merged or gap or (before in found and found[before][0] in _CLOSING)
            found[index] = (RowRole.NOTE, "stands below the table") if ends else (RowRole.DATA, "")
        else:
            why = _why_heading(reader, index, after, merged=merged, gap=gap, starts=starts, unused=unused)
            found[index] = (RowRole.SECTION, why) if why else (RowRole.DATA, "")


def _why_heading(
    reader: _Reader, index: int, after: int | None, *, merged: bool, gap: bool, starts: bool, unused: set[int]
) -> str:
    """Why a lone text is a heading over the rows below it; '' when nothing says so."""
    if merged:
        return "one cell merged over the columns"
    if after is not None and reader.found[after][0] is RowRole.HEADER:
        return "stands over repeated column names"
    if after is not None and reader.found[after][0] is RowRole.SECTION and after == index + 1:
        return "stands over another heading"
    if after is not None and _indented(reader, after, reader.lone[index]) > _indented(reader, index):
        return "stands further left than the row below it"
    if reader.lone[index] in unused:
        return "the only text in a column that the rows leave blank"
    if gap:
        return "stands alone below a blank row"
    return "stands alone over a block of rows" if starts else ""


def _indented(reader: _Reader, index: int, column: int | None = None) -> int:
    """By how many spaces a row's text in a column is set in."""
    cell = reader.grid.rows[index][reader.lone[index] if column is None else column]
    return indent_of(cell) if isinstance(cell, str) else 0


def _unused_columns(reader: _Reader, wide: Sequence[int]) -> set[int]:
    """Columns that rows of data leave blank, where headings stand in them."""
    sample = wide[:500]
    return {
        at
        for at in set(reader.lone.values())
        if sample and sum(reader.grid.rows[index][at] is not None for index in sample) <= 0.02 * len(sample)
    }


def _look_for_other_tables(reader: _Reader, below: Sequence[int]) -> None:
    """Below a blank row, names where this table has numbers begin another table: its rows are none of ours."""
    grid, found = reader.grid, reader.found
    numbers: list[int] | None = None
    other = ""
    for at, index in enumerate(below):
        role = found[index][0]
        if role is RowRole.HEADER:
            other = ""
        elif other:
            found[index] = (RowRole.NOTE, other)
        elif role is RowRole.DATA and _stands_apart(reader, below, at) and all_names(grid.rows[index]):
            if numbers is None:
                data = [row for row in below[:at] if found[row][0] is RowRole.DATA]
                numbers = [column for column in range(grid.width) if holds_numbers(grid, column, data)]
            row = grid.rows[index]
            named = [column for column in numbers if row[column] is not None]
            follows = [grid.rows[below[at + 1]][column] for column in named]
            fits = 2 * sum(cell is not None and is_number(cell) for cell in follows) > len(named)
            unlike = named and not fits and len(named) * 2 >= len(numbers) and row.count(None) <= len(row) - 2
            if unlike or names_fields(row):
                found[index] = (RowRole.HEADER, "names the columns of another table")
                other = _of_another_table(reader, -1, index)[1]


def _of_another_table(reader: _Reader, index: int, names: int) -> tuple[RowRole, str]:
    """What a row is that stands under the names in another row, or holds them."""
    if index == names:
        return RowRole.HEADER, "names the columns of another table"
    number = reader.grid.row_number(names)
    why = f"of the table under row {number}, which has other columns; import it with row {number} as column names"
    return RowRole.NOTE, why


def _stands_apart(reader: _Reader, below: Sequence[int], at: int) -> bool:
    """Whether a blank row is above, or above the lone text over it, and a row of the other table below."""
    if at == 0 or at + 1 == len(below) or below[at + 1] != below[at] + 1:
        return False
    before = at - 1
    if below[before] == below[at] - 1:
        if reader.found[below[before]][0] is RowRole.DATA or before == 0:
            return False
        return below[before - 1] < below[before] - 1
    return True


# --- rows above the column names, and the headings of both ---------------------------------------------


def _say_what_people_say(reader: _Reader, filled: Sequence[int]) -> None:
    for index in filled:
        if index in reader.said:
            reader.found[index] = (reader.said[index], "a person says so")


def _sections(reader: _Reader, above: Sequence[int], below: Sequence[int]) -> list[Heading]:
    """The headings over rows. Above the column names, those nearest to them are, as deep as below them."""
    for index, names in tables_above(reader.grid, above):
        if index not in reader.said:
            reader.found[index] = _of_another_table(reader, index, names)
    candidates = [index for index in _look_above(reader, above) if index not in reader.found]
    under = [_lone(reader, index, run) for index, run in _runs(reader, below)]
    depth = depth_of(under)
    first = sum(1 for one in under if one.run == 0)
    wanted = max(0, depth - first)
    chosen = {index for index in candidates[len(candidates) - wanted :] if wanted}
    if chosen and under and not _alike(reader, chosen, under):
        chosen = set()
    chosen |= {index for index in above if reader.found.get(index, (None,))[0] is RowRole.SECTION}
    titled = any(found[0] is RowRole.TITLE for found in reader.found.values())
    for index in above:
        if index in chosen:
            reader.found[index] = (RowRole.SECTION, "stands over the column names, as others do further down")
        elif index in reader.found:
            continue
        elif index in candidates and not titled:
            reader.found[index], titled = (RowRole.TITLE, "stands above the column names"), True
        else:
            reader.found[index] = (RowRole.NOTE, "stands above the column names")
    over = [_lone(reader, index, 0) for index in sorted(chosen)]
    addresses = {
        one.row_index: reader.grid.address(one.row_index, one.column_index) for one in (*over, *under)
    }
    return levelled([*over, *under], addresses, depth)


def _look_above(reader: _Reader, above: Sequence[int]) -> list[int]:
    """Rows above the column names that could be titles or headings."""
    found = []
    for index in above:
        at = _lone_column(reader.grid.rows[index])
        if at is None or index in reader.said:
            continue
        reader.lone[index] = at
        text = tidy(text_of(reader.grid.rows[index][at]))
        if text and len(text) <= _LONGEST_HEADING and not _MARKER.match(text):
            found.append(index)
    return found


def _alike(reader: _Reader, chosen: set[int], under: Sequence[Lone]) -> bool:
    """Whether headings above and below the column names are merged alike, where that is known."""
    if reader.grid.merged is None:
        return True
    merged = sum(one.row_index in reader.spans for one in under) > len(under) / 2
    return all((index in reader.spans) == merged for index in chosen)


def _runs(reader: _Reader, below: Sequence[int]) -> list[tuple[int, int]]:
    """The headings below the column names, each with the number of its run: nothing stands within one."""
    found: list[tuple[int, int]] = []
    run = 0
    for index in below:
        if reader.found[index][0] is RowRole.SECTION:
            found.append((index, run))
        else:
            run += 1
    return found


def _lone(reader: _Reader, index: int, run: int) -> Lone:
    """A heading: the row's only text, else its first."""
    row = reader.grid.rows[index]
    at = reader.lone.get(index, next(at for at, cell in enumerate(row) if cell is not None))
    return Lone(index, at, text_of(row[at]), run)
