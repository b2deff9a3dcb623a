"""Tables as people write them who never thought of a program: ditto marks, forms with sentences for names, years."""

from __future__ import annotations

from datetime import date

import pytest

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.header import find_header
from riskassess.sheets.prices import PER_MILLION_TOKENS, parse_price
from riskassess.sheets.results import Parsed
from riskassess.sheets.table import RowRole, understand
from riskassess.sheets.workbook import Cell, Grid


def grid(*rows: list[Cell], merged: tuple[tuple[int, int, int, int], ...] | None = ()) -> Grid:
    width = max(map(len, rows))
    return Grid("Sheet1", [row + [None] * (width - len(row)) for row in rows], merged=merged)


# --- column names ---------------------------------------------------------------------------------------


def test_a_form_that_asks_in_sentences_has_its_column_names_in_them() -> None:
    asked = "What are the expected benefits and positive outcomes from the AI for the agency's mission and the public?"
    long = "Deployed – The use case is being actively authorized or utilized to support the mission of an agency."
    table = grid(
        ["SECTION 1", None, None, "SECTION 2"],
        ["Use Case ID", "Use Case Name", "Stage of Development", asked],
        ["A-1", "LexisNexis", long, "Efficiency"],
        ["A-2", "Phishing mails", long, "Risk reduction"],
        ["A-3", "Desktop productivity", "Pilot", "Efficiency"],
    )
    header = find_header(table)
    assert (header.row_index, header.names[3].rpartition("› ")[2]) == (1, asked)


def test_the_last_row_names_no_columns() -> None:
    table = grid(
        ["Model", "Input", None, "Stage"], ["Swift", 12.5, "x", "GA"], ["Slow", "on request", "y", "Preview"]
    )
    assert find_header(table).row_index == 0


@pytest.mark.parametrize(
    "heads",
    [
        [2024, 2025, 2026],
        ["2024", "2025", "2026"],
        [1, 2, 3],
        [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)],
    ],
)
def test_years_months_and_numbers_that_count_on_are_column_names(heads: list[Cell]) -> None:
    table = grid(["Vendor", "Model", *heads], ["Acme", "Swift", 5, 9, 4], ["Bolt", "Slow", 2, 2, 8])
    header = find_header(table)
    assert header.row_index == 0
    assert len([name for name in header.names if name]) == 5


def test_numbers_that_do_not_count_on_are_a_row_of_data() -> None:
    table = grid(["Vendor", "Model", "Input", "Output"], ["Acme", "Swift", 5, 9], ["Bolt", "Slow", 1, 2])
    assert find_header(table).row_index == 0


def test_answers_that_part_a_column_are_names_below_its_name() -> None:
    table = grid(
        ["ID", "Question", "Answers", None, None, "Notes"],
        [None, None, "Yes", "No", "Not Applicable", None],
        ["1.1", "Do you encrypt?", "X", None, None, "AES"],
        ["1.2", "Do you log?", None, "X", None, None],
        merged=((0, 2, 0, 4),),
    )
    assert find_header(table).names[2:5] == ("Answers › Yes", "Answers › No", "Answers › Not Applicable")


def test_a_section_in_front_of_repeated_column_names_is_a_heading() -> None:
    table = understand(
        grid(
            ["Qualifiers", None, "Vendor Answers", "Additional Information", "Guidance"],
            ["Q-1", "Do you process health data?", "No", None, None],
            ["Company", None, "Vendor Answers", "Additional Information", "Guidance"],
            ["C-1", "Describe your company.", "Founded 2012", None, None],
            ["C-2", "How long have you been in business?", "14 years", None, None],
        )
    )
    assert [row.role for row in table.rows][2] is RowRole.SECTION
    assert [heading.value for heading in table.rows[3].above] == ["Company"]
    assert table.counts[RowRole.DATA] == 3


def test_another_table_below_says_how_it_is_imported() -> None:
    table = understand(
        grid(
            ["Model", "Input", "Output", "Context"],
            ["Swift", 1.5, 3, "200K"],
            ["Slow", 0.5, 1, "32K"],
            ["Gnat", 0.1, 0.2, "8K"],
            [None],
            ["Platform", "Plan", "Per month", "Content"],
            ["Acme", "Plus", 20, "All models"],
            ["Acme", "Team", 25, "All models"],
        )
    )
    assert [row.role for row in table.rows][4:] == [RowRole.HEADER, RowRole.NOTE, RowRole.NOTE]
    assert "import it with row 6 as column names" in table.rows[5].why


# --- cells that hold for more than their own row --------------------------------------------------------


