"""Price exports of clouds: each row a meter, most of them once a region. What becomes of them, and what is asked."""

from __future__ import annotations

from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Availability, Offering, Price
from riskassess.imports.models import Row
from riskassess.imports.presenting import row_lines
from riskassess.imports.understanding import understood
from riskassess.imports.undo import take_back
from riskassess.sheets.workbook import open_workbook
from tests.imports.sheets import as_csv, counted, imported, previewed


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement, "default_vendor": "Acme Cloud"}


def fields_of(data: bytes) -> dict[str, str]:
    columns = understood(open_workbook(data, "list.csv")).layout.columns
    return {column["header"]: column["field"] for column in columns.values() if column["field"]}


def prices() -> list[tuple[str, str, str, str, float, str]]:
    return [
        (p.offering.name, p.offering.channel, p.kind, p.condition, float(p.amount or 0), p.unit)
        for p in Price.objects.select_related("offering").order_by("row", "kind")
    ]


AZURE_HEADER = (
    "currencyCode", "retailPrice", "unitPrice", "armRegionName", "location", "meterName", "productName", "skuName",
    "serviceFamily", "unitOfMeasure", "type",
)  # fmt: skip


def azure(*rows: tuple[str, str, str, float, str], header: tuple[str, ...] = AZURE_HEADER) -> bytes:
    """Rows of (product, sku, counted, price, per), in the columns of a cloud's own export."""
    return as_csv(
        *[
            ("USD", price, price, region, place, f"{sku} {counted}", product, sku, "AI", per, "Consumption")
            for region, place in (("eastus", "US East"), ("swedencentral", "SE Central"))
            for product, sku, counted, price, per in rows
        ],
        header=header,
    )


EXPORT = azure(
    ("Acme AI", "swift-4-Inp-glbl", "Tokens", 0.0025, "1K"),
    ("Acme AI", "swift 4 Outp regnl", "1M Tokens", 10, "1M"),
    ("Acme AI", "swift 4 cached Inp regnl", "Tokens", 0.00125, "1K"),
    ("Acme Numbers", "5.4 mini opt Gl", "1M Tokens", 4.5, "1M"),
    ("Acme AI", "pixel-2-glbl", "Images", 2, "100"),
    ("Acme AI", "swift 4 Outp DZ L", "Tokens", 1, "1K"),
)


def test_the_meters_of_a_model_are_its_prices(terms: dict[str, Any]) -> None:
    batch = imported(EXPORT, **terms)
    assert {column["header"]: column["field"] for column in batch.mapping.values() if column["field"]} == {
        "currencyCode": "currency", "unitPrice": "flat_price", "armRegionName": "price_region", "meterName": "meter",
        "productName": "product_group", "unitOfMeasure": "price_unit", "type": "price_condition",
    }  # fmt: skip
    assert prices() == [
        ("swift-4", "Global", "input", "", 2.5, "1M tokens"),
        ("swift-4", "Regional", "output", "in eastus", 10, "1M tokens"),
        ("swift-4", "Regional", "cache_read", "in eastus", 1.25, "1M tokens"),
        ("Acme Numbers 5.4-mini", "Global", "output", "", 4.5, "1M tokens"),
        ("pixel-2", "Global", "flat", "", 2, "100 images"),
        ("swift-4", "Regional", "output", "in swedencentral", 10, "1M tokens"),
        ("swift-4", "Regional", "cache_read", "in swedencentral", 1.25, "1M tokens"),
    ]
    assert Offering.objects.count() == 4
    assert counted(batch) == {"read": 12, "new": 4, "updated": 3, "skipped": 3, "invalid": 2}


def test_what_was_read_of_a_meter_is_said_and_what_cannot_be_is_asked(terms: dict[str, Any]) -> None:
    batch = imported(EXPORT, **terms)
    first = Row.objects.get(batch=batch, number=2)
    assert {
        "cell": "F2", "field": "meter",
        "note": "“swift-4-Inp-glbl Tokens” read as model “swift-4”, input price, Global",
    } in first.notes  # fmt: skip
    assert any(
        "its group “Acme Numbers”" in note["note"] for note in Row.objects.get(batch=batch, number=5).notes
    )
    asked = Row.objects.get(batch=batch, number=7)
    assert asked.outcome == "invalid"
    assert asked.problems[0]["cell"] == "F7"
    assert "does not part" in asked.problems[0]["what"]
    assert asked.raw[5] == "swift 4 Outp DZ L Tokens"
    price = Price.objects.get(kind="input")
    assert (price.cell, price.raw) == ("C2", "0.0025 (swift-4-Inp-glbl Tokens) (Consumption)")


def test_the_preview_calls_a_meter_by_the_model_that_it_names(terms: dict[str, Any]) -> None:
    batch = previewed(
        as_csv(
            ("swift-4-Inp-glbl Tokens", "0.002", "1K"),
            ("swift-4-Outp-glbl Tokens", "0.008", "1K"),
            ("gnat 2 cached Inpt Data Zone Tokens", "0.001", "1K"),
            ("Standard S1 Transactions", "1", "1K"),
            header=("meterName", "unitPrice", "unitOfMeasure"),
        ),
        **terms,
    )
    lines = list(row_lines(batch, batch.rows.order_by("number")))
    assert [(line.name, line.cell) for line in lines] == [
        ("swift-4 Global", "A2"), ("swift-4 Global", "A3"), ("gnat-2 Data Zone", "A4"),
        ("Standard S1 Transactions", "A5"),
    ]  # fmt: skip


