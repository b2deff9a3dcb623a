"""One fact a row: each with its own day and source, conflicts kept, what nobody knows still unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import AIModel, Offering, Price, Source, SourcedValue, Vendor
from riskassess.imports import services
from riskassess.imports.shapes.attributes import meaning_of
from riskassess.imports.shapes.cited import SHEET, Cited, cited_in, kind_of
from riskassess.kernel.errors import InvalidInput
from tests.imports.sheets import EXCERPTS, ONE, as_csv, counted, imported, outcomes, previewed

FACTS = (EXCERPTS / "one_fact_a_row.csv").read_bytes()
HEADER = ("Subject", "Attribute", "Value", "Unit", "As of", "Source")


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement, "default_vendor": "Microsoft"}


def stated(name: str, attribute: str) -> set[tuple[Any, str]]:
    rows = SourcedValue.objects.filter(attribute=attribute, model__name=name)
    rows |= SourcedValue.objects.filter(attribute=attribute, offering__name=name)
    return {(value, str(day)) for value, day in rows.values_list("value", "as_of")}


def test_every_row_lands_as_a_value_or_a_price(terms: dict[str, Any]) -> None:
    batch = imported(FACTS, **terms)
    assert batch.shape == "facts"
    assert counted(batch) == {"read": 29, "new": 4, "updated": 25}
    assert SourcedValue.objects.count() + Price.objects.count() == 29
    assert AIModel.objects.count() == 4


def test_conflicts_are_kept_and_the_newest_is_current(terms: dict[str, Any]) -> None:
    batch = imported(FACTS, **terms)
    assert stated("MAI-Thinking-1", "context_tokens") == {
        (256_000, "2026-10-05"), (128_000, "2026-06-02"), (256_000, "2026-06-01"),
    }  # fmt: skip
    assert AIModel.objects.get(name="MAI-Thinking-1").context_tokens == 256_000
    assert Offering.objects.get(name="MAI-Thinking-1").stage == "preview"
    assert Offering.objects.get(name="MAI-Thinking-1").deployment == "global"
    notes = [note["note"] for note in batch.rows.get(number=3).notes]
    assert "conflict: 256000 stated elsewhere; all are kept" in notes


def test_each_fact_has_its_own_source_and_the_cell_it_was_quoted_in(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    imported(FACTS, name="facts.csv", **terms)
    value = SourcedValue.objects.get(attribute="context_tokens", value=128_000)
    assert value.source.title.startswith("letsdatascience.com/news/")
    assert (value.source.kind, value.source.reliability) == ("press", "E")
    assert value.via is not None
    assert (value.via.file_name, value.cell, value.first_party) == ("facts.csv", "C3", False)
    as_engine = value.as_kernel_source()
    assert (as_engine.file, as_engine.cell, as_engine.as_of) == ("facts.csv", "C3", date(2026, 6, 2))
    page = as_ana.get(AIModel.objects.get(name="MAI-Thinking-1").get_absolute_url()).content.decode()
    assert "quoted in" in page
    assert "Sources disagree on 1 value" in page


def test_what_nobody_knows_stays_unknown_and_not_applicable_is_something_else(terms: dict[str, Any]) -> None:
    imported(FACTS, **terms)
    unknown = SourcedValue.objects.get(model__name="MAI-1-preview", attribute="context_tokens")
    assert (unknown.state, unknown.value, unknown.model) == ("unknown", None, unknown.model)
    voice = AIModel.objects.get(name="MAI-Voice-2-Flash")
    assert (voice.context_tokens, voice.not_applicable) == (None, ["context_tokens"])


def test_who_knows_nothing_overrules_nobody(terms: dict[str, Any]) -> None:
    rows = as_csv(
        ("Swift", "context window", "128k", "tokens", "2026-01-01", "a.example/x"),
        ("Swift", "context window", "", "tokens", "2026-06-01", "b.example/y"),
        header=HEADER,
    )
    batch = imported(rows, **terms)
    assert AIModel.objects.get().context_tokens == 128_000
    assert outcomes(batch) == ["new", "unchanged"]
    assert "what another source states stays" in batch.rows.get(number=3).notes[-1]["note"]


def test_attributes_nobody_knows_are_kept_as_written_and_listed(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    batch = imported(FACTS, **terms)
    assert stated("MAI-Thinking-1", "parameters") == {("~1T total / 35B active", "2026-06-02")}
    assert any("no attribute we know" in note["note"] for note in batch.rows.get(number=11).notes)
    page = as_ana.get(AIModel.objects.get(name="MAI-Thinking-1").get_absolute_url()).content.decode()
    assert "~1T total / 35B active" in page


def test_the_preview_names_attributes_in_words(as_ana: Client, terms: dict[str, Any]) -> None:
    batch = previewed(FACTS, **terms)
    page = as_ana.get(f"/imports/{batch.pk}/rows/").content.decode()
    assert "Training hardware <b>~15,000 NVIDIA H100</b>" in page
    assert "context <b>256000</b>" in page
    assert "sheet list, one fact a row" in as_ana.get("/imports/").content.decode()


def test_prices_are_read_with_their_unit(terms: dict[str, Any]) -> None:
    imported(FACTS, **terms)
    found = {(p.kind, p.amount, p.unit, p.currency, p.as_of) for p in Price.objects.select_related()}
    assert ("input", Decimal(2), "1M tokens", "USD", date(2026, 11, 1)) in found
    assert ("cache_read", Decimal("0.2"), "1M tokens", "USD", date(2026, 11, 1)) in found
    assert ("time_input", Decimal("0.36"), "hour", "USD", date(2026, 4, 1)) in found


def test_a_fact_meets_the_catalog_it_is_about(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), name="catalog.csv", on=date(2026, 1, 1), **terms)
    rows = as_csv(("Swift-1", "Context limit", "256", "K tokens", "2026-06-01", ""), header=HEADER)
    batch = imported(rows, **{**terms, "default_vendor": "Acme"})
    assert outcomes(batch) == ["update"]
    model = AIModel.objects.get(name="Swift-1")
    assert (model.context_tokens, AIModel.objects.count()) == (256_000, 1)
    sources = SourcedValue.objects.filter(model=model, attribute="context_tokens")
    assert {(v.value, v.source.file_name) for v in sources} == {
        (128_000, "catalog.csv"),
        (256_000, "list.csv"),
    }
    services.undo(batch, by=terms["by"])
    model.refresh_from_db()
    assert model.context_tokens == 128_000


def test_facts_are_undone_exactly(terms: dict[str, Any]) -> None:
    batch = imported(FACTS, **terms)
    services.undo(batch, by=terms["by"])
    left = [
        kind for kind in (SourcedValue, Price, Offering, Source, Vendor) if kind._default_manager.exists()
    ]
    assert left == []


def test_facts_without_a_seller_are_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="whose offerings"):
        previewed(FACTS, **{**terms, "default_vendor": ""})


@pytest.mark.parametrize(
    ("attribute", "value", "unit", "becomes"),
    [
        ("Context window", "1M", "", ("model", "context_tokens", "known", 1_000_000)),
        ("max_output", "64", "k tokens", ("model", "max_output_tokens", "known", 64_000)),
        ("licence", "MIT", "", ("model", "licence", "known", "MIT")),
        ("knowledge cutoff", "2024-04", "date", ("model", "knowledge_cutoff", "known", "2024-04")),
        ("retirement date", "2026-08", "date", ("model", "retirement_date_as_written", "known", "2026-08")),
        (
            "zone",
            "EU",
            "",
            ("model", "zone_as_written", "known", "EU"),
        ),  # a rule's word: never read by itself
        ("residency_in_contract", "yes", "", ("model", "residency_in_contract_as_written", "known", "yes")),
        ("price", "much", "", ("model", "price", "known", "much")),
        ("Wetterlage", "n/a", "", ("model", "wetterlage", "not_applicable", None)),
    ],
)
def test_what_an_attribute_becomes(attribute: str, value: str, unit: str, becomes: tuple[Any, ...]) -> None:
    meaning = meaning_of(attribute, value, unit)
    assert (meaning.record, meaning.attribute, meaning.state, meaning.value) == becomes


@pytest.mark.parametrize(
    ("words", "kind"),
    [("Microsoft docs", "vendor_document"), ("news/blog", "press"), ("GitHub docs", "vendor_document"),
     ("litellm 1.110.2 price map", "analyst"), ("FTC order", "regulator"), ("a friend", "")],
)  # fmt: skip
def test_what_a_source_is_worth_follows_from_what_it_is(words: str, kind: str) -> None:
    assert kind_of(words) == kind


def test_a_row_without_a_source_rests_on_the_sheet() -> None:
    assert cited_in("", "") == SHEET
    assert cited_in("https://acme.example/models", "") == Cited("https://acme.example/models", "acme.example")
