"""What a rule reads, found by letting it read: facts, constants and zones, each once, in its own order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from riskassess.kernel.stated import UNKNOWN, Known, Stated
from riskassess.rules.dated import Parameters
from riskassess.rules.facts import FACTS, Facts, Kind
from riskassess.rules.places import DATA_ZONES
from riskassess.rules.reading import Reading
from riskassess.rules.rulebook import Rulebook
from riskassess.rules.values import Level
from riskassess.rules.zones import Zones

SEVERITY, GATE_EFFECT, SIZE, THRESHOLD, DAY = "Severity", "Gate effect", "Step", "Threshold", "Day"


@dataclass(frozen=True)
class NotingParameters(Parameters):
    """Parameters that remember which constants were asked for, and as what."""

    noted: dict[str, str] = field(default_factory=dict)

    def level(self, key: str, on: date) -> Level:
        self.noted.setdefault(key, SEVERITY)
        return Parameters.level(self, key, on)

    def whole(self, key: str, on: date) -> int:
        self.noted.setdefault(key, GATE_EFFECT if key.endswith("gate_effect") else SIZE)
        return Parameters.whole(self, key, on)

    def number(self, key: str, on: date) -> Decimal:
        self.noted.setdefault(key, THRESHOLD)
        return Parameters.number(self, key, on)

    def day(self, key: str, on: date) -> date:
        self.noted.setdefault(key, DAY)
        return Parameters.day(self, key, on)


@dataclass(frozen=True)
class NotingZones(Zones):
    """Zones that remember which were looked into."""

    noted: dict[str, None] = field(default_factory=dict)

    def contain(self, zone: str, code: str, on: date) -> bool:
        self.noted.setdefault(zone)
        return Zones.contain(self, zone, code, on)

    def members(self, zone: str, on: date) -> tuple[str, ...]:
        self.noted.setdefault(zone)
        return Zones.members(self, zone, on)


@dataclass(frozen=True, slots=True)
class Reads:
    """The names a rule reads; facts in the order of the form, constants with what they are."""

    facts: tuple[str, ...]
    constants: Mapping[str, str]
    zones: tuple[str, ...]


def reads_of(apply: Callable[[Reading], object], on: date, rulebook: Rulebook) -> Reads:
    """What `apply` reads on the day.

    It is applied to nothing known, to each data zone, and to each of these with one fact it read stated:
    a rule that looks further only once a fact is known shows that as well.
    """
    parameters = NotingParameters(rulebook.parameters.by_key)
    zones = NotingZones(rulebook.zones.by_name, rulebook.zones.notes)
    seen: set[str] = set()

    def look(stated: Mapping[str, Stated[Any]]) -> None:
        facts = Facts(MappingProxyType({**dict.fromkeys(FACTS, UNKNOWN), **stated}))
        reading = Reading(facts, on, parameters, zones)
        apply(reading)
        seen.update(reading.seen)

    for start in _starts():
        look(start)
        for name in sorted(seen):
            for value in _samples(name):
                look({**start, name: value})
    return Reads(tuple(name for name in FACTS if name in seen), dict(parameters.noted), tuple(zones.noted))


def _starts() -> Iterator[Mapping[str, Stated[Any]]]:
    yield {}
    for zone in DATA_ZONES:
        yield {"scope": Known("data_zone"), "zone": Known(zone)}


def _samples(name: str) -> tuple[Stated[Any], ...]:
    """Values of a fact, one of each sort; none for numbers, days and records, where unknown shows all."""
    spec = FACTS[name]
    match spec.kind:
        case Kind.BOOL:
            return Known(True), Known(False)
        case Kind.ENUM:
            return tuple(Known(value) for value in spec.values)
        case Kind.COUNTRY:
            return (Known("DE"),)
        case Kind.COUNTRY_LIST:
            return (Known(("DE",)),)
    return ()
