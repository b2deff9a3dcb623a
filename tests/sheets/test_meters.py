"""Meters: one text that names a model, what of it is priced, and its deployment, as billers write them."""

from __future__ import annotations

import pytest

from riskassess.sheets.meters import could_be_meter, parse_meter, read_meter
from riskassess.sheets.results import Parsed, Problem


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("gpt-4o-0806-Inp-glbl Tokens", "model “gpt-4o-0806”, input price, Global"),
        ("gpt 4o 0806 cached Inp glbl Tokens", "model “gpt-4o-0806”, cache read price, Global"),
        ("gpt 4.1 mini cached Inpt Data Zone 1M Tokens", "model “gpt-4.1-mini”, cache read price, Data Zone"),
        ("GPT 5 Mini outpt DZone 1M Tokens", "model “GPT-5-Mini”, output price, Data Zone"),
        ("o1 1217 Outp regnl Tokens", "model “o1-1217”, output price, Regional"),
        ("gpt 4o mini 0718 BatchOutp DataZone Tokens", "model “gpt-4o-mini-0718”, output price, batch, Data Zone"),
        ("5.6 sol ShortCo Cd Wr Std Gl 1M Tokens", "model “5.6-sol”, cache write price, Global"),
        ("5.6 sol LongCo Inp Std Gl 1M Tokens", "model “5.6-sol”, input price, long context, Global"),
        ("gpt-4o-0806-FT-Outp-glbl Tokens", "model “gpt-4o-0806”, output price, fine-tuned, Global"),
        ("babbage-002-FT-Hstng-glbl Unit", "model “babbage-002”, price per unit, fine-tuned, hosting, Global"),
        ("gpt-image-1-output-img-glbl Tokens", "model “gpt-image-1”, image token output price, Global"),
        ("gpt-4o-mini-tts-aud-out-glbl Tokens", "model “gpt-4o-mini-tts”, audio output price, Global"),
        ("gpt-4o-aud-0603 Inp glbl Tokens", "model “gpt-4o-aud-0603”, audio input price, Global"),
        ("gpt-4o-aud-0603-txt Inp glbl Tokens", "model “gpt-4o-aud-0603”, input price, Global"),
        ("text-embedding-3-large-glbl Tokens", "model “text-embedding-3-large”, price per unit, Global"),
        ("USE1-Claude3Sonnet-input-tokens", "model “Claude3Sonnet”, input price, USE1"),
        ("EUC1-NovaPro-cache-read-input-token-count", "model “NovaPro”, cache read price, EUC1"),
        ("USE1-Nova2.0Pro-text-input-tokens-priority-cross-region-global",
         "model “Nova2.0Pro”, input price, priority, Global, USE1"),
        ("USE1-MP:USE1_InputTokenCount-Units", "input price, USE1"),
        ("Nova Pro input tokens batch", "model “Nova Pro”, input price, batch"),
        ("Claude Opus 4.1 (Output)", "model “Claude Opus 4.1”, output price"),
        ("$0.003 per 1K input tokens for Swift 3 in US East (N. Virginia)",
         "model “Swift 3”, input price, US East (N. Virginia)"),
        ("Input tokens", "input price"),
    ],
)  # fmt: skip
def test_a_meter_parts_into_what_it_names(text: str, read: str) -> None:
    assert str(read_meter(text)) == read


@pytest.mark.parametrize(
    "text",
    [
        "4.6 Outp DZ L Tokens",  # a word between them that we do not know
        "Titan Text input tokens",  # of Titan, or of Titan Text
        "gpt-audio-inp-glbl Tokens",
        "Swift input output tokens",  # says two directions
        "Swift Inp glbl DZ Tokens",  # and two deployments
        "Swift output cached tokens",  # nobody caches what comes out
        "Provisioned Managed Global Unit",
        "gpt-4o-mini", "Whisper", "",
    ],
)  # fmt: skip
def test_what_cannot_be_parted_safely_is_not_parted(text: str) -> None:
    assert read_meter(text) is None


def test_what_is_counted_and_of_how_many_is_read_where_it_is_said() -> None:
    million, images, plain = (
        read_meter(text)
        for text in ("Swift 5 Inp glbl 1M Tokens", "Pixel-2-glbl Images", "Swift-5-input-tokens")
    )
    assert million is not None
    assert str(million.unit) == "1M tokens"
    assert images is not None
    assert (images.noun, images.unit) == ("image", None)
    assert plain is not None
    assert (plain.noun, plain.unit) == ("token", None)


def test_a_cell_says_how_it_was_read_or_asks() -> None:
    read = parse_meter("Swift-5-Inp-glbl Tokens")
    assert isinstance(read, Parsed)
    assert read.note == "“Swift-5-Inp-glbl Tokens” read as model “Swift-5”, input price, Global"
    asked = parse_meter("4.6 Outp DZ L Tokens")
    assert isinstance(asked, Problem)
    assert "leave the row out" in asked.hint
    assert could_be_meter("4.6 Outp DZ L Tokens")
    assert not could_be_meter("gpt-4o-mini")
