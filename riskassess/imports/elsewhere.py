"""Where a sheet belongs that is no catalog: what builds on imports says so when it starts; imports shows the way."""

from __future__ import annotations

from dataclasses import dataclass

from riskassess.imports.shapes.names import ShapeName


@dataclass(frozen=True, slots=True)
class Place:
    """What can be done with the sheet instead; `url_name` takes the import's id."""

    label: str
    url_name: str


_PLACES: dict[ShapeName, Place] = {}


def offer(shape: ShapeName, place: Place) -> None:
    """From now on, a sheet of that shape is offered to `place`."""
    _PLACES[shape] = place


def place_for(shape: ShapeName) -> Place | None:
    """Where a sheet of that shape can go; None where nobody takes it."""
    return _PLACES.get(shape)
