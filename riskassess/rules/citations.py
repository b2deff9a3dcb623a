"""The table of provisions: key -> Citation, read once from parameters/citations.csv."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from riskassess.kernel.source import Citation, Mark

CITATIONS_CSV = Path(__file__).parent / "parameters" / "citations.csv"


def read_citations(path: Path) -> Mapping[str, Citation]:
    """Every row as a Citation, in the file's order; a key stated twice is refused."""
    citations: dict[str, Citation] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            key = row["key"]
            if key in citations:
                raise ValueError(f"{path.name}: the key {key!r} stands there twice.")
            citations[key] = Citation(
                key=key,
                instrument=row["instrument"],
                provision=row["provision"],
                title=row["title"],
                url=row["url"],
                mark=Mark(row["mark"]),
                checked_on=_day(row["checked_on"]),
                in_force_from=_day(row["in_force_from"]),
                says=row["what_it_says"],
            )
    return MappingProxyType(citations)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


CITATIONS = read_citations(CITATIONS_CSV)
