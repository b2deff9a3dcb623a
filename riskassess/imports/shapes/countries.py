"""Countries as lists write them: codes, names, and the short names that ISO does not have. Pure."""

from __future__ import annotations

from functools import lru_cache

import pycountry

_OTHERS = {
    "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "usa": "US",
    "u.s.": "US", "u.s.a.": "US", "united states of america": "US", "america": "US", "uae": "AE",
    "emirates": "AE", "south korea": "KR", "korea": "KR", "republic of korea": "KR", "north korea": "KP",
    "the netherlands": "NL", "holland": "NL", "czech republic": "CZ", "turkey": "TR", "russia": "RU",
    "hong kong sar": "HK", "hong kong s.a.r.": "HK", "mainland china": "CN", "prc": "CN",
    "people's republic of china": "CN", "republic of ireland": "IE", "ivory coast": "CI", "macau": "MO",
    "swiss confederation": "CH", "ksa": "SA", "el": "GR",
}  # fmt: skip


@lru_cache(maxsize=2_000)
def country_of(text: str) -> str | None:
    """The ISO 3166 code of a country as written; None where it is none we know.

    `US-VA` and `Virginia, United States` name their country as well.
    """
    word = " ".join(text.split()).strip(" .").casefold()
    if not word:
        return None
    if word in _OTHERS:
        return _OTHERS[word]
    try:
        return str(pycountry.countries.lookup(word).alpha_2)
    except LookupError:
        pass
    subdivision = None
    if "-" in word:
        subdivision = pycountry.subdivisions.get(code=word.upper())  # type: ignore[no-untyped-call]
    if subdivision is not None:
        return str(subdivision.country_code)
    last = word.rpartition(",")[2].strip()
    return country_of(last) if last and last != word else None
