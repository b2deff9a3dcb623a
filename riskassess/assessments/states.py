"""Where an assessment can stand and which moves lead on: one table. No Django.

Stored is what people did (`State`). What follows from that and from a day is derived (`standing_of`): an
approval becomes due for review at midnight whether or not a worker is awake to write it down, so no row says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from riskassess.accounts.roles import Can


class State(StrEnum):
    """What people did with an assessment last."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Move:
    """One step: from where, to where, and which right it takes."""

    name: str
    start: frozenset[State]
    end: State
    needs: Can


MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("submit", frozenset({State.DRAFT}), State.SUBMITTED, Can.ASSESS),
        # Of two approvers the second may take over from the first.
        Move("take", frozenset({State.SUBMITTED, State.IN_REVIEW}), State.IN_REVIEW, Can.DECIDE),
        Move("return", frozenset({State.SUBMITTED, State.IN_REVIEW}), State.DRAFT, Can.DECIDE),
        Move("decide", frozenset({State.SUBMITTED, State.IN_REVIEW}), State.DECIDED, Can.DECIDE),
        Move("reopen", frozenset({State.DECIDED}), State.DRAFT, Can.ASSESS),
        Move("supersede", frozenset({State.DECIDED}), State.SUPERSEDED, Can.DECIDE),
        Move(
            "withdraw",
            frozenset({State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.DECIDED}),
            State.WITHDRAWN,
            Can.ASSESS,
        ),
    )
}

EDITABLE = frozenset({State.DRAFT})
DECIDABLE = MOVES["decide"].start
OVER = frozenset({State.SUPERSEDED, State.WITHDRAWN})
"""Nobody works on these any more, and nothing rests on them."""

BUYS = ("APPROVE", "CONDITIONAL")
"""The outcomes by which we buy: only these are ever in force."""


class Standing(StrEnum):
    """How an assessment stands on a day: its state, or what the day makes of a decision."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    DECIDED = "decided"  # not to buy (yet): escalated or rejected
    IN_FORCE = "in_force"
    REVIEW_DUE = "review_due"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


def standing_of(state: State, outcome: str, review_on: date | None, today: date) -> Standing:
    """How it stands: an approval is in force up to the day of its review, and due for review from then on."""
    if state is not State.DECIDED or outcome not in BUYS:
        return Standing(state.value)
    return Standing.REVIEW_DUE if review_on is not None and review_on <= today else Standing.IN_FORCE
