"""Lists that are no catalog: regions, vendors, and the sheets that are refused with a sentence about what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Region, Source, SourcedValue, Vendor, VendorAlias
from riskassess.imports import services
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.registry import SHAPES
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.countries import country_of
from tests.builders import make_region, make_source, make_vendor
from tests.imports.sheets import EXCERPTS, as_csv, counted, imported, outcomes, previewed, uploaded

REGIONS = (EXCERPTS / "cloud_regions.csv").read_bytes()
VENDORS = ("Supplier", "HQ country", "Parent company", "LEI", "Also known as", "Website")
A_LEI, ANOTHER_LEI = "INR2EJN1ERAN0W5ZP974", "EXAMPLE0000000ACME80"


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


# --- regions ------------------------------------------------------------------------------------------


def test_a_region_list_becomes_regions_with_country_and_type(terms: dict[str, Any]) -> None:
    batch = imported(REGIONS, **terms)
    assert batch.shape == "regions"
    assert counted(batch) == {"read": 12, "new": 12}
    amsterdam = Region.objects.get(code="westeurope")
    assert (amsterdam.provider.name, amsterdam.country, amsterdam.city) == (
        "Microsoft Azure",
        "NL",
        "Amsterdam",
    )
    assert Region.objects.get(code="eastasia").country == "HK"
    kinds = dict(Region.objects.exclude(kind="commercial").values_list("code", "kind"))
    assert kinds == {
        "usgovvirginia": "government",
        "chinaeast2": "china",
        "uk-gov-london-1": "government",
        "eu-frankfurt-2": "sovereign",
    }


def test_a_region_of_an_imported_list_leads_to_its_cells(terms: dict[str, Any]) -> None:
    imported(REGIONS, name="cloud_regions.csv", **terms)
    source = Source.objects.get(file_name="cloud_regions.csv")
    assert Region.objects.filter(source=source).count() == 12
    assert source.cell("country", 8) == "G8"
    assert source.cell("region_code", 8) == "C8"


def test_the_same_list_again_changes_nothing(terms: dict[str, Any]) -> None:
    imported(REGIONS, **terms)
    again = imported(REGIONS, **terms)
    assert counted(again) == {"read": 12, "unchanged": 12}
    assert Region.objects.count() == 12


def test_a_region_on_record_is_filled_in_and_what_another_source_said_stays(terms: dict[str, Any]) -> None:
    azure = make_vendor("Microsoft Azure")
    record = make_region(
        azure, "westeurope", display_name="Western Europe", country="NL", source=make_source()
    )
    later = make_source(published_on=None)
    other = make_region(azure, "swedencentral", display_name="Gävle", country="NO", source=later)
    batch = imported(REGIONS, **terms)
    record.refresh_from_db()
    other.refresh_from_db()
    assert (record.city, record.display_name) == ("Amsterdam", "West Europe")  # the list is the newer word
    assert (other.city, other.display_name, other.country) == ("Gävle", "Gävle", "NO")  # of an unknown day
    notes = [note["note"] for note in batch.rows.get(number=8).notes]
    assert notes == ["“Sweden Central” differs from “Gävle” on record, which stays",
                     "“Sweden” differs from “Norway” on record, which stays"]  # fmt: skip


def test_the_provider_may_hold_for_the_whole_list_and_the_code_may_tell_the_type(
    terms: dict[str, Any],
) -> None:
    rows = as_csv(("usgovtexas", "US"), ("chinanorth3", "China"), ("moonbase", "The Moon"), ("usgovtexas", "US"),
                  header=("Region code", "Country"))  # fmt: skip
    batch = imported(rows, default_vendor="Acme Cloud", **terms)
    assert outcomes(batch) == ["new", "new", "new", "skip"]
    assert dict(Region.objects.values_list("code", "kind")) == {
        "usgovtexas": "government", "chinanorth3": "china", "moonbase": "commercial",
    }  # fmt: skip
    moon = batch.rows.get(number=4)
    assert Region.objects.get(code="moonbase").country is None
    assert moon.notes[0]["note"] == "“The Moon” is no country we know; the country stays as it is"
    assert batch.rows.get(number=5).problems[0]["what"] == "“usgovtexas” of Acme Cloud is in A2 already."


def test_codes_are_told_from_names_by_what_they_look_like(terms: dict[str, Any]) -> None:
    header = ("Region", "Geography", "Physical location", "Programmatic name")
    rows = as_csv(("East US", "United States", "Virginia", "eastus"),
                  ("Sweden Central", "Sweden", "Gävle", "swedencentral"), header=header)  # fmt: skip
    imported(rows, default_vendor="Microsoft Azure", **terms)
    assert set(Region.objects.values_list("code", "display_name", "country")) == {
        ("eastus", "East US", "US"), ("swedencentral", "Sweden Central", "SE"),
    }  # fmt: skip
    bare = uploaded(
        as_csv(("us-east-1", "US East"), ("eu-west-3", "Paris"), header=("Code", "Name")), **terms
    )
    assert bare.shape == "regions"


def test_without_a_provider_the_columns_are_not_complete(terms: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="whose regions"):
        previewed(as_csv(("westeurope", "NL"), header=("Region code", "Country")), **terms)


@pytest.mark.parametrize(
    ("text", "code"),
    [("NL", "NL"), ("nld", "NL"), ("South Korea", "KR"), ("UAE", "AE"), ("Virginia, United States", "US"),
     ("US-VA", "US"), ("Türkiye", "TR"), ("", None), ("Atlantis", None)],
)  # fmt: skip
def test_countries_are_known_by_their_codes_and_usual_names(text: str, code: str | None) -> None:
    assert country_of(text) == code


# --- vendors ------------------------------------------------------------------------------------------


def test_a_vendor_list_becomes_vendors_with_parents_and_other_names(terms: dict[str, Any]) -> None:
    rows = as_csv(
        ("Acme GmbH", "Germany", "Acme Group", A_LEI, "Acme; ACME AI", "https://acme.example"),
        ("Globex", "US", "", "", "", ""),
        header=VENDORS,
    )
    batch = imported(rows, **terms)
    assert (batch.shape, outcomes(batch)) == ("vendors", ["new", "new"])
    acme = Vendor.objects.get(name="Acme GmbH")
    assert acme.parent is not None
    assert (acme.hq_country, acme.lei, acme.parent.name) == ("DE", A_LEI, "Acme Group")
    assert set(VendorAlias.objects.filter(vendor=acme).values_list("name", flat=True)) == {"Acme", "ACME AI"}
    assert outcomes(imported(rows, **terms)) == ["unchanged", "unchanged"]


def test_an_identifier_with_wrong_check_digits_is_refused_with_its_cell(terms: dict[str, Any]) -> None:
    swapped = A_LEI[:2] + A_LEI[3] + A_LEI[2] + A_LEI[4:]
    batch = previewed(as_csv(("Acme", "DE", "", swapped, "", ""), header=VENDORS), **terms)
    (problem,) = batch.rows.get().problems
    assert (problem["cell"], outcomes(batch)) == ("D2", ["invalid"])
    assert "check digits" in problem["what"]


def test_what_is_known_of_a_vendor_stays_and_another_country_is_kept_beside_it(terms: dict[str, Any]) -> None:
    acme = make_vendor("Acme", hq_country="FR", lei=ANOTHER_LEI)
    batch = imported(as_csv(("Acme", "Germany", "", A_LEI, "", ""), header=VENDORS), **terms)
    acme.refresh_from_db()
    assert (acme.hq_country, acme.lei) == ("FR", ANOTHER_LEI)
    beside = SourcedValue.objects.get(vendor=acme)
    assert (beside.value, beside.raw, beside.cell) == ("DE", "Germany", "B2")
    assert {note["cell"] for note in batch.rows.get().notes} == {"B2", "D2"}
    again = imported(as_csv(("Acme", "Germany", "", A_LEI, "", ""), header=VENDORS), **terms)
    assert outcomes(again) == ["unchanged"]


def test_a_company_is_found_by_its_identifier_under_another_name(terms: dict[str, Any]) -> None:
    acme = make_vendor("Acme", lei=A_LEI)
    imported(as_csv(("Acme Deutschland GmbH", "DE", "", A_LEI, "", ""), header=VENDORS), **terms)
    assert Vendor.objects.named("Acme Deutschland GmbH") == acme


def test_no_company_is_made_its_own_grandparent(terms: dict[str, Any]) -> None:
    rows = as_csv(("Acme", "", "Globex", "", "", ""), ("Globex", "", "Acme", "", "", ""), header=VENDORS)
    batch = imported(rows, **terms)
    assert Vendor.objects.get(name="Globex").parent is None
    assert "a circle" in batch.rows.get(number=3).notes[0]["note"]


def test_lists_are_undone_exactly(terms: dict[str, Any]) -> None:
    acme = make_vendor("Acme")
    rows = as_csv(
        ("Acme", "DE", "Globex", A_LEI, "ACME AI", ""), ("Sub", "", "Acme", "", "", ""), header=VENDORS
    )
    listed = imported(rows, **terms)
    regions = imported(REGIONS, **terms)
    services.undo(regions, by=terms["by"])
    services.undo(listed, by=terms["by"])
    acme.refresh_from_db()
    assert (acme.hq_country, acme.lei, acme.parent) == (None, None, None)
    assert list(Vendor.objects.all()) == [acme]
    left = [kind for kind in (Region, Source, VendorAlias) if kind._default_manager.exists()]
    assert left == []


# --- refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "row", "shape", "sentence"),
    [
        (("ID", "Type", "Question", "Choices", "Condition"), ("q1", "radio", "Do you?", "yes/no", ""),
         "questions", "questionnaire without answers"),
        (("Indicator", "Acme", "Globex", "Initech"), ("Data sources", 1, 0, 1), "scores", "table of scores"),
        (("Country ISO2", "Country", "EU member", "EEA", "Adequacy"), ("NO", "Norway", "no", "yes", "n/a"),
         "countries", "standing in law"),
    ],
)  # fmt: skip
def test_what_is_no_catalog_is_refused_with_a_sentence_about_what_it_is(
    header: tuple[str, ...], row: tuple[Any, ...], shape: str, sentence: str, terms: dict[str, Any]
) -> None:
    batch = uploaded(as_csv(row, header=header), terms["by"], terms["unit"])
    assert batch.shape == shape
    with pytest.raises(InvalidInput, match=sentence) as refused:
        services.settle_columns(batch, {}, by=terms["by"])
    assert "choose another shape" in refused.value.hint


# --- the person decides -------------------------------------------------------------------------------


def test_the_columns_page_says_what_the_sheet_seems_to_be_and_why(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    batch = uploaded(REGIONS, terms["by"], terms["unit"])
    page = as_ana.get(reverse("imports:columns", args=[batch.pk])).content.decode()
    assert "Cloud region list" in page
    assert "it has “region_code”, “country”" in page
    assert "Longitude (kept, not stored)" in page


def test_a_person_reads_the_sheet_as_another_shape(as_ana: Client, terms: dict[str, Any]) -> None:
    batch = uploaded(REGIONS, terms["by"], terms["unit"])
    chosen = {"sheet": batch.sheet, "header_row": 1, "shape": "vendors"}
    as_ana.post(reverse("imports:sheet", args=[batch.pk]), chosen)
    batch.refresh_from_db()
    assert batch.shape == "vendors"
    assert {column["field"] for column in batch.mapping.values()} >= {"name", "country"}
    assert batch.guesses[0]["shape"] == "regions"


def test_a_shape_that_does_not_exist_is_named(terms: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="no shape “circle”") as refused:
        uploaded(REGIONS, terms["by"], terms["unit"], shape="circle")
    assert "regions" in refused.value.hint


def test_the_documentation_names_every_shape() -> None:
    text = (Path(__file__).parents[2] / "docs" / "shapes.md").read_text(encoding="utf-8")
    assert [name for name in SHAPES if f"| `{name}` |" not in text] == []
    assert set(SHAPES) == set(ShapeName)
