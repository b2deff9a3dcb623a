"""Headings that hold a word of a field and mean something else: speeds, counts, contracts, owners."""

from __future__ import annotations

import pytest

from riskassess.kernel.stated import Known
from riskassess.sheets.columns import propose
from riskassess.sheets.header import header_at
from riskassess.sheets.mapped import parse_cell
from riskassess.sheets.results import Parsed
from riskassess.sheets.vocabulary import CATALOG_FIELDS
from riskassess.sheets.workbook import Cell, Grid


def field_of(heading: str, *cells: Cell) -> str:
    grid = Grid(
        "t", [["Vendor", "Model", heading], *(["Acme", f"Swift-{at}", c] for at, c in enumerate(cells))]
    )
    found = propose(grid, header_at(grid, 0), CATALOG_FIELDS)[2]
    return found.field.name if found.field else ""


@pytest.mark.parametrize(
    "heading",
    ["Output tokens/s", "Output speed (tokens/s)", "Median Tokens per Second", "Throughput (tok/s)", "Requests per day",
     "Max requests per minute", "Credits per image", "input_credits_per_request", "Tokens per image"],
)  # fmt: skip
def test_how_many_or_how_fast_is_no_price(heading: str) -> None:
    assert field_of(heading, "80.5", "60", "120") == ""


@pytest.mark.parametrize("heading", ["Users", "Number of users", "Seats", "Pages", "Searches"])
def test_whole_numbers_of_users_are_no_prices_by_user(heading: str) -> None:
    assert field_of(heading, 120, 50, 360) == ""


@pytest.mark.parametrize("heading", ["Users", "Price per user"])
def test_amounts_under_users_are_prices(heading: str) -> None:
    assert field_of(heading, "$20", "$30", "$25") == "seat_price"


@pytest.mark.parametrize(
    "heading",
    ["Contract expiry date", "Certificate expiration date", "DPA end of life", "License expiration date"],
)
def test_the_end_of_a_contract_is_not_the_models(heading: str) -> None:
    assert field_of(heading, "2027-01-31", "2027-06-30") == ""


@pytest.mark.parametrize("heading", ["Training data", "Deprecated?", "End of life"])
def test_yes_and_no_are_no_days(heading: str) -> None:
    assert field_of(heading, "Yes", "No", "No", "No") not in {
        "knowledge_cutoff", "deprecation_date", "retirement_date",
    }  # fmt: skip


@pytest.mark.parametrize("heading", ["Owner", "Business owner", "Contract owner"])
def test_who_looks_after_a_model_did_not_make_it(heading: str) -> None:
    assert field_of(heading, "Ana Alba", "Ben Beck") == ""


def test_an_owner_that_makes_models_is_their_developer() -> None:
    assert field_of("owner", "openai", "mistralai", "somebody-else") == "developer"


@pytest.mark.parametrize(
    "heading", ["Responsible organisation", "Sponsoring organization", "Document author"]
)
def test_an_organisation_of_some_other_part_is_no_developer(heading: str) -> None:
    assert field_of(heading, "Sales", "Human Resources") == ""
    assert field_of("Organization", "Contoso", "Acme") == "developer"


def test_where_a_company_has_its_seat_is_not_where_its_models_are_offered() -> None:
    assert field_of("Headquarters region", "EU", "US", "US", "US") == ""
    assert field_of("Region", "eu-west-1", "us-east-1") == "regions"


def test_a_place_is_no_company_that_hosts() -> None:
    assert field_of("Hosted at", "Germany", "France") == ""
    assert field_of("Hosted by", "Contoso Cloud", "Acme") == "host"


@pytest.mark.parametrize(
    "heading",
    ["Context (K)", "Context_Window_K", "context_k", "ContextWindowK", "Context length (thousand tokens)",
     "Context window, k tokens", "context_window_tokens_k", "Context Window (1k tokens)"],
)  # fmt: skip
def test_sizes_under_a_heading_of_thousands_are_thousands(heading: str) -> None:
    grid = Grid("t", [["Model", heading], ["Swift", 128], ["Swallow", "200"], ["Swan", "1M"]])
    column = propose(grid, header_at(grid, 0), CATALOG_FIELDS)[1].mapped
    assert column is not None
    assert column.field.name == "context_window"
    read = [parse_cell(row[1], column) for row in grid.rows[1:]]
    sizes = [one.stated for one in read if isinstance(one, Parsed)]
    assert sizes == [Known(128_000), Known(200_000), Known(1_000_000)]


@pytest.mark.parametrize(
    "heading",
    ["input_pricing_per_1Mtokens", "Input price per 1 M tokens", "Input (USD/Mtok)", "1Mtokens input"],
)
def test_a_unit_may_be_written_together(heading: str) -> None:
    grid = Grid("t", [["Model", heading], ["Swift", 0.5], ["Swallow", 1]])
    found = propose(grid, header_at(grid, 0), CATALOG_FIELDS)[1]
    assert found.field is not None
    assert (found.field.name, str(found.unit)) == ("input_price", "1M tokens")
