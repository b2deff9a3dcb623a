"""Document: a file that proves something, kept by its hash; and that it supports or contradicts a claim."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self

from django.db import models
from django.db.models import Q

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.querysets import Searchable, read_by
from riskassess.catalog.models import Vendor
from riskassess.evidence.file_types import FILE_TYPES, FileType
from riskassess.evidence.grades import RESTS_ON, Grade
from riskassess.recording import Realm, Recorded, recorded
from riskassess.routes import address


class Standing(StrEnum):
    """How a document stands on a day. One that has expired counts as aged; one that is gone supports nothing."""

    THERE = "there"
    EXPIRED = "expired"
    MISSING = "missing"
    REMOVED = "removed"

    @property
    def word(self) -> str:
        return "On file" if self is Standing.THERE else self.value.capitalize()


class DocumentQuerySet(Searchable["Document"]):
    def visible_to(self, user: User) -> Self:
        """The documents of the units whose work `user` may read."""
        return self.filter(read_by(user))

    def there(self) -> Self:
        """Those whose file can be read."""
        return self.filter(removed_at__isnull=True, missing_since__isnull=True)


@recorded(Realm.UNIT, unit="unit_id")
class Document(models.Model):
    """A file that proves something, by its hash; it may expire. A removed one stays as a line without its file."""

    unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, related_name="documents")
    vendor = models.ForeignKey(
        Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="documents",
        help_text="Whom it is about, where it is about one vendor.",
    )  # fmt: skip
    file = models.FileField(upload_to="documents/%Y/", blank=True)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=8, choices=[(one.key, one.label) for one in FILE_TYPES.values()])
    counts_as = models.CharField(
        max_length=20,
        choices=[(key, label) for key, (label, _) in RESTS_ON.items()],
        default="vendor_document",
    )
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    dated_on = models.DateField(
        null=True, blank=True, help_text="The day it speaks for; without one it counts as aged."
    )
    expires_on = models.DateField(null=True, blank=True, help_text="The last day on which it holds.")
    uploaded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    removed_because = models.CharField(max_length=300, blank=True)
    missing_since = models.DateTimeField(
        null=True, blank=True, help_text="When its file was found to be gone although nobody removed it."
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "sha256"], name="document_once_a_unit"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | ~Q(removed_because=""),
                name="document_removed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("evidence:document", self.pk)

    @property
    def file_type(self) -> FileType:
        return FILE_TYPES[self.kind]

    @property
    def grade(self) -> Grade:
        """Reliability, verification and interest of what it says, while its file is there."""
        return RESTS_ON[self.counts_as][1]

    def standing(self, on: date) -> Standing:
        """How it stands on a day: removed, missing, expired or there."""
        if self.removed_at is not None:
            return Standing.REMOVED
        if self.missing_since is not None:
            return Standing.MISSING
        if self.expires_on is not None and self.expires_on < on:
            return Standing.EXPIRED
        return Standing.THERE


class ClaimDocumentQuerySet(Recorded["ClaimDocument"]):
    def visible_to(self, user: User) -> Self:
        """The links of documents of the units whose work `user` may read, to claims that `user` reads as well."""
        theirs = Q(claim__unit__isnull=True) | read_by(user, "claim__unit")
        return self.filter(theirs, read_by(user, "document__unit"))


@recorded(Realm.UNIT, about=("claim",), unit="document.unit_id")
class ClaimDocument(models.Model):
    """That a document of a unit supports or contradicts a claim. It counts in that unit's assessments only."""

    class Relation(models.TextChoices):
        SUPPORTS = "supports", "supports it"
        CONTRADICTS = "contradicts", "contradicts it"

    claim = models.ForeignKey("evidence.Claim", on_delete=models.CASCADE, related_name="document_links")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="claim_links")
    relation = models.CharField(max_length=12, choices=Relation.choices, default=Relation.SUPPORTS)
    page = models.CharField(max_length=40, blank=True, help_text="Where in it: a page, a section, a cell.")
    quote = models.TextField(blank=True)
    linked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    linked_at = models.DateTimeField(auto_now=True)

    objects = ClaimDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["claim", "document"], name="claim_document_once")]

    def __str__(self) -> str:
        return f"{self.document} {self.get_relation_display()}"
