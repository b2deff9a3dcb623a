"""Registers of third parties, rankings, words where numbers belong: what lists by others hold beside models."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import AIModel, Availability, Offering, Price, Vendor
from riskassess.imports.understanding import understood
from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.stated import Known
from riskassess.sheets.dates import parse_date
from riskassess.sheets.results import Parsed, Problem
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
            ("Mouse", "Cirrus", "Infrastructure"), ("Mouse", "Acme", "Answers"), ("Keys", "Acme", "Answers"),
            header=("Company", "Sub-processor", "Service category / What they do"),
        ),
        **terms,
    )  # fmt: skip
    assert (batch.shape, counted(batch)) == ("vendors", {"read": 3, "new": 2, "skipped": 1})
    assert dict(Vendor.objects.values_list("name", "summary")) == {
        "Cirrus": "Infrastructure",
        "Acme": "Answers",
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
        ("Postbird", "Email delivery", "Content", "US", "Ongoing", "2026-01-15", "Admin"),
        ("Bolt", "AI processing", "Queries", "US", "Ongoing", "2026-01-15", "Admin"),
    )
    assert shape_of(as_csv(*rows, header=header)) == "vendors"


def test_entities_with_a_purpose_of_processing_are_vendors_and_marks_below_are_footnotes(
    terms: dict[str, Any],
) -> None:
    batch = imported(
        as_csv(
            ("Drift, Inc.", "API*", "United States", "Data warehousing"),
            ("Portal, Inc.**", "Assistant Enterprise", "United States", "Identity management"),
            ("Parley, Inc.", "API", "United States", "Customer support"),
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


_WHO_AND_WHERE = (
    ("Acme Cloud", "Hosting of the application", "United States", "Account data"),
    ("Postbird", "Sending e-mail", "Germany", "E-mail addresses"),
    ("Cumulus AI", "Answers to support tickets", "Ireland", "Ticket text"),
)


@pytest.mark.parametrize(
    "header",
    [
        ("Service", "Purpose", "Location", "Data processed"),
        ("Services", "Purpose", "Location"),
        ("Service", "What it does", "Country", "DPA signed"),
        ("Service name", "Purpose of processing", "Country", "Transfer mechanism"),
        ("Entity", "Purpose", "Location", "Data processed"),
        ("Company", "Purpose", "Location"),
        ("Name of processor", "Purpose", "Location of processing", "Personal data categories"),
        ("Recipient", "Purpose", "Country of recipient"),
        ("Service provider", "Service", "Processing location", "Safeguards"),
        ("Dienstleister", "Zweck der Verarbeitung", "Land", "Kategorien von Daten"),
        ("Unterauftragsverarbeiter", "Leistung", "Ort der Verarbeitung"),
        ("Sous-traitant", "Finalité du traitement", "Lieu du traitement"),
    ],
)
def test_who_processes_data_is_a_vendor_whatever_its_column_is_called(
    terms: dict[str, Any], header: tuple[str, ...]
) -> None:
    batch = imported(as_csv(*(row[: len(header)] for row in _WHO_AND_WHERE), header=header), **terms)
    assert (batch.shape, counted(batch)) == ("vendors", {"read": 3, "new": 3})
    assert set(Vendor.objects.values_list("name", flat=True)) == {"Acme Cloud", "Postbird", "Cumulus AI"}
    assert not AIModel.objects.exists()


def test_services_told_in_words_beside_companies_are_what_these_do() -> None:
    rows = [(*row[:3], "https://www.example.com/") for row in _WHO_AND_WHERE]
    assert shape_of(as_csv(*rows, header=("Company", "Service", "Location", "Website"))) == "vendors"


def test_what_a_service_does_is_its_summary_and_where_stays_with_the_row(terms: dict[str, Any]) -> None:
    header = ("Service", "Purpose", "Location", "Data processed")
    batch = imported(as_csv(*_WHO_AND_WHERE, header=header), **terms)
    assert Vendor.objects.get(name="Postbird").summary == "Sending e-mail"
    assert batch.rows.get(number=3).raw == list(_WHO_AND_WHERE[1])
    assert Vendor.objects.get(name="Postbird").hq_country is None


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (("Service", "Input $/1M tokens", "Output $/1M tokens", "Location"), (2, 4, "US")),
        (("Service", "Purpose", "Location", "Price per 1M tokens"), ("Chat", "US", "$2")),
        (("Service", "Context window", "Location"), ("128k", "US")),
        (("Service", "Model ID", "Purpose", "Location"), ("swift-4-2025", "Chat", "US")),
        (("Name", "Purpose", "Location", "License"), ("Chat", "US", "MIT")),
        (("Service", "Purpose", "Location"), ("Chat", "US")),
    ],
)
def test_services_with_prices_contexts_or_ids_are_models(
    header: tuple[str, ...], row: tuple[Any, ...]
) -> None:
    assert shape_of(as_csv(("swift-4", *row), ("owl-1-mini", *row), header=header)) == "flat"


# --- rankings -------------------------------------------------------------------------------------------------


def test_models_with_nothing_but_scores_are_refused_as_a_ranking(terms: dict[str, Any]) -> None:
    ranking = as_csv(
        ("Swift-4o (2024-05-13)", "Acme", 65, 0.765, 1813), ("Heron 1.5 Pro", "Cumulus", 51, 0.762, 1787),
        ("Rook 3.2 (8B-L)", "Pebble", 2, 0.982, 1754),
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
                "`swift-4o`",
                "2024-08-06",
                "2025-08-06",
                "2026-03-31 (auto-upgrade from 2026-03-09)",
                "`swift-5.1`",
            ),
            header=("Model", "GA Version", "Deprecation", "Retirement (Standard)", "Replacement"),
        ),
        **terms,
        default_vendor="Acme",
    )
    assert batch.shape == "retirement"
    assert str(Offering.objects.get().retires_on) == "2026-03-31"


def test_an_amount_is_no_column_name(terms: dict[str, Any]) -> None:
    data = as_csv(
        ("Acme", "swift-4", "$0.03 / 1K tokens"), ("", "swift-4-32k", "$0.06 / 1K tokens"),
        header=("", "Model", "Input price"),
    )  # fmt: skip
    batch = previewed(data, **terms, default_vendor="Acme")
    assert (batch.header_row, outcomes(batch)) == (1, ["new", "new"])
    assert batch.rows.get(number=2).changes["price_input"][1] == "30 USD per 1M tokens"


# --- one price a row, in several currencies; days and tables beside each other --------------------------------


def test_one_price_a_row_may_name_its_currency_and_no_unit_and_say_in_chinese_what_it_is_for(
    terms: dict[str, Any],
) -> None:
    batch = imported(
        as_csv(
            ("wren-v4-pro", "输入·缓存命中", 0.3124, 0.044), ("wren-v4-pro", "输入·缓存未命中", 9.372, 1.32),
            ("wren-v4-pro", "输出", 28.116, 3.96), ("swift-5.5", "输入", 35.5, 5), ("swift-5.5", "输出", 213, 30),
            header=("model_name", "item_type", "price_cny", "price_usd"),
        ),
        **terms,
        default_vendor="Acme",
    )  # fmt: skip
    assert counted(batch) == {"read": 5, "new": 2, "updated": 3}
    prices = Price.objects.filter(offering__name="wren-v4-pro").order_by("kind")
    assert [(p.kind, float(p.amount or 0), p.currency, p.unit) for p in prices] == [
        ("cache_read", 0.044, "USD", "1M tokens"), ("input", 1.32, "USD", "1M tokens"),
        ("output", 3.96, "USD", "1M tokens"),
    ]  # fmt: skip


def test_a_cheap_cached_price_is_per_what_the_others_are_per(terms: dict[str, Any]) -> None:
    imported(
        as_csv(
            ("Acme", "Swift", 0.14, 0.28, 0.0028), ("Acme", "Owl", 0.435, 0.87, 0.0036),
            header=("Provider", "Model", "Input price", "Output price", "Cached input price"),
        ),
        **terms,
    )  # fmt: skip
    kept = Price.objects.get(offering__name="Swift", kind="cache_read")
    assert (float(kept.amount or 0), kept.unit) == (0.0028, "1M tokens")


@pytest.mark.parametrize(
    ("text", "day", "note"),
    [
        (
            "**Deprecation:** October 1, 2024 <br> **Retirement:** June 6, 2025",
            "2025-06-06",
            "the day of its end",
        ),
        ("No Auto-upgrades <br>July 14, 2025", "2025-07-14", "its day"),
        ("2026-03-31 (Standard) / 2026-10-01 (Provisioned)", "2026-03-31", "the first of 2 days"),
        ("2026-10-01 (Provisioned) / 2026-03-31 (Standard)", "2026-03-31", "the first of 2 days"),
    ],
)
def test_of_several_days_in_a_cell_the_labels_tell_which(text: str, day: str, note: str) -> None:
    read = parse_date(text)
    assert isinstance(read, Parsed)
    assert isinstance(read.stated, Known)
    assert str(read.stated.value) == day
    assert read.note.endswith(note)


def test_two_days_without_words_are_none() -> None:
    assert isinstance(parse_date("2024-05-01 / 2024-06-01 / 2024-07-01 / 2024-08-01"), Problem)
    assert isinstance(parse_date("Deprecated: 2024-05-01; launched: 2023-06-01"), Problem)


def test_a_table_above_the_one_that_is_read_says_so_in_each_of_its_rows(terms: dict[str, Any]) -> None:
    data = as_csv(
        (), ("Model", "Version", "Retirement date"), ("owl-4", "0613", "2025-06-06"), ("owl-4", "0314", "2025-06-06"),
        (), ("Deprecated models",), ("Model", "Deprecation date", "Retirement date", "Replacement"),
        ("ada", "2023-07-06", "2024-06-14", "babbage-002"), ("curie", "2023-07-06", "2024-06-14", "davinci-002"),
        header=("Retirements",),
    )  # fmt: skip
    batch = previewed(data, **terms, default_vendor="Acme")
    assert (batch.shape, batch.header_row) == ("retirement", 8)
    said = {row.number: row.problems[0]["what"] for row in batch.rows.filter(outcome="skip")}
    assert said[3] == "Column names: names the columns of another table."
    assert "import it with row 3 as column names" in said[4] == said[5]
    assert said[1] == "Title: stands above the column names."


def test_headings_of_schedules_are_read_in_korean() -> None:
    rows = (("2024-01-04", "ada", "babbage-002"), ("2024-01-04", "curie", "davinci-002"))
    found = understood(
        open_workbook(as_csv(*rows, header=("종료 날짜", "레거시 모델", "권장 교체")), "list.csv")
    )
    assert {c["field"] for c in found.layout.columns.values()} >= {
        "retirement_date",
        "model_name",
        "successor",
    }


def test_a_heading_in_two_languages_is_still_one(terms: dict[str, Any]) -> None:
    data = as_csv(
        ("Swift", "$1.75", "$14.00"),
        ("Owl", "$21.00", "$168.00"),
        header=("模型", "输入 (Input)", "输出 (Output)"),
    )
    batch = previewed(data, **terms, default_vendor="Acme")
    assert [batch.mapping[at]["field"] for at in "ABC"] == ["model_name", "input_price", "output_price"]


# --- what a title says of all prices, and who is merged over whose models --------------------------------------


@pytest.mark.parametrize(
    ("remark", "currency"),
    [
        ("LLM comparison – prices in USD per 1M tokens", "USD"), ("价格单位：元/1m tokens", "CNY"),
        ("All prices are in EUR, without tax", "EUR"), ("A seat costs $20 a month", ""),
        ("Prices in USD or EUR, by region", ""), ("Listed in USD", ""),
    ],
)  # fmt: skip
def test_a_title_may_say_the_currency_of_all_prices(
    terms: dict[str, Any], remark: str, currency: str
) -> None:
    data = as_csv(
        ("Provider", "Model", "Input price", "Output price"), ("Acme", "Swift", 3, 15), ("Acme", "Owl", 1, 5),
        header=(remark,),
    )  # fmt: skip
    batch = previewed(data, **terms)
    assert [batch.mapping[at]["currency"] for at in "CD"] == [currency, currency]


def test_vendors_merged_over_the_models_across_the_top_are_their_vendors(terms: dict[str, Any]) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [
        ("Comparison",), ("", "Acme", "", "Cumulus"), ("Feature", "Swift-4o", "Swift-4o-mini", "Heron 1.5 Pro"),
        ("Context", "128K", "128K", "1M"), ("Input", 2.5, 0.15, 3.5), ("Output", 10, 0.6, 10.5),
    ]:  # fmt: skip
        sheet.append([cell or None for cell in row])
    sheet.merge_cells("B2:C2")
    held = io.BytesIO()
    book.save(held)
    imported(held.getvalue(), **terms, name="wide.xlsx")
    assert set(Offering.objects.values_list("seller__name", "name")) == {
        ("Acme", "Swift-4o"), ("Acme", "Swift-4o-mini"), ("Cumulus", "Heron 1.5 Pro"),
    }  # fmt: skip


# --- whose id it is, where a model is offered ------------------------------------------------------------------


def test_the_id_of_what_is_recommended_is_not_the_models_own(terms: dict[str, Any]) -> None:
    batch = imported(
        as_csv(
            ("Acme Lark v2", "11/29/2023", "1/21/2025", "7/21/2025", "Lark 3.5", "acme.lark-3-5"),
            ("Swift Text G1 - Premier", "5/7/2024", "2/15/2025", "8/15/2025", "Owl Pro", "acme.owl-pro-v1:0"),
            header=("Model version", "Launch date", "Legacy date", "EOL date", "Recommended model version replacement",
                    "Recommended model ID"),
        ),
        **terms,
        default_vendor="Acme",
    )  # fmt: skip
    assert batch.shape == "retirement"
    kept = Offering.objects.order_by("name").values_list("name", "retires_on")
    assert [(name, str(day)) for name, day in kept] == [
        ("Acme Lark v2", "2025-07-21"), ("Swift Text G1 - Premier", "2025-08-15"),
    ]  # fmt: skip


def test_codes_of_regions_may_stand_side_by_side(terms: dict[str, Any]) -> None:
    imported(
        as_csv(
            ("Acme", "Swift", "ap-northeast-1 eu-central-1 us-gov-west-1*"), ("Acme", "Owl", "us-east-1"),
            header=("Provider", "Model", "Regions supported"),
        ),
        **terms,
    )  # fmt: skip
    codes = Availability.objects.filter(offering__name="Swift").values_list("code", flat=True)
    assert set(codes) == {"ap-northeast-1", "eu-central-1", "us-gov-west-1"}


def test_hyphens_of_web_pages_part_names_and_days_as_others_do(terms: dict[str, Any]) -> None:
    header = ("Provider", "Model", "Retirement date")
    imported(as_csv(("Acme", "swift\u20114o", "2026\u201108\u201126"), header=header), **terms)
    assert (
        counted(previewed(as_csv(("Acme", "swift-4o", "2026-08-26"), header=header), **terms))["unchanged"]
        == 1
    )


def test_regions_with_an_identifier_are_regions() -> None:
    rows = (("Germany Central (Frankfurt)", "eu-frankfurt-1", "Frankfurt, Germany", "FRA"),
            ("UK South (London)", "uk-london-1", "London, United Kingdom", "LHR"))  # fmt: skip
    header = ("Region Name", "Region Identifier", "Region Location", "Region Key")
    assert shape_of(as_csv(*rows, header=header)) == "regions"


def test_the_first_id_of_a_list_of_nothing_else_is_an_entry(terms: dict[str, Any]) -> None:
    ids = (
        "x-ai/grok-4.1-fast",
        "google/gemma-3-27b-it",
        "openai/gpt-oss-20b",
        "z-ai/glm-4.5-air",
        "qwen/qwen3-4b",
    )
    batch = previewed("\n".join(ids).encode(), **terms, default_vendor="OpenRouter")
    assert (batch.header_row, outcomes(batch)) == (0, ["new"] * 5)
    named = previewed("\n".join(("Model ID", *ids)).encode(), **terms, default_vendor="OpenRouter")
    assert (named.header_row, outcomes(named)) == (1, ["new"] * 5)
