"""Where the numbers of a map of boxes stand: each on the edge of its own box, none on another. Pure, integers only.

Across is told in thousandths of the map's width, down in its own units of height. Numbers keep their size whatever the
width: what is free on the narrowest map is free on every wider one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NARROWEST = 320  # pixels: of a telephone
WHOLE = 1000
TALL = 13  # a number with its plate
DIGIT, AROUND = 7, 5
STEP = 12


@dataclass(frozen=True, slots=True)
class Box:
    """The edges of a box."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Spot:
    """The middle of a number. Where its box has no free edge, it stands beside it and a line leads there."""

    x: int
    y: int
    leads_to: tuple[int, int] | None = None


def plate(number: int) -> int:
    """How wide the plate of a number is, in pixels."""
    return DIGIT * len(str(number)) + AROUND


def spots(boxes: Sequence[tuple[int, Box]], plane: Box) -> tuple[Spot, ...]:
    """Where each `(number, box)` is numbered within `plane`, in their order: who comes first chooses first."""
    taken: list[Box] = []
    found = []
    for number, box in boxes:
        half = -(-plate(number) * WHOLE // (2 * NARROWEST))
        spot = _first_free(box, half, plane, taken)
        taken.append(_around(spot, half))
        found.append(spot)
    return tuple(found)


def _first_free(box: Box, half: int, plane: Box, taken: Sequence[Box]) -> Spot:
    inner = Box(
        plane.left + half, plane.top + TALL // 2 + 1, plane.right - half, plane.bottom - TALL // 2 - 1
    )
    for x, y in _edges(box):
        spot = Spot(_within(x, inner.left, inner.right), _within(y, inner.top, inner.bottom))
        if _is_free(_around(spot, half), taken):
            return spot
    corner = (box.left, box.top)
    for x, y in _nearest_first(corner, half, inner):
        spot = Spot(x, y, corner)
        if _is_free(_around(spot, half), taken):
            return spot
    return Spot(_within(box.left, inner.left, inner.right), _within(box.top, inner.top, inner.bottom))


def _edges(box: Box) -> Iterator[tuple[int, int]]:
    """Along the upper edge, down the sides, along the lower edge."""
    across = range(box.left + STEP * 2, max(box.right - STEP, box.left + STEP * 2 + 1), STEP)
    down = range(box.top + TALL, box.bottom - TALL // 2, TALL // 2)
    yield from ((x, box.top) for x in across)
    yield from ((x, y) for y in down for x in (box.left, box.right))
    yield from ((x, box.bottom) for x in across)


def _nearest_first(corner: tuple[int, int], half: int, inner: Box) -> Iterator[tuple[int, int]]:
    """Every place of a grid over the plane, the nearest to `corner` first."""
    places = [
        (x, y)
        for y in range(inner.top, inner.bottom + 1, TALL)
        for x in range(inner.left, inner.right + 1, 2 * half)
    ]
    # A thousandth of the narrowest map is about a third of a pixel.
    return iter(sorted(places, key=lambda at: (abs(at[0] - corner[0]) // 3 + abs(at[1] - corner[1]), at)))


def _around(spot: Spot, half: int) -> Box:
    return Box(spot.x - half, spot.y - TALL // 2 - 1, spot.x + half, spot.y + TALL // 2 + 1)


def _is_free(wanted: Box, taken: Sequence[Box]) -> bool:
    return not any(
        wanted.left < one.right
        and one.left < wanted.right
        and wanted.top < one.bottom
        and one.top < wanted.bottom
        for one in taken
    )


def _within(value: int, least: int, most: int) -> int:
    return min(max(value, least), most)
