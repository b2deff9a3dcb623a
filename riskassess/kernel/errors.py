"""One small family of expected errors. Each says what is wrong, where, and what to do next."""

from __future__ import annotations


class RiskassessError(Exception):
    """Something a person can put right.

    `message` says what is wrong, `hint` what to do, `where` the field, file or cell. `permanent` tells a
    job whether trying again could help. config maps it to a page, an API problem and a command's exit 1.
    """

    permanent = True

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message}" + (f" {self.hint}" if self.hint else "")


class InvalidInput(RiskassessError):
    """What was sent cannot be used as it is."""


class NotAllowed(RiskassessError):
    """The person may see the record but not do this with it."""


class Conflict(RiskassessError):
    """The record has moved on since the person looked."""


class TryAgain(RiskassessError):
    """Nothing is wrong with the request; the same thing may work later."""

    permanent = False


class NoRoom(TryAgain):
    """The disk that keeps files is full."""

    def __init__(self) -> None:
        super().__init__(
            "The server has no room left to keep this file; nothing of it was kept.",
            hint="Ask whoever runs the server to make room, then do it again.",
        )
