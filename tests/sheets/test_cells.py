"""What holds for every parser: blank is unknown, `N/A` is not, and no cell makes one fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskassess.kernel.stated import NotApplicable, Unknown
from riskassess.sheets.cells import (
    Cell,
    Parsed,
    Problem,
    parse_bool,
    parse_date,
    parse_id,
    parse_list,
    parse_mark,
    parse_name,
    parse_price,
    parse_status,
    parse_text,
    parse_token_pair,
    parse_tokens,
    parse_url,
    parse_vendor,
    parse_version,
)
from riskassess.sheets.prices import PER_TOKEN, parse_currency, parse_price_pair, parse_unit
from riskassess.sheets.regions import parse_regions

PARSERS = (
    parse_text, parse_name, parse_id, parse_version, parse_tokens, parse_token_pair, parse_date, parse_bool,
    parse_list, parse_status, parse_url, parse_vendor, parse_regions, parse_unit, parse_currency,
)  # fmt: skip


@pytest.mark.parametrize("parse", [*PARSERS, lambda value: parse_price(value, PER_TOKEN)])
def test_blank_is_unknown_and_not_applicable_is_another_thing(parse):
    for value in (None, "  ", "-", "—", "TBD", "none"):
        assert isinstance(parse(value).stated, Unknown)
    for value in ("N/A", "n/a", " Not applicable "):
        assert isinstance(parse(value).stated, NotApplicable)
    assert parse("—").note


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes()
)


@given(anything)
def test_every_parser_answers_anything(value: Cell):
    for parse in (*PARSERS, parse_mark):
        assert isinstance(parse(value), (Parsed, Problem))
    assert isinstance(parse_price(value, PER_TOKEN), (Parsed, Problem))
    assert isinstance(parse_price_pair(value, PER_TOKEN), (Parsed, Problem))


@given(st.text("0123456789.,-+eEkKmM$€/ tokens", max_size=25))
def test_every_parser_answers_anything_that_looks_like_a_number(value: str):
    test_every_parser_answers_anything.hypothesis.inner_test(value)  # type: ignore[attr-defined]
