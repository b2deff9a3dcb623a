"""One entry for each shape: where a new one is added."""

from __future__ import annotations

from riskassess.imports.shapes.answers import Answers
from riskassess.imports.shapes.facts import Facts
from riskassess.imports.shapes.flat import Flat
from riskassess.imports.shapes.matrix import Matrix
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.publics import Register, Uses
from riskassess.imports.shapes.refused import Countries, Questions, Scores
from riskassess.imports.shapes.regions import RegionList
from riskassess.imports.shapes.schedules import PriceHistory, Retirement, Sections
from riskassess.imports.shapes.shape import Shape
from riskassess.imports.shapes.vendors import VendorList
from riskassess.kernel.errors import InvalidInput

_ALL: tuple[Shape, ...] = (
    Flat(),
    Matrix(),
    Facts(),
    Sections(),
    Retirement(),
    PriceHistory(),
    RegionList(),
    VendorList(),
    Answers(),
    Register(),
    Uses(),
    Questions(),
    Scores(),
    Countries(),
)
SHAPES: dict[ShapeName, Shape] = {shape.name: shape for shape in _ALL}


def shape_named(name: str) -> Shape:
    """InvalidInput, naming those there are, when there is none."""
    try:
        return SHAPES[ShapeName(name)]
    except (ValueError, KeyError) as error:
        known = ", ".join(SHAPES)
        raise InvalidInput(
            f"There is no shape “{name}”.", hint=f"Choose one of: {known}.", where="shape"
        ) from error