def test_an_export_comes_again_unchanged_and_can_be_taken_back(terms: dict[str, Any]) -> None:
    batch = imported(EXPORT, **terms)
    again = imported(EXPORT, **terms)
    assert counted(again) == {"read": 12, "unchanged": 7, "skipped": 3, "invalid": 2}
    take_back(again, terms["by"], sees=None)
    take_back(batch, terms["by"], sees=None)
    assert not Offering.objects.exists()
    assert not Availability.objects.exists()


def test_prices_from_a_day_on_are_kept_by_day_and_region(terms: dict[str, Any]) -> None:
    rows = as_csv(
        *[
            (f"{place}-Swift3-{kind}-tokens", "1K tokens", price, "USD", region, day)
            for place, region in (("USE1", "us-east-1"), ("EUC1", "eu-central-1"))
            for day, price in (("2026-01-01", "0.003"), ("2026-07-01", "0.002"))
            for kind in ("input", "output")
        ],
        header=("usageType", "Unit", "PricePerUnit", "Currency", "Region Code", "EffectiveDate"),
    )
    batch = imported(rows, **terms)
    assert batch.shape == "prices"
    assert counted(batch) == {"read": 8, "new": 1, "updated": 7}
    said = {(p.kind, p.condition, str(p.as_of), float(p.amount or 0)) for p in Price.objects.all()}
    assert ("input", "in us-east-1", "2026-01-01", 3.0) in said
    assert ("output", "in eu-central-1", "2026-07-01", 2.0) in said
    assert len(said) == 8
    marks = Availability.objects.values_list("code", "mark")
    assert sorted(marks) == [("eu-central-1", "yes"), ("us-east-1", "yes")]


def test_a_column_that_names_the_model_stays_it_beside_meters() -> None:
    rows = as_csv(
        ("Bolt", "Swift 3", "USE1-Swift3-input-tokens", "Input tokens", "1K tokens", "0.003"),
        ("Bolt", "Swift 3", "USE1-Swift3-input-tokens-batch", "Input tokens", "1K tokens", "0.0015"),
        ("Bolt", "Swift 3", "USE1-Swift3-output-tokens", "Output tokens", "1K tokens", "0.015"),
        header=("Provider", "Model", "usageType", "Inference Type", "Unit", "PricePerUnit"),
    )
    assert fields_of(rows) == {
        "Provider": "vendor", "Model": "model_name", "usageType": "meter", "Unit": "price_unit",
        "PricePerUnit": "flat_price",
    }  # fmt: skip


def test_meters_are_told_by_what_they_say_whatever_their_column_is_called(terms: dict[str, Any]) -> None:
    rows = as_csv(
        ("Nova Pro input tokens", "0.80"), ("Nova Pro output tokens", "3.20"), ("Nova Pro input tokens batch", "0.40"),
        header=("Description", "Price (USD)"),
    )  # fmt: skip
    imported(rows, **terms)
    assert prices() == [
        ("Nova Pro", "", "input", "", 0.8, "1M tokens"), ("Nova Pro", "", "output", "", 3.2, "1M tokens"),
        ("Nova Pro", "", "input", "batch", 0.4, "1M tokens"),
    ]  # fmt: skip


def test_a_price_of_other_things_than_tokens_needs_its_unit_said(terms: dict[str, Any]) -> None:
    rows = as_csv(
        ("Swift 4 Inp glbl Tokens", "0.8"), ("Swift 4 Outp glbl Tokens", "3.2"), ("Pixel 2 glbl Images", "0.04"),
        header=("Meter", "Price (USD)"),
    )  # fmt: skip
    batch = previewed(rows, **terms)
    assert counted(batch) == {"read": 3, "new": 1, "updated": 1, "invalid": 1}
    assert "how many images" in Row.objects.get(batch=batch, number=4).problems[0]["what"]


def test_a_list_of_models_with_one_price_has_no_meters() -> None:
    rows = as_csv(("Swift 4", "0.8"), ("Gnat 4 audio", "3.2"), header=("Model", "Price (USD per 1M tokens)"))
    assert fields_of(rows) == {"Model": "model_name", "Price (USD per 1M tokens)": "flat_price"}


def test_prices_by_region_of_a_plain_list_hold_in_their_region(terms: dict[str, Any]) -> None:
    rows = as_csv(
        *[
            ("Bolt", model, region, price)
            for model in ("Swift", "Gnat")
            for region, price in (("us-east-1", "1"), ("eu-west-1", "2"))
        ],
        header=("Provider", "Model", "Region", "Input price per 1M tokens"),
    )
    batch = imported(rows, **terms)
    assert counted(batch) == {"read": 4, "new": 2, "updated": 2}
    said = [(p.offering.name, p.condition, float(p.amount or 0)) for p in Price.objects.order_by("row")]
    assert said == [
        ("Swift", "in us-east-1", 1), ("Swift", "in eu-west-1", 2), ("Gnat", "in us-east-1", 1),
        ("Gnat", "in eu-west-1", 2),
    ]  # fmt: skip


def test_one_region_of_each_model_is_where_it_is_offered(terms: dict[str, Any]) -> None:
    rows = as_csv(
        ("Bolt", "Swift", "us-east-1", "1"), ("Bolt", "Gnat", "eu-west-1", "2"), ("Bolt", "Snail", "eu-west-1", "2"),
        header=("Provider", "Model", "Region", "Input price per 1M tokens"),
    )  # fmt: skip
    imported(rows, **terms)
    assert set(Price.objects.values_list("condition", flat=True)) == {""}
    assert Availability.objects.count() == 3