@pytest.mark.parametrize(
    "mark", ['"', "''", "〃", "ditto", "same as above", "Dito", "wie oben", "同上", "do.", "idem"]
)
def test_a_ditto_mark_stands_for_the_cell_above(mark: str) -> None:
    table = understand(
        grid(
            ["Vendor", "Model", "Price"],
            ["Acme", "Swift", 2],
            [mark, "Slow", 1],
            [mark, "Gnat", 3],
            ["Bolt", "B", 1],
        )
    )
    assert table.covered == {2: {0: 1}, 3: {0: 1}}


@pytest.mark.parametrize("word", ["same", "↑", "^"])
def test_what_may_mean_something_else_is_no_ditto_mark(word: str) -> None:
    table = understand(grid(["Vendor", "Model", "Trend"], ["Acme", "Swift", "3"], ["Acme", "Slow", word]))
    assert table.covered == {}


def test_a_ditto_mark_with_nothing_above_stands_for_itself() -> None:
    table = understand(grid(["Vendor", "Model", "Price"], ["ditto", "Swift", 2], ["Acme", "Slow", 1]))
    assert table.covered == {}


# --- whose list it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "company"),
    [("OpenAI API pricing, November 2026", "OpenAI"), ("Mistral AI", "Mistral AI"), ("Prices of all vendors", ""),
     ("Meta data of our models", ""), ("Google Cloud regions", "Google")],
)  # fmt: skip
def test_a_title_that_begins_with_a_company_says_whose_list_it_is(title: str, company: str) -> None:
    table = understand(grid([title], ["Model", "Input", "Output"], ["Swift", 1, 2], ["Slow", 3, 4]))
    column = next(one for one in table.virtual if one.letters == "§title")
    assert column.vendors is bool(company)
    assert column.samples == (company or title,)


def test_the_name_of_a_sheet_may_be_the_company_and_that_of_a_text_file_never() -> None:
    rows: list[list[Cell]] = [["Model", "Input"], ["Swift", 1], ["Slow", 2]]
    for merged, is_named in (((), True), (None, False)):
        table = understand(Grid("Anthropic pricing", rows, merged=merged))
        column = next(one for one in table.virtual if one.letters == "§sheet")
        assert column.vendors is is_named


# --- prices ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "amount"), [("~~$3.00~~ $2.40", "2.4"), ("<s>$3</s> $2.40", "2.4"), ("<del>15</del> 12", "12")]
)
def test_a_price_struck_through_is_none(cell: str, amount: str) -> None:
    read = parse_price(cell, PER_MILLION_TOKENS)
    assert isinstance(read, Parsed)
    assert f"{read.stated.value.amount.normalize():f}" == amount  # type: ignore[union-attr]
    assert "taken from" in read.note


@pytest.mark.parametrize(
    "cell", ["from $0.15", "starting at $3", "ab 0,15 €", "à partir de 2 €", "$0.10–$0.40", "0.5 - 1.5", "auf Anfrage",
             "sur devis", "要問い合わせ"]
)  # fmt: skip
def test_where_prices_start_or_range_or_are_asked_for_is_no_price_and_no_problem(cell: str) -> None:
    read = parse_price(cell, PER_MILLION_TOKENS)
    assert isinstance(read, Parsed)
    assert not hasattr(read.stated, "value")
    assert cell in read.note


def test_a_day_is_no_name_of_a_column_even_where_its_row_has_a_remark_more_than_the_names():
    table = grid(
        ["Date", "Number", "Device", "Company", None],
        ["06/29/2026", "K253628", "Auto-Seg", "Acme", "see letter"],
        ["03/30/2026", "K254207", "Plan v2", "Umbrella", None],
    )
    assert find_header(table).row_index == 0


def test_a_table_pasted_into_one_column_says_so():
    with pytest.raises(InvalidInput, match="one column, with semicolons"):
        find_header(grid(["Vendor;Seat;Since"], ["Acme;IE;2019"], ["Umbrella;US;2020"]))


def test_a_line_that_a_text_draws_below_the_column_names_is_no_entry() -> None:
    table = understand(
        grid(
            ["Vendor", "Purpose", "Seat"],
            ["---", ":---:", "---"],
            ["Acme", "Hosting", "IE"],
            ["Bolt", "--", "US"],
        )
    )
    assert [row.role for row in table.rows] == [RowRole.HEADER, RowRole.HEADER, RowRole.DATA, RowRole.DATA]


def test_a_table_of_models_below_one_of_vendors_is_not_read_as_more_vendors() -> None:
    table = understand(
        grid(
            ["Vendor", "Country", "Service"], ["Acme", "IE", "Hosting"], ["Bolt", "DE", "Mail"], [None],
            ["Models"], ["Model", "Vendor", "Price per 1M tokens"], ["Swift", "Acme", "2"],
        )
    )  # fmt: skip
    assert [row.number for row in table.rows if row.role is RowRole.DATA] == [2, 3]
