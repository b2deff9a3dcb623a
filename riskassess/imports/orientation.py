"""Whether a sheet's entries are its rows or its columns: both are read where it may be either, and the better is taken.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from riskassess.imports.shapes.guess import Guess, guesses
from riskassess.imports.shapes.names import ShapeName
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.columns import Field
from riskassess.sheets.table import Table, understand
from riskassess.sheets.turning import could_stand_on_its_side, turned
from riskassess.sheets.workbook import Grid

_BETTER = 0.1  # judgement: by how much surer the turned reading must be
_DOWN = (ShapeName.FLAT, ShapeName.VENDORS)  # what is compared side by side
TURNED = "the table stands on its side and is read turned: each of the sheet's columns is an entry"


def oriented(
    grid: Grid,
    vocabularies: Mapping[ShapeName, Sequence[Field]],
    header_row: int | None = None,
    *,
    sideways: bool | None = None,
) -> tuple[Table, tuple[Guess, ...]]:
    """The table, as it stands or turned, and the shapes it may have. `sideways` is a person's word, None is nobody's.

    InvalidInput when no row of it looks like column names.
    """
    if sideways is not None:
        return _read(turned(grid) if sideways else grid, vocabularies, header_row)
    fields = [field for name in _DOWN for field in vocabularies.get(name, ())]
    if header_row is not None or not could_stand_on_its_side(grid, fields):
        return _read(grid, vocabularies, header_row)
    try:
        upright = _read(grid, vocabularies)
    except InvalidInput:
        return _read(turned(grid), vocabularies)
    try:
        on_side = _read(turned(grid), vocabularies)
    except InvalidInput:
        return upright
    if on_side[1][0].shape is ShapeName.SCORES:
        return upright  # scores are refused either way; what stands may be something else
    return on_side if on_side[1][0].confidence >= upright[1][0].confidence + _BETTER else upright


def _read(
    grid: Grid, vocabularies: Mapping[ShapeName, Sequence[Field]], header_row: int | None = None
) -> tuple[Table, tuple[Guess, ...]]:
    table = understand(grid, header_row)
    found = guesses(table.body, table.body_header, vocabularies)
    if grid.turned:
        found = tuple(Guess(guess.shape, guess.confidence, f"{TURNED}; {guess.why}") for guess in found)
    return table, found
