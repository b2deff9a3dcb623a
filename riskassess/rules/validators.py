"""V1 and V2: what is wrong with the data itself, or may not be bought this way at all."""

from __future__ import annotations

from riskassess.kernel.stated import Unknown
from riskassess.rules.facts import ANY
from riskassess.rules.holds import FALSE, Holds, any_holds
from riskassess.rules.places import DATA_ZONES
from riskassess.rules.reading import Reading
from riskassess.rules.rule import BOTH, VENDOR, Ruling, rule


def contradicts_scope(x: Reading) -> Holds:
    """Given inference countries that the scope or the zone does not allow."""
    if isinstance(x.stated("inference_countries"), Unknown):
        return FALSE
    given = x.listed("inference_countries")
    global_without_any = x.one_of("scope", "global") & ~given.contains(ANY)
    outside = any_holds(
        x.one_of("zone", zone) & ~given.within(x.zone(name)) for zone, name in DATA_ZONES.items()
    )
    return global_without_any | (x.one_of("scope", "data_zone") & outside)


@rule(
    "V1",
    subject=VENDOR,
    reason="data error",
    judgement="An offering that does not exist cannot be bought, so nothing said of it can be right.",
    hint="Choose model, SKU and region from the catalog, or correct the inference countries.",
)
def not_an_offering(x: Reading) -> Ruling:
    """This model is not offered with this SKU in this region, or the countries given contradict the scope."""
    return Ruling(x.no("offering_exists") | contradicts_scope(x))


@rule(
    "V2",
    subject=BOTH,
    reason="block",
    cites=["ms_azure_preview_terms"],
    hint="Wait for general availability, send no personal or health data, or obtain written coverage.",
)
def preview_with_personal_data(x: Reading) -> Ruling:
    """Personal or health data would go into a preview that the data-processing terms do not cover."""
    preview = x.one_of("stage", "preview", "early_access") & x.no("preview_covered")
    return Ruling(preview & (x.yes("personal_data") | x.yes("phi")))


VALIDATORS = (not_an_offering, preview_with_personal_data)
