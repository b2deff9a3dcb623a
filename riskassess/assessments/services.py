"""What people do with an assessment: start, answer, score, submit, take up, return, decide, reopen, withdraw.

Every verb checks the right it needs, moves by the table in `states.py`, and says what is wrong when it
cannot. No verb trusts the page that called it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.assessments.accepting import Acceptance, Accepted, checked_acceptance
from riskassess.assessments.answers import Changed, Given, checked, same
from riskassess.assessments.conditions import NewCondition, checked_conditions
from riskassess.assessments.models import (
    OUTCOMES,
    Answer,
    Assessment,
    Condition,
    Decision,
    Remark,
    RiskAcceptance,
)
from riskassess.assessments.remarks import NewRemark, checked_remarks, none_open
from riskassess.assessments.rescoring import RESCORE
from riskassess.assessments.scoring import lines_moved
from riskassess.assessments.states import BUYS, MOVES, State
from riskassess.assessments.tasks import SCORE
from riskassess.catalog.models import Offering
from riskassess.jobs.models import Job, JobQuerySet
from riskassess.jobs.services import enqueue
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.recording import acting

NO_ACCEPTANCE = Acceptance()


@transaction.atomic
def start(
    offering: Offering, unit: BusinessUnit, use_case: str, *, by: User, on: date, description: str = ""
) -> Assessment:
    """A new draft, and the job that scores it as it stands: everything unknown but what the catalog knows."""
    if not by.may(Can.REQUEST, unit):
        raise NotAllowed(
            f"You cannot start assessments in {unit}.", hint="Ask an administrator for a role there."
        )
    if not use_case.strip():
        raise InvalidInput(
            "An assessment needs a use.", hint="Say in a few words what it is for.", where="use_case"
        )
    assessment = Assessment.objects.create(
        offering=offering,
        unit=unit,
        use_case=use_case.strip(),
        description=description,
        assessor=by,
        as_of=on,
    )
    request_score(assessment, by=by)
    return assessment


@transaction.atomic
def answer(
    assessment: Assessment, key: str, given: Given, *, by: User, seen: str | None = None
) -> Answer | None:
    """Keeps one answer, or takes it back when `given.state` is empty. Raises InvalidInput for a wrong value.

    `seen` is the version of the answer that `by` was shown, "" for none: Changed where it is another one now,
    unless that says the same. Without `seen` the last one to speak is heard.
    """
    editable(assessment, by)
    given = checked(key, given, assessment)
    if seen is not None:
        now = assessment.answers.select_related("answered_by", "source").filter(question=key).first()
        if seen != (now.version if now else "") and not same(now, given):
            raise Changed(key, now)
    Assessment.objects.filter(pk=assessment.pk).update(updated_at=timezone.now())
    if not given.state:
        Answer.objects.filter(assessment=assessment, question=key).delete()
        return None
    kept, _ = Answer.objects.update_or_create(
        assessment=assessment,
        question=key,
        defaults={
            "state": given.state,
            "value": given.value,
            "reliability": given.reliability,
            "verification": given.verification,
            "interest": given.interest,
            "source": given.source,
            "note": given.note,
            "disputes": given.disputes,
            "answered_by": by,
            "answered_for": None,
        },
    )
    return kept


def editable(assessment: Assessment, by: User) -> None:
    """Raises unless `by` answers in the unit and the assessment is a draft; call it inside a transaction."""
    if not (by.may(Can.ASSESS, assessment.unit) or by.may(Can.REQUEST, assessment.unit)):
        raise NotAllowed(f"Your roles in {assessment.unit} do not let you answer.")
    # Locks the row where the database can, so that a submission and an answer cannot cross.
    found = (
        Assessment.objects.select_for_update()
        .filter(pk=assessment.pk)
        .values_list("state", flat=True)
        .first()
    )
    if found != State.DRAFT.value:
        raise Conflict("Only a draft can be changed.", hint="Return it to its assessor, or reopen it.")


def may_assess(assessment: Assessment, *, by: User) -> None:
    """Raises NotAllowed unless `by` assesses in the unit."""
    if not by.may(Can.ASSESS, assessment.unit):
        raise NotAllowed(f"Your roles in {assessment.unit} do not let you assess.")


def request_score(assessment: Assessment, *, by: User | None) -> Job:
    """Asks for a score; every request is its own job, since the answers may have changed in between."""
    return enqueue(
        SCORE,
        {"assessment": assessment.pk},
        key=f"{SCORE}:{assessment.pk}:{uuid.uuid4()}",
        unit=assessment.unit,
        by=by,
    )


@transaction.atomic
def request_rescore(unit: BusinessUnit | None, *, by: User | None, stale_only: bool = False) -> Job:
    """The job that scores every assessment of a unit anew, or of all units when nobody in person asks.

    `stale_only` leaves out those whose run is of the present rules and method. While one such job is not
    over, asking again gives the same one.
    """
    if by is not None and (unit is None or not by.may(Can.ASSESS, unit)):
        raise NotAllowed(f"Your roles do not let you score {unit or 'the work of all units'}.")
    arguments = {"unit": unit.pk if unit else None, "stale_only": stale_only}
    for job in Job.objects.unfinished().filter(kind=RESCORE, unit=unit):
        if job.arguments == arguments:
            return job
    return enqueue(RESCORE, arguments, key=f"{RESCORE}:{uuid.uuid4()}", unit=unit, by=by)


def rescore_offerings(offerings: Iterable[int], *, because: str, by: User | None) -> Job | None:
    """The job that scores what rests on these offerings anew, since their facts have moved; None where nothing does.

    Call it in the transaction that moves the facts. `because` tells one cause from another.
    """
    assessed = Assessment.objects.exclude(state=State.WITHDRAWN.value)
    resting = sorted(set(assessed.values_list("offering_id", flat=True).distinct()) & set(offerings))
    if not resting:
        return None
    arguments = {"unit": None, "stale_only": False, "only": resting}
    return enqueue(RESCORE, arguments, key=f"{RESCORE}:{because}", by=by)


def score_jobs(assessment: Assessment) -> JobQuerySet:
    """The jobs that score this assessment, over or not."""
    return Job.objects.filter(kind=SCORE, arguments={"assessment": assessment.pk})


@transaction.atomic
def submit(assessment: Assessment, *, by: User) -> Job:
    """Hands the assessment to the approvers and asks for the score they will see.

    One that was returned goes back once every remark is resolved.
    """
    may_move(assessment, "submit", by=by)
    none_open(assessment)
    _move(assessment, "submit", by, submitted_by=by)
    return request_score(assessment, by=by)


@transaction.atomic
def take_up(assessment: Assessment, *, by: User) -> None:
    """Says who reviews a submitted assessment, so that two approvers need not; the second may take over."""
    may_move(assessment, "take", by=by)
    _not_their_own(assessment, by)
    _move(assessment, "take", by, reviewer=by)


@transaction.atomic
def return_for_changes(assessment: Assessment, remarks: Iterable[NewRemark], *, by: User) -> None:
    """Gives a submitted assessment back to its assessor, with what is to be put right."""
    may_move(assessment, "return", by=by)
    kept = checked_remarks(remarks, assessment)
    with acting(why="\n".join(f"{one.question or 'Overall'}: {one.text}" for one in kept)):
        _move(assessment, "return", by, reviewer=None)
        Remark.objects.bulk_create(
            Remark(assessment=assessment, question=one.question, text=one.text, made_by=by) for one in kept
        )


@transaction.atomic
def decide(
    assessment: Assessment,
    outcome: str,
    *,
    by: User,
    reason: str = "",
    conditions: tuple[NewCondition, ...] = (),
    valid_until: date | None = None,
    accept: Acceptance = NO_ACCEPTANCE,
    seen: int | None = None,
) -> Decision:
    """Records a person's decision on the current run; from then on it is the one that stands.

    1. Nobody decides what they submitted, nor what another approver has taken up.
    2. `seen`, the run that was looked at, has to be the current one.
    3. A decision other than the computed one needs a reason; a conditional one its conditions, each with an
       owner and a day; where buying leaves risk above the lines, it is accepted until a day.
    4. A reassessment supersedes what it reassessed.
    """
    may_move(assessment, "decide", by=by)
    if outcome not in dict(OUTCOMES):
        raise InvalidInput(
            "That is no decision.", hint="Approve, conditional, escalate or reject.", where="outcome"
        )
    run = assessment.current_run
    if run is None or score_jobs(assessment).unfinished().exists():
        raise Conflict("The score to decide on is not there yet.", hint="Wait for the score, then decide.")
    if seen is not None and seen != run.pk:
        raise Conflict("The score has changed since you looked.", hint="Look at the new one, then decide.")
    if lines_moved(run):
        raise Conflict(
            "The risk appetite has changed since this score.",
            hint="Wait for the new score, or score it again.",
        )
    _not_their_own(assessment, by)
    if assessment.state == State.IN_REVIEW.value and assessment.reviewer_id != by.pk:
        raise Conflict(
            f"{assessment.reviewer} reviews this.", hint="Take it over first, or leave it to them."
        )
    if outcome != run.decision and not reason.strip():
        raise InvalidInput(
            f"The method computed {run.get_decision_display().lower()}.",
            hint="Give the reason why you decide otherwise; it is printed on every report.",
            where="reason",
        )
    kept = checked_conditions(conditions, timezone.localdate())
    if outcome == "CONDITIONAL" and not kept:
        raise InvalidInput(
            "A conditional approval needs a condition.",
            hint="Say what must be so, who sees to it and by when.",
            where="conditions",
        )
    accepted = checked_acceptance(accept, run, outcome, reason, timezone.localdate())
    with acting(by=by, why=reason.strip()):
        _move(assessment, "decide", by)
        decision = Decision.objects.create(
            assessment=assessment,
            run=run,
            outcome=outcome,
            computed=run.decision,
            reason=reason.strip(),
            decided_by=by,
            valid_until=valid_until,
        )
        Condition.objects.bulk_create(
            Condition(decision=decision, text=one.text, owner=one.owner, due_on=one.due_on) for one in kept
        )
        if accepted is not None:
            RiskAcceptance.objects.create(
                decision=decision, accepted_by=by, reason=accepted.reason, expires_on=accepted.expires_on
            )
        _stands(assessment, decision, accepted)
        if outcome != "ESCALATE":  # which leaves the decision to others, so that the one before stands
            _supersede(assessment.predecessor, by)
    return decision


def _supersede(earlier: Assessment | None, by: User) -> None:
    """Ends what a reassessment has replaced; one that was withdrawn or reopened meanwhile stays as it is."""
    if earlier is not None and earlier.state == State.DECIDED.value:
        _move(earlier, "supersede", by)


def _stands(assessment: Assessment, decision: Decision | None, accepted: Accepted | None = None) -> None:
    """Makes `decision` the one that stands; it is due for review when it or the accepted risk runs out first."""
    assessment.decision = decision
    ends = [decision.valid_until if decision else None, accepted.expires_on if accepted else None]
    buys = decision is not None and decision.outcome in BUYS
    assessment.review_on = min((day for day in ends if day), default=None) if buys else None
    assessment.save(update_fields=["decision", "review_on"])


@transaction.atomic
def reopen(assessment: Assessment, *, by: User) -> None:
    """Takes a decided assessment up again; the decision stays on the record, and stands no more."""
    _move(assessment, "reopen", by, reviewer=None)
    _stands(assessment, None)


@transaction.atomic
def withdraw(assessment: Assessment, *, by: User) -> None:
    """Ends an assessment that nobody needs any more; an approval among them is no longer in force."""
    _move(assessment, "withdraw", by)


def may_move(assessment: Assessment, name: str, *, by: User) -> None:
    """Raises NotAllowed unless `by` has the right that a step of the table takes, in the unit.

    Asked before anything else is: who has no right is told that, not what is wrong with what they sent.
    """
    if not by.may(MOVES[name].needs, assessment.unit):
        raise NotAllowed(f"Your roles in {assessment.unit} do not let you {name} an assessment.")


def _move(assessment: Assessment, name: str, by: User, **changes: Any) -> None:
    """One step of the table, by a guarded UPDATE: of two people who try, one moves it."""
    may_move(assessment, name, by=by)
    move = MOVES[name]
    starts = Assessment.objects.filter(pk=assessment.pk, state__in=[state.value for state in move.start])
    with acting(by=by):
        moved = starts.update(state=move.end.value, **changes)
    if not moved:
        assessment.refresh_from_db()
        state = State(assessment.state).label.lower()
        raise Conflict(
            f"This assessment is {state}; it cannot be moved by “{name}” now.", hint="Reload the page."
        )
    assessment.refresh_from_db()


def _not_their_own(assessment: Assessment, by: User) -> None:
    if assessment.submitted_by_id == by.pk:
        raise NotAllowed("You submitted this assessment.", hint="Somebody else has to decide on it.")
