"""What is no catalog and still belongs somewhere: answered questionnaires, public registers, products in use."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.gather import gather
from riskassess.catalog.models import ProductUse, RegisterEntry, Source, Vendor, VendorAlias
from riskassess.evidence.models import Claim, ClaimSource
from riskassess.imports import services
from riskassess.imports.shapes.publics import products_in, users_in
from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.method import load_method
from tests.builders import TODAY, make_assessment, make_model, make_offering, make_vendor
from tests.imports.sheets import EXCERPTS, as_csv, counted, imported, outcomes, previewed, uploaded
from tests.queries import FRAME, assert_queries

ANSWERS = (EXCERPTS / "answered_indicators.csv").read_bytes()
REGISTER = (EXCERPTS / "device_register.csv").read_bytes()
INVENTORY = (EXCERPTS / "federal_inventory.csv").read_bytes()
BLANK = (EXCERPTS / "blank_questionnaire.csv").read_bytes()
METHOD = load_method()


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


# --- answers ------------------------------------------------------------------------------------------


def test_each_answer_becomes_a_claim_of_the_vendor_with_source_and_cell(terms: dict[str, Any]) -> None:
    batch = imported(ANSWERS, default_vendor="Anthropic", **terms)
    assert batch.shape == "answers"
    assert counted(batch) == {"read": 5, "new": 4, "skipped": 1}
    claim = Claim.objects.get(title="Licensed data sources")
    assert (claim.vendor.name, claim.kind, claim.get_substantiation_display()) == (
        "Anthropic", "disclosure", "stated, not shown",
    )  # fmt: skip
    assert (claim.get_verification_display(), claim.interest, claim.made_on) == ("stated only", "self", TODAY)
    link = claim.links.get()
    assert (link.cell, link.relation, link.source.sheet) == ("D4", "states", "list")
    assert claim.statement.startswith(link.quote)


def test_silence_is_no_evidence(terms: dict[str, Any]) -> None:
    batch = imported(ANSWERS, default_vendor="Anthropic", **terms)
    silent = batch.rows.get(outcome="skip")
    assert silent.raw[0] == "Train-test overlap"
    assert "Silence is no evidence" in silent.problems[0]["what"]


def test_answers_move_no_score_until_somebody_says_what_they_are(terms: dict[str, Any]) -> None:
    developer = make_vendor("Anthropic")
    offering = make_offering(make_model("Claude", developer=developer))
    assessment = make_assessment(terms["by"], terms["unit"], offering=offering)
    before = gather(assessment, TODAY, METHOD)
    imported(ANSWERS, default_vendor="Anthropic", **terms)
    after = gather(assessment, TODAY, METHOD)
    assert (after.claims, after.evidence) == (before.claims, before.evidence)
    Claim.objects.filter(title="Public datasets").update(kind="provenance", decides={"PRV-DAT": 3})
    mapped = gather(assessment, TODAY, METHOD)
    assert [claim.title for claim in mapped.claims] == ["Public datasets"]
    assert "PRV-DAT" in mapped.evidence


def test_the_same_answer_in_another_file_gains_a_source_and_a_new_one_is_a_new_claim(
    terms: dict[str, Any],
) -> None:
    header = ("Question", "Vendor response", "Comment")
    first = as_csv(("Is data encrypted?", "Yes", "AES"), ("Where?", "EU", ""), header=header)
    later = as_csv(("Is data encrypted?", "Yes", "AES"), ("Where?", "US", ""), header=header)
    imported(first, default_vendor="Acme", on=date(2026, 1, 1), **terms)
    batch = imported(later, default_vendor="Acme", **terms)
    assert outcomes(batch) == ["update", "new"]
    assert ClaimSource.objects.filter(claim__title="Is data encrypted?").count() == 2
    assert set(Claim.objects.filter(title="Where?").values_list("statement", flat=True)) == {"EU", "US"}
    assert outcomes(imported(later, default_vendor="Acme", **terms)) == ["unchanged", "unchanged"]


def test_nobody_guesses_who_answered(terms: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="whose answers"):
        previewed(ANSWERS, **terms)


def test_answers_are_counted_on_the_vendors_page_and_listed_as_claims(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    imported(ANSWERS, default_vendor="Anthropic", **terms)
    page = as_ana.get(Vendor.objects.get(name="Anthropic").get_absolute_url()).content.decode()
    assert "4 answers to questionnaires" in page
    assert "No claim on record." in page  # they are not among those that are judged
    listed = as_ana.get("/claims/?vendor=Anthropic&kind=disclosure").content.decode()
    assert "Licensed data sources" in listed
    claim = Claim.objects.get(title="Licensed data sources")
    assert ">D4</a>" in as_ana.get(claim.get_absolute_url()).content.decode()


def test_answers_are_undone_unless_something_rests_on_them(terms: dict[str, Any]) -> None:
    batch = imported(ANSWERS, default_vendor="Anthropic", **terms)
    services.undo(batch, by=terms["by"])
    left = [kind for kind in (Claim, Source, Vendor) if kind._default_manager.exists()]
    assert left == []


def test_the_questions_alone_are_refused_and_said_to_be_just_that(terms: dict[str, Any]) -> None:
    batch = uploaded(BLANK, **terms)
    assert batch.shape == "questions"
    with pytest.raises(InvalidInput, match="questionnaire without answers"):
        services.settle_columns(batch, {}, by=terms["by"])


# --- registers ----------------------------------------------------------------------------------------


def test_a_register_of_devices_becomes_entries_with_number_and_day(terms: dict[str, Any]) -> None:
    batch = imported(REGISTER, default_vendor="FDA", **terms)
    assert (batch.shape, counted(batch)) == ("register", {"read": 6, "new": 6})
    entry = RegisterEntry.objects.get(number="K243863")
    assert (entry.product, entry.company) == ("Opulus™ Lymphoma Precision", "Roche Molecular Systems, Inc.")
    assert (entry.decided_on, entry.panel, entry.product_code) == (date(2025, 5, 30), "Radiology", "QIH")
    assert (entry.authority, entry.row, entry.source.cell("number", entry.row)) == ("FDA", 4, "B4")
    assert not Vendor.objects.exists()  # a register of 650 companies makes no vendors


def test_a_later_edition_of_the_register_changes_what_differs(terms: dict[str, Any]) -> None:
    imported(REGISTER, default_vendor="FDA", on=date(2026, 1, 1), **terms)
    edition = REGISTER.replace(b"BriefCase-Triage", b"BriefCase-Triage 2")
    batch = imported(edition, default_vendor="FDA", **terms)
    assert outcomes(batch) == ["update", *["unchanged"] * 5]
    assert batch.rows.get(number=2).changes == {"product": ["BriefCase-Triage", "BriefCase-Triage 2"]}


def test_a_vendor_is_shown_what_the_register_has_under_any_of_its_names(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    aidoc = make_vendor("Aidoc")
    VendorAlias.objects.create(vendor=aidoc, name="Aidoc Medical, Ltd.")
    imported(REGISTER, default_vendor="FDA", **terms)
    page = as_ana.get(aidoc.get_absolute_url()).content.decode()
    assert "1 entries of public registers" in page
    assert "BriefCase-Triage" in as_ana.get("/registers/?q=Aidoc").content.decode()


# --- products in use ------------------------------------------------------------------------------------


def test_an_inventory_becomes_a_use_for_each_product_of_a_cell(terms: dict[str, Any]) -> None:
    batch = imported(INVENTORY, **terms)
    assert (batch.shape, outcomes(batch)) == ("uses", ["skip", "new", "new", "new", "new", "new"])
    use = ProductUse.objects.get(product="Adobe Firefly")
    assert (use.organisation, use.in_use) == ("Court Services and Offender Supervision Agency", True)
    assert (use.users, use.users_from, use.users_to) == ("1001-5000", 1001, 5000)
    assert batch.rows.get(number=4).notes[-1]["note"] == (
        "read as 2 products: Adobe Firefly, Microsoft M365 Copilot AI"
    )
    assert "nothing is said to be in use" in batch.rows.get(number=2).problems[0]["what"]
    assert outcomes(imported(INVENTORY, **terms))[1:] == ["unchanged"] * 5


def test_public_lists_are_undone_exactly(terms: dict[str, Any]) -> None:
    for data, vendor in ((INVENTORY, ""), (REGISTER, "FDA")):
        batch = imported(data, default_vendor=vendor, **terms)
        services.undo(batch, by=terms["by"])
    left = [kind for kind in (ProductUse, RegisterEntry, Source) if kind._default_manager.exists()]
    assert left == []


@pytest.mark.parametrize(
    ("text", "products"),
    [("A, B; C", ["A", "B", "C"]), ("Foo, Inc.\nBar", ["Foo, Inc.", "Bar"]), ("ChatGPT, chatgpt", ["ChatGPT"]),
     ("N/A", [])],
)  # fmt: skip
def test_products_of_one_cell(text: str, products: list[str]) -> None:
    assert products_in(text) == products


@pytest.mark.parametrize(
    ("text", "ends"),
    [("101-1000", (101, 1000)), ("10,000-50,000", (10_000, 50_000)), ("50,000+", (50_000, None)),
     ("250", (250, 250)), ("many", (None, None)), ("", (None, None))],
)  # fmt: skip
def test_ranges_of_users(text: str, ends: tuple[int | None, int | None]) -> None:
    assert users_in(text) == ends


def test_the_lists_cost_a_known_number_of_queries(as_ana: Client, terms: dict[str, Any]) -> None:
    imported(INVENTORY, **terms)
    imported(REGISTER, default_vendor="FDA", **terms)
    for address in ("/registers/", "/uses/"):
        assert_queries(as_ana, address, [*FRAME, "how many", "the rows with their sources"])
