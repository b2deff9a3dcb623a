"""Which sheet of a file is meant, which shape it has, and what its columns hold: proposed for a person to decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from riskassess.imports.contents import lists_sheets
from riskassess.imports.layout import Layout, layout_over
from riskassess.imports.orientation import oriented
from riskassess.imports.shapes.guess import Guess, with_sections
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.registry import SHAPES, shape_named
from riskassess.imports.shapes.shape import Shape
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.workbook import Grid, Workbook

_TRIED = 20  # sheets looked into for the one that holds something to import
VOCABULARIES = {name: shape.fields for name, shape in SHAPES.items() if shape.fields}


@dataclass(frozen=True, slots=True)
class Understood:
    """A sheet with its columns, the shape they are read by, and the shapes it may have."""

    layout: Layout
    shape: Shape
    guesses: tuple[Guess, ...]


def understood(
    book: Workbook,
    sheet: str = "",
    header_row: int | None = None,
    shape: str = "",
    sideways: bool | None = None,
) -> Understood:
    """The named sheet, or the one most worth importing, read by the named shape or the likeliest one.

    `sideways`: whether its columns are the entries; None where nobody has said. InvalidInput when no sheet has a row
    of column names.
    """
    wanted = shape_named(shape) if shape else None
    if sheet:
        return _understood(book.grid(sheet), header_row, wanted, sideways)
    best: Understood | None = None
    refusal: InvalidInput | None = None
    for grid in _worth_trying(book):
        try:
            found = _understood(grid, None, wanted, sideways)
        except InvalidInput as error:
            refusal = refusal or error
            continue
        if best is None or _worth(found) > _worth(best):
            best = found
    if best is None:
        raise refusal or InvalidInput("No sheet has rows.", where=book.name)
    if header_row is None:
        return best
    return _understood(book.grid(best.layout.grid.name), header_row, wanted, sideways)


def _worth_trying(book: Workbook) -> Iterator[Grid]:
    hidden = {sheet.name for sheet in book.sheets if sheet.hidden}
    filled = [grid for grid in book.grids if grid.rows]
    shown = [grid for grid in filled if grid.name not in hidden]
    names = [sheet.name for sheet in book.sheets]
    own = [grid for grid in shown if not lists_sheets(grid, names)]
    yield from (own or shown or filled)[:_TRIED]


def _worth(found: Understood) -> tuple[float, int]:
    """How sure the shape is, and for catalogs whether they say who sells what; of equals the first sheet."""
    named = {column["field"] for column in found.layout.columns.values()} - {""}
    complete = found.shape.name in {ShapeName.FLAT, ShapeName.SECTIONS} and {"vendor", "model_name"} <= named
    confidence = next((g.confidence for g in found.guesses if g.shape is found.shape.name), 0.0)
    return round(confidence, 1) + 0.2 * complete - 0.3 * bool(found.shape.refusal), len(named)


def _understood(
    grid: Grid, header_row: int | None, wanted: Shape | None, sideways: bool | None
) -> Understood:
    table, found = oriented(grid, VOCABULARIES, header_row, sideways=sideways)
    layout = layout_over(table)
    proposed = with_sections(found, [heading.value for heading in table.headings])
    shape = wanted or SHAPES.get(proposed[0].shape) or SHAPES[ShapeName.FLAT]
    if shape.name is not ShapeName.FLAT:
        layout = layout_over(table, shape.fields_under(table.header.names))
        layout = Layout(table, layout.header_row, shape.adjusted(layout))
    return Understood(layout, shape, proposed)
