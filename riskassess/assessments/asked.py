"""Which questions matter for this use, and how each stands: the form's content, ready to show. No Django.

A regime's questions are asked once it is certain that the regime applies; until then only what would tell.
A factor whose exposure is zero is not asked: the shown rule says why, and only the use can change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from riskassess.assessments.gathered import Evidence, Fact
from riskassess.assessments.judgement import Judgement, lasting
from riskassess.assessments.questions import Kind, Question, Section
from riskassess.kernel.truth import Truth
from riskassess.scoring.results import FactorResult


@dataclass(frozen=True, slots=True)
class NotAsked:
    """A factor that this use does not raise, or that a rule sets: its name and the reason."""

    factor: str
    name: str
    because: str
    section: Section


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it stands: what is known, from whom, and what it would take to know more."""

    question: Question
    fact: Fact | None = None
    factor: FactorResult | None = None
    evidence: tuple[Evidence, ...] = ()
    ageing: Mapping[str, str] = field(default_factory=dict)  # key of evidence -> until when it counts in full
    open: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """The questions by section, how many of each are open, and what is not asked."""

    sections: Mapping[Section, tuple[Asked, ...]]
    not_asked: tuple[NotAsked, ...]

    @property
    def open(self) -> int:
        """How many questions nobody has answered yet."""
        return sum(one.open for asked in self.sections.values() for one in asked)

    def counts(self, section: Section) -> tuple[int, int]:
        """(answered, asked) of a section."""
        asked = self.sections.get(section, ())
        return sum(not one.open for one in asked), len(asked)


def form_of(
    judgement: Judgement, answered: frozenset[str], fixed: Mapping[str, Question], claims: Iterable[Question]
) -> Form:
    """The form for an assessment: `fixed` are the questions with a key of their own, `claims` those on claims."""
    facts = asked_facts(judgement) | (answered & fixed.keys())
    sections: dict[Section, list[Asked]] = {}
    not_asked: list[NotAsked] = []
    results = {one.key: one for one in (*judgement.result.factors, *judgement.result.opportunity.factors)}
    for question in (*fixed.values(), *claims):
        found = _asked(question, judgement, answered, facts, results)
        if isinstance(found, Asked):
            sections.setdefault(question.section, []).append(found)
        elif isinstance(found, NotAsked):
            not_asked.append(found)
    return Form(
        {section: tuple(sections[section]) for section in Section if section in sections}, tuple(not_asked)
    )


def asked_facts(judgement: Judgement) -> frozenset[str]:
    """Facts that a regime which applies still reads, and those that tell whether a regime applies."""
    wanted: set[str] = set()
    for key, scope in judgement.scopes.items():
        wanted.update(scope.open)
        if scope.truth is Truth.TRUE:
            for finding in judgement.verdict.regimes[key].findings:
                if finding.outcome != "clear":
                    wanted.update(finding.settled_by, (read.fact for read in finding.because))
    for message in judgement.verdict.error_messages.values():
        wanted.update(message.settled_by)
    return frozenset(wanted)


def _asked(
    question: Question,
    judgement: Judgement,
    answered: frozenset[str],
    facts: frozenset[str],
    results: Mapping[str, FactorResult],
) -> Asked | NotAsked | None:
    key = question.key
    if question.kind is Kind.FACTOR:
        factor = results[key]
        if factor.exposure[1] == 0 and key not in answered:
            rule = judgement.method.factor(key).exposure_text
            return NotAsked(
                key, factor.name, f"exposure is {rule}, and this use does not raise it", question.section
            )
        if any(given.key == key and given.fixed is not None for given in judgement.inputs.factors):
            return NotAsked(key, factor.name, "the regulatory findings set it", question.section)
        found = judgement.evidence.get(key, ())
        return Asked(
            question,
            factor=factor,
            evidence=found,
            ageing={item.key: words for item in found if (words := ageing_words(judgement, key, item))},
            open=not factor.answered,
        )
    if question.kind is Kind.FACT and question.fact is not None and key in judgement.gathered.facts:
        if key not in facts or (key == "claims" and judgement.gathered.claims):
            return None  # recorded claims are asked about one by one
        fact = judgement.gathered.facts[key]
        return Asked(question, fact=fact, open=not fact.by)
    return Asked(question, open=key not in answered)


def ageing_words(judgement: Judgement, factor: str, evidence: Evidence) -> str:
    """`counts in full until 3 Mar 2027`, or that it is aged and since when; empty where it does not age."""
    days = lasting(judgement.gathered.ages, factor, evidence, judgement.on)
    if days is None or (evidence.paper is not None and evidence.paper.gone):
        return ""
    if evidence.on is None:
        return "aged: undated, and counts one tier less"
    last = evidence.on + timedelta(days=days)
    if last < judgement.on:
        return f"aged since {day(last + timedelta(days=1))}: counts one tier less"
    return f"counts in full until {day(last)}"


def day(value: date) -> str:
    """`4 Aug 2026`."""
    return f"{value.day} {value:%b %Y}"
