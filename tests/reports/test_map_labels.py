"""The numbers on a map of many assessments: however their boxes lie, no number stands on another."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from riskassess.reports.charts import many_map
from riskassess.reports.map_labels import NARROWEST, TALL, WHOLE, Box, Spot, plate, spots
from riskassess.reports.portfolio_charts import MOST_ON_MAP

PLANE = Box(180, 0, WHOLE, 320)


def overlaps(one: tuple[int, Spot], other: tuple[int, Spot], width: int) -> bool:
    """Whether two plates touch on a map of that width in pixels."""
    apart = abs(one[1].x - other[1].x) * width / WHOLE
    return apart < (plate(one[0]) + plate(other[0])) / 2 and abs(one[1].y - other[1].y) < TALL


@st.composite
def some_boxes(draw: st.DrawFn) -> list[tuple[int, Box]]:
    found = []
    for number in range(1, draw(st.integers(1, MOST_ON_MAP)) + 1):
        left, right = sorted(draw(st.tuples(*[st.integers(PLANE.left, PLANE.right)] * 2)))
        top, bottom = sorted(draw(st.tuples(*[st.integers(PLANE.top, PLANE.bottom)] * 2)))
        found.append((number, Box(left, top, right, bottom)))
    return found


@given(some_boxes())
def test_no_number_stands_on_another_on_any_width(boxes: list[tuple[int, Box]]) -> None:
    found = spots(boxes, PLANE)
    numbered = [(number, spot) for (number, _), spot in zip(boxes, found, strict=True)]
    for one, other in combinations(numbered, 2):
        assert not overlaps(one, other, NARROWEST)
        assert not overlaps(one, other, 832)
    for number, spot in numbered:
        half = plate(number) * WHOLE / NARROWEST / 2
        assert PLANE.left + half <= spot.x <= PLANE.right - half
        assert TALL / 2 <= spot.y <= 320 - TALL / 2
    assert found == spots(boxes, PLANE), "the same boxes are numbered the same every time"


def test_thirty_of_the_same_point_are_all_to_be_read() -> None:
    boxes = [(number, Box(500, 100, 500, 100)) for number in range(1, 31)]
    found = spots(boxes, PLANE)
    assert len({(spot.x, spot.y) for spot in found}) == 30
    assert found[0].leads_to is None
    assert found[-1].leads_to == (500, 100), "what stands beside its box has a line to it"
    numbered = [(number, spot) for (number, _), spot in zip(boxes, found, strict=True)]
    assert not any(overlaps(one, other, NARROWEST) for one, other in combinations(numbered, 2))


def test_a_number_stands_on_the_edge_of_its_box() -> None:
    made = many_map(
        [(1, "reject", (70, 90, 1), (20, 60, 1)), (2, "approve", (70, 90, 1), (20, 60, 1))],
        (25, 45, 70),
        ("Low", "Moderate", "High", "Severe"),
        (40,),
    )
    first, second = (box.label for box in made.boxes)
    assert (first.x, first.y, first.leads_to) == ("36.8%", 32, None), "upper edge: risk 90 of 100, 320 high"
    assert second.y == first.y
    assert float(second.x[:-1]) > float(first.x[:-1])
