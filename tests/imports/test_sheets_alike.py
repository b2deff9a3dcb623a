"""A workbook with a sheet for each vendor: ana confirms one, and the others are read and applied with it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering
from riskassess.imports import alike, services
from riskassess.imports.models import Batch
from riskassess.imports.terms import named_as_sheet
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, NotAllowed
from tests.imports.sheets import uploaded
from tests.imports.test_pages import text
from tests.queries import FRAME, assert_queries

pytestmark = pytest.mark.django_db

NAMES = ("Model", "Context", "Input ($/1M tokens)", "Status")
TABS: dict[str, Sequence[Sequence[Any]]] = {
    "Nordlicht AI": [("Aurora 2", "128k", 1.2, "GA"), ("Aurora 1", "32k", 0.9, "Deprecated")],
    "Kestrel Labs": [("Kestrel-7B", "8,192 tokens", "$0.10", "Preview")],
    "Brio": [("brio-large-2", "200K", "N/A", "GA"), ("brio-small", "200K", "1.2.3", "GA")],
}


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def workbook(hidden: str = "") -> bytes:
    """A sheet for each vendor, one of other columns, and notes."""
    book = openpyxl.Workbook()
    notes: Any = book.active
    notes.title = "Notes"
    notes["A1"] = "Collected by procurement."
    for name, rows in TABS.items():
        sheet = book.create_sheet(name)
        for row in ((f"{name}, models we may use",), (), NAMES, *rows):
            sheet.append(row)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
    regions = book.create_sheet("Regions")
    for row in (("Region code", "Region name", "Provider"), ("eu-1", "Europe 1", "Brio")):
        regions.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def confirmed(terms: dict[str, Any], vendor: str = "Nordlicht AI", **more: Any) -> Batch:
    batch = uploaded(workbook(**more), name="tabs.xlsx", sheet="Nordlicht AI", **terms)
    services.confirm_columns(batch, {}, by=terms["by"], default_vendor=vendor)
    drain()
    batch.refresh_from_db()
    return batch


def of(batch: Batch, by: User) -> dict[str, alike.SheetOf]:
    return {sheet.name: sheet for sheet in alike.sheets_of(batch, by)}


def sold() -> set[tuple[str, str]]:
    return set(Offering.objects.values_list("seller__name", "name"))


def test_ana_reads_and_applies_the_sheets_of_all_vendors_from_one_page(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    batch = confirmed(terms)
    address = reverse("imports:sheets", args=[batch.pk])
    assert "Read 2 more sheets with the columns of Nordlicht AI" in text(as_ana.get(address))
    assert as_ana.post(reverse("imports:alike", args=[batch.pk])).url == address  # type: ignore[attr-defined]
    assert "being worked on" in text(as_ana.get(address))
    drain()
    page = text(as_ana.get(address))
    assert "1 new, 1 invalid" in page  # Brio's, whose one price cannot be read
    assert "Apply the 3 that are ready" in page
    assert Offering.objects.count() == 0  # nothing is applied unasked
    as_ana.post(reverse("imports:apply_all", args=[batch.pk]))
    drain()
    assert sold() == {
        ("Nordlicht AI", "Aurora 2"),
        ("Nordlicht AI", "Aurora 1"),
        ("Kestrel Labs", "Kestrel-7B"),
        ("Brio", "brio-large-2"),
    }
    page = text(as_ana.get(address))
    assert "Apply the" not in page
    assert "more sheet" not in page
    assert "Read this" in page  # the regions and the notes


def test_each_sheet_is_an_import_of_its_own_and_taken_back_alone(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    batch = confirmed(terms)
    alike.read_alike(batch, by=terms["by"])
    drain()
    alike.apply_ready(batch, by=terms["by"])
    drain()
    services.undo(Batch.objects.get(sheet="Kestrel Labs"), by=terms["by"])
    assert {seller for seller, _ in sold()} == {"Nordlicht AI", "Brio"}
    batch.refresh_from_db()
    assert of(batch, terms["by"])["Kestrel Labs"].is_alike  # it can be read once more
    assert "Read 1 more sheet like it" in text(as_ana.get(batch.get_absolute_url()))


def test_asked_twice_no_sheet_is_read_twice(terms: dict[str, Any]) -> None:
    batch = confirmed(terms)
    for _ in range(2):
        assert alike.read_alike(batch, by=terms["by"]) == {}
    assert sorted(Batch.objects.values_list("sheet", flat=True)) == ["Brio", "Kestrel Labs", "Nordlicht AI"]


def test_however_many_sheets_the_page_asks_for_their_imports_once(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    batch = confirmed(terms)
    alike.read_alike(batch, by=terms["by"])
    reasons = [*FRAME, "the import", "the other imports of its file"]
    assert_queries(as_ana, reverse("imports:sheets", args=[batch.pk]), reasons)


def test_a_sheet_that_is_read_otherwise_waits_for_somebody_to_look_at_it(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    brio: Any = book["Brio"]
    for heading, model in (("Chat models", "brio-chat"), ("Models for code", "brio-code")):
        brio.append((heading,))
        brio.merge_cells(f"A{brio.max_row}:D{brio.max_row}")
        brio.append((model, "200K", 1, "GA"))
    buffer = io.BytesIO()
    book.save(buffer)
    batch = uploaded(buffer.getvalue(), name="tabs.xlsx", sheet="Nordlicht AI", **terms)
    services.confirm_columns(batch, {}, by=terms["by"], default_vendor="Nordlicht AI")
    drain()
    batch.refresh_from_db()
    stayed = alike.read_alike(batch, by=terms["by"])
    assert list(stayed) == ["Brio"]
    assert "not quite the same" in stayed["Brio"]
    drain()
    states = dict(Batch.objects.values_list("sheet", "state"))
    assert (states["Brio"], states["Kestrel Labs"]) == (Batch.State.UPLOADED, Batch.State.PREVIEWED)


def test_sheets_that_would_take_too_long_are_left_for_another_time(
    as_ana: Client, terms: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = confirmed(terms)
    with monkeypatch.context() as patch:
        patch.setattr(alike, "_PATIENCE", -1.0)
        assert alike.read_alike(batch, by=terms["by"]) == {}
    assert "Read 2 more sheets" in text(as_ana.get(reverse("imports:sheets", args=[batch.pk])))


def test_one_vendor_of_a_whole_file_is_that_of_every_sheet(terms: dict[str, Any]) -> None:
    batch = confirmed(terms, vendor="Reseller One")
    alike.read_alike(batch, by=terms["by"])
    assert set(Batch.objects.values_list("default_vendor", flat=True)) == {"Reseller One"}


def test_columns_that_were_chosen_hold_for_the_sheets_alike(terms: dict[str, Any]) -> None:
    batch = uploaded(workbook(), name="tabs.xlsx", sheet="Nordlicht AI", **terms)
    services.confirm_columns(
        batch, {"D": "", "§sheet": "vendor"}, by=terms["by"], default_vendor=""
    )  # its status is not to be read
    drain()
    batch.refresh_from_db()
    alike.read_alike(batch, by=terms["by"])
    drain()
    kestrel = Batch.objects.get(sheet="Kestrel Labs")
    assert (kestrel.mapping["D"]["field"], kestrel.mapping["§sheet"]["field"]) == ("", "vendor")
    assert kestrel.counts["new"] == 1


def test_hidden_sheets_are_read_one_by_one_or_not_at_all(terms: dict[str, Any]) -> None:
    batch = confirmed(terms, hidden="Kestrel Labs")
    found = of(batch, terms["by"])
    assert {name for name, sheet in found.items() if sheet.is_alike} == {"Brio"}


def test_before_the_columns_are_confirmed_nothing_holds_for_other_sheets(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    batch = uploaded(workbook(), name="tabs.xlsx", sheet="Nordlicht AI", **terms)
    assert "more sheets with the columns" not in text(as_ana.get(reverse("imports:sheets", args=[batch.pk])))
    with pytest.raises(Conflict, match="not confirmed"):
        alike.read_alike(batch, by=terms["by"])


def test_ben_reads_them_and_imports_none_and_cleo_sees_none(
    as_ben: Client, as_cleo: Client, ben: User, terms: dict[str, Any]
) -> None:
    batch = confirmed(terms)
    assert "more sheet" not in text(as_ben.get(reverse("imports:sheets", args=[batch.pk])))
    with pytest.raises(NotAllowed):
        alike.read_alike(batch, by=ben)
    assert as_ben.post(reverse("imports:alike", args=[batch.pk])).status_code == 403
    for name in ("alike", "apply_all"):
        assert as_cleo.post(reverse(f"imports:{name}", args=[batch.pk])).status_code == 404
    assert Batch.objects.count() == 1


def test_the_name_of_a_sheet_is_proposed_as_its_vendor_and_never_taken_unseen(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    batch = uploaded(workbook(), name="tabs.xlsx", sheet="Nordlicht AI", **terms)
    page = as_ana.get(reverse("imports:columns", args=[batch.pk])).content.decode()
    assert 'value="Nordlicht AI"' in page
    assert "others of the file have the same columns" in page
    assert batch.default_vendor == ""


@pytest.mark.parametrize(
    "names", [("Europe", "US"), ("Q3 2026", "Q4 2026"), ("June", "July"), ("Chat", "Embeddings"), ("Acme",)]
)
def test_sheets_that_places_times_and_kinds_tell_apart_name_no_vendor(
    names: Sequence[str], terms: dict[str, Any]
) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name in names:
        sheet = book.create_sheet(name)
        sheet.append(NAMES)
        sheet.append(("Aurora 2", "128k", 1.2, "GA"))
    buffer = io.BytesIO()
    book.save(buffer)
    assert named_as_sheet(uploaded(buffer.getvalue(), name="a.xlsx", **terms)) == ""
