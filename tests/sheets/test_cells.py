"""One parser a kind: what it states, what it notes, what it refuses."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskassess.kernel.stated import Known, NotApplicable, Unknown
from riskassess.sheets.cells import (
    Cell,
    Parsed,
    Price,
    PriceUnit,
    Problem,
    ReleaseStage,
    Result,
    parse_bool,
    parse_date,
    parse_list,
    parse_price,
    parse_status,
    parse_text,
    parse_tokens,
    parse_url,
)
from riskassess.sheets.prices import (
    PER_MILLION_TOKENS,
    PER_THOUSAND_TOKENS,
    PER_TOKEN,
    read_price_words,
    unit_named,
)


def known(result: Result[object]) -> object:
    assert isinstance(result, Parsed), result
    assert isinstance(result.stated, Known), result
    return result.stated.value


def amount(value: Cell, unit: PriceUnit | None = PER_MILLION_TOKENS) -> Decimal:
    price = known(parse_price(value, unit))
    assert isinstance(price, Price)
    return price.amount


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (2e-06, PER_TOKEN, "2"),
        (0.0005666666666666667, PER_TOKEN, "566.6666666666667"),
        (0.003, PER_THOUSAND_TOKENS, "3"),
        ("0.132", PER_MILLION_TOKENS, "0.132"),
        ("$3.50", PER_MILLION_TOKENS, "3.5"),
        ("2,50 €", PER_MILLION_TOKENS, "2.5"),
        ("1.234,56", PER_MILLION_TOKENS, "1234.56"),
        ("1,234.56", PER_MILLION_TOKENS, "1234.56"),
        ("0,132", PER_MILLION_TOKENS, "0.132"),
        ("2e-06", PER_TOKEN, "2"),
        ("$0.003 / 1K tokens", PER_MILLION_TOKENS, "3"),
        ("USD 3.00 per million output tokens", None, "3"),
        (100, PER_MILLION_TOKENS, "100"),
        (0, PER_TOKEN, "0"),
        ("0", PER_TOKEN, "0"),
        ("free", PER_TOKEN, "0"),
        ("Free of charge", None, "0"),
    ],
)
def test_prices_are_exact_and_per_million_tokens(value: Cell, unit: PriceUnit | None, expected: str):
    assert str(amount(value, unit)) == expected


@given(st.integers(0, 10**9), st.integers(0, 12))
def test_a_price_per_token_loses_nothing(digits: int, places: int):
    number = Decimal(digits).scaleb(-places)
    assert amount(float(number), PER_TOKEN) == number * 10**6
    assert amount(format(number, "f"), PER_TOKEN) == number * 10**6


def test_a_price_keeps_its_currency():
    assert known(parse_price("€3", PER_MILLION_TOKENS, "USD")) == Price(Decimal(3), PER_MILLION_TOKENS, "EUR")
    assert known(parse_price(3, PER_MILLION_TOKENS, "USD")) == Price(Decimal(3), PER_MILLION_TOKENS, "USD")
    assert known(parse_price(3, PER_MILLION_TOKENS)) == Price(Decimal(3), PER_MILLION_TOKENS, "")


def test_other_units_are_not_turned_into_tokens():
    assert known(parse_price(0.04, PriceUnit(1, "image"))) == Price(Decimal("0.04"), PriceUnit(1, "image"))
    assert known(parse_price(0.0001, PriceUnit(1, "second"))) == Price(Decimal("0.36"), PriceUnit(1, "hour"))


@pytest.mark.parametrize(
    "value", [-1, "-0.5", "ask sales", "$1 - $2", "1.2.3", True, float("nan"), "1e999", "€"]
)
def test_what_is_no_price_is_a_problem_that_quotes_it(value: Cell):
    problem = parse_price(value, PER_MILLION_TOKENS)
    assert isinstance(problem, Problem)
    assert "“" in problem.what
    assert problem.hint


def test_a_price_without_any_unit_is_a_problem():
    assert isinstance(parse_price(2.5, None), Problem)


PARSERS = (parse_text, parse_tokens, parse_date, parse_bool, parse_list, parse_status, parse_url)


@pytest.mark.parametrize("parse", [*PARSERS, lambda value: parse_price(value, PER_TOKEN)])
def test_blank_is_unknown_and_not_applicable_is_another_thing(parse):
    for value in (None, "  ", "-", "—", "TBD", "none"):
        assert isinstance(parse(value).stated, Unknown)
    for value in ("N/A", "n/a", " Not applicable "):
        assert isinstance(parse(value).stated, NotApplicable)
    assert parse("—").note


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (32000.0, 32000),
        ("131,072 tokens", 131072),
        ("128k", 128000),
        ("128K tokens", 128000),
        ("1M", 1_000_000),
        ("1.5M", 1_500_000),
        ("1 million tokens", 1_000_000),
        ("10,000,000", 10_000_000),
        ("131.072", 131072),
        ("1 000 000", 1_000_000),
        ("text (131,072 tokens)", 131072),
        ("**Context length:** 256,000 tokens", 256000),
    ],
)
def test_token_counts(value: Cell, expected: int):
    assert known(parse_tokens(value)) == expected


def test_k_is_said_to_be_a_thousand():
    result = parse_tokens("128k")
    assert isinstance(result, Parsed)
    assert "1,000" in result.note


@pytest.mark.parametrize("value", [0, 0.0, "0", "0 tokens"])
def test_a_window_of_nothing_was_not_stated(value: Cell):
    result = parse_tokens(value)
    assert isinstance(result, Parsed)
    assert isinstance(result.stated, Unknown)
    assert result.note


@pytest.mark.parametrize(
    "value", [-1, 1.5, True, "1M / 128K", "8k tokens in, 2k tokens out", "unlimited", "9" * 40, float("inf")]
)
def test_what_is_no_token_count_is_a_problem(value: Cell):
    assert isinstance(parse_tokens(value), Problem)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-04-11", "2024-04-11"),
        ("2024-04", "2024-04"),
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
        ("11 April 2024", "2024-04-11"),
        ("11-Sept-2024", "2024-09-11"),
        ("April 2024", "2024-04"),
    ],
)
def test_dates_keep_their_precision(value: Cell, expected: str):
    assert str(known(parse_date(value))) == expected


def test_a_month_ends_with_its_last_day():
    stated = known(parse_date("2024-02"))
    assert (stated.first, stated.last) == (date(2024, 2, 1), date(2024, 2, 29))  # type: ignore[attr-defined]


def test_an_unclear_order_of_day_and_month_is_noted():
    result = parse_date("3/4/2025", day_first=True)
    assert str(known(result)) == "2025-04-03"
    assert isinstance(result, Parsed)
    assert "day, month" in result.note


@pytest.mark.parametrize("value", ["2025-02-31", "2025-25-11", "soon", 45000, "13/13/2025", "Foo 2024", True])
def test_what_is_no_date_is_a_problem(value: Cell):
    assert isinstance(parse_date(value), Problem)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), ("FALSE", False), ("Yes", True), (1, True), ("✅", True), ("n", False)],
)
def test_yes_and_no(value: Cell, expected: bool):
    assert known(parse_bool(value)) is expected


def test_lists():
    assert known(parse_list("eu, us , eu")) == ("eu", "us")
    assert known(parse_list("Foo, Inc.; Bar")) == ("Foo, Inc.", "Bar")
    assert known(parse_list("text|image")) == ("text", "image")
    assert known(parse_list("a\nb")) == ("a", "b")


@pytest.mark.parametrize(
    ("value", "stage"),
    [
        ("GA", "ga"),
        ("Generally available", "ga"),
        ("beta", "preview"),
        ("**Preview**", "preview"),
        ("(preview)", "preview"),
        ("Private Preview", "early_access"),
        ("deprecated", "deprecated"),
        ("End-of-life", "retired"),
        ("Coming soon", "announced"),
    ],
)
def test_release_stages(value: str, stage: str):
    assert known(parse_status(value)) is ReleaseStage(stage)


def test_text_keeps_zeros_and_loses_control_characters():
    assert known(parse_text("001")) == "001"
    assert known(parse_text("\tOpulus\x99\u00a0X ")) == "Opulus X"
    assert known(parse_text(1.0)) == "1"


def test_only_web_addresses_are_urls():
    assert known(parse_url("[docs](https://a.example/x)")) == "https://a.example/x"
    assert isinstance(parse_url("javascript:alert(1)"), Problem)


@pytest.mark.parametrize(
    ("heading", "unit", "currency", "rest"),
    [
        ("Input $/1M tokens", PER_MILLION_TOKENS, "USD", "input"),
        ("input_cost_per_token", PER_TOKEN, "", "input cost"),
        ("inputCostPerToken", PER_TOKEN, "", "input cost"),
        ("Output (EUR per 1,000 tokens)", PER_THOUSAND_TOKENS, "EUR", "output ( )"),
        ("Price per million tokens", PER_MILLION_TOKENS, "", "price"),
        ("$/MTok", PER_MILLION_TOKENS, "USD", ""),
        ("Prompt /1K", PER_THOUSAND_TOKENS, "", "prompt"),
        ("output_cost_per_image", PriceUnit(1, "image"), "", "output cost image"),
        ("output_cost_per_image_token", PriceUnit(1, "image token"), "", "output cost image"),
        ("Input price", None, "", "input price"),
    ],
)
def test_a_heading_names_unit_and_currency(heading: str, unit: PriceUnit | None, currency: str, rest: str):
    words = read_price_words(heading)
    assert (words.unit, words.currency, words.rest) == (unit, currency, rest)


@pytest.mark.parametrize("per", [1, 1000, 1_000_000])
@pytest.mark.parametrize("noun", ["token", "character", "image token", "audio token"])
def test_units_are_read_back_as_written(per: int, noun: str):
    assert unit_named(str(PriceUnit(per, noun))) == PriceUnit(per, noun)


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes()
)


@given(anything)
def test_every_parser_answers_anything(value: Cell):
    for parse in PARSERS:
        assert isinstance(parse(value), (Parsed, Problem))
    assert isinstance(parse_price(value, PER_TOKEN), (Parsed, Problem))


@given(st.text("0123456789.,-+eEkKmM$€/ tokens", max_size=25))
def test_every_parser_answers_anything_that_looks_like_a_number(value: str):
    test_every_parser_answers_anything.hypothesis.inner_test(value)  # type: ignore[attr-defined]
