"""From a run's record: regimes with their findings, and the gates. Each line names its rule and its law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from riskassess.reports import charts
from riskassess.reports.figures import day, ends
from riskassess.reports.parts import CitationRef, FindingLine, GateLine, RegimeLine, Word
from riskassess.reports.sources import fact_read
from riskassess.scoring.method import DECISIONS

Record = Mapping[str, Any]

OUTCOMES = {"raised": 0, "undetermined": 1, "clear": 2}
GATE_STATES = {"true": "open", "unknown": "not settled", "false": "closed"}
SCOPES = {True: "in scope", False: "out of scope"}


def word(decision: str) -> Word:
    """A decision as people read it."""
    return Word(decision, _(decision.capitalize()), decision.lower())


def regimes(record: Record) -> tuple[RegimeLine, ...]:
    """Every regime, the severest first; those without exposure stay in the list, at its end."""
    found = [_regime(key, data) for key, data in record["regimes"].items()]
    return tuple(sorted(found, key=lambda line: (-line.high, -line.low, line.title)))


def _regime(key: str, data: Record) -> RegimeLine:
    findings = sorted(
        (_finding(one) for one in data["findings"]),
        key=lambda line: (OUTCOMES[line.outcome], -line.high, line.id),
    )
    return RegimeLine(
        key=key,
        anchor=f"regime-{key}",
        title=data["title"],
        authority=data["authority"],
        factor=data["factor"],
        scope=_(SCOPES.get(data["in_scope"], "scope not settled")),
        low=data["low"],
        high=data["high"],
        words=charts.severity_words(data["low"], data["high"]).capitalize(),
        confidence=data["confidence"],
        severity=charts.severity(data["low"], data["high"]),
        why=_why(data, findings),
        findings=tuple(findings),
    )


def _why(data: Record, findings: list[FindingLine]) -> str:
    """The regime in a sentence or two: its gravest finding, and how many facts are open."""
    if data["in_scope"] is False:
        return _("Out of scope for this use.")
    raised = next((line for line in findings if line.outcome == "raised" and line.high), None)
    open_ones = [line for line in findings if line.outcome == "undetermined" and line.high]
    said = [raised.sentence] if raised else []
    if open_ones:
        rules = ngettext("%(number)s rule", "%(number)s rules", len(open_ones)) % {"number": len(open_ones)}
        gravest = max(open_ones, key=lambda line: line.high)
        said.append(
            _("%(rules)s not settled, gravest: %(sentence)s") % {"rules": rules, "sentence": gravest.sentence}
        )
    return " ".join(said) or _("No rule is raised.")


def _finding(data: Record) -> FindingLine:
    severity = data["severity"]
    return FindingLine(
        id=data["id"],
        anchor=f"rule-{data['id']}",
        outcome=data["outcome"],
        severity=ends(severity) if severity is not None else "–",
        high=severity[1] if severity is not None else 0,
        graded=severity is not None,
        sentence=data["sentence"],
        reason=data["reason"],
        steps=tuple(data["steps"]),
        citations=tuple(_citation(one) for one in data["citations"]),
        facts=tuple(fact_read(fact["name"], fact, fact["question"]) for fact in data["facts"]),
        asks=tuple((one["text"], one["proof"]) for one in data["questions"]),
        gate=data["gate"] or "",
        stale=bool(data["stale"]),
    )


def _citation(data: Record) -> CitationRef:
    url = data["url"] or ""
    return CitationRef(
        short=data["short"],
        title=data["title"],
        url=url if url.startswith(("https://", "http://")) else "",
        mark=data["mark"],
        checked_on=day(data["checked_on"]),
    )


def gates(record: Record) -> tuple[GateLine, ...]:
    """Every gate: open ones first, then those not settled, then the closed."""
    found = [_gate(key, data) for key, data in record["gates"].items()]
    order = ("open", "not settled", "closed")
    return tuple(
        sorted(
            found,
            key=lambda line: (
                order.index(line.state),
                -line.effect_rank if line.applied else 0,
                _number(line),
            ),
        )
    )


def _number(line: GateLine) -> tuple[int, str]:
    digits = "".join(c for c in line.key if c.isdigit())
    return int(digits or 0), line.key


def _gate(key: str, data: Record) -> GateLine:
    return GateLine(
        key=key,
        anchor=f"gate-{key}",
        title=data["title"],
        truth=data["truth"],
        state=GATE_STATES[data["truth"]],
        effect=word(DECISIONS[data["effect"]]),
        effect_rank=data["effect"],
        applied=word(DECISIONS[data["applied"]]) if data["applied"] else None,
        because=data["because"],
        citation=data["citation"],
    )
