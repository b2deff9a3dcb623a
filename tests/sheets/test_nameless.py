"""Lists whose first row is an entry: told by what it holds, and never taken for one where names stand above."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.nameless import header_of
from riskassess.sheets.table import NO_ROW, RowRole, understand
from riskassess.sheets.workbook import Grid


def grid(*rows: list[Any]) -> Grid:
    width = max(map(len, rows))
    return Grid("s", [[*row, *[None] * (width - len(row))] for row in rows])


PRICED = grid(
    ["OpenAI", "gpt-4o", "128k", "$2.50", "GA"],
    ["OpenAI", "gpt-4o-mini", "128k", "$0.15", "GA"],
    ["Anthropic", "claude-opus-4.1", "200k", "$15", "GA"],
    ["Google", "gemini-2.5-pro", "1M", "$1.25", "Preview"],
)


def test_columns_without_names_are_called_by_what_they_hold() -> None:
    table = understand(PRICED)
    assert table.header.made
    assert table.header.names == ("Vendor", "Model", "Context window", "Price", "Status")
    assert table.header_row == NO_ROW
    assert table.counts == {RowRole.DATA: 4}
    assert [row.number for row in table.data] == [1, 2, 3, 4]


def test_numbers_alone_may_begin_a_list() -> None:
    found = header_of(
        grid(
            ["gpt-4o", 2.5, 10],
            ["o3", 2, 8],
            ["o4-mini", 1.1, 4.4],
            ["o1", 15, 60],
            ["whisper-1", None, None],
        )
    )
    assert found.made
    assert found.names == ("Model", "Numbers", "Numbers 2")


def test_a_title_may_stand_over_it() -> None:
    table = understand(
        grid(
            ["Our price list"],
            [],
            *(["Acme", f"swift-{at}", date(2026, 1, at)] for at in range(1, 6)),
        )
    )
    assert table.header.made
    assert table.counts == {RowRole.TITLE: 1, RowRole.DATA: 5}
    assert [row.number for row in table.data] == [3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "rows",
    [
        [["Thing", "Maker", "2026"], ["a", "Acme", 1], ["b", "Acme", 2], ["c", "Bolt", 3]],
        [["Model", "Acme", "Bolt"], ["swift", "yes", "no"], ["gnat", "yes", "yes"], ["slow", "no", "no"]],
        [["Kind", "Place"], ["a", "us-east-1"], ["b", "us-east-1"], ["a", "eu-west-1"]],  # names unlike what they name
        [["Acme", "swift"], ["Bolt", "gnat"], ["Cog", "slow"], ["Dyn", "snail"]],  # nothing shows it
        [["A", "B", "C"], ["x", "y", "z"], ["A", "B", "C"], ["x", "v", "w"], ["A", "B", "C"]],  # the names again
    ],
)  # fmt: skip
def test_names_stay_names(rows: list[list[Any]]) -> None:
    assert not header_of(grid(*rows)).made


def test_what_is_no_table_is_still_refused() -> None:
    with pytest.raises(InvalidInput):
        header_of(grid([1, 2], [None, None]))


@pytest.mark.parametrize(
    "first",
    [
        ["Model", 2023, 2024, 2025], ["Model", "2023", "2024", "2025"], ["Model", 2022, 2024, 2025],
        [None, 2023, 2024, 2025], ["Model", 2025, 2024, 2022], ["Model", "FY2023", "FY2024", "FY2025"],
    ],
)  # fmt: skip
def test_years_are_names_of_columns(first: list[Any]) -> None:
    found = header_of(grid(first, ["swift", 30, 25, 20], ["gnat", 3, 2, 1], ["slow", 9, None, 7]))
    assert (found.made, found.row_index) == (False, 0)
    assert [name[-4:] for name in found.names[1:]] == [str(year)[-4:] for year in first[1:]]


def test_a_person_may_say_that_no_row_names_the_columns() -> None:
    unsure = grid(["Acme", "swift 1"], ["Bolt", "gnat 2"], ["Cog", "slow 3"])
    assert not understand(unsure).header.made
    said = understand(unsure, NO_ROW)
    assert said.header.names == ("Text", "Model")
    assert said.counts == {RowRole.DATA: 3}
