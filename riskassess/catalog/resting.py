"""What rests on a source: if it falls, this falls.

Claims, coverage and imports are reached through the source's own relations, so that its page can name them
without the catalog knowing the areas above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from riskassess.accounts.models import User
from riskassess.catalog.models import Offering, Source
from riskassess.catalog.showing import label_of, shown


@dataclass(frozen=True, slots=True)
class StatedHere:
    """One value of one record that the source states."""

    record: Any
    attribute: str
    shown: str
    cell: str


@dataclass(frozen=True, slots=True)
class Resting:
    """All of it, each kind cut to what one page can show."""

    values: list[StatedHere]
    prices: list[Any]
    claims: list[Any]
    coverage: list[Any]
    offerings: list[Offering]
    batches: list[Any]

    @property
    def nothing(self) -> bool:
        return not (self.values or self.prices or self.claims or self.coverage or self.offerings)


def resting_on(source: Source, user: User, *, most: int) -> Resting:
    """Seven queries, one a kind and one for the units; the imports are those that `user` may see."""
    values = source.values.select_related("vendor", "model", "offering")[:most]
    imported = Offering.objects.filter(origin=source).order_by("origin_row", "pk")
    related: Any = source  # the areas above add these relations
    return Resting(
        values=[
            StatedHere(
                value.vendor or value.model or value.offering,
                label_of(value.attribute),
                shown(value.value, value.unit) if value.state == "known" else value.get_state_display(),
                value.cell,
            )
            for value in values
        ],
        prices=list(source.prices.select_related("offering", "source").order_by("row", "pk")[:most]),
        claims=list(related.claim_links.select_related("claim__vendor")[:most]),
        coverage=list(related.coverage.select_related("vendor")[:most]),
        offerings=list(imported[:most]),
        batches=list(related.batches.visible_to(user)[:most]),
    )
