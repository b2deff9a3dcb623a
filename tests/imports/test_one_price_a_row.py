"""Lists of meters: one price a row, what it is for in another column. And vendors named once for the rows below."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Availability, Offering, Price
from riskassess.imports import reading
from riskassess.imports.models import Row
from riskassess.imports.understanding import understood
from riskassess.sheets.priced import price_kind_of
from riskassess.sheets.workbook import open_workbook
from tests.builders import TODAY
from tests.imports.sheets import as_csv, counted, imported, previewed


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


METERS = as_csv(
    ("Acme", "Swift", "Input", "2.50"),
    ("Acme", "Swift", "Cached input", "1.25"),
    ("Acme", "Swift", "Output", "10.00"),
    ("Acme", "Swift", "Output (batch)", "5.00"),
    ("Acme", "Swift", "Fine-tuning", "25.00"),
    ("Acme", "Gnat", "Input", "0.15"),
    ("Acme", "Gnat", "Output", "0.60"),
    ("Acme", "Gnat", "Output", "0.70"),
    header=("Provider", "Model", "Type", "Price (USD per 1M tokens)"),
)


def test_rows_that_price_one_thing_each_are_one_offering(terms: dict[str, Any]) -> None:
    batch = imported(METERS, **terms)
    assert batch.mapping["C"]["field"] == "price_kind"
    assert counted(batch) == {"read": 8, "new": 2, "updated": 5, "skipped": 1}
    swift = Price.objects.filter(offering__name="Swift").order_by("kind", "condition")
    assert [(p.kind, p.condition, float(p.amount or 0), p.cell) for p in swift] == [
        ("cache_read", "", 1.25, "D3"), ("flat", "fine-tuning", 25, "D6"), ("input", "", 2.5, "D2"),
        ("output", "", 10, "D4"), ("output", "batch", 5, "D5"),
    ]  # fmt: skip
    assert {price.raw for price in swift} >= {"1.25 (Cached input)"}
    again = Row.objects.get(batch=batch, number=9)
    assert "already" in again.problems[0]["what"]  # the same thing priced twice


def test_a_list_of_meters_comes_again_unchanged(terms: dict[str, Any]) -> None:
    imported(METERS, **terms)
    assert counted(previewed(METERS, **terms)) == {"read": 8, "unchanged": 7, "skipped": 1}
    assert Offering.objects.count() == 2


@pytest.mark.parametrize("at_once", [1, 3, 2_000])
def test_an_offering_s_rows_may_lie_in_different_portions(
    monkeypatch: pytest.MonkeyPatch, terms: dict[str, Any], at_once: int
) -> None:
    """What is on record of prices and places is read anew for each portion, and what rows above said stays said."""
    monkeypatch.setattr(reading, "_AT_ONCE", at_once)
    header = ("Provider", "Model", "Type", "Price (USD per 1M tokens)", "Regions")
    rows = [
        ("Acme", "Swift", "Input", "2.50", "eu-west-1"),
        ("Acme", "Gnat", "Input", "0.15", "eu-west-1, us-east-1"),
        ("Acme", "Swift", "Output", "10.00", "eu-west-1, us-east-1"),
        ("Acme", "Gnat", "Output", "0.60", "eu-west-1"),
        ("Acme", "Swift", "Output (batch)", "5.00", "us-east-1"),
    ]
    first = imported(as_csv(*rows, header=header), **terms)
    assert counted(first) == {"read": 5, "new": 2, "updated": 3}
    marks = Availability.objects.order_by("offering__name", "code")
    placed = [("Gnat", "eu-west-1"), ("Gnat", "us-east-1"), ("Swift", "eu-west-1"), ("Swift", "us-east-1")]
    assert list(marks.values_list("offering__name", "code")) == placed
    assert counted(previewed(as_csv(*rows, header=header), **terms)) == {"read": 5, "unchanged": 5}

    rows[2] = ("Acme", "Swift", "Output", "9.00", "us-east-1, ap-south-1")
    next_day = imported(as_csv(*rows, header=header), **terms | {"on": TODAY + timedelta(days=1)})
    changed = {row.number: row.changes for row in next_day.rows.all() if "price_output" in row.changes}
    assert changed == {4: changed[4]}
    assert changed[4]["price_output"] == ["10 USD per 1M tokens", "9 USD per 1M tokens"]
    assert list(marks.filter(code="ap-south-1").values_list("offering__name", flat=True)) == ["Swift"]


def test_units_and_currencies_of_the_rows_hold_as_well(terms: dict[str, Any]) -> None:
    rows = as_csv(
        ("Bolt", "Large", "input tokens", "1K tokens", "0,002", "EUR"),
        ("Bolt", "Large", "output tokens", "1K tokens", "0,006", "EUR"),
        header=("Vendor", "Model", "Direction", "Unit", "Price", "Currency"),
    )
    imported(rows, **terms)
    said = [(p.kind, float(p.amount or 0), p.unit, p.currency) for p in Price.objects.order_by("kind")]
    assert said == [("input", 2, "1M tokens", "EUR"), ("output", 6, "1M tokens", "EUR")]


def test_a_column_of_types_that_prices_nothing_stays_what_it_is() -> None:
    rows = as_csv(
        ("Acme", "Swift", "chat", "2"),
        ("Acme", "Pixel", "image", "4"),
        header=("Vendor", "Model", "Type", "Price"),
    )
    columns = understood(open_workbook(rows, "list.csv")).layout.columns
    assert columns["C"]["field"] == "modality"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Input", ("input_price", "")), ("output tokens", ("output_price", "")),
        ("Prompt", ("input_price", "")), ("Cached Input Tokens", ("cache_read_price", "")),
        ("Batch input", ("input_price", "batch")), ("Output (>200K tokens)", ("output_price", "> 200K tokens")),
        ("Cache write", ("cache_write_price", "")), ("Audio input", ("audio_input_price", "")),
        ("Storage", None), ("chat", None), ("", None),
    ],
)  # fmt: skip
def test_what_a_price_is_for(text: str, kind: tuple[str, str] | None) -> None:
    assert price_kind_of(text) == kind


# --- tiers ------------------------------------------------------------------------------------------------


def test_a_tier_in_brackets_behind_a_name_is_of_its_prices(terms: dict[str, Any]) -> None:
    rows = as_csv(
        ("Acme", "Snail >200k", "9"), ("Acme", "Swift (≤200K)", "1.25"), ("Acme", "Swift (> 200K tokens)",
        "2.50"), ("Acme",
        "Swift (Batch)", "0.60"),
        ("Acme", "Gnat (8B)", "0.10"), header=("Provider", "Model", "Input $/1M tokens"),
    )  # fmt: skip
    batch = imported(rows, **terms)
    said = [(p.offering.name, p.condition, float(p.amount or 0)) for p in Price.objects.order_by("row")]
    assert said == [
        ("Snail", "> 200K tokens", 9), ("Swift", "", 1.25), ("Swift", "> 200K tokens", 2.5), ("Swift",
        "batch", 0.6), ("Gnat (8B)", "", 0.1),
    ]  # fmt: skip
    notes = Row.objects.get(batch=batch, number=4).notes
    assert any("the tier of its prices, not part of the name" in note["note"] for note in notes)


def test_where_nothing_is_priced_brackets_stay_with_the_name(terms: dict[str, Any]) -> None:
    rows = as_csv(("Acme", "Swift (Batch)", "128k"), header=("Provider", "Model", "Context window"))
    imported(rows, **terms)
    assert Offering.objects.get().name == "Swift (Batch)"


@pytest.mark.parametrize(
    ("heading", "field", "condition"),
    [
        ("Input price (<=200K tokens)", "input_price", ""), ("Input price (>200K tokens)",
        "long_input_price", "> 200K tokens"),
        ("Output price up to 128K", "output_price", ""), ("Input (prompts > 200K)", "long_input_price",
        "> 200K tokens"),
        ("Input ≤ 200k $/1M tokens", "input_price", ""),
    ],
)  # fmt: skip
def test_a_threshold_in_a_heading_is_no_unit(heading: str, field: str, condition: str) -> None:
    columns = understood(
        open_workbook(as_csv(("Swift", "1.25"), header=("Model", heading)), "list.csv")
    ).layout.columns
    assert (columns["B"]["field"], columns["B"]["unit"]) == (field, "1M tokens")
    assert condition in columns["B"]["why"]


# --- left blank below -----------------------------------------------------------------------------------

LEFT_BLANK = as_csv(
    ("Swift", "Acme", "1M", "2"),
    ("Gnat", "", "1M", "0.4"),
    ("Slow", "Bolt", "200k", "15"),
    ("Snail", "", "200k", "3"),
    header=("Model", "Vendor", "Context window", "Input price per 1M tokens"),
)


def test_a_vendor_named_once_holds_for_the_rows_below_and_that_is_said(terms: dict[str, Any]) -> None:
    batch = imported(LEFT_BLANK, **terms)
    sold = dict(Offering.objects.values_list("name", "seller__name"))
    assert sold == {"Swift": "Acme", "Gnat": "Acme", "Slow": "Bolt", "Snail": "Bolt"}
    notes = Row.objects.get(batch=batch, number=3).notes
    assert {"cell": "B2", "field": "vendor", "note": "“Acme” holds for this row too"} in notes


def test_a_single_gap_among_vendors_is_a_gap(terms: dict[str, Any]) -> None:
    rows = as_csv(
        *[
            (f"Model {at}", vendor, "2")
            for at, vendor in enumerate(["Acme", "Bolt", "Cog", "", "Dyn", "Eon"])
        ],
        header=("Model", "Vendor", "Input price per 1M tokens"),
    )
    assert counted(previewed(rows, **terms)) == {"read": 6, "new": 5, "invalid": 1}
