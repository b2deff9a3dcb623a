"""How claims, open questions and the lines of a briefing are recorded. Each verb can be repeated."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from riskassess.catalog.models import Source, Vendor
from riskassess.catalog.services import get_or_make
from riskassess.evidence.models import BriefingPoint, Claim, ClaimSource, Coverage, OpenQuestion
from riskassess.kernel.errors import InvalidInput


@transaction.atomic
def record_claim(
    key: str, vendor: Vendor, links: list[tuple[Source, str, str]], **details: Any
) -> tuple[Claim, bool]:
    """A claim with the sources that state, support or contradict it: (source, relation, quote)."""
    if not links:
        raise InvalidInput(f"The claim {key} has no source.", hint="Say where it is stated.", where=key)
    claim, made = get_or_make(Claim, {"key": key}, {"vendor": vendor, **details})
    for source, relation, quote in links:
        get_or_make(ClaimSource, {"claim": claim, "source": source, "relation": relation}, {"quote": quote})
    return claim, made


def ask(vendor: Vendor, text: str, *, decides: str, **details: Any) -> tuple[OpenQuestion, bool]:
    """An open question everybody reads, and what an answer would decide."""
    key = {"vendor": vendor, "text": text, "unit": None}
    return get_or_make(OpenQuestion, key, {"decides": decides, **details})


def add_point(
    vendor: Vendor, section: str, position: int, title: str, **details: Any
) -> tuple[BriefingPoint, bool]:
    """A line of a briefing. It rests on a claim, a question or a source."""
    rests_on: dict[str, models.Model | None] = {
        name: details.get(name) for name in ("claim", "question", "source")
    }
    if not any(rests_on.values()):
        raise InvalidInput(
            f"“{title}” rests on no record.", hint="Name a claim, a question or a source.", where=section
        )
    key = {"vendor": vendor, "section": section, "position": position}
    return get_or_make(BriefingPoint, key, {"title": title, **details})


def cover(vendor: Vendor, source: Source, framing: str, **details: Any) -> tuple[Coverage, bool]:
    """What one outlet made of a vendor's news."""
    return get_or_make(Coverage, {"vendor": vendor, "source": source}, {"framing": framing, **details})
