"""A closed range of whole numbers: what is known of a quantity that may not be known exactly."""

from __future__ import annotations

from typing import NamedTuple

FULL = 10_000
"""Worst level, in hundredths of a point: level k of 0..4 stands at 2,500 k."""


class Range(NamedTuple):
    """Both ends, low first; equal ends are a known value."""

    low: int
    high: int

    @property
    def width(self) -> int:
        return self.high - self.low

    def hull(self, other: Range) -> Range:
        """The smallest range that holds both."""
        return Range(min(self.low, other.low), max(self.high, other.high))

    def disjoint(self, other: Range) -> bool:
        """Whether no value lies in both."""
        return self.high < other.low or other.high < self.low

    def cut(self, low: int, high: int) -> Range:
        """Both ends moved into low..high."""
        return Range(min(max(self.low, low), high), min(max(self.high, low), high))

    def flipped(self, top: int = FULL) -> Range:
        """The range of `top - value`: goodness read as shortfall, and back."""
        return Range(top - self.high, top - self.low)


VACUOUS = Range(0, FULL)
"""What nobody has answered: any level."""
