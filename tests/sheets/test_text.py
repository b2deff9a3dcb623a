"""Names, versions and other texts: what the tools they passed through left in them goes, and is said."""

from __future__ import annotations

from datetime import date

import pytest

from riskassess.sheets.cells import (
    Cell,
    parse_id,
    parse_list,
    parse_name,
    parse_text,
    parse_url,
    parse_version,
)
from tests.sheets.answers import known, note, said


@pytest.mark.parametrize(
    ("value", "expected", "why"),
    [
        (
            "Gemini 3.6 Flash[^gemini-flash-promo]",
            "Gemini 3.6 Flash",
            "footnote mark “[^gemini-flash-promo]”",
        ),
        ("claude-mythos-5<sup>2</sup>", "claude-mythos-5", "footnote mark “<sup>2</sup>”"),
        ("GPT-4*", "GPT-4", "footnote mark “*”"),
        ("Sonnet †", "Sonnet", "footnote mark “†”"),
        ("gpt-4o¹", "gpt-4o", "footnote mark “¹”"),
        ("`model-router`", "model-router", "markup"),
        ("**Command A**", "Command A", "markup"),
        ("[Claude](https://a.example/b)", "Claude", "markup"),
        ("`Cohere-parse-v5` <br> **Preview**", "Cohere-parse-v5\nPreview", "markup"),
        ("AT&amp;T", "AT&T", "markup"),
        ("Opulus\x99 X", "Opulus™ X", "repaired"),
        ("\x93Genius\x99 System\x94", "“Genius™ System”", "repaired"),
        ("SchÃ¶n", "Schön", "repaired"),
        ("donâ€™t", "don’t", "repaired"),
        ("MAI-Image-2 ", "MAI-Image-2", ""),
        ("\tGastro", "Gastro", ""),
        ("=SUM(A1)", "=SUM(A1)", ""),
        ("@cf/meta/llama", "@cf/meta/llama", ""),
        ("Société Générale", "Société Générale", ""),
        ("a < b and c > d", "a < b and c > d", ""),
        ("snake__case__name", "snake__case__name", ""),
        ("bedrock/*/cohere.*-v14", "bedrock/*/cohere.*-v14", ""),
    ],
)
def test_a_name_is_what_a_reader_sees(value: str, expected: str, why: str):
    result = parse_name(value)
    assert known(result) == expected
    assert why in note(result)
    assert bool(note(result)) == bool(why)


def test_an_asterisk_in_a_text_that_is_no_name_stays():
    assert known(parse_text("per 1,000 pages*")) == "per 1,000 pages*"


@pytest.mark.parametrize(
    ("value", "expected", "why"),
    [
        ("001", "001", ""),
        ("2025-05-16", "2025-05-16", ""),
        ("1", "1", ""),
        ("`v2`", "v2", "markup"),
        (1, "1", "zeros in front of it"),
        (1.1, "1.1", "at its end"),
        (date(2025, 5, 16), "2025-05-16", "a date in the sheet"),
        ("—", "unknown", "not stated"),
    ],
)
def test_a_version_is_text_and_a_number_in_its_place_is_said(value: Cell, expected: str, why: str):
    result = parse_version(value)
    assert said(result) == expected
    assert why in note(result)
    assert bool(note(result)) == bool(why)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("fireworks-ai-up-to-16b*", "fireworks-ai-up-to-16b*"),
        ("openai/gpt-oss-120b", "openai/gpt-oss-120b"),
        ("`gpt-4o`", "gpt-4o"),
        ("gpt-4o<sup>1</sup>", "gpt-4o"),
        ("[x](https://a.example)", "x"),
        ("-", "unknown"),
    ],
)
def test_an_identifier_stays_as_it_is(value: str, expected: str):
    assert said(parse_id(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("eu, us , eu", ("eu", "us")),
        ("Foo, Inc.; Bar", ("Foo, Inc.", "Bar")),
        ("text|image", ("text", "image")),
        ("a\nb", ("a", "b")),
        ("a<br>b", ("a", "b")),
        ("<ul><li>a</li><li>b</li></ul>", ("a", "b")),
        ('["text", "image"]', ("text", "image")),
        ("- a\n- b", ("a", "b")),
    ],
)
def test_lists(value: str, expected: tuple[str, ...]):
    assert known(parse_list(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://a.example/x?y=1&copy=2", "https://a.example/x?y=1&copy=2"),
        ("[docs](https://a.example/x)", "https://a.example/x"),
        ('<a href="https://a.example/x">docs</a>', "https://a.example/x"),
        ("See https://a.example/x.", "https://a.example/x"),
        ("docs.example.com/x", "https://docs.example.com/x"),
        ("javascript:alert(1)", "problem"),
        ("claude-3.5", "problem"),
        ("-", "unknown"),
    ],
)
def test_web_addresses(value: str, expected: str):
    assert said(parse_url(value)) == expected
