"""The assessments of the briefing: started and answered through the same services as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.answers import Given, checked
from riskassess.assessments.models import Answer, Assessment
from riskassess.assessments.services import answer, start
from riskassess.home.demo.entries import AnswerEntry, AssessmentEntry
from riskassess.home.demo.library import Library, telling
from riskassess.home.demo.reading import BRIEFING, build, read_yaml
from riskassess.kernel.errors import InvalidInput
from riskassess.recording import acting

FOLDER = BRIEFING / "assessments"


@transaction.atomic
def load_assessments(by_email: str | None = None) -> dict[str, int]:
    """Every assessment with its answers; `by_email` stands in for the assessors that the files name."""
    library = Library()
    counts = {"assessments": 0, "answers": 0}
    for name, entry in read_assessments().items():
        with telling(name):
            person = _person(by_email or entry.by)
            with acting(by=person):
                assessment = _assessment(library, entry, person)
                counts["assessments"] += 1
                counts["answers"] += _answers(library, assessment, entry.answers, person)
    return counts


def read_assessments() -> dict[str, AssessmentEntry]:
    """The assessments of the briefing by file name, in the order of the files."""
    return {
        path.name: build(AssessmentEntry, read_yaml(path), path.name)
        for path in sorted(FOLDER.glob("*.yaml"))
    }


def read_answer(raw: Any, where: str) -> AnswerEntry:
    """`true`, `none`, `[EU_EEA]` are known values; a mapping says more."""
    return build(AnswerEntry, raw, where) if isinstance(raw, Mapping) else AnswerEntry(value=raw)


def _person(email: str) -> User:
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise InvalidInput(f"There is nobody called {email}.", hint="Load the people first.")
    return person


def _assessment(library: Library, entry: AssessmentEntry, person: User) -> Assessment:
    offering = library.offerings[entry.offering]
    unit = BusinessUnit.objects.filter(name=entry.unit).first()
    if unit is None:
        raise InvalidInput(f"There is no business unit {entry.unit}.", hint="Load the people first.")
    found = Assessment.objects.filter(offering=offering, unit=unit, use_case=entry.use_case).first()
    if found is not None:
        return found
    return start(offering, unit, entry.use_case, by=person, on=entry.as_of, description=entry.description)


def _answers(library: Library, assessment: Assessment, answers: Mapping[str, Any], person: User) -> int:
    """Gives what is not given yet. What people answered meanwhile, and what is no draft any more, stays."""
    given = set(Answer.objects.filter(assessment=assessment).values_list("question", flat=True))
    for key, raw in answers.items():
        with telling(f"answers, {key}"):
            wanted = _given(library, read_answer(raw, key))
            if key in given or not assessment.is_editable:
                checked(key, wanted, assessment)
            else:
                answer(assessment, key, wanted, by=person)
    return len(answers)


def _given(library: Library, entry: AnswerEntry) -> Given:
    return Given(
        state=entry.state,
        value=entry.value if entry.level is None else entry.level,
        reliability=entry.reliability,
        verification=entry.verification,
        interest=entry.interest,
        source=library.sources.maybe(entry.source),
        note=entry.note,
    )
