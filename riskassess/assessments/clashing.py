"""Two people, or two tabs, on one form: what the other said of an answer, and that something moved meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone

from riskassess.assessments.answers import Given
from riskassess.assessments.models import Answer, Assessment
from riskassess.assessments.presenting import said
from riskassess.assessments.questions import Question, questions
from riskassess.assessments.scoring import METHOD_VERSION
from riskassess.assessments.states import State

SENT = ("pick", "value", "low", "high", "rests_on", "note", "disputes")


@dataclass(frozen=True, slots=True)
class Clash:
    """An answer refused since another one came first: both in words, and all that it takes to send ours again."""

    theirs: str
    yours: str
    version: str
    sent: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """One answer that is another one than the form shows."""

    question: str
    said: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class News:
    """What moved since the form was shown; `mark` is how it stands now."""

    mark: str
    answers: tuple[Moved, ...] = ()
    state: str = ""  # the state it is in now, where that is another one
    scored: bool = False

    @property
    def any(self) -> bool:
        return bool(self.answers or self.state or self.scored)


def clash_of(question: Question, theirs: Answer | None, yours: Given, data: QueryDict) -> Clash:
    """Both answers in words; `data` is what the refused form sent."""
    return Clash(
        theirs=_in_words(question, theirs.state, theirs.value, theirs.note) if theirs else "taken back",
        yours=_in_words(question, yours.state, yours.value, yours.note) if yours.state else "taken back",
        version=theirs.version if theirs else "",
        sent=tuple((name, value) for name in SENT for value in data.getlist(name)),
    )


def _in_words(question: Question, state: str, value: object, note: str) -> str:
    words = said(question, state, value)
    return f"{words} ({note})" if note else words


def news_mark(assessment: Assessment) -> str:
    """Moves with every answer, move and score of the assessment."""
    return mark_of(assessment.state, assessment.updated_at, assessment.current_run_id)


def mark_of(state: str, updated_at: object, run: int | None) -> str:
    """The mark from the three columns alone."""
    return f"{state}|{updated_at}|{run or ''}"


def news(assessment: Assessment, since: str, shown: Iterable[str]) -> News:
    """What is another now than `shown` says (`question=version`) and than the mark `since`. One query.

    An answer that the form does not show, of another section, is told when that section is opened.
    """
    now = news_mark(assessment)
    state, _, run = (*since.split("|"), "", "")[:3]
    answers = {one.question: one for one in assessment.answers.select_related("answered_by")}
    moved = []
    for key, version in (one.rpartition("=")[::2] for one in dict.fromkeys(shown)):
        answer = answers.get(key)
        if (answer.version if answer else "") != version:
            moved.append(_moved(key, answer))
    return News(
        mark=now,
        answers=tuple(moved),
        state=State(assessment.state).label.lower() if state != assessment.state else "",
        scored=run != str(assessment.current_run_id or ""),
    )


def _moved(key: str, answer: Answer | None) -> Moved:
    question: Question | None = _questions().get(key)
    text = question.text if question else key
    if answer is None:
        return Moved(text, "taken back", "", "")
    words = said(question, answer.state, answer.value) if question else answer.get_state_display().lower()
    at = timezone.localtime(answer.answered_at)
    return Moved(text, words, str(answer.answered_by or "a former colleague"), f"{at:%H:%M}")


def _questions() -> Mapping[str, Question]:
    return questions(METHOD_VERSION)
