"""One column of prices, in which some rows say one price and others what goes in and what comes out."""

from __future__ import annotations

from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Price
from riskassess.imports.models import Batch
from riskassess.kernel.stated import Known
from riskassess.sheets.labelled import labelled_prices
from riskassess.sheets.units import PriceUnit
from tests.imports.sheets import as_csv, imported, outcomes

ROWS = (
    ("Acme", "Swift", "Input: $2.50, Output: $10.00"),
    ("Acme", "Embed", "$0.02 / 1M tokens"),
    ("Acme", "Paint", "$0.04 per image"),
    ("Acme", "Mini", "$0.15 in / $0.60 out"),
    ("Acme", "Owl", "Input $3 per 1M tokens; Cached input $0.30 per 1M tokens; Output $15 per 1M tokens"),
)
IMAGE, TOKENS = "image", "1M tokens"
READ = {
    ("Swift", "input", 2.5, TOKENS), ("Swift", "output", 10, TOKENS), ("Embed", "flat", 0.02, TOKENS),
    ("Paint", "flat", 0.04, IMAGE), ("Mini", "input", 0.15, TOKENS), ("Mini", "output", 0.6, TOKENS),
    ("Owl", "input", 3, TOKENS), ("Owl", "cache_read", 0.3, TOKENS), ("Owl", "output", 15, TOKENS),
}  # fmt: skip


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def prices() -> set[tuple[str, str, float, str]]:
    return {
        (p.offering.name, p.kind, float(p.amount or 0), p.unit)
        for p in Price.objects.select_related("offering")
    }


@pytest.mark.parametrize("heading", ["Price", "Cost", "Pricing", "Pricing (per 1M tokens)", "Input / output"])
def test_each_row_is_read_by_what_it_says(terms: dict[str, Any], heading: str) -> None:
    batch = imported(as_csv(*ROWS, header=("Provider", "Model", heading)), **terms)
    assert outcomes(batch) == ["new"] * len(ROWS)
    assert prices() == READ


def test_each_price_leads_back_to_its_cell(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(*ROWS, header=("Provider", "Model", "Price")), **terms)
    columns = Batch.objects.get(pk=batch.pk).source.columns
    assert {columns[f"price_{kind}"]["column"] for kind in ("input", "output", "flat", "cache_read")} == {"C"}
    assert "read as input 2.5 per 1M tokens, output 10" in batch.rows.get(number=2).notes[0]["note"]


def test_two_prices_that_say_not_which_are_asked_for(terms: dict[str, Any]) -> None:
    odd = ("Acme", "Wren", "$1.25 / $10.00")
    batch = imported(as_csv(*ROWS, odd, header=("Provider", "Model", "Price")), **terms)
    assert outcomes(batch)[-1] == "invalid"
    assert "more than one price" in batch.rows.get(number=7).problems[0]["what"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("$3 input, $15 output per 1M tokens", [("input", "3"), ("output", "15")]),
        ("Prompt: $0.000003; completion: $0.000015", [("input", "3"), ("output", "15")]),
        ("In: $0.003/1K tokens, Out: $0.015/1K tokens", [("input", "3"), ("output", "15")]),
        ("Input: €2, cache writes: €2.50, cache hits: €0.20, output: €8",
         [("input", "2"), ("cache_write", "2.50"), ("cache_read", "0.20"), ("output", "8")]),
        ("Input: $0.005, Output: $0.015", [("input", "5"), ("output", "15")]),
        ("Input: $2.50", [("input", "2.50")]),
        ("Input: $2.50, Output: $10, Input: $1", None),
        ("Input: $2.50 (batch: $1.25), Output: $10", None),
        ("from $2 input to $3 output", None),
    ],
)  # fmt: skip
def test_words_tell_what_a_price_is_for(text: str, read: list[tuple[str, str]] | None) -> None:
    found = labelled_prices(text, None)
    if read is None:
        assert found is None
        return
    assert found is not None
    assert isinstance(found.stated, Known)
    first = found.stated.value
    assert [(p.kind, f"{p.amount:f}".rstrip("0").rstrip(".")) for p in (first, *first.more)] == [
        (kind, amount.rstrip("0").rstrip(".") if "." in amount else amount) for kind, amount in read
    ]
    assert all(p.unit == PriceUnit(1_000_000, "token") for p in (first, *first.more))
