"""All of the founding briefing, in the order in which its parts need each other."""

from __future__ import annotations

from django.db import transaction

from riskassess.home.demo.assessments import load_assessments
from riskassess.home.demo.catalog import load_catalog
from riskassess.home.demo.evidence import load_evidence
from riskassess.home.demo.people import load_people


@transaction.atomic
def load_all(password: str) -> dict[str, int]:
    """People, catalog, evidence and assessments; how much of each. Twice does no harm, halfway is nothing."""
    return load_people(password) | load_catalog() | load_evidence() | load_assessments()
