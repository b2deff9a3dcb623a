"""Dates as people type them, with the precision they gave: a day, a month, a quarter, a half or a year."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import cast

from riskassess.kernel.stated import UNKNOWN, Known
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.dates_among import days_among
from riskassess.sheets.numbers import exact
from riskassess.sheets.results import Cell, Parsed, Problem, Result, absent, not_a, quoted, text_of, tidy

_HINT = "Write the date as 2026-11-24, or 2026-11 where only the month is known."
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_ISO_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_ISO = re.compile(r"(\d{1,2})[-/.](\d{4})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YEAR = re.compile(r"\d{4}")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:,? \d{1,2}:\d{2}.*)?")
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?\.?,? ", re.IGNORECASE)
_DAY_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.)?(?: of)?[ -]([^\W\d_]{3,9})\.?,?[ -](\d{4})(?:,? \d{1,2}:\d{2}.*)?"
)
_NAME_DAY = re.compile(r"([^\W\d_]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?:,? \d{1,2}:\d{2}.*)?")
_YEAR_NAME_DAY = re.compile(r"(\d{4})[ -]([^\W\d_]{3,9})\.?[ -](\d{1,2})")
_NAME_YEAR = re.compile(r"([^\W\d_]{3,9})\.?,?[ -](?:of )?(\d{4})")
_PART = re.compile(
    r"(?:(\d)(q|h)|(q|h)(\d)|(quarter|half) (\d)|(\d)(?:st|nd|rd|th) (quarter|half))(?: of)?[ /'-]*(\d{4})"
)
_YEAR_PART = re.compile(r"(\d{4})[ /'-]*(?:(\d)(q|h)|(q|h)(\d))")
_SEASON = re.compile(
    r"(?:early|late|mid|spring|summer|autumn|fall|winter|end of|beginning of|start of)[ -]+(?:of )?(\d{4})"
)
_SHORT_YEAR = re.compile(
    r"\d{1,2}([/.-])\d{1,2}\1'?\d{2}|\d{1,2}[ -][a-z]{3,9}\.?,?[ -]'?\d{2}|[a-z]{3,9}\.? \d{1,2},? '?\d{2}"
    r"|[a-z]{3,9}\.?[ -]'?\d{2}|(?:q\d|h\d|\dq|\dh)[ /']*\d{2}",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"(?:[~≈]|(?:ca?\.|circa|about|around|approx(?:\.|imately)?|as of|on|in|since|effective|expected|est\.?|estimated"
    r"|planned|tentatively|scheduled for|retire[ds](?: on)?|deprecated(?: on)?|released(?: on)?|launched(?: on)?"
    r"|shut ?down(?: on)?|eol:?|ga:?|early|late|mid|the end of|end of|beginning of|start of)[\s-])\s*"
)
_EARLIEST = re.compile(
    r"(?:(?:no|not) (?:earlier|sooner|before) than|not before|no earlier than|not until|earliest(?: on)?|at the"
    r" earliest|on or after|or after|from|after|>=|≥|>|starting(?: on)?)\s*:?\s*"
)
_LATER = re.compile(r"\s*,?\s*(?:or later|or after|onwards?|at the earliest|earliest|\+)$")
_LATEST = re.compile(
    r"(?:(?:no|not) later than|by(?: the end of)?|before|until|up to|at the latest|latest(?: by)?|<=|≤|<)\s*:?\s*"
)
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")
_ENGLISH = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december")  # fmt: skip
_OTHER_MONTHS = {
    "januar": 1, "janvier": 1, "enero": 1, "gennaio": 1, "februar": 2, "février": 2, "febrero": 2,
    "febbraio": 2, "märz": 3, "mars": 3, "marzo": 3, "avril": 4, "abril": 4, "aprile": 4, "mai": 5, "mayo": 5,
    "maggio": 5, "juni": 6, "juin": 6, "junio": 6, "giugno": 6, "juli": 7, "juillet": 7, "julio": 7, "luglio": 7,
    "août": 8, "agosto": 8, "septembre": 9, "septiembre": 9, "settembre": 9, "oktober": 10, "octobre": 10,
    "octubre": 10, "ottobre": 10, "novembre": 11, "noviembre": 11, "dezember": 12, "décembre": 12,
    "diciembre": 12, "dicembre": 12, "okt": 10, "dez": 12, "mär": 3,
}  # fmt: skip
_FIRST_SERIAL, _LAST_SERIAL = 29221, 73415  # 1980-01-01 to 2100-12-31, as spreadsheets number days
_SERIAL_ZERO = date(1899, 12, 30)
_FIRST_SECOND, _LAST_SECOND = 315_532_800, 4_133_980_799  # the same days in seconds since 1970


class Precision(StrEnum):
    """How exactly a date was stated."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


