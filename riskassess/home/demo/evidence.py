"""Claims, open questions, the lines of the briefing and what each outlet made of it."""

from __future__ import annotations

from django.db import transaction

from riskassess.evidence.services import add_point, cover
from riskassess.home.demo.entries import CoverageEntry, PointEntry
from riskassess.home.demo.library import Library, telling
from riskassess.home.demo.reading import entries


@transaction.atomic
def load_evidence() -> dict[str, int]:
    """Everything the briefing claims, asks and reports; how much of each."""
    library = Library()
    return {
        "claims": len(list(library.claims.values())),
        "open questions": len(list(library.questions.values())),
        "briefing points": _points(library),
        "outlets": _coverage(library),
    }


def _points(library: Library) -> int:
    points = entries("points", PointEntry)
    for key, entry in points.items():
        with telling(f"points.yaml, {key}"):
            add_point(
                library.vendors[entry.vendor],
                entry.section,
                entry.position,
                entry.title,
                detail=entry.detail,
                affected=entry.affected,
                bears_on=entry.bears_on,
                claim=library.claims.maybe(entry.claim),
                question=library.questions.maybe(entry.question),
                source=library.sources.maybe(entry.source),
                offering=library.offerings.maybe(entry.offering),
            )
    return len(points)


def _coverage(library: Library) -> int:
    coverage = entries("coverage", CoverageEntry)
    for key, entry in coverage.items():
        with telling(f"coverage.yaml, {key}"):
            cover(
                library.vendors[entry.vendor],
                library.sources[entry.source],
                entry.framing,
                only_here=entry.only_here,
                first_report=entry.first_report,
                position=entry.position,
            )
    return len(coverage)
