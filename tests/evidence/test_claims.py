"""Claims with their sources, however many there are."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskassess.catalog.models import Source
from riskassess.catalog.models.source import Kind
from riskassess.evidence.models import Claim, ClaimSource
from tests.builders import make_vendor


def test_more_claims_than_sqlite_takes_conditions_are_read_with_their_sources(db: None) -> None:
    vendor, many = make_vendor("Talked about"), range(1_100)
    judged = {"kind": Claim.Kind.SAFETY, "substantiation": 0, "verification": 4, "interest": "self"}
    claims = Claim.objects.bulk_create(
        Claim(vendor=vendor, key=f"c{number}", title="Said", **judged) for number in many
    )
    sources = Source.objects.bulk_create(
        Source(title=f"S{number}", kind=Kind.PRESS, publisher="Press") for number in many
    )
    ClaimSource.objects.bulk_create(
        ClaimSource(claim=claim, source=source, relation=ClaimSource.Relation.STATES)
        for claim, source in zip(claims, sources, strict=True)
    )
    with CaptureQueriesContext(connection) as captured:
        read = list(Claim.objects.with_sources())
        titles = {link.source.title for claim in read for link in claim.links.all()}
    assert len(titles) == 1_100
    assert len(captured) == 2
