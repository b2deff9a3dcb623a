"""A comparison with the models across the top: turned as it is read, each value still in its own cell of the sheet."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering, Price
from riskassess.imports import console, deciding, services
from riskassess.imports.commented import with_comments
from riskassess.imports.kept import forget_grid
from riskassess.imports.models import Batch, Row
from riskassess.imports.running import preview
from riskassess.imports.survey import survey
from riskassess.imports.understanding import VOCABULARIES, understood
from riskassess.imports.undo import take_back
from riskassess.sheets.workbook import open_workbook
from tests.builders import TODAY
from tests.imports.sheets import EXCERPTS, as_csv, counted, imported, outcomes, previewed

ROWS: list[list[Any]] = [
    ["Frontier models side by side"],
    [None, "Acme", None, "Bolt", "Notes"],
    ["Model", "Swift", "Slow", "Gnat", None],
    ["Limits"],
    ["Context window", "400K", "1M", "64K", "as published"],
    ["Price (USD per 1M tokens)"],
    ["Input", 1.25, "-5", 0.1, None],
    ["Output", 10, 25, "free", None],
    ["Vision", "Yes", "Limited", "No", None],
]


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement, "name": "comparison.xlsx"}


def workbook(rows: list[list[Any]], *merged: str) -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


SHEET = workbook(ROWS, "B2:C2")


def test_each_column_becomes_an_offering_and_each_value_knows_its_cell(terms: dict[str, Any]) -> None:
    batch = imported(SHEET, **terms)
    assert batch.is_turned
    assert counted(batch) == {"read": 4, "new": 2, "skipped": 1, "invalid": 1}
    swift = Offering.objects.get(name="Swift")
    assert (swift.seller.name, swift.model.context_tokens) == ("Acme", 400_000)
    assert swift.model.stated("context_tokens").source.cell == "B5"  # type: ignore[union-attr]
    prices = Price.objects.filter(offering=swift).order_by("kind")
    assert [(price.kind, price.cell) for price in prices] == [("input", "B7"), ("output", "B8")]
    slow = Row.objects.get(batch=batch, number=3)
    assert [(p["cell"], p["field"]) for p in slow.problems] == [("C7", "input_price")]
    assert str(slow) == "column C"
    notes = Row.objects.get(batch=batch, number=5)
    assert (notes.role, notes.problems[0]["cell"]) == ("note", "E2")


def test_group_names_give_their_unit_and_the_title_is_one(terms: dict[str, Any]) -> None:
    batch = previewed(SHEET, **terms)
    assert batch.mapping["7"]["header"] == "Price (USD per 1M tokens) › Input"
    assert (batch.mapping["7"]["unit"], batch.mapping["7"]["currency"]) == ("1M tokens", "USD")
    assert batch.mapping["§title"]["samples"] == ["Frontier models side by side"]
    assert batch.mapping["2"]["header"] == "Vendor"  # the corner is blank, and models stand below it


def test_what_the_pages_say_of_it(as_ana: Client, terms: dict[str, Any]) -> None:
    batch = previewed(SHEET, **terms)
    page = as_ana.get(reverse("imports:columns", args=[batch.pk])).content.decode()
    assert "column names in column A" in page
    assert "read turned" in page
    page = as_ana.get(reverse("imports:row", args=[batch.pk, 3])).content.decode()
    assert "Column C: Slow" in page
    assert "C7" in page


def test_a_cell_is_put_right_and_the_file_comes_back_with_a_comment_on_it(terms: dict[str, Any]) -> None:
    batch = previewed(SHEET, **terms)
    sheet: Any = openpyxl.load_workbook(io.BytesIO(with_comments(batch))).active
    assert "negative" in sheet["C7"].comment.text
    deciding.fix(batch, 3, {"7": "5"}, by=terms["by"])
    assert outcomes(batch) == ["new", "new", "new", "skip"]
    sheet = openpyxl.load_workbook(io.BytesIO(with_comments(batch))).active
    assert sheet["C7"].value == "5"


def test_a_person_may_have_it_read_as_it_stands_and_turned_again(terms: dict[str, Any]) -> None:
    batch = previewed(SHEET, **terms)
    sheet = batch.sheet
    services.choose_sheet(batch, sheet, None, by=terms["by"], sideways=False)
    batch.refresh_from_db()
    assert not batch.is_turned
    services.choose_sheet(batch, sheet, None, by=terms["by"], sideways=True)
    batch.refresh_from_db()
    assert batch.is_turned
    assert batch.names_at == "column A"


def test_it_is_read_the_same_from_the_file_and_undone(terms: dict[str, Any]) -> None:
    batch = previewed(SHEET, **terms)
    before = list(Row.objects.filter(batch=batch).values_list("number", "raw", "outcome"))
    forget_grid(batch)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.READING)
    preview(batch.pk)
    assert list(Row.objects.filter(batch=batch).values_list("number", "raw", "outcome")) == before
    done = imported(SHEET, **terms)
    take_back(done, terms["by"], sees=None)
    assert Offering.objects.count() == 0


def test_units_and_vendors_have_rows_too() -> None:
    rows = as_csv(
        ("Developer", "", "Acme", "Bolt"),
        ("Context window", "tokens", "128k", "64k"),
        ("Input price", "USD per 1K tokens", "1", "2"),
        header=("Specification", "Unit", "Swift", "Gnat"),
    )
    found = understood(open_workbook(rows, "list.csv"))
    assert [c["header"] for c in found.layout.columns.values()][:4] == [
        "Model", "Developer", "Context window (tokens)", "Input price (USD per 1K tokens)",
    ]  # fmt: skip
    assert found.layout.columns["4"]["unit"] == "1K tokens"
    rows = as_csv(
        ("Country", "Germany", "France"),
        ("Website", "https://a.example", "https://b.example"),
        ("Parent company", "", "Hooli"),
        header=("Criterion", "Acme", "Bolt"),
    )
    found = understood(open_workbook(rows, "list.csv"))
    assert (found.shape.name, found.layout.columns["1"]["field"]) == ("vendors", "name")


def test_a_sheet_that_explains_columns_compares_nothing() -> None:
    rows = as_csv(
        ("Context window", "tokens that fit", "128k"),
        ("Input price", "per 1M tokens", "2.50"),
        ("Output price", "per 1M tokens", "10"),
        header=("Column", "Description", "Example"),
    )
    assert not understood(open_workbook(rows, "list.csv")).layout.grid.turned


@pytest.mark.parametrize("name", ["no_provider_zero_context.xlsx", "at_signs.csv", "free_and_unpriced.csv"])
@pytest.mark.django_db
def test_a_catalog_on_its_side_is_the_same_catalog(name: str) -> None:
    """Excerpts of real catalogs, turned: what each entry would do is the same."""
    came = (EXCERPTS / name).read_bytes()
    grid = open_workbook(came, name).grids[0]
    on_side = workbook([list(column) for column in zip(*grid.rows, strict=True)])
    told = console.Instructions(stated_on=TODAY, default_vendor="Acme")
    upright = console.rehearse(came, name, told)
    turned = console.rehearse(on_side, Path(name).stem + ".xlsx", told)
    assert (turned.shape, turned.counts) == (upright.shape, upright.counts)
    assert [problem["what"] for problem in turned.problems] == [p["what"] for p in upright.problems]
    seen = survey(open_workbook(on_side, "turned.xlsx"), VOCABULARIES)[0]
    assert "column names in column A" in seen["why"]
