"""Whose word counts: what a person chose, then first-party, then the newest day, then who spoke first. Pure.

The rule is the same whichever list comes first or again, so lists that disagree come to rest.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from riskassess.imports.known import Record, Statement
from riskassess.imports.said import Value, as_stored
from riskassess.kernel.stated import NotApplicable

BESIDE = "kept beside the current value"
ABOVE, OLDER = "a row above says so", "the record is newer"
CHOSEN, FIRST_PARTY = "a person chose the current value", "the current value is first-party"
SAME_DAY = "the current value is of the same day"
CONFLICTS = {CHOSEN, FIRST_PARTY, SAME_DAY}  # on these a person may decide otherwise


def why_not(record: Record, attribute: str, *, on: date, source: int | None, alone: bool) -> str:
    """Why the word of the sheet `source`, valid `on` a day, is not the current one; '' when it is.

    A sheet may correct its own word of the same day where no other listing shares the record (`alone`).
    """
    if attribute in record.changed:
        return ABOVE
    said = record.said.get(attribute, [])
    if any(statement.preferred for statement in said):
        return CHOSEN
    if any(statement.first_party for statement in said):
        return FIRST_PARTY
    if attribute not in record.values and not said:
        return ""
    words = [(statement.on, statement.source) for statement in said if statement.on]
    if record.origin is not None and record.origin.on:
        words.append((record.origin.on, record.origin.source))
    held = max((day for day, _ in words), default=None)
    if held is None or on > held:
        return ""
    if on < held:
        return OLDER
    others = {whose for day, whose in words if day == held} - {source}
    return SAME_DAY if others or not alone else ""


def conflict(
    record: Record, attribute: str, why: str, cell: str, old: str | None, new: str
) -> dict[str, Any]:
    """What the sheet says against the record, as a row keeps it: both values, and who holds the current one."""
    held = max(record.said.get(attribute, []), key=_rank, default=None)
    source = held.source if held else record.origin.source if record.origin else None
    day = held.on if held else record.origin.on if record.origin else None
    return {
        "cell": cell, "old": old, "new": new, "source": source, "why": why, "on": day.isoformat() if day else "",
    }  # fmt: skip


def says(statement: Statement, value: Value) -> bool:
    """Whether the value is on record as this statement."""
    if isinstance(value, NotApplicable):
        return statement.not_applicable
    return not statement.not_applicable and statement.value == as_stored(value)


def _rank(said: Statement) -> tuple[bool, bool, date]:
    return said.preferred, said.first_party, said.on or date.min
