"""Where the data is and who reaches it: PLACES, ACCESS, HOME and OK of the residency rules."""

from __future__ import annotations

from riskassess.kernel.stated import Known, Unknown
from riskassess.rules.facts import ANY, Member
from riskassess.rules.holds import Holds, all_hold, any_holds, settled
from riskassess.rules.reading import Listed, Reading, Zone

DATA_ZONES = {"EU": "data_zone_EU", "US": "data_zone_US"}


def gdpr_data(x: Reading) -> Holds:
    """Personal data of people in the EU, the EEA or the UK, since the GDPR applies."""
    protected = x.yes("personal_data") & x.contains("data_subject_blocs", "EU_EEA", "UK")
    return protected & x.since("gdpr.applies")


def uk_only(x: Reading) -> Holds:
    """Of the people the GDPR protects, only those in the UK are concerned."""
    return x.contains("data_subject_blocs", "UK") & ~x.contains("data_subject_blocs", "EU_EEA")


def home(x: Reading) -> Zone:
    """EEA; only the EU under a strict policy; the UK too for UK-only data without a policy."""
    eu, eea = x.zone("EU27"), x.zone("EEA")
    strict = x.one_of("policy_eu_residency", "strict_eu27")
    at_home_in_the_uk = uk_only(x) & x.one_of("policy_eu_residency", "none")

    def contains(code: str) -> Holds:
        in_uk = settled(code == "GB") & at_home_in_the_uk
        return eu(code) | (eea(code) & ~strict) | in_uk

    return contains


def adequate(x: Reading) -> Zone:
    """OK: the EEA and what is adequate on the day; the UK in any case for UK-only data."""
    eea, found_adequate, only_uk = x.zone("EEA"), x.zone("adequate"), uk_only(x)
    return lambda code: eea(code) | found_adequate(code) | (settled(code == "GB") & only_uk)


def parent_at_home(x: Reading) -> Holds:
    """The operator's ultimate parent is in the EEA, or in the UK where only UK data is concerned."""
    eea, only_uk = x.zone("EEA"), uk_only(x)
    return x.country_in("ultimate_parent_country", lambda code: eea(code) | (settled(code == "GB") & only_uk))


def inference(x: Reading) -> Listed:
    """Inference countries as given, else as scope and zone imply them, else unknown.

    So a list that is taken back leaves what scope and zone imply, and not the unknown: never better than a
    list within it, but better than one that contradicts it, which V1 calls an error.
    """
    if not isinstance(x.stated("inference_countries"), Unknown):
        return x.listed("inference_countries")
    scope, zone = x.stated("scope"), x.stated("zone")
    if isinstance(scope, Known) and scope.value == "global":
        return Listed((ANY,), frozenset())
    in_data_zone = x.one_of("scope", "data_zone")
    if in_data_zone.certain and isinstance(zone, Known) and zone.value in DATA_ZONES:
        return Listed(x.zones.members(DATA_ZONES[zone.value], x.on), frozenset())
    also_open = {"zone"} if in_data_zone.possible and isinstance(zone, Unknown) else set()
    return Listed((None,), frozenset({"inference_countries"}) | in_data_zone.open | also_open)


def subprocessors(x: Reading) -> Listed:
    """The countries of the sub-processors; one without a known country is an unnamed member."""
    listed = x.listed("subprocessors")
    stated = [one.stated("country") if isinstance(one, Member) else Unknown() for one in listed.members]
    known_or_open = [one for one in stated if isinstance(one, Known | Unknown)]
    return Listed(tuple(one.value if isinstance(one, Known) else None for one in known_or_open), listed.open)


def places(x: Reading) -> tuple[Listed, ...]:
    return x.listed("at_rest_countries"), inference(x), subprocessors(x)


def places_within(x: Reading, zone: Zone) -> Holds:
    return all_hold(listed.within(zone) for listed in places(x))


def access_within(x: Reading, zone: Zone) -> Holds:
    """Zero retention with review opt-out leaves nobody to reach the data."""
    return x.yes("zero_retention_review_optout") | x.listed("access_countries").within(zone)


def reaches_the_us(x: Reading) -> Holds:
    """The US, or any country at all, is among PLACES or ACCESS."""
    by_access = x.contains("access_countries", "US", ANY) & ~x.yes("zero_retention_review_optout")
    return any_holds(listed.contains("US", ANY) for listed in places(x)) | by_access
