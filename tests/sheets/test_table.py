"""Whatever people write around their data: every row is told for what it is, and none is lost."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets import roles as roles_told
from riskassess.sheets.results import tidy
from riskassess.sheets.table import RowRole, Table, understand
from riskassess.sheets.workbook import Cell, Grid, open_workbook

HEADER = ["Model", "Type", "Price"]


def grid_of(*rows: Sequence[Cell], merged: Sequence[str] = ()) -> Grid:
    """The rows as a person would send them: an .xlsx, with these ranges merged."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return open_workbook(buffer.getvalue(), "a.xlsx").grids[0]


def as_text(*rows: Sequence[Cell]) -> Grid:
    """The rows without any word on what is merged, as a .csv has them."""
    width = max(map(len, rows))
    return Grid("list", [[*row, *[None] * (width - len(row))] for row in rows])


def roles(table: Table) -> list[str]:
    return [row.role.value for row in table.rows]


def over(table: Table, letters: str = "§1") -> list[str]:
    """What stands over each row of data."""
    return [table.over(row)[letters].value if letters in table.over(row) else "" for row in table.data]


def test_headings_over_repeated_column_names_are_values_of_the_rows_below():
    table = understand(
        grid_of(
            ["Acme models sold by Contoso"], HEADER, ["swift", "chat", 1], ["slow", "chat", 2],
            ["Moon Labs models sold by Contoso"], HEADER, ["luna", "chat", 3], [],
            ["<sup>1</sup> Until further notice."],
            merged=["A1:C1", "A5:C5"],
        )
    )  # fmt: skip
    assert roles(table) == ["section", "header", "data", "data", "section", "header", "data", "footnote"]
    assert over(table) == ["Acme", "Acme", "Moon Labs"]
    heading = table.over(list(table.data)[2])["§1"]
    assert (heading.text, heading.cell) == ("Moon Labs models sold by Contoso", "A5")
    (sections, sheet) = table.virtual
    assert (sections.letters, sections.name, sections.vendors) == ("§1", "Section heading", True)
    assert (sheet.letters, sheet.samples) == ("§sheet", ("Sheet",))


def test_a_title_and_two_levels_of_headings():
    table = understand(
        grid_of(
            ["Schedule"], ["Models sold by Contoso"], ["Acme"], HEADER, ["a", "chat", 1],
            ["Moon Labs"], HEADER, ["b", "chat", 2],
            ["Models from partners"], ["Acme"], HEADER, ["c", "chat", 3],
            merged=["A1:C1", "A2:C2", "A3:C3", "A6:C6", "A9:C9", "A10:C10"],
        )
    )  # fmt: skip
    assert roles(table)[:4] == ["title", "section", "section", "header"]
    assert over(table, "§1") == ["Models sold by Contoso", "Models sold by Contoso", "Models from partners"]
    assert over(table, "§2") == ["Acme", "Moon Labs", "Acme"]
    assert over(table, "§title") == ["Schedule"] * 3
    assert [column.letters for column in table.virtual] == ["§1", "§2", "§title", "§sheet"]


def test_a_title_and_a_note_are_no_headings():
    table = understand(
        grid_of(["Global standard"], ["Prompts may be processed anywhere."], [], HEADER, ["a", "chat", 1])
    )
    assert roles(table) == ["title", "note", "header", "data"]
    assert table.title is not None
    assert (table.title.text, table.title.cell) == ("Global standard", "A1")


def test_blocks_in_a_text_table_begin_with_their_headings():
    table = understand(
        as_text(HEADER, ["Acme"], ["a", "chat", "1"], ["b", "chat", "2"], ["Moon Labs"], ["c", "chat", "3"])
    )
    assert over(table) == ["Acme", "Acme", "Moon Labs"]


