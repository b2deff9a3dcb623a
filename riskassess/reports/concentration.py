"""On whom a portfolio rests: by the group a vendor belongs to, and by the group whose machines run it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from riskassess.reports.figures import decimals
from riskassess.reports.legal import word
from riskassess.reports.parts import Interval, Word
from riskassess.scoring.method import DECISIONS

TITLES = {
    "seller": "By vendor group (who sells it)",
    "developer": "By developer's group",
    "machines": "By host and operator (whose machines run it)",
}
NOBODY = "Not known"


@dataclass(frozen=True, slots=True)
class Held:
    """What one assessment holds: in each role its (group, vendor) pairs.

    Where nobody has said who it is the group is empty, and the vendor names what is missing.
    """

    groups: Mapping[str, Sequence[tuple[str, str]]]
    decision: str
    in_force: bool
    review_due: bool
    risk: Interval | None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: its vendors as they occur, how many assessments rest on it, and the gravest among them."""

    group: str
    vendors: tuple[str, ...]
    missing: tuple[str, ...]
    """In the row of what is not known: which roles nobody has named."""
    count: int
    share: str
    """Percent of all assessments, in tenths; an assessment may rest on two groups."""
    in_force: int
    review_due: int
    unscored: int
    """How many of them nobody has scored yet: the gravest is the gravest of the others."""
    severest: Word | None
    highest: str


@dataclass(frozen=True, slots=True)
class Concentration:
    name: str
    rows: tuple[GroupRow, ...]


def concentrations(held: Sequence[Held]) -> tuple[Concentration, ...]:
    """Each role, the group with most assessments first; what nobody has said is a row of its own, at the end."""
    return tuple(Concentration(title, _rows(held, role)) for role, title in TITLES.items())


def _rows(held: Sequence[Held], role: str) -> tuple[GroupRow, ...]:
    found: dict[str, list[Held]] = {}
    vendors: dict[str, set[str]] = {}
    for one in held:
        named = [(group or NOBODY, vendor) for group, vendor in one.groups[role]]
        for group, vendor in named:
            vendors.setdefault(group, set()).add(vendor)
        for group in dict.fromkeys(group for group, _ in named):
            found.setdefault(group, []).append(one)
    rows = [_row(group, ones, vendors[group], len(held)) for group, ones in found.items()]
    return tuple(sorted(rows, key=lambda row: (row.group == NOBODY, -row.count, row.group)))


def _row(group: str, ones: Sequence[Held], vendors: set[str], whole: int) -> GroupRow:
    ranks = [DECISIONS.index(one.decision) for one in ones if one.decision]
    risks = [one.risk for one in ones if one.risk]
    highest = max(risks, key=lambda risk: Fraction(risk.high, risk.denominator), default=None)
    named = tuple(sorted(vendor for vendor in vendors if vendor and vendor != group))
    is_known = group != NOBODY
    return GroupRow(
        group=group,
        vendors=named if is_known else (),
        missing=() if is_known else named,
        count=len(ones),
        share=decimals((2000 * len(ones) + whole) // (2 * whole), 10, 1),  # to the nearest tenth
        in_force=sum(one.in_force for one in ones),
        review_due=sum(one.review_due for one in ones),
        unscored=sum(not one.decision for one in ones),
        severest=word(DECISIONS[max(ranks)]) if ranks else None,
        highest=highest.shown_high if highest else "",
    )
