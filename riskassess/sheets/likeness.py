"""How alike the heading of a column and the names of a field are: words in the singular, in any order."""

from __future__ import annotations

import re
from functools import lru_cache

from riskassess.sheets.cleaning import without_markup
from riskassess.sheets.conditions import condition_in, without_tier
from riskassess.sheets.east_asian import UNPARTED
from riskassess.sheets.languages import in_english
from riskassess.sheets.mapped import IN_THOUSANDS, PRICED, ColumnKind, Field
from riskassess.sheets.prices import PriceWords, read_price_words

_PRICE_WORDS = frozenset({"price", "pricing", "cost", "rate", "fee", "charge", "token"})
# Words that say nothing of what is named: `Use case name` is no model's name, `Full name` may be.
_GENERAL = frozenset({
    "id", "name", "type", "category", "status", "note", "code", "title", "number", "item", "kind", "stage", "state",
    "description", "date", "label", "group",
})  # fmt: skip
_NEUTRAL = frozenset({
    "full", "short", "display", "official", "api", "public", "common", "primary", "main", "current", "internal",
    "unique", "legal", "own", "system", "our", "your", "additional", "general", "further", "other", "exact",
    "programmatic",
})  # fmt: skip
# What a heading calls a model that is a way of doing business, not of predicting text.
_WAYS = frozenset({
    "service", "business", "delivery", "operating", "pricing", "licensing", "license", "licence", "support", "threat",
    "risk", "responsibility", "governance", "cost", "payment", "engagement", "maturity",
})  # fmt: skip
# `Tokens per second`, `Requests / min`, `Credits per image` count something; no money is asked for.
_COUNTED = re.compile(
    r"\b(?:tok(?:en)?s?|req(?:uest)?s?|calls?|quer(?:y|ies)|images?|words?|char(?:acter)?s?|messages?|credits?|points?)"
    r"\s*(?:\bper\b|/)\s*(?:s|secs?|seconds?|mins?|minutes?|h|hours?|days?|weeks?|months?|images?|pictures?|requests?"
    r"|call|query|page|user|gpu|watt|joule)\b|\b(?:rpm|tpm|rpd|tpd|tps|rps|qps)\b|\bcredits\b"
)
_MONEY = re.compile(r"\b(?:price|pricing|cost|fee|charge)s?\b")
# Papers and contracts come to an end too.
_OF_PAPERS = frozenset({
    "contract", "certificate", "certification", "agreement", "subscription", "dpa", "nda", "insurance", "policy",
    "invoice", "quote", "warranty", "licence", "license", "token", "key", "discount", "trial", "po", "order", "sow",
    "msa",
})  # fmt: skip
_OF_SEATS = frozenset(
    {"headquarter", "hq", "seat", "incorporation", "domicile", "billing", "customer", "sales"}
)
# `Business owner`, `Sponsoring organisation` made no model.
_WHOSE = frozenset({"owner", "organization", "organisation", "org", "author", "creator", "lab"})
_PLURAL = re.compile(r"(?<=\w)\(s\)")  # `Vendor(s) name`
_LEFT_OPEN = re.compile(
    r"\s*[(\[](?:optional|recommended|required|mandatory|utc|if any|if applicable|/|\s)+[)\]]", re.IGNORECASE
)
_NUMBERED = re.compile(r"\s*\d{1,2}[a-z]?(?:_|[.):]\s*)(?=[^\W\d])")  # `16_dev_stage`, `1. Question`
_ASIDE = re.compile(r"(.*\w)\s*\([^()]*\)\W*", re.DOTALL)  # `Retirement (Standard)`
_EITHER = re.compile(r"([^/(]*\w)\s+/\s+\w")
_FIRST_COUNTS = 0.9  # judgement: with something in brackets, or another name, behind it, it is it less surely
# `Recommended model ID` is that of another model; only what takes over is called so.
_OF_ANOTHER = frozenset({"recommended", "suggested", "replacement", "successor", "substitute"})
_NUMBERED_OR_LISTED = PRICED | {ColumnKind.LIST}  # `Input (text)` may price what goes in
_WORDS_ONLY = frozenset({ColumnKind.TEXT, ColumnKind.NAME, ColumnKind.VENDOR})  # no pair of numbers is meant
_FILLER = frozenset({"the", "of", "a", "in", "for", "and", "per"})


@lru_cache(maxsize=20_000)
def likeness(name: str, field: Field) -> float:
    """0 to 1: how alike a heading and a field's best name are."""
    words = _heading_words(in_english(name), field)
    if _words_of(field).isdisjoint(words) or not _words_of(field).issuperset(_OF_ANOTHER.intersection(words)):
        return 0.0
    alike = _likeness_of(words, field)
    if (
        alike < _FIRST_COUNTS
        and field.kind not in _NUMBERED_OR_LISTED
        and (first := _first_of(in_english(name), field))
    ):
        return max(alike, _FIRST_COUNTS * _likeness_of(_words(first, field.kind), field))
    return alike


