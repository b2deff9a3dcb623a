"""Which country lies where, and since when: EU, EEA, adequate on the day, a cloud provider's data zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from riskassess.rules.dated import PARAMETER_FOLDER, BadParameter, answers_for, read_yaml


@dataclass(frozen=True, slots=True)
class Membership:
    """One country's time in a zone, both days included; None is an open end."""

    since: date | None
    until: date | None
    reference: str
    judgement: str = ""

    def covers(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class ZoneNote:
    """Who stands behind a zone as a whole, and when it was looked at."""

    reference: str
    judgement: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones by name."""

    by_name: Mapping[str, Mapping[str, Membership]]
    notes: Mapping[str, ZoneNote] = field(default_factory=dict)

    def contain(self, zone: str, code: str, on: date) -> bool:
        membership = self.by_name[zone].get(code)
        return membership is not None and membership.covers(on)

    def members(self, zone: str, on: date) -> tuple[str, ...]:
        """The countries of a zone on a day, in the order of the file."""
        return tuple(code for code, membership in self.by_name[zone].items() if membership.covers(on))


def read_zones(path: Path) -> Zones:
    """All zones. Raises BadParameter for a member without reference or one that ends before it starts."""
    zones, notes = {}, {}
    for name, raw in read_yaml(path)["zones"].items():
        if "checked_on" not in raw:
            raise BadParameter(f"{name} does not say when it was checked (checked_on).")
        note = ZoneNote(raw.get("reference", ""), raw.get("judgement", ""), raw["checked_on"])
        zones[name] = {
            code: _membership(f"{name}: {code}", one or {}, note) for code, one in raw["members"].items()
        }
        notes[name] = note
    return Zones(zones, notes)


def _membership(what: str, raw: Mapping[str, object], note: ZoneNote) -> Membership:
    reference = str(raw.get("reference", note.reference))
    judgement = str(raw.get("judgement", ""))
    answers_for(what, reference, judgement or note.judgement)
    since, until = raw.get("since"), raw.get("until")
    if not isinstance(since, date | None) or not isinstance(until, date | None):
        raise BadParameter(f"{what}: since and until are days.")
    if since and until and until < since:
        raise BadParameter(f"{what} ends on {until}, before it starts.")
    return Membership(since, until, reference, judgement)


ZONES = read_zones(PARAMETER_FOLDER / "zones.yaml")
