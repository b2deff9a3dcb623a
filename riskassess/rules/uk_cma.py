"""CMA: digital-market cases, ties between host and developer, dependence, claims to UK consumers."""

from __future__ import annotations

from datetime import date

from riskassess.rules.holds import Holds
from riskassess.rules.questions import questions_of
from riskassess.rules.reading import MemberReading, Reading
from riskassess.rules.rule import (
    BOTH,
    CUSTOMER,
    NOBODY,
    VENDOR,
    Regime,
    Ruling,
    raised_if,
    rule,
    worst_of,
)
from riskassess.rules.values import Base, Step, base, step

DIGITAL_MARKETS = date(2025, 1, 1)
CONSUMER_LAW = date(2025, 4, 6)


def in_scope(x: Reading) -> Holds:
    return x.yes("nexus_uk")


def product_in_sms_case(x: Reading) -> Holds:
    return x.one_of("sms", "investigation", "designated") & x.yes("product_in_sms_scope")


def dependent_without_exit(x: Reading) -> Holds:
    return x.at_least("share_critical_ai", x.threshold("critical_share")) & x.no("exit_tested")


def clauses(x: Reading) -> tuple[Step, ...]:
    return (step("clauses for change", x.yes("change_clauses"), x.whole("CMA.change_clauses")),)


def material_tie(x: Reading, tie: MemberReading) -> Holds:
    stake = tie.at_least("equity_pct", x.threshold("material_stake"))
    return stake | tie.yes("exclusivity") | tie.yes("board_right") | tie.yes("compute_dependency")


def review_state(x: Reading, tie: MemberReading) -> Base:
    """Open review; closed and unchanged; otherwise never reviewed, or changed since."""
    closed = tie.one_of("cma_status", "closed") & ~tie.yes("changed_since_decision")
    return base(
        x.level("CMA2.unreviewed"),
        (tie.one_of("cma_status", "open"), x.level("CMA2.open")),
        (closed, x.level("CMA2.closed")),
    )


@rule("CMA0", subject=NOBODY, reason="no nexus", sets_scope=True, cites=["dmcc_2024_ss_2_8"])
def no_uk_nexus(x: Reading) -> Ruling:
    """Nothing links this purchase to the United Kingdom."""
    return raised_if(~in_scope(x), x.level("CMA0"))


@rule(
    "CMA1",
    subject=VENDOR,
    reason="conduct requirements may change bundling, price, defaults",
    since=DIGITAL_MARKETS,
    cites=[
        "dmcc_2024_ss_2_8",
        "dmcc_2024_s19",
        "dmcc_2024_s46",
        "dmcc_2024_s85",
        "dmcc_2024_s86",
        "uksi_2024_1226",
        "cma_microsoft_sms_2026",
        "cma_sms_designations_2025",
    ],
)
def in_sms_case(x: Reading) -> Ruling:
    """The product falls under a strategic market status case; bundling, price or defaults may be changed."""
    return raised_if(product_in_sms_case(x), x.level("CMA1"), minus=clauses(x))


@rule(
    "CMA2",
    subject=VENDOR,
    reason="call-in or unwinding",
    cites=[
        "ea_2002_s23",
        "ea_2002_s26",
        "uksi_2024_1226",
        "cma_microsoft_openai_2025",
        "cma_ai_partnerships_2024",
    ],
)
def host_tied_to_developer(x: Reading) -> Ruling:
    """Host and developer are tied by stake, exclusivity, board right or compute; the tie may be called in."""
    return worst_of(
        (tie.title, raised_if(material_tie(x, tie), review_state(x, tie), minus=clauses(x)))
        for tie in x.members("partnerships")
    )


@rule("CMA3", subject=CUSTOMER, reason="no alternative if terms change", cites=["cma_cloud_report_2025"])
def dependent_without_tested_exit(x: Reading) -> Ruling:
    """Most of your critical AI rests on this vendor, and no exit has been tested."""
    return raised_if(dependent_without_exit(x), x.level("CMA3"), minus=clauses(x))


@rule(
    "CMA4",
    subject=BOTH,
    reason="both at once",
    since=DIGITAL_MARKETS,
    cites=[
        "dmcc_2024_ss_2_8",
        "dmcc_2024_s19",
        "dmcc_2024_s46",
        "cma_microsoft_sms_2026",
        "cma_cloud_report_2025",
    ],
)
def in_sms_case_and_dependent(x: Reading) -> Ruling:
    """The product may be changed by a strategic market status case, and you could not leave if it were."""
    return raised_if(product_in_sms_case(x) & dependent_without_exit(x), x.level("CMA4"), minus=clauses(x))


@rule("CMA5", subject=CUSTOMER, reason="own filing analysis: counsel", cites=["ea_2002_s23", "ea_2002_s26"])
def own_stake(x: Reading) -> Ruling:
    """You hold a stake in the vendor or take over its team; your own merger filing must be examined."""
    return raised_if(x.yes("own_stake"), x.level("CMA5"))


@rule(
    "CMA6",
    subject=CUSTOMER,
    reason="unfair practice, fined directly",
    since=CONSUMER_LAW,
    cites=["dmcc_2024_part3", "dmcc_2024_part4"],
)
def repeats_a_claim_to_consumers(x: Reading) -> Ruling:
    """You repeat a claim of the vendor to consumers in the United Kingdom and answer for it directly."""
    return raised_if(x.any_member("claims", lambda claim: claim.yes("republished_uk")), x.level("CMA6"))


REGIME = Regime(
    key="uk_cma",
    title="CMA: competition and consumers",
    authority="UK Competition and Markets Authority",
    scope=in_scope,
    rules=(
        no_uk_nexus,
        in_sms_case,
        host_tied_to_developer,
        dependent_without_tested_exit,
        in_sms_case_and_dependent,
        own_stake,
        repeats_a_claim_to_consumers,
    ),
    questions=questions_of("uk_cma"),
)
