"""Setting the risk appetite: who may, what is allowed, and the rescore that a new version asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max

from riskassess.accounts.models import User
from riskassess.accounts.roles import Can
from riskassess.assessments.models import RiskAppetite
from riskassess.assessments.rescoring import RESCORE
from riskassess.assessments.scoring import current_method
from riskassess.jobs.services import enqueue
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.recording import acting
from riskassess.scoring.anatomy import Appetite
from riskassess.scoring.appetite import check_appetite


def in_force(on: date) -> RiskAppetite | None:
    """The version in force on that day; None where the method's own lines hold. One query."""
    return RiskAppetite.objects.in_force(on)


def may_change(by: User) -> None:
    """Raises NotAllowed unless `by` answers for the risk that the organisation takes."""
    if not by.may(Can.CHANGE_APPETITE):
        raise NotAllowed(
            "Your roles do not let you set the risk appetite.",
            hint="An administrator sets it, with a reason.",
        )


def check_start(since: date) -> int:
    """The number of a version that starts on that day. Raises InvalidInput where the last one starts later.

    One query.
    """
    last = RiskAppetite.objects.aggregate(version=Max("version"), since=Max("since"))
    if last["since"] is not None and since < last["since"]:
        raise InvalidInput(
            f"Version {last['version']} is in force from {last['since']}; a later version cannot start before it.",
            hint=f"Start on {last['since']} or later.",
            where="since",
        )
    return (last["version"] or 0) + 1


@transaction.atomic
def set_appetite(appetite: Appetite, *, since: date, reason: str, by: User) -> RiskAppetite:
    """A new version, in force for assessments judged as of `since` or later, and a rescore of all open work.

    1. Only who may change the appetite sets it, and never without a reason.
    2. The method has to keep its promises under these lines (`check_appetite`).
    3. Of two people who set a version at once, one is told that the other was first.
    4. Every assessment is scored anew, each as of its own day: decisions may move.
    """
    may_change(by)
    if not reason.strip():
        raise InvalidInput(
            "A new risk appetite needs a reason.", hint="Say why; it stays on record.", where="reason"
        )
    check_appetite(current_method(), appetite)
    version = check_start(since)
    before = in_force(since)
    if before is not None and appetite == replace(before.appetite, version=0, since=None):
        raise InvalidInput(
            f"Version {before.version} has these numbers already.",
            hint="Change one of them.",
            where="approve",
        )
    try:
        with transaction.atomic(), acting(by=by, why=reason.strip()):
            made = RiskAppetite.objects.create(
                version=version,
                approve=appetite.approve,
                conditional=appetite.conditional,
                reject=appetite.reject,
                coverage_percent=appetite.coverage_percent,
                utility_slope=appetite.utility_slope,
                since=since,
                reason=reason.strip(),
                set_by=by,
            )
    except IntegrityError as error:
        raise Conflict(
            f"Somebody else has just set version {version}.", hint="Look at it, then set yours anew."
        ) from error
    enqueue(RESCORE, {"unit": None, "stale_only": True}, key=f"{RESCORE}:appetite:{version}", by=by)
    return made
