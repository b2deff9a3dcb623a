"""What a file shows, as one digest: files that show the same are one, and no file is kept under another's digest.

Digests are taken of the very content that is drawn. A job takes it again of what it has read and stops where it is
another one: what was asked for has moved on since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings

from riskassess.assessments.models import Decision, ScoreRun
from riskassess.kernel.errors import Conflict
from riskassess.reports.content import person_decision
from riskassess.reports.languages import written_in
from riskassess.reports.models import CombinedReport
from riskassess.reports.portfolio import Portfolio, portfolio_json
from riskassess.reports.shape import PersonDecision

# Raise it when templates or sheets change what they show: older files are then made anew on request.
EDITION = "11"
COMBINED_EDITION = "4"
"""The same of a comparison or a portfolio."""

Kind = CombinedReport.Kind


def report_version(decided: PersonDecision | None, language: str) -> str:
    """What a report shows besides the run itself: our edition, the paper, the language, and the decision with its
    conditions as that language writes them."""
    return _digest([EDITION, settings.REPORT_PAPER, language, asdict(decided) if decided else None])


def version_of(run: ScoreRun, language: str) -> str:
    """The version of the report that `run` would have now in that language."""
    return versions_of([run], language)[run.pk]


def versions_of(runs: Sequence[ScoreRun], language: str) -> dict[int, str]:
    """The same of several runs by their ids. Two queries, three where conditions are met."""
    found = (
        Decision.objects.filter(run__in=runs)
        .select_related("decided_by", "acceptance__accepted_by")
        .prefetch_related("conditions__met_by")
        .order_by("-decided_at", "-pk")
    )
    newest: dict[int, Decision] = {}
    for decision in found:
        newest.setdefault(decision.run_id, decision)
    with written_in(language):
        return {run.pk: report_version(person_decision(newest.get(run.pk)), language) for run in runs}


def comparison_version(results: Sequence[str]) -> str:
    """Of a comparison, by the results of its runs in their order."""
    return _combined(Kind.COMPARISON, list(results))


def portfolio_version(made: Portfolio, units: Iterable[int]) -> str:
    """Of a portfolio: all that it says, the lines its map is drawn with, and whose it is."""
    lines = [list(made.lines), made.proven_from]
    return _combined(Kind.PORTFOLIO, [portfolio_json(made), lines, sorted(units)])


def batch_version(formats: Sequence[str], reports: Iterable[tuple[str, str]]) -> str:
    """Of an archive: the (result, version) of each of its reports' runs, in order."""
    return _combined(Kind.BATCH, [list(formats), [list(one) for one in reports]])


def check_unchanged(version: str, asked: str, what: str) -> None:
    """Raises Conflict where what would be drawn is not what was asked for."""
    if version != asked:
        raise Conflict(
            f"{what} changed after it was asked for, before it was drawn.",
            hint="Ask for it again: the new file shows how it stands then.",
        )


def _combined(kind: CombinedReport.Kind, shown: Any) -> str:
    return _digest([COMBINED_EDITION, EDITION, settings.REPORT_PAPER, kind.value, shown])


def _digest(shown: Any) -> str:
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()
