"""Catalogs of a kind: headings between the rows, retirement schedules, prices over time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering, Price, Source, SourcedValue, Vendor
from riskassess.imports import services
from riskassess.imports.shapes.schedules import replacements_in
from tests.builders import make_model, make_offering, make_vendor
from tests.imports.sheets import EXCERPTS, ONE, as_csv, counted, imported, outcomes, uploaded

SCHEDULE = (EXCERPTS / "retirement_schedule.csv").read_bytes()
PLAN = ("Vendor", "Model", "Version", "Lifecycle", "Retirement date", "Replacement")
PRICES = ("Vendor", "Model", "Effective date", "Input $/1M tokens", "Output $/1M tokens", "Context")


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


# --- retirement ---------------------------------------------------------------------------------------


def test_a_schedule_sets_stage_retirement_and_replacements_under_its_headings(terms: dict[str, Any]) -> None:
    batch = imported(SCHEDULE, **terms)
    assert batch.shape == "retirement"
    assert counted(batch)["new"] == 9
    assert (
        sum(batch.counts.values()) == 2 * batch.counts["read"] == 2 * 14
    )  # the header apart, every row is told
    cohere = Offering.objects.get(name="Cohere-rerank-v3.5")
    assert cohere.seller is not None
    assert (cohere.seller.name, cohere.stage, cohere.retires_on) == (
        "Cohere",
        "deprecated",
        date(2026, 5, 14),
    )
    value = SourcedValue.objects.get(offering=cohere, attribute="replacements")
    assert value.value == ["Cohere-rerank-v4.0-pro", "Cohere-rerank-v4.0-fast"]
    assert value.cell == "E15"
    assert set(Vendor.objects.values_list("name", flat=True)) == {"Azure OpenAI", "Cohere"}


def test_the_same_schedule_again_changes_nothing_and_undoing_takes_all_back(terms: dict[str, Any]) -> None:
    first = imported(SCHEDULE, **terms)
    again = imported(SCHEDULE, **terms)
    assert (again.counts["unchanged"], again.counts["new"], again.counts["updated"]) == (9, 0, 0)
    services.undo(again, by=terms["by"])
    services.undo(first, by=terms["by"])
    left = [kind for kind in (Offering, SourcedValue, Source, Vendor) if kind._default_manager.exists()]
    assert left == []


def test_a_schedule_meets_the_offering_of_the_catalog_whatever_its_channel(terms: dict[str, Any]) -> None:
    acme = make_vendor("Acme")
    model = make_model("Swift", version="1")
    offering = make_offering(model, seller=acme, channel="Global", identity="acme|swift|1|global")
    rows = as_csv(("Acme", "Swift", "1", "GA", "2027-01-31", "Swift 2 or Swift 3"), header=PLAN)
    batch = imported(rows, **terms)
    offering.refresh_from_db()
    assert (outcomes(batch), offering.stage, offering.retires_on) == (["update"], "ga", date(2027, 1, 31))
    assert batch.rows.get().changes["replacements"] == [None, "Swift 2, Swift 3"]


def test_the_offering_shows_by_what_it_is_replaced(as_ana: Client, terms: dict[str, Any]) -> None:
    imported(as_csv(("Acme", "Swift", "1", "GA", "2027-01-31", "Swift 2 or Swift 3"), header=PLAN), **terms)
    page = as_ana.get(Offering.objects.get().get_absolute_url()).content.decode()
    assert "Swift 2, Swift 3" in page


def test_a_model_that_is_scheduled_twice_is_scheduled_once(terms: dict[str, Any]) -> None:
    row = ("Acme", "Swift", "1", "GA", "2027-01-31", "—")
    batch = imported(as_csv(row, (*row[:4], "2028-01-31", "—"), header=PLAN), **terms)
    assert outcomes(batch) == ["new", "skip"]
    assert "in B2 already" in batch.rows.get(number=3).problems[0]["what"]


@pytest.mark.parametrize(
    ("cell", "names"),
    [("a, b", ["a", "b"]), ("a or b", ["a", "b"]), ("`a` <br> `b`", ["a", "b"]), ("—", []), (None, []),
     ("N/A", []), ("a / b; a", ["a", "b"]), ("gpt-4o/mini", ["gpt-4o/mini"])],
)  # fmt: skip
def test_two_replacements_in_one_cell(cell: str | None, names: list[str]) -> None:
    assert replacements_in(cell) == names


# --- prices over time -----------------------------------------------------------------------------------


def test_every_price_keeps_the_day_from_which_it_holds(as_ana: Client, terms: dict[str, Any]) -> None:
    rows = as_csv(
        ("Acme", "Swift", "2026-01-01", "3.00", "9.00", "128k"),
        ("Acme", "Swift", "2026-07-01", "2.00", "", "256k"),
        ("Acme", "Slow", "2026-01-01", "0", "1.00", ""),
        header=PRICES,
    )
    batch = imported(rows, **terms)
    assert batch.shape == "prices"
    assert outcomes(batch) == ["update", "new", "new"]  # the newest row speaks for the offering
    held = set(Price.objects.filter(offering__name="Swift").values_list("kind", "as_of", "amount"))
    assert held == {
        ("input", date(2026, 1, 1), Decimal(3)),
        ("output", date(2026, 1, 1), Decimal(9)),
        ("input", date(2026, 7, 1), Decimal(2)),
    }
    swift = Offering.objects.get(name="Swift")
    assert swift.model.context_tokens == 256_000
    page = as_ana.get(swift.get_absolute_url()).content.decode()
    assert page.index("2.00") < page.index("Input, earlier") < page.index("3.00")
    assert Price.objects.get(offering__name="Slow", kind="input").shown == "free"


def test_a_history_again_changes_nothing_and_its_cells_are_known(terms: dict[str, Any]) -> None:
    rows = as_csv(
        ("Acme", "Swift", "2026-01-01", "3", "9", ""),
        ("Acme", "Swift", "2026-07-01", "2", "", ""),
        header=PRICES,
    )
    first = imported(rows, **terms)
    again = imported(rows, **terms)
    assert outcomes(again) == ["unchanged", "unchanged"]
    price = Price.objects.get(as_of=date(2026, 7, 1))
    assert (price.row, price.cell) == (3, "D3")
    services.undo(again, by=terms["by"])
    services.undo(first, by=terms["by"])
    assert not Price.objects.exists()


def test_two_prices_of_one_day_are_one_and_a_month_is_no_day(terms: dict[str, Any]) -> None:
    rows = as_csv(
        ("Acme", "Swift", "2026-01-01", "3", "9", ""),
        ("Acme", "Swift", "2026-01-01", "4", "9", ""),
        ("Acme", "Swift", "2026-05", "5", "9", ""),
        header=PRICES,
    )
    batch = imported(rows, **terms)
    assert outcomes(batch) == ["new", "skip", "invalid"]
    assert "names no day" in batch.rows.get(number=4).problems[0]["what"]


def test_a_list_with_a_day_of_update_is_no_history(terms: dict[str, Any]) -> None:
    header = ("Provider", "Model", "Input $/1M tokens", "Last updated")
    batch = uploaded(as_csv(("Acme", "Swift", "1", "2026-01-01"), ("Acme", "Slow", "2", "2026-02-01"), header=header),
                     **terms)  # fmt: skip
    assert batch.shape == "flat"


# --- sections -------------------------------------------------------------------------------------------


def test_headings_between_the_rows_make_a_sectioned_table(terms: dict[str, Any]) -> None:
    rows = as_csv(
        ("Acme models", "", ""), ("Swift", "128k", "GA"), ("Slow", "32k", "GA"),
        ("Globex models", "", ""), ("Giant", "1M", "Preview"), ("Gnat", "8k", "GA"),
        header=("Model", "Context", "Status"),
    )  # fmt: skip
    batch = imported(rows, **terms)
    assert (batch.shape, batch.counts["new"]) == ("sections", 4)
    assert dict(Offering.objects.values_list("name", "seller__name")) == {
        "Swift": "Acme", "Slow": "Acme", "Giant": "Globex", "Gnat": "Globex",
    }  # fmt: skip
    assert [guess["shape"] for guess in batch.guesses][:2] == ["sections", "flat"]


def test_a_plain_catalog_stays_a_flat_table(terms: dict[str, Any]) -> None:
    assert uploaded(as_csv(ONE), **terms).shape == "flat"
