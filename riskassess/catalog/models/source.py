"""Source: where something was stated; a document, a page, a spreadsheet. How far to trust it follows from its kind."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.querysets import read_by
from riskassess.catalog.addresses import cell_in
from riskassess.catalog.models.vendor import Vendor
from riskassess.catalog.querysets import CatalogQuerySet
from riskassess.kernel import source as kernel
from riskassess.recording import Realm, recorded
from riskassess.routes import address


class Kind(models.TextChoices):
    """What a source is. The letter is its reliability, by the method's section 2.3."""

    REGULATOR = "regulator", "Regulator"
    CONTRACT = "contract", "Signed contract"
    OWN_CHECK = "own_check", "Our own check"
    AUDIT = "audit", "Accredited audit"
    PEER_REVIEWED = "peer_reviewed", "Peer-reviewed study"
    VENDOR_DOCUMENT = "vendor_document", "Vendor's formal document"
    VENDOR_STATEMENT = "vendor_statement", "Vendor's statement"
    PRESS = "press", "Press"
    ANALYST = "analyst", "Analyst or third-party data"
    UNATTRIBUTED = "unattributed", "Unattributed"


RELIABILITY: dict[str, str] = {
    Kind.REGULATOR: "A",
    Kind.CONTRACT: "A",
    Kind.OWN_CHECK: "A",
    Kind.AUDIT: "B",
    Kind.PEER_REVIEWED: "B",
    Kind.VENDOR_DOCUMENT: "C",
    Kind.VENDOR_STATEMENT: "D",
    Kind.PRESS: "E",
    Kind.ANALYST: "E",
    Kind.UNATTRIBUTED: "F",
}


class SourceQuerySet(CatalogQuerySet["Source"]):
    def visible_to(self, user: User) -> Self:
        """The sources everybody reads, and those of the units whose work `user` may read."""
        return super().visible_to(user).filter(Q(unit__isnull=True) | read_by(user))


@recorded(Realm.COMPANY, unit="unit_id")
class Source(models.Model):
    """One place where values or claims come from.

    An imported sheet is a source as well: `file_sha256`, `sheet` and `columns` (attribute -> column letter,
    header, unit, and for values that stand over their rows `cells`) turn a record's row number into the
    address of any of its cells.
    """

    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200)
    publisher_vendor = models.ForeignKey(
        Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="own_sources",
        help_text="The vendor that publishes it, if one does: what it says of itself is first-party.",
    )  # fmt: skip
    unit = models.ForeignKey(
        BusinessUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="sources",
        help_text="Empty: everybody reads it. What a vendor told one unit is that unit's.",
    )  # fmt: skip
    kind = models.CharField(max_length=20, choices=Kind.choices)
    url = models.URLField(max_length=500, blank=True)
    published_on = models.DateField(null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    columns = models.JSONField(default=dict, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["file_sha256", "sheet"], condition=~Q(file_sha256=""), name="source_sheet_once"
            ),
            models.UniqueConstraint(
                fields=["title", "publisher", "published_on"], condition=Q(file_sha256=""), name="source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address("catalog:source", self.pk)

    @property
    def reliability(self) -> str:
        """A to F, from the kind alone."""
        return RELIABILITY[self.kind]

    def cell(self, attribute: str, row: int | None) -> str:
        """The address of an attribute in an imported row, such as `K1204`; '' where there is none."""
        return cell_in(self.columns, attribute, row)

    def as_kernel(self, attribute: str = "", row: int | None = None) -> kernel.Source:
        """This source as the engine's frozen value, down to the cell of `attribute` in `row`."""
        return kernel.Source(
            title=self.title,
            publisher=self.publisher,
            url=self.url,
            key=str(self.pk),
            file=self.file_name,
            sheet=self.sheet,
            cell=self.cell(attribute, row),
            reliability=self.reliability,
            as_of=self.published_on or self.checked_on,
        )
