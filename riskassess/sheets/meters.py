"""Meters: what a biller's shorthand says is priced, `gpt-4o-0806-Inp-glbl Tokens`, `NovaPro-input-tokens-batch`. Pure.

One text names a model, what of it is priced, and often how it is deployed. It is parted from its end: the words there
that billers use for such things, and nothing between them that we do not know. What stands before them is the model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from riskassess.kernel.stated import Known
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.conditions import joined
from riskassess.sheets.results import Cell, Parsed, Problem, Result, absent, quoted, text_of, tidy
from riskassess.sheets.units import PriceUnit, unit_named

FLAT = "flat_price"
"""The field of a price for something that is none of the kinds we know."""

# What a word says: of each line the first is the aspect, the second what is said of it. Azure's and Amazon's price
# exports of 2025 and 2026 write them so, and abbreviate one word in several ways.
_SAYS: dict[tuple[str, str], str] = {
    ("direction", "input"): "inp inpt input inputs in prompt prompts",
    ("direction", "output"): "out outp outpt otpt opt output outputs completion completions",
    ("cache", "read"): "cached cchd ccchd chd cd cach cache cache-read cache-hit cache-hits",
    ("cache", "write"): "cache-write cache-writes cached-write cd-wr cchd-wr cache-creation",
    ("medium", "text"): "text txt",
    ("medium", "audio"): "audio aud speech",
    ("medium", "image"): "image img",
    ("medium", "video"): "video vid",
    ("scope", "Global"): "glbl gl global cross-region-global",
    ("scope", "Data Zone"): "datazone dzone dzn dz data-zone",
    ("scope", "Regional"): "regnl rgnl rg regional in-region",
    ("scope", "Cross-region"): "cross-region cross-region-geo",
    ("mode", "batch"): "batch",
    ("mode", "flex"): "flex",
    ("mode", "priority"): "priority pp",
    ("length", "long context"): "longco long-co long-context",
    ("tuning", "fine-tuned"): "ft finetuned fine-tuned finetune",
    ("tuning", "fine-tuned, developer tier"): "dev-ft",
    ("tuning", "custom model"): "custom-model",
    ("speed", "latency optimized"): "latency-optimized latencyoptimized",
    ("work", "training"): "trng training",
    ("work", "hosting"): "hstng hosting",
    ("noun", "token"): "tokens token tkn tkns",
    ("noun", "image"): "images",
    ("noun", "character"): "characters chars",
    ("noun", "page"): "pages page",
    ("noun", "request"): "calls requests request",
    ("noun", "second"): "seconds second",
    ("noun", "minute"): "minutes minute",
    ("noun", "hour"): "hours hour",
    ("count", "1K"): "1k 1000",
    ("count", "1M"): "1m 1000000",
    # What says nothing beside the usual.
    ("", ""): "std standard shortco short-co short-context on-demand ondemand price cost rate count unit units per of"
    " the for",
}  # fmt: skip
_WORDS = {word: said for said, words in _SAYS.items() for word in words.split()}
_LONGEST_PHRASE = 3  # words
_FIELDS = {
    ("input", ""): "input_price", ("output", ""): "output_price", ("input", "audio"): "audio_input_price",
    ("output", "audio"): "audio_output_price", ("input", "image"): "image_token_input_price",
    ("output", "image"): "image_token_output_price",
}  # fmt: skip
_WHOLE_IMAGES = {
    "image_token_input_price": "image_input_price",
    "image_token_output_price": "image_price",
}
# Spelled out, such words are said in a price list for people; shortened, or beside a deployment, in a biller's.
_IN_FULL = frozenset({"input", "inputs", "output", "outputs", "prompt", "completion", "cached", "cache", "text",
                      "audio", "image", "video", "batch", "flex", "priority", "training", "hosting", "tokens", "token",
                      "images",
                      "characters", "pages", "price", "cost", "rate", "per", "of", "the", "for", "in", "1k", "1m",
                      "standard", "on-demand", "cache-read", "cache-write", "cache-hit"})  # fmt: skip
_WORD = re.compile(r"[^\s\-–—_/|,:;()›]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Of Amazon's usage types: `USE1-`, and `USE1-MP:USE1_` of what others sell there.
_PLACE = re.compile(r"(?P<place>[A-Z]{2,4}\d{1,2})-(?:MP:[A-Z\d]+_)?(?=\w)")
_SAID_OF = re.compile(  # `$0.003 per 1K input tokens for Claude 3 Sonnet in US East (N. Virginia)`
    r"\S{0,3}\d[\d.,]* per (?P<what>.{3,60}?) for (?P<model>.+?)(?: in (?P<place>[A-Z].*))?"
)
_EDGE = " \t-–—_/|,:;(›"
_HAS_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Meter:
    """What a meter prices: `model` is '' where the text names none, `scope` its deployment in words, or ''.

    `field` is the price's field, `condition` what it is under; `unit` is what the text itself says the price is per,
    and `noun` what is counted, '' where it does not say.
    """

    model: str
    field: str
    condition: str = ""
    scope: str = ""
    noun: str = ""
    unit: PriceUnit | None = None
    place: str = ""

    @property
    def has_direction(self) -> bool:
        """Whether the text says which of a model's prices it is."""
        return self.field != FLAT

    def __str__(self) -> str:
        """What was read, in words: `model “gpt-4o-0806”, input price, Global`."""
        priced = self.field.replace("_", " ") if self.has_direction else "price per unit"
        said = (self.model and f"model {quoted(self.model)}", priced, self.condition, self.scope, self.place)
        return ", ".join(filter(None, said))


