"""Levels of factors that follow from facts and claims by rule, not by opinion. No Django.

The tables are our reading of the method's anchors (judgement); each piece of evidence they make names its
rule, so that a reader finds the row.
"""

from __future__ import annotations

from datetime import date, timedelta

from riskassess.assessments.gathered import ClaimRecord, Evidence, Fact
from riskassess.kernel.source import Source
from riskassess.kernel.stated import Known, Stated
from riskassess.kernel.truth import Truth

# CL1: how well the worst-shown headline claim is substantiated -> level of EVL-IND (method, section 2.2).
# One independent replication is level 1; that there were two or more has to be answered.
INDEPENDENCE = {0: 4, 1: 3, 2: 3, 3: 2, 4: 1, 5: 1}
# The same for cost and efficiency claims -> EVL-EFF.
EFFICIENCY = {0: 3, 1: 3, 2: 3, 3: 2, 4: 0, 5: 1}
REFUTED = 6  # verification: refuted or not assessable

STAGE_LEVEL = {"ga": (0, 1), "preview": (2, 2), "early_access": (3, 3), "announced": (4, 4),
               "deprecated": (4, 4), "retired": (4, 4)}  # fmt: skip
GA_YEAR = timedelta(days=365)
RETIRES_SOON = timedelta(days=183)


def release_level(stage: str, since: date | None, retires_on: date | None, on: date) -> tuple[int, int]:
    """OPS-REL from the release stage, how long it has been so, and a retirement within six months."""
    if retires_on is not None and retires_on - on <= RETIRES_SOON:
        return (4, 4)
    if stage == "ga" and since is not None:
        return (0, 0) if on - since > GA_YEAR else (1, 1)
    return STAGE_LEVEL[stage]


def residency_level(deployment: str, in_contract: Truth, zone_missed: Truth) -> tuple[int, int]:
    """DAT-RES from the deployment type's promise against the residency the buyer requires.

    `zone_missed` is finding EUR5 (the required zone is not offered): level 4. A location that only the
    documentation states, without the contract, is level 2.
    """
    if zone_missed is Truth.TRUE:
        return (4, 4)
    best, documented = {"regional": (0, 2), "data_zone": (1, 2), "global": (3, 3)}[deployment]
    low = documented if in_contract is Truth.FALSE else best
    high = best if in_contract is Truth.TRUE else documented
    return (low, 4 if zone_missed is Truth.UNKNOWN else high)


def claim_evidence(claims: tuple[ClaimRecord, ...]) -> dict[str, list[Evidence]]:
    """Factor -> evidence, from the claims: CL1 for EVL-IND, cost claims for EVL-EFF, and what each decides."""
    found: dict[str, list[Evidence]] = {}
    for claim in claims:
        for factor, level in claim.decides.items():
            found.setdefault(factor, []).append(_from_claim(claim, level, "as the claim decides"))
    headline = [claim for claim in claims if claim.headline and claim.kind != "cost"]
    cost = [claim for claim in claims if claim.kind == "cost"]
    for factor, group, table, rule in (
        ("EVL-IND", headline, INDEPENDENCE, "CL1: the worst-shown headline claim"),
        ("EVL-EFF", cost, EFFICIENCY, "the worst-shown cost claim"),
    ):
        if group and factor not in found:
            worst = max(group, key=lambda claim: (_level(claim, table), claim.key))
            found[factor] = [_from_claim(worst, _level(worst, table), rule)]
    return found


def _level(claim: ClaimRecord, table: dict[int, int]) -> int:
    return 4 if claim.verification == REFUTED else table[claim.substantiation]


def _from_claim(claim: ClaimRecord, level: int, rule: str) -> Evidence:
    best = min(claim.sources, key=lambda link: RANK[link[0]], default=None)
    _, quote, source = best or ("", "", None)
    return Evidence(
        key=f"claim:{claim.key}",
        kind="claim",
        title=claim.title,
        low=level,
        high=level,
        reliability=claim_reliability(claim),
        verification=claim.verification,
        interest=claim.interest,  # type: ignore[arg-type]
        on=source.as_of if source else None,
        source=source,
        quote=quote or claim.statement,
        link=claim.link,
        rule=rule,
    )


RANK = {"states": 0, "supports": 1, "contradicts": 2, "": 3}


def claim_reliability(claim: ClaimRecord) -> str:
    """The best reliability among the sources that carry the claim; F when none does."""
    carrying = (source.reliability for relation, _, source in claim.sources if relation != "contradicts")
    return min((letter for letter in carrying if letter), default="F")


# The reliability letters of what a vendor publishes itself (section 2.3): it gains from a good rating.
VENDORS_OWN = frozenset("CD")


def catalog_evidence(
    factor: str,
    title: str,
    level: tuple[int, int],
    source: Source | None,
    *,
    link: str,
    rule: str,
    quote: str = "",
) -> Evidence:
    """Evidence that the catalog's own values give: one documented artefact (verification 3)."""
    return Evidence(
        key=f"catalog:{factor}",
        kind="catalog",
        title=title,
        low=level[0],
        high=level[1],
        reliability=source.reliability if source and source.reliability else "F",
        verification=3,
        interest="self" if source and source.reliability in VENDORS_OWN else "neutral",
        on=source.as_of if source else None,
        source=source,
        quote=quote,
        link=link,
        rule=rule,
    )


def known(fact: Fact | Stated[object] | None) -> object | None:
    """The value of a known fact; None for anything else."""
    stated = fact.stated if isinstance(fact, Fact) else fact
    return stated.value if isinstance(stated, Known) else None
