"""Sheets of kinds that are imported every day, in forms that nobody here has drawn up: what becomes of each row."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Availability, Offering, ProductUse, Vendor
from riskassess.evidence.models import Claim
from riskassess.imports.understanding import understood
from riskassess.imports.undo import take_back
from riskassess.sheets.workbook import open_workbook
from tests.builders import make_region, make_vendor
from tests.imports.sheets import EXCERPTS, as_csv, counted, imported


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def workbook(rows: Sequence[Sequence[Any]], *merged: str, title: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


# --- regions in a cell ----------------------------------------------------------------------------------

LISTED = as_csv(
    ("Microsoft", "gpt-4o", "Global Standard", "eastus, westus3; swedencentral"),
    ("Microsoft", "gpt-4o", "Standard", "East US 2\nglobal"),
    ("Amazon", "Nova Micro", "", "us-east-1*, Atlantis"),
    header=("Provider", "Model", "Deployment type", "Regions"),
)


def test_each_region_that_a_cell_lists_is_a_mark_under_the_rows_deployment_type(
    terms: dict[str, Any],
) -> None:
    microsoft = make_vendor(name="Microsoft")
    east = make_region(provider=microsoft, code="eastus")
    batch = imported(LISTED, **terms)
    assert counted(batch) == {"read": 3, "new": 3}
    marks = Availability.objects.order_by("cell", "pk").values_list(
        "offering__name", "deployment", "scope", "code", "cell"
    )
    assert list(marks) == [
        ("gpt-4o", "Global Standard", "global", "eastus", "D2"),
        ("gpt-4o", "Global Standard", "global", "westus3", "D2"),
        ("gpt-4o", "Global Standard", "global", "swedencentral", "D2"),
        ("gpt-4o", "Standard", "regional", "eastus2", "D3"),
        ("Nova Micro", "", None, "us-east-1", "D4"),
    ]
    assert set(Availability.objects.values_list("mark", flat=True)) == {"yes"}
    assert Availability.objects.get(code="eastus").region == east
    offering = Offering.objects.get(name="Nova Micro")
    assert offering.deployment is None  # where it is offered is not where it infers
    notes = batch.rows.get(number=4).notes
    assert any("Atlantis" in note["note"] for note in notes)


def test_the_same_list_again_changes_nothing_and_its_undoing_takes_the_marks_back(
    terms: dict[str, Any],
) -> None:
    batch = imported(LISTED, **terms)
    again = imported(LISTED, **terms)
    assert counted(again) == {"read": 3, "unchanged": 3}
    assert Availability.objects.count() == 5
    take_back(again, terms["by"], sees=None)
    take_back(batch, terms["by"], sees=None)
    assert not Availability.objects.exists()


def test_a_list_that_says_otherwise_is_kept_beside_and_said(terms: dict[str, Any]) -> None:
    matrix = as_csv(
        ("Microsoft", "gpt-4o", "✅", "❌", "-"), ("Microsoft", "phi", "✅", "✅", "✅"),
        header=("Provider", "Model", "westus3", "eastus2", "swedencentral"),
    )  # fmt: skip
    imported(matrix, name="matrix.csv", **terms)
    batch = imported(
        as_csv(("Microsoft", "gpt-4o", "eastus2"), header=("Provider", "Model", "Regions")), **terms
    )
    assert sorted(
        Availability.objects.filter(code="eastus2", offering__name="gpt-4o").values_list("mark", flat=True)
    ) == [
        "no",
        "yes",
    ]
    assert any("both are kept" in note["note"] for note in batch.rows.get(number=2).notes)


# --- inventories of uses ----------------------------------------------------------------------------------


def test_an_inventory_of_use_cases_keeps_what_names_a_vendor_and_says_why_not_of_the_rest(
    terms: dict[str, Any],
) -> None:
    batch = imported((EXCERPTS / "use_case_inventory.csv").read_bytes(), name="inventory.csv", **terms)
    assert (batch.shape, batch.header_row) == ("uses", 2)
    assert counted(batch) == {"read": 6, "new": 3, "skipped": 3}
    uses = ProductUse.objects.order_by("row").values_list("organisation", "product", "vendor")
    assert list(uses) == [
        ("OGC", "LexisNexis", "LexisNexis"),
        ("OCOO", "Phishing Email Identification", "Knowbe4 Phish ER"),
        ("OCIO", "Desktop productivity using Microsoft 365", "Microsoft"),
    ]
    assert "nor a vendor" in batch.rows.get(number=4).problems[0]["what"]


def test_a_use_that_is_retired_is_none_and_several_vendors_behind_one_use_are_all_found(
    terms: dict[str, Any],
) -> None:
    data = as_csv(
        ("Rewriting letters", "DT", "a) Retired – The use case was discontinued", "Acme"),
        (
            "Matching records",
            "DT",
            "c)  Deployed – The use case is authorised",
            "Acme, Umbrella LLC, Initech, Inc.",
        ),
        ("Routing calls", "CA", "b) Pilot – limited test", "Hooli (current)\n\nOne (previous, deprecated)"),
        header=("2_use_case_name", "Bureau/Component", "Stage of Development", "Vendor(s) Name"),
    )
    batch = imported(data, **terms)
    assert (batch.shape, counted(batch)) == ("uses", {"read": 3, "new": 3})
    uses = ProductUse.objects.order_by("row", "pk").values_list("product", "vendor", "in_use")
    assert list(uses) == [
        ("Rewriting letters", "Acme", False),
        ("Matching records", "Acme", True),
        ("Matching records", "Umbrella LLC", True),
        ("Matching records", "Initech, Inc.", True),
        ("Routing calls", "Hooli (current)", None),
        ("Routing calls", "One (previous, deprecated)", None),
    ]
    assert counted(imported(data, **terms)) == {"read": 3, "unchanged": 3}


# --- registers of vendors ----------------------------------------------------------------------------------


def test_a_registers_template_names_vendors_by_long_headings_below_codes(terms: dict[str, Any]) -> None:
    long = "ICT third-party service provider"
    rows = [
        ["c0010", "c0020", "c0050", "c0080"],
        [f"Identification code of {long}", "Type of code", f"Legal name of the {long}",
            f"Country of the {long}'s headquarters"],
        ["529900T8BM49AURSDO55", "LEI", "Acme Ireland Ltd", "IE"],
        ["5493001KJTIIGC8Y1R12", "LEI", "Umbrella Inc", "US"],
    ]  # fmt: skip
    batch = imported(workbook(rows), name="register.xlsx", **terms)
    assert (batch.shape, counted(batch)) == ("vendors", {"read": 3, "new": 2, "skipped": 1})
    assert list(Vendor.objects.order_by("name").values_list("name", "lei", "hq_country")) == [
        ("Acme Ireland Ltd", "529900T8BM49AURSDO55", "IE"),
        ("Umbrella Inc", "5493001KJTIIGC8Y1R12", "US"),
    ]


# --- questionnaires ---------------------------------------------------------------------------------------


def test_a_questionnaire_answered_by_ticks_under_yes_no_and_not_applicable(terms: dict[str, Any]) -> None:
    rows = [
        ["Control Domain", "Question ID", "Consensus Assessment Questions", "Consensus Assessment Answers", None,
            None, "Notes"],
        [None, None, None, "Yes", "No", "Not Applicable", None],
        ["Application Security", "AIS-01.1", "Do you use industry standards?", "X", None, None, "ISO"],
        [None, "AIS-01.2", "Do you review source code?", None, "X", None, None],
        [None, "AIS-01.3", "Do you sell hardware?", None, None, "X", None],
        [None, "AIS-01.4", "Do you test?", "X", "X", None, None],
        [None, "AIS-01.5", "Do you log?", None, None, None, None],
    ]  # fmt: skip
    batch = imported(workbook(rows, "D1:F1"), name="caiq.xlsx", default_vendor="Acme", **terms)
    assert batch.shape == "answers"
    assert counted(batch) == {"read": 5, "new": 3, "skipped": 1, "invalid": 1}
    said = Claim.objects.order_by("pk").values_list("title", "statement", "links__cell")
    assert [(title, said.split("\n")[0], cell) for title, said, cell in said] == [
        ("Do you use industry standards?", "Yes", "D3"),
        ("Do you review source code?", "No", "E4"),
        ("Do you sell hardware?", "Not applicable", "F5"),
    ]


def test_that_a_question_does_not_apply_is_an_answer(terms: dict[str, Any]) -> None:
    data = as_csv(
        ("A-1", "Do you encrypt?", "Yes", ""), ("A-2", "Do you hold cards?", "N/A", "We take none"),
        ("A-3", "Do you log?", "", ""), header=("Question ID", "Question", "Answer", "Additional Information"),
    )  # fmt: skip
    batch = imported(data, default_vendor="Acme", **terms)
    assert counted(batch) == {"read": 3, "new": 2, "skipped": 1}
    assert Claim.objects.get(title="Do you hold cards?").statement == "N/A\n\nExplanation: We take none"


def test_headings_between_the_questions_of_a_form_name_its_parts_and_nobody_who_answered(
    terms: dict[str, Any],
) -> None:
    rows = [
        ["Organization"], ["Question", None, "Answer", "Additional Information", "Guidance"],
        ["Company Information"],
        ["COMP-01", "Do you have a security team of your own?", "Yes", "Twelve people", "Describe it"],
        ["COMP-02", "Have you had a breach in five years?", "No", None, None],
        ["Documentation"], ["DOCU-01", "Do you have a plan for going on after a disaster?", "Yes", None, None],
    ]  # fmt: skip
    batch = imported(
        workbook(rows, "A1:E1", "A3:E3", "A6:E6"), name="form.xlsx", default_vendor="Acme", **terms
    )
    assert (batch.shape, counted(batch)) == ("answers", {"read": 6, "new": 3, "skipped": 3})
    assert batch.mapping["§1"]["field"] == "section"
    said = Claim.objects.order_by("pk").values_list("vendor__name", "title", "statement")
    assert list(said) == [
        ("Acme", "Do you have a security team of your own?", "Yes\n\nExplanation: Twelve people"),
        ("Acme", "Have you had a breach in five years?", "No"),
        ("Acme", "Do you have a plan for going on after a disaster?", "Yes"),
    ]


def test_a_remark_in_another_language_explains_the_answer(terms: dict[str, Any]) -> None:
    data = "Nr.;Frage;Antwort;Bemerkung\n1;Haben Sie einen Datenschutzbeauftragten?;Ja;extern\n".encode(
        "cp1252"
    )
    imported(data, default_vendor="Acme", **terms)
    assert Claim.objects.get().statement == "Ja\n\nExplanation: extern"


def test_questions_with_their_answers_need_no_column_names(terms: dict[str, Any]) -> None:
    data = (
        b"Do you encrypt data at rest?,Yes\nDo you train models on it?,No\n"
        b"Where is data stored?,Ireland\nWho may read it?,Nobody\n"
    )
    batch = imported(data, default_vendor="Acme", **terms)
    assert (batch.shape, counted(batch)) == ("answers", {"read": 4, "new": 4})


def test_a_bare_id_makes_no_model_of_what_it_numbers() -> None:
    data = as_csv(
        ("sso", "yesno", "Is SSO supported?"), ("pgp", "yesno", "Do you sign?"), header=("id", "type", "text")
    )
    assert understood(open_workbook(data, "list.csv")).guesses[0].confidence == 0


# --- catalogs -----------------------------------------------------------------------------------------------


def test_ditto_marks_and_a_title_fill_in_who_sells_what(terms: dict[str, Any]) -> None:
    rows = [
        ["OpenAI API pricing, November 2026"],
        ["Model", "Context", "Input $/1M tokens", "Output $/1M tokens"],
        ["GPT-5", "400K", 1.25, 10],
        ["GPT-5 mini", '"', "from $0.25", "~~$2.50~~ $2.00"],
    ]
    batch = imported(workbook(rows), name="list.xlsx", **terms)
    assert counted(batch) == {"read": 3, "new": 2, "skipped": 1}
    mini = Offering.objects.select_related("seller", "model").get(name="GPT-5 mini")
    assert (mini.seller.name, mini.model.context_tokens) == ("OpenAI", 400_000)
    assert [(price.kind, f"{price.amount:.2f}") for price in mini.prices.all()] == [("output", "2.00")]
    assert mini.origin is not None
    assert mini.origin.cell("context_tokens", mini.origin_row) == "B3"


@pytest.mark.parametrize(
    ("shape", "header", "row"),
    [
        ("flat", ("Anbieter", "Modell", "Eingabepreis (€/1 Mio. Token)", "Ausgabepreis (€/1 Mio. Token)"),
         ("Acme", "Swift", "1,80", "5,40")),
        ("flat", ("id", "provider", "input_per_mtok_usd", "output_per_mtok_usd", "cache_read_per_mtok_usd",
            "per_image_usd"),
         ("swift", "acme", "0.36", "1.08", "0.07", "")),
        ("uses", ("Use Case ID", "Use Case Name", "Bureau", "Stage of Development"), ("1", "Spam", "OCIO", "Pilot")),
        ("uses", ("Use_Case_ID", "Agency", "Title", "Summary", "Development_Stage"),
         ("1", "CBP", "Spam", "x", "Pilot")),
        ("uses", ("Use Case Name", "Bureau", "Use Case Topic Area", "Impact Classification"),
         ("Westlaw", "OGC", "Other", "Neither")),
        ("register", ("UDI-DI", "Trade name", "Manufacturer name", "Risk class", "Certificate number", "Issue date"),
         ("04012345", "Acme CXR", "Acme GmbH", "IIb", "C-1001", "2024-05-02")),
        ("register", ("Cloud Service Provider", "Cloud Service Offering", "Service Model", "Authorization Date"),
         ("Acme", "Acme Gov", "IaaS, PaaS", "6/21/2016")),
        ("uses", ("Application", "Vendor", "License type", "Seats", "Department"), ("Writer", "Acme", "x", "80", "IT")),
        ("vendors", ("Sub-processor", "Nature of processing", "Location of processing"),
         ("Acme LLC", "Hosting", "USA")),
        ("questions", ("#", "Supplier Data Protection Requirements", "Suggested Evidence of Compliance"),
         ("1", "Assign responsibility to a person", "The name of the person")),
        ("vendors", ("Vendor_ID", "Vendor_Name", "Vendor_Category", "Service_Criticality", "Open_Risks"),
         ("V1", "Acme LLC", "IT Support", "High", "4")),
        ("scores", ("Model", "Hallucination Rate", "Factual Consistency Rate", "Answer Rate"),
         ("swift", "0.7 %", "99.3 %", "100 %")),
        ("vendors", ("Subprocessor", "Purpose", "Location"), ("Acme LLC", "Hosting", "USA")),
        ("vendors", ("Supplier", "Function", "Geographic location"), ("Acme LLC", "Hosting", "EU (Amsterdam)")),
        ("retirement", ("Model provider", "Model", "Legacy date (UTC)", "Deprecation date (UTC)",
        "Retirement date (UTC)",
            "Suggested replacement model"),
         ("Acme", "Swift", "January 13, 2025", "February 13, 2025", "May 13, 2025", "Slow")),
        ("retirement", ("Fournisseur", "Modèle", "Date de retrait", "Remplaçant"),
         ("Acme", "Swift", "30 novembre 2026", "Slow")),
    ],
)  # fmt: skip
def test_the_shape_of_a_list_is_told_by_what_its_columns_are_called(
    shape: str, header: tuple[str, ...], row: tuple[str, ...]
) -> None:
    data = as_csv(row, row, row, header=header)
    assert str(understood(open_workbook(data, "list.csv")).shape.name) == shape


def test_numbers_by_which_a_list_counts_its_rows_are_no_ids_of_models() -> None:
    data = as_csv(("1", "Swift", "Acme"), ("2", "Slow", "Acme"), header=("id", "model_name", "vendor"))
    columns = understood(open_workbook(data, "list.csv")).layout.columns
    assert [columns[at]["field"] for at in "ABC"] == ["", "model_name", "vendor"]


def test_where_a_sub_processor_works_is_not_where_it_has_its_seat() -> None:
    data = as_csv(("Acme LLC", "Hosting", "Ireland"), header=("Subprocessor", "Purpose", "Location"))
    columns = understood(open_workbook(data, "list.csv")).layout.columns
    assert [columns[at]["field"] for at in "ABC"] == ["name", "summary", ""]


def test_headings_for_kinds_of_models_name_no_vendor() -> None:
    rows = [["Model", "Input $/1M tokens"], ["Commercial API models", None], ["Swift", 1], ["Gnat", 2],
            ["Hosted open-source models", None], ["Slow", 3], ["Snail", 4]]  # fmt: skip
    columns = understood(open_workbook(workbook(rows, "A2:B2", "A5:B5"), "list.xlsx")).layout.columns
    assert columns["§1"]["field"] == ""
