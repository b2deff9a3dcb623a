"""What the law makes of a region's country on a day: EU, EEA, adequate, a provider's data zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from riskassess.kernel.source import Citation
from riskassess.rules.citations import CITATIONS
from riskassess.rules.zones import ZONES

NAMES = {
    "EU27": "European Union",
    "EEA": "European Economic Area",
    "adequate": "Adequate protection, GDPR Art. 45",
    "data_zone_EU": "EU data zone of cloud providers",
    "data_zone_US": "US data zone of cloud providers",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a country is in a zone on the day, since and until when, and by which text."""

    zone: str
    inside: bool | None
    since: date | None = None
    until: date | None = None
    citation: Citation | None = None


def standing_of(country: str | None, on: date) -> list[Standing]:
    """The country's standing in every zone; unknown in all of them when the country is."""
    return [_standing(zone, country, on) for zone in ZONES.by_name]


def _standing(zone: str, country: str | None, on: date) -> Standing:
    name = NAMES.get(zone, zone)
    if country is None:
        return Standing(name, None)
    membership = ZONES.by_name[zone].get(country)
    if membership is None:
        return Standing(name, False)
    citation = CITATIONS.get(membership.reference)
    return Standing(name, membership.covers(on), membership.since, membership.until, citation)
