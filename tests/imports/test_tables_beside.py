"""A second table beside the first: its cells are said of none of the first one's rows."""

from __future__ import annotations

from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Availability, Offering
from riskassess.imports.understanding import understood
from riskassess.sheets.workbook import open_workbook
from tests.imports.sheets import as_csv, counted, imported

HEADER = ("Provider", "Model", "Input $/1M tokens", "", "Region", "Place")
ROWS = [
    ("Acme", "Swift", "2.50", "", "eu-west-1", "Ireland"),
    ("Acme", "Gnat", "0.15", "", "us-east-1", "Virginia"),
    ("Bolt", "Large", "3.00", "", "", ""),
    ("Bolt", "Small", "1.00", "", "", ""),
    ("Bolt", "Tiny", "0.10", "", "", ""),
]


def columns(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> dict[str, tuple[str, str]]:
    """Letters -> what the column is read as, and why."""
    found = understood(open_workbook(as_csv(*rows, header=header), "list.csv")).layout.columns
    return {letters: (column["field"], column["why"]) for letters, column in found.items()}


@pytest.mark.django_db
def test_a_list_of_regions_beside_prices_places_no_model(ana: User, procurement: BusinessUnit) -> None:
    batch = imported(as_csv(*ROWS, header=HEADER), ana, procurement)
    assert counted(batch) == {"read": 5, "new": 5}
    assert not Availability.objects.exists()
    assert Offering.objects.count() == 5
    assert batch.mapping["E"]["field"] == ""
    assert batch.mapping["E"]["why"] == (
        "stands apart behind the blank column D and is filled for the first 2 rows: another table"
    )
    row: Any = batch.rows.get(number=2)
    assert row.raw[4:] == ["eu-west-1", "Ireland"]  # kept with the row, as all that is not read


def test_models_beside_a_legend_are_read() -> None:
    rows = [("GA", "sold", "", *row[:3]) for row in ROWS[:2]] + [("", "", "", *row[:3]) for row in ROWS[2:]]
    found = columns(*rows, header=("Stage", "Means", "", *HEADER[:3]))
    assert (found["D"][0], found["E"][0], found["F"][0]) == ("vendor", "model_name", "input_price")
    assert found["A"] == (
        "",
        "stands apart before the blank column C and is filled for the first 2 rows: another table",
    )


def test_a_blank_column_within_a_table_parts_nothing() -> None:
    whole = [(*row[:3], "", "eu-west-1", "Ireland") for row in ROWS]
    gaps = [*ROWS[:1], (*ROWS[1][:3], "", "", ""), *whole[2:4], ROWS[4]]
    for rows in (whole, gaps, [*whole[:4], (*ROWS[4][:3], "", "", "")]):
        assert columns(*rows)["E"][0] == "regions"
