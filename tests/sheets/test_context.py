"""Sizes in tokens: plain, shortened, in a sentence, two in one cell; and what is no size."""

from __future__ import annotations

import pytest

from riskassess.sheets.cells import Cell, Problem, parse_token_pair, parse_tokens
from tests.sheets.answers import note, said


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (32000.0, "32000"),
        ("131,072 tokens", "131072"),
        ("128k", "128000"),
        ("128K tokens", "128000"),
        ("128Ki", "131072"),
        ("128K (131,072)", "131072"),
        ("1M", "1000000"),
        ("1.5M", "1500000"),
        ("1 million tokens", "1000000"),
        ("1M-token context window", "1000000"),
        ("10,000,000", "10000000"),
        ("131.072", "131072"),
        ("1 000 000", "1000000"),
        ("text (131,072 tokens)", "131072"),
        ("**Context length:** 256,000 tokens", "256000"),
        ("1,048,576<sup>2</sup>", "1048576"),
        ("up to 128k", "128000"),
        ("200k+", "200000"),
        ("200,000 (in preview)", "200000"),
        (0, "unknown"),
        ("0 tokens", "unknown"),
        ("—", "unknown"),
        (None, "unknown"),
        ("N/A", "not applicable"),
    ],
)
def test_a_size_in_tokens(value: Cell, expected: str):
    assert said(parse_tokens(value)) == expected


def test_k_is_said_to_be_a_thousand_and_what_else_it_could_be():
    assert "k = 1,000" in note(parse_tokens("128k"))
    assert "131,072" in note(parse_tokens("128k"))


@pytest.mark.parametrize("value", [0, 0.0, "0", "0 tokens"])
def test_a_window_of_nothing_was_not_stated(value: Cell):
    assert "no number of tokens" in note(parse_tokens(value))


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (-1, "negative"),
        (1.5, "not a number of tokens"),
        (True, "not a number of tokens"),
        ("1M / 128K", "more than one number"),
        ("8k tokens in, 2k tokens out", "more than one number"),
        ("8k-32k", "a range"),
        ("8,000 – 32,000 tokens", "a range"),
        ("unlimited", "not a number of tokens"),
        ("9" * 40, "not a number of tokens"),
        (float("inf"), "not a number of tokens"),
    ],
)
def test_what_is_no_size_is_a_problem(value: Cell, why: str):
    problem = parse_tokens(value)
    assert isinstance(problem, Problem)
    assert why in problem.what
    assert problem.hint


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1M / 128K", "(1000000, 128000)"),
        ("1,048,576 / 65,536", "(1048576, 65536)"),
        ("128k in, 4k out", "(128000, 4000)"),
        ("Input: 1,048,576; output: 65,536", "(1048576, 65536)"),
        ("— / 4k", "(None, 4000)"),
        ("200k", "(200000, None)"),
        (200000, "(200000, None)"),
        ("N/A", "not applicable"),
        ("", "unknown"),
        ("many", "problem"),
    ],
)
def test_context_and_output_in_one_cell(value: Cell, expected: str):
    assert said(parse_token_pair(value)) == expected
