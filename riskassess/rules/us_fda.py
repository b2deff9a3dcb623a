"""FDA: when clinical software is a medical device, and whether this one may be used."""

from __future__ import annotations

from datetime import date

from riskassess.rules.holds import Holds
from riskassess.rules.questions import questions_of
from riskassess.rules.reading import Reading
from riskassess.rules.rule import BOTH, CUSTOMER, NOBODY, VENDOR, Regime, Ruling, raised_if, rule
from riskassess.rules.values import Step, base, step

DEVICE_USES = ("cds", "triage", "diagnosis", "dosing", "monitoring")
CLINICAL_TEXT = ("clinical_documentation", "clinical_info")
DEVICE_INPUTS = ("medical_image", "ivd_signal", "waveform")
NOT_PROFESSIONALS = ("patient_caregiver", "employee", "consumer", "minor")
SINGLE_OUTPUTS = ("single_directive", "risk_score")
GUIDANCE_2026 = date(2026, 1, 6)
LAST_DAY_OF_GUIDANCE_2022 = date(2026, 1, 5)


def device_use(x: Reading) -> Holds:
    return x.one_of("use", *DEVICE_USES) | (x.one_of("use", *CLINICAL_TEXT) & x.yes("patient_specific"))


def in_scope(x: Reading) -> Holds:
    return x.yes("nexus_us") & (device_use(x) | x.one_of("use", *CLINICAL_TEXT))


def criteria_met(x: Reading) -> Holds:
    """All four criteria of section 520(o)(1)(E)."""
    return (
        no_image_or_signal(x) & medical_information(x) & supports_a_professional(x) & basis_open_to_review(x)
    )


def no_image_or_signal(x: Reading) -> Holds:
    return ~x.contains("inputs", *DEVICE_INPUTS)


def medical_information(x: Reading) -> Holds:
    return ~x.no("medical_information_only")


def supports_a_professional(x: Reading) -> Holds:
    """Criterion 3; until 2026-01-05 one directive or a risk score did not count as a recommendation."""
    single = x.one_of("output", *SINGLE_OUTPUTS) & ~x.since("fda.single_output_allowed")
    decides = x.yes("replaces_judgement") | x.one_of("output", "autonomous_action") | single
    return ~(x.one_of("user", *NOT_PROFESSIONALS) | decides)


def basis_open_to_review(x: Reading) -> Holds:
    return ~(x.yes("time_critical") | x.no("basis_reviewable"))


def authorised(x: Reading) -> Holds:
    return x.one_of("fda_auth", "510k", "de_novo", "pma") & x.yes("auth_scope_matches")


def evidence(x: Reading) -> tuple[Step, ...]:
    return (
        step("FDA feedback on this use", x.yes("fda_feedback"), x.whole("FDA.fda_feedback")),
        step(
            "local validation with override",
            x.yes("local_validation_sop"),
            x.whole("FDA.local_validation_sop"),
        ),
    )


@rule(
    "FDA0",
    subject=NOBODY,
    reason="not a device function",
    sets_scope=True,
    cites=["fdca_201_h", "fdca_520_o_1_a_d"],
)
def not_a_device_function(x: Reading) -> Ruling:
    """The FDA's device rules are not engaged: there is no link to the United States, or no clinical use."""
    return raised_if(~in_scope(x), x.level("FDA0"))


@rule("FDA1", subject=BOTH, reason="drift risk", cites=["fdca_520_o_1_a_d", "fdca_520_o_1_e"])
def clinical_text_about_no_one_patient(x: Reading) -> Ruling:
    """Clinical text not about one patient is no device, but such use drifts towards single patients."""
    clinical_text = x.one_of("use", *CLINICAL_TEXT)
    return raised_if(clinical_text & ~x.yes("patient_specific"), x.level("FDA1"), minus=evidence(x))


@rule(
    "FDA2",
    subject=VENDOR,
    reason="non-device",
    until=LAST_DAY_OF_GUIDANCE_2022,
    cites=["fdca_520_o_1_e", "fdca_520_o_2_3", "fda_cds_guidance_2022"],
)
def decision_support_outside_the_definition_2022(x: Reading) -> Ruling:
    """The software supports a professional's decision and meets all four criteria, so it is not a device."""
    return raised_if(device_use(x) & criteria_met(x), x.level("FDA2"), minus=evidence(x))


