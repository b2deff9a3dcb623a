"""Workbooks as other programs write them: an index of their own sheets, signs that a narrow text has lost."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Availability, Offering
from tests.imports.sheets import as_csv, imported, uploaded

MODELS = [("Vendor", "Model", "Input $/1M tokens"), ("Acme", "Swift", 2.5), ("Acme", "Owl", 0.15)]
TOLD = (
    "This document was exported.  Each table was converted to a worksheet of its own.  Formulas may differ."
)


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("__", " - ").replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def seems(data: bytes, terms: dict[str, Any]) -> tuple[str, dict[str, tuple[str, bool]]]:
    batch = uploaded(data, **terms, name="list.xlsx")
    return batch.sheet, {sheet["name"]: (sheet["seems"], sheet["refused"]) for sheet in batch.sheets}


@pytest.mark.parametrize("several", [True, False])
def test_a_summary_of_what_was_exported_is_said_to_be_one(terms: dict[str, Any], several: bool) -> None:
    names = ["Sheet 1 - Table 1", "Sheet 2 - Table 1"] if several else ["Sheet 1 - Table 1"]
    summary: list[Any] = [(TOLD,), (), ("Sheet Name", "Table Name", "Worksheet Name"), ("Sheet 1",)]
    summary += [(None, "Table 1", name) for name in names]
    sheets: dict[str, Any] = {"Export_Summary": summary, "Sheet_1__Table_1": MODELS}
    if several:
        sheets["Sheet_2__Table_1"] = [
            ("Region", "Country"),
            ("eu-west-1", "Ireland"),
            ("us-east-1", "United States"),
        ]
    read, found = seems(workbook(**sheets), terms)
    assert read == "Sheet 1 - Table 1"
    assert found["Export Summary"] == ("List of the file's sheets", True)
    assert not found["Sheet 1 - Table 1"][1]


def test_an_index_by_hand_is_one_as_well_and_a_table_that_names_a_sheet_is_none(
    terms: dict[str, Any],
) -> None:
    index = [("Acme",), ("Bolt",), ("Cumulus",)]
    _, found = seems(workbook(Index=index, Acme=MODELS, Bolt=MODELS, Cumulus=MODELS), terms)
    assert found["Index"] == ("List of the file's sheets", True)
    read, found = seems(workbook(All=MODELS, Acme=[("Notes on Acme",)]), terms)
    assert read == "All"
    assert found["All"] == ("Flat table: one offering a row", False)


def test_marks_whose_signs_are_lost_are_unknown_and_the_page_says_why(terms: dict[str, Any]) -> None:
    data = as_csv(
        ("Swift", "?", "-", "?"), ("Owl", "?", "?", "?"),
        header=("Model", "eastus", "westus", "swedencentral"),
    )  # fmt: skip
    batch = imported(data, **terms, default_vendor="Acme")
    assert batch.shape == "matrix"
    assert "saved as UTF-8" in batch.guesses[0]["why"]
    assert [batch.mapping[at]["field"] for at in "BCD"] == ["mark", "mark", "mark"]
    assert list(Availability.objects.values_list("code", flat=True)) == ["westus"]
    assert Offering.objects.count() == 2
