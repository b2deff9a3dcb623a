"""What one stated fact means: which attribute of which record, read as that attribute is read. Pure.

Attributes are known by the words that columns of catalogs go by. One that nobody knows is kept as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from riskassess.imports.fields import FIELDS, IMPORT_FIELDS, SECOND, TARGETS
from riskassess.imports.shapes.deployments import scope_of
from riskassess.kernel.stated import Known, NotApplicable
from riskassess.rules.vocabulary import FACTS
from riskassess.sheets.columns import parse_cell
from riskassess.sheets.dates import Precision, StatedDate
from riskassess.sheets.likeness import likeness
from riskassess.sheets.mapped import ColumnKind, Field, MappedColumn
from riskassess.sheets.prices import Price, parse_price, read_price_words
from riskassess.sheets.results import Cell, Problem, Result, absent, quoted, text_of, tidy

_SURE = 0.9
_NAMES = {
    "vendor",
    "developer",
    "base_model_owner",
    "host",
    "model_name",
    "model_id",
    "version",
    "source_url",
}
_LONGEST = 60
_WRITTEN = "_as_written"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A fact as its record keeps it: known, unknown or not applicable; a price, where it is one."""

    record: str  # "model" or "offering"
    attribute: str
    state: str = "known"
    value: object = None
    unit: str = ""
    price: Price | None = None
    kind: str = ""  # of the price
    note: str = ""


def meaning_of(attribute: str, value: Cell, unit: str = "") -> Meaning:
    """What a sheet's row says of its subject. Never a problem: what cannot be read is kept as written."""
    nothing = absent(tidy(text_of(value)))
    if "price" in attribute.casefold() or "cost" in attribute.casefold():
        found = _price(attribute, value, unit)
        if found is not None:
            return found
    field = _field_called(attribute)
    if field is None:
        return _as_written(attribute, value, unit, nothing, f"{quoted(attribute)} is no attribute we know")
    if field.name == "channel":
        return _deployment(attribute, value, unit, nothing)
    return _read(field, attribute, value, unit, nothing)


@lru_cache(maxsize=5_000)
def _field_called(attribute: str) -> Field | None:
    """The field that columns of this name would have, if it is one of a model or an offering."""
    scored = ((likeness(attribute, field), field) for field in IMPORT_FIELDS)
    sure, field = max(scored, key=lambda pair: pair[0])
    target = TARGETS.get(field.name)
    fits = target is not None and target.record in {"model", "offering"} and field.name not in _NAMES
    return field if sure >= _SURE and fits and field.name not in SECOND else None


def _price(attribute: str, value: Cell, unit: str) -> Meaning | None:
    """The price, by its attribute and unit together: `price_image_output` per 1M image tokens. None for no price."""
    words = read_price_words(unit) if unit else read_price_words(attribute)
    read = parse_price(value, words.unit, words.currency)
    if isinstance(read, Problem) or not isinstance(read.stated, Known | NotApplicable):
        return None
    if words.unit is None and isinstance(value, str) and read_price_words(value).unit is None:
        return None  # nobody says per what
    kind = _price_kind(attribute, unit)
    if not kind:
        return None
    if isinstance(read.stated, NotApplicable):
        return Meaning("offering", f"price_{kind}", "not_applicable", kind=kind, note=read.note)
    price = read.stated.value
    return Meaning("offering", f"price_{kind}", price=price, kind=kind, note=read.note)


@lru_cache(maxsize=5_000)
def _price_kind(attribute: str, unit: str) -> str:
    """`input`, `output:batch` … as the price columns of catalogs say it; `flat` for a bare price per something."""
    priced = [field for field in IMPORT_FIELDS if field.kind is ColumnKind.PRICE]
    name = attribute.replace("_", " ")
    for heading in (f"{name} {unit}", name):
        sure, field = max(((likeness(heading, f), f) for f in priced), key=lambda pair: pair[0])
        if sure >= _SURE and field.name in TARGETS:
            return TARGETS[field.name].attribute
    if re.fullmatch(r"(list )?(price|cost)", name.strip(), re.I):
        text = unit.casefold()
        return "input" if "input token" in text else "output" if "output token" in text else "flat"
    return ""


def _deployment(attribute: str, value: Cell, unit: str, nothing: object) -> Meaning:
    scope = scope_of(tidy(text_of(value)))
    if scope and ";" not in text_of(value):
        return Meaning(
            "offering", "deployment", value=scope, note=f"{quoted(text_of(value))} read as {scope}"
        )
    return _as_written(attribute, value, unit, nothing, "several or unknown deployment types")


def _read(field: Field, attribute: str, value: Cell, unit: str, nothing: object) -> Meaning:
    target = TARGETS[field.name]
    result = _parsed(field, value, unit)
    if isinstance(result, Problem):
        return _as_written(attribute, value, unit, nothing, result.what)
    stated = result.stated
    if isinstance(stated, NotApplicable):
        return Meaning(target.record, target.attribute, "not_applicable", note=result.note)
    if not isinstance(stated, Known):
        return Meaning(target.record, target.attribute, "unknown", note=result.note)
    held = _held(stated.value, target.attribute)
    if held is None:
        return _as_written(attribute, value, unit, nothing, f"{stated.value} names no day")
    if isinstance(held, str) and target.longest and len(held) > target.longest:
        return _as_written(attribute, value, unit, nothing, "the text is too long")
    return Meaning(target.record, target.attribute, value=held, note=result.note)


def _parsed(field: Field, value: Cell, unit: str) -> Result[object]:
    """The value with its unit: `256` in `K tokens` is 256,000."""
    mapped = MappedColumn(0, field)
    if field.kind is ColumnKind.TOKENS and unit and tidy(text_of(value)):
        with_unit = parse_cell(f"{text_of(value)} {unit}", mapped)
        if not isinstance(with_unit, Problem):
            return with_unit
    return parse_cell(value, mapped)


def _held(value: object, attribute: str) -> object:
    """A parsed value as its column's JSON has it; None where the column cannot hold it."""
    if isinstance(value, StatedDate):
        if attribute != "retires_on":
            return str(value)
        return value.first.isoformat() if value.precision is Precision.DAY else None
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int) else str(value)


def _as_written(attribute: str, value: Cell, unit: str, nothing: object, why: str) -> Meaning:
    text = tidy(text_of(value))
    name = _name_of(attribute)
    stated = getattr(nothing, "stated", None)
    if isinstance(stated, NotApplicable):
        return Meaning("model", name, "not_applicable", unit=unit, note=f"{why}; kept as written")
    if nothing is not None:
        return Meaning("model", name, "unknown", unit=unit, note=f"{why}; nothing is stated of it")
    kept = unit if unit.casefold() not in {"date", "count", "text"} else ""
    return Meaning("model", name, value=text, unit=kept[:_LONGEST], note=f"{why}; kept as written")


def _name_of(attribute: str) -> str:
    """A name for the record: never one under which a rule or a column would read it as something it is not."""
    name = re.sub(r"\W+", "_", tidy(attribute).casefold()).strip("_") or "stated"
    read_elsewhere = name in FACTS or name in FIELDS or any(t.attribute == name for t in TARGETS.values())
    return f"{name[: _LONGEST - len(_WRITTEN)]}{_WRITTEN}" if read_elsewhere else name[:_LONGEST]
