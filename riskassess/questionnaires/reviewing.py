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
from riskassess.assessments import services as assessments
from riskassess.assessments.models import Assessment
from riskassess.catalog.models import Source
from riskassess.evidence.models import Claim, ClaimSource, OpenQuestion
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.questionnaires.entries import said
from riskassess.questionnaires.meaning import holds_until, means
from riskassess.questionnaires.models import TEXT_LENGTH, Inquiry, VendorAnswer
from riskassess.questionnaires.papers import put_behind
from riskassess.questionnaires.services import may_ask

Review = VendorAnswer.Review
TITLE = 200  # characters of a claim's title


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one answer, and why where it is not accepted."""

    review: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a review has done: how many answers it judged, and the keys it set in the assessment."""

    judged: int
    taken: tuple[str, ...]


@transaction.atomic
def review(inquiry: Inquiry, verdicts: Mapping[int, Verdict], *, by: User) -> Reviewed:
    """Judges answers of a handed-in inquiry, by their ids; all of them or none.

    Raises NotAllowed, Conflict where it is not handed in, and InvalidInput for an id that is none of its answers,
    a verdict that is none, and one that asks for more without saying what.
    """
    may_ask(inquiry.unit, by=by)
    held = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    if held.handed_in_at is None:
        raise Conflict("The vendor has not handed in yet.", hint="Wait, or remind them.")
    answers = {one.pk: one for one in _answers(held)}
    for pk, verdict in verdicts.items():
        _judge(answers.get(pk), verdict, held, by)
    taken = take_in(held, answers.values(), {answers[pk].question.key for pk in verdicts}, by=by)
    _settle_open_questions(held, [answers[pk] for pk in verdicts])
    _keep_as_evidence(held, [answers[pk] for pk in verdicts])
    done = all(one.review in {Review.ACCEPTED, Review.REJECTED} for one in answers.values())
    Inquiry.objects.filter(pk=held.pk).update(closed_at=timezone.now() if done else None)
    inquiry.refresh_from_db()
    return Reviewed(len(verdicts), taken)


def accept_all(inquiry: Inquiry, *, by: User) -> Reviewed:
    """Accepts every answer that nobody has judged yet."""
    waiting = VendorAnswer.objects.to_review().filter(question__inquiry=inquiry)
    return review(
        inquiry, {pk: Verdict(Review.ACCEPTED) for pk in waiting.values_list("pk", flat=True)}, by=by
    )


def take_in(
    inquiry: Inquiry, answers: Iterable[VendorAnswer], keys: set[str], *, by: User
) -> tuple[str, ...]:
    """Sets what accepted answers mean in the inquiry's own assessment, if that is a draft; the keys it set."""
    if inquiry.assessment_id is None:
        return ()
    assessment = Assessment.objects.select_related("unit", "offering__model").get(pk=inquiry.assessment_id)
    if not assessment.is_editable:
        return ()  # it can be taken into a reassessment: see `reusing`
    accepted = [one for one in answers if one.review == Review.ACCEPTED]
    return set_answers(assessment, accepted, keys, by=by)


def set_answers(
    assessment: Assessment, accepted: Iterable[VendorAnswer], keys: Iterable[str], *, by: User
) -> tuple[str, ...]:
    """Gives the assessment the answers that these amount to, and asks for one score if there was any."""
    by_key: dict[str, list[VendorAnswer]] = {}
    for one in accepted:
        by_key.setdefault(one.question.key, []).append(one)
    taken = []
    for key in sorted(set(keys) & by_key.keys() - {""}):
        given = means(by_key[key])
        if given is not None:
            assessments.answer(assessment, key, given, by=by)
            put_behind(assessment, by_key[key], by=by)
            taken.append(key)
    if taken:
        assessments.request_score(assessment, by=by)
    return tuple(taken)


def _answers(inquiry: Inquiry) -> list[VendorAnswer]:
    found = VendorAnswer.objects.filter(question__inquiry=inquiry).select_related(
        "source", "question__inquiry__vendor", "question__open_question"
    )
    return list(found.order_by("question__position"))


def _judge(answer: VendorAnswer | None, verdict: Verdict, inquiry: Inquiry, by: User) -> None:
    if answer is None:
        raise InvalidInput("That is no answer of this inquiry.", hint="Reload the page.", where="answer")
    if verdict.review not in Review.values:
        raise InvalidInput("That is no verdict.", hint="Accept, reject, or ask for more.", where="review")
    remark = verdict.remark.strip()[:TEXT_LENGTH]
    if verdict.review == Review.MORE and not remark:
        raise InvalidInput(
            "Say what is missing.", hint="The vendor reads it.", where=f"Question {answer.question.position}"
        )
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


def _keep_as_evidence(inquiry: Inquiry, judged: Iterable[VendorAnswer]) -> None:
    """What answers no question of ours is a claim that only the unit reads: stated, and without weight."""
    for one in judged:
        question = one.question
        if one.review != Review.ACCEPTED or one.state != VendorAnswer.State.KNOWN or question.key:
            continue
        words = said(question, one)
        claim, _ = Claim.objects.get_or_create(
            key=f"inquiry-{inquiry.pk}-{question.position}",
            defaults={
                "vendor": inquiry.vendor,
                "offering": inquiry.offering,
                "unit": inquiry.unit,
                "title": question.text if len(question.text) <= TITLE else f"{question.text[: TITLE - 1]}…",
                "statement": "\n\n".join(filter(None, (words, one.note))),
                "kind": Claim.Kind.DISCLOSURE,
                "substantiation": Claim.Substantiation.NONE,
                "verification": Claim.Verification.STATED,
                "interest": Claim.Interest.SELF,
                "made_on": timezone.localdate(one.answered_at),
            },
        )
        ClaimSource.objects.get_or_create(
            claim=claim, source=one.source, relation=ClaimSource.Relation.STATES, defaults={"quote": words}
        )


def _settle_open_questions(inquiry: Inquiry, judged: Iterable[VendorAnswer]) -> None:
    """The unit's own open questions are answered by what was accepted; those of everybody stay as they are."""
    for one in judged:
        question = one.question.open_question
        known = one.review == Review.ACCEPTED and one.state == VendorAnswer.State.KNOWN
        if known and question is not None and question.unit_id == inquiry.unit_id:
            words = "\n".join(filter(None, (said(one.question, one), one.note)))
            OpenQuestion.objects.filter(pk=question.pk).update(
                state=OpenQuestion.State.ANSWERED, answer=words
            )
