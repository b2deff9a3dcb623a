"""Whose answers and prices these are, and of which day, where lines around the table say it once for all rows."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.evidence.models import Claim
from riskassess.imports import services
from riskassess.imports.models import Batch
from tests.imports.sheets import counted, imported, uploaded

TABLE: list[Sequence[Any]] = [
    ("ID", "Question", "Vendor Answers", "Additional Information", "Guidance"),
    ("DOCU-01", "Have you undergone an audit of your controls?", "Yes", "Type II, 2025", "Describe it."),
    ("DOCU-02", "Have you completed a self assessment?", "No", "Planned for 2027", None),
    ("AUTH-01", "Do you support more than one factor of authentication?", "Yes", None, None),
]
PAIRS = [
    ("Vendor assessment tool, full version",),
    (),
    ("Vendor Name:", "Acme AI, Inc.", None, "Date Completed", date(2026, 5, 4)),
    ("Product Name", "Swift"),
    ("Vendor Contact Name", "Robin Doe"),
    (),
]


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement, "name": "answers.xlsx"}


def proposed(data: bytes, terms: dict[str, Any]) -> tuple[str, str]:
    batch = uploaded(data, **terms, day_is_said=False, on=date(2026, 11, 20))
    return batch.default_vendor, batch.stated_on.isoformat()


@pytest.mark.parametrize(
    "above",
    [
        PAIRS,
        [("Vendor Name: Acme AI, Inc.",), ("Product Name: Swift",), ("Date completed: 2026-05-04",), ()],
        [("Vendor: Acme AI, Inc. | Date of response: 4 May 2026",), ()],
        [("General Information",), ("GNRL-01", "Vendor Name", "Acme AI, Inc."), ("GNRL-02", "Product Name", "Swift"),
         ("GNRL-08", "Date of completion", "May 4, 2026"), ()],
        [("Lieferant:", "Acme AI, Inc."), ("Datum:", "04.05.2026"), ()],
        [("Supplier", "Product", "Date of response"), ("Acme AI, Inc.", "Swift", date(2026, 5, 4)), ()],
    ],
)  # fmt: skip
def test_the_lines_above_say_who_answered_and_when(terms: dict[str, Any], above: list[Any]) -> None:
    assert proposed(workbook(("Full", [*above, *TABLE])), terms) == ("Acme AI, Inc.", "2026-05-04")


def test_what_is_answered_by_the_form_itself_says_so_too(terms: dict[str, Any]) -> None:
    asked = [
        ("GNRL-01", "Vendor Name", "Acme AI, Inc."),
        ("GNRL-02", "Company name", None, None, "Parent"),
    ]
    data = workbook(("Full", [TABLE[0], *asked, *TABLE[1:]]))
    assert proposed(data, terms) == ("Acme AI, Inc.", "2026-11-20")


def test_a_cover_says_it_for_the_sheet_with_the_answers(terms: dict[str, Any]) -> None:
    cover = [
        ("Security questionnaire",),
        ("Customer", "Contoso Bank"),
        ("Supplier", "Acme AI"),
        ("Version", "3.0"),
    ]
    batch = uploaded(workbook(("Cover", cover), ("Questions", TABLE)), **terms)
    assert (batch.sheet, batch.default_vendor) == ("Questions", "Acme AI")


@pytest.mark.parametrize(
    "above",
    [
        [("Vendor Name:", "[Enter vendor name]"), ("Date:", "MM/DD/YYYY")],
        [("Vendor Name:",), ("Vendor Contact", "Robin Doe")],
        [("Institution", "Example University"), ("Prepared for", "Contoso Bank")],
        [("Vendor:", "Acme"), ("Vendor:", "Cumulus")],
        [("Vendor website", "https://acme.example"), ("Vendor:", "https://acme.example")],
    ],
)
def test_what_nobody_has_filled_in_or_is_said_in_two_ways_is_left_to_the_person(
    terms: dict[str, Any], above: list[Any]
) -> None:
    assert proposed(workbook(("Full", [*above, (), *TABLE])), terms) == ("", "2026-11-20")


def test_answers_count_for_the_vendor_and_from_the_day_that_the_form_says(terms: dict[str, Any]) -> None:
    batch = imported(workbook(("Full", PAIRS + TABLE)), **terms, day_is_said=False)
    assert counted(batch) == {"read": 7, "new": 3, "skipped": 4}
    made = Claim.objects.values_list("vendor__name", "made_on")
    assert set(made) == {("Acme AI, Inc.", date(2026, 5, 4))}


def test_what_a_person_has_said_stays(terms: dict[str, Any]) -> None:
    data = workbook(("Full", PAIRS + TABLE))
    batch = uploaded(data, **terms, default_vendor="Acme Holding", on=date(2026, 6, 1))
    assert (batch.default_vendor, str(batch.stated_on)) == ("Acme Holding", "2026-06-01")


def test_a_day_to_come_is_no_day_of_answers(terms: dict[str, Any]) -> None:
    data = workbook(("Full", [("Date completed", date(2027, 1, 1)), (), *TABLE]))
    assert proposed(data, terms)[1] == "2026-11-20"


def test_another_sheet_is_of_whom_it_says_itself(ana: User, terms: dict[str, Any]) -> None:
    other = [("Vendor Name:", "Cumulus"), ("Completed on", date(2026, 3, 1)), (), *TABLE]
    batch = uploaded(workbook(("One", PAIRS + TABLE), ("Two", other)), **terms, day_is_said=False)
    services.choose_sheet(batch, "Two", None, by=ana)
    batch.refresh_from_db()
    assert (batch.default_vendor, str(batch.stated_on)) == ("Cumulus", "2026-03-01")


def test_a_quote_says_whose_prices_and_from_when(terms: dict[str, Any]) -> None:
    rows = [
        ("Quotation 4711",), ("Supplier: Acme AI", None, "Valid from: 2026-02-01"), ("Customer: Contoso Bank",), (),
        ("Model", "Input $/1M tokens", "Output $/1M tokens"), ("Swift", 2, 4), ("Owl", 1, 3),
    ]  # fmt: skip
    assert proposed(workbook(("Quote", rows)), terms) == ("Acme AI", "2026-02-01")


def test_a_column_of_vendors_says_it_better(terms: dict[str, Any]) -> None:
    rows = [
        ("Supplier:", "Reseller One"),
        (),
        ("Vendor", "Model", "Input $/1M"),
        ("Acme", "Swift", 1),
        ("Bolt", "Owl", 2),
    ]
    assert proposed(workbook(("Prices", rows)), terms) == ("", "2026-11-20")


def test_the_page_shows_which_cell_says_it_and_lets_one_say_otherwise(
    client: Client, ana: User, procurement: BusinessUnit
) -> None:
    client.force_login(ana)
    file = io.BytesIO(workbook(("Full", PAIRS + TABLE)))
    file.name = "answers.xlsx"
    told = {
        "unit": procurement.pk,
        "stated_on": timezone.localdate().isoformat(),
        "source_kind": "vendor_document",
    }
    page = client.post("/imports/upload/", {"file": file, **told}, follow=True)
    assert page.status_code == 200
    assert 'value="Acme AI, Inc."' in page.text
    assert "“Vendor Name” in B3 says so." in page.text
    assert "“Date Completed” in E3 says so." in page.text
    batch = Batch.objects.get()
    said = {"default_vendor": "Acme Holding", "stated_on": "2026-05-05"}
    said |= {f"field-{at}": column["field"] for at, column in batch.mapping.items()}
    client.post(f"/imports/{batch.pk}/columns/", said)
    batch.refresh_from_db()
    assert (batch.default_vendor, str(batch.stated_on)) == ("Acme Holding", "2026-05-05")


def test_the_console_says_what_it_took_from_the_file(tmp_path: Path, db: None) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes(workbook(("Full", PAIRS + TABLE)))
    for dry in (["--dry-run"], []):
        out = io.StringIO()
        call_command("import_catalog", str(path), "--json", *dry, stdout=out)
        result = json.loads(out.getvalue())
        assert (result["new"], result["shape"]) == (3, "answers")
        assert [(line["what"], line["value"], line["cell"]) for line in result["taken"]] == [
            ("default_vendor", "Acme AI, Inc.", "B3"),
            ("stated_on", "2026-05-04", "E3"),
        ]
    assert Claim.objects.filter(vendor__name="Acme AI, Inc.", made_on=date(2026, 5, 4)).count() == 3
