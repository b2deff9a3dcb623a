"""DORA: what an EU financial entity must agree, register and plan before it relies on an ICT service."""

from __future__ import annotations

from datetime import date

from riskassess.rules.holds import Holds
from riskassess.rules.questions import questions_of
from riskassess.rules.reading import Reading
from riskassess.rules.rule import BOTH, CUSTOMER, NOBODY, Regime, Ruling, raised_if, rule
from riskassess.rules.values import base

SUBCONTRACTING = date(2025, 7, 22)


def in_scope(x: Reading) -> Holds:
    return x.yes("eu_financial_entity") & x.since("dora.applies")


def critical(x: Reading) -> Holds:
    return x.yes("critical_function")


@rule("DOR0", subject=NOBODY, reason="out of scope", sets_scope=True, cites=["dora_art_28", "dora_art_64"])
def not_a_financial_entity(x: Reading) -> Ruling:
    """You are not a financial entity under DORA, or DORA does not apply yet."""
    return raised_if(~in_scope(x), x.level("DOR0"))


@rule(
    "DOR1",
    subject=CUSTOMER,
    reason="basic clauses",
    cites=["dora_art_28", "dora_art_30_2", "eba_third_party_guidelines_2026"],
)
def basic_clauses(x: Reading) -> Ruling:
    """The service supports no critical function; its contract needs the basic clauses of Article 30(2)."""
    agreed = x.one_of("art30_contract", "partial", "full")
    return raised_if(~critical(x), base(x.level("DOR1.none"), (agreed, x.level("DOR1"))))


@rule(
    "DOR2",
    subject=CUSTOMER,
    reason="audit, exit and continuity under Article 30(3)",
    cites=["dora_art_30_2", "dora_art_30_3", "dora_rts_2024_1773"],
)
def critical_function_clauses(x: Reading) -> Ruling:
    """The service supports a critical function, so its contract needs audit, exit and continuity clauses."""
    severity = base(
        x.level("DOR2.none"),
        (x.one_of("art30_contract", "full"), x.level("DOR2")),
        (x.one_of("art30_contract", "partial"), x.level("DOR2.partial")),
    )
    return raised_if(critical(x), severity)


@rule(
    "DOR3",
    subject=BOTH,
    reason="sub-contracting of critical services",
    since=SUBCONTRACTING,
    cites=["dora_art_29", "dora_art_30_2", "dora_rts_2025_532", "dora_its_2024_2956"],
)
def undisclosed_chain(x: Reading) -> Ruling:
    """A critical function would rest on sub-contractors, or a model operator, that nobody has disclosed."""
    return raised_if(critical(x) & x.no("chain_disclosed"), x.level("DOR3"))


@rule(
    "DOR4",
    subject=CUSTOMER,
    reason="register under Article 28(3)",
    cites=["dora_art_28_3", "dora_its_2024_2956"],
)
def not_in_register(x: Reading) -> Ruling:
    """The actual provider of the service is not in your register of information."""
    return raised_if(x.no("in_register"), x.level("DOR4"))


@rule(
    "DOR5",
    subject=CUSTOMER,
    reason="concentration and exit under Articles 28(8) and 29",
    gate="G11",
    cites=["dora_art_28_8", "dora_art_29", "dora_art_31", "dora_ctpp_list_2025", "esas_jc_2026_25"],
)
def no_exit_or_concentration_work(x: Reading) -> Ruling:
    """A critical function would rest on the service without a concentration assessment or an exit plan."""
    no_plan = critical(x) & x.no("exit_plan")
    return raised_if(
        no_plan | (critical(x) & x.no("concentration_assessment")), x.level("DOR5"), gate=no_plan
    )


REGIME = Regime(
    key="eu_dora",
    title="DORA: operational resilience of financial entities",
    authority="European Supervisory Authorities and national supervisors",
    scope=in_scope,
    rules=(
        not_a_financial_entity,
        basic_clauses,
        critical_function_clauses,
        undisclosed_chain,
        not_in_register,
        no_exit_or_concentration_work,
    ),
    questions=questions_of("eu_dora"),
)
