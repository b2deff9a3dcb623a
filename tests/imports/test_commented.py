"""Ana takes her file home with a comment on each wrong cell, puts it right there and sends it again."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering
from riskassess.imports import deciding
from riskassess.imports.commented import with_comments
from tests.imports.sheets import HEADER, ONE, as_csv, counted, imported, outcomes, previewed

BAD = ("Acme", "Swift-2", "", "-3", "")


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def saved(book: Any) -> bytes:
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def test_a_text_table_comes_back_as_a_workbook_and_is_imported_again(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE, BAD), **terms)
    book = opened(with_comments(batch))
    sheet = book.active
    assert [cell.value for cell in sheet[1]] == list(HEADER)
    assert "negative" in sheet["D3"].comment.text
    assert [cell.coordinate for row in sheet for cell in row if cell.comment] == ["D3"]
    sheet["D3"] = 3
    again = imported(saved(book), name="again.xlsx", **terms)
    assert counted(again) == {"read": 2, "new": 1, "unchanged": 1}
    assert Offering.objects.count() == 2


def as_strict(data: bytes) -> bytes:
    """The workbook as Excel saves it for “Strict Open XML Spreadsheet”: the same parts under other namespaces."""
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(body, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            for name in (b"spreadsheetml", b"officeDocument"):
                usual = b"http://schemas.openxmlformats.org/%s/2006/" % name
                part = part.replace(usual, b"http://purl.oclc.org/ooxml/%s/" % name)
            new.writestr(entry.filename, part)
    return body.getvalue()


def test_a_strict_workbook_comes_back_made_anew(terms: dict[str, Any]) -> None:
    book = Workbook()
    for row in (HEADER, ONE, BAD):
        book.worksheets[0].append(row)
    batch = previewed(as_strict(saved(book)), name="strict.xlsx", **terms)
    assert counted(batch) == {"read": 2, "new": 1, "invalid": 1}
    assert "negative" in opened(with_comments(batch)).worksheets[0]["D3"].comment.text


def test_a_workbook_stays_itself(terms: dict[str, Any]) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Price list"
    for row in (HEADER, ONE, BAD):
        sheet.append(row)
    sheet["A1"].font = Font(bold=True)
    sheet["D3"].comment = Comment("Ask Bob.", "Bob")
    sheet["G1"] = "=1+1"
    book.create_sheet("Notes")["A1"] = "Read me"
    batch = previewed(saved(book), name="list.xlsx", **terms)
    found = opened(with_comments(batch))
    assert found.sheetnames == ["Price list", "Notes"]
    kept = found["Price list"]
    assert (kept["A1"].font.b, kept["G1"].value, found["Notes"]["A1"].value) == (True, "=1+1", "Read me")
    assert kept["D3"].comment.text.startswith("Ask Bob.\n")
    assert "negative" in kept["D3"].comment.text


def test_cells_put_right_are_right_in_it(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE, BAD), **terms)
    deciding.fix(batch, 3, {"D": "3", "E": "=GA"}, by=terms["by"])
    sheet = opened(with_comments(batch)).active
    assert (sheet["D3"].value, sheet["D3"].comment.text) == ("3", "Put right by Ana Ferreira.")
    assert (sheet["E3"].value, sheet["E3"].data_type) == ("=GA", "s")  # text, no formula


def test_a_question_is_a_comment_too(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    batch = previewed(as_csv(("Acme", "swift 1", "", "", "")), name="b.csv", **terms)
    assert outcomes(batch) == ["ask"]
    assert "the same letters and digits" in opened(with_comments(batch)).active["B2"].comment.text


def test_on_the_page(as_ana: Client, as_cleo: Client, terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE, BAD), **terms)
    address = reverse("imports:commented", args=[batch.pk])
    assert address in as_ana.get(reverse("imports:rows", args=[batch.pk])).content.decode()
    assert as_ana.get(address).headers["Content-Disposition"].startswith("attachment")
    assert as_cleo.get(address).status_code == 404
    batch.file.delete(save=False)
    assert as_ana.get(address).status_code in {400, 422}
