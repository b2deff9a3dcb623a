"""Controls on an assessment: plan one, say how far it is, drop it. Each change asks for a new score.

In a draft everything may change. Once decided, only what follows up the decision may: the status with its
evidence, the owner, the due date; the decision stays on the run it was taken on. While an approver looks at a
submitted score nothing moves under them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from riskassess.accounts.models import User
from riskassess.accounts.roles import Can
from riskassess.assessments.models import Assessment, Mitigation
from riskassess.assessments.scoring import current_method
from riskassess.assessments.services import request_score
from riskassess.assessments.states import EDITABLE, State
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed

KEY_LENGTH = 50
TITLE_LENGTH = 200
FOLLOW_UP = frozenset({"status", "evidence", "owner", "due_on"})
"""What may still change once the assessment is decided."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A control as a person states it: what it lowers, by how much and on whose judgement, how far it is."""

    title: str
    factors: tuple[str, ...]
    effectiveness: int
    because: str
    status: str = Mitigation.Status.PROPOSED.value
    evidence: str = ""
    owner: str = ""
    due_on: date | None = None


@transaction.atomic
def plan(assessment: Assessment, stated: Stated, *, by: User) -> Mitigation:
    """A new control, and the job that scores with it. Raises InvalidInput for what cannot be one."""
    if _locked(assessment, by) not in EDITABLE:
        raise Conflict("Only a draft takes a new control.", hint="Return it to its assessor, or reopen it.")
    stated = _checked(stated, by, assessment)
    made = Mitigation.objects.create(
        assessment=assessment,
        key=_key(assessment, stated.title),
        created_by=by,
        changed_by=by,
        **_columns(stated),
    )
    _changed(assessment, by)
    return made


@transaction.atomic
def change(mitigation: Mitigation, *, by: User, **changes: Any) -> Mitigation:
    """Changes what is given of a control; a change that changes nothing scores nothing anew."""
    assessment = mitigation.assessment
    state = _locked(assessment, by)
    kept = _still_there(mitigation)
    before = stated_of(kept)
    if kept.status != Mitigation.Status.PROPOSED and not by.may(Can.ASSESS, assessment.unit):
        raise NotAllowed("An assessor has taken this control over.", hint="Ask them to change it.")
    after = _checked(replace(before, **changes), by, assessment)
    new, old = asdict(after), asdict(before)
    moved = {name for name in new if new[name] != old[name]}
    if not moved:
        return kept
    if state not in EDITABLE and not (state is State.DECIDED and moved <= FOLLOW_UP):
        raise Conflict(
            f"This assessment is {state.label.lower()}: of a control only its status, evidence, owner and due "
            "date may change after a decision.",
            hint="Return it to its assessor, or reopen it.",
        )
    for name, value in {**_columns(after), "changed_by": by}.items():
        setattr(kept, name, value)
    kept.save()
    _changed(assessment, by)
    return kept


@transaction.atomic
def drop(mitigation: Mitigation, *, by: User) -> None:
    """Takes a control out of the assessment; runs that counted it keep it."""
    assessment = mitigation.assessment
    if _locked(assessment, by) not in EDITABLE:
        raise Conflict("Only a draft can lose a control.", hint="Return it to its assessor, or reopen it.")
    kept = _still_there(mitigation)
    if kept.status != Mitigation.Status.PROPOSED and not by.may(Can.ASSESS, assessment.unit):
        raise NotAllowed("An assessor has taken this control over.", hint="Ask them to drop it.")
    kept.delete()
    _changed(assessment, by)


def stated_of(mitigation: Mitigation) -> Stated:
    """A stored control as it was stated."""
    return Stated(
        title=mitigation.title,
        factors=tuple(mitigation.factors),
        effectiveness=mitigation.effectiveness,
        because=mitigation.because,
        status=mitigation.status,
        evidence=mitigation.evidence,
        owner=mitigation.owner,
        due_on=mitigation.due_on,
    )


