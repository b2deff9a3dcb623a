"""The versions of the method (2.1-2.8): immutable data, found by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.anatomy import BANDS, DECISIONS, Factor, Gate, GateEffect, Method, Sampling
from riskassess.scoring.loading import read_method

__all__ = [
    "BANDS",
    "DECISIONS",
    "FOLDER",
    "METHODS",
    "Factor",
    "Gate",
    "GateEffect",
    "Method",
    "Sampling",
    "load_method",
]

FOLDER = Path(__file__).parent / "methods"

METHODS: tuple[str, ...] = tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))
"""The versions that can be loaded."""


def load_method(version: str = "vrm-1.0") -> Method:
    """The method of that version, checked; always the same object. Raises InvalidInput."""
    if version not in METHODS:
        raise InvalidInput(
            f"There is no method “{version}”.", hint=f"Use {', '.join(METHODS)}.", where="method"
        )
    return _loaded(version)


@cache
def _loaded(version: str) -> Method:
    return read_method(FOLDER / version)