@rule(
    "FDA2",
    subject=VENDOR,
    reason="non-device, or enforcement discretion only",
    since=GUIDANCE_2026,
    cites=["fdca_520_o_1_e", "fdca_520_o_2_3", "fda_cds_guidance_2026"],
)
def decision_support_outside_the_definition(x: Reading) -> Ruling:
    """The software supports a professional's decision and meets all four criteria, so it is not a device, or
    with a single recommendation is one the FDA does not pursue."""
    severity = base(x.level("FDA2"), (x.one_of("output", *SINGLE_OUTPUTS), x.level("FDA2.single_output")))
    return raised_if(device_use(x) & criteria_met(x), severity, minus=evidence(x))


@rule("FDA3", subject=VENDOR, reason="status unproven", cites=["fdca_520_o_1_e", "fda_cds_guidance_2026"])
def device_status_unproven(x: Reading) -> Ruling:
    """Nobody has shown whether the software meets the four criteria, and no authorisation covers it."""
    criteria = criteria_met(x)
    severity = base(x.level("FDA3.criteria_fail"), (criteria, x.level("FDA3.criteria_hold")))
    return raised_if(device_use(x) & criteria.unsettled & ~authorised(x), severity, minus=evidence(x))


@rule(
    "FDA4",
    subject=BOTH,
    reason="unauthorised device",
    gate="G5",
    cites=["fdca_201_h", "fdca_520_o_1_e", "cfr_21_807", "fda_cds_guidance_2026", "fda_cds_guidance_2022"],
)
def unauthorised_device(x: Reading) -> Ruling:
    """The software works as a medical device, and no FDA authorisation matches this version and use."""
    return raised_if(device_use(x) & ~criteria_met(x) & ~authorised(x), x.level("FDA4"))


@rule(
    "FDA5",
    subject=VENDOR,
    reason="cleared",
    cites=[
        "fdca_515c",
        "cfr_21_807",
        "cfr_21_803",
        "cfr_21_820",
        "cfr_21_868_1890",
        "fda_pccp_guidance",
        "fda_ai_dsf_lifecycle_draft",
        "fda_510k_k253281",
    ],
)
def authorised_device(x: Reading) -> Ruling:
    """The software is a device within its FDA authorisation; reporting and change duties remain."""
    drift = step(
        "updates outside the change control plan",
        x.yes("updates_outside_pccp"),
        x.whole("FDA5.updates_outside_pccp"),
    )
    return raised_if(device_use(x) & authorised(x), x.level("FDA5"), plus=[drift], minus=evidence(x))


@rule(
    "FDA6",
    subject=CUSTOMER,
    reason="customer becomes manufacturer",
    lifts_regime=True,
    cites=["cfr_21_807", "cfr_21_803", "cfr_21_820"],
)
def customer_becomes_manufacturer(x: Reading) -> Ruling:
    """The vendor disclaims medical use, you pass on a medical configuration: you become its manufacturer."""
    return Ruling(x.yes("vendor_disclaims_medical_use") & x.yes("customer_distributes"))


@rule("FDA7", subject=BOTH, reason="no locked version", cites=["fdca_515c", "cfr_21_807"])
def no_locked_version(x: Reading) -> Ruling:
    """A clinical function would rest on a release that is not final: no locked version can be validated."""
    unfinished = x.one_of("stage", "preview", "early_access", "announced")
    return raised_if(device_use(x) & unfinished, x.level("FDA7"), minus=evidence(x))


REGIME = Regime(
    key="us_fda",
    title="FDA: clinical AI as a medical device",
    authority="US Food and Drug Administration",
    scope=in_scope,
    rules=(
        not_a_device_function,
        clinical_text_about_no_one_patient,
        decision_support_outside_the_definition_2022,
        decision_support_outside_the_definition,
        device_status_unproven,
        unauthorised_device,
        authorised_device,
        customer_becomes_manufacturer,
        no_locked_version,
    ),
    questions=questions_of("us_fda"),
)
