"""The lines a report is made of: frozen, every figure already text, its exact integers beside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from riskassess.reports.charts import IntervalBar, LevelBar, Severity, TornadoBars
from riskassess.reports.figures import ends, points, span
from riskassess.scoring.decision import shown
from riskassess.scoring.ranges import Range

MAIN_LAW = 4  # citations of a rule that page and PDF show at once; the workbook has all


@dataclass(frozen=True, slots=True)
class Word:
    """A decision or a band as people read it: its word, and the tone that picks colour and shape."""

    code: str
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class Interval:
    """Exact numerators over a denominator, and the same in tenths rounded outwards."""

    low: int
    high: int
    denominator: int
    shown_low: str
    shown_high: str
    words: str
    tone: str
    bar: IntervalBar

    @property
    def values(self) -> tuple[Decimal, Decimal]:
        """Both ends as shown, in tenths, as numbers: what a cell holds, whatever a language writes for it."""
        low, high = shown(Range(self.low, self.high), self.denominator)
        return Decimal(low), Decimal(high)

    @property
    def text(self) -> str:
        """`19.7–43.5`, or one figure where both ends show the same."""
        same = self.shown_low == self.shown_high
        return self.shown_low if same else f"{self.shown_low}–{self.shown_high}"


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where something comes from, down to the cell; `text` is the whole in one line."""

    title: str
    publisher: str
    url: str
    address: str
    as_of: str
    reliability: str
    key: str

    @property
    def text(self) -> str:
        who = self.publisher if self.publisher and self.publisher not in self.title else ""
        return ", ".join(part for part in (self.title, who, self.as_of) if part)


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A document by its hash; `gone` says why its file is not there, and it supports nothing."""

    name: str
    sha256: str
    place: str
    holds_until: str
    gone: str
    link: str

    @property
    def standing(self) -> str:
        """`unsupported: removed …`, or until when it holds; empty where it says nothing of that."""
        if self.gone:
            return _("unsupported: %(why)s") % {"why": self.gone}
        return _("holds until %(day)s") % {"day": self.holds_until} if self.holds_until else ""

    @property
    def short_hash(self) -> str:
        return f"SHA-256 {self.sha256[:12]}…"


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document of the report, and all that rests on it."""

    document: DocumentRef
    rests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One thing a factor rests on, in the words of its source."""

    key: str
    kind: str
    title: str
    level: str
    level_ends: tuple[int, int]
    grade: str
    interest: str
    interest_key: str
    on: str
    quote: str
    link: str
    rule: str
    source: SourceRef | None
    aged: str = ""
    """Why it counts one tier less, if it is past its greatest age."""
    disputed: str = ""
    """Why somebody says that it is wrong; it then counts as disputed."""
    document: DocumentRef | None = None
    """The document that it rests on, where it is one."""

    @property
    def single_level(self) -> int | None:
        """The level it states, unless that is a range."""
        return self.level_ends[0] if self.level_ends[0] == self.level_ends[1] else None


@dataclass(frozen=True, slots=True)
class CitationRef:
    """The law a finding rests on, and how well we checked it."""

    short: str
    title: str
    url: str
    mark: str
    checked_on: str

    @property
    def text(self) -> str:
        checked = f"{self.mark} {self.checked_on}".strip()
        return f"{self.short} ({checked})" if checked else self.short


@dataclass(frozen=True, slots=True)
class DomainLine:
    name: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class PartyNode:
    """One place between the buyer and the machine; an unknown one says so."""

    label: str
    name: str
    note: str
    known: bool
    link: str


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact as it went in: what holds, who says so, and where that stands."""

    name: str
    question: str
    value: str
    state: str
    by: str
    note: str
    disputed: bool
    source: SourceRef | None
    documents: tuple[DocumentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One rule as it ran on these facts."""

    id: str
    anchor: str
    outcome: str
    severity: str
    high: int
    graded: bool
    """False for a rule without a severity of its own: it opens a gate, or adds to another rule."""
    sentence: str
    reason: str
    steps: tuple[str, ...]
    citations: tuple[CitationRef, ...]
    facts: tuple[FactRead, ...]
    asks: tuple[tuple[str, str], ...]
    gate: str
    stale: bool

    @property
    def counts(self) -> bool:
        """Raised, or possible while a fact is unknown; a rule that only says "out of scope" does not count."""
        return self.outcome != "clear" and (self.high > 0 or not self.graded)

    @property
    def missing(self) -> tuple[FactRead, ...]:
        """The facts it reads that nobody has stated."""
        return tuple(fact for fact in self.facts if fact.state in ("unknown", "declined"))

    @property
    def main_law(self) -> tuple[CitationRef, ...]:
        """The first citations: what a page has room for."""
        return self.citations[:MAIN_LAW]

    @property
    def more_law(self) -> tuple[CitationRef, ...]:
        return self.citations[MAIN_LAW:]


@dataclass(frozen=True, slots=True)
class RegimeLine:
    key: str
    anchor: str
    title: str
    authority: str
    factor: str
    scope: str
    low: int
    high: int
    words: str
    confidence: str
    severity: Severity
    why: str
    findings: tuple[FindingLine, ...]

    @property
    def counting(self) -> tuple[FindingLine, ...]:
        return tuple(finding for finding in self.findings if finding.counts)

    @property
    def clear_ids(self) -> str:
        return ", ".join(finding.id for finding in self.findings if not finding.counts)


@dataclass(frozen=True, slots=True)
class FactorLine:
    """One line of the score: weight, exposure, level, points at both ends, and what they rest on."""

    key: str
    anchor: str
    name: str
    domain: str
    question: str
    weight: int
    weight_text: str
    klass: str
    exposure: str
    exposure_ends: tuple[int, int]
    exposure_rule: str
    level: str
    level_ends: tuple[int, int]
    bar: LevelBar
    tier: int
    state: str
    state_words: str
    anchor_text: str
    rule: str
    low: int
    high: int
    points_low: str
    points_high: str
    binding: str
    contradiction: bool
    references: str
    proof: str
    evidence: tuple[EvidenceLine, ...]
    asked: int
    controls: tuple[str, ...] = ()
    """Keys of the controls on it; its level is what they leave of `inherent_ends`."""
    inherent_ends: tuple[int, int] | None = None

    @property
    def unsupported(self) -> bool:
        """Whether it is answered and nothing that it rests on has a source: its points stand on nobody's word."""
        return self.state == "known" and not any(one.source for one in self.evidence)

    @property
    def points_text(self) -> str:
        """Both ends of its points, exactly: the lines add up."""
        return span(self.points_low, self.points_high)

    @property
    def bare_ends(self) -> tuple[int, int]:
        """The level before any control."""
        return self.inherent_ends or self.level_ends

    @property
    def before_controls(self) -> str:
        """The level before any control, in points."""
        return ends(self.bare_ends, points)

    @property
    def counts(self) -> bool:
        """Whether it can add a point in this use."""
        return self.exposure_ends[1] > 0


@dataclass(frozen=True, slots=True)
class Totals:
    """What the lines sum to, exactly: base plus peak line is the risk."""

    weight: int
    denominator: int
    base: tuple[int, int]
    peak_line: tuple[int, int]
    risk: tuple[int, int]
    base_text: tuple[str, str]
    peak_text: tuple[str, str]
    risk_text: tuple[str, str]
    binding: str


@dataclass(frozen=True, slots=True)
class GateLine:
    key: str
    anchor: str
    title: str
    truth: str
    state: str
    effect: Word
    effect_rank: int
    applied: Word | None
    because: str
    citation: str


@dataclass(frozen=True, slots=True)
class ClaimSourceLine:
    relation: str
    quote: str
    source: SourceRef | None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    key: str
    title: str
    statement: str
    kind: str
    substantiation: str
    verification: int
    interest: str
    headline: bool
    decides: str
    link: str
    sources: tuple[ClaimSourceLine, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestionLine:
    text: str
    decides: str
    link: str


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """Values of one attribute that cannot all hold; the first is the one in use."""

    attribute: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TornadoLine:
    """By how much one answer alone lowers the top or raises the bottom of the risk."""

    key: str
    name: str
    falls: str
    rises: str
    bars: TornadoBars
