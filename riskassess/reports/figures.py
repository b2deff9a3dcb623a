"""Numbers and dates as people read them. Whole numbers in, text out; nothing is ever a binary fraction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache

from django.utils.formats import get_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from riskassess import marks
from riskassess.scoring.anatomy import Appetite, Method
from riskassess.scoring.appetite import own_appetite
from riskassess.scoring.decision import shown
from riskassess.scoring.ranges import Range

MOST_PLACES = 12


def day(value: str | date | None) -> str:
    """`24 Nov 2026`, of a date or its ISO text, as `marks.day` writes it; empty for none."""
    if not value:
        return ""
    return marks.day(date.fromisoformat(value) if isinstance(value, str) else value)


def number(text: str) -> str:
    """A figure as the language in use writes it: `19.7` is `19,7` in German. The one door for decimal marks."""
    return text.replace(".", _decimal_mark(get_language() or "en"))


@lru_cache(maxsize=16)
def _decimal_mark(language: str) -> str:
    return str(get_format("DECIMAL_SEPARATOR", lang=language))


def lines_text(method: Method) -> str:
    """The lines that decide, and whose they are: the method's own, or a version of the risk appetite."""
    drawn = _drawn(own_appetite(method))
    if method.appetite is None:
        return _("%(lines)s: the method's own lines") % {"lines": f"{drawn[:1].upper()}{drawn[1:]}"}
    return f"{drawn[:1].upper()}{drawn[1:]}: {appetite_name(method.appetite)}"


def _drawn(appetite: Appetite) -> str:
    """As `appetite.lines_in_words`, which is the record's own wording, in the language in use."""
    return _(
        "approve under %(approve)s, conditional under %(conditional)s, reject from %(reject)s; "
        "approval needs %(coverage)s %% coverage"
    ) % {
        "approve": appetite.approve,
        "conditional": appetite.conditional,
        "reject": appetite.reject,
        "coverage": appetite.coverage_percent,
    }


def appetite_name(appetite: Appetite) -> str:
    """`risk appetite, version 2, since 1 Nov 2026`."""
    since = _(", since %(day)s") % {"day": day(appetite.since)} if appetite.since else ""
    return _("risk appetite, version %(number)s") % {"number": appetite.version} + since


def questions(number: int) -> str:
    """`1 question`, `2 questions`."""
    return ngettext("%(number)s question", "%(number)s questions", number) % {"number": number}


def tenths(low: int, high: int, denominator: int) -> tuple[str, str]:
    """Both ends in tenths, rounded outwards."""
    low_end, high_end = shown(Range(low, high), denominator)
    return number(low_end), number(high_end)


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
    return number(_decimals(numerator, denominator, digits))


def _decimals(numerator: int, denominator: int, digits: int) -> str:
    whole, rest = divmod(abs(numerator) * 10**digits // denominator, 10**digits)
    sign = "−" if numerator < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def points(hundredths: int) -> str:
    """A level in points of 0..100, with the decimals it has: `75`, `7.5`."""
    whole, rest = divmod(hundredths, 100)
    return str(whole) if not rest else number(f"{whole}.{rest:02d}".rstrip("0"))


def ends(pair: Sequence[int], text: Callable[[int], str] = str) -> str:
    """Both ends of a pair as one figure or a span."""
    return span(text(pair[0]), text(pair[1]))


def percent(numerator: int, denominator: int) -> str:
    """A position on a scale, as SVG takes it: `19.725%`."""
    if not denominator:
        return "0%"
    text = _decimals(100 * numerator, denominator, 3).rstrip("0").rstrip(".")
    return f"{text}%"


def signed_tenths(numerator: int, denominator: int, sign: str) -> str:
    """A change in points to the nearest tenth, with its sign: `−2.3`; nothing for zero."""
    if not numerator:
        return number("0.0")
    count = (20 * numerator + denominator) // (2 * denominator)
    return number(f"{sign}{count // 10}.{count % 10}" if count else f"{sign}<0.1")


def listed(words: Sequence[str], last: str = "") -> str:
    """`a, b and c`."""
    last = last or _("and")
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 question`, `2 questions`."""
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"
