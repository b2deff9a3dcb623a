"""Dates as lists write them: each with the precision it was given, and never more."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from riskassess.sheets.cells import Cell, Problem, parse_date
from riskassess.sheets.dates import Bound, Precision, StatedDate
from tests.sheets.answers import known, note, said


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-04-11", "2024-04-11"),
        ("2024-04", "2024-04"),
        ("04/2024", "2024-04"),
        ("2024", "2024"),
        (2024, "2024"),
        ("2024-04-11T08:00:00Z", "2024-04-11"),
        (datetime(2024, 4, 11, 9), "2024-04-11"),  # noqa: DTZ001
        (date(2024, 4, 11), "2024-04-11"),
        ("05/30/2025", "2025-05-30"),
        ("30/05/2025", "2025-05-30"),
        ("3/4/2025", "2025-03-04"),
        ("11.04.2024", "2024-04-11"),
        ("Apr 11, 2024", "2024-04-11"),
        ("Jun 2, 2026", "2026-06-02"),
        ("2 June 2026", "2026-06-02"),
        ("June 2nd, 2026", "2026-06-02"),
        ("Tue, 2 Jun 2026", "2026-06-02"),
        ("2. Juni 2026", "2026-06-02"),
        ("11-Sept-2024", "2024-09-11"),
        ("April 2024", "2024-04"),
        ("Q3 2026", "2026-Q3"),
        ("2026-Q4", "2026-Q4"),
        ("3Q 2026", "2026-Q3"),
        ("1st quarter 2026", "2026-Q1"),
        ("H1 2026", "2026-H1"),
        ("2nd half of 2026", "2026-H2"),
        ("2026-05-01<sup>1</sup>", "2026-05-01"),
        ("**2026-05-01**", "2026-05-01"),
        ("Deprecated 2026-08-20", "2026-08-20"),
        ("2026-05-01 (retired)", "2026-05-01"),
        ("late 2026", "2026"),
        ("~2026", "2026"),
        ("as of May 2026", "2026-05"),
        ("No earlier than 2026-05-01", "2026-05-01 or later"),
        ("Not sooner than June 2, 2026", "2026-06-02 or later"),
        ("not before Q3 2026", "2026-Q3 or later"),
        ("2026-10-01 or later", "2026-10-01 or later"),
        ("Retires on or after 2026-05-01", "2026-05-01 or later"),
        ("by 2026-12-31", "2026-12-31 or before"),
        ("end of Q3 2026", "2026-Q3"),
        ("TBD", "unknown"),
        ("Not yet scheduled", "unknown"),
        ("None announced", "unknown"),
        ("Active", "unknown"),
        ("—", "unknown"),
        (None, "unknown"),
        ("N/A", "not applicable"),
        ("n/a*", "not applicable"),
    ],
)
def test_dates_keep_their_precision(value: Cell, expected: str):
    assert said(parse_date(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected", "why"),
    [
        (45000, "2023-03-15", "the sheet's number of a day"),
        ("45000", "2023-03-15", "the sheet's number of a day"),
        (45000.5, "2023-03-15", "the sheet's number of a day"),
        (1714521600, "2024-05-01", "seconds since 1970"),
        ("1714521600000", "2024-05-01", "milliseconds since 1970"),
        (20260501, "2026-05-01", "year, month, day"),
        ("3/4/2025", "2025-03-04", "month, day, year"),
        ("Deprecated 2026-08-20", "2026-08-20", "Deprecated"),
    ],
)
def test_what_could_be_read_otherwise_is_said(value: Cell, expected: str, why: str):
    result = parse_date(value)
    assert said(result) == expected
    assert why in note(result)


def test_an_unclear_order_of_day_and_month_follows_its_column():
    result = parse_date("3/4/2025", day_first=True)
    assert said(result) == "2025-04-03"
    assert "day, month" in note(result)


@pytest.mark.parametrize(
    ("stated", "first", "last"),
    [
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("Q3 2026", date(2026, 7, 1), date(2026, 9, 30)),
        ("H2 2026", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-05-01", date(2026, 5, 1), date(2026, 5, 1)),
    ],
)
def test_a_span_ends_with_its_last_day(stated: str, first: date, last: date):
    found = known(parse_date(stated))
    assert isinstance(found, StatedDate)
    assert (found.first, found.last) == (first, last)


def test_only_an_exact_day_is_a_day():
    day = date(2026, 5, 1)
    assert StatedDate(day).day == day
    assert StatedDate(day, Precision.MONTH).day is None
    assert StatedDate(day, bound=Bound.EARLIEST).day is None


@pytest.mark.parametrize("value", ["5/30/25", "30-May-25", "Jun 2, '26", "May-25", "Q3 26"])
def test_a_year_of_two_digits_is_a_problem_with_a_hint(value: str):
    problem = parse_date(value)
    assert isinstance(problem, Problem)
    assert "two digits" in problem.what
    assert "four digits" in problem.hint


@pytest.mark.parametrize(
    "value",
    ["2025-02-31", "2025-25-11", "soon", 12, "13/13/2025", "Foo 2024", True, "Q5 2026", "2026-05-01 / 2026-06-01",
     "Aug 20, 2026 (Preview); GA later", 99999999, 1.5],
)  # fmt: skip
def test_what_is_no_date_is_a_problem(value: Cell):
    problem = parse_date(value)
    assert isinstance(problem, Problem)
    assert problem.hint
