"""Prices: exact, per the unit they were stated in, and four different things that are no price."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskassess.kernel.stated import NotApplicable
from riskassess.sheets.cells import Cell, Parsed, Price, PriceUnit, Problem, parse_price
from riskassess.sheets.conditions import condition_in, condition_of
from riskassess.sheets.prices import (
    PER_MILLION_TOKENS,
    PER_THOUSAND_TOKENS,
    PER_TOKEN,
    parse_price_pair,
    read_price_words,
    unit_named,
)
from tests.sheets.answers import known, said


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
    "value",
    [
        "-0.5",
        "cheap",
        "$0.25/$1.25",
        "1.2.3",
        True,
        float("nan"),
        "1e999",
        "€",
        "$3 / thing",
    ],
)
def test_what_is_no_price_is_a_problem_that_quotes_it(value: Cell):
    problem = parse_price(value, PER_MILLION_TOKENS)
    assert isinstance(problem, Problem)
    assert "“" in problem.what
    assert problem.hint


@pytest.mark.parametrize(
    ("value", "expected", "why"),
    [
        (0, "0", ""), ("free", "0", ""), ("Free (preview)", "0", "Free (preview)"),
        (-1, "unknown", "no fixed price"), ("-1", "unknown", "no fixed price"),
        (-1_000_000, "unknown", "no fixed price"),
        ("Contact sales", "unknown", "not published"), ("On request", "unknown", "not published"),
        ("Varies", "unknown", "not published"),
        ("—", "unknown", "not stated"), ("", "unknown", ""), (None, "unknown", ""),
        ("N/A", "not applicable", ""), ("Not applicable", "not applicable", ""), ("Included", "not applicable", ""),
        ("Not supported", "not applicable", ""),
    ],
)  # fmt: skip
def test_free_unknown_on_request_and_not_applicable_are_different_things(
    value: Cell, expected: str, why: str
):
    result = parse_price(value, PER_MILLION_TOKENS)
    assert (str(amount(value)) if expected == "0" else said(result)) == expected
    if isinstance(result, Parsed) and not isinstance(result.stated, NotApplicable):
        assert why in result.note
        assert bool(result.note) == bool(why)


@pytest.mark.parametrize(
    ("value", "expected", "unit", "currency"),
    [
        ("**$3.50**", "3.5", "1M tokens", "USD"),
        ("USD 3.50 / 1M tokens", "3.5", "1M tokens", "USD"),
        ("€0,25", "0.25", "1M tokens", "EUR"),
        ("3.5 per 1M", "3.5", "1M tokens", ""),
        ("3.5 USD/MTok", "3.5", "1M tokens", "USD"),
        ("$3.50/M", "3.5", "1M tokens", "USD"),
        ("$3.00*", "3", "1M tokens", "USD"),
        ("~$3", "3", "1M tokens", "USD"),
        ("25¢", "0.25", "1M tokens", "USD"),
        ("2元", "2", "1M tokens", "CNY"),
        ("$0.04 / image", "0.04", "image", "USD"),
        ("$0.006 / minute", "0.36", "hour", "USD"),
        ("$0.36 per audio hour", "0.36", "hour", "USD"),
        ("$2 / GPU hour", "2", "GPU hour", "USD"),
        ("$15 / 1M chars", "15", "1M characters", "USD"),
        ("$1.50 / 1,000 pages", "1.5", "1K pages", "USD"),
        ("$5 per 1,000 requests", "5", "1K requests", "USD"),
        ("$20 / user / month", "20", "user-month", "USD"),
        ("$20 per seat per month", "20", "user-month", "USD"),
        ("$10/month", "10", "month", "USD"),
        ("$0.10 per GB", "0.1", "GB", "USD"),
        ("$0.002 per megapixel", "0.002", "megapixel", "USD"),
        ("12 USD per 1M image tokens", "12", "1M image tokens", "USD"),
    ],
)
def test_a_price_says_itself_what_it_is_per(value: str, expected: str, unit: str, currency: str):
    price = known(parse_price(value, PER_MILLION_TOKENS))
    assert isinstance(price, Price)
    assert (f"{price.amount:f}", str(price.unit), price.currency) == (expected, unit, currency)


@pytest.mark.parametrize(
    ("value", "usual", "others"),
    [
        ("≤200K: $1.25; >200K: $2.50", "1.25", {"> 200K tokens": "2.5"}),
        ("$1.25, prompts <= 200k tokens\n$2.50, prompts > 200k tokens", "1.25", {"> 200K tokens": "2.5"}),
        ("$0.30 (text / image / video)<br>$1.00 (audio)", "0.3", {"audio": "1"}),
        ("$2.50 (batch: $1.25)", "2.5", {"batch": "1.25"}),
        ("Batch: $1<br>Standard: $2", "2", {"batch": "1"}),
        ("$0.07 (cache hit) / $0.27 (cache miss)", "0.27", {"cache hit": "0.07"}),
        ("Text: $0.50 / Audio: $1.00", "0.5", {"audio": "1"}),
        ("$0.003 per 1K tokens; $0.0015 batch", "3", {"batch": "1.5"}),
        (
            "$0.31, prompts <= 200k\n$0.62, prompts > 200k\n$4.50 / 1M tokens per hour (storage)",
            "0.31",
            {"> 200K tokens": "0.62"},
        ),
        ("$0.59 (1.69M / $1)", "0.59", {}),
    ],
)
def test_several_prices_of_one_cell_keep_their_conditions(value: str, usual: str, others: dict[str, str]):
    price = known(parse_price(value, PER_MILLION_TOKENS))
    assert isinstance(price, Price)
    assert (f"{price.amount:f}", price.condition) == (usual, "")
    assert {other.condition: f"{other.amount:f}" for other in price.more} == others


@pytest.mark.parametrize(
    ("value", "pair"),
    [
        ("$0.25/$1.25", ("0.25", "1.25")),
        ("3 / 15", ("3", "15")),
        ("Input: $3 · Output: $15", ("3", "15")),
        ("$2.50 input / $10.00 output", ("2.5", "10")),
        ("$1.10 / $4.40 per 1M tokens", ("1.1", "4.4")),
        ("— / $4", (None, "4")),
        ("free", ("0", "0")),
        ("$3/1M input, $15/1M output", ("3", "15")),
    ],
)
def test_input_and_output_price_in_one_cell(value: str, pair: tuple[str | None, str | None]):
    halves = known(parse_price_pair(value, PER_MILLION_TOKENS))
    assert isinstance(halves, tuple)
    assert tuple(half and f"{half.amount:f}" for half in halves) == pair


def test_what_is_left_out_of_a_cell_is_said():
    result = parse_price("$0.31, prompts <= 200k\n$4.50 / 1M tokens per hour (storage)", PER_MILLION_TOKENS)
    assert isinstance(result, Parsed)
    assert "without “$4.50 / 1M tokens per hour (storage)”" in result.note


def test_one_price_is_no_pair():
    assert isinstance(parse_price_pair("$3", PER_MILLION_TOKENS), Problem)


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("≤ 272K", ""), ("up to 200k", ""), ("Default", ""), ("Not applicable", ""), ("On-demand", ""),
        ("> 272K", "> 272K tokens"), ("> 200,000", "> 200K tokens"), ("above_200k_tokens", "> 200K tokens"),
        ("200K+", "≥ 200K tokens"), ("Long context", "long context"), ("Batch API", "batch"), ("flex", "flex"),
        ("EU regions only", "eu regions"),
    ],
)  # fmt: skip
def test_conditions_in_plain_words(words: str, condition: str):
    assert condition_of(words) == condition


@pytest.mark.parametrize(
    ("heading", "condition"),
    [
        ("input_cost_per_token_above_200k_tokens", "> 200K tokens"), ("Batch input", "batch"),
        ("output_cost_per_token_batches", "batch"), ("1h Cache Writes", "kept for 1 hour"),
        ("Input $/1M tokens", ""), ("Input price", ""),
    ],
)  # fmt: skip
def test_conditions_in_headings(heading: str, condition: str):
    assert condition_in(heading)[0] == condition


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
        ("$/1M in", PER_MILLION_TOKENS, "USD", "in"),
        ("Price in USD per 1M tokens", PER_MILLION_TOKENS, "USD", "price"),
        ("Price per user per month", PriceUnit(1, "user-month"), "", "price user-month"),
    ],
)
def test_a_heading_names_unit_and_currency(heading: str, unit: PriceUnit | None, currency: str, rest: str):
    words = read_price_words(heading)
    assert (words.unit, words.currency, words.rest) == (unit, currency, rest)


@pytest.mark.parametrize("per", [1, 1000, 1_000_000])
@pytest.mark.parametrize(
    "noun", ["token", "character", "image token", "audio token", "page", "GB", "GPU hour"]
)
def test_units_are_read_back_as_written(per: int, noun: str):
    assert unit_named(str(PriceUnit(per, noun))) == PriceUnit(per, noun)
