"""Where an assessment can stand and which moves lead on: one table. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from riskassess.accounts.roles import Can


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return self.value.capitalize()


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
        Move("return", frozenset({State.SUBMITTED}), State.DRAFT, Can.DECIDE),
        Move("decide", frozenset({State.SUBMITTED}), State.DECIDED, Can.DECIDE),
        Move("reopen", frozenset({State.DECIDED}), State.DRAFT, Can.ASSESS),
        Move("withdraw", frozenset({State.DRAFT, State.SUBMITTED}), State.WITHDRAWN, Can.ASSESS),
    )
}

EDITABLE = frozenset({State.DRAFT})
