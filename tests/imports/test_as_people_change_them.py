"""One list as people pass it on: other names, units below the names, sums between the rows, decimal commas."""

from __future__ import annotations

from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering, Price
from riskassess.imports.understanding import understood
from riskassess.sheets.workbook import open_workbook
from tests.imports.sheets import as_csv, counted, imported


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement, "default_vendor": "Acme"}


ROWS = (
    ("Acme", "Swift 4", "200000", "8192", "3.00", "15.00"),
    ("Acme", "Gnat 4", "128000", "4096", "0.50", "1.254"),
)


def read(data: bytes) -> dict[str, str]:
    columns = understood(open_workbook(data, "list.csv")).layout.columns
    return {column["header"]: column["field"] for column in columns.values() if column["field"]}


def stated() -> list[tuple[str, int | None, int | None, list[float]]]:
    return [
        (one.name, one.model.context_tokens, one.model.max_output_tokens,
         [float(price.amount or 0) for price in one.prices.order_by("kind")])
        for one in Offering.objects.select_related("model").order_by("-name")
    ]  # fmt: skip


SAID = [("Swift 4", 200_000, 8_192, [3.0, 15.0]), ("Gnat 4", 128_000, 4_096, [0.5, 1.254])]


@pytest.mark.parametrize(
    "header",
    [
        ("Provider", "Model", "Context", "Output", "Input $/1M", "Output $/1M"),
        ("Company", "LLM", "Context (tokens)", "Output (tokens)", "Input price per 1M", "Output price per 1M"),
        ("Vendor", "AI model", "Input", "Completion tokens", "Prompt $/M", "Completion $/M"),
    ],
)  # fmt: skip
def test_sizes_in_tokens_are_no_prices_whatever_their_column_is_called(
    header: tuple[str, ...], terms: dict[str, Any]
) -> None:
    imported(as_csv(*ROWS, header=header), **terms)
    assert stated() == SAID


def test_a_row_below_the_names_may_say_what_they_are_counted_in(terms: dict[str, Any]) -> None:
    units = (None, None, "tokens", "tokens", "$/1M tokens", "$/1M tokens")
    data = as_csv(units, *ROWS, header=("Provider", "Model", "Context", "Max output", "Input", "Output"))
    batch = imported(data, **terms)
    assert (batch.header_row, counted(batch)) == (2, {"read": 2, "new": 2})
    assert stated() == SAID


def test_decimal_commas_are_told_by_the_whole_column(terms: dict[str, Any]) -> None:
    rows = [[cell.replace(".", ",") for cell in row] for row in ROWS]
    header = ("Provider", "Model", "Context window", "Max output", "Input $/1M tokens", "Output $/1M tokens")
    batch = imported(as_csv(*rows, header=header), **terms)
    assert stated() == SAID  # 1,254 is no thousand where 0,50 is a half
    assert "written with decimal commas" in batch.mapping["F"]["why"]
    notes = batch.rows.get(number=3).notes
    assert {"cell": "F3", "field": "output_price", "note": "“1,254” read with a decimal comma"} in notes


def test_commas_between_thousands_stay_so_where_points_are_decimal(terms: dict[str, Any]) -> None:
    rows = (("Acme", "Swift", "1,254", "0.50"), ("Acme", "Gnat", "2.25", "3.00"))
    imported(as_csv(*rows, header=("Provider", "Model", "Input $/1M tokens", "Output $/1M tokens")), **terms)
    assert float(Price.objects.get(kind="input", offering__name="Swift").amount or 0) == 1254


def test_a_sum_below_the_rows_of_a_vendor_is_none_of_them(terms: dict[str, Any]) -> None:
    rows = (*ROWS, ("Acme total", "", "", "", "3.50", "16.25"))
    header = ("Provider", "Model", "Context window", "Max output", "Input $/1M tokens", "Output $/1M tokens")
    assert counted(imported(as_csv(*rows, header=header), **terms)) == {"read": 3, "new": 2, "skipped": 1}


def test_a_heading_may_say_that_sizes_are_in_thousands(terms: dict[str, Any]) -> None:
    rows = (("Acme", "Swift", "200"), ("Acme", "Gnat", "131072"), ("Acme", "Slow", "1M"))
    imported(as_csv(*rows, header=("Provider", "Model", "Context (K tokens)")), **terms)
    sizes = dict(Offering.objects.values_list("name", "model__context_tokens"))
    assert sizes == {"Swift": 200_000, "Gnat": 131_072, "Slow": 1_000_000}


def test_days_under_release_are_no_version() -> None:
    rows = (("Acme", "Swift", "2026-01-02"), ("Acme", "Gnat", "2026-03-04"))
    assert "Release" not in read(as_csv(*rows, header=("Provider", "Model", "Release")))
