"""Cells as vendors' pages hold them, from the file to the catalog: two values in one, marks, words in names."""

from __future__ import annotations

from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering, Price
from riskassess.imports.models import Row
from riskassess.imports.naming import models_in
from riskassess.imports.shapes.registry import shape_named
from tests.imports.sheets import as_csv, counted, imported, outcomes, previewed


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement, "default_vendor": "Acme"}


def notes(number: int) -> str:
    return " ".join(note["note"] for note in Row.objects.get(number=number).notes)


def test_context_and_output_come_from_one_cell(terms: dict[str, Any]) -> None:
    header = ("Model", "Context window / Max output")
    imported(as_csv(("claude-opus-5", "1M / 128K"), ("claude-haiku", "200K"), header=header), **terms)
    opus, haiku = Offering.objects.select_related("model__origin").order_by("-name")
    assert (opus.model.context_tokens, opus.model.max_output_tokens) == (1_000_000, 128_000)
    assert (haiku.model.context_tokens, haiku.model.max_output_tokens) == (200_000, None)
    assert opus.model.origin is not None
    assert opus.model.origin.cell("max_output_tokens", opus.model.origin_row) == "B2"


def test_a_status_in_the_name_counts_where_no_other_is_stated(terms: dict[str, Any]) -> None:
    header = ("Model", "Status")
    rows = (
        ("`parse-v5` <br> **Preview**", ""),
        ("Opus 5 (preview)", "GA"),
        ("Sonnet 5 (preview)", "Preview"),
    )
    batch = imported(as_csv(*rows, header=header), **terms)
    assert counted(batch) == {"read": 3, "new": 3}
    stages = dict(Offering.objects.values_list("name", "stage"))
    assert stages == {"parse-v5": "preview", "Opus 5 (preview)": "ga", "Sonnet 5 (preview)": "preview"}
    assert "preview taken from the name" in notes(2)
    assert "conflict: the name says preview, B3 says ga, which is kept" in notes(3)
    assert "conflict" not in notes(4)


def test_a_footnote_mark_is_no_part_of_a_name_and_the_original_is_kept(terms: dict[str, Any]) -> None:
    imported(as_csv(("Gemini 3.6 Flash[^promo]", "GA"), header=("Model", "Status")), **terms)
    assert Offering.objects.get().name == "Gemini 3.6 Flash"
    assert "[^promo]" in notes(2)
    assert Row.objects.get(number=2).raw[0] == "Gemini 3.6 Flash[^promo]"


def test_a_day_it_may_come_after_is_no_retirement_day(terms: dict[str, Any]) -> None:
    header = ("Model", "Retirement date")
    rows = (("a", "No earlier than 2027-05-01"), ("b", "2027-05-01"), ("c", "Q3 2027"))
    imported(as_csv(*rows, header=header), **terms)
    days = dict(Offering.objects.values_list("name", "retires_on"))
    assert [str(days[name]) for name in "abc"] == ["None", "2027-05-01", "None"]
    assert "2027-05-01 or later names no day" in notes(2)


def prices() -> dict[str, str]:
    return {price.called: f"{price.shown} from {price.cell}" for price in Price.objects.all()}


def test_rows_of_one_model_are_tiers_of_its_price(terms: dict[str, Any]) -> None:
    header = ("Model", "Threshold", "Input $/1M tokens", "Output $/1M tokens")
    rows = (
        ("GPT-5.4", "≤ 272K", "$2.50", "$15.00"),
        ("GPT-5.4", "> 272K", "$5.00", "$22.50"),
        ("GPT-5.4", "> 272K", "$6.00", "$23.00"),
        ("Mini", "Not applicable", "$0.25", "Not applicable"),
    )
    batch = imported(as_csv(*rows, header=header), **terms)
    assert outcomes(batch) == ["new", "update", "skip", "new"]
    gpt = Offering.objects.get(name="GPT-5.4")
    shown = {price.called: (price.shown, price.raw, price.cell) for price in gpt.prices.all()}
    assert shown == {
        "Input": ("2.50 USD per 1M tokens", "$2.50 (≤ 272K)", "C2"),
        "Input, > 272K tokens": ("5.00 USD per 1M tokens", "$5.00 (> 272K)", "C3"),
        "Output": ("15.00 USD per 1M tokens", "$15.00 (≤ 272K)", "D2"),
        "Output, > 272K tokens": ("22.50 USD per 1M tokens", "$22.50 (> 272K)", "D3"),
    }
    assert "“≤ 272K” read as the usual price" in notes(2)


def test_columns_of_batches_and_long_prompts_are_prices_under_a_condition(terms: dict[str, Any]) -> None:
    header = ("model", "input_cost_per_token", "input_cost_per_token_batches",
              "input_cost_per_token_above_200k_tokens", "input_cost_per_token_above_272k_tokens")  # fmt: skip
    imported(as_csv(("m", 2e-06, 1e-06, 4e-06, 5e-06), header=header), **terms)
    assert prices() == {
        "Input": "2.00 (currency not stated) per 1M tokens from B2",
        "Input, batch": "1.00 (currency not stated) per 1M tokens from C2",
        "Input, > 200K tokens": "4.00 (currency not stated) per 1M tokens from D2",
        "Input, > 272K tokens": "5.00 (currency not stated) per 1M tokens from E2",
    }


