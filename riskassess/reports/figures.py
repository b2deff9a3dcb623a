"""Numbers and dates as people read them. Whole numbers in, text out; nothing is ever a binary fraction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from riskassess.scoring.anatomy import Appetite, Method
from riskassess.scoring.appetite import lines_in_words, own_appetite
from riskassess.scoring.decision import shown
from riskassess.scoring.ranges import Range

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_PLACES = 12


def day(value: str | date | None) -> str:
    """`24 Nov 2026`, of a date or its ISO text; empty for none."""
    if not value:
        return ""
    when = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def lines_text(method: Method) -> str:
    """The lines that decide, and whose they are: the method's own, or a version of the risk appetite."""
    drawn = lines_in_words(own_appetite(method))
    if method.appetite is None:
        return f"{drawn[:1].upper()}{drawn[1:]}: the method's own lines"
    return f"{drawn[:1].upper()}{drawn[1:]}: {appetite_name(method.appetite)}"


def appetite_name(appetite: Appetite) -> str:
    """`risk appetite, version 2, since 1 Nov 2026`."""
    since = f", since {day(appetite.since)}" if appetite.since else ""
    return f"risk appetite, version {appetite.version}{since}"


def tenths(low: int, high: int, denominator: int) -> tuple[str, str]:
    """Both ends in tenths, rounded outwards."""
    return shown(Range(low, high), denominator)


def span(low: str, high: str) -> str:
    """`low–high`, or one of them where they are the same."""
    return low if low == high else f"{low}–{high}"


def places(numerators: Iterable[int], denominator: int, least: int = 4) -> int:
    """How many decimals every one of `numerators / denominator` needs to be exact; at most twelve."""
    numerators = tuple(numerators)
    return next(
        (
            n
            for n in range(least, MOST_PLACES)
            if all(number * 10**n % denominator == 0 for number in numerators)
        ),
        MOST_PLACES,
    )


def decimals(numerator: int, denominator: int, digits: int) -> str:
    """`numerator / denominator` with that many decimals: exact where `places` says so, else rounded down."""
    whole, rest = divmod(abs(numerator) * 10**digits // denominator, 10**digits)
    sign = "−" if numerator < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def points(hundredths: int) -> str:
    """A level in points of 0..100, with the decimals it has: `75`, `7.5`."""
    whole, rest = divmod(hundredths, 100)
    return str(whole) if not rest else f"{whole}.{rest:02d}".rstrip("0")


def ends(pair: Sequence[int], text: Callable[[int], str] = str) -> str:
    """Both ends of a pair as one figure or a span."""
    return span(text(pair[0]), text(pair[1]))


def percent(numerator: int, denominator: int) -> str:
    """A position on a scale, as SVG takes it: `19.725%`."""
    if not denominator:
        return "0%"
    text = decimals(100 * numerator, denominator, 3).rstrip("0").rstrip(".")
    return f"{text}%"


def signed_tenths(numerator: int, denominator: int, sign: str) -> str:
    """A change in points to the nearest tenth, with its sign: `−2.3`; nothing for zero."""
    if not numerator:
        return "0.0"
    count = (20 * numerator + denominator) // (2 * denominator)
    return f"{sign}{count // 10}.{count % 10}" if count else f"{sign}<0.1"


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 question`, `2 questions`."""
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"
