"""Ana looks through the preview and decides on its page and over the API; ben only looks, cleo sees nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import AIModel, Offering, Vendor
from riskassess.imports.models import Batch, Row
from riskassess.jobs.services import drain
from tests.builders import make_vendor
from tests.imports.sheets import ONE, as_csv, imported, outcomes, previewed
from tests.imports.test_pages import text

LATER = date(2026, 12, 24)


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def decide(client: Client, batch: Batch, number: int, **sent: str) -> Any:
    return client.post(reverse("imports:decide", args=[batch.pk, number]), sent, follow=True)


def test_same_and_then_the_rest_is_applied(as_ana: Client, terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    rows = [("Acme", "swift 1", "", "0.7", ""), ("Acme", "Fast", "", "1", "")]
    batch = previewed(as_csv(*rows), name="b.csv", on=LATER, **terms)
    page = text(as_ana.get(batch.get_absolute_url(), follow=True))
    assert "1 needs a decision ; 1 can be applied now" in page
    assert "It is Swift-1" in page
    assert "the same letters and digits" in page
    as_ana.post(reverse("imports:apply", args=[batch.pk]))
    drain()
    page = text(as_ana.get(batch.get_absolute_url()))
    assert "b.csv is partly imported" in page
    assert "Decide 1 row" in page
    response = decide(as_ana, batch, 2, **{"as": "same", "back": "outcome=ask"})
    assert response.redirect_chain[-1][0] == f"{reverse('imports:rows', args=[batch.pk])}?outcome=ask#row-2"
    assert "Apply 1 more row" in text(as_ana.get(batch.get_absolute_url()))
    as_ana.post(reverse("imports:apply", args=[batch.pk]))
    drain()
    batch.refresh_from_db()
    assert (batch.state, outcomes(batch), Offering.objects.count()) == ("applied", ["update", "new"], 2)
    assert "more row" not in text(as_ana.get(reverse("imports:rows", args=[batch.pk])))


def test_a_vendors_spelling_is_explained_and_asked_again(as_ana: Client, terms: dict[str, Any]) -> None:
    make_vendor("OpenAI")
    batch = previewed(as_csv(("Open AI", "A", "", "", ""), ("Open AI", "B", "", "", "")), **terms)
    address = reverse("imports:rows", args=[batch.pk])
    page = text(as_ana.get(address))
    assert "It is OpenAI , in all rows with “Open AI”" in page
    decide(as_ana, batch, 2, **{"as": "same"})
    assert outcomes(batch) == ["new", "new"]
    assert "“Open AI” is OpenAI, says Ana Ferreira." in text(as_ana.get(address))
    as_ana.post(reverse("imports:ask_again", args=[batch.pk]), {"spelling": "Open AI"})
    assert outcomes(batch) == ["ask", "ask"]
    page = text(as_ana.get(address))
    assert "2 rows differ from a known record only in blanks" in page
    page = text(as_ana.post(reverse("imports:accept", args=[batch.pk]), follow=True))
    assert "2 rows mean what they are close to." in page
    assert outcomes(batch) == ["new", "new"]
    assert Vendor.objects.count() == 1


def test_a_conflict_names_both_sources_and_is_decided(as_ana: Client, terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    batch = previewed(as_csv(("Acme", "Swift-1", "200000", "", "")), name="b.csv", **terms)
    address = reverse("imports:rows", args=[batch.pk])
    page = text(as_ana.get(address, {"outcome": "conflict"}))
    assert "C2 context: 200,000 in the sheet, 128,000 on record list.csv, sheet list, 2026-11-24" in page
    decide(as_ana, batch, 2, take="context_tokens")
    assert "200,000 will become current, 128,000 stays on record." in text(as_ana.get(address))
    decide(as_ana, batch, 2, keep="context_tokens")
    assert "Take the sheet’s context" in text(as_ana.get(address))


def test_a_cell_is_put_right_in_the_list_or_on_the_rows_page(as_ana: Client, terms: dict[str, Any]) -> None:
    more = [("Zeta", f"Fast-{n}", "", "1", "") for n in range(5)]
    batch = previewed(
        as_csv(ONE, ("Acme", "Swift-2", "", "-3", ""), ("Acme", "Swift-3", "", "-4", ""), *more), **terms
    )
    assert "Put D3 right" in text(as_ana.get(reverse("imports:rows", args=[batch.pk])))
    decide(as_ana, batch, 3, **{"cell-D": "3"})
    page = text(decide(as_ana, batch, 4, **{"cell-D": "4", "cell-C": "64000", "to": "row"}))
    assert "put right as “4” by Ana Ferreira" in page
    assert set(outcomes(batch)) == {"new"}
    as_ana.post(reverse("imports:apply", args=[batch.pk]))
    drain()
    assert AIModel.objects.get(name="Swift-3").context_tokens == 64_000
    response = as_ana.post(reverse("imports:decide", args=[batch.pk, 4]), {"cell-D": "5"})
    assert response.status_code == 409


def test_what_cannot_be_decided_is_explained(as_ana: Client, terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE), **terms)
    response = as_ana.post(reverse("imports:decide", args=[batch.pk, 2]), {"as": "same"})
    assert response.status_code == 422
    assert "The row is close to no known record." in text(response)


def test_rows_are_found_by_field_and_words(as_ana: Client, terms: dict[str, Any]) -> None:
    rows = [("Acme", f"Swift-{n}", "", "1", "") for n in range(60)]
    batch = previewed(as_csv(*rows, ("Acme", "Größe", "64000", "-3", "")), **terms)
    address = reverse("imports:rows", args=[batch.pk])
    assert "Rows 1–1 of 1" in text(as_ana.get(address, {"q": "Größe"}))
    assert "Rows 1–1 of 1" in text(as_ana.get(address, {"q": "swift-59"}))
    assert "Rows 1–1 of 1" in text(as_ana.get(address, {"field": "input_price", "outcome": "invalid"}))
    assert "Rows 51–61 of 61" in text(as_ana.get(address, {"page": "2"}))
    assert "No row is like that." in text(as_ana.get(address, {"field": "context_window"}))
    narrowed = as_ana.get(address, {"q": "Swift", "page": "1"}).content.decode()
    assert 'href="?q=Swift&amp;page=2"' in narrowed


def test_ben_looks_and_decides_nothing(as_ben: Client, as_cleo: Client, terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE), **terms)
    assert "Leave out" not in text(as_ben.get(reverse("imports:rows", args=[batch.pk])))
    assert decide(as_ben, batch, 2, **{"as": "skip"}).status_code == 403
    assert decide(as_cleo, batch, 2, **{"as": "skip"}).status_code == 404
    for name in ("accept", "ask_again"):
        assert as_ben.post(reverse(f"imports:{name}", args=[batch.pk])).status_code == 403
        assert as_cleo.post(reverse(f"imports:{name}", args=[batch.pk])).status_code == 404
    assert outcomes(batch) == ["new"]


def test_over_the_api(as_ana: Client, as_cleo: Client, terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    rows = [("Acme", "swift 1", "", "-1", ""), ("Acme", "Fast", "", "1", "")]
    batch = previewed(as_csv(*rows), name="b.csv", on=LATER, **terms)
    address = f"/api/v1/imports/{batch.pk}/rows/2/decision/"
    sent = {"cells": {"D": "0.7"}, "verdict": "same"}
    assert as_cleo.put(address, sent, content_type="application/json").status_code == 404
    answer = as_ana.put(address, sent, content_type="application/json").json()
    assert (answer["outcome"], answer["decision"]["as"], answer["fixes"]["3"]["value"]) == (
        "update",
        "same",
        "0.7",
    )
    assert as_ana.put(address, {"verdict": "maybe"}, content_type="application/json").status_code == 400
    assert as_ana.post(f"/api/v1/imports/{batch.pk}/accept/").json()["counts"]["updated"] == 1


@pytest.mark.parametrize("count", [2, 45])
def test_a_preview_full_of_questions_asks_the_database_as_little(
    count: int, as_ana: Client, terms: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    known = [("Acme", f"Swift-{n}", "1000", "", "") for n in range(2 * count)]
    imported(as_csv(*known), **terms)
    close = [("Acme", f"swift {n}", "", "", "") for n in range(count)]
    against = [("Acme", f"Swift-{n}", "2000", "", "") for n in range(count, 2 * count)]
    batch = previewed(as_csv(*close, *against), name="b.csv", **terms)
    assert batch.counts["asked"] == batch.counts["conflicts"] == count
    # As the plain preview, and one for the sources of the conflicts, one for the rows that are spelt alike.
    with django_assert_max_num_queries(12):
        as_ana.get(reverse("imports:rows", args=[batch.pk]))
    assert Row.objects.filter(batch=batch).count() == 2 * count
