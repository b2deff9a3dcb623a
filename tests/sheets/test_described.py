"""Sizes that vendors write into sentences about a model."""

from __future__ import annotations

import pytest

from riskassess.kernel.stated import UNKNOWN, Known
from riskassess.sheets.cells import Parsed, parse_token_pair
from riskassess.sheets.described import described_sizes


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (
            "- **Input:** text (131,072 tokens) <br /> - **Output:** text (8,182 tokens) <br /> - **Languages:** `en`",
            (131_072, 8_182),
        ),
        ("- **Input:** text and images (1M tokens) <br /> - **Output:** text (1M tokens)", (1_000_000, 1_000_000)),
        ("- **Input:** text. <br /> - **Output:** text (up to 64,000 tokens). - **Context length:** 256,000 tokens",
         (256_000, 64_000)),
        ("- **Output:** text (varies<sup>2</sup>) <br> **Context window:** 200,000<sup>3</sup> - **Languages:** 3",
         (200_000, None)),
        ("- **Input:** text (512 tokens) and images (2MM pixels) <br /> - **Output:** 256, 512", (512, None)),
        ("Input: text, image Output: text Languages: 12", (None, None)),
        ("128k in, 4k out", None),
        ("1M / 128K", None),
    ],
)  # fmt: skip
def test_what_goes_in_and_what_comes_out(text: str, sizes: tuple[int | None, int | None] | None):
    assert described_sizes(text) == sizes


def test_a_description_is_read_as_context_and_output():
    read = parse_token_pair("Input: text (128,000 tokens) Output: text (8,192 tokens)")
    assert isinstance(read, Parsed)
    assert read.stated == Known((128_000, 8_192))
    silent = parse_token_pair("Input: images Output: text")
    assert isinstance(silent, Parsed)
    assert silent.stated is UNKNOWN
