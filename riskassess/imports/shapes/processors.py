"""Lists of who processes data for whom: told from lists of models by what is said of each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from riskassess.imports.shapes.vocabulary import VENDOR_FIELDS
from riskassess.sheets.columns import Field
from riskassess.sheets.languages import in_english
from riskassess.sheets.results import tidy

_REGISTER = re.compile(
    r"\b(?:sub[ _-]?processors?|third[ _-]?part(?:y|ies)|data access|dpa|soc ?2|iso ?27001|certifications?|contract"
    r"|risk (?:level|tier|rating)|criticality|(?:last|next) (?:review|assessment)|transfer mechanism|safeguards"
    r"|(?:purpose|location|place|country) of processing|processing (?:purpose|type|location|activity)"
    r"|(?:personal )?data (?:categories|processed|transferred|shared)|categories of (?:personal )?data)\b",
    re.IGNORECASE,
)
"""What registers of third parties say of each, and lists of models do not."""
_PURPOSE = re.compile(
    r"\b(?:purpose|function|nature|activity|activities|subject matter|what (?:it|they) do(?:es)?)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:location|country|countries|territory|jurisdiction|place)\b", re.IGNORECASE)
"""A purpose and a place, together: who does what for us, and where."""
_OF_MODELS = re.compile(r"model|token|llm|\b(?:pric|context|modalit)|licen[cs]e", re.IGNORECASE)
_MODEL_ID = re.compile(r"(?=\S*\d)(?=\S*[-/:_])\S+")
_SERVICES = frozenset({"service", "services", "service name", "name of service", "third party service"})


def registers_vendors(headings: Iterable[str], named: Sequence[str] = ()) -> bool:
    """Whether the headings are those of a register of third parties: reviews, contracts, purposes of processing.

    `named` are some of what it names: ids of models are none that process data.
    """
    heads = [in_english(tidy(heading.replace("_", " "))) for heading in headings]
    whole = " | ".join(heads)
    if re.search(r"model|token|llm", whole, re.IGNORECASE) or _are_ids(named):
        return False
    together = any(map(_PURPOSE.search, heads)) and any(map(_PLACE.search, heads))
    return bool(_REGISTER.search(whole)) or (together and not _OF_MODELS.search(whole))


def _are_ids(names: Sequence[str]) -> bool:
    return 2 * sum(bool(_MODEL_ID.fullmatch(name.strip())) for name in names) > len(names)


def _named_by_service() -> tuple[Field, ...]:
    """A vendor's fields where a service is who renders it, and no longer what it does."""
    return tuple(
        replace(field, aliases=(*field.aliases, *sorted(_SERVICES)))
        if field.name == "name"
        else replace(field, aliases=tuple(alias for alias in field.aliases if alias not in _SERVICES))
        if field.name == "summary"
        else field
        for field in VENDOR_FIELDS
    )


_NAMED_BY_SERVICE = _named_by_service()
_NAMES = {"name", "vendor", *next(field.aliases for field in VENDOR_FIELDS if field.name == "name")}


def vendor_fields(headings: Sequence[str]) -> tuple[Field, ...]:
    """The fields of a list of vendors: `Service` names them in a register where nothing else does."""
    plain = {" ".join(re.findall(r"\w+", in_english(tidy(heading)).casefold())) for heading in headings}
    by_service = plain & _SERVICES and not plain & _NAMES and registers_vendors(headings)
    return _NAMED_BY_SERVICE if by_service else VENDOR_FIELDS
