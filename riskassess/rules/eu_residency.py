"""EU residency: whether data stays where the GDPR, and the buyer's own policy, let it be."""

from __future__ import annotations

from riskassess.rules.holds import Holds
from riskassess.rules.places import (
    access_within,
    adequate,
    gdpr_data,
    home,
    parent_at_home,
    places_within,
    reaches_the_us,
)
from riskassess.rules.questions import questions_of
from riskassess.rules.reading import Reading
from riskassess.rules.rule import BOTH, CUSTOMER, NOBODY, VENDOR, Regime, Ruling, raised_if, rule
from riskassess.rules.values import Step, base, step

OPT_OUT = "zero_retention_review_optout"  # drops ACCESS wherever it is read


def in_scope(x: Reading) -> Holds:
    return gdpr_data(x) | has_policy(x)


def has_policy(x: Reading) -> Holds:
    return ~x.one_of("policy_eu_residency", "none")


def places_ok(x: Reading) -> Holds:
    return places_within(x, adequate(x))


def access_ok(x: Reading) -> Holds:
    return access_within(x, adequate(x))


def everything_ok(x: Reading) -> Holds:
    """EUR2 or EUR3: what is at home is also OK."""
    return places_ok(x) & access_ok(x)


def all_at_home(x: Reading) -> Holds:
    zone = home(x)
    return places_within(x, zone) & access_within(x, zone)


def breaks_strict_policy(x: Reading) -> Holds:
    return x.one_of("policy_eu_residency", "strict_eu27") & ~places_within(x, home(x))


def dpf_counts(x: Reading) -> Holds:
    return x.yes("dpf_active_entity") & reaches_the_us(x) & x.since("dpf.counts")


def scc_counts(x: Reading) -> Holds:
    return x.yes("scc_module") & x.yes("tia_done")


def transfer_without_mechanism(x: Reading) -> Holds:
    """EUR4's first case: GDPR data goes outside, or is reached from there, and nothing carries it."""
    carried = x.either_way(OPT_OUT, lambda y: everything_ok(y) | dpf_counts(y))
    return gdpr_data(x) & ~carried & ~scc_counts(x)


def pseudonymised(x: Reading) -> Step:
    verified = x.yes("pseudonymised_verified")
    return step("verified pseudonymisation", verified, x.whole("EUR.pseudonymised_verified"))


def docs_only(x: Reading) -> Step:
    return step("EUR7: location not in the contract", x.no("residency_in_contract"), x.whole("EUR7"))


@rule("EUR0", subject=NOBODY, reason="GDPR not engaged", sets_scope=True, cites=["gdpr_art_3", "gdpr_art_99"])
def gdpr_not_engaged(x: Reading) -> Ruling:
    """No personal data of people in the EU, EEA or UK is processed, and you require no residency yourself."""
    return raised_if(~in_scope(x), x.level("EUR0"))


@rule(
    "EUR1",
    subject=BOTH,
    reason="unlawful processing chain",
    gate="G4",
    cites=[
        "gdpr_art_28",
        "gdpr_art_32",
        "gdpr_art_83_4",
        "edpb_op_22_2024",
        "edpb_op_28_2024",
        "ms_azure_preview_terms",
    ],
)
def no_processor_contract(x: Reading) -> Ruling:
    """Personal data would be processed without a data-processing agreement with the model's operator."""
    preview = x.one_of("stage", "preview", "early_access") & x.no("preview_covered")
    return raised_if(gdpr_data(x) & (x.no("art28_dpa_with_operator") | preview), x.level("EUR1"))


@rule(
    "EUR2",
    subject=BOTH,
    reason="no transfer; foreign compulsion remains under a foreign parent",
    cites=["gdpr_art_48", "data_act_arts_28_32", "cloud_act_18_usc_2713", "fisa_702_50_usc_1881a"],
)
def everything_at_home(x: Reading) -> Ruling:
    """Storage, inference, sub-processors and access stay at home; only a foreign parent could be compelled."""
    severity = base(x.level("EUR2.foreign_parent"), (parent_at_home(x), x.level("EUR2")))
    return raised_if(all_at_home(x), severity, plus=[docs_only(x)])


@rule(
    "EUR3",
    subject=BOTH,
    reason="rests on adequacy decisions",
    cites=[
        "gdpr_art_45",
        "adequacy_list",
        "adequacy_jp_2019_419",
        "adequacy_kr_2022_254",
        "adequacy_gb_2021_1772",
        "adequacy_br_2026_179",
        "adequacy_epo_2025",
    ],
)
def adequate_countries(x: Reading) -> Ruling:
    """Some data leaves home, but only for countries with an adequacy decision standing on this day."""
    own_policy = step("EUR5: strict EU policy", breaks_strict_policy(x), x.whole("EUR5"))
    return raised_if(
        x.either_way(OPT_OUT, lambda y: everything_ok(y) & ~all_at_home(y)),
        x.level("EUR3"),
        plus=[own_policy, docs_only(x)],
        minus=[pseudonymised(x)],
    )


