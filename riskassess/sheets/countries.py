"""Countries as lists write them: codes, names, and the short names that ISO does not have. Pure."""

from __future__ import annotations

import gettext
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


_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh_CN", "ko", "sv", "da")


@lru_cache(maxsize=1)
def _in_other_languages() -> dict[str, str]:
    """What ISO's countries are called in the languages that lists come in -> code, where no two are called so."""
    found: dict[str, set[str]] = {}
    for language in _LANGUAGES:
        names = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
        for country in pycountry.countries:
            for name in (country.name, getattr(country, "common_name", "")):
                if name:
                    found.setdefault(names.gettext(name).casefold(), set()).add(country.alpha_2)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


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
    if code := _in_other_languages().get(word):
        return code
    last = word.rpartition(",")[2].strip()
    return country_of(last) if last and last != word else None
