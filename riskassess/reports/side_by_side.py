"""Runs side by side, as one content object: page, API, PDF and workbook show what is in it and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskassess.assessments.models import ScoreRun
from riskassess.reports.comparison import MOST, Comparison, Offer, compared
from riskassess.reports.comparison_tables import Row, Tables, tables
from riskassess.reports.content import content_of
from riskassess.reports.figures import day
from riskassess.reports.portfolio import interval_json

LEAST = 2


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two to six offers: what the comparison says, and its tables."""

    comparison: Comparison
    tables: Tables
    as_of: date
    disclaimer: str

    @property
    def title(self) -> str:
        """`Claude Haiku 4.5 or MAI-Code-1-Flash?`, or how many there are."""
        offers = self.comparison.offers
        if len(offers) == LEAST:
            return f"{offers[0].name} or {offers[1].name}?"
        return f"{len(offers)} offers side by side"

    @property
    def filename(self) -> str:
        """A name for downloads, without an extension."""
        ids = "-".join(offer.content.header.result_id[:8] for offer in self.comparison.offers)
        return f"comparison-{self.as_of.isoformat()}-{ids}"

    @property
    def basis(self) -> str:
        """Methods and rules of all of them, and the day."""
        heads = [offer.content.header for offer in self.comparison.offers]
        methods, rules = sorted({one.method for one in heads}), sorted({one.rules for one in heads})
        return f"Method {', '.join(methods)} · rules {', '.join(rules)} · as of {day(self.as_of)}"


def side_by_side(runs: Sequence[ScoreRun]) -> SideBySide:
    """The comparison of runs in the order given. No query: what it shows is in their records."""
    records = [json.loads(run.record) for run in runs]
    comparison = compared(
        [(content_of(record, run, None, ()), record) for run, record in zip(runs, records, strict=True)]
    )
    return SideBySide(
        comparison, tables(comparison), max(run.as_of for run in runs), records[0]["disclaimer"]
    )


def comparison_json(found: SideBySide) -> dict[str, Any]:
    """The comparison as plain data: exact integers beside what is shown."""
    ruling, shown = found.comparison.ruling, found.tables
    question = ruling.question
    return {
        "title": found.title,
        "verdict": ruling.word,
        "separable": ruling.separable,
        "sentence": ruling.sentence,
        "wins": list(ruling.wins),
        "caveats": list(ruling.caveats),
        "flags": list(found.comparison.flags),
        "unlike": [
            {"fact": row.fact, "says": {cell.letter: cell.text for cell in row.cells}} for row in shown.unlike
        ],
        "frontier": list(found.comparison.frontier),
        "separating_question": {
            "about": question.offer, "factor": question.key, "text": question.text, "proof": question.proof,
            "between": question.between, "effect": question.effect,
        } if question else None,
        "offers": [_offer_json(offer) for offer in found.comparison.offers],
        "factors": [_row_json(row) for row in (*shown.differing, *shown.same)],
        "opportunity_factors": [_row_json(row) for row in shown.opportunity],
        "domains": [
            {"domain": row.name, "risk": {cell.letter: interval_json(cell.interval) for cell in row.cells}}
            for row in shown.domains
        ],
        "gates": [
            {"gate": row.key, "title": row.title,
             "states": {cell.letter: cell.state for cell in row.cells},
             "imposes": {cell.letter: cell.applied.code if cell.applied else None for cell in row.cells}}
            for row in shown.gates
        ],
        "not_known": [{"about": one.about, "factors": [key for key, _ in one.factors]} for one in shown.unknown],
        "disclaimer": found.disclaimer,
    }  # fmt: skip


def _offer_json(offer: Offer) -> dict[str, Any]:
    head, block, value = offer.content.header, offer.content.block, offer.result.risk_adjusted
    return {
        "letter": offer.letter,
        "name": offer.name,
        "run": head.run,
        "assessment": head.assessment,
        "result_id": head.result_id,
        "use_case": head.use_case,
        "unit": head.unit,
        "as_of": head.as_of_iso,
        "computed": block.decision.code,
        "risk": interval_json(block.risk),
        "opportunity": interval_json(block.opportunity),
        # Past what JSON readers hold exactly: as text, as the record has them.
        "risk_adjusted": {"low": str(value.low), "high": str(value.high),
                          "denominator": str(value.denominator), "shown": list(value.shown)},
    }  # fmt: skip


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "factor": row.key,
        "name": row.name,
        "differs": row.differs,
        "levels": {cell.letter: list(cell.ends) if cell.ends else None for cell in row.cells},
        "states": {cell.letter: cell.state for cell in row.cells},
        "points": {cell.letter: list(cell.points) for cell in row.cells},
    }


def wanted_runs(given: Iterable[str]) -> list[int]:
    """The ids of an address or a form, each once, in their order; what is no number is left out."""
    return list(
        dict.fromkeys(int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 16)
    )


__all__ = ["LEAST", "MOST", "SideBySide", "comparison_json", "side_by_side", "wanted_runs"]
