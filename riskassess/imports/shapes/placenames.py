"""Whether a text names a place where a cloud runs: a region's code, a country, a part of the world. Pure."""

from __future__ import annotations

import re

from riskassess.sheets.countries import country_of
from riskassess.sheets.results import tidy

# `us-east-1`, `europe-west4`, `eu-frankfurt-1`
_HYPHENED = re.compile(r"[a-z]{2,12}(-[a-z]{2,14})+-?\d{1,2}")
_WORDS = re.compile(
    r"(east|west|north|south|central|europe|asia|pacific|america|africa|\bus\b|\beu\b|\buk\b|apac|emea|amer\b|latam|"
    r"middle ?east|global|worldwide|region|zone|gov|china)"
)


def is_code(text: str) -> bool:
    """A code as providers' programs use it: `us-east-1` or `swedencentral`, never `Sweden Central`."""
    word = tidy(text).strip("`")
    return bool(_HYPHENED.fullmatch(word) or (re.fullmatch(r"[a-z]+\d?", word) and _WORDS.search(word)))


def is_place(text: str) -> bool:
    """A heading that can stand over marks of a region."""
    word = tidy(text).strip("*` ")
    return is_code(word) or bool(_WORDS.search(word.casefold())) or country_of(word) is not None
