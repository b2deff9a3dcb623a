"""EU AI Act: prohibited, high-risk, general-purpose and transparency duties, each from its own day."""

from __future__ import annotations

from datetime import date

from riskassess.rules.holds import Holds
from riskassess.rules.questions import questions_of
from riskassess.rules.reading import Reading
from riskassess.rules.rule import BOTH, CUSTOMER, VENDOR, Regime, Ruling, raised_if, rule
from riskassess.rules.values import base, step

ENTRY_INTO_FORCE = date(2024, 8, 1)
LITERACY = date(2025, 2, 2)
GPAI_DUTIES = date(2025, 8, 2)
TRANSPARENCY = date(2026, 8, 2)


def in_scope(x: Reading) -> Holds:
    return x.yes("nexus_eu")


def deployer_evidence_missing(x: Reading) -> Holds:
    """The Article 26 pack, or the Article 27 assessment where one is due."""
    return x.no("art26_evidence") | (x.yes("art27_applies") & x.no("art27_evidence"))


def gpai_duties_apply(x: Reading) -> Holds:
    """At once for models placed since the duties began, two years later for older ones."""
    older = x.before("gpai_placed_eu", x.day("ai_act.gpai_new"))
    return x.yes("gpai") & (~older | x.since("ai_act.gpai_old"))


def unmarked_output(x: Reading) -> Holds:
    """Synthetic output, for systems placed earlier only since the legacy period ended."""
    older = x.before("system_placed_eu", x.day("ai_act.transparency"))
    return x.yes("synthetic_output") & (~older | x.since("ai_act.marking_old"))


@rule(
    "AIA1",
    subject=BOTH,
    reason="prohibited, fines up to 7 % of turnover",
    gate="G1",
    cites=["ai_act_art_5", "ai_act_art_99_3", "ai_act_art_113", "ai_omnibus_2026_1744", "ai_omnibus_art_5"],
)
def prohibited_practice(x: Reading) -> Ruling:
    """The use is a practice the AI Act prohibits."""
    banned_2024 = x.one_of("art5_practice", "listed_2024") & x.since("ai_act.bans_2024")
    banned_2026 = x.one_of("art5_practice", "listed_2026") & x.since("ai_act.bans_2026")
    return raised_if(banned_2024 | banned_2026, x.level("AIA1"))


@rule(
    "AIA2",
    subject=BOTH,
    reason="high-risk, pending until its date",
    gate="G9",
    since=ENTRY_INTO_FORCE,
    cites=[
        "ai_act_art_6_2",
        "ai_act_art_6_3_4",
        "ai_act_art_26",
        "ai_act_art_27",
        "ai_act_art_99_4",
        "ai_act_art_113",
        "ai_omnibus_2026_1744",
        "ai_omnibus_annex_iii",
    ],
)
def high_risk_use(x: Reading) -> Ruling:
    """The use is high-risk under Annex III, and no documented exemption applies."""
    high_risk = x.yes("annex_iii") & ~x.yes("art6_3_exempt")
    missing = deployer_evidence_missing(x)
    return raised_if(
        high_risk,
        base(x.level("AIA2"), (missing, x.level("AIA2.without_evidence"))),
        gate=high_risk & missing,
        gate_effect=x.whole("AIA2.gate_effect"),
    )


@rule(
    "AIA3",
    subject=BOTH,
    reason="device law applies already",
    gate="G9",
    since=ENTRY_INTO_FORCE,
    cites=[
        "ai_act_art_6_1",
        "ai_act_art_113",
        "ai_omnibus_2026_1744",
        "ai_omnibus_annex_i",
        "mdr_2017_745",
        "ivdr_2017_746",
    ],
)
def regulated_product(x: Reading) -> Ruling:
    """The AI is part of a product, such as a medical device, that EU law has assessed by a third party."""
    product = x.yes("annex_i_product")
    return raised_if(
        product,
        x.level("AIA3"),
        gate=product & x.no("annex_i_conformity"),
        gate_effect=x.whole("AIA3.gate_effect"),
    )


@rule(
    "AIA4",
    subject=VENDOR,
    reason="fined since 2026-08-02",
    since=GPAI_DUTIES,
    cites=[
        "ai_act_art_51",
        "ai_act_art_52",
        "ai_act_art_53",
        "ai_act_art_54",
        "ai_act_art_55",
        "ai_act_art_56",
        "ai_act_art_101",
        "ai_act_art_111_3",
        "ai_act_art_113",
        "ai_omnibus_recital_41",
        "gpai_code_of_practice",
    ],
)
def undocumented_general_purpose_model(x: Reading) -> Ruling:
    """The model is general-purpose, and its provider has not shown the documentation or, for systemic risk,
    the safety evidence that the AI Act requires."""
    applies = gpai_duties_apply(x)
    undocumented = applies & x.no("gpai_docs")
    untested = applies & x.yes("systemic_risk") & x.no("art55_evidence")
    signed = step("whole code of practice signed", x.one_of("cop", "all"), x.whole("AIA4.code_of_practice"))
    severity = base(x.level("AIA4"), (untested, x.level("AIA4.systemic_risk")))
    return raised_if(undocumented | untested, severity, minus=[signed])


@rule(
    "AIA5", subject=CUSTOMER, reason="customer becomes provider", lifts_regime=True, cites=["ai_act_art_25"]
)
def customer_becomes_provider(x: Reading) -> Ruling:
    """You rebrand or change a high-risk system, or make one high-risk, and so become its provider."""
    return Ruling(x.one_of("ai_act_role", "modifier"))


@rule(
    "AIA6",
    subject=BOTH,
    reason="in force",
    since=TRANSPARENCY,
    cites=[
        "ai_act_art_50",
        "ai_act_art_99_4",
        "ai_act_art_113",
        "ai_omnibus_2026_1744",
        "ai_omnibus_art_50_2",
    ],
)
def transparency_missing(x: Reading) -> Ruling:
    """People are not told that they face AI or see synthetic content."""
    seen_by_people = x.yes("talks_to_persons") | unmarked_output(x) | x.yes("deep_fake")
    severity = base(x.level("AIA6"), (x.yes("deep_fake"), x.level("AIA6.deep_fake")))
    return raised_if(x.no("art50_measures") & seen_by_people, severity)


@rule(
    "AIA7",
    subject=CUSTOMER,
    reason="softened Article 4",
    since=LITERACY,
    cites=["ai_act_art_4", "ai_act_art_113", "ai_omnibus_2026_1744", "ai_omnibus_art_4"],
)
def no_literacy_measures(x: Reading) -> Ruling:
    """Nothing is done so that the people who use the AI understand it."""
    return raised_if(x.no("literacy_measures"), x.level("AIA7"))


REGIME = Regime(
    key="eu_ai_act",
    title="EU AI Act",
    authority="EU AI Office and national authorities",
    scope=in_scope,
    rules=(
        prohibited_practice,
        high_risk_use,
        regulated_product,
        undocumented_general_purpose_model,
        customer_becomes_provider,
        transparency_missing,
        no_literacy_measures,
    ),
    questions=questions_of("eu_ai_act"),
)
