"""How full and how varied columns are."""

from __future__ import annotations

from riskassess.sheets.header import header_at
from riskassess.sheets.profile import profiles
from riskassess.sheets.workbook import Grid


def test_blank_rows_do_not_count_and_numbers_equal_their_text() -> None:
    grid = Grid(
        "s", [["Vendor", "Price", "Note"], ["A", 1, None], [None, " ", ""], ["B", "1"], ["A", 2.5, None]]
    )
    words = [profile.words for profile in profiles(grid, header_at(grid, 0))]
    assert words == ["3 of 3 filled, 2 different", "3 of 3 filled, 2 different", "0 of 3 filled, 0 different"]


def test_a_sheet_without_rows_has_empty_columns() -> None:
    grid = Grid("s", [["Vendor", "Model"]])
    assert [(p.rows, p.filled) for p in profiles(grid, header_at(grid, 0))] == [(0, 0), (0, 0)]