def test_tiers_and_pairs_in_one_cell(terms: dict[str, Any]) -> None:
    header = ("Model", "Input ($/MTok)", "Cached (in/out)")
    rows = (("m", "$1.25 (≤200k), $2.50 (>200k)", ""),)
    imported(as_csv(*rows, header=header), **terms)
    assert prices() == {
        "Input": "1.25 USD per 1M tokens from B2",
        "Input, > 200K tokens": "2.50 USD per 1M tokens from B2",
    }


def test_input_and_output_price_come_from_one_cell(terms: dict[str, Any]) -> None:
    header = ("Model", "Price (input/output)", "Unit", "Currency")
    imported(
        as_csv(("m", "$0.25 / $1.25", "", ""), ("n", "3 / 15", "1K tokens", "eur"), header=header), **terms
    )
    of = {name: Offering.objects.get(name=name).prices.all() for name in "mn"}
    assert [price.shown for price in of["m"]] == ["0.25 USD per 1M tokens", "1.25 USD per 1M tokens"]
    assert [price.shown for price in of["n"]] == ["3000.00 EUR per 1M tokens", "15000.00 EUR per 1M tokens"]
    assert of["m"][1].cell == "B2"


def test_the_same_tiers_again_change_nothing(terms: dict[str, Any]) -> None:
    header = ("Model", "Threshold", "Input $/1M tokens")
    data = as_csv(("m", "≤ 272K", "$2.50"), ("m", "> 272K", "$5.00"), header=header)
    imported(data, **terms)
    before = list(Price.objects.order_by("pk").values_list())
    batch = imported(data, **terms)
    assert outcomes(batch) == ["unchanged", "unchanged"]
    assert list(Price.objects.order_by("pk").values_list()) == before


def test_whom_an_id_names_is_suggested_and_never_stored(terms: dict[str, Any]) -> None:
    header = ("Provider", "Model ID")
    imported(as_csv(("vertex_ai-anthropic_models", "anthropic/claude-opus-5"), header=header), **terms)
    offering = Offering.objects.select_related("seller", "model").get()
    assert offering.seller is not None
    assert offering.seller.name == "vertex_ai-anthropic_models"
    assert offering.model.developer_id is None
    assert "suggests Anthropic, sold by Google (Vertex AI)" in notes(2)
    assert "suggests Anthropic as the developer; no column states one" in notes(2)


def test_where_something_was_said_is_no_reason_to_refuse_it(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(("m", "told by the vendor on the phone"), header=("Model", "Source")), **terms)
    assert counted(batch) == {"read": 1, "new": 1}
    assert "names no web address" in notes(2)


def test_a_change_of_a_price_under_a_condition_is_named_in_words(terms: dict[str, Any]) -> None:
    header = ("Model", "Threshold", "Input $/1M tokens")
    batch = previewed(as_csv(("m", "> 272K", "$5.00"), header=header), **terms)
    shape = shape_named(batch.shape)
    (changed,) = Row.objects.get(number=2).changes
    assert shape.label_of(changed) == "input price, > 272K tokens"
    assert shape.label_of("price_output:batch") == "output price, batch"
    assert shape.label_of("family") == "family"


@pytest.mark.parametrize(
    ("text", "models"),
    [
        ("gpt-4\ngpt-4-32k", ("gpt-4", "gpt-4-32k")),
        ("GPT-4o, GPT-4o mini", ("GPT-4o", "GPT-4o mini")),
        ("Phi-3 mini / Phi-3 medium", ("Phi-3 mini", "Phi-3 medium")),
        ("Llama-3.1\n70B-Instruct", ()),
        ("Llama 3.1 (8B, 70B)", ()),
        ("Claude 3.5 Sonnet, Claude", ()),
        ("Swift, Gnat", ()),
        ("Titan Text G1 - Express", ()),
        ("meta/llama-3", ()),
    ],
)
def test_several_models_in_one_cell_are_seen_and_long_names_are_not(
    text: str, models: tuple[str, ...]
) -> None:
    assert models_in(text) == models


def test_a_row_of_several_models_is_no_record_of_its_own(ana: User, procurement: BusinessUnit) -> None:
    rows = as_csv(("Acme", "gpt-4<br>gpt-4-32k"), ("Acme", "gpt-4o"), header=("Provider", "Model"))
    batch = previewed(rows, by=ana, unit=procurement)
    several, one = batch.rows.order_by("number")
    assert (several.outcome, one.outcome) == ("invalid", "new")
    assert several.problems[0]["what"] == "The cell names 2 models: “gpt-4”, “gpt-4-32k”."
    assert several.problems[0]["cell"] == "B2"
