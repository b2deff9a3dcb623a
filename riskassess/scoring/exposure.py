"""Which rule sets how much a factor matters in one use: the `exposure` column of a method (2.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.truth import Truth, any_of
from riskassess.scoring.ranges import Range

LETTERS = ("D", "I", "A", "B", "S")
FLAGS = ("EU", "UK", "US", "H", "F", "R", "P")
STEP = 25
"""Percent of exposure for each profile level of 0..4."""

_FULL_IF = re.compile(r"100 if (?P<flag>\w+) else (?P<letter>\w)")
_PLAIN = re.compile(r"(?:max\((?P<many>\w(?:,\w)+)\)|(?P<one>\w))(?: if (?P<flags>\w+(?: or \w+)*))?")


@dataclass(frozen=True, slots=True)
class ExposureRule:
    """The greatest of `letters`; 100 where `full_if` holds; 0 where none of `only_if` holds."""

    text: str
    letters: tuple[str, ...]
    only_if: tuple[str, ...] = ()
    full_if: str = ""

    def exposure(self, levels: Mapping[str, Range], flags: Mapping[str, Truth]) -> Range:
        """Percent 0..100, both ends; a flag nobody has settled leaves both of its outcomes open."""
        greatest = Range(
            STEP * max(levels[letter].low for letter in self.letters),
            STEP * max(levels[letter].high for letter in self.letters),
        )
        if self.full_if:
            return _either(_flag(flags, self.full_if), Range(100, 100), greatest)
        if self.only_if:
            return _either(any_of(_flag(flags, flag) for flag in self.only_if), greatest, Range(0, 0))
        return greatest


def parse_exposure(text: str, *, where: str = "") -> ExposureRule:
    """The rule that a method's text states.

    Forms: `D`, `max(I,B)`, `I if EU`, `max(B,D) if H or F`, `100 if R else D`. Raises InvalidInput.
    """
    if found := _FULL_IF.fullmatch(text.strip()):
        rule = ExposureRule(text, (found["letter"],), full_if=found["flag"])
    elif found := _PLAIN.fullmatch(text.strip()):
        letters = tuple((found["many"] or found["one"]).split(","))
        rule = ExposureRule(
            text, letters, only_if=tuple((found["flags"] or "").split(" or ")) if found["flags"] else ()
        )
    else:
        raise InvalidInput(
            f"“{text}” is no exposure rule.",
            hint="Write for example “D”, “max(I,B)”, “I if EU” or “100 if R else D”.",
            where=where,
        )
    named = {*rule.letters, *rule.only_if} | ({rule.full_if} - {""})
    if unknown := sorted(named - {*LETTERS, *FLAGS}):
        raise InvalidInput(
            f"“{text}” names {', '.join(unknown)}.", hint="Use D I A B S and the flags.", where=where
        )
    return rule


def _flag(flags: Mapping[str, Truth], name: str) -> Truth:
    return flags.get(name, Truth.UNKNOWN)


def _either(truth: Truth, if_true: Range, if_false: Range) -> Range:
    if truth is Truth.UNKNOWN:
        return if_true.hull(if_false)
    return if_true if truth is Truth.TRUE else if_false
