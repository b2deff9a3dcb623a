"""A question on its way to a vendor, and how a question of the assessment becomes one. No query.

What the vendor reads is the question, its help and what would show the answer: never a weight, a level's number,
a gate or what the buyer makes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from riskassess.assessments.questions import Kind, Question, questions
from riskassess.assessments.scoring import METHOD_VERSION
from riskassess.evidence.models import OpenQuestion
from riskassess.kernel.errors import InvalidInput
from riskassess.questionnaires.models import InquiryQuestion
from riskassess.rules.facts import FactSpec
from riskassess.rules.facts import Kind as FactKind

MOST_QUESTIONS = 300
CUSTOMER = "C"  # the vocabulary's mark of a fact that only the buyer knows

KINDS: dict[FactKind, str] = {
    FactKind.BOOL: "bool",
    FactKind.ENUM: "one",
    FactKind.LIST: "many",
    FactKind.NUMBER: "number",
    FactKind.DATE: "date",
    FactKind.TEXT: "text",
    FactKind.COUNTRY: "country",
    FactKind.COUNTRY_LIST: "countries",
}


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """One question to send; its fields are those of `InquiryQuestion`."""

    text: str
    kind: str = "text"
    key: str = ""
    help: str = ""
    proof: str = ""
    heading: str = ""
    code: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    levels: Mapping[str, Any] = field(default_factory=dict)
    open_question: OpenQuestion | None = None


def can_be_asked(question: Question) -> bool:
    """Whether a vendor could answer it at all: the use, and what we do with a claim, only the buyer knows."""
    if question.kind is Kind.FACTOR:
        return True
    return question.kind is Kind.FACT and _is_theirs(question.fact)


def _is_theirs(fact: FactSpec | None) -> bool:
    return fact is not None and fact.subject != CUSTOMER and fact.kind in KINDS


def askable() -> dict[str, Question]:
    """Every question of the assessment that a vendor can be asked, in the order of the form."""
    return {key: one for key, one in questions(METHOD_VERSION).items() if can_be_asked(one)}


def question_for_key(key: str, *, heading: str = "", proof: str = "") -> NewQuestion:
    """The assessment's question of that key as a vendor is asked it. Raises InvalidInput for one that is not theirs."""
    question = askable().get(key)
    if question is None:
        raise InvalidInput(
            f"“{key[:60]}” is no question that a vendor can answer.", hint="Choose another one.", where="key"
        )
    if question.fact is not None:
        return NewQuestion(
            text=question.text,
            kind=KINDS[question.fact.kind],
            key=key,
            help=question.fact.help,
            proof=proof or question.expects,
            heading=heading,
            choices=question.fact.choices,
        )
    return NewQuestion(
        text=question.text,
        kind="one",
        key=key,
        proof=proof or question.expects,
        heading=heading,
        choices=tuple((str(level), anchor) for level, anchor in enumerate(question.anchors)),
    )


def as_row(inquiry_id: int, position: int, new: NewQuestion) -> InquiryQuestion:
    """The question as it is kept."""
    return InquiryQuestion(
        inquiry_id=inquiry_id,
        position=position,
        heading=new.heading[:300],
        code=new.code[:80],
        key=new.key,
        text=new.text,
        help=new.help,
        proof=new.proof[:300],
        kind=new.kind,
        choices=[list(choice) for choice in new.choices],
        levels=dict(new.levels),
        open_question=new.open_question,
    )
