"""What lists that others publish hold: flags of yes and no, sellers in one cell, ids of a database."""

from __future__ import annotations

from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import AIModel, Offering, Price, Vendor
from riskassess.imports.models import Row
from riskassess.imports.understanding import understood
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.makers import companies_in
from riskassess.sheets.workbook import open_workbook
from tests.imports.sheets import as_csv, counted, imported, previewed


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def fields_of(data: bytes) -> dict[str, str]:
    columns = understood(open_workbook(data, "list.csv")).layout.columns
    return {column["header"]: column["field"] for column in columns.values()}


# --- release stages as yes and no ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "cells", "stages"),
    [
        ("deprecated", ("true", "false"), ["deprecated", None]),
        ("Is retired?", ("No", "Yes"), [None, "retired"]),
        ("isPreview", ("✅", "❌"), ["preview", None]),
        ("is_active", ("false", "true"), ["retired", None]),
    ],
)
def test_a_column_of_yes_and_no_says_the_stage_that_its_heading_asks_about(
    heading: str, cells: tuple[str, str], stages: list[str | None], terms: dict[str, Any]
) -> None:
    rows = [("Acme", f"Swift-{at}", "128000", "0.5", cell) for at, cell in enumerate(cells)]
    imported(as_csv(*rows, header=("Provider", "Model", "Context", "Input $/1M tokens", heading)), **terms)
    found = Offering.objects.order_by("model__name").values_list("stage", flat=True)
    assert [stage or None for stage in found] == stages


def test_a_flag_of_something_else_is_no_stage() -> None:
    data = as_csv(
        ("Acme", "Swift", "Yes"), ("Acme", "Swan", "No"), header=("Vendor", "Model", "Vision preview")
    )
    assert fields_of(data)["Vision preview"] == ""


# --- several names in a cell --------------------------------------------------------------------------------


def test_a_column_of_sellers_by_the_handful_is_no_vendor_and_the_refusal_says_who_might_be() -> None:
    data = as_csv(
        ("Swift", "Acme", "OpenAI, Azure, AWS", "0.5"), ("Swan", "Acme", "Mistral AI, AWS Bedrock", "1.5"),
        ("Swallow", "Contoso", "Contoso", "2.5"),
        header=("Model", "Developer", "API providers", "Input $/1M tokens"),
    )  # fmt: skip
    assert fields_of(data)["API providers"] == ""
    with pytest.raises(InvalidInput, match="Nothing says who sells") as refused:
        understood(open_workbook(data, "list.csv")).shape.check(
            understood(open_workbook(data, "list.csv")).layout.columns, default_vendor=""
        )
    assert "“Developer” says who made them" in refused.value.hint


def test_one_cell_of_several_sellers_needs_rows_of_its_own(terms: dict[str, Any]) -> None:
    header = ("Vendor", "Model", "Input $/1M tokens")
    batch = imported(as_csv(("Acme", "Swift", "1"), ("OpenAI, AWS", "Swan", "1"), header=header), **terms)
    assert counted(batch) == {"read": 2, "new": 1, "invalid": 1}
    assert "names 2 companies: “OpenAI”, “AWS”" in Row.objects.get(batch=batch, number=3).problems[0]["what"]
    assert list(Vendor.objects.values_list("name", flat=True)) == ["Acme"]


def test_of_several_makers_none_is_the_one(terms: dict[str, Any]) -> None:
    header = ("Vendor", "Model", "Developer", "Input $/1M tokens")
    imported(as_csv(("Acme", "Swift", "NVIDIA, Mistral AI", "1"), header=header), **terms)
    assert AIModel.objects.get().developer is None


@pytest.mark.parametrize(
    "text",
    [
        "Anthropic, PBC",
        "Halder, Doshi and Gade",
        "OpenAI, L.L.C.",
        "Google (Google DeepMind)",
        "Acme / Contoso",
    ],
)
def test_a_comma_in_a_name_makes_it_no_list(text: str) -> None:
    assert companies_in(text) == ()


def test_of_several_ids_none_is_taken_and_the_name_counts(terms: dict[str, Any]) -> None:
    header = ("Vendor", "Model", "Model ID", "Input $/1M tokens")
    batch = previewed(as_csv(("Acme", "Swift 4", "swift-4, swift-4-0613", "1"), header=header), **terms)
    row = Row.objects.get(batch=batch)
    assert (row.outcome, row.key.split("|")[1]) == ("new", "swift 4")
    assert "names 2 ids" in row.notes[0]["note"]


def test_an_id_of_a_database_is_none_of_the_models() -> None:
    header = ("id", "slug", "vendor", "Input $/1M tokens")
    first = ("5f0c6a3e-9a3b-4d0e-8a53-0c6a3e9a3b4d", "swift-4", "Acme", "1")
    found = fields_of(as_csv(first, ("6f0c6a3e-9a3b-4d0e-8a53-0c6a3e9a3b4d", *first[1:]), header=header))
    assert (found["id"], found["slug"]) == ("", "model_id")
    assert fields_of(as_csv(("acme/swift-4", "acme_swift-4", "Acme", "1"), header=header))["id"] == "model_id"


# --- tiers --------------------------------------------------------------------------------------------------


def test_a_tier_of_models_that_come_once_is_no_condition_of_their_prices(terms: dict[str, Any]) -> None:
    header = ("Vendor", "Model", "Risk tier", "Input $/1M tokens")
    data = as_csv(("Acme", "Swift", "High", "1"), ("Acme", "Swan", "Tier 2", "2"), header=header)
    assert fields_of(data)["Risk tier"] == ""
    imported(data, **terms)
    assert set(Price.objects.values_list("condition", flat=True)) == {""}


