"""Tables that stand on their side: models across the top, what is said of them down the first column. Pure.

They are turned as they are read. Every cell keeps its address in the sheet: a column becomes an entry with the
column's number, a row becomes a place in it, named by the row's number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from riskassess.sheets.header import JOINT, Header
from riskassess.sheets.likeness import likeness
from riskassess.sheets.mapped import PRICED, ColumnKind, Field
from riskassess.sheets.results import Cell, is_prose, text_of, tidy
from riskassess.sheets.vocabulary import CATALOG_FIELDS as FIELDS
from riskassess.sheets.workbook import Grid

__all__ = [
    "MOST_ROWS",
    "REMARKS",
    "could_stand_on_its_side",
    "is_remark",
    "names_down",
    "turned",
    "with_groups",
]

MOST_ROWS = 600  # judgement: rows of a table on its side: each is something that is said of every model
_FEW = 3  # judgement: names of fields down a column
_SURELY = 0.9  # judgement: likeness of a cell and a field's name
_SEARCHED = 3  # judgement: columns that may hold the names
_SIZES = PRICED | {ColumnKind.TOKENS, ColumnKind.TOKEN_PAIR}
_CORNER = frozenset({
    "", "feature", "attribute", "spec", "specification", "property", "characteristic", "metric", "criteria",
    "criterion", "category", "parameter", "capability", "comparison", "item", "detail", "aspect", "dimension",
    "factor", "field", "data point", "requirement", "merkmal", "eigenschaft", "kriterium", "caractéristique",
    "critère", "característica", "caratteristica", "kenmerk",
})  # fmt: skip
_EXPLAINING = frozenset({
    "description", "definition", "example", "examples", "meaning", "explanation", "instructions", "required", "format",
    "datatype", "beschreibung", "beispiel", "exemple",
})  # fmt: skip
_UNITS = frozenset({"unit", "units", "unit of measure", "einheit", "einheiten", "unité", "unidad", "unità"})
REMARKS = frozenset({
    "note", "notes", "comment", "comments", "remark", "remarks", "source", "sources", "reference", "references",
    "winner", "best", "description", "definition", "explanation", "bemerkung", "bemerkungen", "anmerkung", "quelle",
})  # fmt: skip


def turned(grid: Grid) -> Grid:
    """The grid on its side; turned twice it is itself."""
    merged = grid.merged and tuple((left, top, right, bottom) for top, left, bottom, right in grid.merged)
    return replace(
        grid,
        rows=[list(cells) for cells in zip(*grid.rows, strict=True)],
        first_row=grid.first_column,
        first_column=grid.first_row,
        merged=merged,
        hidden_rows=grid.hidden_columns,
        hidden_columns=grid.hidden_rows,
        turned=not grid.turned,
    )


def could_stand_on_its_side(grid: Grid, fields: Sequence[Field]) -> bool:
    """Whether a column holds what other lists have as column names: worth reading it so, and comparing.

    A list of columns that explains each of them (name, description, example) compares nothing.
    """
    if not 1 < len(grid.rows) <= MOST_ROWS:
        return False
    at = names_down(grid, fields)
    return at is not None and not _explains(grid, at)


def _explains(grid: Grid, names: int) -> bool:
    """Whether what stands beside the names are sentences, or below words such as `Example`."""
    beside = [cell for row in grid.rows for cell in row[names + 1 :] if cell is not None]
    if 2 * sum(isinstance(cell, str) and is_prose(cell) for cell in beside) > len(beside):
        return True
    first = next((row for row in grid.rows if sum(cell is not None for cell in row) > 1), [])
    words = [tidy(text_of(cell)).casefold() for cell in first[names + 1 :] if cell is not None]
    return any(set(word.split()) & _EXPLAINING for word in words)


def names_down(grid: Grid, fields: Sequence[Field] = FIELDS) -> int | None:
    """The column that holds names of fields, from 0: at least three, and more than a third of its texts."""
    best: tuple[int, int] | None = None
    for column in range(min(_SEARCHED, grid.width)):
        texts = {tidy(cell) for row in grid.rows if isinstance(cell := row[column], str)}
        if len(texts) > 3 * len(fields):
            continue  # more than a third cannot be fields: a long list of models is not compared with each of them
        known = sum(any(likeness(text, field) >= _SURELY for field in fields) for text in texts)
        if known >= _FEW and 3 * known >= len(texts) and (best is None or known > best[0]):
            best = known, column
    return None if best is None else best[1]


def with_groups(grid: Grid, header: Header) -> tuple[Header, str]:
    """The names as they stand down a turned table, and the title above them ('' without one).

    A name alone in its row groups those below it (`Pricing › Input`), or is the title. The row of what is compared
    often has no name, or says `Feature`: its name is what it holds.
    """
    names = list(header.names)
    below = grid.rows[header.row_index + 1 :]
    filled = [any(row[at] is not None for row in below) for at in range(len(names))]
    first = next((at for at, is_filled in enumerate(filled) if is_filled), 0)
    last = max((at for at, is_filled in enumerate(filled) if is_filled), default=0)
    title, group = "", ""
    for at, name in enumerate(names):
        if at < first and name:
            title, names[at] = title or name, ""
        elif not filled[at] and name and at < last and not _is_field(name):
            group, names[at] = name, ""
        elif group and name and filled[at]:
            names[at] = f"{group}{JOINT}{name}"
    corner = _corner(names, filled)
    if corner is not None and _is_corner(names, filled, corner + 1) and _groups(below, corner):
        names[corner] = "Vendor"  # merged over its models, which the next row names
        corner += 1
    if corner is not None:
        names[corner] = "Model" if _are_models(names) and not _name_models(names) else "Vendor"
    units = _units_below(grid, header, corner)
    if units is not None:
        told = [tidy(text_of(cell)) for cell in grid.rows[units]]
        names = [
            f"{name} ({unit})" if name and unit and at != corner else name
            for at, (name, unit) in enumerate(zip(names, told, strict=True))
        ]
        rows = (*(header.rows or (header.row_index,)), units)
        return replace(header, names=tuple(names), row_index=units, rows=rows), title
    return replace(header, names=tuple(names)), title


def is_remark(cells: Sequence[Cell], header: Header) -> bool:
    """Whether a column beside the models says something of the rows: `Notes`, `Source`."""
    named = [at for at, name in enumerate(header.names) if name in ("Model", "Vendor")]
    return any(tidy(text_of(cells[at])).casefold() in REMARKS for at in named)


def _is_field(name: str) -> bool:
    """Whether a name with nothing beside it is a field nobody has filled in rather than a group's."""
    return any(likeness(name, field) >= _SURELY and field.kind not in PRICED for field in FIELDS)


