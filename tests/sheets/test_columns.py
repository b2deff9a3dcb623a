"""Columns proposed as fields: by the names that public catalogs, price pages and buyers use, and by their cells."""

from __future__ import annotations

import pytest

from riskassess.sheets.columns import Proposal, propose
from riskassess.sheets.header import header_at
from riskassess.sheets.vocabulary import CATALOG_FIELDS
from riskassess.sheets.workbook import Cell, Grid


def proposals(*rows: list[Cell]) -> dict[str, Proposal]:
    grid = Grid("t", list(rows))
    return {found.header: found for found in propose(grid, header_at(grid, 0), CATALOG_FIELDS)}


def fields(*rows: list[Cell]) -> dict[str, str]:
    return {name: found.field.name for name, found in proposals(*rows).items() if found.field}


@pytest.mark.parametrize(
    "headings",
    [
        {"Publisher": "vendor", "Model provider": "developer", "SKU": "model_id", "$/1M in": "input_price",
         "$/1M out": "output_price", "Context": "context_window"},
        {"id": "model_id", "name": "model_name", "created": "release_date", "context_length": "context_window",
         "pricing.prompt": "input_price", "pricing.completion": "output_price", "pricing.request": "request_price",
         "pricing.image": "image_price", "pricing.internal_reasoning": "reasoning_price",
         "pricing.input_cache_read": "cache_read_price", "top_provider.max_completion_tokens": "max_output"},
        {"Provider": "vendor", "Model name": "model_name", "Model ID": "model_id", "Regions supported": "regions",
         "Launch date": "release_date", "EOL date": "retirement_date", "Legacy date": "deprecation_date"},
        {"Model": "model_name", "Release stage": "status", "Discontinuation date": "retirement_date",
         "Recommended replacement": "successor"},
        {"Model": "model_name", "Base Input Tokens": "input_price", "5m Cache Writes": "cache_write_price",
         "1h Cache Writes": "hour_cache_write_price", "Cache Hits & Refreshes": "cache_read_price",
         "Output Tokens": "output_price"},
        {"AI Model": "model_name", "Input Token Price (Per Million Tokens)": "input_price",
         "Output Token Price (Per Million Tokens)": "output_price"},
        {"Organization": "developer", "Model Name": "model_name", "API Model String": "model_id"},
        {"Vendor/Supplier": "vendor", "Product": "model_name", "Unit price": "flat_price", "UoM": "price_unit",
         "Currency": "currency"},
        {"Model": "model_name", "Input (Cache Hit)": "cache_read_price", "Input (Cache Miss)": "input_price"},
        {"Model": "model_name", "Price (input/output)": "input_output_price",
         "Context window / Max output": "context_and_output"},
        {"Model": "model_name", "Price per minute": "flat_price", "Price per image": "image_price",
         "Price per 1M characters": "character_price", "Audio price per hour": "time_input_price"},
        {"provider_name": "vendor", "model_slug": "model_id", "processing_tier": "price_condition",
         "input_price_per_million": "input_price", "thinking_output_price_per_million": "reasoning_price",
         "image_price": "image_price", "image_price_per_million": "image_token_output_price",
         "character_price_per_million": "character_price", "audio_price_per_hour": "time_input_price",
         "video_price_per_second": "time_output_price", "page_price": "page_price"},
        {"price_in_per_mtok": "input_price", "price_out_per_mtok": "output_price", "retires_on": "retirement_date",
         "price_per_1k_searches": "request_price", "last_verified": "last_updated"},
        {"input_usd_per_mtok": "input_price", "Output/1M Tokens": "output_price",
         "Input(cached)/1M Tokens": "cache_read_price", "per_run_usd": "request_price"},
        {"Modell": "model_name", "Anbieter": "vendor"},
        {"Model": "model_name", "Batch input": "batch_input_price", "Priority input": "priority_input_price",
         "Input > 200K tokens": "long_input_price"},
        {"**Model**": "model_name", "Input<br>price ($/MTok)": "input_price"},
        {"fullname": "model_id", "Hub License": "licence"},
        {"Model / system": "model_name", "Shutdown date": "retirement_date"},
    ],
)  # fmt: skip
def test_headings_that_others_write(headings: dict[str, str]):
    assert fields(list(headings)) == headings


def test_what_the_unit_is_comes_from_the_heading():
    found = proposals(["Model", "Input<br>price ($/MTok)", "Price per minute"])
    assert str(found["Input<br>price ($/MTok)"].unit) == "1M tokens"
    assert found["Input<br>price ($/MTok)"].currency == "USD"
    assert str(found["Price per minute"].unit) == "minute"


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (["OpenAI", "anthropic", "Mistral AI"], "vendor"),
        (["openai/gpt-5", "anthropic/claude", "x-ai/grok"], "model_id"),
        (["GA", "Preview", "Deprecated"], "status"),
        (["https://a.example", "https://b.example/x", "https://c.example"], "source_url"),
        (["128k", "1M tokens", "200K"], "context_window"),
        (["us-east-1", "eastus, westeurope", "global"], "regions"),
    ],
)
def test_a_column_without_a_telling_name_is_guessed_by_its_cells_with_little_confidence(
    cells: list[Cell], field: str
):
    found = proposals(["Model", "Zip"], *[[f"m{at}", cell] for at, cell in enumerate(cells)])["Zip"]
    assert found.field is not None
    assert (found.field.name, found.confidence) == (field, 0.4)
    assert "look like" in found.why


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["$3", "$4.50", "€5"], "its cells are prices"),
        (["2026-05-01", "June 2, 2026", "2026-07"], "its cells are dates"),
        (["red", "green", "blue"], "no field goes by this name"),
        (["40,000", "80,000", "10,000"], "no field goes by this name"),
        (["GA", "Preview"], "no field goes by this name"),
    ],
)
def test_cells_that_several_fields_could_hold_are_named_and_not_guessed(cells: list[Cell], why: str):
    found = proposals(["Model", "Zip"], *[[f"m{at}", cell] for at, cell in enumerate(cells)])["Zip"]
    assert found.field is None
    assert why in found.why


def test_a_guess_never_takes_a_field_that_a_name_has():
    rows: list[list[Cell]] = [["Status", "Zip"], *[["GA", word] for word in ("GA", "Preview", "Deprecated")]]
    assert fields(*rows) == {"Status": "status"}


def test_a_price_of_unknown_kind_needs_a_unit_from_somewhere():
    assert "Price" not in fields(["Model", "Price"], ["m", "$3"], ["n", "$4"])
    assert fields(["Model", "Price"], ["m", "$0.04 / image"], ["n", "$3 / hour"])["Price"] == "flat_price"
    assert (
        fields(["Model", "Price", "Unit"], ["m", "$3", "image"], ["n", "$4", "hour"])["Price"] == "flat_price"
    )


def test_a_unit_column_that_holds_currencies_is_none():
    row: list[Cell] = ["m", "USD"]
    assert "price_unit" not in fields(["Model", "price_unit"], row, row)


def test_an_earliest_date_stays_a_bound():
    found = proposals(["Model", "Earliest retirement date"])["Earliest retirement date"]
    assert found.mapped is not None
    assert found.mapped.bound == "or later"
