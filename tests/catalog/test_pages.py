"""The pages of the catalog: unknown is said so, conflicts are kept, every value leads to its source."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from riskassess.catalog.models import OfferingPlace, Subprocessor
from tests.builders import (
    make_model,
    make_offering,
    make_price,
    make_region,
    make_sheet,
    make_source,
    make_value,
    make_vendor,
)
from tests.queries import FRAME, assert_queries


class TestOffering:
    def test_every_party_has_its_place_and_an_unknown_one_says_so(self, as_ana: Client) -> None:
        microsoft, anthropic = make_vendor("Microsoft", hq_country="US"), make_vendor("Anthropic")
        model = make_model("Claude", developer=anthropic)
        offering = make_offering(model, seller=microsoft, host=anthropic)

        page = as_ana.get(offering.get_absolute_url()).content.decode()

        roles = ("Developer", "Seller", "Contracting entity", "Model operator", "Infrastructure", "Host")
        places = [page.index(f'<span class="eyebrow">{role}</span>') for role in roles]
        assert places == sorted(places)
        assert page.count('class="node unknown"') == 3
        assert "United States" in page

    def test_free_unknown_and_not_applicable_are_three_things(self, as_ana: Client) -> None:
        offering = make_offering()
        make_price(offering, "input", "0")
        make_price(offering, "output", None)

        page = as_ana.get(offering.get_absolute_url()).content.decode()
        row = as_ana.get("/offerings/").content.decode()

        assert '<use href="#free"/></svg>Free' in page
        assert '<use href="#na"/></svg>Not applicable' in page
        assert "Free" in row
        assert "Not applicable" in row

    def test_no_price_on_record_is_unknown_not_blank(self, as_ana: Client) -> None:
        page = as_ana.get(make_offering().get_absolute_url()).content.decode()

        assert "no price on record" in page

    def test_the_newest_price_is_current_and_the_earlier_one_stays(self, as_ana: Client) -> None:
        offering = make_offering()
        make_price(offering, amount="3.00", as_of=date(2026, 6, 1))
        make_price(offering, amount="2.00", as_of=date(2026, 11, 1))

        page = as_ana.get(offering.get_absolute_url()).content.decode()

        assert page.index("2.00") < page.index("Input, earlier") < page.index("3.00")

    def test_an_imported_price_leads_to_its_cell(self, as_ana: Client) -> None:
        offering = make_offering()
        make_price(offering, source=make_sheet(), row=1204)

        assert ">N1204</a>" in as_ana.get(offering.get_absolute_url()).content.decode()

    def test_a_place_nobody_named_differs_from_no_place_at_all(self, as_ana: Client) -> None:
        offering = make_offering()
        OfferingPlace.objects.create(offering=offering, role="inference", country=None)

        page = as_ana.get(offering.get_absolute_url()).content.decode()

        assert "A further place nobody has named" in page
        assert page.count("counts as anywhere") == 2

    def test_only_a_data_zone_has_a_zone(self, as_ana: Client) -> None:
        page = as_ana.get(make_offering(deployment="global").get_absolute_url()).content.decode()

        zone = page.split(">Zone<")[1].split("</tr>")[0]
        assert "Not applicable" in zone

    def test_who_may_request_is_offered_to_assess_it_and_others_are_not(
        self, as_ana: Client, as_dora: Client
    ) -> None:
        offering = make_offering()

        assert "Assess this offering" in as_ana.get(offering.get_absolute_url()).content.decode()
        assert "Assess this offering" not in as_dora.get(offering.get_absolute_url()).content.decode()


class TestConflict:
    @pytest.fixture
    def page(self, as_ana: Client) -> str:
        vendor = make_vendor("Microsoft")
        model = make_model("MAI-Thinking-1", developer=vendor, context_tokens=256_000)
        docs = make_source("Model card", publisher_vendor=vendor)
        press = make_source("Launch day", publisher="CNBC")
        make_value(model, "context_tokens", 128_000, source=press, as_of=date(2026, 12, 1))
        make_value(model, "context_tokens", 256_000, source=docs, as_of=date(2026, 10, 5), first_party=True)
        return as_ana.get(model.get_absolute_url()).content.decode()

    def test_both_values_stand_with_source_and_day(self, page: str) -> None:
        for text in ("256,000", "128,000", "Model card", "Launch day", "5 Oct 2026", "1 Dec 2026"):
            assert text in page

    def test_the_first_party_value_is_current_even_where_press_is_newer(self, page: str) -> None:
        assert '<span class="current">256,000 tokens</span>' in page
        assert "256,000 tokens against 128,000 tokens" in page

    def test_sources_that_agree_are_no_conflict(self, as_ana: Client) -> None:
        model = make_model("Quiet", context_tokens=8_000)
        for _ in range(2):
            make_value(model, "context_tokens", 8_000)

        assert "Conflict kept" not in as_ana.get(model.get_absolute_url()).content.decode()


class TestModel:
    def test_a_model_without_a_name_has_a_page(self, as_ana: Client) -> None:
        model = make_model(None, label="Seventh model, unnamed")

        page = as_ana.get(model.get_absolute_url()).content.decode()

        assert "<h1>Seventh model, unnamed</h1>" in page
        assert "Name unknown" in page

    def test_what_does_not_apply_is_not_unknown(self, as_ana: Client) -> None:
        model = make_model("Voice", not_applicable=["context_tokens"])

        row = as_ana.get("/models/?q=voice").content.decode()

        assert "Not applicable" in row.split('data-l="Context, tokens"')[1].split("</td>")[0]
        assert "Not applicable" in as_ana.get(model.get_absolute_url()).content.decode()

    def test_a_version_that_looks_like_a_day_stays_as_it_is_written(self, as_ana: Client) -> None:
        model = make_model("Dated", version="2026-06-01", placed_on_eu_market=date(2026, 6, 1))

        page = as_ana.get(model.get_absolute_url()).content.decode()

        assert "2026-06-01" in page.split(">Version<")[1].split("</tr>")[0]
        assert "1 Jun 2026" in page.split(">Placed on the EU market<")[1].split("</tr>")[0]

    def test_a_hostile_name_is_only_text(self, as_ana: Client) -> None:
        model = make_model("<script>alert(1)</script>", slug="hostile")

        for address in (model.get_absolute_url(), "/models/", "/search/?q=alert"):
            assert "<script>alert" not in as_ana.get(address).content.decode()


class TestRegion:
    def test_sweden_is_in_the_union(self, as_ana: Client) -> None:
        region = make_region(make_vendor("Microsoft"), "swedencentral", country="SE")

        page = as_ana.get(region.get_absolute_url()).content.decode()

        assert "Yes" in page.split("European Union")[1].split("</tr>")[0]

    def test_brazil_is_adequate_since_january_with_its_act(self, as_ana: Client) -> None:
        page = as_ana.get(make_region(country="BR").get_absolute_url()).content.decode()

        adequate = page.split("Adequate protection")[1].split("</tr>")[0]
        assert "26 Jan 2026" in adequate
        assert "2026/179" in adequate

    def test_an_unknown_country_is_in_no_zone_for_certain(self, as_ana: Client) -> None:
        page = as_ana.get(make_region(country=None).get_absolute_url()).content.decode()

        assert "Unknown" in page.split("European Union")[1].split("</tr>")[0]


class TestSource:
    def test_it_shows_what_would_fall_with_it(self, as_ana: Client) -> None:
        source = make_source("Model card")
        model = make_model("MAI-Thinking-1")
        make_value(model, "context_tokens", 256_000, source=source)
        make_price(make_offering(model), source=source)

        page = as_ana.get(source.get_absolute_url()).content.decode()

        assert "256,000" in page
        assert "2.00 USD per 1M tokens" in page

    def test_nothing_rests_on_a_new_one(self, as_ana: Client) -> None:
        assert "Nothing yet." in as_ana.get(make_source().get_absolute_url()).content.decode()


LIST = (*FRAME, "which rows, and one more", "these rows with what they point to")


class TestQueries:
    """The number does not grow with the rows."""

    @pytest.fixture(autouse=True)
    def _rows(self, db: None) -> None:
        for number in range(3):
            vendor = make_vendor(f"Maker {number}", slug=f"maker-{number}")
            sheet = make_sheet(f"{number}.xlsx")
            model = make_model(
                f"Model {number}", slug=f"model-{number}", developer=vendor, origin=sheet, origin_row=2
            )
            for channel in ("Foundry", "Router"):
                offering = make_offering(
                    model,
                    seller=vendor,
                    host=vendor,
                    channel=channel,
                    slug=f"offering-{number}-{channel.lower()}",
                )
                make_price(offering)
                make_value(offering, "stage", "preview")
                place = make_region(vendor, country="SE")
                OfferingPlace.objects.create(offering=offering, role="inference", region=place, country="SE")
                Subprocessor.objects.create(offering=offering, vendor=vendor)
            make_value(model, "context_tokens", 8_000)

    def test_lists(self, as_ana: Client) -> None:
        assert_queries(as_ana, "/vendors/", LIST)
        assert_queries(as_ana, "/models/", LIST)
        assert_queries(as_ana, "/regions/", LIST)
        assert_queries(as_ana, "/sources/", LIST)
        assert_queries(as_ana, "/offerings/", (*LIST, "the prices of these rows"))

    def test_a_model(self, as_ana: Client) -> None:
        reasons = (
            "the model",
            "who else made it",
            "its stated values with sources",
            "its offerings",
            "their prices",
        )
        assert_queries(as_ana, "/models/model-1/", (*FRAME, *reasons))

    def test_an_offering(self, as_ana: Client) -> None:
        reasons = (
            "the offering with its parties", "its places", "their regions", "its sub-processors",
            "who these are", "its stated values with sources", "its prices with sources",
            "where it is offered, with lists",
        )  # fmt: skip
        assert_queries(as_ana, "/offerings/offering-1-foundry/", (*FRAME, *reasons))

    def test_a_region_and_a_source(self, as_ana: Client) -> None:
        region, source = make_region(), make_source()
        kinds = ("values", "prices", "claims", "coverage", "imported offerings", "what is only counted")
        imports = ("the imports of those units",)

        assert_queries(as_ana, region.get_absolute_url(), (*FRAME, "the region", "the offerings in it"))
        reasons = (*FRAME, "the source", *kinds, *imports)
        assert_queries(as_ana, source.get_absolute_url(), reasons)