@lru_cache(maxsize=20_000)
def read_meter(text: str) -> Meter | None:
    """The parts of a meter's name; None where it is none, or holds words between them that we do not know."""
    line = tidy(text.replace("\n", " "))
    told = _SAID_OF.fullmatch(line)
    if told is None:
        return _parted(line)
    of_model, what = _parted(told["model"]), _parted(told["what"])
    if of_model is not None and of_model.has_direction:  # the model's place holds the whole meter again
        return of_model if what is not None else None
    if what is None or what.model:
        return None
    return _with_model(what, told["model"], told["place"] or "")


def parse_meter(value: Cell) -> Result[Meter]:
    """The meter in a cell, with a word on how it was parted. What cannot be parted is a problem, and no model."""
    text, _ = cleaned(text_of(value), name=True)
    if nothing := absent(text):
        return cast("Parsed[Meter]", nothing)
    meter = read_meter(text)
    if meter is None:
        return Problem(
            f"{quoted(text)} does not part into a model and what of it is priced.",
            "Write the model alone and what the price is for in columns of their own, or leave the row out.",
        )
    return Parsed(Known(meter), f"{quoted(text)} read as {meter}")


def could_be_meter(text: str) -> bool:
    """Whether the text says somewhere in it what of a model is priced: a meter we may be unable to part."""
    return any(_said_by(word) & {"direction", "cache"} for word, _, _ in _words_in(tidy(text)))


def _said_by(word: str) -> frozenset[str]:
    return frozenset({_WORDS[word][0]}) if word in _WORDS else frozenset()


def _with_model(meter: Meter, model: str, place: str) -> Meter:
    return Meter(
        tidy(model), meter.field, meter.condition, meter.scope, meter.noun, meter.unit, place or meter.place
    )


def _parted(line: str) -> Meter | None:
    """A meter's name without a sentence around it."""
    found = _PLACE.match(line)
    place = found["place"] if found else ""
    begin = found.end() if found else 0
    words = [word for word in _words_in(line) if word[1] >= begin]
    first = len(words)
    while first > 0 and words[first - 1][0] in _WORDS:
        first -= 1
    said = _what_is_said([word for word, _, _ in words[first:]])
    if said is None or not said.keys() & {"direction", "cache", "noun", "work"}:
        return None
    model = line[begin : words[first][1]].strip(_EDGE) if first < len(words) else ""
    if any(_said_by(word) & {"direction"} for word, _, _ in words[:first]):
        return None  # it says twice what is priced
    if not _is_sure(model, words[first][0]):
        return None
    if _is_shorthand([word for word, _, _ in words[first:]]):
        model = "-".join(model.split())  # one biller writes `gpt 4o 0806` and `gpt-4o-0806` of one model
    if "medium" not in said and any(word == "aud" for word, _, _ in words[:first]):
        said["medium"] = "audio"
    return _meter(model, said, place)


def _words_in(line: str) -> list[tuple[str, int, int]]:
    """The words in small letters, each with where it begins and ends; phrases and words run together are known ones."""
    words: list[tuple[str, int, int]] = []
    for found in _WORD.finditer(line):
        word, start = found[0], found.start()
        parts = _CAMEL.split(word)
        if word.casefold() not in _WORDS and len(parts) > 1 and all(p.casefold() in _WORDS for p in parts):
            for part in parts:
                words.append((part.casefold(), start, start + len(part)))
                start += len(part)
        else:
            words.append((word.casefold(), start, found.end()))
    return _with_phrases(words)


def _with_phrases(words: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    joined_up: list[tuple[str, int, int]] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
            phrase = "-".join(word for word, _, _ in words[at : at + length])
            if length == 1 or phrase in _WORDS:
                joined_up.append((phrase, words[at][1], words[at + length - 1][2]))
                at += length
                break
    return joined_up


def _what_is_said(words: list[str]) -> dict[str, str] | None:
    """Aspect -> what is said of it; None where two words say different things of one."""
    said: dict[str, str] = {}
    for word in words:
        aspect, value = _WORDS[word]
        if not aspect:
            continue
        if said.setdefault(aspect, value) != value and not (aspect == "scope" and "Global" in (said[aspect], value)
                                                             and "Cross-region" in (said[aspect], value)):  # fmt: skip
            return None
        if aspect == "scope" and value == "Global":
            said[aspect] = value
    return None if said.get("direction") == "output" and "cache" in said else said


def _is_sure(model: str, first_said: str) -> bool:
    """Whether the model's name is whole: `Titan Text input` may be of Titan or of Titan Text."""
    if not model or " " in model or _HAS_DIGIT.search(model):
        return True
    alone = len(_WORD.findall(model)) == 1 and len(_CAMEL.split(model)) == 1
    return not (alone and _said_by(first_said) & {"medium"})


def _is_shorthand(words: list[str]) -> bool:
    return any(word not in _IN_FULL for word in words)


def _meter(model: str, said: dict[str, str], place: str) -> Meter:
    medium = "" if said.get("medium") == "text" else said.get("medium", "")
    direction, noun = said.get("direction", ""), said.get("noun", "")
    extra = ""
    if "work" in said:
        field, extra = FLAT, said["work"]
    elif "cache" in said:
        field, extra = f"cache_{said['cache']}_price", medium
    else:
        field = _FIELDS.get((direction, medium), FLAT)
        field = _WHOLE_IMAGES.get(field, field) if noun == "image" else field
        if field == FLAT:
            extra = f"{medium} {direction}".strip()
    if field != FLAT and not noun:
        noun = "token"
    condition = joined(*(said.get(aspect, "") for aspect in ("tuning", "mode", "length", "speed")), extra)
    unit = unit_named(f"{said['count']} {noun}s") if "count" in said and noun else None
    return Meter(model, field, condition, said.get("scope", ""), noun, unit, place)
