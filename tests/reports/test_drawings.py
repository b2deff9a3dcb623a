"""The small bars of a report: the operators they come to are the shapes of the drawing, no more."""

from __future__ import annotations

import pydyf
import pytest
from django.template.loader import render_to_string

from riskassess.reports import charts
from riskassess.reports.drawings import bars
from riskassess.reports.parts import Word

LEVEL = charts.level_bar(2500, 5000, "Exit", "25–50")


def operators(svg: str, width: float) -> str:
    found, stream = bars(svg), pydyf.Stream()
    assert found is not None
    found.draw(stream, width, found.height, None)
    return str(stream.stream[0].decode())


def test_a_bar_takes_the_width_it_is_given() -> None:
    bar = '<rect x="25%" y="4" width="50%" height="8" fill="#ff0000"/>'
    svg = f'<svg class="scale" height="16" width="100%"><title>x</title>{bar}</svg>'
    found = bars(svg)
    assert found is not None
    assert found.get_intrinsic_size(1, 16) == (None, 16, None)
    assert operators(svg, 200) == "1 0 0 rg 50 4 100 8 re f"
    assert operators(svg, 80) == "1 0 0 rg 20 4 40 8 re f"


def test_caps_stand_on_the_ends_and_hatching_is_a_dashed_line() -> None:
    cap = '<rect x="50%" y="0" width="3" height="9" transform="translate(-1.5)" fill="none" stroke="#000"/>'
    assert operators(f'<svg width="100" height="9">{cap}</svg>', 100) == "0 0 0 RG 1 w 48.5 0 3 9 re S"
    line = '<line x1="0" x2="40%" y1="4" y2="4" stroke="#fff" stroke-width="8" stroke-dasharray="1.4 3.2"/>'
    hatched = operators(f'<svg width="100" height="9">{line}</svg>', 100)
    assert hatched == "1 1 1 RG 8 w [1.4 3.2] 0 d 0 4 m 40 4 l S [] 0 d"


def test_a_drawing_with_a_plane_of_its_own_is_stretched_onto_its_size() -> None:
    box = '<rect x="75" y="1" width="23" height="12" fill="#000"/>'
    svg = f'<svg height="9" width="60" viewBox="0 0 100 14" preserveAspectRatio="none">{box}</svg>'
    found = bars(svg)
    assert found is not None
    assert found.get_intrinsic_size(1, 16) == (60, 9, 60 / 9)
    assert operators(svg, 60) == "q 0.6 0 0 0.643 0 0 cm 0 0 0 rg 75 1 23 12 re f Q"
    kept_in_shape = svg.replace(' preserveAspectRatio="none"', "")
    assert bars(kept_in_shape) is None, "the engine's: it knows how to keep a shape"


def test_the_four_steps_of_a_grid_stay_inside_their_cell() -> None:
    svg = render_to_string("reports/charts/grid.svg", {"severity": charts.severity(4, 4)})
    said = operators(svg, 60).split()
    scale = float(said[1])
    ends = [scale * (float(said[at - 4]) + float(said[at - 2])) for at, one in enumerate(said) if one == "re"]
    assert len(ends) == 4
    assert max(ends) <= 60


def test_every_shape_of_the_small_charts_is_drawn() -> None:
    drawn = {
        "level": {"bar": LEVEL},
        "severity": {"severity": charts.severity(1, 3)},
        "fall": {"bars": charts.tornado_bars(3, 5, 10, ("−0.3", "+0.5"))},
        "rise": {"bars": charts.tornado_bars(3, 5, 10, ("−0.3", "+0.5"))},
    }
    for name, about in drawn.items():
        svg = render_to_string(f"reports/charts/{name}.svg", about)
        painted = operators(svg, 300).split()
        assert sum(painted.count(one) for one in ("f", "S", "B")) == svg.count("<rect") + svg.count(
            "<line"
        ), name


@pytest.mark.parametrize("tone", ["approve", "conditional", "escalate", "reject"])
def test_words_and_curves_stay_with_the_engine(tone: str) -> None:
    mark = Word(tone.upper(), tone, tone)
    assert bars(render_to_string("reports/charts/mark.svg", {"tone": mark.tone})) is None
    assert bars('<svg width="9" height="9"><text x="1">words</text></svg>') is None
