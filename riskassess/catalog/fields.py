"""Field kinds the catalog uses again and again."""

from __future__ import annotations

import re

import pycountry
from django.core.exceptions import ValidationError
from django.db import models


def is_country(code: str) -> None:
    """Refuses what is no ISO 3166-1 alpha-2 code."""
    if pycountry.countries.get(alpha_2=code) is None:
        raise ValidationError(f"{code!r} is no ISO 3166 country code; write two letters such as DE.")


def country_name(code: str | None) -> str:
    """The English short name of a country code; the code itself when ISO does not list it; '' for None."""
    if not code:
        return ""
    found = pycountry.countries.get(alpha_2=code)
    return str(getattr(found, "common_name", found.name)) if found else code


def country_field(**options: object) -> models.CharField[str | None, str | None]:
    """A country, or None when it is unknown."""
    return models.CharField(max_length=2, null=True, blank=True, validators=[is_country], **options)  # type: ignore[arg-type]


def lei_problem(text: str) -> str:
    """What is wrong with a legal entity identifier; '' where nothing is. The last two digits check the rest."""
    if not re.fullmatch(r"[A-Z0-9]{18}[0-9]{2}", text):
        return "A legal entity identifier has 18 letters or digits, then 2 digits."
    if int("".join(str(int(char, 36)) for char in text)) % 97 != 1:  # ISO 17442 takes ISO 7064, MOD 97-10
        return f"The check digits of “{text}” do not fit: a character is wrong, or two are swapped."
    return ""


def is_lei(text: str) -> None:
    """Refuses what is no legal entity identifier."""
    if problem := lei_problem(text):
        raise ValidationError(problem)
