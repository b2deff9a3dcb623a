"""The shape of a whole report: what stands first, why, what to ask, what people did; then the lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from riskassess.reports.charts import RiskMap
from riskassess.reports.parts import (
    ClaimLine,
    ConflictLine,
    DocumentLine,
    DomainLine,
    EvidenceLine,
    FactorLine,
    FactRead,
    GateLine,
    Interval,
    OpenQuestionLine,
    PartyNode,
    RegimeLine,
    TornadoLine,
    Totals,
    Word,
)
from riskassess.scoring.anatomy import Appetite


@dataclass(frozen=True, slots=True)
class ViewLine:
    """The risk under one reading of the controls: inherent, current or target."""

    name: str
    meaning: str
    interval: Interval
    by_points: Word


@dataclass(frozen=True, slots=True)
class ControlLine:
    """One control: what is stated of it, and what it takes off both ends of the risk, now and once verified."""

    key: str
    anchor: str
    title: str
    factors: tuple[tuple[str, str], ...]
    effectiveness: int
    credit: tuple[int, int]
    counted: str
    because: str
    status: str
    evidence: str
    owner: str
    due_on: str
    now: tuple[str, str]
    verified: tuple[str, str]
    now_ends: tuple[int, int]
    verified_ends: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that can be sent as it stands, and what would prove its answer."""

    number: int
    key: str
    name: str
    text: str
    proof: str
    anchor: str
    more: tuple[tuple[str, str], ...] = ()
    """Further questions, each with its proof: those that settle open findings of rules, or show a control."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the decision is what it is: a sentence, the rule behind it, and what it rests on."""

    title: str
    detail: str
    rule: str
    anchor: str
    citations: tuple[str, ...]
    evidence: EvidenceLine | None


@dataclass(frozen=True, slots=True)
class Route:
    """The shortest way to a better decision, or the proof that no answer helps."""

    title: str
    sentence: str
    asks: tuple[Ask, ...]
    target: str
    after: Interval | None
    then: Word | None
    blockers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionLine:
    pk: int
    text: str
    owner: str
    due_on: str
    met_on: str
    met_by: str
    met_note: str

    @property
    def words(self) -> str:
        """All of it in one line, for paper."""
        met = _("met %(day)s") % {"day": self.met_on} if self.met_on else _("not met yet")
        shown = ", ".join(filter(None, (self.met_by, self.met_note)))
        due = _("due %(day)s") % {"day": self.due_on} if self.due_on else ""
        return ", ".join(filter(None, (self.text, self.owner, due, f"{met} ({shown})" if shown else met)))


@dataclass(frozen=True, slots=True)
class PersonDecision:
    """What a person decided on this run."""

    pk: int
    outcome: Word
    computed: Word
    differs: bool
    reason: str
    by: str
    on: str
    valid_until: str
    conditions: tuple[ConditionLine, ...]
    accepted: str
    """Who bears the risk that is left, until when and why, in one sentence; empty where nobody had to."""

    @property
    def is_open(self) -> bool:
        """Whether a condition is not met yet."""
        return any(not one.met_on for one in self.conditions)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    run: int
    as_of: str
    decision: Word
    risk: str
    result: str
    basis: str
    decided: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class Header:
    assessment: int
    run: int
    offering: str
    channel: str
    use_case: str
    description: str
    unit: str
    model: str
    seller: str
    as_of: str
    as_of_iso: str
    result_id: str
    method: str
    rules: str
    appetite: Appetite | None
    """The organisation's lines that were in force; None where the method's own were."""

    @property
    def title(self) -> str:
        """The offering with its channel: the same model elsewhere is another offering."""
        told = not self.channel or self.channel.lower() in self.offering.lower()
        if told:
            return self.offering
        return _("%(offering)s through %(channel)s") % {"offering": self.offering, "channel": self.channel}

    @property
    def sold(self) -> str:
        return _("Sold by %(seller)s") % {"seller": self.seller} if self.seller else _("Seller unknown")

    @property
    def use(self) -> str:
        """What it is for, where, and who sells it."""
        return _("%(use_case)s, for %(unit)s. %(sold)s.") % {
            "use_case": self.use_case,
            "unit": self.unit,
            "sold": self.sold.removesuffix("."),
        }

    @property
    def short_id(self) -> str:
        return f"{self.result_id[:4]}…{self.result_id[-4:]}"


@dataclass(frozen=True, slots=True)
class DecisionBlock:
    """The decision, the two intervals and the facts about them that fit on one screen."""

    decision: Word
    without_gates: Word
    because: str
    risk: Interval
    opportunity: Interval
    map: RiskMap
    risk_adjusted: str
    gates: str
    coverage: str
    coverage_percent: str
    coverage_enough: bool
    lines: str
    business_case: str
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportContent:
    """One judgement as people read it. Page, PDF, workbook and API show this and nothing else."""

    header: Header
    block: DecisionBlock
    reasons: tuple[Reason, ...]
    route: Route
    domains: tuple[DomainLine, ...]
    views: tuple[ViewLine, ...]
    controls: tuple[ControlLine, ...]
    chain: tuple[PartyNode, ...]
    places: tuple[PartyNode, ...]
    regimes: tuple[RegimeLine, ...]
    tornado: tuple[TornadoLine, ...]
    factors: tuple[FactorLine, ...]
    totals: Totals
    opportunity_factors: tuple[FactorLine, ...]
    gates: tuple[GateLine, ...]
    claims: tuple[ClaimLine, ...]
    questions: tuple[OpenQuestionLine, ...]
    conflicts: tuple[ConflictLine, ...]
    facts: tuple[FactRead, ...]
    documents: tuple[DocumentLine, ...]
    profile: tuple[tuple[str, str], ...]
    use_levels: Mapping[str, tuple[int, int]]
    """The profile's letters, each with both ends of its level."""
    decided: PersonDecision | None
    history: tuple[HistoryLine, ...]
    glossary: tuple[tuple[str, str], ...]
    disclaimer: str
    judgement: str

    @property
    def exposed(self) -> tuple[RegimeLine, ...]:
        """The regimes with any exposure, certain or possible."""
        return tuple(regime for regime in self.regimes if regime.high)

    @property
    def unexposed(self) -> str:
        """The other regimes, in one line."""
        return ", ".join(regime.title for regime in self.regimes if not regime.high)

    @property
    def unproven(self) -> tuple[ControlLine, ...]:
        """The controls that somebody stands for and nobody has verified: what a condition may rest on."""
        return tuple(one for one in self.controls if one.status in ("Committed", "Implemented"))

    @property
    def filename(self) -> str:
        """A name for downloads: offering, day and result, in plain characters, without an extension."""
        kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in self.header.offering.lower())
        words = "-".join(part for part in kept.split("-") if part)[:60] or "assessment"
        return f"{words}-{self.header.as_of_iso}-{self.header.result_id[:8]}"
