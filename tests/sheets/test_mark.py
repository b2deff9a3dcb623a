"""Yes and no: ticks, dashes, words, and the shades between them."""

from __future__ import annotations

import pytest

from riskassess.sheets.cells import Cell, Problem, parse_bool, parse_mark
from riskassess.sheets.columns import ColumnKind, Field, MappedColumn
from riskassess.sheets.header import header_at
from riskassess.sheets.marks import is_ticked
from riskassess.sheets.reading import read_rows
from riskassess.sheets.workbook import Grid
from tests.sheets.answers import note, said


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("✅", "yes"), ("✔️", "yes"), ("✔", "yes"), ("Yes", "yes"), ("Y", "yes"), ("x", "yes"), (True, "yes"),
        ("✅<sup>1</sup>", "yes"), ("Yes (preview only in EU)", "yes"), ("GA", "yes"),
        ("-", "no"), ("—", "no"), ("❌", "no"), ("No", "no"), (False, "no"),
        ("Limited", "limited"), ("Preview", "preview"), ("Planned", "planned"), ("Coming soon", "planned"),
        ("", "unknown"), (None, "unknown"), ("TBD", "unknown"), ("N/A", "not applicable"),
    ],
)  # fmt: skip
def test_a_mark_in_a_table_of_ticks(value: Cell, expected: str):
    assert said(parse_mark(value)) == expected


@pytest.mark.parametrize("circle", ["○", "◯", "〇"])
def test_an_empty_circle_is_neither_until_somebody_says_which(circle: str):
    """Beside ● it is a no, and in Japanese lists, beside ×, the yes."""
    assert said(parse_mark(circle)) == said(parse_bool(circle)) == "unknown"
    assert "write which" in note(parse_mark(circle))


def test_a_dash_is_no_and_a_blank_cell_is_not_listed_and_both_are_said():
    assert "read as no" in note(parse_mark("-"))
    assert "not listed" in note(parse_mark(None))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "True"), ("FALSE", "False"), ("Yes", "True"), (1, "True"), ("✅", "True"), ("✔️", "True"),
        ("n", "False"), ("Planned", "False"), ("-", "unknown"), ("Coming soon", "False"),
        ("", "unknown"), ("N/A", "not applicable"), ("perhaps", "problem"),
    ],
)  # fmt: skip
def test_yes_and_no(value: Cell, expected: str):
    assert said(parse_bool(value)) == expected


@pytest.mark.parametrize(
    "value",
    ["Limited", "Partial", "Preview", "On request", "Beta", "with conditions", "Yes (beta)", "Yes, with conditions",
     "Yes - on request", "yes, but only in the US", "Conditional", "Private preview", "Contact sales", "Auf Anfrage"],
)  # fmt: skip
def test_a_yes_with_a_condition_is_neither_and_what_was_written_is_said(value: str):
    read = parse_bool(value)
    assert said(read) == "unknown"
    assert value in note(read)
    assert note(parse_bool("yes")) == ""


def test_a_yes_with_a_word_on_it_stays_a_yes():
    assert said(parse_bool("Yes (via the API)")) == said(parse_bool("Yes, since 2024")) == "True"


def test_a_dash_means_no_only_in_a_column_of_ticks():
    column = MappedColumn(0, Field("vision", "Vision", ColumnKind.BOOL))

    def read(*cells: Cell) -> list[object]:
        grid = Grid("t", [["Vision"], *[[cell] for cell in cells]])
        return [row.values["vision"] for row in read_rows(grid, header_at(grid, 0), [column]).rows]

    assert [getattr(value, "value", None) for value in read("✅", "-")] == [True, False]
    assert [getattr(value, "value", None) for value in read("yes", "-")] == [True, None]
    assert not is_ticked(["-", None, "yes"])


def test_a_sentence_is_no_mark():
    assert isinstance(parse_mark("only in some of our regions"), Problem)
