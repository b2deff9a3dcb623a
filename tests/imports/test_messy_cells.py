"""Cells as vendors' pages hold them, from the file to the catalog: two values in one, marks, words in names."""

from __future__ import annotations

from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering
from riskassess.imports.models import Row
from tests.imports.sheets import as_csv, counted, imported


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement, "default_vendor": "Acme"}


def notes(number: int) -> str:
    return " ".join(note["note"] for note in Row.objects.get(number=number).notes)


def test_context_and_output_come_from_one_cell(terms: dict[str, Any]) -> None:
    header = ("Model", "Context window / Max output")
    imported(as_csv(("claude-opus-5", "1M / 128K"), ("claude-haiku", "200K"), header=header), **terms)
    opus, haiku = Offering.objects.select_related("model__origin").order_by("-name")
    assert (opus.model.context_tokens, opus.model.max_output_tokens) == (1_000_000, 128_000)
    assert (haiku.model.context_tokens, haiku.model.max_output_tokens) == (200_000, None)
    assert opus.model.origin is not None
    assert opus.model.origin.cell("max_output_tokens", opus.model.origin_row) == "B2"


def test_a_status_in_the_name_counts_where_no_other_is_stated(terms: dict[str, Any]) -> None:
    header = ("Model", "Status")
    rows = (
        ("`parse-v5` <br> **Preview**", ""),
        ("Opus 5 (preview)", "GA"),
        ("Sonnet 5 (preview)", "Preview"),
    )
    batch = imported(as_csv(*rows, header=header), **terms)
    assert counted(batch) == {"read": 3, "new": 3}
    stages = dict(Offering.objects.values_list("name", "stage"))
    assert stages == {"parse-v5": "preview", "Opus 5 (preview)": "ga", "Sonnet 5 (preview)": "preview"}
    assert "preview taken from the name" in notes(2)
    assert "conflict: the name says preview, B3 says ga, which is kept" in notes(3)
    assert "conflict" not in notes(4)


def test_a_footnote_mark_is_no_part_of_a_name_and_the_original_is_kept(terms: dict[str, Any]) -> None:
    imported(as_csv(("Gemini 3.6 Flash[^promo]", "GA"), header=("Model", "Status")), **terms)
    assert Offering.objects.get().name == "Gemini 3.6 Flash"
    assert "[^promo]" in notes(2)
    assert Row.objects.get(number=2).raw[0] == "Gemini 3.6 Flash[^promo]"


def test_a_day_it_may_come_after_is_no_retirement_day(terms: dict[str, Any]) -> None:
    header = ("Model", "Retirement date")
    rows = (("a", "No earlier than 2027-05-01"), ("b", "2027-05-01"), ("c", "Q3 2027"))
    imported(as_csv(*rows, header=header), **terms)
    days = dict(Offering.objects.values_list("name", "retires_on"))
    assert [str(days[name]) for name in "abc"] == ["None", "2027-05-01", "None"]
    assert "2027-05-01 or later names no day" in notes(2)
