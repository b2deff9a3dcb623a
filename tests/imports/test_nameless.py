"""A list without column names: what is proposed of it, what a person is told, and that no row of it is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering
from riskassess.imports import services
from tests.imports.sheets import counted, imported, uploaded

LIST = "\n".join((
    "OpenAI,gpt-4o,128k,$2.50,GA", "OpenAI,gpt-4o-mini,128k,$0.15,GA", "Anthropic,claude-opus-4.1,200k,$15,GA",
    "Google,gemini-2.5-pro,1M,$1.25,Preview",
)).encode()  # fmt: skip


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def test_the_first_row_of_a_list_without_names_is_an_entry(terms: dict[str, Any]) -> None:
    batch = imported(LIST, choices={"D": {"field": "input_price", "unit": "1M tokens"}}, **terms)
    assert (batch.header_row, batch.names_at) == (0, "")
    assert counted(batch) == {"read": 4, "new": 4}
    assert set(Offering.objects.values_list("name", "seller__name", "origin_row")) == {
        ("gpt-4o", "OpenAI", 1), ("gpt-4o-mini", "OpenAI", 2), ("claude-opus-4.1", "Anthropic", 3),
        ("gemini-2.5-pro", "Google", 4),
    }  # fmt: skip
    assert batch.sheets[0]["why"].startswith("no row names the columns")
    again = imported(LIST, **terms)  # what a person has said of such columns is remembered
    assert again.mapping["D"]["field"] == "input_price"
    assert counted(again) == {"read": 4, "unchanged": 4}


def test_what_a_column_holds_is_a_guess_and_is_said_on_the_page(
    terms: dict[str, Any], client: Client
) -> None:
    batch = uploaded(LIST, **terms)
    assert batch.mapping["A"]["confidence"] < 0.5
    assert batch.mapping["D"]["field"] == ""  # a price of what, nothing says
    client.force_login(terms["by"])
    page = client.get(f"/imports/{batch.pk}/columns/", follow=True).content.decode()
    assert "no row names the columns" in page
    assert "called “Vendor” after what its cells look like" in page


def test_a_person_points_out_that_no_row_or_that_one_names_the_columns(terms: dict[str, Any]) -> None:
    batch = uploaded(LIST, **terms)
    services.choose_sheet(batch, batch.sheet, 1, by=terms["by"])
    batch.refresh_from_db()
    assert (batch.header_row, batch.mapping["A"]["header"]) == (1, "OpenAI")
    services.choose_sheet(batch, batch.sheet, 0, by=terms["by"])
    batch.refresh_from_db()
    assert (batch.header_row, batch.mapping["A"]["header"]) == (0, "Vendor")
