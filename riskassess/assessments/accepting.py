"""Accepting risk: when buying leaves more of it than the lines allow, somebody bears it by name and for a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from riskassess.assessments.models import ScoreRun
from riskassess.assessments.record import decision_rank
from riskassess.assessments.scoring import method_on
from riskassess.assessments.states import BUYS
from riskassess.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Why the risk is borne, and until when; without a day none is given."""

    reason: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """An acceptance as it is kept."""

    reason: str
    expires_on: date


def residual_high(run: ScoreRun) -> int:
    """The high end of the risk that is left once every control is verified, over the run's denominator."""
    views = json.loads(run.record).get("views", {})
    return int(views["target"]["risk"][1]) if "target" in views else run.risk_high


def why_accept(run: ScoreRun, outcome: str) -> str:
    """Why this outcome leaves risk that somebody has to accept; empty where it leaves none. One query at most.

    Only buying does: where a person decides better than computed, and where the risk that is left once all
    controls are verified may still reach the line of approval.
    """
    if outcome not in BUYS:
        return ""
    if decision_rank(outcome) < run.decision_rank:
        return f"The method computed {run.get_decision_display().lower()}."
    approve = method_on(run.as_of).thresholds[0]
    if residual_high(run) >= approve * run.denominator:
        return f"The risk that is left may reach {approve}, where approval ends."
    return ""


def checked_acceptance(
    given: Acceptance, run: ScoreRun, outcome: str, reason: str, today: date
) -> Accepted | None:
    """The acceptance as it is kept, None where there is none to keep. Its reason may be that of the decision."""
    why = why_accept(run, outcome)
    said = given.reason.strip() or reason.strip()
    if given.expires_on is None:
        if why:
            raise InvalidInput(
                f"{why} Buying all the same accepts that risk.",
                hint="Say until when it is accepted; then it is due for review.",
                where="accept_until",
            )
        return None
    if given.expires_on <= today:
        raise InvalidInput(
            "The risk would be accepted for no day.", hint="Name a day to come.", where="accept_until"
        )
    if not said:
        raise InvalidInput("Say why the risk is accepted.", hint="It is printed.", where="accept_reason")
    return Accepted(said, given.expires_on)