def _first_of(name: str, field: Field) -> str:
    """What a heading names before it says more of it: `Retirement (Standard)`, `Category / what they do`."""
    found = _ASIDE.fullmatch(name) or (_EITHER.match(name) if field.kind in _WORDS_ONLY else None)
    return found[1] if found else ""


def _likeness_of(words: tuple[str, ...], field: Field) -> float:
    fits = _NEUTRAL | _words_of(field)
    little = _GENERAL | _WHOSE if field.kind is ColumnKind.VENDOR else _GENERAL
    return max(_alike(words, alias, fits, little) - at * 0.001 for at, alias in enumerate(_names_of(field)))


@lru_cache(maxsize=2_000)
def _names_of(field: Field) -> tuple[tuple[str, ...], ...]:
    """All that the field goes by, each in words."""
    return tuple(_words(name, field.kind) for name in (field.name, field.label, *field.aliases))


@lru_cache(maxsize=2_000)
def _words_of(field: Field) -> frozenset[str]:
    return frozenset(word for name in _names_of(field) for word in name)


def _alike(
    words: tuple[str, ...], alias: tuple[str, ...], fits: frozenset[str], little: frozenset[str]
) -> float:
    """`fits` are the words that may stand before one that says `little` by itself."""
    if not alias:
        return 0.0
    if words == alias:
        return 1.0
    if sorted(words) == sorted(alias):
        return 0.95
    if words[-len(alias) :] == alias:  # `primary provider` is some kind of provider
        if len(alias) == 1 and alias[0] in little and not fits.issuperset(words):
            return 0.0
        return 0.5 + 0.3 * len(alias) / len(words)
    shared = len(set(words) & set(alias)) / len(set(words) | set(alias))
    return shared * 0.85 if shared > 0.6 else 0.0


def _heading_words(name: str, field: Field) -> tuple[str, ...]:
    """The words of a heading that `field` can be called by: without a price's unit and its condition.

    None where the heading prices something and the field does not, or prices it per something else or under
    another condition than the field.
    """
    if field.kind is ColumnKind.TOKENS:
        name = IN_THOUSANDS.sub("(", name)
    priced = price_words(name)
    if field.kind not in PRICED:
        words = _words(name, field.kind)
        if _is_of_something_else(name, words, field):
            return ()
        prices = priced.currency or (priced.unit and _PRICE_WORDS & set(words))
        is_way = words[-1:] == ("model",) and not _WAYS.isdisjoint(words)
        return () if prices or is_way else words  # `licenses/users` counts two things, it prices neither
    if counts_something(name):
        return ()
    condition, rest = condition_in(name)
    if _condition_kind(condition) != field.condition:
        return ()
    if priced.unit and field.nouns and priced.unit.noun not in field.nouns:
        return ()
    words = _words(price_words(rest).rest if condition else priced.rest, field.kind)
    return () if any(map(UNPARTED.search, words)) else words  # what a word we cannot read says may matter


def _is_of_something_else(name: str, words: tuple[str, ...], field: Field) -> bool:
    """Whether a heading dates a contract, places a company's seat or limits how often one may ask."""
    others = {ColumnKind.DATE: _OF_PAPERS, ColumnKind.REGIONS: _OF_SEATS}.get(field.kind, frozenset())
    if field.kind is ColumnKind.TOKENS:
        return counts_something(name)
    return not others.isdisjoint(words) and not _words_of(field).issuperset(others.intersection(words))


def names_a_seat(name: str) -> bool:
    """Whether a heading says of its places that they are a company's or its customers'."""
    return not _OF_SEATS.isdisjoint(_words(in_english(name), ColumnKind.REGIONS))


def counts_something(name: str) -> bool:
    """Whether a heading says how many of something there are, or how fast they come, and no money: `Tokens/s`."""
    line = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower().replace("_", " ")
    return bool(_COUNTED.search(line)) and not _MONEY.search(line) and not price_words(name).currency


def _condition_kind(condition: str) -> str:
    """The condition a field can have: every threshold of tokens is a long context."""
    return "long context" if condition.startswith((">", "≥")) else condition


@lru_cache(maxsize=2_000)
def price_words(name: str) -> PriceWords:
    return read_price_words(without_tier(in_english(name)))


@lru_cache(maxsize=10_000)
def _words(text: str, kind: ColumnKind) -> tuple[str, ...]:
    """Lower-case words in the singular, without filler: `maxInputTokens` and `max_input_tokens` are alike."""
    plain = _PLURAL.sub("s", _LEFT_OPEN.sub("", without_markup(text)))
    if kind not in PRICED and (numbered := _NUMBERED.match(plain)):
        plain = plain[numbered.end() :]
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][A-Za-z])", " ", plain).casefold()
    words = [_singular(word) for word in re.findall(r"[^\W_]+", spaced)]
    if kind in PRICED:
        words = [{"in": "input", "out": "output"}.get(word, word) for word in words]
    dropped = _PRICE_WORDS if kind in PRICED else frozenset()
    kept = tuple(word for word in words if word not in _FILLER and word not in dropped)
    return kept or tuple(words)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes")):
        return word[:-2]
    return (
        word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word
    )
