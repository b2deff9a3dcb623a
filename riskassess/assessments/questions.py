"""What an assessment asks: profile levels, facts for the rules, factors of the method. No Django.

The rules' vocabulary and the method's factor table are the questionnaire; this module only brings them
into one order and says which questions matter for the use at hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from riskassess.rules.facts import FACTS, FactSpec
from riskassess.rules.facts import Kind as FactKind
from riskassess.rules.facts import Section as FactSection
from riskassess.scoring.method import Factor, Method, load_method


class Section(StrEnum):
    """The parts of the form, in the order in which people can answer them."""

    USE = "use"
    DATA = "data"
    PEOPLE = "people"
    WHERE = "where"
    CONTRACT = "contract"
    VENDOR = "vendor"
    EVIDENCE = "evidence"
    OPPORTUNITY = "opportunity"

    @property
    def heading(self) -> str:
        return HEADINGS[self]


HEADINGS = {
    Section.USE: "The use",
    Section.DATA: "The data",
    Section.PEOPLE: "The people",
    Section.WHERE: "Where it runs",
    Section.CONTRACT: "The contract",
    Section.VENDOR: "The vendor",
    Section.EVIDENCE: "The evidence",
    Section.OPPORTUNITY: "What it is worth",
}


class Kind(StrEnum):
    """How a question is answered."""

    LEVEL = "level"  # one of five anchors, or a range of them
    FACTOR = "factor"  # as LEVEL, with the evidence it rests on
    FACT = "fact"  # a value of the rules' vocabulary
    CLAIM = "claim"  # what we do with one of the vendor's claims


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the words, why it is asked, and the answers it takes."""

    key: str
    section: Section
    kind: Kind
    text: str
    why: str
    anchors: tuple[str, ...] = ()
    fact: FactSpec | None = None
    factor: Factor | None = None
    expects: str = ""

    @property
    def ours(self) -> bool:
        """Whether only the buyer can answer it; the rest the vendor can be asked, and shows with documents."""
        if self.factor is not None:
            return is_ours(self.factor)
        return self.fact is None or self.fact.subject == CUSTOMER

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """(value, label) of a question with a fixed list of answers."""
        if self.anchors:
            return tuple((str(level), anchor) for level, anchor in enumerate(self.anchors))
        if self.fact is None:
            return ()
        if self.fact.kind is FactKind.BOOL:
            return (("true", "Yes"), ("false", "No"))
        if self.fact.kind is FactKind.CLAIMS:
            return (("none", "We rely on no claim of the vendor, and repeat none"),)
        return self.fact.choices


CUSTOMER = "C"  # the subject of facts about the buyer
# What a factor is derived from, by the method, where the buyer is the one who has it (judgement).
_OUR_OWN = frozenset({"own tests", "portfolio", "use case", "architecture", "plan"})


def is_ours(factor: Factor) -> bool:
    """Whether the buyer's own work answers a factor: the first thing that it is derived from, or our architecture."""
    sources = [source.strip() for source in factor.derived_from.split(";")]
    return sources[0] in _OUR_OWN or "architecture" in sources


# The five levels of use (method, section 2.1); the anchors' wording is our judgement.
PROFILE = (
    Question(
        "profile.D", Section.DATA, Kind.LEVEL,
        "How sensitive is the data that goes in or comes out?",
        "Sets how much residency, training and security weigh.",
        ("Public", "Internal", "Confidential", "Personal", "Special category or health"),
    ),
    Question(
        "profile.I", Section.USE, Kind.LEVEL,
        "How badly could a wrong output hurt a person or their rights?",
        "Sets how much accuracy, bias and oversight weigh.",
        ("Not at all", "Inconvenience, noticed at once", "Harm that can be put right",
         "Serious harm to money, work or access", "Health, liberty or livelihood"),
    ),
    Question(
        "profile.A", Section.USE, Kind.LEVEL,
        "What may it do without a person in between?",
        "Sets how much injection and tool control weigh.",
        ("Only suggests; a person does everything", "Drafts that a person sends", "Uses tools a person confirms",
         "Acts within limits, checked afterwards", "Acts freely"),
    ),
    Question(
        "profile.B", Section.USE, Kind.LEVEL,
        "What stops when it stops?",
        "Sets how much service, price and exit weigh.",
        ("Nothing, an experiment", "Work slows for some", "A team's daily work",
         "A service that customers notice", "A critical or important function"),
    ),
    Question(
        "profile.S", Section.USE, Kind.LEVEL,
        "How far do outputs travel?",
        "Sets how much provenance, indemnity and misuse weigh.",
        ("One person", "A team", "The company", "Customers and partners", "Published to everyone"),
    ),
)  # fmt: skip

_PRODUCTION = FactSpec(
    "flag.P",
    FactKind.BOOL,
    question="Is this for production?",
    help="A private preview may be piloted; it may not carry production (gate G10).",
    section=FactSection.USE,
    subject=CUSTOMER,
)
FLAGS = (
    Question("flag.P", Section.USE, Kind.FACT, _PRODUCTION.question, _PRODUCTION.help, fact=_PRODUCTION),
)

# Where a factor's question stands; by domain, since the method names no place in a form.
SECTION_OF_DOMAIN = {
    "Data": Section.DATA,
    "Regulatory": Section.CONTRACT,
    "Provenance": Section.EVIDENCE,
    "Evaluation": Section.EVIDENCE,
    "Security": Section.EVIDENCE,
    "Service": Section.CONTRACT,
    "Dependence": Section.CONTRACT,
    "Governance": Section.PEOPLE,
    "Opportunity": Section.OPPORTUNITY,
}


@cache
def questions(version: str) -> dict[str, Question]:
    """Every question that has a fixed key under that version of the method, in the order of the form."""
    method = load_method(version)
    found = [*PROFILE, *FLAGS, *_facts(), *_factors(method)]
    order = list(Section)
    return {question.key: question for question in sorted(found, key=lambda q: order.index(q.section))}


def _facts() -> Iterable[Question]:
    for name, spec in FACTS.items():
        if spec.kind in {FactKind.PARTNERSHIPS, FactKind.SUBPROCESSORS}:
            continue  # records of the catalog's own
        yield Question(name, Section(spec.section.value), Kind.FACT, spec.question, spec.help, fact=spec)


def _factors(method: Method) -> Iterable[Question]:
    for factor in (*method.risk_factors, *method.opportunity_factors):
        yield Question(
            factor.key,
            SECTION_OF_DOMAIN[factor.domain],
            Kind.FACTOR,
            factor.question,
            f"{factor.name}: weight {factor.weight}, class {factor.klass}. {factor.references}.",
            anchors=factor.anchors,
            factor=factor,
            expects=factor.evidence,
        )


CLAIM_USES = (
    ("relied_on", "We rely on it: shortlisting or business case"),
    ("republished_us", "We repeat it to customers in the US"),
    ("republished_uk", "We repeat it to consumers in the UK"),
    ("matches_use", "It was tested on our version, workload and measure"),
    ("warranty_exit", "The contract warrants it, with a right to leave"),
)


def claim_question(key: str, title: str, statement: str) -> Question:
    """What we do with one claim: the part of a claim that only the buyer knows."""
    return Question(
        f"claim.{key}",
        Section.EVIDENCE,
        Kind.CLAIM,
        f"The vendor claims: {title}. What do we do with it?",
        statement,
    )
