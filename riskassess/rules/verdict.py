"""What the rules say of one purchase on one day, with everything needed to trace and to print it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from riskassess.kernel.source import Citation
from riskassess.kernel.stated import Stated
from riskassess.kernel.truth import Truth
from riskassess.rules.facts import FACTS, Kind, plain
from riskassess.rules.questions import Question
from riskassess.rules.values import Line

Outcome = Literal["raised", "clear", "undetermined"]
Confidence = Literal["low", "normal"]


@dataclass(frozen=True, slots=True)
class FactRead:
    """One fact a rule looked at, as it was stated, with its source."""

    fact: str
    stated: Stated[Any]

    @property
    def text(self) -> str:
        """The value in words: `yes`, a choice's label, a list with commas, `unknown`."""
        return _in_words(self.fact, plain(self.stated))


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one rule. `severity` is None for a row that only modifies others.

    `lines` sum to the severity's ends if the row is raised; an undetermined row may still be 0.
    """

    id: str
    regime: str
    subject: str
    outcome: Outcome
    severity: tuple[int, int] | None
    sentence: str
    reason: str
    judgement: str
    citations: tuple[Citation, ...]
    settled_by: tuple[str, ...]
    questions: tuple[Question, ...]
    because: tuple[FactRead, ...]
    lines: tuple[Line, ...]
    gate: str | None
    stale: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "outcome": self.outcome,
            "severity": list(self.severity) if self.severity else None,
            "citations": [citation.key for citation in self.citations],
            "settled_by": list(self.settled_by),
        }


@dataclass(frozen=True, slots=True)
class RegimeVerdict:
    """One regime's range over its findings; `lines` say which finding sets each end and what lifts it."""

    key: str
    title: str
    authority: str
    low: int
    high: int
    confidence: Confidence
    findings: tuple[Finding, ...]
    lines: tuple[Line, ...]

    def finding(self, rule_id: str) -> Finding:
        return next(finding for finding in self.findings if finding.id == rule_id)

    def to_json(self) -> dict[str, Any]:
        return {
            "low": self.low,
            "high": self.high,
            "confidence": self.confidence,
            "findings": [finding.to_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class ErrorMessage:
    """A validator that is, or may be, true: what it says and what to do."""

    id: str
    truth: Truth
    sentence: str
    hint: str
    settled_by: tuple[str, ...]
    because: tuple[FactRead, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """All regimes, gates and errors.

    `gate_effects` holds the gates whose effect depends on the day (2 escalate, 3 reject), `gate_findings`
    the findings that open a gate or may open it, `gate_settled_by` the facts that keep one unknown.
    """

    on: date
    release: str
    regimes: Mapping[str, RegimeVerdict]
    gates: Mapping[str, Truth]
    gate_effects: Mapping[str, int]
    gate_findings: Mapping[str, tuple[str, ...]]
    gate_settled_by: Mapping[str, tuple[str, ...]]
    errors: Mapping[str, Truth]
    error_messages: Mapping[str, ErrorMessage]

    def findings(self) -> Iterator[Finding]:
        for regime in self.regimes.values():
            yield from regime.findings

    def finding(self, rule_id: str) -> Finding:
        return next(finding for finding in self.findings() if finding.id == rule_id)

    def to_json(self) -> dict[str, Any]:
        return {
            "regimes": {key: regime.to_json() for key, regime in self.regimes.items()},
            "gates": {gate: truth.json for gate, truth in self.gates.items()},
            "errors": {error: truth.json for error, truth in self.errors.items()},
        }


def _in_words(fact: str, value: Any) -> str:
    spec = FACTS[fact]
    match value:
        case None:
            return "unknown"
        case "not_applicable":
            return "not applicable"
        case bool():
            return "yes" if value else "no"
        case []:
            return "none"
        case list() if spec.kind.is_records:
            return f"{len(value)} stated" if None not in value else f"{len(value)}, not all named"
        case list():
            return ", ".join(_in_words(fact, one) for one in value)
    return spec.label(value) if spec.kind in (Kind.ENUM, Kind.LIST) else str(value)
