"""What an import makes of the catalog: nothing invented, nothing lost, nothing done twice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import AIModel, Offering, Price, Source, SourcedValue, Vendor, VendorAlias
from riskassess.imports.models import Row
from tests.builders import TODAY, make_model, make_offering, make_source, make_value, make_vendor
from tests.imports.sheets import (
    EXCERPTS,
    FIXTURE,
    HEADER,
    ONE,
    as_csv,
    counted,
    imported,
    outcomes,
    previewed,
)

LATER = date(2026, 12, 24)


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def everything() -> list[list[tuple[Any, ...]]]:
    """Every value of every catalog record."""
    kinds = (Vendor, AIModel, Offering, Price, Source, SourcedValue)
    return [list(kind._default_manager.order_by("pk").values_list()) for kind in kinds]


def test_a_row_becomes_vendor_model_offering_and_price(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    offering = Offering.objects.with_parties().get()
    assert (offering.seller and offering.seller.name, offering.name, offering.stage) == (
        "Acme",
        "Swift-1",
        "ga",
    )
    assert offering.model.context_tokens == 128_000
    price = Price.objects.get()
    assert (price.amount, price.unit, price.currency, price.as_of) == (
        Decimal("0.5"), "1M tokens", "USD", TODAY,
    )  # fmt: skip
    assert counted(batch) == {"read": 1, "new": 1}


def test_each_value_leads_back_to_its_cell(terms: dict[str, Any]) -> None:
    batch = imported(as_csv((None,) * 5, ONE), **terms)
    offering = Offering.objects.select_related("origin", "model__origin").get()
    assert offering.origin is not None
    assert offering.origin.cell("stage", offering.origin_row) == "E3"
    assert offering.model.stated("context_tokens").source.cell == "C3"  # type: ignore[union-attr]
    assert Price.objects.get().cell == "D3"
    assert (offering.origin.file_name, offering.origin.sheet) == ("list.csv", "list")
    assert batch.source == offering.origin


def test_who_made_a_model_is_unknown_unless_a_column_says_so(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    assert AIModel.objects.get().developer is None
    header = (*HEADER, "Developer")
    imported(as_csv((*ONE, "Bolt Labs"), header=header), name="second.csv", **terms)
    model = AIModel.objects.select_related("developer").get()
    assert model.developer is not None
    assert model.developer.name == "Bolt Labs"


def test_the_owner_of_a_base_model_is_its_developer_and_an_alias_states_none(terms: dict[str, Any]) -> None:
    for heading, maker in (("Base model", "bolt"), ("Alias of", None)):
        row = ("Acme", f"Swift {heading}", "bolt/swift")
        imported(as_csv(row, header=("Provider", "Model", heading)), name=f"{heading}.csv", **terms)
        model = AIModel.objects.select_related("developer").get(name=f"Swift {heading}")
        assert (model.developer and model.developer.name) == maker


def test_two_sellers_list_one_model_only_where_its_maker_is_stated(terms: dict[str, Any]) -> None:
    rows = (("Acme", "Swift"), ("Zeta", "Swift"))
    imported(as_csv(*rows, header=("Provider", "Model")), **terms)
    assert AIModel.objects.count() == 2
    made = [(*row, "Bolt") for row in (("Acme", "Fast"), ("Zeta", "Fast"))]
    imported(as_csv(*made, header=("Provider", "Model", "Developer")), name="b.csv", **terms)
    assert AIModel.objects.filter(name="Fast").count() == 1


def test_free_unknown_and_not_applicable_are_three_things(terms: dict[str, Any]) -> None:
    rows = [
        ("Acme", name, "", price, "") for name, price in (("A", "0"), ("B", ""), ("C", "N/A"), ("D", "free"))
    ]
    imported(as_csv(*rows), **terms)
    prices = {p.offering.name: (p.amount, p.not_applicable) for p in Price.objects.select_related("offering")}
    assert prices == {"A": (0, False), "C": (None, True), "D": (0, False)}


def test_a_context_that_does_not_apply_is_not_unknown(terms: dict[str, Any]) -> None:
    imported(as_csv(("Acme", "Voice", "N/A", "", ""), ("Acme", "Other", "", "", "")), **terms)
    assert AIModel.objects.get(name="Voice").not_applicable == ["context_tokens"]
    assert AIModel.objects.get(name="Other").not_applicable == []


def test_the_same_file_again_changes_nothing(terms: dict[str, Any]) -> None:
    imported(FIXTURE.read_bytes(), name="catalog.xlsx", **terms)
    before = everything()
    again = imported(FIXTURE.read_bytes(), name="catalog.xlsx", **terms)
    assert again.counts["new"] == again.counts["updated"] == 0
    assert again.counts["unchanged"] > 100
    assert everything() == before


@pytest.mark.parametrize(
    "name", sorted(path.name for path in EXCERPTS.glob("[!b]*.*s*"))
)  # not the blank one
def test_real_excerpts_are_accounted_for_and_repeatable(name: str, terms: dict[str, Any]) -> None:
    data = (EXCERPTS / name).read_bytes()
    first = imported(data, name=name, default_vendor="Fallback", **terms)
    before = everything()
    again = imported(data, name=name, default_vendor="Fallback", **terms)
    assert sum(first.counts.values()) == 2 * first.counts["read"]
    assert first.counts["new"] + first.counts["updated"] == again.counts["unchanged"] > 0
    assert everything() == before


def test_the_template_row_of_a_catalog_is_skipped_with_its_reason(terms: dict[str, Any]) -> None:
    batch = previewed((EXCERPTS / "template_row_at_8.xlsx").read_bytes(), name="t.xlsx", **terms)
    row = Row.objects.get(batch=batch, number=8)
    assert (row.role, row.outcome) == ("template", "skip")
    (reason,) = row.problems
    assert reason["cell"].endswith("8")
    assert "sentences stand where other rows have numbers" in reason["what"]
    assert batch.notes == 1
    assert not Row.objects.staying().filter(batch=batch, number=8).exists()


def test_a_bad_price_names_its_cell_and_the_others_are_applied(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE, ("Acme", "Swift-2", "", "-3", "")), **terms)
    assert outcomes(batch) == ["new", "invalid"]
    (problem,) = Row.objects.get(batch=batch, outcome="invalid").problems
    assert (problem["cell"], problem["field"]) == ("D3", "input_price")
    assert "negative" in problem["what"]
    assert Offering.objects.count() == 1


def test_a_second_row_of_the_same_model_names_the_first(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE, ("ACME", "swift-1", "9", "9", "")), **terms)
    assert outcomes(batch) == ["new", "skip"]
    assert "is in B2 already" in Row.objects.get(batch=batch, number=3).problems[0]["what"]


def test_an_id_column_tells_namesakes_apart(terms: dict[str, Any]) -> None:
    header = ("Provider", "Model ID", "Model")
    data = as_csv(("Acme", "swift-1", "Swift"), ("Acme", "swift-1:0", "Swift"), header=header)
    assert outcomes(imported(data, **terms)) == ["new", "new"]
    assert outcomes(imported(data, **terms)) == ["unchanged", "unchanged"]
    turned = as_csv(("Acme", "swift-1:0", "Swift"), ("Acme", "swift-1", "Swift"), header=header)
    assert outcomes(imported(turned, name="turned.csv", **terms)) == ["unchanged", "unchanged"]


def test_an_alias_is_no_second_vendor(terms: dict[str, Any]) -> None:
    acme = make_vendor("Acme Incorporated")
    VendorAlias.objects.create(vendor=acme, name="ACME")
    imported(as_csv(ONE), **terms)
    assert Offering.objects.get().seller == acme
    assert Vendor.objects.count() == 1


def test_a_record_made_by_hand_is_met_by_its_name(terms: dict[str, Any]) -> None:
    acme = make_vendor("Acme")
    offering = make_offering(make_model("Swift-1"), seller=acme, name="Swift-1")
    batch = imported(as_csv(ONE), **terms)
    assert outcomes(batch) == ["update"]
    assert Row.objects.get(batch=batch).offering == offering
    offering.refresh_from_db()
    assert offering.stage == "ga"


def test_a_later_list_changes_what_it_states_and_an_empty_cell_erases_nothing(terms: dict[str, Any]) -> None:
    first = imported(as_csv(ONE), **terms)
    batch = imported(as_csv(("Acme", "Swift-1", "256000", "", "")), name="new.csv", on=LATER, **terms)
    row = Row.objects.get(batch=batch)
    assert (row.outcome, row.changes) == ("update", {"context_tokens": ["128,000", "256,000"]})
    offering = Offering.objects.select_related("model").get()
    assert (offering.model.context_tokens, offering.stage) == (256_000, "ga")
    assert (offering.model.origin, offering.origin) == (batch.source, first.source)
    kept = SourcedValue.objects.of(offering.model)
    assert [(v.value, v.source) for v in kept] == [(256_000, batch.source), (128_000, first.source)]
    assert [price.amount for price in Price.objects.all()] == [Decimal("0.5")]


def test_values_a_new_list_does_not_state_keep_their_old_cells(terms: dict[str, Any]) -> None:
    header = ("Provider", "Model", "Context limit", "Family")
    old = imported(as_csv(("Acme", "Swift", "1000", "swifts"), header=header), **terms)
    imported(as_csv(("Acme", "Swift", "2000"), header=header[:3]), name="new.csv", on=LATER, **terms)
    value = SourcedValue.objects.get(attribute="family")
    assert (value.value, value.source, value.cell) == ("swifts", old.source, "D2")


def test_an_older_list_is_kept_beside(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    older = as_csv(("Acme", "Swift-1", "64000", "0.9", "beta"))
    batch = imported(older, name="old.csv", on=date(2025, 1, 1), **terms)
    assert outcomes(batch) == ["update"]
    assert AIModel.objects.get().context_tokens == 128_000
    notes = [note["note"] for note in Row.objects.get(batch=batch).notes]
    assert "kept beside the current value" in notes
    current = Price.objects.filter(kind="input").first()
    assert current is not None
    assert (current.amount, current.as_of) == (Decimal("0.5"), TODAY)
    again = imported(older, name="old.csv", on=date(2025, 1, 1), **terms)
    assert outcomes(again) == ["unchanged"]


def test_what_the_vendor_itself_states_is_never_overwritten(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    model = AIModel.objects.get()
    make_value(model, "context_tokens", 128_000, first_party=True, source=make_source(), as_of=TODAY)
    changed = as_csv(("Acme", "Swift-1", "1000000", "0.5", ""))
    batch = imported(changed, name="rumour.csv", on=LATER, **terms)
    assert outcomes(batch) == ["conflict"]
    model.refresh_from_db()
    assert model.context_tokens == 128_000
    beside = SourcedValue.objects.of(model).get(value=1_000_000)
    assert (beside.cell, beside.source, beside.note) == ("C2", batch.source, "kept beside the current value")
    assert outcomes(imported(changed, name="rumour.csv", on=LATER, **terms)) == ["unchanged"]


def test_sellers_that_disagree_about_a_model_are_both_kept(terms: dict[str, Any]) -> None:
    header = ("Provider", "Model", "Developer", "Context limit")
    data = as_csv(("Acme", "Swift", "Bolt", "1000"), ("Zeta", "Swift", "Bolt", "2000"), header=header)
    imported(data, **terms)
    model = AIModel.objects.get()
    assert model.context_tokens == 1000
    values = SourcedValue.objects.of(model).filter(attribute="context_tokens")
    assert [(v.value, v.cell) for v in values] == [(1000, "D2"), (2000, "D3")]
    assert outcomes(imported(data, **terms)) == ["unchanged", "unchanged"]


def test_a_new_price_joins_the_old_one(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    dearer = as_csv(("Acme", "Swift-1", "128000", "0.75", "GA"))
    batch = imported(dearer, name="new.csv", on=LATER, **terms)
    assert Row.objects.get(batch=batch).changes == {
        "price_input": ["0.5 USD per 1M tokens", "0.75 USD per 1M tokens"]
    }
    assert [p.amount for p in Price.objects.all()] == [Decimal("0.75"), Decimal("0.5")]


def test_a_corrected_unit_corrects_the_price_of_the_same_cell(terms: dict[str, Any]) -> None:
    data = as_csv(("Acme", "Swift", "2"), header=("Provider", "Model", "Input price"))
    imported(data, **terms)
    thousand = {"C": {"field": "input_price", "unit": "1K tokens", "currency": "EUR"}}
    imported(data, choices=thousand, **terms)
    price = Price.objects.get()
    assert (price.amount, price.currency) == (Decimal(2000), "EUR")


def test_prices_by_the_row_s_own_unit_and_currency(terms: dict[str, Any]) -> None:
    header = ("Provider", "Model", "Input price", "Unit", "Currency")
    rows = (("Acme", "A", "2", "1K tokens", "EUR"), ("Acme", "B", "3", "per 1M tokens", ""))
    batch = imported(as_csv(*rows, ("Acme", "C", "3", "bushel", ""), header=header), **terms)
    found = {p.offering.name: (p.amount, p.currency) for p in Price.objects.select_related("offering")}
    assert found == {"A": (2000, "EUR"), "B": (3, "")}
    assert outcomes(batch) == ["new", "new", "invalid"]


def test_headings_and_repeated_headers_are_skipped(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(("Models of Acme",), ONE, HEADER, ("1) preview only",)), **terms)
    assert outcomes(batch) == ["skip", "new", "skip", "skip"]
    assert Vendor.objects.count() == 1


def test_regions_are_kept_with_the_row_and_place_nothing(terms: dict[str, Any]) -> None:
    imported(as_csv(("Acme", "Swift", "eu-west-1"), header=("Provider", "Model", "Regions")), **terms)
    assert not Offering.objects.get().places.exists()
    assert Row.objects.get().raw[2] == "eu-west-1"