def test_headings_in_a_column_of_their_own():
    table = understand(
        as_text(
            ["Vendor", *HEADER], ["Acme"], [None, "a", "chat", "1"], [None, "b", "chat", "2"],
            ["Moon Labs"], [None, "c", "chat", "3"],
        )
    )  # fmt: skip
    assert over(table) == ["Acme", "Acme", "Moon Labs"]


def test_an_entry_of_which_only_the_name_is_known_is_no_heading():
    table = understand(as_text(HEADER, ["a", "chat", "1"], ["b"], ["c", "chat", "3"], ["d"]))
    assert roles(table) == ["header", "data", "data", "data", "data"]


def test_a_table_of_one_column_is_data():
    assert roles(understand(as_text(["Model"], ["a"], ["b"]))) == ["header", "data", "data"]


def test_totals_and_footnotes():
    table = understand(
        as_text(HEADER, ["a", "chat", "1"], ["b", "chat", "2"], ["Total", None, "3"], ["*", "preview only"])
    )
    assert roles(table) == ["header", "data", "data", "total", "footnote"]
    assert all(row.why for row in table.rows if row.role is not RowRole.DATA)


def test_a_model_that_is_called_like_a_total_is_data():
    table = understand(as_text(HEADER, ["Total", "chat", "free of charge"], ["Summit", "chat", "2"]))
    assert roles(table) == ["header", "data", "data"]


def test_a_row_that_explains_the_columns_is_a_template():
    head = ["Model", "Context", "Price", "Retires"]
    body = [[f"m{n}", 1000 * n, 2.5, "2027-01-01"] for n in range(1, 6)]
    asks = ["sample_spec", "max input tokens, if known", "in dollars a token", "date as YYYY-MM-DD"]
    assert roles(understand(as_text(head, asks, *body)))[:3] == ["header", "template", "data"]


def test_sentences_that_a_column_has_often_are_no_templates():
    head = ["Model", "Input", "Output"]
    body: list[list[Cell]] = [[f"m{n}", n, n] for n in range(1, 60)]
    ask: list[list[Cell]] = [[f"x{n}", "ask us for it", "let us talk then"] for n in range(1, 9)]
    assert set(roles(understand(as_text(head, *body, *ask)))) == {"header", "data"}


MERGED_HEADER = (
    ["Model", "Version", "Americas", None, "Europe", None],
    [None, None, "eastus", "westus", "westeurope", "uksouth"],
    ["a", "001", "yes", "-", "-", "-"],
)
NAMES = (
    "Model",
    "Version",
    "Americas › eastus",
    "Americas › westus",
    "Europe › westeurope",
    "Europe › uksouth",
)


@pytest.mark.parametrize(
    "grid",
    [
        grid_of(*MERGED_HEADER, merged=["A1:A2", "B1:B2", "C1:D1", "E1:F1"]),
        as_text(*MERGED_HEADER),
    ],
)
@pytest.mark.parametrize("said", [None, 1, 2])
def test_a_header_of_two_rows_is_joined(grid: Grid, said: int | None):
    table = understand(grid, said)
    assert table.header.names == NAMES
    assert table.header.rows == (0, 1)
    assert table.header.levels[0][2:] == ("Americas", "Americas", "Europe", "Europe")
    assert roles(table) == ["header", "header", "data"]


def test_a_header_of_three_rows_is_joined():
    table = understand(
        grid_of(
            ["Model", "Price", None, None, None],
            [None, "Text", None, "Audio", None],
            [None, "in", "out", "in", "out"],
            ["a", 1, 2, 3, 4],
            merged=["A1:A3", "B1:E1", "B2:C2", "D2:E2"],
        )
    )
    names = ("Model", "Price › Text › in", "Price › Text › out", "Price › Audio › in", "Price › Audio › out")
    assert table.header.names == names
    assert roles(table) == ["header", "header", "header", "data"]


