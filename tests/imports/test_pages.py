"""Ana brings a spreadsheet in; ben may look; cleo sees none of it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering
from riskassess.imports.models import Batch, Row
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from tests.imports.sheets import HEADER, ONE, as_csv, imported, previewed

BAD = ("Acme", "Swift-2", "", "-3", "")


def send(client: Client, unit: BusinessUnit, data: bytes, name: str = "list.csv", **changes: Any) -> Any:
    form = {
        "file": SimpleUploadedFile(name, data),
        "unit": unit.pk,
        "stated_on": "2026-11-24",
        "source_kind": "analyst",
        "default_vendor": "",
    }
    return client.post(reverse("imports:upload"), form | changes)


def text(response: HttpResponse) -> str:
    """The page's words, without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def fields(batch: Batch) -> dict[str, str]:
    """The columns page as it stands, sent back."""
    sent = {"stated_on": batch.stated_on.isoformat(), "default_vendor": batch.default_vendor}
    for letters, column in batch.mapping.items():
        sent[f"field-{letters}"] = column["field"]
        sent[f"unit-{letters}"] = column["unit"]
        sent[f"currency-{letters}"] = column["currency"]
    return sent


def test_the_whole_way(as_ana: Client, procurement: BusinessUnit) -> None:
    response = send(as_ana, procurement, as_csv(ONE, BAD))
    batch = Batch.objects.get()
    assert response.url == reverse("imports:columns", args=[batch.pk])
    page = text(as_ana.get(response.url))
    assert "Context limit" in page
    assert "128000" in page
    response = as_ana.post(reverse("imports:columns", args=[batch.pk]), fields(batch))
    assert response.url == batch.get_absolute_url()
    assert "Nothing is changed" in text(as_ana.get(response.url))
    drain()
    page = text(as_ana.get(batch.get_absolute_url(), follow=True))
    assert "Preview: nothing is saved yet" in page
    assert "Apply 1 row, leave 1" in page
    assert "D3" in page
    assert Offering.objects.count() == 0
    as_ana.post(reverse("imports:apply", args=[batch.pk]))
    drain()
    page = text(as_ana.get(batch.get_absolute_url()))
    assert "list.csv is imported" in page
    assert "negative price" in page
    assert Offering.objects.count() == 1


def test_a_value_leads_back_to_all_cells_of_its_row(
    as_ana: Client, ana: User, procurement: BusinessUnit
) -> None:
    batch = imported(as_csv(ONE), ana, procurement)
    offering = Offering.objects.get()
    address = reverse("imports:source_row", args=[offering.origin_id, offering.origin_row])
    response = as_ana.get(address, follow=True)
    assert response.redirect_chain[-1][0] == reverse("imports:row", args=[batch.pk, 2])
    page = text(response)
    assert "Row 2: Swift-1" in page
    assert all(f"{letter}2" in page for letter in "ABCDE")


def test_what_cannot_be_read_is_said_beside_the_field(as_ana: Client, procurement: BusinessUnit) -> None:
    response = send(as_ana, procurement, b"%PDF-1.7 no sheet", "list.xlsx")
    assert response.status_code == 422
    assert "The file is a PDF, not a spreadsheet." in text(response)
    assert "id_file_error" in response.content.decode()
    assert not Batch.objects.exists()


def test_too_large_a_file_is_refused_before_it_is_read(
    as_ana: Client, procurement: BusinessUnit, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_BYTES = 20
    response = send(as_ana, procurement, as_csv(ONE))
    assert response.status_code == 422
    assert "the limit is" in text(response)
    assert not Batch.objects.exists()


def test_another_sheet_can_be_read(as_ana: Client, procurement: BusinessUnit) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "About"  # type: ignore[union-attr]
    book.active["A1"] = "Read me"  # type: ignore[index]
    for name in ("Models", "Old models"):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        sheet.append(ONE)
    body = io.BytesIO()
    book.save(body)
    send(as_ana, procurement, body.getvalue(), "book.xlsx")
    batch = Batch.objects.get()
    assert batch.sheet == "Models"
    address = reverse("imports:sheet", args=[batch.pk])
    as_ana.post(address, {"sheet": "Old models", "header_row": ""})
    batch.refresh_from_db()
    assert batch.sheet == "Old models"
    response = as_ana.post(address, {"sheet": "Old models", "header_row": "99"})
    assert response.status_code == 422
    assert "not in the sheet" in text(response)


def test_a_mapping_that_cannot_be_is_explained_and_kept_on_the_page(
    as_ana: Client, procurement: BusinessUnit
) -> None:
    send(as_ana, procurement, as_csv(ONE))
    batch = Batch.objects.get()
    sent = fields(batch) | {"field-A": ""}
    response = as_ana.post(reverse("imports:columns", args=[batch.pk]), sent)
    assert response.status_code == 422
    assert "Nothing says who sells the models." in text(response)
    assert not Job.objects.exists()


def test_rows_are_filtered_by_outcome_and_paged(as_ana: Client, ana: User, procurement: BusinessUnit) -> None:
    many = [("Acme", f"Swift-{n}", "", "1", "") for n in range(120)]
    batch = previewed(as_csv(*many, BAD), ana, procurement)
    address = reverse("imports:rows", args=[batch.pk])
    assert "Rows 1–50 of 121" in text(as_ana.get(address))
    assert "Rows 101–120 of 120" in text(as_ana.get(address, {"outcome": "new", "page": "3"}))
    assert "Rows 1–1 of 1" in text(as_ana.get(address, {"outcome": "invalid"}))
    assert "Rows 101–121 of 121" in text(as_ana.get(address, {"outcome": "'", "page": "99999"}))


def test_the_rows_left_come_as_a_workbook(as_ana: Client, ana: User, procurement: BusinessUnit) -> None:
    batch = imported(as_csv(ONE, BAD), ana, procurement)
    response = as_ana.get(reverse("imports:left", args=[batch.pk]))
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:3] == [3, "Invalid", "D3"]


