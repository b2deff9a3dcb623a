"""Ana sees every sheet of a file before she reads one, and says what a row is where it was taken wrongly."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering
from riskassess.imports import presenting, running, services
from riskassess.imports.models import Batch, Row
from riskassess.imports.row_roles import say_role
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.imports.sheets import HEADER, ONE, as_csv, imported, outcomes, previewed, uploaded
from tests.imports.test_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def workbook() -> bytes:
    book = openpyxl.Workbook()
    first: Any = book.active
    first.title = "Read me"
    first["A1"] = "Some notes on this list."
    prices = book.create_sheet("Prices")
    for row in (HEADER, ("Acme", "Swift", 1000, 1, "GA"), ("Acme", "Slow", 1000, 2, "GA")):
        prices.append(row)
    prices.row_dimensions[2].hidden = True
    matrix = book.create_sheet("Old")
    matrix.sheet_state = "hidden"
    matrix.append(["Acme"])
    matrix.append(["Model", "Type", "Price"])
    matrix.append(["a", "chat", 1])
    matrix.append(["Moon Labs"])
    matrix.append(["Model", "Type", "Price"])
    matrix.append(["b", "chat", 2])
    for cells in ("A1:C1", "A4:C4"):
        matrix.merge_cells(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_every_sheet_is_known_with_what_it_seems_to_be(terms: dict[str, Any]) -> None:
    batch = uploaded(workbook(), name="a.xlsx", **terms)
    notes, prices, old = batch.sheets
    assert (notes["seems"], notes["refused"], notes["preview"]) == (
        "Notes",
        True,
        [["Some notes on this list."]],
    )
    assert prices["seems"].startswith("Flat table")
    assert (prices["rows"], prices["columns"], prices["hidden_rows"]) == (3, 5, 1)
    assert prices["preview"][1] == ["Acme", "Swift", "1000", "1", "GA"]
    assert (old["hidden"], "2 section headings" in old["why"]) == (True, True)
    assert batch.sheet == "Prices"


def test_another_sheet_of_an_imported_file_is_an_import_of_its_own(
    as_ana: Client, as_ben: Client, terms: dict[str, Any]
) -> None:
    batch = imported(workbook(), name="a.xlsx", default_vendor="Acme", **terms)
    assert "Its other sheets" in text(as_ana.get(batch.get_absolute_url()))
    address = reverse("imports:sheet", args=[batch.pk])
    assert as_ben.post(address, {"sheet": "Old"}).status_code == 403
    answer = as_ana.post(address, {"sheet": "Old"})
    batch.refresh_from_db()
    assert (batch.state, batch.sheet) == (Batch.State.APPLIED, "Prices")
    other = Batch.objects.exclude(pk=batch.pk).get()
    assert answer.url == reverse("imports:columns", args=[other.pk])  # type: ignore[attr-defined]
    assert (other.sheet, other.sha256, other.default_vendor) == ("Old", batch.sha256, "Acme")


def test_notes_are_said_once_with_all_their_cells(as_ana: Client, terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(("**Acme**", "`Swift-1`", "", "", "")), **terms)
    (line,) = presenting.row_lines(batch, batch.rows.select_related("batch"))
    assert ("A2", "B2") in [note.cells for note in line.notes]
    assert len(line.notes) < len(line.row.notes)


def test_ana_reads_another_sheet_from_the_page_of_sheets(
    as_ana: Client, as_cleo: Client, terms: dict[str, Any]
) -> None:
    batch = uploaded(workbook(), name="a.xlsx", **terms)
    address = reverse("imports:sheets", args=[batch.pk])
    assert address in as_ana.get(reverse("imports:columns", args=[batch.pk])).content.decode()
    page = text(as_ana.get(address))
    for words in (
        "Read me",
        "Some notes on this list.",
        "cannot be imported",
        "1 hidden row",
        "columns to confirm",
    ):
        assert words in page
    assert as_cleo.get(address).status_code == 404
    as_ana.post(reverse("imports:sheet", args=[batch.pk]), {"sheet": "Old"})
    batch.refresh_from_db()
    assert (batch.sheet, batch.mapping["§1"]["field"]) == ("Old", "vendor")


def test_nobody_can_tell_what_a_text_table_hides(as_ana: Client, terms: dict[str, Any]) -> None:
    batch = uploaded(as_csv(ONE), **terms)
    assert batch.sheets[0]["hidden_rows"] is None
    assert "hidden rows: not known" in text(as_ana.get(reverse("imports:sheets", args=[batch.pk])))


def applied(batch: Batch) -> Batch:
    services.begin_applying(batch)
    running.apply(batch.pk)
    batch.refresh_from_db()
    return batch


def test_a_row_taken_for_an_entry_is_said_to_be_a_heading(as_ana: Client, terms: dict[str, Any]) -> None:
    header = ("Model", "Type", "Context")
    rows = (("a", "chat", "1000"), ("Acme",), ("b", "chat", "2000"))
    batch = previewed(as_csv(*rows, header=header), default_vendor="Fallback", **terms)
    assert outcomes(batch) == ["new", "new", "new"]
    page = reverse("imports:row", args=[batch.pk, 3])
    assert "What this row is" in text(as_ana.get(page))
    as_ana.post(reverse("imports:role", args=[batch.pk, 3]), {"role": "section"})
    drain()
    batch.refresh_from_db()
    assert (batch.state, batch.roles) == ("previewed", {"3": "section"})
    assert outcomes(batch) == ["new", "skip", "new"]
    assert "a person says so" in text(as_ana.get(page))
    assert batch.mapping["§1"]["field"] == "vendor"
    applied(batch)
    sold = {o.name: o.seller.name for o in Offering.objects.select_related("seller")}
    assert sold == {"a": "Fallback", "b": "Acme"}


def test_what_was_said_can_be_taken_back(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE, ("Acme", "Total", "1", "1", "GA")), **terms)
    for role, expected in (("note", ["new", "skip"]), ("", ["new", "new"])):
        say_role(batch, 3, role, by=terms["by"])
        drain()
        batch.refresh_from_db()
        assert outcomes(batch) == expected
    assert batch.roles == {}


def test_not_everybody_may_say_it_nor_at_any_time(terms: dict[str, Any], cleo: User) -> None:
    batch = previewed(as_csv(ONE), **terms)
    with pytest.raises(NotAllowed):
        say_role(batch, 2, "note", by=cleo)
    with pytest.raises(InvalidInput, match="cannot be"):
        say_role(batch, 2, "ornament", by=terms["by"])
    with pytest.raises(InvalidInput, match="no row 9"):
        say_role(batch, 9, "note", by=terms["by"])
    applied(batch)
    with pytest.raises(Conflict):
        say_role(batch, 2, "note", by=terms["by"])
    assert Row.objects.get().role == "data"
