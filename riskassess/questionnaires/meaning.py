"""What a vendor's answers mean for an assessment, how long they hold, and for which offerings. Our judgement.

An answer about the company holds for all that it sells; every other one for the offering it was asked about, since
the same words hide other contracts, places and releases. It may be taken as long as evidence of its grade keeps
its tier (`assessments/ageing.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from riskassess.assessments.ageing import GREATEST_AGES, YEAR
from riskassess.assessments.answers import Given
from riskassess.assessments.questions import Kind
from riskassess.evidence.grades import RESTS_ON, WORD
from riskassess.questionnaires.asked import askable
from riskassess.questionnaires.models import InquiryQuestion, VendorAnswer

# Judgement: these ask about the company and not about one product, contract, place or release.
VENDOR_WIDE = frozenset({"training_contrary_to_promise", "sms", "GOV-AIM", "SEC-VUL", "DEP-FIN", "REG-ENF"})
WORST = 4
Beside = Mapping[tuple[int, str], Sequence[int]]


def asked_beside(answers: Iterable[VendorAnswer]) -> Beside:
    """The ids of all questions that the answers' inquiries ask, by inquiry and key. One query."""
    found: dict[tuple[int, str], list[int]] = {}
    inquiries = {one.question.inquiry_id for one in answers}
    rows = InquiryQuestion.objects.filter(inquiry__in=inquiries).exclude(key="").order_by("position")
    for pk, inquiry, key in rows.values_list("pk", "inquiry", "key"):
        found.setdefault((inquiry, key), []).append(pk)
    return found


def means(answers: Sequence[VendorAnswer], beside: Beside) -> Given | None:
    """The answer to an assessment's question that these accepted answers to one inquiry amount to; None where to none.

    They have one `key`; `beside` holds all questions that were asked about it. Of several, each bearing on the same
    factor, the levels are joined to one range: where parts are good and parts are bad the factor lies somewhere
    between, and we claim no more than that. A part that was not answered, was declined or is not accepted may be as
    bad as can be: nobody gains by saying nothing.
    """
    known = [one for one in answers if one.state == VendorAnswer.State.KNOWN]
    first = (known or list(answers))[0].question
    asked = askable().get(first.key)
    if asked is None:
        return None
    if not known:
        return Given(state=str(answers[0].state), note=_note(answers), source=answers[0].source)
    questions = beside[first.inquiry_id, first.key]
    silent = len(set(questions) - {one.question_id for one in known}) if asked.kind is Kind.FACTOR else 0
    value, note = _value(known), _note(known)
    if silent:
        value = _down_to_the_worst(value)
        note = f"{note}\n{_not_told(silent, len(questions))}".strip()
    reliability, verification, interest = WORD
    return Given(
        "known",
        value,
        reliability=reliability,
        verification=verification,
        interest=interest,
        source=known[0].source,
        note=note,
    )


def _down_to_the_worst(value: Any) -> int | list[int]:
    best = value[0] if isinstance(value, list) else value
    return WORST if best == WORST else [best, WORST]


def _not_told(silent: int, asked: int) -> str:
    return (
        f"Of the {asked} questions asked about this, {silent} {'has' if silent == 1 else 'have'} no answer that was "
        "accepted, so the worst is not ruled out."
    )


def _value(known: Sequence[VendorAnswer]) -> Any:
    values = [value_of(one) for one in known]
    if len(values) == 1:
        return values[0]
    ends = [end for value in values for end in (value if isinstance(value, list) else [value])]
    levels = [end for end in ends if isinstance(end, int) and not isinstance(end, bool)]
    if len(levels) < len(ends):
        return values[-1]  # a fact asked twice: the later question of the inquiry counts
    return min(levels) if min(levels) == max(levels) else [min(levels), max(levels)]


def value_of(answer: VendorAnswer) -> Any:
    """What one known answer says, in the kind of the assessment's question: a level, a range, a fact's value."""
    question = answer.question
    if question.levels:
        said = answer.value if isinstance(answer.value, list) else [answer.value]
        found = [question.levels.get(str(one).lower() if isinstance(one, bool) else str(one)) for one in said]
        ends = [end for level in found for end in (level if isinstance(level, list) else [level])]
        held = [end for end in ends if end is not None]
        if not held:
            return [0, WORST]
        return min(held) if min(held) == max(held) else [min(held), max(held)]
    asked = askable().get(question.key)
    return int(answer.value) if asked is not None and asked.kind is Kind.FACTOR else answer.value


def _note(answers: Sequence[VendorAnswer]) -> str:
    return "\n".join(one.note for one in answers if one.note)


def holds_until(key: str, answered_on: date, *, shown: bool) -> date:
    """The day until which an accepted answer may be taken by other assessments; `shown` by a document or not."""
    reliability, verification, _ = RESTS_ON["vendor_document"][1] if shown else WORD
    days = GREATEST_AGES.greatest(key, f"{reliability}{verification}")
    return answered_on + timedelta(days=days or YEAR)
