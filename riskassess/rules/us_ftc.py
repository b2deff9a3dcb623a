"""FTC: vendor claims we rely on or repeat, children's data, broken promises, open inquiries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from riskassess.rules.holds import Holds
from riskassess.rules.questions import questions_of
from riskassess.rules.reading import MemberReading, Reading
from riskassess.rules.rule import (
    BOTH,
    CUSTOMER,
    VENDOR,
    Regime,
    Ruling,
    raised_if,
    rule,
    worst_of,
)
from riskassess.rules.values import Step, base, step

SENSITIVE_CLAIMS = ("safety", "clinical_accuracy", "bias", "compliance")


def in_scope(x: Reading) -> Holds:
    return x.yes("nexus_us")


def sensitive(claim: MemberReading) -> Holds:
    return claim.one_of("type", *SENSITIVE_CLAIMS)


def each_claim(x: Reading, row: str, predicate: Callable[[MemberReading], Holds]) -> Ruling:
    """The row judged claim by claim: modifiers and reductions are each claim's own."""
    return worst_of(
        (
            claim.title,
            raised_if(
                predicate(claim),
                x.level(row),
                plus=[step("FTC3: sensitive kind of claim", sensitive(claim), x.whole("FTC3"))],
                minus=[substantiation(x, claim), warranty(x, claim)],
            ),
        )
        for claim in x.members("claims")
    )


def substantiation(x: Reading, claim: MemberReading) -> Step:
    """Levels above 1 count only where model version, baseline, workload and metric are ours."""
    ours = claim.yes("matches_use")
    tested = claim.at_least("substantiation", x.threshold("claim.tested"))
    reproduced = claim.at_least("substantiation", x.threshold("claim.reproduced"))
    sizes = ((ours & reproduced, x.whole("FTC.reproduced")), (ours & tested, x.whole("FTC.tested")))
    return Step("substantiation that matches our use", sizes)


def warranty(x: Reading, claim: MemberReading) -> Step:
    return step("warranty with exit", claim.yes("warranty_exit"), x.whole("FTC.warranty_exit"))


def relied_on(claim: MemberReading) -> Holds:
    return claim.yes("relied_on")


def republished_us(claim: MemberReading) -> Holds:
    return claim.yes("republished_us")


@rule(
    "FTC1",
    subject=VENDOR,
    reason="the vendor's risk under section 5; your business case fails with it",
    cites=[
        "ftc_act_s5",
        "ftc_deception_statement_1983",
        "ftc_substantiation_statement_1984",
        "ftc_operation_ai_comply",
        "ftc_workado_2025",
    ],
)
def relies_on_a_claim(x: Reading) -> Ruling:
    """Your decision rests on a claim of the vendor; if it does not hold, your business case falls too."""
    return each_claim(x, "FTC1", relied_on)


@rule(
    "FTC2",
    subject=CUSTOMER,
    reason="you become the speaker",
    cites=[
        "ftc_act_s5",
        "ftc_deception_statement_1983",
        "ftc_substantiation_statement_1984",
        "ftc_operation_ai_comply",
        "ftc_rytr_set_aside_2025",
    ],
)
def repeats_a_claim(x: Reading) -> Ruling:
    """You repeat a claim of the vendor in the United States and must be able to substantiate it yourself."""
    return each_claim(x, "FTC2", republished_us)


@rule(
    "FTC3",
    subject=BOTH,
    reason="higher substantiation expected",
    cites=["ftc_act_s5", "ftc_substantiation_statement_1984", "ftc_workado_2025"],
)
def sensitive_claim(x: Reading) -> Ruling:
    """A claim you rely on or repeat is about safety, clinical accuracy, bias or compliance."""
    return Ruling(x.any_member("claims", lambda one: (relied_on(one) | republished_us(one)) & sensitive(one)))


@rule(
    "FTC4",
    subject=CUSTOMER,
    reason="separate parental consent",
    gate="G6C",
    since=date(2026, 4, 22),
    cites=["coppa_rule_16_cfr_312", "coppa_312_5_a_2"],
)
def childrens_data_without_consent(x: Reading) -> Ruling:
    """Children's data would be trained on or disclosed without separate verifiable parental consent."""
    leaves_the_service = x.yes("training_on_data") | x.yes("disclosure_to_others")
    return raised_if(x.yes("children_data") & leaves_the_service & x.no("coppa_consent"), x.level("FTC4"))


@rule(
    "FTC5",
    subject=BOTH,
    reason="active topic of compulsory inquiries",
    cites=["ftc_act_s6b", "ftc_6b_chatbots_2025"],
)
def talks_to_minors(x: Reading) -> Ruling:
    """The system talks with minors, on whom the FTC's inquiries into chatbots concentrate."""
    return raised_if(x.one_of("user", "minor") & x.yes("talks_to_persons"), x.level("FTC5"))


@rule(
    "FTC6",
    subject=VENDOR,
    reason="deception; orders to delete models",
    cites=["ftc_act_s5", "ftc_deception_statement_1983", "hbnr_16_cfr_318"],
)
def trained_against_its_promise(x: Reading) -> Ruling:
    """The vendor trains on data against its promise or changed terms backwards; models may be deleted."""
    return raised_if(x.yes("training_contrary_to_promise"), x.level("FTC6"))


@rule(
    "FTC7",
    subject=VENDOR,
    reason="a remedy may change the product",
    cites=["ftc_act_s6b", "clayton_s7", "ftc_6b_ai_partnerships_2025", "ftc_microsoft_probe"],
)
def under_inquiry(x: Reading) -> Ruling:
    """The FTC investigates, or has reported on, the seller, the host or the developer."""
    dependent = x.at_least("share_critical_ai", x.threshold("critical_share"))
    return raised_if(x.yes("ftc_inquiry"), base(x.level("FTC7"), (dependent, x.level("FTC7.dependent"))))


@rule(
    "FTC8",
    subject=VENDOR,
    reason="watch: a proposal only",
    since=date(2026, 7, 1),
    cites=["ftc_act_s5", "ftc_accuracy_statement_proposed"],
)
def undisclosed_steering(x: Reading) -> Ruling:
    """The model's output is steered away from accuracy without saying so; a policy statement is proposed."""
    return raised_if(x.yes("output_steering"), x.level("FTC8"))


REGIME = Regime(
    key="us_ftc",
    title="FTC: claims, consumers and competition",
    authority="US Federal Trade Commission",
    scope=in_scope,
    rules=(
        relies_on_a_claim,
        repeats_a_claim,
        sensitive_claim,
        childrens_data_without_consent,
        talks_to_minors,
        trained_against_its_promise,
        under_inquiry,
        undisclosed_steering,
    ),
    questions=questions_of("us_ftc"),
)