def test_the_bar_sends_the_page_on_when_there_is_something_to_see(
    as_ana: Client, procurement: BusinessUnit
) -> None:
    send(as_ana, procurement, as_csv(ONE))
    batch = Batch.objects.get()
    as_ana.post(reverse("imports:columns", args=[batch.pk]), fields(batch))
    address = reverse("imports:progress", args=[batch.pk])
    waiting = as_ana.get(address, headers={"HX-Request": "true"})
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    drain()
    done = as_ana.get(address, headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == batch.get_absolute_url()


def test_ben_may_look_and_not_import(as_ben: Client, ana: User, ben: User, procurement: BusinessUnit) -> None:
    batch = previewed(as_csv(ONE), ana, procurement)
    page = text(as_ben.get(reverse("imports:rows", args=[batch.pk])))
    assert "Swift-1" in page
    assert "Apply 1 row" not in page
    assert as_ben.get(reverse("imports:upload")).status_code == 403
    assert as_ben.post(reverse("imports:apply", args=[batch.pk])).status_code == 403
    assert as_ben.post(reverse("imports:discard", args=[batch.pk])).status_code == 403
    batch.refresh_from_db()
    assert batch.state == "previewed"


def test_cleo_sees_none_of_it(as_cleo: Client, ana: User, procurement: BusinessUnit) -> None:
    batch = imported(as_csv(ONE), ana, procurement)
    assert "list.csv" not in text(as_cleo.get(reverse("imports:list")))
    for name in ("batch", "columns", "rows", "left", "progress"):
        assert as_cleo.get(reverse(f"imports:{name}", args=[batch.pk])).status_code == 404
    assert as_cleo.get(reverse("imports:row", args=[batch.pk, 2])).status_code == 404
    source = as_cleo.get(reverse("imports:source_row", args=[batch.source_id, 2]))
    assert source.headers["Location"] == reverse("catalog:source", args=[batch.source_id])
    for name in ("apply", "discard", "sheet", "columns"):
        assert as_cleo.post(reverse(f"imports:{name}", args=[batch.pk])).status_code == 404
    assert Row.objects.count() == 1


def test_cleo_cannot_choose_another_unit(as_cleo: Client, procurement: BusinessUnit, cleo: User) -> None:
    assert send(as_cleo, procurement, as_csv(ONE)).status_code == 422
    assert not Batch.objects.exists()


def test_text_from_a_sheet_is_shown_as_text(as_ana: Client, ana: User, procurement: BusinessUnit) -> None:
    batch = previewed(as_csv(("Acme", "<script>alert(1)</script>", "", "", "")), ana, procurement)
    for name in ("rows", "columns"):
        assert b"<script>alert" not in as_ana.get(reverse(f"imports:{name}", args=[batch.pk])).content


@pytest.mark.parametrize("count", [3, 40])
def test_the_list_asks_the_same_number_of_questions_however_long(
    count: int, as_ana: Client, ana: User, procurement: BusinessUnit, django_assert_max_num_queries: Any
) -> None:
    first = previewed(as_csv(ONE), ana, procurement)
    copies = [Batch(**_copied(first)) for _ in range(count)]
    Batch.objects.bulk_create(copies)
    # session, person, the units she may read (once, also for the filter), the batches with unit and
    # person joined, may she import; the rest is the frame's.
    with django_assert_max_num_queries(9):
        as_ana.get(reverse("imports:list"))


def _copied(batch: Batch) -> dict[str, Any]:
    skipped = {"id", "uploaded_at"}
    return {
        f.attname: getattr(batch, f.attname) for f in Batch._meta.concrete_fields if f.name not in skipped
    }


@pytest.mark.parametrize("count", [2, 45])
def test_the_preview_asks_the_same_number_of_questions_however_many_rows(
    count: int, as_ana: Client, ana: User, procurement: BusinessUnit, django_assert_max_num_queries: Any
) -> None:
    many = [("Acme", f"Swift-{n}", "", "1", "") for n in range(count)]
    batch = previewed(as_csv(*many), ana, procurement)
    # session, person, the batch with unit, person and job joined, its rows, may she import; then the frame.
    with django_assert_max_num_queries(10):
        as_ana.get(reverse("imports:rows", args=[batch.pk]))
