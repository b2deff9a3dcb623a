"""Reviewing what a vendor said: nothing of it counts before somebody who assesses has accepted it.

An accepted answer gets its source, which is the unit's own, with the grade of a vendor's statement; the files that
came with it are put behind the answer, each with a grade of its own. Where the inquiry's assessment is still a draft,
its answer is set in the same step by the assessments' own service, so that its checks, its history and its score
follow as for any answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.catalog.models import Source
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.questionnaires.accepted import (
    keep_as_evidence,
    set_answers,
    settle_open_questions,
    take_back,
)
from riskassess.questionnaires.meaning import holds_until
from riskassess.questionnaires.models import TEXT_LENGTH, Inquiry, VendorAnswer
from riskassess.questionnaires.services import may_ask

Review = VendorAnswer.Review


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one answer, and why where it is not accepted.

    `seen` is the version of the answer that was looked at; without it the last one to judge is heard.
    """

    review: str
    remark: str = ""
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a review has done: how many answers it judged, the keys it set in the assessment, those it took back."""

    judged: int
    taken: tuple[str, ...]
    taken_back: tuple[str, ...] = ()


@transaction.atomic
def review(inquiry: Inquiry, verdicts: Mapping[int, Verdict], *, by: User) -> Reviewed:
    """Judges answers of a handed-in inquiry, by their ids; all of them or none. A verdict that stands changes nothing.

    Where an acceptance is withdrawn, what it had set is taken back. Raises NotAllowed, Conflict where it is not
    handed in and where an answer moved since it was `seen`, and InvalidInput for an id that is none of its answers,
    a verdict that is none, and one that asks for more without saying what.
    """
    may_ask(inquiry.unit, by=by)
    held = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    if held.handed_in_at is None:
        raise Conflict("The vendor has not handed in yet.", hint="Wait, or remind them.")
    answers = {one.pk: one for one in _answers(held)}
    accepted_before = {pk for pk, one in answers.items() if one.review == Review.ACCEPTED}
    judged = [answers[pk] for pk, verdict in verdicts.items() if _judge(answers.get(pk), verdict, held, by)]
    accepted = [one for one in answers.values() if one.review == Review.ACCEPTED]
    withdrawn = [one for one in judged if one.pk in accepted_before and one.review != Review.ACCEPTED]
    taken_back = take_back(held, withdrawn, accepted, by=by)
    keys = {one.question.key for one in judged if one.review == Review.ACCEPTED}
    taken = take_in(held, accepted, keys, by=by)
    settle_open_questions(held, judged, answers.values())
    keep_as_evidence(held, judged)
    done = all(one.review in {Review.ACCEPTED, Review.REJECTED} for one in answers.values())
    Inquiry.objects.filter(pk=held.pk).update(closed_at=timezone.now() if done else None)
    inquiry.refresh_from_db()
    return Reviewed(len(judged), taken, taken_back)


def accept_all(inquiry: Inquiry, *, by: User, seen: Mapping[int, str] | None = None) -> Reviewed:
    """Accepts every answer that nobody has judged yet; with `seen`, no other than those versions of them."""
    waiting = VendorAnswer.objects.to_review().filter(question__inquiry=inquiry)
    return review(
        inquiry,
        {
            pk: Verdict(Review.ACCEPTED, seen=None if seen is None else seen.get(pk, ""))
            for pk in waiting.values_list("pk", flat=True)
        },
        by=by,
    )


def take_in(
    inquiry: Inquiry, accepted: Iterable[VendorAnswer], keys: set[str], *, by: User
) -> tuple[str, ...]:
    """Sets what accepted answers mean in the inquiry's own assessment, if that is a draft; the keys it set."""
    if inquiry.assessment_id is None:
        return ()
    assessment = Assessment.objects.select_related("unit", "offering__model").get(pk=inquiry.assessment_id)
    if not assessment.is_editable:
        return ()  # it can be taken into a reassessment: see `reusing`
    return set_answers(assessment, accepted, keys, by=by)


def _answers(inquiry: Inquiry) -> list[VendorAnswer]:
    found = VendorAnswer.objects.filter(question__inquiry=inquiry).select_related(
        "source", "reviewed_by", "question__inquiry__vendor", "question__open_question"
    )
    return list(found.order_by("question__position"))


def _judge(answer: VendorAnswer | None, verdict: Verdict, inquiry: Inquiry, by: User) -> bool:
    """Keeps one verdict; False where it stands already."""
    if answer is None:
        raise InvalidInput("That is no answer of this inquiry.", hint="Reload the page.", where="answer")
    where = f"Question {answer.question.position}"
    if verdict.review not in Review.values:
        raise InvalidInput("There is no verdict.", hint="Accept, reject, or ask for more.", where=where)
    remark = verdict.remark.strip()[:TEXT_LENGTH]
    if (verdict.review, remark) == (answer.review, answer.remark):
        return False
    if verdict.seen is not None and verdict.seen != answer.version:
        who = f"{answer.reviewed_by} has judged this" if answer.review else "The answer has changed"
        raise Conflict(
            f"{who} since you looked.", hint="Look at it as it is now, then say yours again.", where=where
        )
    if verdict.review == Review.MORE and not remark:
        raise InvalidInput("Say what is missing.", hint="The vendor reads it.", where=where)
    if verdict.review == Review.ACCEPTED:
        answer.source = _source(inquiry, answer)
        answer.valid_until = holds_until(
            answer.question.key,
            timezone.localdate(answer.answered_at),
            shown=answer.question.papers.filter(document__removed_at__isnull=True).exists(),
        )
    answer.review, answer.remark = verdict.review, remark
    answer.reviewed_by, answer.reviewed_at = by, timezone.now()
    answer.save()
    return True


def _source(inquiry: Inquiry, answer: VendorAnswer) -> Source:
    """The vendor's answers to one inquiry on one day, as a source that only the unit reads."""
    found, _ = Source.objects.get_or_create(
        title=f"Answers of {inquiry.vendor} to inquiry {inquiry.pk}"[:300],
        publisher=str(inquiry.vendor)[:200],
        published_on=timezone.localdate(answer.answered_at),
        file_sha256="",
        defaults={"kind": "vendor_statement", "unit": inquiry.unit, "publisher_vendor": inquiry.vendor},
    )
    return found
