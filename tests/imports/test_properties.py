"""Whatever a sheet holds: every row is accounted for, and what stays behind says why and where."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from riskassess.imports.entries import read_entries
from riskassess.imports.known import Catalog
from riskassess.imports.layout import layout_of
from riskassess.imports.plan import Plan, plan
from riskassess.imports.stored import stored_rows
from riskassess.sheets.table import understand
from riskassess.sheets.workbook import Grid
from tests.builders import TODAY
from tests.imports.sheets import HEADER

CELL = st.one_of(
    st.none(),
    st.sampled_from(["Acme", "acme", "Zeta", "Swift", "n/a", "free", "0", "128k", "-1", " ", "ga", "beta"]),
    st.text(max_size=6),
    st.integers(-5, 10**7),
    st.floats(allow_nan=True),
    st.booleans(),
    st.dates(),
)
ROWS = st.lists(st.lists(CELL, min_size=5, max_size=5), max_size=12)


def planned(rows: list[list[Any]], catalog: Catalog, on: date = TODAY) -> tuple[Plan, int]:
    grid = Grid("s", [list(HEADER), *rows], first_row=3, first_column=2)
    kept = list(stored_rows(understand(grid, 4)))
    header = Grid("s", [list(HEADER), ["Acme", "Swift", "1", "1", "ga"]], first_row=3, first_column=2)
    entries = read_entries(kept, layout_of(header, 4).columns)
    return plan(entries, catalog, stated_on=on), len(kept)


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_every_row_is_accounted_for_once(rows: list[list[Any]]) -> None:
    result, kept = planned(rows, Catalog())
    counts = result.counts
    assert counts["read"] == kept == sum(counts.values()) - counts["read"]
    numbers = [row.entry.number for row in result.rows]
    assert numbers == sorted(set(numbers))
    assert all(5 <= number <= 4 + len(rows) for number in numbers)


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_a_row_that_stays_says_why_and_where(rows: list[list[Any]]) -> None:
    result, _ = planned(rows, Catalog())
    for row in result.rows:
        stays = row.outcome in {"skip", "invalid"}
        assert bool(row.problems) == stays
        assert (row.offering is None) == stays
        for problem in row.problems:
            assert problem["what"]
            assert problem["cell"][0] in "CDEFG"
            above = {said[0] for said in row.entry.over.values()}  # a ditto mark stands for the cell above
            assert problem["cell"][1:] == str(row.entry.number) or problem["cell"] in above


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_no_two_rows_speak_for_one_offering(rows: list[list[Any]]) -> None:
    result, _ = planned(rows, Catalog())
    spoken_for = [row.identity for row in result.rows if row.offering is not None]
    assert len(spoken_for) == len(set(spoken_for))
