"""Why the decision is what it is: one sentence, then at most three reasons, each traced to its source.

The order is the method's: what a gate imposes comes before what the points say, what is certain before
what is possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from riskassess.reports.figures import decimals, listed, number
from riskassess.reports.parts import (
    EvidenceLine,
    FactorLine,
    FactRead,
    FindingLine,
    GateLine,
    Interval,
    RegimeLine,
    SourceRef,
)
from riskassess.reports.shape import Reason
from riskassess.scoring.method import DECISIONS, Method

Record = Mapping[str, Any]

MOST = 3
_KEY = re.compile(r"[A-Z]{2,3}-[A-Z]{3}")


def because(record: Record, risk: Interval, gates: Sequence[GateLine], method: Method) -> str:
    """The decision in one sentence: the gate that imposes it, or what the points say."""
    imposing = [gate for gate in gates if gate.applied and gate.applied.code == record["decision"]]
    by_gates_alone = DECISIONS.index(record["decision"]) > DECISIONS.index(record["decision_without_gates"])
    if opened := [f"{gate.title} ({gate.key})" for gate in imposing if gate.state == "open"]:
        return f"{listed(opened)}." + ("" if by_gates_alone else f" {_by_points(record, risk, method)}")
    if by_gates_alone:
        if imposing:
            open_ones = listed([f"{_lower(gate.title)} ({gate.key})" for gate in imposing[:MOST]])
            more = (
                _(" and %(number)s more") % {"number": len(imposing) - MOST} if len(imposing) > MOST else ""
            )
            return _("Not settled yet: %(gates)s. While a gate is open to doubt, nobody can approve.") % {
                "gates": f"{open_ones}{more}"
            }
        return _("The data of the offering hold an error: %(errors)s") % {
            "errors": " ".join(error_messages(record))
        }
    return _by_points(record, risk, method)


def _by_points(record: Record, risk: Interval, method: Method) -> str:
    approve, conditional, reject = method.thresholds
    coverage = number(record["coverage"]["shown"])
    words = {
        "APPROVE": _("Even at the worst that the evidence allows, the risk stays under %(approve)s."),
        "CONDITIONAL": _("At worst the risk is %(high)s: under %(conditional)s, not under %(approve)s."),
        "ESCALATE": _("At worst the risk is %(high)s, not under %(conditional)s: a person has to look."),
        "REJECT": _("Even at best the risk is %(low)s, not under %(reject)s."),
    }
    if record["decision"] == "CONDITIONAL" and risk.high < approve * risk.denominator:
        return _(
            "The risk stays under %(approve)s, but only %(coverage)s %% of what matters rests on good evidence; "
            "approval needs %(needed)s %%."
        ) % {"approve": approve, "coverage": coverage, "needed": method.coverage_percent}
    return words[record["decision"]] % {
        "approve": approve,
        "conditional": conditional,
        "reject": reject,
        "low": risk.shown_low,
        "high": risk.shown_high,
    }


def error_messages(record: Record) -> tuple[str, ...]:
    """What is wrong with the offering's own data, certainly or possibly."""
    return tuple(
        record["error_messages"].get(key, key) + ("" if truth is True else f" ({_('not settled')})")
        for key, truth in record["errors"].items()
        if truth is not False
    )


def reasons(
    gates: Sequence[GateLine], factors: Sequence[FactorLine], regimes: Sequence[RegimeLine], record: Record
) -> tuple[Reason, ...]:
    """The top reasons: gates that act, then what sets the peak, then the gravest findings, then points."""
    found: list[Reason] = []
    seen: set[str] = set()
    for reason in _candidates(gates, factors, regimes, record):
        if reason.rule not in seen:
            seen.add(reason.rule)
            found.append(reason)
        if len(found) == MOST:
            break
    return tuple(found)


def _candidates(
    gates: Sequence[GateLine], factors: Sequence[FactorLine], regimes: Sequence[RegimeLine], record: Record
) -> Iterable[Reason]:
    by_regime = {regime.factor: regime for regime in reversed(regimes)}
    acting = [gate for gate in gates if gate.applied]
    yield from (_of_gate(gate, factors, regimes) for gate in acting if gate.state == "open")
    unsettled = [gate for gate in acting if gate.state != "open"]
    if len(unsettled) > 1:
        yield _of_gates(unsettled)
    else:
        yield from (_of_gate(gate, factors, regimes) for gate in unsettled)
    at_peak = [line for line in factors if line.binding in ("high end", "both ends")]
    for line in sorted(at_peak, key=lambda line: (-line.low, -line.high)):
        yield _of_factor(line, by_regime.get(line.key), _at_peak(line, len(at_peak), record))
    findings = [finding for regime in regimes for finding in regime.counting if finding.high >= 2]
    for finding in sorted(findings, key=lambda one: (one.outcome != "raised", -one.high)):
        yield _of_finding(finding)
    for line in sorted(factors, key=lambda line: (-line.high, -line.low)):
        if line.high:
            yield _of_factor(line, by_regime.get(line.key), _adds(line, record))


def _at_peak(line: FactorLine, together: int, record: Record) -> str:
    """What a factor at the peak means: how far the worst of them lifts the top of the risk."""
    lift = record["peak_line"][1]
    if not lift:
        return _adds(line, record)
    said = {"number": together, "points": _short(lift, record)}
    if together > 1:
        return (
            _("One of %(number)s at the peak, which lifts the top of the risk by %(points)s points.") % said
        )
    return _("It sets the peak and lifts the top of the risk by %(points)s points.") % said


