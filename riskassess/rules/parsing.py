"""Plain values into stated facts: what is accepted for each kind, and what is said when it is not."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import pycountry

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.source import Source
from riskassess.kernel.stated import NOT_APPLICABLE, UNKNOWN, Known, NotApplicable, Stated, Unknown
from riskassess.rules.vocabulary import FactSpec, Kind

ANY = "ANY"  # any country at all: a service that promises no place
MISTAKEN_CODES = {"UK": "GB", "EL": "GR"}


@dataclass(frozen=True, slots=True)
class Member:
    """One claim, partnership or sub-processor: its attributes, each stated or not."""

    attributes: Mapping[str, Stated[Any]]

    def stated(self, name: str) -> Stated[Any]:
        return self.attributes.get(name, UNKNOWN)


def parse(spec: FactSpec, raw: object, *, source: Source | None = None, where: str = "") -> Stated[Any]:
    """What `raw` states. Raises InvalidInput naming the fact, the trouble and the values allowed."""
    where = where or spec.name
    match raw:
        case Unknown() | NotApplicable():
            return replace(raw, source=raw.source or source)
        case Known():
            return parse(spec, raw.value, source=raw.source or source, where=where)
        case None | "unknown":
            return Unknown(source=source) if source else UNKNOWN
        case "not_applicable":
            return NotApplicable(source=source) if source else NOT_APPLICABLE
    if spec.kind.is_list:
        return Known(_list(spec, raw, where), source)
    return Known(_PARSERS[spec.kind](spec, raw, where), source)


def _list(spec: FactSpec, raw: object, where: str) -> tuple[Any, ...]:
    if not isinstance(raw, (list, tuple, set, frozenset)):
        raise _refused(where, raw, "is not a list", "Give a list; [] says there are none.")
    return tuple(_member(spec, one, f"{where}[{n}]") for n, one in enumerate(raw))


def _member(spec: FactSpec, raw: object, where: str) -> Any:
    """One member; None is a further member that nobody has named."""
    if raw is None or raw == "unknown" or isinstance(raw, Unknown):
        return None
    if spec.kind.is_records:
        return _record(spec, raw, where)
    if spec.kind is Kind.COUNTRY_LIST:
        return ANY if raw == ANY else _country(spec, raw, where)
    return _choice(spec, raw, where)


def _record(spec: FactSpec, raw: object, where: str) -> Member:
    if isinstance(raw, Member):
        raw = raw.attributes
    names = [one.name for one in spec.members]
    if not isinstance(raw, Mapping):
        raise _refused(where, raw, "is not a record", f"Give {', '.join(names)}; leave out what is unknown.")
    for name in raw:
        if name not in names:
            raise _refused(f"{where}.{name}", raw[name], "has no place here", f"Allowed: {', '.join(names)}.")
    attributes = {
        one.name: parse(one, raw.get(one.name), where=f"{where}.{one.name}") for one in spec.members
    }
    return Member(attributes)


def _bool(spec: FactSpec, raw: object, where: str) -> bool:
    if not isinstance(raw, bool):
        raise _refused(
            where, raw, "is neither true nor false", "Allowed: true, false, unknown, not_applicable."
        )
    return raw


def _choice(spec: FactSpec, raw: object, where: str) -> str:
    if not isinstance(raw, str) or raw not in spec.values:
        raise _refused(where, raw, "is not one of the choices", f"Allowed: {', '.join(spec.values)}.")
    return raw


def _number(spec: FactSpec, raw: object, where: str) -> Decimal:
    allowed = (
        f"Allowed: {'whole numbers' if spec.whole else 'numbers'} from {spec.minimum} to {spec.maximum}."
    )
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)) or not math.isfinite(raw):
        raise _refused(where, raw, "is not a number", allowed)
    try:
        number = Decimal(str(raw))
    except InvalidOperation as error:
        raise _refused(where, raw, "is not a number", allowed) from error
    too_small = spec.minimum is not None and number < spec.minimum
    too_large = spec.maximum is not None and number > spec.maximum
    if too_small or too_large or (spec.whole and number != int(number)):
        raise _refused(where, raw, "is out of range", allowed)
    return number


def _date(spec: FactSpec, raw: object, where: str) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw))
    except ValueError as error:
        raise _refused(where, raw, "is not a day", "Write it as YYYY-MM-DD.") from error


def _text(spec: FactSpec, raw: object, where: str) -> str:
    if not isinstance(raw, str):
        raise _refused(where, raw, "is not text", "Give a name.")
    return raw


def _country(spec: FactSpec, raw: object, where: str) -> str:
    if not isinstance(raw, str) or raw not in _country_codes():
        meant = MISTAKEN_CODES.get(raw, "") if isinstance(raw, str) else ""
        hint = (
            f"Write {meant}." if meant else "Allowed: two-letter country codes (ISO 3166), such as DE, GB, US"
        )
        hint += "" if meant else (", or ANY." if spec.kind is Kind.COUNTRY_LIST else ".")
        raise _refused(where, raw, "is not a country code", hint)
    return raw


@cache
def _country_codes() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries) | {"XK"}


def _refused(where: str, raw: object, trouble: str, hint: str) -> InvalidInput:
    return InvalidInput(f"{raw!r} {trouble}.", hint=hint, where=where)


_PARSERS: Mapping[Kind, Callable[[FactSpec, object, str], Any]] = {
    Kind.BOOL: _bool,
    Kind.ENUM: _choice,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.TEXT: _text,
    Kind.COUNTRY: _country,
}
