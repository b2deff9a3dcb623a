"""What a rule sees: the atoms of the regulation over one set of facts on one day, every read remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from riskassess.kernel.stated import Known, Stated, Unknown
from riskassess.kernel.truth import Truth
from riskassess.rules.dated import Parameters
from riskassess.rules.facts import ANY, FACTS, Facts, Member
from riskassess.rules.holds import FALSE, Holds, all_hold, any_holds, settled
from riskassess.rules.values import Level
from riskassess.rules.zones import Zones

Zone = Callable[[str], Holds]  # whether a country lies in it


class Atoms:
    """The atoms. Over Unknown each is unknown, over NotApplicable false; compounds negate with `~`."""

    def stated(self, name: str) -> Stated[Any]:
        raise NotImplementedError

    def fact(self, name: str) -> str:
        """The fact of the vocabulary that would settle an atom over `name`."""
        raise NotImplementedError

    def yes(self, name: str) -> Holds:
        """`name` is true."""
        return self._atom(name, lambda value: value is True)

    def no(self, name: str) -> Holds:
        """`name` is false; not the negation of `yes`, for NotApplicable is neither."""
        return self._atom(name, lambda value: value is False)

    def one_of(self, name: str, *choices: str) -> Holds:
        """`name` is one of the choices."""
        return self._atom(name, lambda value: value in choices)

    def at_least(self, name: str, number: Decimal) -> Holds:
        return self._atom(name, lambda value: value >= number)

    def before(self, name: str, day: date) -> Holds:
        return self._atom(name, lambda value: value < day)

    def _atom(self, name: str, test: Callable[[Any], bool]) -> Holds:
        match self.stated(name):
            case Known(value):
                return settled(test(value))
            case Unknown():
                return Holds(Truth.UNKNOWN, frozenset({self.fact(name)}))
        return FALSE


@dataclass(frozen=True, slots=True)
class Listed:
    """A list whose None is a member nobody has named; an unknown list is (None,) alone.

    `open` are the facts that would name it. ANY, a service that promises no place, lies in no zone.
    """

    members: tuple[Any, ...]
    open: frozenset[str]

    def contains(self, *choices: str) -> Holds:
        return any_holds(self._unnamed if one is None else settled(one in choices) for one in self.members)

    def within(self, zone: Zone) -> Holds:
        return all_hold(self._lies_in(zone, one) for one in self.members)

    def _lies_in(self, zone: Zone, one: str | None) -> Holds:
        if one is None:
            return self._unnamed
        return FALSE if one == ANY else zone(one)

    @property
    def _unnamed(self) -> Holds:
        return Holds(Truth.UNKNOWN, self.open)


@dataclass(frozen=True, slots=True)
class MemberReading(Atoms):
    """One member of a list fact; `member` None is one of which nothing is known."""

    of: str
    number: int
    member: Member | None

    def stated(self, name: str) -> Stated[Any]:
        FACTS[self.of].member(name)  # a misspelt attribute is an error, not an unknown
        return Unknown() if self.member is None else self.member.stated(name)

    def fact(self, name: str) -> str:
        return self.of

    @property
    def title(self) -> str:
        return f"{self.of.rstrip('s')} {self.number}"


@dataclass(frozen=True, slots=True)
class Reading(Atoms):
    """One rule's view of the facts: `seen` keeps what it read, for the trace."""

    facts: Facts
    on: date
    parameters: Parameters
    zones: Zones
    seen: dict[str, Stated[Any]] = field(default_factory=dict)

    def stated(self, name: str) -> Stated[Any]:
        return self.seen.setdefault(name, self.facts.stated(name))

    def fact(self, name: str) -> str:
        return name

    # -- constants ---------------------------------------------------------------------------------

    def level(self, key: str) -> Level:
        return self.parameters.level(key, self.on)

    def whole(self, key: str) -> int:
        return self.parameters.whole(key, self.on)

    def threshold(self, key: str) -> Decimal:
        return self.parameters.number(key, self.on)

    def day(self, key: str) -> date:
        return self.parameters.day(key, self.on)

    def since(self, key: str) -> Holds:
        """Whether the named day has come."""
        return settled(self.on >= self.day(key))

    def either_way(self, name: str, predicate: Callable[[Reading], Holds]) -> Holds:
        """A predicate that reads the yes-or-no fact `name` more than once, judged for either answer.

        Kleene logic alone would call `X and not X` unknown; here it is false whatever X is.
        """
        if not isinstance(self.stated(name), Unknown):
            return predicate(self)
        supposed = [self._supposing(name, answer) for answer in (True, False)]
        yes, no = (predicate(reading) for reading in supposed)
        for reading in supposed:
            self.seen.update({fact: self.facts.stated(fact) for fact in reading.seen})
        if yes.truth is no.truth:
            return Holds(yes.truth, yes.open | no.open)
        return Holds(Truth.UNKNOWN, yes.open | no.open | {name})

    def _supposing(self, name: str, answer: bool) -> Reading:
        supposed = Facts({**self.facts.by_name, name: Known(answer)})
        return Reading(supposed, self.on, self.parameters, self.zones)

    # -- lists -------------------------------------------------------------------------------------

    def listed(self, name: str) -> Listed:
        """The list as stated; NotApplicable counts as empty."""
        match self.stated(name):
            case Known(members):
                return Listed(members, frozenset({name}))
            case Unknown():
                return Listed((None,), frozenset({name}))
        return Listed((), frozenset({name}))

    def contains(self, name: str, *choices: str) -> Holds:
        """At least one of the choices is in the list."""
        return self.listed(name).contains(*choices)

    def members(self, name: str) -> tuple[MemberReading, ...]:
        """The claims or partnerships; an unknown list is one member of which nothing is known."""
        listed = self.listed(name).members
        return tuple(MemberReading(name, n, one) for n, one in enumerate(listed, start=1))

    def any_member(self, name: str, test: Callable[[MemberReading], Holds]) -> Holds:
        """At least one claim or partnership passes the test."""
        return any_holds(test(member) for member in self.members(name))

    # -- places ------------------------------------------------------------------------------------

    def country_in(self, name: str, zone: Zone) -> Holds:
        """The one country of `name` lies in the zone."""
        match self.stated(name):
            case Known(code):
                return zone(code)
            case Unknown():
                return Holds(Truth.UNKNOWN, frozenset({name}))
        return FALSE

    def zone(self, name: str) -> Zone:
        """A zone of parameters/zones.yaml as it stands on the day."""
        return lambda code: settled(self.zones.contain(name, code, self.on))