def test_groups_over_a_whole_row_of_names():
    table = understand(
        grid_of(
            [None, "Price", None, "Limits", None], ["Model", "in", "out", "in", "out"], ["a", 1, 2, 3, 4],
            merged=["B1:C1", "D1:E1"],
        )
    )  # fmt: skip
    assert table.header.names == ("Model", "Price › in", "Price › out", "Limits › in", "Limits › out")


def test_a_merged_title_is_no_group_of_columns():
    table = understand(grid_of(["Prices of 2026"], HEADER, ["a", "chat", 1], merged=["A1:C1"]))
    assert (table.header.names, roles(table)) == (tuple(HEADER), ["title", "header", "data"])


def test_a_person_has_the_last_word_on_a_row():
    rows = (HEADER, ["a", "chat", "1"], ["Acme"], ["b", "chat", "2"])
    assert roles(understand(as_text(*rows))) == ["header", "data", "data", "data"]
    table = understand(as_text(*rows), roles={2: RowRole.NOTE, 3: RowRole.SECTION})
    assert roles(table) == ["header", "note", "section", "data"]
    assert over(table) == ["Acme"]


def test_a_header_row_outside_the_sheet_is_refused():
    with pytest.raises(InvalidInput, match="not in the sheet"):
        understand(as_text(HEADER, ["a", "chat", "1"]), 7)


CELL = st.one_of(
    st.none(), st.none(), st.sampled_from(["Acme", "Total", " ", "*", "Model", "[1] x", "A note."]),
    st.text(max_size=5), st.integers(0, 9),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=12), st.integers(0, 12))
def test_every_row_has_one_role_and_every_heading_its_cell(rows: list[list[Cell]], at: int):
    grid = as_text(*rows[:at], HEADER, *rows[at:])
    table = understand(grid, min(at, len(rows)) + 1)
    filled = [index for index, row in enumerate(grid.rows) if any(cell is not None for cell in row)]
    assert [row.row_index for row in table.rows] == filled
    assert sum(table.counts.values()) == len(filled)
    for row in table.data:
        assert row.row_index > table.header.row_index
        for heading in row.above:
            assert heading.row_index < row.row_index
            assert grid.rows[heading.row_index]["ABC".index(heading.cell[0])] is not None


def test_telling_the_rows_looks_at_few_of_their_cells(monkeypatch: pytest.MonkeyPatch):
    looked_at: Counter[str] = Counter()

    def tidied(text: str) -> str:
        looked_at[text] += 1
        return tidy(text)

    monkeypatch.setattr(roles_told, "tidy", tidied)
    body: list[list[Cell]] = [[f"m{n}", "chat", *[0.5] * 38] for n in range(500)]
    grid = Grid("t", [["Model", "Type", *(f"Price {n}" for n in range(38))], *body])
    assert understand(grid).counts[RowRole.DATA] == 500
    assert looked_at["m7"] == 1  # the first cell of a row, once
    assert looked_at.total() < 2 * 500 + 40  # of 20,000 cells, and the column names


def test_another_table_below_is_no_part_of_this_one():
    rows = (
        HEADER, ["a", "chat", 1], ["b", "chat", 2], ["c", "chat", 3], [],
        ["Regions"], ["Region", "Country", "Code"], ["eastus", "USA", "US"], ["westeurope", "Netherlands", "NL"],
    )  # fmt: skip
    table = understand(grid_of(*rows))
    assert roles(table) == ["header", "data", "data", "data", "section", "header", "note", "note"]
    assert "under row 7" in table.rows[-1].why
    assert [row.role for row in understand(grid_of(*rows), 7).data] == [RowRole.DATA] * 2


def test_a_block_below_a_blank_row_goes_on():
    rows = (
        HEADER,
        ["a", "chat", 1],
        ["b", "chat", 2],
        ["c", "chat", 3],
        [],
        ["d", "voice", "free"],
        ["e", "x", 5],
    )
    assert roles(understand(grid_of(*rows)))[1:] == ["data"] * 5
