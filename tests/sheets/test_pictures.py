"""Pictures that people put around what they write: they draw the eye and say nothing."""

from __future__ import annotations

from datetime import date

import pytest

from riskassess.kernel.stated import Known
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.dates import StatedDate, parse_date
from riskassess.sheets.marks import Mark, parse_mark
from riskassess.sheets.numbers import parse_tokens
from riskassess.sheets.prices import parse_currency, parse_price
from riskassess.sheets.regions import parse_regions
from riskassess.sheets.results import Parsed
from riskassess.sheets.units import PER_MILLION_TOKENS


@pytest.mark.parametrize("text", ["🔴 2026-04-20", "⚠️ 2026-04-20", "2026-04-20 ✅", "🗓️ 20 April 2026"])
def test_a_day_beside_a_picture_is_the_day(text: str) -> None:
    read = parse_date(text)
    assert isinstance(read, Parsed)
    assert read.stated == Known(StatedDate(date(2026, 4, 20)))


@pytest.mark.parametrize("text", ["⭐ Swift-1", "Swift-1 🔥", "🇫🇷 Swift-1", "👩‍💻 Swift-1", "▲ Swift-1"])
def test_a_name_is_without_the_picture_and_the_note_says_so(text: str) -> None:
    assert cleaned(text, name=True) == ("Swift-1", f"picture removed from “{text}”")


@pytest.mark.parametrize("text", ["✅", "🔴", "Swift-1", "Swift™", "Größe 1", "C♯-1 model"])
def test_what_is_nothing_but_a_picture_or_holds_none_stays(text: str) -> None:
    assert cleaned(text, name=True) == (text, "")


def test_a_tick_still_says_yes_and_a_cross_no() -> None:
    for text, mark in (("✅", Mark.YES), ("❌", Mark.NO), ("🟢", Mark.YES)):
        read = parse_mark(text)
        assert isinstance(read, Parsed)
        assert read.stated == Known(mark)


def test_amounts_sizes_and_regions_beside_a_picture_are_read() -> None:
    price, size, region = (
        parse_price("⬇️ $2.50", PER_MILLION_TOKENS),
        parse_tokens("📏 128K"),
        parse_regions("🇺🇸 us-east-1"),
    )
    assert isinstance(price, Parsed)
    assert isinstance(price.stated, Known)
    assert (str(price.stated.value.amount), price.stated.value.currency) == ("2.5", "USD")
    assert isinstance(size, Parsed)
    assert size.stated == Known(128_000)
    assert isinstance(region, Parsed)
    assert region.stated == Known(("us-east-1",))


@pytest.mark.parametrize(
    ("text", "code"), [("US Dollars", "USD"), ("Pounds", "GBP"), ("Yuan", "CNY"), ("U.S. dollar", "USD")]
)
def test_a_currency_may_be_called_by_its_name(text: str, code: str) -> None:
    read = parse_currency(text)
    assert isinstance(read, Parsed)
    assert read.stated == Known(code)