def _corner(names: Sequence[str], filled: Sequence[bool]) -> int | None:
    """The place of what is compared: the first that is filled, where nothing or a word such as `Feature` names it."""
    for at, name in enumerate(names):
        if _is_corner(names, filled, at):
            return at
        if filled[at] and name and at > _SEARCHED:
            return None
    return None


def _groups(below: Sequence[Sequence[Cell]], at: int) -> bool:
    """Whether what stands in a place groups what stands in the next one, which differs from entry to entry."""
    pairs = [(tidy(text_of(row[at])), tidy(text_of(row[at + 1]))) for row in below if row[at + 1] is not None]
    groups, grouped = {group for group, _ in pairs} - {""}, {name for _, name in pairs}
    return 0 < len(groups) < len(grouped) == len(pairs)


def _is_corner(names: Sequence[str], filled: Sequence[bool], at: int) -> bool:
    return at < len(names) and filled[at] and names[at].rpartition(JOINT)[2].casefold().rstrip("s") in _CORNER


def _are_models(names: Sequence[str]) -> bool:
    """Whether what is said is said of models: sizes in tokens, prices, versions, or who sells them."""
    models = [f for f in FIELDS if f.kind in _SIZES or f.name in ("vendor", "version", "developer")]
    return any(likeness(name, field) >= _SURELY for name in names if name for field in models)


def _name_models(names: Sequence[str]) -> bool:
    """Whether another row is called after models; what is not named above it is who sells them."""
    models = [field for field in FIELDS if field.name in ("model_name", "model_id")]
    return any(likeness(name, field) >= _SURELY for name in names if name for field in models)


def _units_below(grid: Grid, header: Header, corner: int | None) -> int | None:
    """The row of a turned table that says what its columns are counted in."""
    at = header.row_index + 1
    if corner is None or at >= len(grid.rows) or grid.rows[at][corner] is None:
        return None
    return at if tidy(text_of(grid.rows[at][corner])).casefold() in _UNITS else None