@pytest.mark.parametrize("tiers", [("Standard", "Premium"), ("Batch", "Flex"), ("<= 200K", "> 200K")])
def test_a_tier_of_one_models_prices_is_their_condition(tiers: tuple[str, str]) -> None:
    header = ("Vendor", "Model", "Tier", "Input $/1M tokens")
    data = as_csv(("Acme", "Swift", tiers[0], "1"), ("Acme", "Swift", tiers[1], "2"), header=header)
    assert fields_of(data)["Tier"] == "price_condition"


def test_known_conditions_count_where_each_model_comes_once() -> None:
    header = ("Vendor", "Model", "Tier", "Input $/1M tokens")
    data = as_csv(("Acme", "Swift", "Batch", "1"), ("Acme", "Swan", "Batch", "2"), header=header)
    assert fields_of(data)["Tier"] == "price_condition"


# --- a bare 0 -----------------------------------------------------------------------------------------------

_PRICED = ("Vendor", "Model", "Input $/1M tokens", "Output $/1M tokens", "Cache read $/1M tokens")


def prices(**terms: Any) -> dict[str, str]:
    return {price.kind: f"{price.amount:f}" for price in Price.objects.filter(**terms)}


def test_a_bare_0_of_cached_input_beside_a_charge_is_not_free(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(("Acme", "Swift", "3", "15", "0"), header=_PRICED), **terms)
    assert set(prices()) == {"input", "output"}
    (note,) = Row.objects.get(batch=batch).notes
    assert (note["cell"], note["field"]) == ("E2", "cache_read_price")
    assert "taken as not stated" in note["note"]


@pytest.mark.parametrize("row", [("3", "15", "free"), ("3", "15", "$0.00"), ("0", "0", "0")])
def test_what_is_called_free_is_free_and_so_is_a_model_that_costs_nothing(
    row: tuple[str, ...], terms: dict[str, Any]
) -> None:
    imported(as_csv(("Acme", "Swift", *row), header=_PRICED), **terms)
    assert float(prices()["cache_read"]) == 0


def test_of_prices_over_time_each_note_is_kept(terms: dict[str, Any]) -> None:
    header = (*_PRICED, "Effective date")
    batch = imported(as_csv(("Acme", "Swift", "3", "15", "0", "2026-05-01"), header=header), **terms)
    assert batch.shape == "prices"
    assert [note["cell"] for note in Row.objects.get(batch=batch).notes] == ["E2"]


# --- what a list is of --------------------------------------------------------------------------------------


def test_companies_with_the_part_of_the_world_they_are_in_are_vendors() -> None:
    data = as_csv(
        ("acme", "Acme", "FR", "eu", ""), ("contoso", "Contoso", "DE", "eu", "Acme"),
        ("swift", "Swift AG", "CH", "europe", ""),
        ("swan", "Swan", "ES", "eu", ""), ("mouse", "Mouse", "IT", "eu", ""), ("keys", "Keys", "PT", "eu", ""),
        ("cirrus", "Cirrus", "NO", "europe", ""), ("fox", "Fox", "FI", "eu", ""), ("owl", "Owl", "PL", "eu", ""),
        header=("id", "name", "country", "region", "majority_owner"),
    )  # fmt: skip
    found = understood(open_workbook(data, "list.csv"))
    assert found.shape.name == "vendors"
    assert fields_of(data) | {"Name of the sheet": ""} == {
        "id": "vendor_id", "name": "name", "country": "country", "region": "", "majority_owner": "parent",
        "Name of the sheet": "",
    }  # fmt: skip


def test_people_with_their_organisations_and_scores_are_no_vendors_and_no_models() -> None:
    data = as_csv(
        ("1", "Dr. Ana Alba", "Hill Clinic", "92", "CA", "Skin;Bones", "285"),
        ("2", "Dr. Ben Beck", "Lake Clinic", "88", "AZ", "Eyes", "420"),
        header=("id", "name", "organization", "score", "state", "clinical_groups", "avg_cost"),
    )  # fmt: skip
    (guess, *_) = understood(open_workbook(data, "list.csv")).guesses
    assert guess.confidence == 0


def test_the_office_that_uses_a_tool_counts_before_the_person_who_owns_it() -> None:
    data = as_csv(
        ("Swift Chat", "Summaries", "Legal", "Production", "Ana Alba"),
        ("Swan", "Search", "Sales", "Pilot", "Ben Beck"),
        header=("Tool/Application Name", "Description", "Sponsoring Office", "Deployment Phase", "Owner"),
    )  # fmt: skip
    found = fields_of(data)
    assert (found["Sponsoring Office"], found["Owner"]) == ("organisation", "")


def test_the_id_that_programs_use_counts_before_a_lists_own() -> None:
    header = ("id", "Model", "Vendor", "api_string", "Input $/1M tokens")
    found = fields_of(as_csv(("swift-4", "Swift 4", "Acme", "swift-4-20260101", "1"), header=header))
    assert (found["api_string"], found["id"]) == ("model_id", "")


def test_a_day_where_the_replacement_belongs_is_no_model(terms: dict[str, Any]) -> None:
    header = ("Vendor", "Model", "Status", "Retirement date", "Replacement")
    batch = imported(
        as_csv(
            ("Acme", "Swift 3", "retired", "2026-05-01", "🟡 2026-07-23"),
            ("Acme", "Swift 4", "ga", "2027-05-01", "swift-5"),
            header=header,
        ),
        **terms,
    )  # fmt: skip
    moved, sound = Row.objects.filter(batch=batch).order_by("number")
    assert batch.shape == "retirement"
    assert ("replacements" in moved.changes, "replacements" in sound.changes) == (False, True)
    assert any("is a day, no model" in note["note"] for note in moved.notes if note["cell"] == "E2")
