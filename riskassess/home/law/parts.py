"""What the pages of rules and method show, as frozen records; templates and the docs read nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from riskassess.kernel.source import Mark


@dataclass(frozen=True, slots=True)
class CitationPart:
    """One provision with how well it was checked; `stale` as of the page's day."""

    key: str
    short: str
    title: str
    says: str
    url: str
    mark: Mark
    checked_on: date | None
    in_force_from: date | None
    stale: bool

    @property
    def shape(self) -> str:
        """The shape beside the mark's word."""
        return {Mark.VERIFIED: "done", Mark.SECONDARY: "states", Mark.UNCHECKED: "unknown"}[self.mark]


@dataclass(frozen=True, slots=True)
class ValuePart:
    """A value of a constant and the days it stands for; None is an open end."""

    text: str
    since: date | None
    until: date | None
    fixed: bool
    reference: CitationPart | None
    judgement: str


@dataclass(frozen=True, slots=True)
class ConstantPart:
    """A dated number, severity or day that a rule reads."""

    key: str
    kind: str
    description: str
    values: tuple[ValuePart, ...]
    checked_on: date
    stale: bool


@dataclass(frozen=True, slots=True)
class ZoneMember:
    """A country's time in a zone, where it is not throughout."""

    name: str
    since: date | None
    until: date | None
    reference: CitationPart | None
    judgement: str


@dataclass(frozen=True, slots=True)
class ZonePart:
    """A set of countries that rules read: who lies in it on the page's day, and who moves."""

    name: str
    members: tuple[str, ...]
    dated: tuple[ZoneMember, ...]
    reference: CitationPart | None
    judgement: str
    checked_on: date
    stale: bool


@dataclass(frozen=True, slots=True)
class FactPart:
    """A fact a rule reads, as the form asks for it."""

    name: str
    question: str
    help: str
    who: str


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """What is asked of the vendor, what proves the answer, and the facts it settles."""

    text: str
    proof: str
    facts: tuple[FactPart, ...]


@dataclass(frozen=True, slots=True)
class GatePart:
    """The gate a rule opens; its home is the page of the method."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class VersionPart:
    """A rule while one version of it is law."""

    sentence: str
    reason: str
    since: date | None
    until: date | None
    in_force: bool
    judgement: str
    citations: tuple[CitationPart, ...]
    constants: tuple[ConstantPart, ...]
    facts: tuple[FactPart, ...]
    zones: tuple[ZonePart, ...]
    severities: tuple[int, ...]

    @property
    def severity(self) -> str:
        """`1`, `1, 2 or 3`; empty for a rule that only modifies others."""
        *first, last = [str(one) for one in self.severities] or [""]
        return f"{', '.join(first)} or {last}" if first else last


@dataclass(frozen=True, slots=True)
class RulePart:
    """One rule in all its versions, oldest first; `current` is the one of the page's day."""

    id: str
    regime: str
    regime_title: str
    subject: str
    versions: tuple[VersionPart, ...]
    current: VersionPart
    gate: GatePart | None
    sets_scope: bool
    lifts_regime: bool
    hint: str
    questions: tuple[QuestionPart, ...]
    old: tuple[str, ...]
    """What was last looked at too long ago, in words."""

    @property
    def stale(self) -> bool:
        return bool(self.old)

    @property
    def citations(self) -> tuple[CitationPart, ...]:
        """Every provision any version rests on, once."""
        return tuple(dict.fromkeys(one for version in self.versions for one in version.citations))

    @property
    def unchecked(self) -> int:
        return sum(one.mark is Mark.UNCHECKED for one in self.citations)

    @property
    def secondary(self) -> int:
        return sum(one.mark is Mark.SECONDARY for one in self.citations)

    @property
    def words(self) -> str:
        """All a reader may search it by, in small letters."""
        parts = [self.id, self.regime_title, self.gate.key if self.gate else "", self.hint]
        for version in self.versions:
            parts += [version.sentence, version.reason, version.judgement]
            parts += [fact.question for fact in version.facts]
        for citation in self.citations:
            parts += [citation.short, citation.title, citation.says]
        return " ".join(parts).lower()


@dataclass(frozen=True, slots=True)
class FactorRef:
    """A factor by its key and name; its home is the page of the method."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class RegimePart:
    """One authority's rules, or the checks of the data themselves."""

    key: str
    title: str
    authority: str
    factor: FactorRef | None
    scope: tuple[FactPart, ...]
    rules: tuple[RulePart, ...]

    @property
    def stale(self) -> int:
        return sum(rule.stale for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Lawbook:
    """One release of the rules as of a day."""

    on: date
    release: str
    stale_after: int
    regimes: tuple[RegimePart, ...]
    zones: tuple[ZonePart, ...]
    citations: tuple[CitationPart, ...]

    @property
    def rules(self) -> tuple[RulePart, ...]:
        return tuple(rule for regime in self.regimes for rule in regime.rules)

    @property
    def marks(self) -> Mapping[str, int]:
        """How many provisions carry each mark."""
        return {mark.label: sum(one.mark is mark for one in self.citations) for mark in Mark}

    def find(self, rule_id: str) -> RulePart | None:
        return next((rule for rule in self.rules if rule.id == rule_id), None)


@dataclass(frozen=True, slots=True)
class CasePart:
    """A case the rules are tested by: what it states beside a quiet background, and what its regime says."""

    regime: str
    name: str
    on: date
    low: int
    high: int
    states: tuple[tuple[str, str], ...]
    outcomes: Mapping[str, str] = field(default_factory=dict)
