"""What accepted answers set elsewhere, and how it is taken back where an acceptance is withdrawn.

An assessment's answer is set and taken back by the assessments' own service, so that its checks, its history and its
score follow as for any answer. Taken back is only what still quotes the inquiry: what somebody has said on another
ground since stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.assessments import services as assessments
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Assessment
from riskassess.assessments.states import State
from riskassess.evidence.models import Claim, ClaimSource, OpenQuestion
from riskassess.questionnaires.entries import said
from riskassess.questionnaires.meaning import asked_beside, means
from riskassess.questionnaires.models import Inquiry, VendorAnswer
from riskassess.questionnaires.papers import put_behind, take_from_behind

Review = VendorAnswer.Review
TITLE = 200  # characters of a claim's title


def set_answers(
    assessment: Assessment, accepted: Iterable[VendorAnswer], keys: Iterable[str], *, by: User
) -> tuple[str, ...]:
    """Gives the assessment the answers that these amount to, and asks for one score if there was any."""
    by_key: dict[str, list[VendorAnswer]] = {}
    for one in accepted:
        by_key.setdefault(one.question.key, []).append(one)
    beside = asked_beside(one for found in by_key.values() for one in found)
    taken = []
    for key in sorted(set(keys) & by_key.keys() - {""}):
        given = means(by_key[key], beside)
        if given is not None:
            assessments.answer(assessment, key, given, by=by)
            put_behind(assessment, by_key[key], by=by)
            taken.append(key)
    if taken:
        assessments.request_score(assessment, by=by)
    return tuple(taken)


def take_back(
    inquiry: Inquiry, withdrawn: Sequence[VendorAnswer], accepted: Sequence[VendorAnswer], *, by: User
) -> tuple[str, ...]:
    """Takes what is no longer accepted out of every draft of the unit that quotes it; the keys that were there.

    What is left of the inquiry's `accepted` answers to the same key is set anew; else the question is open again.
    """
    found = []
    for key in sorted({one.question.key for one in withdrawn} - {""}):
        gone = [one for one in withdrawn if one.question.key == key]
        left = [one for one in accepted if one.question.key == key]
        sources = {one.source_id for one in (*gone, *left)} - {None}
        drafts = Assessment.objects.filter(
            unit=inquiry.unit_id, state=State.DRAFT.value,
            answers__question=key, answers__source__in=sources,
        )  # fmt: skip
        for draft in drafts.select_related("unit", "offering__model"):
            take_from_behind(draft, key, gone, left, by=by)
            if left:
                set_answers(draft, left, {key}, by=by)
            else:
                assessments.answer(draft, key, Given(), by=by)
                assessments.request_score(draft, by=by)
            found.append(key)
    return tuple(dict.fromkeys(found))


def keep_as_evidence(inquiry: Inquiry, judged: Iterable[VendorAnswer]) -> None:
    """What answers no question of ours is a claim that only the unit reads: stated, and without weight.

    It says what was accepted last; with the acceptance it goes.
    """
    for one in judged:
        if one.question.key:
            continue
        key = f"inquiry-{inquiry.pk}-{one.question.position}"
        if _counts(one):
            _claim_of(inquiry, one, key)
        else:
            OpenQuestion.objects.filter(claim__key=key).update(claim=None)
            Claim.objects.filter(key=key, unit=inquiry.unit_id).delete()


def _claim_of(inquiry: Inquiry, one: VendorAnswer, key: str) -> None:
    question, words = one.question, said(one.question, one)
    claim, _ = Claim.objects.update_or_create(
        key=key,
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
    states = ClaimSource.Relation.STATES
    ClaimSource.objects.filter(claim=claim, relation=states).exclude(source=one.source).delete()
    ClaimSource.objects.update_or_create(
        claim=claim, source=one.source, relation=states, defaults={"quote": words}
    )


def settle_open_questions(
    inquiry: Inquiry, judged: Iterable[VendorAnswer], answers: Iterable[VendorAnswer]
) -> None:
    """The unit's own open questions are answered by what is accepted; those of everybody stay as they are.

    One whose answers are all withdrawn is open again, unless somebody has put other words there.
    """
    own = {
        one.question.open_question
        for one in judged
        if one.question.open_question is not None and one.question.open_question.unit_id == inquiry.unit_id
    }
    for question in own:
        about = [one for one in answers if one.question.open_question == question]
        counted = [one for one in about if _counts(one)]
        rows = OpenQuestion.objects.filter(pk=question.pk)
        if counted:
            rows.update(state=OpenQuestion.State.ANSWERED, answer=_words(counted))
        elif question.state == OpenQuestion.State.ANSWERED and question.answer in _ours(about):
            again = any(one.review == Review.MORE for one in about)
            rows.update(state=OpenQuestion.State.ASKED if again else OpenQuestion.State.OPEN, answer="")


def _ours(about: Sequence[VendorAnswer]) -> set[str]:
    """The words that answers may have put there: of all of them, and of each."""
    known = [one for one in about if one.state == VendorAnswer.State.KNOWN]
    return {_words(known), *(_words([one]) for one in known)}


def _words(answers: Iterable[VendorAnswer]) -> str:
    return "\n".join(filter(None, (part for one in answers for part in (said(one.question, one), one.note))))


def _counts(one: VendorAnswer) -> bool:
    return one.review == Review.ACCEPTED and one.state == VendorAnswer.State.KNOWN
