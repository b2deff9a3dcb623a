"""What a row can do, and the names by which a batch counts them. Pure."""

from __future__ import annotations

from collections.abc import Mapping

COUNTED = {"new": "new", "update": "updated", "unchanged": "unchanged", "skip": "skipped", "invalid": "invalid",
           "ask": "asked", "conflict": "conflicts"}  # fmt: skip


def counted(tally: Mapping[str, int]) -> dict[str, int]:
    """How many rows met each outcome, by the names of a batch's counts."""
    counts = {name: tally.get(outcome, 0) for outcome, name in COUNTED.items()}
    return {"read": sum(counts.values())} | counts
