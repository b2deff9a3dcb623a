"""HIPAA: protected health information with the contracts that may carry it."""

from __future__ import annotations

from riskassess.rules.holds import Holds
from riskassess.rules.questions import questions_of
from riskassess.rules.reading import Reading
from riskassess.rules.rule import BOTH, CUSTOMER, NOBODY, Regime, Ruling, raised_if, rule
from riskassess.rules.values import base


def in_scope(x: Reading) -> Holds:
    return ~x.one_of("hipaa_role", "none") & (x.yes("phi") | deidentified(x))


def deidentified(x: Reading) -> Holds:
    return x.one_of("deidentified", "safe_harbor", "expert_determination")


@rule(
    "HIP0", subject=NOBODY, reason="out of scope", sets_scope=True, cites=["hipaa_160_103", "hipaa_164_514_b"]
)
def outside_hipaa(x: Reading) -> Ruling:
    """You are neither covered entity nor business associate, or no health information is involved."""
    return raised_if(~in_scope(x), x.level("HIP0"))


@rule(
    "HIP1",
    subject=BOTH,
    reason="impermissible disclosure",
    gate="G4",
    cites=["hipaa_160_103", "hipaa_164_308_b", "hipaa_164_314_a", "hipaa_164_502_e", "hipaa_164_504_e"],
)
def no_associate_contract(x: Reading) -> Ruling:
    """Health information would reach an operator or sub-contractor without a business associate agreement."""
    return raised_if(x.yes("phi") & (x.no("baa_with_operator") | x.no("baa_chain_complete")), x.level("HIP1"))


@rule(
    "HIP2",
    subject=BOTH,
    reason="same effect as no contract",
    gate="G4",
    cites=["ms_azure_preview_terms", "hipaa_164_308_b", "hipaa_164_502_e", "hipaa_164_504_e"],
)
def service_not_covered(x: Reading) -> Ruling:
    """The business associate agreement does not cover this service or this preview."""
    preview = x.one_of("stage", "preview", "early_access") & x.no("preview_covered")
    return raised_if(x.yes("phi") & (x.no("baa_covers_service") | preview), x.level("HIP2"))


@rule(
    "HIP3",
    subject=CUSTOMER,
    reason="risk analysis under 164.308(a)(1)",
    cites=["hipaa_164_308_a_1", "hipaa_security_nprm_2025"],
)
def health_information_processed(x: Reading) -> Ruling:
    """Protected health information is processed, which your risk analysis must cover."""
    severity = base(x.level("HIP3"), (x.no("risk_analysis"), x.level("HIP3.no_analysis")))
    return raised_if(x.yes("phi"), severity)


@rule("HIP4", subject=CUSTOMER, reason="re-identification residue", cites=["hipaa_164_514_b"])
def deidentified_information(x: Reading) -> Ruling:
    """De-identified health information is used; without an expert's finding, a residue of risk remains."""
    expert = x.one_of("deidentified", "expert_determination")
    return raised_if(deidentified(x), base(x.level("HIP4"), (expert, x.level("HIP4.expert"))))


REGIME = Regime(
    key="us_hipaa",
    title="HIPAA: health information",
    authority="US HHS Office for Civil Rights",
    scope=in_scope,
    rules=(
        outside_hipaa,
        no_associate_contract,
        service_not_covered,
        health_information_processed,
        deidentified_information,
    ),
    questions=questions_of("us_hipaa"),
)
