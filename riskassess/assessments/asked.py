"""Which questions matter for this use, and how each stands: the form's content, ready to show. No Django.

A regime's questions are asked once it is certain that the regime applies; until then only what would tell. Of the
facts that could settle one open point, one is asked first; the others follow if it settles nothing, and are named.
A factor whose exposure is zero is not asked: the shown rule says why, and only the use can change it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from riskassess.assessments.gathered import Evidence, Fact
from riskassess.assessments.judgement import Judgement, lasting
from riskassess.assessments.questions import CUSTOMER, Kind, Question, Section
from riskassess.kernel.truth import Truth
from riskassess.rules.facts import FACTS
from riskassess.scoring.results import FactorResult

CLAIMS = "claims"  # the fact that what we do with claims is gathered into


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

    @property
    def is_for_us(self) -> bool:
        """Whether the decision waits for the buyer's own answer; what it is worth stands beside the decision."""
        return self.question.ours and self.question.section is not Section.OPPORTUNITY


@dataclass(frozen=True, slots=True)
class Form:
    """The questions by section, how many of each are open, what is not asked, and what may be asked later."""

    sections: Mapping[Section, tuple[Asked, ...]]
    not_asked: tuple[NotAsked, ...]
    later: tuple[Question, ...] = ()

    @property
    def open(self) -> int:
        """How many questions nobody has answered yet."""
        return sum(one.open for one in self.all)

    @property
    def open_ours(self) -> int:
        """How many of them only the buyer can answer and the decision waits for."""
        return sum(one.open for one in self.all if one.is_for_us)

    @property
    def open_worth(self) -> int:
        """How many are on what it is worth: beside the decision, which they never change."""
        return sum(one.open for one in self.sections.get(Section.OPPORTUNITY, ()))

    @property
    def open_theirs(self) -> int:
        """How many the vendor can be asked; each counts as unknown until it is answered."""
        return self.open - self.open_ours - self.open_worth

    @property
    def all(self) -> Iterable[Asked]:
        return (one for asked in self.sections.values() for one in asked)

    def counts(self, section: Section) -> tuple[int, int]:
        """(answered, asked) of a section."""
        asked = self.sections.get(section, ())
        return sum(not one.open for one in asked), len(asked)


def form_of(
    judgement: Judgement, answered: frozenset[str], fixed: Mapping[str, Question], claims: Iterable[Question]
) -> Form:
    """The form for an assessment: `fixed` are the questions with a key of their own, `claims` those on claims."""
    about_claims = tuple(claims)
    said = answered
    if about_claims and all(one.key in answered for one in about_claims):
        said |= {CLAIMS}
    wanted, later = asked_facts(judgement, said)
    facts = wanted | (answered & fixed.keys())
    sections: dict[Section, list[Asked]] = {}
    not_asked: list[NotAsked] = []
    results = {one.key: one for one in (*judgement.result.factors, *judgement.result.opportunity.factors)}
    for question in (*fixed.values(), *about_claims):
        found = _asked(question, judgement, answered, facts, results)
        if isinstance(found, Asked):
            sections.setdefault(question.section, []).append(found)
        elif isinstance(found, NotAsked):
            not_asked.append(found)
    return Form(
        {section: tuple(sections[section]) for section in Section if section in sections},
        tuple(not_asked),
        tuple(fixed[name] for name in fixed if name in later - facts),
    )


def asked_facts(judgement: Judgement, answered: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """(facts to ask now, facts that may have to be asked later), of the regimes that apply or may apply.

    Of the facts that could settle one open point (whether a regime applies, a finding, an error in the data), one
    is asked: the buyer's own before the vendor's, then the one that settles most points. One that was looked for
    in vain gives way to the next. Facts that a finding read stay, so that they can be disputed.
    """
    read: set[str] = set()
    points: list[frozenset[str]] = []
    for key, scope in judgement.scopes.items():
        points.append(frozenset(scope.open))
        if scope.truth is Truth.TRUE:
            for finding in judgement.verdict.regimes[key].findings:
                if finding.outcome != "clear":
                    points.append(frozenset(finding.settled_by))
                    read.update(one.fact for one in finding.because if one.fact not in finding.settled_by)
    points += [frozenset(message.settled_by) for message in judgement.verdict.error_messages.values()]
    unsettled = [point - answered for point in points if point - answered]
    settles = Counter(name for point in unsettled for name in point)
    order = list(FACTS)

    def first(name: str) -> tuple[bool, int, int]:
        return FACTS[name].subject != CUSTOMER, -settles[name], order.index(name)

    wanted: set[str] = set()
    for point in sorted(unsettled, key=lambda point: min(map(first, point))):
        if not wanted & point:
            wanted.add(min(point, key=first))
    known = {name for name in read if judgement.gathered.facts[name].by}
    return frozenset(wanted | known), frozenset(settles) - wanted


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
            open=not factor.answered and key not in answered,
        )
    if question.kind is Kind.CLAIM and key not in answered and CLAIMS not in facts:
        return NotAsked(
            key, question.text, "no rule that applies to this use reads it so far", question.section
        )
    if question.kind is Kind.FACT and question.fact is not None and key in judgement.gathered.facts:
        if key not in facts or (key == CLAIMS and judgement.gathered.claims):
            return None  # recorded claims are asked about one by one
        fact = judgement.gathered.facts[key]
        return Asked(question, fact=fact, open=not fact.by and key not in answered)
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