@rule(
    "EUR4",
    subject=BOTH,
    reason="Chapter V; one mechanism is a single point of failure",
    gate="G3",
    cites=[
        "gdpr_art_44",
        "gdpr_art_45",
        "gdpr_art_46",
        "gdpr_art_47",
        "gdpr_art_49",
        "gdpr_art_83_5",
        "dpf_2023_1795",
        "scc_2021_914",
        "cjeu_c_311_18",
        "gc_t_553_23",
        "cjeu_c_703_25_p",
        "edpb_recs_01_2020",
        "edpb_recs_01_2020_uc6",
        "edpb_gl_05_2021",
        "uk_idta_addendum",
        "uksi_2023_1028",
        "fisa_702_50_usc_1881a",
        "fisa_702_status_2026",
        "scotus_trump_v_slaughter_2026",
    ],
)
def transfer_outside(x: Reading) -> Ruling:
    """Data is stored, processed or reached in a country without adequacy; each transfer needs a mechanism."""
    unlawful = transfer_without_mechanism(x)
    severity = base(
        x.level("EUR4.one_mechanism"),
        (~gdpr_data(x) | (dpf_counts(x) & scc_counts(x)), x.level("EUR4.both_mechanisms")),
        (unlawful, x.level("EUR4.no_mechanism")),
    )
    return raised_if(
        unlawful | ~places_ok(x),
        severity,
        plus=[
            step("EUR5: own residency policy", has_policy(x), x.whole("EUR5")),
            step("EUR6: special categories", x.yes("special_category"), x.whole("EUR6")),
        ],
        minus=[pseudonymised(x)],
        gate=unlawful,
    )


@rule(
    "EUR5",
    subject=CUSTOMER,
    reason="breaks own or sector rule even if lawful",
    gate="G2",
    cites=["gdpr_art_44", "gdpr_art_45"],
)
def breaks_own_policy(x: Reading) -> Ruling:
    """The required zone is not offered: data would lie where your own residency policy does not let it."""
    return Ruling((has_policy(x) & ~places_ok(x)) | breaks_strict_policy(x))


@rule(
    "EUR6",
    subject=CUSTOMER,
    reason="Article 9 severity",
    cites=["gdpr_art_9", "gdpr_art_35", "gdpr_art_83_5"],
)
def special_categories_abroad(x: Reading) -> Ruling:
    """The data that leaves belongs to special categories, such as health or biometric data."""
    return Ruling(~places_ok(x) & x.yes("special_category"))


@rule("EUR7", subject=VENDOR, reason="revocable", cites=["gdpr_art_28", "data_act_arts_23_31"])
def location_not_in_contract(x: Reading) -> Ruling:
    """The location is promised in documentation only, not in the contract, and may be changed."""
    return Ruling(x.no("residency_in_contract") & everything_ok(x))


@rule(
    "EUR8",
    subject=VENDOR,
    reason="remote access is a transfer",
    cites=["gdpr_art_44", "edpb_gl_05_2021", "edpb_op_22_2024"],
)
def reached_from_outside(x: Reading) -> Ruling:
    """The data stays, but people in a country without adequacy can reach it, which counts as a transfer."""
    own_policy = step("EUR5: strict EU policy", breaks_strict_policy(x), x.whole("EUR5"))
    return raised_if(
        places_ok(x) & ~access_ok(x), x.level("EUR8"), plus=[own_policy], minus=[pseudonymised(x)]
    )


@rule("EUR9", subject=VENDOR, reason="no credit for a roadmap", cites=["gdpr_art_44"])
def only_a_roadmap(x: Reading) -> Ruling:
    """European inference is announced, not offered; an announcement counts for nothing."""
    return Ruling(x.yes("roadmap_eu_claim"))


REGIME = Regime(
    key="eu_residency",
    title="GDPR: where data is, and who reaches it",
    authority="EU data protection authorities and EDPB",
    scope=in_scope,
    rules=(
        gdpr_not_engaged,
        no_processor_contract,
        everything_at_home,
        adequate_countries,
        transfer_outside,
        breaks_own_policy,
        special_categories_abroad,
        location_not_in_contract,
        reached_from_outside,
        only_a_roadmap,
    ),
    questions=questions_of("eu_residency"),
)
