"""Registers of third parties, rankings, words where numbers belong: what lists by others hold beside models."""

from __future__ import annotations

from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import AIModel, Offering, Vendor
from riskassess.imports.understanding import understood
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.workbook import open_workbook
from tests.imports.sheets import as_csv, counted, imported, outcomes, previewed


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def shape_of(data: bytes) -> str:
    return str(understood(open_workbook(data, "list.csv")).shape.name)


# --- third parties ------------------------------------------------------------------------------------------


def test_whose_sub_processor_a_company_is_is_another_company(terms: dict[str, Any]) -> None:
    batch = imported(
        as_csv(
            ("Cursor", "AWS", "Infrastructure"), ("Cursor", "OpenAI", "Answers"), ("Replit", "OpenAI", "Answers"),
            header=("Company", "Sub-processor", "Service category / What they do"),
        ),
        **terms,
    )  # fmt: skip
    assert (batch.shape, counted(batch)) == ("vendors", {"read": 3, "new": 2, "skipped": 1})
    assert dict(Vendor.objects.values_list("name", "summary")) == {
        "AWS": "Infrastructure",
        "OpenAI": "Answers",
    }


@pytest.mark.parametrize(
    "header",
    [
        ("Vendor", "Service", "Data Access", "Region", "Contract End", "Last Review", "Owner"),
        ("Vendor", "Service", "Risk Level", "SOC 2", "DPA", "Next Review", "Owner"),
    ],
)
def test_what_a_vendor_does_for_us_is_no_model_it_sells(header: tuple[str, ...]) -> None:
    rows = (
        ("SendGrid", "Email delivery", "Content", "US", "Ongoing", "2026-01-15", "Admin"),
        ("Anthropic", "AI processing", "Queries", "US", "Ongoing", "2026-01-15", "Admin"),
    )
    assert shape_of(as_csv(*rows, header=header)) == "vendors"


def test_entities_with_a_purpose_of_processing_are_vendors_and_marks_below_are_footnotes(
    terms: dict[str, Any],
) -> None:
    batch = imported(
        as_csv(
            ("Snowflake, Inc.", "API*", "United States", "Data warehousing"),
            ("WorkOS, Inc.**", "ChatGPT Enterprise", "United States", "Identity management"),
            ("Intercom, Inc.", "API", "United States", "Customer support"),
            ("*Except where nothing is retained",),
            ("**At election of customer",),
            header=("Entity Name", "Product or Service", "Location of Processing", "Purpose of Processing"),
        ),
        **terms,
    )
    assert (batch.shape, counted(batch)) == ("vendors", {"read": 5, "new": 3, "skipped": 2})
    assert [row.problems[0]["what"][:8] for row in batch.rows.filter(number__gte=5)] == [
        "Footnote",
        "Footnote",
    ]
    assert set(Vendor.objects.values_list("hq_country", flat=True)) == {
        None
    }  # where it works is not its seat


# --- rankings -------------------------------------------------------------------------------------------------


def test_models_with_nothing_but_scores_are_refused_as_a_ranking(terms: dict[str, Any]) -> None:
    ranking = as_csv(
        ("GPT-4o (2024-05-13)", "OpenAI", 65, 0.765, 1813), ("Gemini 1.5 Pro", "Google", 51, 0.762, 1787),
        ("Granite 3.2 (8B-L)", "IBM", 2, 0.982, 1754),
        header=("Model", "Provider", "Cycles", "Weighted F1", "Meta-Elo"),
    )  # fmt: skip
    with pytest.raises(InvalidInput, match="table of scores"):
        previewed(ranking, **terms)


def test_a_ranking_that_says_more_of_its_models_is_a_catalog() -> None:
    rows = (("Swift", "Acme", 1300, 1, 2.5), ("Swallow", "Acme", 1250, 2, 0.5))
    assert shape_of(as_csv(*rows, header=("Model", "Provider", "Elo", "Rank", "Input $/1M tokens"))) == "flat"
    licensed = (("Swift", "Acme", "MIT", 1300, 1), ("Swallow", "Acme", "Apache-2.0", 1250, 2))
    assert shape_of(as_csv(*licensed, header=("Model", "Organization", "License", "Elo", "Rank"))) == "flat"


# --- words where something else belongs ------------------------------------------------------------------------


def test_a_word_in_place_of_a_price_or_a_day_says_that_there_is_none(terms: dict[str, Any]) -> None:
    batch = imported(
        as_csv(
            ("Acme", "Swift", "$3.00", "2026-06-17"), ("Acme", "Owl", "Self-hosted", "廃止日は未発表"),
            ("Acme", "Wren", "$1.00", "2026-07-22"),
            header=("Provider", "Model", "Input $/1M", "Retirement date"),
        ),
        **terms,
    )  # fmt: skip
    assert outcomes(batch) == ["new", "new", "new"]
    assert Offering.objects.filter(prices__isnull=True).count() == 1
    (price, day) = batch.rows.get(number=3).notes
    assert price["note"] == "“Self-hosted” names no price; read as not stated"
    assert day["note"] == "“廃止日は未発表” names no date; read as not stated"


def test_what_holds_a_digit_and_is_no_price_stays_a_problem(terms: dict[str, Any]) -> None:
    batch = previewed(
        as_csv(
            ("Acme", "Swift", "$3.00"), ("Acme", "Owl", "3 to 4 birds"), ("Acme", "Wren", "1"),
            header=("Provider", "Model", "Input $/1M"),
        ),
        **terms,
    )  # fmt: skip
    assert outcomes(batch) == ["new", "invalid", "new"]


def test_a_category_is_a_modality_only_where_it_names_some(terms: dict[str, Any]) -> None:
    header = ("Provider", "Model", "Category", "Input $/1M")
    imported(
        as_csv(("Acme", "Swift", "frontier", 3), ("Acme", "Owl", "efficiency", 1), header=header), **terms
    )
    assert set(AIModel.objects.values_list("modality", flat=True)) == {None}
    named = ("Provider", "Model", "Type", "Input $/1M")
    imported(as_csv(("Acme", "Lark", "chat", 3), ("Acme", "Rook", "embedding", 1), header=named), **terms)
    assert AIModel.objects.get(name="Rook").modality == "embedding"


def test_what_stands_in_brackets_behind_a_heading_makes_it_no_other(terms: dict[str, Any]) -> None:
    batch = imported(
        as_csv(
            (
                "`gpt-4o`",
                "2024-08-06",
                "2025-08-06",
                "2026-03-31 (auto-upgrade from 2026-03-09)",
                "`gpt-5.1`",
            ),
            header=("Model", "GA Version", "Deprecation", "Retirement (Standard)", "Replacement"),
        ),
        **terms,
        default_vendor="Microsoft",
    )
    assert batch.shape == "retirement"
    assert str(Offering.objects.get().retires_on) == "2026-03-31"


def test_an_amount_is_no_column_name(terms: dict[str, Any]) -> None:
    data = as_csv(
        ("OpenAI", "gpt-4", "$0.03 / 1K tokens"), ("", "gpt-4-32k", "$0.06 / 1K tokens"),
        header=("", "Model", "Input price"),
    )  # fmt: skip
    batch = previewed(data, **terms, default_vendor="OpenAI")
    assert (batch.header_row, outcomes(batch)) == (1, ["new", "new"])
    assert batch.rows.get(number=2).changes["price_input"][1] == "30 USD per 1M tokens"
