"""Finding a vendor, model, offering or claim by words from one box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from riskassess.accounts.models import User
from riskassess.catalog.models import AIModel, Offering, Vendor
from riskassess.evidence.models import Claim

MOST = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One kind of record: the first matches, and where the whole list is."""

    title: str
    list_url: str  # a url name
    rows: list[tuple[Any, str]]  # a record and the vendor it belongs to
    more: bool


def found_for(user: User, words: str) -> list[Found]:
    """The kinds in which every word occurs, each cut to its first matches. Two queries a kind, four kinds."""
    vendors = Vendor.objects.visible_to(user).found_by(words, "name", "aliases__name").distinct()
    models = AIModel.objects.visible_to(user).found_by(words, "name", "label", "developer__name")
    offerings = Offering.objects.visible_to(user).found_by(words, "name", "channel", "seller__name")
    claims = Claim.objects.visible_to(user).found_by(words, "title", "statement", "vendor__name")
    kinds = (
        _found("Vendors", "catalog:vendors", vendors, ""),
        _found("Models", "catalog:models", models.select_related("developer"), "developer"),
        _found("Offerings", "catalog:offerings", offerings.select_related("seller"), "seller"),
        _found("Claims", "evidence:claims", claims.select_related("vendor"), "vendor"),
    )
    return [found for found in kinds if found.rows]


def _found(title: str, list_url: str, rows: Any, belongs_to: str) -> Found:
    first = list(rows[: MOST + 1])
    lines = [(row, str((belongs_to and getattr(row, belongs_to)) or "")) for row in first[:MOST]]
    return Found(title, list_url, lines, len(first) > MOST)
