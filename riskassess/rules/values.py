"""How severe a finding is: base, named steps up and down, summed first, then cut to 1..4.

The one home of the arithmetic. Each end of a range takes the most favourable, or the least favourable,
value that the unknown facts leave possible; every step keeps its own numbers for the trace.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from riskassess.rules.holds import Holds

LEAST, MOST = 1, 4


@dataclass(frozen=True, slots=True)
class Level:
    """A severity from the table. A fixed one is neither modified nor reduced: change the fact."""

    value: int
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """The row's severity: the first case that holds, otherwise the last word."""

    cases: tuple[tuple[Holds, Level], ...]
    otherwise: Level

    def possible(self) -> list[Level]:
        """Every level the unknown facts leave, in the order of the table."""
        levels = []
        for holds, level in self.cases:
            if holds.possible:
                levels.append(level)
            if holds.certain:
                return levels
        return [*levels, self.otherwise]


@dataclass(frozen=True, slots=True)
class Step:
    """A modifier or a reduction: the first case that holds gives its size, none gives 0."""

    name: str
    cases: tuple[tuple[Holds, int], ...]

    def range(self) -> tuple[int, int]:
        sizes = []
        for holds, size in self.cases:
            if holds.possible:
                sizes.append(size)
            if holds.certain:
                return min(sizes), max(sizes)
        return min([*sizes, 0]), max([*sizes, 0])


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trace: what it adds at the low end and at the high end."""

    kind: str
    name: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Value:
    """A severity's two ends, the lines that sum to them, and the facts that keep them apart."""

    low: int
    high: int
    lines: tuple[Line, ...]
    open: frozenset[str]


NOTHING = Value(0, 0, (), frozenset())


def base(otherwise: Level, *cases: tuple[Holds, Level]) -> Base:
    """`base(one, (condition, two))` reads: one; two if the condition holds."""
    return Base(cases, otherwise)


def step(name: str, holds: Holds, size: int = 1) -> Step:
    return Step(name, ((holds, size),))


def value(of: Base, plus: Iterable[Step] = (), minus: Iterable[Step] = ()) -> Value:
    """Base + modifiers - reductions at both ends, cut once at the end."""
    plus, minus = tuple(plus), tuple(minus)
    levels = of.possible()
    low = min(levels, key=lambda level: _total(level, _at_low(plus, minus)))
    high = max(levels, key=lambda level: _total(level, _at_high(plus, minus)))
    return Value(
        low=_total(low, _at_low(plus, minus)),
        high=_total(high, _at_high(plus, minus)),
        lines=_lines(low, high, plus, minus),
        open=_open(of, plus, minus, levels),
    )


def _at_low(plus: tuple[Step, ...], minus: tuple[Step, ...]) -> int:
    return sum(s.range()[0] for s in plus) - sum(s.range()[1] for s in minus)


def _at_high(plus: tuple[Step, ...], minus: tuple[Step, ...]) -> int:
    return sum(s.range()[1] for s in plus) - sum(s.range()[0] for s in minus)


def _moves(level: Level) -> bool:
    return not level.fixed and level.value != 0


def _total(level: Level, steps: int) -> int:
    return min(MOST, max(LEAST, level.value + steps)) if _moves(level) else level.value


def _lines(low: Level, high: Level, plus: tuple[Step, ...], minus: tuple[Step, ...]) -> tuple[Line, ...]:
    """Base, each step that may count, and the cut: they sum to the ends of the value."""
    moves_low, moves_high = int(_moves(low)), int(_moves(high))
    lines = [
        Line("fixed" if low.fixed and high.fixed else "base", "severity of the row", low.value, high.value)
    ]
    for one in plus:
        least, most = one.range()
        lines.append(Line("modifier", one.name, least * moves_low, most * moves_high))
    for one in minus:
        least, most = one.range()
        lines.append(Line("reduction", one.name, -most * moves_low, -least * moves_high))
    cut_low = _total(low, _at_low(plus, minus)) - sum(line.low for line in lines)
    cut_high = _total(high, _at_high(plus, minus)) - sum(line.high for line in lines)
    lines.append(Line("cut", f"kept within {LEAST} to {MOST}", cut_low, cut_high))
    return tuple(line for line in lines if line.low or line.high or line.kind in ("base", "fixed"))


def _open(of: Base, plus: tuple[Step, ...], minus: tuple[Step, ...], levels: list[Level]) -> frozenset[str]:
    """The unknown facts behind the base and, unless no possible base can move, behind the steps."""
    conditions = [holds for holds, _ in of.cases] if len(levels) > 1 else []
    if any(_moves(level) for level in levels):
        conditions += [holds for one in (*plus, *minus) for holds, _ in one.cases]
    return frozenset().union(*(holds.open for holds in conditions))
