"""What sources state, what becomes current, and that saying it twice changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from riskassess.catalog import services
from riskassess.catalog.models import AIModel, Offering, Price, Source, SourcedValue, Vendor
from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.stated import NotApplicable

pytestmark = pytest.mark.django_db


@pytest.fixture
def microsoft() -> Vendor:
    return services.get_or_make_vendor("Microsoft", aliases=["MSFT"], hq_country="US")[0]


@pytest.fixture
def model(microsoft: Vendor) -> AIModel:
    return services.get_or_make_model(microsoft, "MAI-Thinking-1")[0]


def source(title: str, day: str, by: Vendor | None = None) -> Source:
    publisher = by.name if by else "Somebody"
    return services.get_or_make_source(
        title,
        publisher,
        publisher_vendor=by,
        kind="vendor_document" if by else "press",
        published_on=date.fromisoformat(day),
    )[0]


def test_a_vendor_is_found_by_an_alias_in_any_capitals(microsoft: Vendor):
    assert services.get_or_make_vendor("msft") == (microsoft, False)


def test_an_unknown_column_is_filled_and_a_known_one_stays(microsoft: Vendor):
    services.get_or_make_vendor("Microsoft", hq_country="IE", website="https://www.microsoft.com")
    microsoft.refresh_from_db()
    assert (microsoft.hq_country, microsoft.website) == ("US", "https://www.microsoft.com")


def test_a_model_is_the_same_in_other_capitals_and_another_in_another_version(
    microsoft: Vendor, model: AIModel
):
    assert services.get_or_make_model(microsoft, "mai-thinking-1")[0] == model
    assert services.get_or_make_model(microsoft, "MAI-Thinking-1", "2026-06-01")[1]


def test_a_model_whose_name_nobody_knows_goes_by_its_label(microsoft: Vendor):
    unnamed, made = services.get_or_make_model(microsoft, None, label="Seventh model, unnamed")
    assert made
    assert (unnamed.name, str(unnamed)) == (None, "Seventh model, unnamed")
    assert not services.get_or_make_model(microsoft, None, label="Seventh model, unnamed")[1]


def test_two_names_that_read_alike_get_two_addresses(microsoft: Vendor):
    spaced, _ = services.get_or_make_model(microsoft, "A B")
    joined, _ = services.get_or_make_model(microsoft, "A-B")
    assert spaced.slug == "microsoft-a-b"
    assert joined.slug.startswith("microsoft-a-b-")


def test_the_vendors_own_word_beats_the_press_however_new(microsoft: Vendor, model: AIModel):
    services.record_value(
        model, "context_tokens", value=256_000, source=source("Docs", "2026-06-10", microsoft)
    )
    services.record_value(model, "context_tokens", value=128_000, source=source("News", "2026-11-01"))
    model.refresh_from_db()
    assert model.context_tokens == 256_000
    assert SourcedValue.objects.of(model).count() == 2


def test_of_two_first_party_values_the_newest_is_current_whatever_the_order(
    microsoft: Vendor, model: AIModel
):
    services.record_value(
        model, "context_tokens", value=256_000, source=source("Docs", "2026-10-05", microsoft)
    )
    services.record_value(
        model, "context_tokens", value=64_000, source=source("Old docs", "2026-06-02", microsoft)
    )
    model.refresh_from_db()
    assert model.context_tokens == 256_000


def test_a_subsidiary_speaks_for_its_parents_model(microsoft: Vendor, model: AIModel):
    github, _ = services.get_or_make_vendor("GitHub", parent=microsoft)
    value, _ = services.record_value(model, "price", value="x", source=source("Docs", "2026-08-01", github))
    assert value.first_party


def test_not_applicable_is_kept_apart_from_unknown(microsoft: Vendor, model: AIModel):
    paper = source("Docs", "2026-06-02", microsoft)
    services.record_value(model, "context_tokens", state="not_applicable", source=paper)
    model.refresh_from_db()
    assert isinstance(model.stated("context_tokens"), NotApplicable)
    services.record_value(
        model, "context_tokens", value=1000, source=paper, as_of=date(2026, 7, 1), raw="1,000"
    )
    model.refresh_from_db()
    assert (model.context_tokens, model.not_applicable) == (1000, [])


def test_saying_it_twice_adds_nothing(microsoft: Vendor, model: AIModel):
    paper = source("Docs", "2026-06-02", microsoft)
    first, made = services.record_value(model, "systemic_risk", state="unknown", source=paper)
    again, made_again = services.record_value(model, "systemic_risk", state="unknown", source=paper)
    assert (first, made, made_again) == (again, True, False)


def test_an_imported_value_is_written_down_before_another_source_meets_it(microsoft: Vendor, model: AIModel):
    sheet = Source.objects.create(
        title="catalog.xlsx", publisher="Somebody", kind="analyst", file_sha256="0" * 64, sheet="models",
        published_on=date(2026, 11, 1), columns={"context_tokens": {"column": "K"}},
    )  # fmt: skip
    AIModel.objects.filter(pk=model.pk).update(origin=sheet, origin_row=12, context_tokens=200_000)
    model.refresh_from_db()
    services.record_value(model, "context_tokens", value=1, source=source("Old news", "2026-01-01"))
    model.refresh_from_db()
    assert model.context_tokens == 200_000
    assert SourcedValue.objects.get(source=sheet).cell == "K12"


def test_a_value_that_no_column_can_hold_is_refused_by_name(microsoft: Vendor, model: AIModel):
    with pytest.raises(InvalidInput, match="context_tokens"):
        services.record_value(model, "context_tokens", value="many", source=source("News", "2026-01-01"))


def test_a_price_is_kept_once_and_free_is_not_the_same_as_not_applicable(microsoft: Vendor, model: AIModel):
    offering, _ = services.get_or_make_offering(model, microsoft, "MAI-Thinking-1", "Microsoft Foundry")
    paper = source("Price map", "2026-11-01")
    day = date(2026, 11, 1)
    for _ in range(2):
        services.add_price(offering, "input", Decimal("0"), source=paper, as_of=day)
        services.add_price(offering, "cache_write", None, source=paper, as_of=day)
    assert [price.shown for price in Price.objects.order_by("kind")] == ["not applicable", "free"]


def test_a_place_nobody_has_named_is_one_place(microsoft: Vendor, model: AIModel):
    offering, _ = services.get_or_make_offering(model, microsoft, "MAI-Thinking-1", "Microsoft Foundry")
    paper = source("Docs", "2026-06-02", microsoft)
    for _ in range(2):
        services.add_place(offering, "access", source=paper)
    assert [place.country for place in Offering.objects.get().places.all()] == [None]
