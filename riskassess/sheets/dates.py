"""Dates as people type them, with the precision they gave: a day, a month or a year."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import cast

from riskassess.kernel.stated import UNKNOWN, Known
from riskassess.sheets.results import Cell, Parsed, Problem, Result, absent, not_a, quoted, text_of, tidy

_HINT = "Write the date as 2026-11-24, or 2026-11 where only the month is known."
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_ISO_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_YEAR = re.compile(r"\d{4}")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: \d{1,2}:\d{2}.*)?")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})", re.IGNORECASE)
_NAME_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)
_NAME_YEAR = re.compile(r"([a-z]{3,9})\.?,?[ -](\d{4})", re.IGNORECASE)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip


class Precision(StrEnum):
    """How exactly a date was stated."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date no more exact than its source: `first` is its earliest day, `last` its latest."""

    first: date
    precision: Precision = Precision.DAY

    @property
    def last(self) -> date:
        if self.precision is Precision.DAY:
            return self.first
        month = 12 if self.precision is Precision.YEAR else self.first.month
        return date(self.first.year, month, monthrange(self.first.year, month)[1])

    def __str__(self) -> str:
        """The ISO form, as long as it was stated: 2024, 2024-04 or 2024-04-11."""
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


def parse_date(value: Cell, *, day_first: bool = False) -> Result[StatedDate]:
    """A real date, ISO text, a month, a year, `Apr 11, 2024`, or `05/30/2025`.

    `3/4/2025` is the 4th of March unless `day_first` (its column shows which: see `is_day_first`); the note
    says so. `11.04.2024`, with points, has the day first everywhere.
    """
    if isinstance(value, datetime):
        return Parsed(Known(StatedDate(value.date())))
    if isinstance(value, date):
        return Parsed(Known(StatedDate(value)))
    if isinstance(value, str):
        text = tidy(value)
        nothing = absent(text)
        return cast("Parsed[StatedDate]", nothing) if nothing else _date_in(text, day_first)
    if value is None:
        return Parsed(UNKNOWN)
    return _date_in(text_of(value), day_first)


def is_day_first(values: list[Cell]) -> bool:
    """Whether a column of dates such as `30/05/2025` must have the day first, as one of them proves."""
    matches = (_NUMERIC.fullmatch(tidy(value)) for value in values if isinstance(value, str))
    pairs = [(int(match[1]), int(match[3])) for match in matches if match and match[2] != "."]
    return any(first > 12 for first, _ in pairs) and not any(second > 12 for _, second in pairs)


def _date_in(text: str, day_first: bool) -> Result[StatedDate]:
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[3]), int(match[4]), text)
    if match := _ISO_MONTH.fullmatch(text):
        return _month(int(match[1]), int(match[2]), text)
    if match := _NUMERIC.fullmatch(text):
        return _numeric(int(match[1]), int(match[3]), int(match[4]), text, day_first or match[2] == ".")
    if _YEAR.fullmatch(text) and 1950 <= int(text) <= 2150:
        return Parsed(Known(StatedDate(date(int(text), 1, 1), Precision.YEAR)))
    return _named(text)


def _named(text: str) -> Result[StatedDate]:
    if (match := _DAY_NAME.fullmatch(text)) and (month := _month_number(match[2])):
        return _day(int(match[3]), month, int(match[1]), text)
    if (match := _NAME_DAY.fullmatch(text)) and (month := _month_number(match[1])):
        return _day(int(match[3]), month, int(match[2]), text)
    if (match := _NAME_YEAR.fullmatch(text)) and (month := _month_number(match[1])):
        return _month(int(match[2]), month, text)
    return not_a("a date", text, _HINT)


def _month_number(name: str) -> int:
    """1 to 12, or 0 when `name` is no English month or its abbreviation."""
    low = name.casefold()
    return next(
        (at for at, month in enumerate(_MONTHS, 1) if month.startswith(low) or low == "sept" == month[:4]), 0
    )


def _numeric(first: int, second: int, year: int, text: str, day_first: bool) -> Result[StatedDate]:
    if first > 12 or (day_first and second <= 12):
        day, month = first, second
    else:
        day, month = second, first
    order = "day, month, year" if day == first else "month, day, year"
    unclear = first <= 12 and second <= 12 and first != second
    return _day(year, month, day, text, note=f"{quoted(text)} read as {order}" if unclear else "")


def _day(year: int, month: int, day: int, text: str, note: str = "") -> Result[StatedDate]:
    try:
        return Parsed(Known(StatedDate(date(year, month, day))), note)
    except ValueError:
        return _no_such_day(text)


def _month(year: int, month: int, text: str) -> Result[StatedDate]:
    try:
        return Parsed(Known(StatedDate(date(year, month, 1), Precision.MONTH)))
    except ValueError:
        return _no_such_day(text)


def _no_such_day(text: str) -> Problem:
    return Problem(f"{quoted(text)} is not in the calendar.", _HINT)
