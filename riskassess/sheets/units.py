"""What a price is per, and in which currency: `per 1M tokens`, `/ image`, `€`, in a cell or over a column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

CURRENCIES = {
    "us$": "USD", "usd$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "a$": "AUD",
    "au$": "AUD", "c$": "CAD", "ca$": "CAD", "r$": "BRL", "hk$": "HKD", "nz$": "NZD", "s$": "SGD",
    "nt$": "TWD", "cn¥": "CNY",
    "rmb": "CNY", "人民币": "CNY", "人民幣": "CNY", "新台幣": "TWD", "新臺幣": "TWD", "美元": "USD", "美金": "USD",
    "日元": "JPY", "日圓": "JPY", "원": "KRW", "元": "CNY", "円": "JPY", "euro": "EUR", "euros": "EUR",
    "eur": "EUR", "dollar": "USD",
    "dollars": "USD", "yuan": "CNY", "yen": "JPY",
} | {code: code.upper() for code in (
    "usd", "gbp", "jpy", "chf", "cny", "cad", "aud", "inr", "krw", "brl", "sek", "nok", "dkk", "pln", "czk", "huf",
    "sgd", "hkd", "twd", "nzd", "mxn", "zar", "ils", "aed",
)}  # fmt: skip
CURRENCY = (
    r"(?:(?:\b(?:usd?|au?|ca?|r|hk|nz|nt|s))?\$|cn¥|人民[币幣]|新[台臺]幣|美[元金]|日[元圓]|[€£¥₹₩元円원]|\b(?:"
    + "|".join(
        sorted((word for word in CURRENCIES if word.isascii() and word.isalpha()), key=len, reverse=True)
    )
    + r")(?![a-z]))"
)
# `Price in $` says which money; `Audio in $/1M` says what is priced, and then which money.
_IN_MONEY = re.compile(
    rf"(?<=price )in\s+(?={CURRENCY})|(?<=cost )in\s+(?={CURRENCY})|\bin\s+(?=(?:usd|eur|gbp|chf)\b)"
)
_ROUND = r"(?P<count>1[,. ]?000[,. ]?000|1[,. ]?000|1 ?k|1 ?mm?|k|mm?|thousand|million|mio|1)"
_COUNT = r"(?P<count>\d{1,3}(?:[,. ]\d{3})+|\d+ ?(?:k|mm?|thousand|million|mio)?|k|mm?|thousand|million|mio)"
_TOGETHER = re.compile(r"(?<![a-z\d.,])(\d*) ?([km])[ -]?tok(?:en)?s?\b")  # `1Mtokens`, `1 M tokens`, `mtok`
_PER = r"(?:\bper\b|/|\ba\b|\bfor(?: each)?\b|\beach\b)"
_THINGS = (
    r"(?P<noun>character|char|megapixel|mp|pixel|px|image|picture|img|photo|second|sec|s(?=$|\W)|minute|min|hour|hr|h(?=$|\W)"
    r"|page|request|req|query|call|invocation|generation|run|prediction|transaction|search(?:e(?=s))?|session|conversation"
    r"|message|video|song|clip|frame|step|document|doc|gigabyte|gib|gb|megabyte|mb|unit|credit|day|week|month|mo|year"
    r"|yr|user|seat|licen[cs]e)s?\b"
)
_UNITS = (  # tried in this order: `per image token` is a price per token, not per image
    re.compile(rf"{_PER}\s*(?:{_COUNT}\b)?[\s-]*(?P<word>[a-z]+ )?(?P<noun>tok(?:en)?)s?\b"),
    re.compile(
        rf"(?:{_PER}\s*)?\b{_COUNT}[\s-]+(?P<word>[a-z]+ )?"
        r"(?P<noun>token|character|char|image|page|request|minute|second|hour)s?\b"
    ),
    re.compile(
        r"(?:\bper\b|/)\s*(?:user|seat|licen[cs]e)s?\s*(?:\bper\b|/|\ba\b)\s*(?P<noun>month|mo|year|yr)\b(?P<seat>)"
    ),
    re.compile(
        r"(?:\bper\b|/)\s*(?P<noun>month|mo|year|yr)\s*(?:\bper\b|/)\s*(?:user|seat|licen[cs]e)s?\b(?P<seat>)"
    ),
    re.compile(r"(?:\bper\b|/)\s*(?:user|seat)[ -](?P<noun>month|year)s?\b(?P<seat>)"),
    re.compile(
        rf"{_PER}\s*(?:{_COUNT}\b)?[\s-]*(?P<word>(?:audio|video|input|output|generated|gpu|instance|node|search|text)"
        rf"[ -])?{_THINGS}"
    ),
    re.compile(rf"(?:\bper\b|/)\s*{_ROUND}(?=\W|$)"),
)
_NAMED = re.compile(r"\b(character|page|request|image|audio|video)s?\b")
_NOUNS = {
    "tok": "token", "char": "character", "picture": "image", "img": "image", "photo": "image", "sec": "second",
    "s": "second", "min": "minute", "hr": "hour", "h": "hour", "call": "request", "query": "request",
    "req": "request",
    "invocation": "request", "prediction": "request", "transaction": "request", "seat": "user", "license": "user",
    "licence": "user", "mp": "megapixel", "px": "pixel", "doc": "document", "gigabyte": "GB", "gb": "GB",
    "gib": "GiB",
    "megabyte": "MB", "mb": "MB", "mo": "month", "yr": "year", "searche": "search",
}  # fmt: skip
_OTHER_TOKENS = frozenset({"image", "audio", "video"})  # counted apart: not to be compared with text
_OTHER_HOURS = frozenset({"gpu", "instance", "node"})  # of a machine: not to be compared with hours of sound
_COMPARED = {  # noun -> (unit to compare in, how many of the noun it holds)
    "token": ("token", 10**6), "character": ("character", 10**6),
    "second": ("hour", 3600), "minute": ("hour", 60), "hour": ("hour", 1),
}  # fmt: skip
_SIZES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mm": 10**6, "million": 10**6, "mio": 10**6}


@dataclass(frozen=True, slots=True)
class PriceUnit:
    """What a price is for: `per` of `noun`, such as 1,000,000 tokens or 1 image."""

    per: int
    noun: str

    def __str__(self) -> str:
        """`token`, `1K tokens`, `1M tokens`, `image`: read back by `unit_named`."""
        return _in_words(self)

    @property
    def compared(self) -> tuple[PriceUnit, int]:
        """The unit prices of this kind are compared in, and what to multiply an amount by."""
        return _compared(self)


@lru_cache(maxsize=256)
def _in_words(unit: PriceUnit) -> str:
    if unit.per == 1:
        return unit.noun
    size = {10**3: "1K", 10**6: "1M"}.get(unit.per, f"{unit.per}")
    return f"{size} {unit.noun}{'es' if unit.noun.endswith('ch') else 's'}"


@lru_cache(maxsize=256)
def _compared(unit: PriceUnit) -> tuple[PriceUnit, int]:
    if unit.noun.endswith(" token"):
        noun, size = unit.noun, 10**6
    else:
        noun, size = _COMPARED.get(unit.noun, (unit.noun, unit.per))
    if size % unit.per:
        return unit, 1
    return PriceUnit(1 if noun == "hour" else size, noun), size // unit.per


PER_TOKEN = PriceUnit(1, "token")
PER_THOUSAND_TOKENS = PriceUnit(10**3, "token")
PER_MILLION_TOKENS = PriceUnit(10**6, "token")


@dataclass(frozen=True, slots=True)
class PriceWords:
    """What a heading says about the prices under it; `rest` is the heading without those words."""

    unit: PriceUnit | None
    currency: str
    rest: str


def read_price_words(text: str) -> PriceWords:
    """The unit and currency named in a heading such as `Input $/1M tokens` or `input_cost_per_token`."""
    line = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower().replace("_", " ")
    line = _TOGETHER.sub(lambda found: f"{found[1] or 1}{found[2]} token", line)
    money = re.search(CURRENCY, line)
    line = re.sub(CURRENCY, " ", _IN_MONEY.sub("", line))
    for pattern in _UNITS:
        if match := pattern.search(line):
            unit = _unit(match, line)
            # A noun other than the token says what is priced, so it stays: `cost per image` is about images.
            kept = match.groupdict().get("word") or ("" if "token" in unit.noun else unit.noun)
            line = f"{line[: match.start()]} {kept} {line[match.end() :]}"
            break
    else:
        unit = None
    return PriceWords(unit, CURRENCIES[money[0]] if money else "", " ".join(line.split()))


def _unit(match: re.Match[str], line: str) -> PriceUnit:
    found = match.groupdict()
    if "noun" not in found and (named := _NAMED.search(line)):  # `character price per million`
        found["noun"], found["word"] = ("token", named[1]) if named[1] in _OTHER_TOKENS else (named[1], "")
    count = re.fullmatch(r"(\d*)([a-z]*)", re.sub(r"[,. ]", "", found.get("count") or "1"))
    per = int(count[1] or 1) * _SIZES.get(count[2], 1) if count else 1
    noun = _NOUNS.get(found.get("noun") or "token", found.get("noun") or "token")
    if "seat" in found:
        noun = f"user-{noun}"
    word = (found.get("word") or "").strip(" -")
    if (noun == "token" and word in _OTHER_TOKENS) or (noun == "hour" and word in _OTHER_HOURS):
        noun = f"{'GPU' if word == 'gpu' else word} {noun}"
    return PriceUnit(max(per, 1), noun)


def unit_named(name: str) -> PriceUnit | None:
    """The unit written as `str(unit)` writes it, or in a heading's words; None when it names none."""
    return read_price_words(f"per {name}").unit
