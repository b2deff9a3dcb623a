"""What one assessment puts into the method: profile, evidence, mitigations, relevance (2.1, 2.3, 2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.truth import Truth
from riskassess.scoring.canonical import canonical_json
from riskassess.scoring.exposure import FLAGS, LETTERS
from riskassess.scoring.ranges import FULL, Range

Interest = Literal["self", "adverse", "neutral"]
Status = Literal["proposed", "committed", "implemented", "verified"]

INTERESTS = ("self", "adverse", "neutral")
RELIABILITIES = ("A", "B", "C", "D", "E", "F")
STATUSES = ("proposed", "committed", "implemented", "verified")


def _refuse(message: str, hint: str, where: str) -> None:
    raise InvalidInput(message, hint=hint, where=where)


def _check_range(low: int, high: int, top: int, where: str) -> None:
    if not 0 <= low <= high <= top:
        _refuse(f"{low} to {high} is no range within 0 to {top}.", "Give the lower end first.", where)


@dataclass(frozen=True, slots=True)
class Level:
    """A profile level 0..4, or the range it may lie in."""

    low: int
    high: int

    def __post_init__(self) -> None:
        _check_range(self.low, self.high, 4, "profile level")

    @classmethod
    def of(cls, level: int | None) -> Level:
        """The known level; None is any level."""
        return cls(0, 4) if level is None else cls(level, level)

    @property
    def range(self) -> Range:
        return Range(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Profile:
    """How the offer is used: data sensitivity D, impact I, autonomy A, business criticality B, spread S.

    Flags EU, UK, US, H health, F finance, R residency mandate, P production; one left out is unknown.
    """

    D: Level
    I: Level  # noqa: E741 - the method's own letter
    A: Level
    B: Level
    S: Level
    flags: Mapping[str, Truth] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.flags) - set(FLAGS)):
            _refuse(f"{', '.join(unknown)} is no flag.", f"Use {', '.join(FLAGS)}.", "profile flags")

    @property
    def levels(self) -> dict[str, Range]:
        """Letter -> range of its level."""
        return {letter: getattr(self, letter).range for letter in LETTERS}

    def flag(self, name: str) -> Truth:
        return self.flags.get(name, Truth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence: the level (or range of levels) it states, and how far to trust it.

    `reliability` A..F is the kind of source, `verification` 1..6 how well it was checked, `interest` who
    gains. Evidence older than `max_age_days` on the as-of date counts one tier less; so does evidence
    whose date is unknown where a greatest age is set.
    """

    level_low: int
    level_high: int
    reliability: str
    verification: int
    interest: Interest = "neutral"
    evidence_id: str = ""
    on: date | None = None
    max_age_days: int | None = None

    def __post_init__(self) -> None:
        where = f"evidence {self.evidence_id}".strip()
        _check_range(self.level_low, self.level_high, 4, where)
        if self.reliability not in RELIABILITIES:
            _refuse(f"“{self.reliability}” is no reliability.", "Use A to F.", where)
        if self.verification not in range(1, 7):
            _refuse(f"“{self.verification}” is no verification.", "Use 1 to 6.", where)
        if self.interest not in INTERESTS:
            _refuse(f"“{self.interest}” is no interest.", f"Use {', '.join(INTERESTS)}.", where)
        if self.max_age_days is not None and self.max_age_days < 0:
            _refuse("A greatest age is not negative.", "Give days, or leave it empty.", where)


