"""One answer as a person gives it: read from a form or the API, checked against its question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from riskassess.assessments.models import Answer, Assessment
from riskassess.assessments.questions import CLAIM_USES, Kind, Question, claim_question, questions
from riskassess.assessments.scoring import METHOD_VERSION
from riskassess.catalog.models import Source
from riskassess.evidence.grades import WORD
from riskassess.evidence.models import Claim
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.kernel.stated import Known
from riskassess.rules.facts import Facts

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # no text to a database, nor to a record's UTF-8
STATES = {state.value for state in Answer.State}


@dataclass(frozen=True, slots=True)
class Given:
    """An answer on its way in. An empty state takes the answer back: the question is open again."""

    state: str = ""
    value: Any = None
    reliability: str = ""
    verification: int | None = None
    interest: str = ""
    source: Source | None = None
    note: str = ""
    disputes: bool = False  # what is on record is wrong, for the reason in `note`


class Changed(Conflict):
    """Somebody changed the answer after it was shown. `theirs` is what it is now; None where it was taken back."""

    def __init__(self, key: str, theirs: Answer | None) -> None:
        if theirs is None:
            said = "This answer was taken back meanwhile."
        else:
            who = theirs.answered_by or "A former colleague"
            at = timezone.localtime(theirs.answered_at)
            said = f"{who} answered this meanwhile, at {at:%H:%M} on {at:%d %b %Y}."
        super().__init__(said, hint="Look at what it is now: keep that, or use yours.", where=key)
        self.theirs = theirs


def question_for(key: str, assessment: Assessment) -> Question:
    """The question of that key, the claims' among them. Raises InvalidInput for a key nobody asks."""
    found = questions(METHOD_VERSION).get(key)
    if found is not None:
        return found
    if key.startswith("claim."):
        claim = Claim.objects.about(assessment.offering).filter(key=key.removeprefix("claim.")).first()
        if claim is not None:
            return claim_question(claim.key, claim.title, claim.statement)
    raise InvalidInput(f"There is no question “{key}”.", hint="Use the keys that the form lists.", where=key)


def checked(key: str, given: Given, assessment: Assessment) -> Given:
    """The answer in the form it is kept in. Raises InvalidInput that names the question and what it takes."""
    question = question_for(key, assessment)
    _dispute(question, given)
    if not given.state:
        return given
    if given.state not in STATES:
        raise InvalidInput(
            f"“{given.state}” is no state.", hint=f"Use {', '.join(sorted(STATES))}.", where=key
        )
    if given.state == Answer.State.NOT_APPLICABLE:
        return _not_applicable(question, given)
    if given.state != Answer.State.KNOWN:
        return replace(given, value=None)
    if question.kind in {Kind.LEVEL, Kind.FACTOR}:
        return replace(_graded(question, given), value=_level(question, given.value))
    if question.kind is Kind.CLAIM:
        return replace(given, value=_claim_use(question, given.value))
    return replace(given, value=_fact(question, given.value))


def _dispute(question: Question, given: Given) -> None:
    """What is on record is disputed by saying why; there is a record beside facts and factors only."""
    if not given.disputes:
        return
    if question.kind not in {Kind.FACT, Kind.FACTOR} or question.key.startswith("flag."):
        raise InvalidInput("Nothing on record to dispute here.", hint="Answer it.", where=question.key)
    if not given.state:
        raise InvalidInput(
            "A dispute is an answer.", hint="Say what is so, or “not known”.", where=question.key
        )
    if not given.note.strip():
        raise InvalidInput(
            "Say why what is on record is wrong.", hint="The reason is printed.", where=question.key
        )


def same(answer: Answer | None, given: Given) -> bool:
    """Whether `given`, as `checked` returns it, says what `answer` says already."""
    if answer is None:
        return not given.state
    names = ("state", "value", "reliability", "verification", "interest", "source", "note", "disputes")
    return all(getattr(answer, name) == getattr(given, name) for name in names)


def _not_applicable(question: Question, given: Given) -> Given:
    """Factors and levels do not apply by the shown rule only; a fact may, if somebody says why."""
    if question.kind is not Kind.FACT or question.key.startswith("flag."):
        raise InvalidInput(
            "Nobody types “does not apply” here.",
            hint="The shown rule decides it from the use; change the use, or answer “not known”.",
            where=question.key,
        )
    if not given.note.strip():
        raise InvalidInput("Say why it does not apply.", hint="The reason is printed.", where=question.key)
    return replace(given, value=None)


def _level(question: Question, value: Any) -> int | list[int]:
    ends = value if isinstance(value, list) else [value]
    if len(ends) not in {1, 2} or any(isinstance(end, bool) or not isinstance(end, int) for end in ends):
        raise InvalidInput(
            "A level is a whole number, or two for a range.", hint="Use 0 to 4.", where=question.key
        )
    low, high = ends[0], ends[-1]
    if not 0 <= low <= high <= 4:
        raise InvalidInput(
            f"{low} to {high} is no range of levels.", hint="Use 0 to 4, best first.", where=question.key
        )
    return low if low == high else [low, high]


def _graded(question: Question, given: Given) -> Given:
    """A factor's answer without a grade is the vendor's word: the least that an answer can rest on."""
    if question.kind is not Kind.FACTOR:
        return given
    source = given.source
    return replace(
        given,
        reliability=given.reliability or (source.reliability if source else WORD[0]),
        verification=given.verification or WORD[1],
        interest=given.interest or WORD[2],
    )


def _claim_use(question: Question, value: Any) -> dict[str, bool]:
    names = dict(CLAIM_USES)
    if not isinstance(value, Mapping) or any(
        name not in names or not isinstance(value[name], bool) for name in value
    ):
        raise InvalidInput(
            "Say yes or no for each use of the claim.", hint=f"Use {', '.join(names)}.", where=question.key
        )
    return {name: value[name] for name in names if name in value}


def _fact(question: Question, value: Any) -> Any:
    if question.key.startswith("flag."):
        if not isinstance(value, bool):
            raise InvalidInput("Answer yes or no.", where=question.key)
        return value
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise InvalidInput(
            "The text holds a character that cannot be kept.", hint="Type it anew.", where=question.key
        )
    stated = Facts.from_mapping({question.key: value}).stated(question.key)
    if not isinstance(stated, Known):
        raise InvalidInput(
            "That is no value.", hint="To say that it is not known, use “not known”.", where=question.key
        )
    return value