def may_plan(assessment: Assessment, by: User) -> bool:
    """Whether `by` has a right to state controls here, whatever the state of the assessment."""
    return by.may(Can.ASSESS, assessment.unit) or by.may(Can.REQUEST, assessment.unit)


def _locked(assessment: Assessment, by: User) -> State:
    """The present state, its row held where the database can, so that a submission and a change cannot cross."""
    if not may_plan(assessment, by):
        raise NotAllowed(f"Your roles in {assessment.unit} do not let you state controls.")
    rows = Assessment.objects.select_for_update().filter(pk=assessment.pk)
    return State(rows.values_list("state", flat=True).get())


def _still_there(mitigation: Mitigation) -> Mitigation:
    """The control as it is stored now: what another person changed meanwhile is kept."""
    found = Mitigation.objects.filter(pk=mitigation.pk).select_related("assessment").first()
    if found is None:
        raise Conflict("This control was dropped meanwhile.", hint="Reload the page.")
    return found


def _checked(stated: Stated, by: User, assessment: Assessment) -> Stated:
    """The control in the form it is kept in. Raises InvalidInput that names the field."""
    texts = {name: getattr(stated, name).strip() for name in ("title", "because", "evidence", "owner")}
    stated = replace(stated, factors=_factors(stated.factors), **texts)
    if not 0 < len(stated.title) <= TITLE_LENGTH:
        raise InvalidInput(
            "A control needs a name.", hint=f"At most {TITLE_LENGTH} characters.", where="title"
        )
    if len(stated.owner) > TITLE_LENGTH:
        raise InvalidInput(
            "That owner is too long.", hint=f"At most {TITLE_LENGTH} characters.", where="owner"
        )
    if isinstance(stated.effectiveness, bool) or stated.effectiveness not in range(1, 101):
        raise InvalidInput(
            f"{stated.effectiveness} is no effectiveness.",
            hint="Use whole percent, 1 to 100.",
            where="effectiveness",
        )
    if not stated.because:
        raise InvalidInput(
            "Say whose judgement the effectiveness is, and what it rests on.",
            hint="It is printed beside the number.",
            where="because",
        )
    _check_status(stated, by, assessment)
    return stated


def _factors(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The risk factors named, each once, in the method's order."""
    known = [factor.key for factor in current_method().risk_factors]
    if unknown := sorted(set(keys) - set(known)):
        raise InvalidInput(
            f"{', '.join(unknown)} is no risk factor.", hint="A control lowers risk factors.", where="factors"
        )
    if not keys:
        raise InvalidInput("What does it lower?", hint="Name at least one risk factor.", where="factors")
    return tuple(key for key in known if key in keys)


def _check_status(stated: Stated, by: User, assessment: Assessment) -> None:
    if stated.status not in Mitigation.Status.values:
        raise InvalidInput(
            f"“{stated.status}” is no status.",
            hint=f"Use {', '.join(Mitigation.Status.values)}.",
            where="status",
        )
    if stated.status == Mitigation.Status.PROPOSED:
        return
    if not by.may(Can.ASSESS, assessment.unit):
        raise NotAllowed(
            "You may propose a control; an assessor says how far it is.", hint="Leave it proposed."
        )
    if not stated.evidence:
        raise InvalidInput(
            f"Say what shows that it is {stated.status}.",
            hint="The clause, the ticket, the test: it is printed.",
            where="evidence",
        )


def _columns(stated: Stated) -> dict[str, Any]:
    return {**asdict(stated), "factors": list(stated.factors)}


def _key(assessment: Assessment, title: str) -> str:
    """A name of its own within the assessment, made from the title."""
    base = slugify(title)[:KEY_LENGTH].strip("-") or "control"
    taken = set(assessment.mitigations.values_list("key", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(key for key in numbered if key not in taken)


def _changed(assessment: Assessment, by: User) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(updated_at=timezone.now())
    request_score(assessment, by=by)