@dataclass(frozen=True, slots=True)
class FactorInput:
    """All that is known of one factor; a factor without one is simply unknown.

    `declined`: asked, and would not answer. `open_question`: points 0..10000 that a question still open on
    an answered factor may lead to. `fixed`: points set by a rule (2.12) in place of evidence, with its
    `exposure` (default 100), the `rule` that set it and the evidence `tier` it may claim for coverage.
    Points are on the factor's own scale: worst is high for risk, best is high for opportunity.
    """

    key: str
    items: tuple[Item, ...] = ()
    declined: bool = False
    open_question: tuple[int, int] | None = None
    fixed: tuple[int, int] | None = None
    exposure: tuple[int, int] | None = None
    rule: str = ""
    tier: int = 0

    def __post_init__(self) -> None:
        for pair, top in ((self.open_question, FULL), (self.fixed, FULL), (self.exposure, 100)):
            if pair is not None:
                _check_range(*pair, top, self.key)
        if self.fixed is not None and (self.items or self.declined):
            _refuse("A rule sets this factor, so answers cannot.", "Drop the answers or the rule.", self.key)
        if self.fixed is None and (self.exposure is not None or self.tier):
            _refuse(
                "Exposure and tier are stated only where a rule sets the factor.", "Give `fixed`.", self.key
            )
        if not 0 <= self.tier <= 5:
            _refuse(f"{self.tier} is no tier.", "Use 0 to 5.", self.key)


@dataclass(frozen=True, slots=True)
class Mitigation:
    """A control on some factors: its effectiveness in percent, and how sure it is to exist."""

    key: str
    factors: tuple[str, ...]
    effectiveness: int
    status: Status = "proposed"

    def __post_init__(self) -> None:
        if not 0 <= self.effectiveness <= 100:
            _refuse(f"{self.effectiveness} is no percentage.", "Use 0 to 100.", f"mitigation {self.key}")
        if self.status not in STATUSES:
            _refuse(f"“{self.status}” is no status.", f"Use {', '.join(STATUSES)}.", f"mitigation {self.key}")


@dataclass(frozen=True, slots=True)
class Inputs:
    """One assessment. `relevance` weighs opportunity factors 0..100 for this use; left out, it is 100."""

    profile: Profile
    factors: tuple[FactorInput, ...] = ()
    mitigations: tuple[Mitigation, ...] = ()
    relevance: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, keys in (
            ("factors", [one.key for one in self.factors]),
            ("mitigations", [one.key for one in self.mitigations]),
        ):
            if twice := sorted({key for key in keys if keys.count(key) > 1}):
                _refuse(f"{', '.join(twice)} is given twice.", "Put everything into one input.", name)
        for key, relevance in self.relevance.items():
            if not 0 <= relevance <= 100:
                _refuse(f"{relevance} is no relevance.", "Use 0 to 100.", key)

    def to_json(self) -> dict[str, Any]:
        """Plain data in one order, whatever order it was given in."""
        profile = self.profile
        return {
            "profile": {letter: list(level) for letter, level in profile.levels.items()},
            "flags": {flag: profile.flag(flag).value for flag in FLAGS},
            "factors": {
                given.key: _factor_json(given) for given in sorted(self.factors, key=lambda f: f.key)
            },
            "mitigations": [
                _mitigation_json(one) for one in sorted(self.mitigations, key=lambda one: one.key)
            ],
            "relevance": dict(sorted(self.relevance.items())),
        }


def item_json(item: Item) -> dict[str, Any]:
    return {
        "level": [item.level_low, item.level_high],
        "reliability": item.reliability,
        "verification": item.verification,
        "interest": item.interest,
        "evidence_id": item.evidence_id,
        "on": item.on.isoformat() if item.on else None,
        "max_age_days": item.max_age_days,
    }


def _factor_json(given: FactorInput) -> dict[str, Any]:
    return {
        "items": sorted((item_json(item) for item in given.items), key=canonical_json),
        "declined": given.declined,
        "open_question": _pair(given.open_question),
        "fixed": _pair(given.fixed),
        "exposure": _pair(given.exposure),
        "rule": given.rule,
        "tier": given.tier,
    }


def _mitigation_json(mitigation: Mitigation) -> dict[str, Any]:
    return {
        "key": mitigation.key,
        "factors": sorted(mitigation.factors),
        "effectiveness": mitigation.effectiveness,
        "status": mitigation.status,
    }


def _pair(pair: tuple[int, int] | None) -> list[int] | None:
    return None if pair is None else list(pair)
