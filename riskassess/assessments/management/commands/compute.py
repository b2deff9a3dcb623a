"""Computes assessments that a file states: the method alone, without rules or a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from riskassess.assessments.console import CaseCommand
from riskassess.scoring.casefile import compute_case


class Command(CaseCommand):
    help = "Computes risk and decision from levels and evidence in a file; see docs/judge-and-compute.md."

    def answer(self, case: object) -> tuple[dict[str, Any], str]:
        if isinstance(case, Mapping):  # a name is for the reader
            case = {key: value for key, value in case.items() if key != "name"}
        found = compute_case(cast("Mapping[str, Any]", case))  # which refuses what is no object
        return found, _in_words(found)


def _in_words(found: dict[str, Any]) -> str:
    low, high = found["shown"]
    lines = [f"{found['decision']}, risk {low} to {high}"]
    if found["decision"] != found["decision_without_gates"]:
        lines.append(f"  {found['decision_without_gates']} without gates and floor")
    if not found["coverage_ok"]:
        lines.append("  too little of what matters rests on evidence of tier 3 or better")
    for name in ("inherent", "target") if "views" in found else ():
        view = found["views"][name]
        lines.append(
            f"  {name} {view['shown'][0]} to {view['shown'][1]}, {view['decision_without_gates']} by points"
        )
    for points, count in found["fewest_questions_below"].items():
        reached = "no answer can reach it" if count is None else f"{count} good answers at least"
        lines.append(f"  below {points}: {reached}")
    return "\n".join(lines)
