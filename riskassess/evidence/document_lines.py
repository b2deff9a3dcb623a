"""Documents as ready lines, where they stand beside a claim or a vendor."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.catalog.models import Vendor
from riskassess.evidence.document import Standing
from riskassess.evidence.models import Claim, ClaimDocument, Document

MOST = 30


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document, how it stands today, and what it does for a claim where it stands beside one."""

    document: Document
    standing: str  # empty where it counts in full
    link: ClaimDocument | None = None


def on_claim(claim: Claim, user: User) -> list[DocumentLine]:
    """The documents on a claim of the units that `user` may read. One query."""
    links = claim.document_links.visible_to(user).select_related("document__unit")
    return [DocumentLine(link.document, _standing(link.document), link) for link in links]


def about_vendor(vendor: Vendor, user: User) -> list[DocumentLine]:
    """The newest documents about a vendor of the units that `user` may read. One query."""
    found = vendor.documents.visible_to(user).select_related("unit")[:MOST]
    return [DocumentLine(document, _standing(document)) for document in found]


def _standing(document: Document) -> str:
    standing = document.standing(timezone.localdate())
    return "" if standing is Standing.THERE else standing.value
