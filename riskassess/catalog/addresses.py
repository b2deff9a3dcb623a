"""From a record's row number back to the cell of its sheet that states a value. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from riskassess.kernel.places import cell_at


def cell_in(columns: Mapping[str, Mapping[str, Any]], attribute: str, row: int | None) -> str:
    """The address of an attribute in a row, such as `K1204`; '' where there is none.

    A value that stands over its rows (a section heading) has `cells`: [first row, cell] from top to bottom.
    """
    column = columns.get(attribute)
    if not column or not row:
        return ""
    if "cells" not in column:
        return cell_at(str(column["column"]), row)
    return next((str(cell) for first, cell in reversed(column["cells"]) if first <= row), "")
