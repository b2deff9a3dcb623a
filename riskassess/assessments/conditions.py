"""Conditions of a decision: what one has to say when it is set, and saying that it is met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.assessments.decisions import Condition
from riskassess.assessments.states import State
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.recording import acting

OWNER_LENGTH = 200


@dataclass(frozen=True, slots=True)
class NewCondition:
    """A condition as it is set: what must be so, who sees to it, by when."""

    text: str
    owner: str
    due_on: date | None


def checked_conditions(given: Iterable[NewCondition], today: date) -> tuple[NewCondition, ...]:
    """The conditions in the form they are kept in. Raises InvalidInput for one that nobody could follow up."""
    return tuple(_checked(number, one, today) for number, one in enumerate(given, 1))


def _checked(number: int, given: NewCondition, today: date) -> NewCondition:
    one = replace(given, text=given.text.strip(), owner=given.owner.strip())
    missing = [
        name for name, there in (("what must be so", one.text), ("an owner", one.owner), ("a day", one.due_on))
        if not there
    ]  # fmt: skip
    if missing or one.due_on is None:
        raise InvalidInput(
            f"Condition {number} lacks {' and '.join(missing)}.",
            hint="A condition says what must be so, who sees to it and by when.",
            where="conditions",
        )
    if len(one.owner) > OWNER_LENGTH:
        raise InvalidInput(
            f"The owner of condition {number} is too long.",
            hint=f"At most {OWNER_LENGTH} characters.",
            where="conditions",
        )
    if one.due_on < today:
        raise InvalidInput(
            f"Condition {number} would be late already.", hint="Name a day to come.", where="conditions"
        )
    return one


def may_follow_up(by: User, unit: BusinessUnit) -> bool:
    """Whether `by` may say that a condition is met: who assesses or decides in the unit."""
    return by.may(Can.ASSESS, unit) or by.may(Can.DECIDE, unit)


@transaction.atomic
def meet(condition: Condition, note: str, *, by: User, on: date) -> Condition:
    """Records that a condition is met, by whom, since when, and what shows it; said once."""
    decision = condition.decision
    assessment = decision.assessment
    if not may_follow_up(by, assessment.unit):
        raise NotAllowed(f"Your roles in {assessment.unit} do not let you say so.")
    if not note.strip():
        raise InvalidInput(
            "Say what shows that it is met.",
            hint="The clause, the ticket, the test: it is printed.",
            where="note",
        )
    if assessment.decision_id != decision.pk or assessment.state != State.DECIDED.value:
        raise Conflict("That decision no longer stands.", hint="Reload the page.")
    unmet = Condition.objects.filter(pk=condition.pk, met_on__isnull=True)
    with acting(by=by, why=note.strip()):
        met = unmet.update(met_on=on, met_by=by, met_note=note.strip())
    if not met:
        raise Conflict("Somebody has said already that it is met.", hint="Reload the page.")
    condition.refresh_from_db()
    return condition