class Bound(StrEnum):
    """Whether the date is the day itself, or only the earliest or the latest it can be."""

    EXACT = ""
    EARLIEST = "or later"
    LATEST = "or before"


_MONTHS_IN = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.HALF: 6, Precision.YEAR: 12}


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date no more exact than its source: `first` is its earliest day, `last` its latest."""

    first: date
    precision: Precision = Precision.DAY
    bound: Bound = Bound.EXACT

    @property
    def last(self) -> date:
        if self.precision is Precision.DAY:
            return self.first
        month = self.first.month + _MONTHS_IN[self.precision] - 1
        return date(self.first.year, month, monthrange(self.first.year, month)[1])

    @property
    def day(self) -> date | None:
        """The day, where one was named; None for a month, or for a day it may come after."""
        return self.first if self.precision is Precision.DAY and self.bound is Bound.EXACT else None

    def __str__(self) -> str:
        """ISO, as long as it was stated: 2024, 2024-04, 2024-04-11; 2026-Q3, 2026-H1, 2026-05-01 or later."""
        match self.precision:
            case Precision.QUARTER:
                said = f"{self.first.year}-Q{self.first.month // 3 + 1}"
            case Precision.HALF:
                said = f"{self.first.year}-H{self.first.month // 6 + 1}"
            case precision:
                said = self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]
        return f"{said} {self.bound}".rstrip()


def parse_date(value: Cell, *, day_first: bool = False) -> Result[StatedDate]:
    """A real date, ISO text, a month, a quarter, a year, `Apr 11, 2024`, `05/30/2025`, `not before May 2026`.

    `3/4/2025` is the 4th of March unless `day_first` (its column shows which: see `is_day_first`); the note
    says so. `11.04.2024`, with points, has the day first everywhere. A number is a year, a spreadsheet's own
    number of a day, or a count of seconds since 1970: their ranges lie far apart.
    """
    if isinstance(value, str):
        text = tidy(value)
        if match := _ISO.fullmatch(text):
            return _day(int(match[1]), int(match[3]), int(match[4]), text)
        nothing = absent(text)
        return cast("Parsed[StatedDate]", nothing) if nothing else _date_in(text, day_first)
    if isinstance(value, datetime):
        return Parsed(Known(StatedDate(value.date())))
    if isinstance(value, date):
        return Parsed(Known(StatedDate(value)))
    if value is None:
        return Parsed(UNKNOWN)
    return _date_in(text_of(value), day_first)


def is_day_first(values: list[Cell]) -> bool:
    """Whether a column of dates such as `30/05/2025` must have the day first, as one of them proves."""
    matches = (_NUMERIC.fullmatch(tidy(value)) for value in values if isinstance(value, str))
    pairs = [(int(match[1]), int(match[3])) for match in matches if match and match[2] != "."]
    return any(first > 12 for first, _ in pairs) and not any(second > 12 for _, second in pairs)


# What people write where they have no date to write.
_UNDATED = re.compile(
    r"(?:not|no|none|never|nothing|unscheduled|n/?a\b|tb[dac]\b|unknown|open|indefinite|active|ongoing|current|supported"
    r"|future|later)\b[^\d]*",
    re.IGNORECASE,
)


def _date_in(text: str, day_first: bool) -> Result[StatedDate]:
    plain = _plain_date(text, text, day_first)
    if plain is not None:
        return plain
    shown, _ = cleaned(text, name=True)
    if nothing := absent(shown):
        return cast("Parsed[StatedDate]", nothing)
    if _UNDATED.fullmatch(shown):
        return Parsed(UNKNOWN, note=f"{quoted(text)} read as: no date stated")
    rest = _ASIDE.sub("", shown.casefold())
    while match := _AROUND.match(rest):
        rest = rest[match.end() :]
    rest, bound = _bound_of(rest)
    found = _plain_date(rest.strip(" .,;:*"), text, day_first)
    if found is None and (season := _SEASON.fullmatch(rest)):
        found = Parsed(Known(StatedDate(date(int(season[1]), 1, 1), Precision.YEAR)))
    if isinstance(found, Parsed) and isinstance(found.stated, Known):
        stated = replace(found.stated.value, bound=bound)
        return Parsed(Known(stated), found.note or f"{quoted(text)} read as {stated}")
    return found or _among(text, shown, day_first) or _no_date(text)


def _among(text: str, shown: str, day_first: bool) -> Result[StatedDate] | None:
    """Of several days that count, the first to come: a later one would say that there is time where there is none."""
    parts, why = days_among(shown)
    days = [
        read.stated.value
        for part in parts
        if isinstance(read := _date_in(part, day_first), Parsed) and isinstance(read.stated, Known)
    ]
    if not days or len(days) < len(parts):
        return None
    first = min(days, key=lambda day: day.first)
    return Parsed(Known(first), f"{quoted(text)} read as {first}: {why}")


def _no_date(text: str) -> Problem:
    if _SHORT_YEAR.fullmatch(text):
        return Problem(
            f"{quoted(text)} has a year of two digits.",
            "Write the year with four digits, such as 2026-05-30.",
        )
    return not_a("a date", text, _HINT)


def _bound_of(text: str) -> tuple[str, Bound]:
    """The text without the words that make its date only the earliest or the latest."""
    if match := _EARLIEST.match(text):
        return text[match.end() :], Bound.EARLIEST
    if match := _LATER.search(text):
        return text[: match.start()], Bound.EARLIEST
    if match := _LATEST.match(text):
        return text[match.end() :], Bound.LATEST
    return text, Bound.EXACT


def _plain_date(text: str, whole: str, day_first: bool) -> Result[StatedDate] | None:
    """The date that is all of `text`; None where it is none. `whole` is the cell, for its messages."""
    if not text or not any(char.isdigit() for char in text):
        return None
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[3]), int(match[4]), whole)
    if match := _ISO_MONTH.fullmatch(text):
        return _span(int(match[1]), int(match[2]), Precision.MONTH, whole)
    if match := _NUMERIC.fullmatch(text):
        return _numeric(int(match[1]), int(match[3]), int(match[4]), whole, day_first or match[2] == ".")
    if match := _MONTH_ISO.fullmatch(text):
        return _span(int(match[2]), int(match[1]), Precision.MONTH, whole)
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return _number(text, whole)
    return _named(text.casefold(), whole)


def _number(text: str, whole: str) -> Result[StatedDate] | None:
    if _YEAR.fullmatch(text):
        return _span(int(text), 1, Precision.YEAR, whole) if 1950 <= int(text) <= 2150 else None
    if match := _COMPACT.fullmatch(text):
        return _day(
            int(match[1]), int(match[2]), int(match[3]), whole, f"{quoted(whole)} read as year, month, day"
        )
    number = exact(float(text))
    if number is None:
        return None
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        day = _SERIAL_ZERO + timedelta(days=int(number))
        return Parsed(Known(StatedDate(day)), f"{quoted(whole)} read as the sheet's number of a day: {day}")
    for unit, size in (("seconds", 1), ("milliseconds", 1000)):
        if _FIRST_SECOND <= number / size <= _LAST_SECOND:
            day = datetime.fromtimestamp(int(number / size), UTC).date()
            return Parsed(Known(StatedDate(day)), f"{quoted(whole)} read as {unit} since 1970: {day}")
    return None


def _named(text: str, whole: str) -> Result[StatedDate] | None:
    text = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    for pattern, year, month, day in ((_DAY_NAME, 3, 2, 1), (_NAME_DAY, 3, 1, 2), (_YEAR_NAME_DAY, 1, 2, 3)):
        if (match := pattern.fullmatch(text)) and (number := _month_number(match[month])):
            return _day(int(match[year]), number, int(match[day]), whole)
    if (match := _NAME_YEAR.fullmatch(text)) and (number := _month_number(match[1])):
        return _span(int(match[2]), number, Precision.MONTH, whole)
    if match := _PART.fullmatch(text):
        *found, last = (group for group in match.groups() if group)
        return _part(int(last), found, whole)
    if match := _YEAR_PART.fullmatch(text):
        first, *found = (group for group in match.groups() if group)
        return _part(int(first), found, whole)
    return None


def _part(year: int, found: list[str], whole: str) -> Result[StatedDate]:
    """The quarter or half that `found` names: a letter or word and a digit, in any order."""
    which = next(int(group) for group in found if group.isdigit())
    precision = Precision.QUARTER if any(group[0] == "q" for group in found) else Precision.HALF
    months = _MONTHS_IN[precision]
    return _span(year, (which - 1) * months + 1 if 1 <= which <= 12 // months else 0, precision, whole)


def _month_number(name: str) -> int:
    """1 to 12, or 0 when `name` is no month or its abbreviation."""
    if name == "sept":
        return 9
    english = next((at for at, month in enumerate(_ENGLISH, 1) if month.startswith(name)), 0)
    return english or _OTHER_MONTHS.get(name, 0)


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


def _span(year: int, month: int, precision: Precision, text: str) -> Result[StatedDate]:
    try:
        return Parsed(Known(StatedDate(date(year, month, 1), precision)))
    except ValueError:
        return _no_such_day(text)


def _no_such_day(text: str) -> Problem:
    return Problem(f"{quoted(text)} is not in the calendar.", _HINT)
