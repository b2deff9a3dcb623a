"""From what sources say to the range a factor may lie in (2.3). Levels in hundredths of a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from itertools import combinations

from riskassess.scoring.inputs import FactorInput, Item
from riskassess.scoring.method import Method
from riskassess.scoring.ranges import VACUOUS, Range

LEVEL = 2_500


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one factor: its range, the tier it rests on, and the items that said so."""

    level: Range
    tier: int
    answered: bool
    used: tuple[Item, ...] = ()
    weaker: tuple[Item, ...] = ()
    contradiction: bool = False


def tier_of(method: Method, item: Item, as_of: date) -> int:
    """0 (says nothing) to 5 (beyond doubt); one less past the greatest age."""
    tier = method.tiers[item.reliability][item.verification - 1]
    return max(0, tier - 1) if is_aged(item, as_of) else tier


def range_of(method: Method, item: Item, tier: int) -> Range:
    """The levels an item leaves possible: narrow on the side its source gains from, wide on the other."""
    if tier == 0:
        return VACUOUS
    down = method.narrow[tier] if item.interest == "self" else method.wide[tier]
    up = method.narrow[tier] if item.interest == "adverse" else method.wide[tier]
    return Range(LEVEL * item.level_low - down, LEVEL * item.level_high + up).cut(*VACUOUS)


def reading(method: Method, given: FactorInput | None, as_of: date) -> Reading:
    """What `given` says on the as-of date. No input, or tier 0 alone, is the full range.

    The best tier governs, ties take the hull, weaker items never narrow. Evidence dated after `as_of`
    did not exist yet and is left out. An open question widens an answered factor, never a declined one.
    """
    if given is None:
        return Reading(VACUOUS, 0, answered=False)
    if given.fixed is not None:
        found = Reading(Range(*given.fixed), given.tier, answered=True)
    else:
        found = _governing(method, given.items, as_of)
    if not found.answered:
        return replace(found, level=method.declined) if given.declined else found
    if given.open_question is not None:
        return replace(found, level=found.level.hull(Range(*given.open_question)))
    return found


def as_shortfall(given: FactorInput) -> FactorInput:
    """An opportunity answer read as a risk: how far it falls short of the best (2.7)."""
    return replace(
        given,
        items=tuple(
            replace(item, level_low=4 - item.level_high, level_high=4 - item.level_low)
            for item in given.items
        ),
        open_question=None if given.open_question is None else Range(*given.open_question).flipped(),
        fixed=None if given.fixed is None else Range(*given.fixed).flipped(),
    )


def _governing(method: Method, items: tuple[Item, ...], as_of: date) -> Reading:
    graded = [(tier_of(method, item, as_of), item) for item in items if item.on is None or item.on <= as_of]
    best = max((tier for tier, _ in graded), default=0)
    ties = [range_of(method, item, best) for tier, item in graded if tier == best]
    weaker = [range_of(method, item, tier) for tier, item in graded if tier < best]
    level = hull_of(ties)
    return Reading(
        level=level,
        tier=best,
        answered=best > 0,
        used=tuple(item for tier, item in graded if tier == best),
        weaker=tuple(item for tier, item in graded if tier < best),
        contradiction=any(one.disjoint(level) for one in weaker)
        or any(one.disjoint(other) for one, other in combinations(ties, 2)),
    )


def hull_of(ranges: Sequence[Range]) -> Range:
    """The smallest range that holds them all; of none, the full range."""
    return reduce(Range.hull, ranges) if ranges else VACUOUS


def is_aged(item: Item, as_of: date) -> bool:
    """Whether the item is past its greatest age on that day; of unknown date, where it has one, it is."""
    if item.max_age_days is None:
        return False
    return item.on is None or (as_of - item.on).days > item.max_age_days
