"""How an inquiry stands: derived from its times, never stored, so that it is true without a worker. No Django."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where an inquiry is on its way to the vendor and back."""

    DRAFT = "draft"
    SENT = "sent"
    OPENED = "opened"
    ANSWERED = "answered"
    CLOSED = "closed"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    State.DRAFT: "Not sent yet",
    State.SENT: "Sent",
    State.OPENED: "Opened",
    State.ANSWERED: "To review",
    State.CLOSED: "Reviewed",
    State.EXPIRED: "Expired",
    State.REVOKED: "Revoked",
}

# In these the vendor may still type: the link is alive.
WITH_THE_VENDOR = frozenset({State.SENT, State.OPENED})


def state_of(
    now: datetime,
    *,
    sent_at: datetime | None,
    opened_at: datetime | None,
    handed_in_at: datetime | None,
    closed_at: datetime | None,
    revoked_at: datetime | None,
    expires_at: datetime,
) -> State:
    """How an inquiry of these times stands. What was handed in does not expire: it waits for its review."""
    if closed_at is not None:
        return State.CLOSED
    if handed_in_at is not None:
        return State.ANSWERED
    if revoked_at is not None:
        return State.REVOKED
    if sent_at is None:
        return State.DRAFT
    if expires_at <= now:
        return State.EXPIRED
    return State.OPENED if opened_at is not None else State.SENT
