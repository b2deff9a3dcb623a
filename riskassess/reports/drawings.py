"""The small drawings of a report as the PDF operators they come to.

A report holds a hundred bars of rectangles and straight lines. As SVG each shape is styled, transformed and
drawn by the engine as if it could be anything, which takes a tenth of the whole report; written here, the
same shapes are one short text. What has words or curves in it stays with the engine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# The drawing's own element, its words, and what we draw; anything else is the engine's.
_ELEMENT = re.compile(r"<(svg|title|rect|line)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_OTHER = re.compile(r"<(?!/|(?:svg|title|rect|line)\b)")
_SHIFT = re.compile(r"translate\((-?[\d.]+)\)")

Shape = Mapping[str, str]


class Bars:
    """Rectangles and lines, as the engine asks of an image: how large it is, and to be drawn."""

    def __init__(
        self,
        width: float | None,
        height: float,
        shapes: list[tuple[str, Shape]],
        plane: tuple[float, float] | None = None,
    ) -> None:
        self.width, self.height, self.shapes = width, height, shapes
        self.plane = plane
        """The width and height that the shapes are told in, where it is not the drawing's own."""

    def get_intrinsic_size(self, resolution: float, font_size: float) -> tuple[Any, Any, Any]:
        """Width, height and their ratio in CSS pixels; no width where it takes what it is given."""
        return self.width, self.height, self.width / self.height if self.width else None

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        """Writes the operators, from the upper left corner down."""
        across, down = self.plane or (width, height)
        drawn = [
            _rect(one, across, down) if tag == "rect" else _line(one, across) for tag, one in self.shapes
        ]
        said = " ".join(filter(None, drawn))
        if self.plane:
            said = f"q {_numbers((width / across, 0, 0, height / down, 0, 0))} cm {said} Q"
        stream.stream.append(said.encode())


def bars(svg: str) -> Bars | None:
    """The drawing, if rectangles and lines are all it has."""
    if _OTHER.search(svg):
        return None
    found = [(tag, dict(_ATTRIBUTE.findall(attributes))) for tag, attributes in _ELEMENT.findall(svg)]
    whole = found[0][1]
    plane = _plane(whole)
    if plane is None and "viewBox" in whole:
        return None
    width = None if whole["width"].endswith("%") else float(whole["width"])
    return Bars(width, float(whole["height"]), [one for one in found if one[0] in ("rect", "line")], plane)


def _plane(whole: Shape) -> tuple[float, float] | None:
    """What a `viewBox` from the corner measures, stretched over the drawing; None for any other."""
    left, top, *sides = map(float, whole.get("viewBox", "0 0").split())
    if len(sides) != 2 or left or top or whole.get("preserveAspectRatio") != "none":
        return None
    return sides[0], sides[1]


def _rect(shape: Shape, width: float, height: float) -> str:
    shift = _SHIFT.search(shape.get("transform", ""))
    x = _length(shape["x"], width) + (float(shift[1]) if shift else 0)
    box = (x, _length(shape["y"], height), _length(shape["width"], width), _length(shape["height"], height))
    fill, stroke = shape.get("fill", "#000"), shape.get("stroke", "none")
    paint = {(True, True): "B", (True, False): "f", (False, True): "S"}.get(
        (fill != "none", stroke != "none")
    )
    if paint is None:
        return ""
    return f"{_pen(fill, stroke, shape)}{_numbers(box)} re {paint}"


def _line(shape: Shape, width: float) -> str:
    """A horizontal or vertical line; dashes make a hatched bar of a thick one."""
    ends = (_length(shape["x1"], width), float(shape["y1"]), _length(shape["x2"], width), float(shape["y2"]))
    dash = shape.get("stroke-dasharray")
    dashed = f"[{dash}] 0 d " if dash else ""
    line = f"{_numbers(ends[:2])} m {_numbers(ends[2:])} l S"
    return f"{_pen('none', shape['stroke'], shape)}{dashed}{line}{' [] 0 d' if dash else ''}"


def _pen(fill: str, stroke: str, shape: Shape) -> str:
    said = f"{_colour(fill)} rg " if fill != "none" else ""
    if stroke != "none":
        said += f"{_colour(stroke)} RG {_number(float(shape.get('stroke-width', '1')))} w "
    return said


def _length(text: str, whole: float) -> float:
    return float(text[:-1]) * whole / 100 if text.endswith("%") else float(text)


def _colour(text: str) -> str:
    """`#rrggbb` or `#rgb` as three shares of one."""
    digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
    return _numbers(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))


def _numbers(values: Any) -> str:
    return " ".join(map(_number, values))


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
