"""Two spellings of one thing meet; two things never share an address."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from riskassess.catalog.identity import model_identity, offering_identity, slug_of

texts = st.text(max_size=300)


def test_capitals_and_blanks_make_no_other_model():
    assert model_identity("Microsoft", "MAI-Thinking-1", None) == model_identity(
        " microsoft ", "mai-thinking-1", ""
    )


def test_a_version_makes_another_model_and_its_leading_zeros_count():
    assert model_identity("OpenAI", "o3", "1") != model_identity("OpenAI", "o3", "001")


def test_a_channel_makes_another_offering():
    through = {offering_identity("Microsoft", "MAI-Thinking-1", None, c) for c in ("Foundry", "OpenRouter")}
    assert len(through) == 2


def test_a_bar_in_a_name_does_not_move_the_border_between_the_parts():
    assert model_identity("a|b", "c", None) != model_identity("a", "b|c", None)


def test_an_address_reads_like_the_name():
    assert slug_of("Microsoft", "MAI-Image-2.5") == "microsoft-mai-image-2_5"
    assert slug_of(None, "Seventh model", None) == "seventh-model"


def test_an_address_that_lost_something_is_marked():
    assert re.fullmatch(r"gpt-4o-[0-9a-f]{6}", slug_of("gpt/4o"))
    assert slug_of("gpt/4o") != slug_of("gpt:4o")
    assert slug_of("模型") != slug_of("型模")


def test_distinct_addresses_differ_where_plain_ones_would_meet():
    assert slug_of("a b") == slug_of("a-b")
    assert slug_of("a b", distinct=True) != slug_of("a-b", distinct=True)


@given(texts, texts, texts)
def test_any_text_gives_an_address_that_fits_its_column(vendor: str, name: str, channel: str):
    slug = slug_of(vendor, name, channel)
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,254}", slug)
    assert len(offering_identity(vendor, name, name, channel)) <= 500
