"""Judges facts that a file states: the rules alone, without a database, for tests of others and for counsel."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from riskassess.assessments.console import CaseCommand
from riskassess.kernel.truth import Truth
from riskassess.rules.casefile import as_day, judge_case
from riskassess.rules.verdict import Finding, Verdict

TRUTH = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "unknown"}


class Command(CaseCommand):
    help = "Judges facts from a file by the law of a day; see docs/judge-and-compute.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--on", metavar="DATE", help="the day of judgement, of cases that state none")

    def prepare(self, options: dict[str, Any]) -> None:
        self.on = as_day(options["on"], "--on") if options["on"] else None

    def answer(self, case: object) -> tuple[dict[str, Any], str]:
        verdict = judge_case(case, self.on)
        return verdict.to_json(), _in_words(verdict)


def _in_words(verdict: Verdict) -> str:
    lines = [f"as of {verdict.on}, rules {verdict.release}"]
    for key, regime in verdict.regimes.items():
        note = ", low confidence" if regime.confidence == "low" else ""
        lines.append(f"  {key:<14}{_ends(regime.low, regime.high)}{note}")
        lines += [_finding(finding) for finding in regime.findings if finding.outcome != "clear"]
    lines.append("  gates   " + ", ".join(f"{key} {TRUTH[truth]}" for key, truth in verdict.gates.items()))
    lines.append("  errors  " + ", ".join(f"{key} {TRUTH[truth]}" for key, truth in verdict.errors.items()))
    return "\n".join(lines)


def _finding(finding: Finding) -> str:
    worth = f" {_ends(*finding.severity)}" if finding.severity else ""
    law = "; ".join(citation.short for citation in finding.citations) or f"judgement: {finding.judgement}"
    lines = [f"    {finding.id} {finding.outcome}{worth}: {finding.sentence}", f"      by {law}"]
    if finding.settled_by:
        lines.append(f"      settled by {', '.join(finding.settled_by)}")
    return "\n".join(lines)


def _ends(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"
