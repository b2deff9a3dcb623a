"""Real excerpts from sheet to rows: header, proposals, values, problems. One oddity a file."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.stated import Known, Unknown
from riskassess.sheets import reading
from riskassess.sheets.columns import PRICED, ColumnKind, Field, MappedColumn, parse_cell, propose
from riskassess.sheets.header import find_header, header_at
from riskassess.sheets.prices import PER_MILLION_TOKENS, PER_THOUSAND_TOKENS, PER_TOKEN, Price
from riskassess.sheets.reading import Reading, RowReading, read_rows
from riskassess.sheets.results import Result
from riskassess.sheets.vocabulary import CATALOG_FIELDS, FIELDS_BY_NAME
from riskassess.sheets.workbook import Cell, Grid, open_workbook

FILES = Path(__file__).parent / "files"
CATALOG = Path(__file__).parents[2] / "fixtures" / "catalog" / "litellm_catalog.xlsx"


def first_grid(path: Path) -> Grid:
    return open_workbook(path.read_bytes(), path.name).grids[0]


def read(grid: Grid) -> Reading:
    header = find_header(grid)
    proposals = propose(grid, header, CATALOG_FIELDS)
    return read_rows(grid, header, [p.mapped for p in proposals if p.mapped])


def proposed(grid: Grid) -> dict[str, str]:
    header = find_header(grid)
    return {p.header: p.field.name for p in propose(grid, header, CATALOG_FIELDS) if p.field}


def value(row: RowReading, field: str) -> object:
    stated = row.values[field]
    assert isinstance(stated, Known)
    return stated.value


def table(*rows: list[Cell]) -> Grid:
    return Grid("t", list(rows))


def test_a_template_row_is_invalid_cell_by_cell():
    reading = read(first_grid(FILES / "template_row_at_8.xlsx"))
    (template,) = [row for row in reading.rows if row.is_template]
    assert template.number == 8
    assert {p.cell for p in template.problems} >= {"D8", "E8"}
    assert all("template" in p.hint for p in template.problems)
    assert "max input tokens" in template.problems[0].what
    assert all(row.is_valid for row in reading.rows if row is not template)


def test_prices_per_token_become_exact_prices_per_million():
    row = read(first_grid(FILES / "template_row_at_8.xlsx")).rows[0]
    assert value(row, "input_price") == Price(Decimal(4), PER_MILLION_TOKENS)
    assert row.raw["input_price"] == "4e-06"


def test_a_missing_vendor_is_a_problem_and_a_window_of_0_unknown():
    reading = read(first_grid(FILES / "no_provider_zero_context.xlsx"))
    missing = [p for row in reading.rows for p in row.problems if p.field == "vendor"]
    assert [p.cell for p in missing] == ["B2", "B3", "B4", "B5", "B6"]
    assert reading.rows[-1].raw["context_window"] == "0"
    assert isinstance(reading.rows[-1].values["context_window"], Unknown)
    assert any(note.field == "context_window" for note in reading.rows[-1].notes)


def test_regions_in_one_cell_are_a_list():
    regions = value(read(first_grid(FILES / "regions_in_one_cell.xlsx")).rows[0], "regions")
    assert isinstance(regions, tuple)
    assert len(regions) > 1


def test_free_and_unpriced_are_two_things():
    rows = read(first_grid(FILES / "free_and_unpriced.csv")).rows
    assert value(rows[0], "input_price") == Price(Decimal(0), PER_MILLION_TOKENS, "USD")
    assert isinstance(rows[6].values["input_price"], Unknown)


def test_an_at_sign_is_text():
    rows = read(first_grid(FILES / "at_signs.csv")).rows
    assert any(str(value(row, "model_id")).startswith("@") for row in rows)
    assert all(row.is_valid for row in rows)


def test_months_stay_months_and_impossible_days_are_problems():
    rows = read(first_grid(FILES / "month_and_impossible_dates.csv")).rows
    assert len(str(value(rows[0], "knowledge_cutoff"))) == 7
    assert len(str(value(rows[4], "knowledge_cutoff"))) == 10
    assert isinstance(rows[8].values["knowledge_cutoff"], Unknown)
    assert {p.what for row in rows for p in row.problems} == {
        "“2025-02-31” is not in the calendar.",
        "“2025-25-11” is not in the calendar.",
    }


def test_the_columns_of_a_catalog_per_token_are_found():
    found = proposed(first_grid(CATALOG))
    assert found["litellm_provider"] == "vendor"
    assert found["max_input_tokens"] == "context_window"
    assert found["input_cost_per_token"] == "input_price"
    assert found["cache_creation_input_token_cost"] == "cache_write_price"
    assert found["deprecation_date"] == "deprecation_date"
    assert found["input_cost_per_token_batches"] == "batch_input_price"
    assert found["input_cost_per_token_above_200k_tokens"] == "long_input_price"
    assert found["input_cost_per_token_above_272k_tokens"] == "longer_input_price"
    assert found["input_cost_per_second"] == "time_input_price"
    assert found["output_cost_per_image"] == "image_price"
    assert found["output_cost_per_image_token"] == "image_token_output_price"


def test_the_columns_of_a_catalog_per_million_are_found():
    grid = first_grid(FILES / "at_signs.csv")
    found = proposed(grid)
    assert found["Provider"] == "vendor"
    assert "Provider ID" not in found
    assert found["Model"] == "model_name"
    assert found["Model ID"] == "model_id"
    assert found["Audio in $/1M tokens"] == "audio_input_price"
    units = {(p.unit, p.currency) for p in propose(grid, find_header(grid), CATALOG_FIELDS) if p.unit}
    assert units == {(PER_MILLION_TOKENS, "USD")}


@pytest.mark.parametrize(
    ("prices", "unit"),
    [
        ([2e-06, 3e-05, 0.0], PER_TOKEN),
        ([0.003, 0.0005, None], PER_THOUSAND_TOKENS),
        (["$2.50", "free", "N/A"], PER_MILLION_TOKENS),
    ],
)
def test_a_unit_no_heading_names_is_guessed_from_the_size_and_says_so(prices: list[Cell], unit: object):
    grid = table(["Model", "Input price"], *[[f"m{n}", price] for n, price in enumerate(prices)])
    _, price = propose(grid, header_at(grid, 0), CATALOG_FIELDS)
    assert price.unit == unit
    assert price.confidence < 1
    assert "from their size" in price.why


def test_content_that_contradicts_the_name_is_not_proposed():
    grid = table(["Model", "Context"], ["a", "for chat with long documents"], ["b", "a short one for mail"])
    assert propose(grid, header_at(grid, 0), CATALOG_FIELDS)[1].field is None


def test_no_field_is_proposed_twice():
    for path in (CATALOG, FILES / "at_signs.csv"):
        found = list(proposed(first_grid(path)).values())
        assert len(found) == len(set(found))


def test_field_names_are_distinct_and_aliases_belong_to_one_field():
    assert len(FIELDS_BY_NAME) == len(CATALOG_FIELDS)
    seen: dict[tuple[object, ...], str] = {}
    for field in CATALOG_FIELDS:
        for alias in field.aliases if not field.name.startswith("longer_") else ():
            key = (alias, field.kind in PRICED, field.condition, field.nouns)
            assert seen.setdefault(key, field.name) == field.name, alias


@given(
    st.lists(
        st.sampled_from(["Price list 2026", "Confidential – for Contoso only", "", "Valid from 2026-01-01"])
    ),
    st.integers(0, 3),
)
def test_the_header_is_found_below_any_titles(titles: list[str], left: int):
    width = 4 + left
    head: list[Cell] = [None] * left + ["Vendor", "Model", "Context window", "Input price"]
    body: list[list[Cell]] = [[None] * left + ["A", f"m{n}", 1000 * n, 2.5] for n in range(1, 6)]
    above: list[list[Cell]] = [[title or None, *[None] * (width - 1)] for title in titles]
    header = find_header(Grid("t", [*above, head, *body]))
    assert header.row_index == len(titles)
    assert header.names[left:] == ("Vendor", "Model", "Context window", "Input price")


@pytest.mark.parametrize("grid", [table([1, 2], [3, 4]), Grid("t", []), table([None, None])])
def test_a_sheet_without_column_names_is_refused(grid: Grid):
    with pytest.raises(InvalidInput, match="column names"):
        find_header(grid)


def test_blank_rows_are_skipped_and_counted_and_numbers_stay_true():
    grid = Grid("t", [["Vendor", "Model"], [None, None], ["A", "x"], [None, None]], first_row=4)
    reading = read(grid)
    assert [row.number for row in reading.rows] == [7]
    assert reading.blank_rows == 2


def test_a_column_shows_whether_the_day_comes_first():
    column = MappedColumn(0, Field("d", "Date", ColumnKind.DATE))
    rows: list[list[Cell]] = [["Date"], ["3/4/2025"], ["30/4/2025"]]
    grid = Grid("t", rows)
    assert str(value(read_rows(grid, header_at(grid, 0), [column]).rows[0], "d")) == "2025-04-03"


def test_each_distinct_value_of_a_column_is_parsed_once(monkeypatch: pytest.MonkeyPatch):
    parsed: Counter[int] = Counter()

    def counted(cell: Cell, column: MappedColumn, **manner: bool) -> Result[object]:
        parsed[column.column_index] += 1
        return parse_cell(cell, column, **manner)

    monkeypatch.setattr(reading, "parse_cell", counted)
    fields = [Field(f"f{n}", f"F{n}", list(ColumnKind)[n % 8]) for n in range(40)]
    sample: dict[ColumnKind, list[Cell]] = {ColumnKind.PRICE: [1e-06], ColumnKind.TOKENS: ["128k"]}
    grid = Grid("t", [[f.label for f in fields]])
    grid.rows.extend(
        [sample.get(f.kind, [f"2024-04-{1 + n % 28:02}"])[0] for f in fields] for n in range(280)
    )
    mapping = [MappedColumn(at, field, PER_TOKEN) for at, field in enumerate(fields)]
    assert len(read_rows(grid, header_at(grid, 0), mapping).rows) == 280
    assert parsed == {at: 1 if field.kind in sample else 28 for at, field in enumerate(fields)}


@pytest.mark.parametrize(
    "numbers", [[1, 2, 3], ["1.1", "1.2", "2.1"], ["Q-1", "Q-2", "Q-3"], ["SEC-01", "SEC-02", "AI-01"]]
)
def test_a_column_of_numbers_may_be_called_no(numbers: list[Cell]):
    answers = ("Yes, with AES", "In Frankfurt", "Ask us")
    asked = ("Do you encrypt data?", "Where is it stored?", "Who reads it?")
    rows = [list(row) for row in zip(numbers, asked, answers, strict=True)]
    assert find_header(Grid("t", [["Acme", None, None], ["No", "Question", "Answer"], *rows])).row_index == 1


def test_a_no_over_other_answers_is_no_name():
    rows: list[list[Cell]] = [
        ["Question", "Answer"],
        ["Encrypted?", "No"],
        ["Stored?", "Yes"],
        ["Read?", "No"],
    ]
    assert find_header(Grid("t", rows)).row_index == 0
    with pytest.raises(InvalidInput):
        find_header(Grid("t", [["no", "yes"], ["yes", "no"], ["no", "no"]]))