def _adds(line: FactorLine, record: Record) -> str:
    return _("It adds up to %(points)s points.") % {"points": _short(line.high, record)}


def _short(numerator: int, record: Record) -> str:
    return decimals(numerator, record["denominator"], 1)


def _of_gate(gate: GateLine, factors: Sequence[FactorLine], regimes: Sequence[RegimeLine]) -> Reason:
    findings = _findings_of(gate, regimes)
    title = f"{gate.title}." if gate.state == "open" else f"{_('Not settled')}: {_lower(gate.title)}."
    detail = " ".join(finding.sentence for finding in findings) or gate.because
    laws = [citation.short for finding in findings for citation in finding.citations]
    return Reason(
        title=title,
        detail=detail,
        rule=" · ".join((gate.key, *(finding.id for finding in findings))),
        anchor=findings[0].anchor if findings else gate.anchor,
        citations=_first(laws) or (gate.citation,),
        evidence=_evidence_of_gate(gate, findings, factors),
    )


def _of_gates(unsettled: Sequence[GateLine]) -> Reason:
    return Reason(
        title=_("%(number)s gates are not settled.") % {"number": len(unsettled)},
        detail=f"{'; '.join(f'{gate.title} ({gate.key})' for gate in unsettled)}.",
        rule=", ".join(gate.key for gate in unsettled),
        anchor=unsettled[0].anchor,
        citations=(_("An open gate never lets an offer pass"),),
        evidence=None,
    )


def _of_factor(line: FactorLine, regime: RegimeLine | None, effect: str) -> Reason:
    if line.state == "unknown":
        title = _("%(name)s is unanswered.") % {"name": line.name}
    elif line.state == "declined":
        title = _("%(name)s: the vendor declined to answer.") % {"name": line.name}
    elif regime is not None and line.state == "rule":
        title = _("%(regime)s: exposure %(severity)s.") % {
            "regime": regime.title,
            "severity": regime.words.lower(),
        }
    else:
        title = f"{line.name}: {_lower(line.anchor_text) or line.level}."
    detail = f"{line.question} {effect}" if line.state == "unknown" else effect
    laws = [citation.short for finding in regime.counting for citation in finding.citations] if regime else []
    return Reason(
        title=title,
        detail=detail,
        rule=line.key,
        anchor=line.anchor,
        citations=_first(laws) or (line.references,),
        evidence=line.evidence[0] if line.evidence else _from_facts(regime.counting if regime else ()),
    )


def _of_finding(finding: FindingLine) -> Reason:
    return Reason(
        title=finding.sentence
        if finding.outcome == "raised"
        else f"{_('Not settled')}: {_lower(finding.sentence)}",
        detail=finding.reason,
        rule=finding.id,
        anchor=finding.anchor,
        citations=_first([citation.short for citation in finding.citations]),
        evidence=_from_facts((finding,)),
    )


def _first(laws: Sequence[str]) -> tuple[str, ...]:
    """The first two of them, and how many more there are."""
    different = tuple(dict.fromkeys(laws))
    more = (_("%(number)s more") % {"number": len(different) - 2},) if len(different) > 2 else ()
    return different[:2] + more


def _findings_of(gate: GateLine, regimes: Sequence[RegimeLine]) -> list[FindingLine]:
    """The findings that opened the gate, or leave it open."""
    found = [finding for regime in regimes for finding in regime.counting if finding.gate == gate.key]
    raised = [finding for finding in found if finding.outcome == "raised"]
    return raised or found


def factor_of_gate(gate: GateLine, factors: Sequence[FactorLine]) -> FactorLine | None:
    """The factor that a gate's own reason names, such as `(REG-EXP)`."""
    named = _KEY.findall(gate.because)
    return next((line for line in factors if line.key in named), None)


def _evidence_of_gate(
    gate: GateLine, findings: Sequence[FindingLine], factors: Sequence[FactorLine]
) -> EvidenceLine | None:
    ids = {finding.id for finding in findings}
    for line in factors:
        for one in line.evidence:
            if any(re.search(rf"\b{rule}\b", one.rule) for rule in ids):
                return one
    named = factor_of_gate(gate, factors)
    if named is not None and named.evidence:
        return named.evidence[0]
    return _from_facts(findings)


def _from_facts(findings: Iterable[FindingLine]) -> EvidenceLine | None:
    """A fact that a finding read, as evidence: the first that stands in a file or on a page, else the first."""
    read = [
        (fact, fact.source, finding.id)
        for finding in findings
        for fact in finding.facts
        if fact.source is not None and fact.state == "known"
    ]
    best = next((one for one in read if one[1].address or one[1].url), next(iter(read), None))
    return _fact_as_evidence(*best) if best else None


def _fact_as_evidence(fact: FactRead, source: SourceRef, rule: str) -> EvidenceLine:
    return EvidenceLine(
        key=f"fact:{fact.name}",
        kind="fact",
        title=fact.question,
        level="",
        level_ends=(0, 4),
        grade=source.reliability,
        interest="",
        interest_key="",
        on=source.as_of,
        quote=fact.value,
        link="",
        rule=rule,
        source=source,
    )


def _lower(text: str) -> str:
    """The sentence as it goes on after a colon; names and abbreviations keep their capitals."""
    return (
        text[:1].lower() + text[1:] if len(text) > 1 and not text[1].isupper() and text[:3] != "EU " else text
    )
