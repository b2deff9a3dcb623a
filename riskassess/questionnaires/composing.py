"""What can be asked about an assessment, ready to choose from: the shortest route first, then all else that is open.

A question of the route that settles facts is sent as those facts, under its own words, so that the answer comes back
in the kind that the rules read. What only the buyer knows is never among them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.db.models import Q

from riskassess.assessments.asking import asking
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.evidence.models import OpenQuestion
from riskassess.questionnaires.asked import NewQuestion, askable, question_for_key
from riskassess.questionnaires.models import QuestionSet
from riskassess.questionnaires.set_services import as_new
from riskassess.reports.asking import questions_of
from riskassess.reports.content import content_of
from riskassess.reports.shape import Ask
from riskassess.rules.dated import read_yaml
from riskassess.rules.questions import QUESTIONS_YAML
from riskassess.rules.questions import questions_of as questions_of_regime

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offered:
    """One question that can be chosen; `id` names it between the page and what it sends."""

    id: str
    new: NewQuestion

    @classmethod
    def of(cls, new: NewQuestion) -> Offered:
        words = f"{new.heading}|{new.text}|{new.open_question.pk if new.open_question else ''}"
        return cls(new.key or "t-" + hashlib.sha256(words.encode()).hexdigest()[:20], new)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together, and whether they are chosen unless somebody says otherwise."""

    title: str
    note: str
    offered: tuple[Offered, ...]
    chosen: bool = False
    folded: bool = False
    """Whether the page shows it closed, though it is chosen: a questionnaire is long."""


def choices(assessment: Assessment, run: ScoreRun | None) -> tuple[Section, ...]:
    """All that a vendor can be asked about it. Queries: those of the form, and one for the open questions."""
    listed = _open_questions(assessment)
    route = _route(run, listed)
    taken = {one.id for one in route}
    sections = [
        Section(
            "The shortest route",
            "the fewest answers that would change the decision",
            tuple(route),
            chosen=True,
        )
    ]
    for section, asked in asking(assessment).form.sections.items():
        keys = [one.question.key for one in asked if one.open and one.question.key in askable()]
        offered = tuple(Offered.of(question_for_key(key)) for key in keys if key not in taken)
        sections.append(Section(section.heading, "not known yet", offered))
    told = {one.new.open_question.pk for one in route if one.new.open_question}
    others = tuple(
        Offered.of(NewQuestion(text=one.text, proof=one.proof, open_question=one))
        for one in listed
        if one.pk not in told
    )
    sections.append(Section("On the list of open questions", "answered in words", others))
    return tuple(section for section in sections if section.offered)


def of_set(found: QuestionSet) -> tuple[Section, ...]:
    """The questions of a set by its own sections, all of them chosen. One query."""
    rows = found.questions.order_by("position")
    return tuple(
        Section(
            heading or str(found),
            f"of {found}",
            tuple(Offered(f"s{one.pk}", as_new(one)) for one in of_one),
            chosen=True,
            folded=True,
        )
        for heading, of_one in groupby(rows, key=lambda one: one.section)
    )


def chosen(sections: Iterable[Section], ids: Iterable[str]) -> list[NewQuestion]:
    """The questions of these ids, in the order of the page; ids that are not on it are left out."""
    wanted = set(ids)
    return [one.new for section in sections for one in section.offered if one.id in wanted]


def own_questions(text: str) -> list[NewQuestion]:
    """Questions that somebody wrote, one a line."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [NewQuestion(text=line[:1000]) for line in lines if line]


def of_route_of(assessment: Assessment) -> list[NewQuestion]:
    """The questions of the shortest route of an assessment's current run. Two queries."""
    return [one.new for one in _route(assessment.current_run, _open_questions(assessment))]


def _route(run: ScoreRun | None, listed: Sequence[OpenQuestion]) -> list[Offered]:
    return _distinct(of_route(json.loads(run.record), run, listed) if run else ())


def of_route(record: Record, run: ScoreRun, listed: Sequence[OpenQuestion] = ()) -> Iterable[NewQuestion]:
    """The questions of a run's route as a vendor is asked them. No query."""
    settles = _settles(record)
    asked = {(one.decides, one.text): one for one in listed}
    for ask in content_of(record, run, None, ()).route.asks:
        for text, proof in questions_of(ask):
            found = list(_questions(ask, text, proof, settles))
            known = asked.get((ask.key, text))
            yield from (replace(one, open_question=known) if known else one for one in found)


def _questions(
    ask: Ask, text: str, proof: str, settles: Mapping[str, Sequence[str]]
) -> Iterable[NewQuestion]:
    if text in settles:
        facts = [fact for fact in settles[text] if fact in askable()]
        for fact in facts:
            own = question_for_key(fact, proof=proof)
            yield own if own.text == text else replace(own, heading=text)
        if not facts:
            yield NewQuestion(text=text, proof=proof)
    elif ask.key in askable() and text == askable()[ask.key].text:
        yield question_for_key(ask.key)
    else:
        # Why a gate is in doubt is the buyer's own reasoning: it is not sent along.
        yield NewQuestion(text=text, proof="" if ask.anchor.startswith("gate-") else proof)


def _settles(record: Record) -> dict[str, list[str]]:
    """A rule's question -> the facts that it would settle of those that are open, in the order of the catalogue."""
    facts_of = _catalogue()
    found: dict[str, list[str]] = {}
    for regime in record["regimes"].values():
        for finding in regime["findings"]:
            open_facts = set(finding["settled_by"])
            for question in finding["questions"]:
                held = found.setdefault(question["text"], [])
                facts = facts_of.get(question["text"], tuple(finding["settled_by"]))
                held += [fact for fact in facts if fact in open_facts and fact not in held]
    return found


def _catalogue() -> dict[str, tuple[str, ...]]:
    """A question's words -> the facts it settles: the rules' own questions, and those of the facts themselves."""
    facts: dict[str, tuple[str, ...]] = {
        question.text: (key,) for key, question in askable().items() if question.fact is not None
    }
    for regime in read_yaml(QUESTIONS_YAML):
        facts |= {question.text: question.facts for question in questions_of_regime(regime)}
    return facts


def _distinct(found: Iterable[NewQuestion]) -> list[Offered]:
    kept: dict[str, Offered] = {}
    for new in found:
        offered = Offered.of(new)
        kept.setdefault(offered.id, offered)
    return list(kept.values())


def _open_questions(assessment: Assessment) -> list[OpenQuestion]:
    """The open questions about the offering or its model: everybody's, and the unit's own."""
    offering = assessment.offering
    about = Q(offering=offering) | Q(model=offering.model_id, offering__isnull=True)
    shared = Q(unit__isnull=True) | Q(unit=assessment.unit_id)
    return list(OpenQuestion.objects.unanswered().filter(about, shared).order_by("pk"))
