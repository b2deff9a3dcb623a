"""Models down, regions across: tick, dash and blank are three things, and deployment types never mix."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.gather import gather
from riskassess.catalog.models import Availability, Offering, OfferingPlace, Source
from riskassess.imports import services
from riskassess.imports.models import Row
from riskassess.imports.shapes.across import model_in
from riskassess.imports.shapes.deployments import deployment_in
from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.stated import Known
from riskassess.scoring.method import load_method
from tests.builders import TODAY, make_assessment, make_model, make_offering, make_region, make_vendor
from tests.imports.sheets import EXCERPTS, as_csv, counted, imported, outcomes, previewed, uploaded
from tests.queries import FRAME, assert_queries

MATRIX = (EXCERPTS / "region_matrix.xlsx").read_bytes()
METHOD = load_method()
HEADER = ("Model", "Version", "westeurope", "eastus", "swedencentral")


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


@pytest.fixture
def microsoft(terms: dict[str, Any]) -> dict[str, Any]:
    return {**terms, "name": "matrix.xlsx", "default_vendor": "Microsoft"}


def marks(name: str = "gpt-4o", version: str = "2024-08-06") -> set[tuple[str, str, str, str]]:
    rows = Availability.objects.filter(offering__name=name, offering__model__version=version)
    return set(rows.values_list("deployment", "scope", "code", "mark"))


def test_every_mark_of_a_two_row_header_lands_under_its_region(microsoft: dict[str, Any]) -> None:
    batch = imported(MATRIX, **microsoft, sheet="Global standard (wide)")
    assert batch.shape == "matrix"
    assert counted(batch) == {"read": 5, "new": 5}
    assert Availability.objects.count() == 5 * 5  # every cell of the table
    assert marks("codex-mini", "2025-05-16") == {
        ("Global standard", "global", "brazilsouth", "no"),
        ("Global standard", "global", "eastus", "no"),
        ("Global standard", "global", "francecentral", "no"),
        ("Global standard", "global", "norwayeast", "no"),
        ("Global standard", "global", "swedencentral", "yes"),
    }
    one = Availability.objects.get(offering__name="codex-mini", code="swedencentral")
    assert (one.cell, one.raw, one.stated_on) == ("G3", "✅", TODAY)


def test_sheets_of_other_deployment_types_stay_apart(microsoft: dict[str, Any]) -> None:
    for sheet in ("Global standard (wide)", "DZ Europe", "SR Europe"):
        imported(MATRIX, **microsoft, sheet=sheet)
    norway = {mark[:2] + mark[3:] for mark in marks() if mark[2] == "norwayeast"}
    assert norway == {
        ("Global standard", "global", "yes"),
        ("Data Zone standard", "data_zone", "no"),
        ("Standard/Regional", "regional", "no"),
    }
    assert Offering.objects.filter(name="gpt-4o").count() == 3  # one for each version, not one for each sheet
    assert Offering.objects.get(name="whisper").model.version == "001"


def test_a_small_continent_is_a_matrix_too(terms: dict[str, Any]) -> None:
    batch = uploaded(MATRIX, name="matrix.xlsx", sheet="GS MEA", **terms)
    assert batch.shape == "matrix"
    assert [batch.mapping[at]["field"] for at in "ABCD"] == ["model_name", "version", "mark", "mark"]
    assert batch.mapping["C"]["deployment"] == "Global standard"


def test_yes_no_blank_and_not_applicable_are_four_things(terms: dict[str, Any]) -> None:
    ticked = [(f"M-{at}", "1", "✅", "✅", "✅") for at in range(12)]
    rows = as_csv(("Swift", "1", "Yes", "-", ""), ("Slow", "1", "N/A", "✅", "maybe"), *ticked, header=HEADER)
    batch = imported(rows, default_vendor="Acme", **terms)
    marked = Availability.objects.filter(offering__name__startswith="S")
    said = set(marked.values_list("offering__name", "code", "mark", "raw"))
    assert said == {
        ("Swift", "westeurope", "yes", "Yes"),
        ("Swift", "eastus", "no", "-"),
        ("Slow", "westeurope", "n/a", "N/A"),
        ("Slow", "eastus", "yes", "✅"),
    }
    blank, odd = (row.notes for row in batch.rows.order_by("number")[:2])
    assert blank == [
        {"cell": "A2", "field": "mark", "note": "blank under swedencentral: not listed, so nothing is known"}
    ]
    assert [(note["cell"], "maybe" in note["note"]) for note in odd] == [("E3", True)]


def test_the_same_sheet_again_changes_nothing(
    microsoft: dict[str, Any],
) -> None:
    imported(MATRIX, **microsoft, sheet="DZ Europe")
    again = imported(MATRIX, **microsoft, sheet="DZ Europe")
    assert counted(again) == {"read": 6, "unchanged": 4, "skipped": 2}  # a title, a note
    assert Availability.objects.count() == 12


def test_two_lists_that_disagree_are_both_kept_and_the_newer_is_current(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    old = as_csv(("Swift", "1", "✅", "✅", "✅"), header=HEADER)
    new = as_csv(("Swift", "1", "-", "✅", "✅"), header=HEADER)
    imported(old, default_vendor="Acme", name="old.csv", on=date(2026, 1, 1), **terms)
    batch = imported(new, default_vendor="Acme", name="new.csv", **terms)
    (note,) = batch.rows.get().notes
    assert note["note"] == "westeurope: no here, yes in another list; both are kept"
    page = as_ana.get(Offering.objects.get().get_absolute_url()).content.decode()
    assert "Yes (old.csv, sheet old, C2)" in page


def test_an_offering_through_one_channel_is_the_one_the_matrix_speaks_of(terms: dict[str, Any]) -> None:
    acme = make_vendor("Acme")
    model = make_model("Swift", version="1")
    offering = make_offering(
        model, seller=acme, channel="Data Zone Standard", identity="acme|swift|1|data zone standard"
    )
    imported(as_csv(("Swift", "1", "✅", "✅", "✅"), header=HEADER), default_vendor="Acme", **terms)
    assert set(Availability.objects.values_list("offering", flat=True)) == {offering.pk}


def test_a_region_on_record_is_named_and_an_unknown_one_stays_text(terms: dict[str, Any]) -> None:
    cloud = make_vendor("Acme Cloud")
    sweden = make_region(cloud, "swedencentral", country="SE")
    imported(as_csv(("Swift", "1", "✅", "✅", "✅"), header=HEADER), default_vendor="Acme", **terms)
    assert dict(Availability.objects.values_list("code", "region")) == {
        "swedencentral": sweden.pk, "westeurope": None, "eastus": None,
    }  # fmt: skip


def test_a_region_list_names_the_places_of_a_matrix_that_came_before(terms: dict[str, Any]) -> None:
    imported(as_csv(("Swift", "1", "✅", "✅", "✅"), header=HEADER), default_vendor="Acme", **terms)
    regions = as_csv(("Acme Cloud", "westeurope", "NL"), header=("Provider", "Region code", "Country"))
    batch = imported(regions, **terms)
    place = Availability.objects.get(code="westeurope")
    assert place.region is not None
    assert place.region.country == "NL"
    services.undo(batch, by=terms["by"])
    place.refresh_from_db()
    assert place.region is None


def test_the_offerings_page_shows_regions_by_type_with_their_sources(
    as_ana: Client, microsoft: dict[str, Any]
) -> None:
    for sheet in ("Global standard (wide)", "SR Europe"):
        imported(MATRIX, **microsoft, sheet=sheet)
    address = Offering.objects.get(name="gpt-4o", model__version="2024-05-13").get_absolute_url()
    page = as_ana.get(address).content.decode()
    assert "Where it is offered" in page
    assert (
        page.count('data-l="Standard/Regional"') == page.count('data-l="Global standard"') == 5
    )  # on a phone
    assert "Not listed" in page  # eastus is no region of the European sheet
    assert "matrix.xlsx, sheet SR Europe" in page
    reasons = [*FRAME, "the offering with its parties", "its places", "its sub-processors",
               "what is stated of it", "its prices", "where it is offered, with regions and lists"]  # fmt: skip
    assert_queries(as_ana, address, reasons)


def test_an_import_of_marks_is_undone_exactly(microsoft: dict[str, Any]) -> None:
    batch = imported(MATRIX, **microsoft, sheet="DZ Europe")
    services.undo(batch, by=microsoft["by"])
    left = [kind for kind in (Availability, Offering, Source) if kind._default_manager.exists()]
    assert left == []


def test_a_person_names_the_deployment_type_that_the_sheet_does_not(terms: dict[str, Any]) -> None:
    rows = as_csv(("Swift", "1", "✅", "-", "✅"), header=HEADER)
    choice = {letters: {"field": "mark", "deployment": "Regional"} for letters in "CDE"}
    imported(rows, default_vendor="Acme", choices=choice, **terms)
    assert set(Availability.objects.values_list("deployment", "scope")) == {("Regional", "regional")}


def test_a_row_of_another_type_of_the_same_model_is_no_repetition(terms: dict[str, Any]) -> None:
    header = ("Model", "Deployment type", "westeurope", "eastus", "swedencentral")
    rows = as_csv(("Swift", "Global Standard", "✅", "✅", "✅"), ("Swift", "Data Zone", "✅", "-", "✅"),
                  ("Swift", "Data Zone", "✅", "-", "✅"), header=header)  # fmt: skip
    batch = imported(rows, default_vendor="Acme", **terms)
    assert outcomes(batch) == ["new", "update", "skip"]
    assert Offering.objects.count() == 1
    assert Availability.objects.filter(scope="data_zone").count() == 3


def test_marks_without_models_or_seller_are_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="who sells the models"):
        previewed(as_csv(("Swift", "1", "✅", "-", "✅"), header=HEADER), **terms)


@pytest.mark.parametrize(
    ("text", "name", "scope"),
    [
        ("Global standard – Europe", "Global standard", "global"),
        ("Standard/Regional – Asia Pacific", "Standard/Regional", "regional"),
        ("Data Zone Standard (US)", "Data Zone Standard", "data_zone"),
        ("GlobalStandard", "GlobalStandard", "global"),
        ("DZ Europe", "Data zone standard", "data_zone"),
        ("Cross-region inference", "Cross-region inference", "data_zone"),
        ("In-region", "In-region", "regional"),
    ],
)
def test_deployment_types_are_known_by_their_usual_names(text: str, name: str, scope: str) -> None:
    found = deployment_in(text)
    assert found is not None
    assert (found.name, found.scope) == (name, scope)


def test_a_continent_is_no_deployment_type() -> None:
    assert deployment_in("Americas") is None


def test_regions_may_stand_down_and_models_across(terms: dict[str, Any]) -> None:
    header = ("Region", "gpt-4o, 2024-05-13", "gpt-4o, 2024-08-06", "**whisper**, **001**")
    rows = as_csv(
        ("eastus", "✅", "-", ""),
        ("swedencentral", "✅", "✅", "✅"),
        ("eastus", "✅", "-", ""),
        header=header,
    )
    batch = imported(rows, default_vendor="Microsoft", name="standard.csv", **terms)
    assert (batch.shape, outcomes(batch)) == ("matrix", ["new", "new", "skip"])
    said = set(Availability.objects.values_list("offering__name", "offering__model__version", "code", "mark"))
    assert said == {
        ("gpt-4o", "2024-05-13", "eastus", "yes"), ("gpt-4o", "2024-08-06", "eastus", "no"),
        ("gpt-4o", "2024-05-13", "swedencentral", "yes"), ("gpt-4o", "2024-08-06", "swedencentral", "yes"),
        ("whisper", "001", "swedencentral", "yes"),
    }  # fmt: skip
    assert Availability.objects.get(offering__name="whisper").cell == "D3"
    again = imported(rows, default_vendor="Microsoft", name="standard.csv", **terms)
    assert outcomes(again) == ["unchanged", "unchanged", "skip"]
    services.undo(again, by=terms["by"])
    services.undo(batch, by=terms["by"])
    assert not Offering.objects.exists()


@pytest.mark.parametrize(
    ("heading", "model"),
    [("gpt-4o, 2024-05-13", ("gpt-4o", "2024-05-13")), ("gpt-4 0613", ("gpt-4", "0613")),
     ("`Swift` (2)", ("Swift", "2")), ("Claude 3", ("Claude 3", "")), ("o3-mini", ("o3-mini", ""))],
)  # fmt: skip
def test_a_heading_is_a_model_with_its_version(heading: str, model: tuple[str, str]) -> None:
    assert model_in(heading) == model


def test_ticks_under_features_are_no_regions(terms: dict[str, Any]) -> None:
    header = ("Model", "Vision", "Function calling", "Streaming", "Fine-tuning")
    batch = uploaded(
        as_csv(("Swift", "✅", "✅", "✅", "❌"), ("Slow", "❌", "✅", "✅", "❌"), header=header), **terms
    )
    assert batch.shape == "flat"


# --- what it means for an assessment ------------------------------------------------------------------


@pytest.mark.parametrize(("deployment", "region", "exists"), [
    ("regional", "norwayeast", False), ("regional", "swedencentral", True), ("global", None, True),
])  # fmt: skip
def test_what_a_list_offers_settles_whether_the_offering_exists(
    deployment: str, region: str | None, exists: bool, microsoft: dict[str, Any]
) -> None:
    cloud = make_vendor("Microsoft Azure")
    regions = {code: make_region(cloud, code) for code in ("norwayeast", "swedencentral")}
    for sheet in ("Global standard (wide)", "SR Europe"):
        imported(MATRIX, **microsoft, sheet=sheet)
    offering = Offering.objects.get(name="gpt-4o", model__version="2024-08-06")
    offering.deployment = deployment
    offering.save()
    if region:
        OfferingPlace.objects.create(
            offering=offering, role="inference", region=regions[region], country="NO"
        )
    fact = gather(make_assessment(microsoft["by"], microsoft["unit"], offering=offering), TODAY, METHOD)
    stated = fact.facts["offering_exists"].stated
    assert isinstance(stated, Known)
    assert stated.value is exists
    assert stated.source is not None
    assert stated.source.sheet in {"Global standard (wide)", "SR Europe"}
    assert stated.source.cell


def test_a_dash_in_another_types_list_says_nothing_about_this_offering(microsoft: dict[str, Any]) -> None:
    imported(MATRIX, **microsoft, sheet="SR Europe")
    offering = Offering.objects.get(name="gpt-4.1")
    offering.deployment = "global"
    offering.save()
    found = gather(make_assessment(microsoft["by"], microsoft["unit"], offering=offering), TODAY, METHOD)
    stated = found.facts["offering_exists"].stated
    assert isinstance(stated, Known)
    assert stated.value is True
    assert stated.source is not None
    assert stated.source.cell == "A5"  # that it is listed at all
    assert Row.objects.filter(offering=offering).count() == 1
