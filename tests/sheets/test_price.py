"""Prices: exact, per the unit they were stated in, and four different things that are no price."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskassess.sheets.cells import Cell, Price, PriceUnit, Problem, parse_price
from riskassess.sheets.prices import (
    PER_MILLION_TOKENS,
    PER_THOUSAND_TOKENS,
    PER_TOKEN,
    read_price_words,
    unit_named,
)
from tests.sheets.answers import known


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
