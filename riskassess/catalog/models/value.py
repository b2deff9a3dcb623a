"""SourcedValue: one attribute of one record as one source states it. Several may disagree; all are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from riskassess.catalog.models.aimodel import AIModel
from riskassess.catalog.models.offering import Offering
from riskassess.catalog.models.source import Source
from riskassess.catalog.models.vendor import Vendor
from riskassess.catalog.querysets import CatalogQuerySet
from riskassess.kernel import source as kernel
from riskassess.kernel.stated import Known, NotApplicable, Stated, Unknown
from riskassess.recording import Realm, recorded


class SourcedValueQuerySet(CatalogQuerySet["SourcedValue"]):
    def of(self, subject: Vendor | AIModel | Offering) -> Self:
        """All that is stated of one record, the sources with it, the best first."""
        return self.filter(**{subject_field(subject): subject}).best_first()

    def on(self, day: date) -> Self:
        """What had been stated by `day`."""
        return self.filter(Q(as_of__isnull=True) | Q(as_of__lte=day))

    def best_first(self) -> Self:
        """By the rule that picks the current value: what a person chose, then first-party, then
        the newest, then what was said first."""
        newest = models.F("as_of").desc(nulls_last=True)
        return self.select_related("source", "via").order_by(
            "attribute", "-preferred", "-first_party", newest, "pk"
        )


def subject_field(subject: Vendor | AIModel | Offering) -> str:
    """The column of SourcedValue that points to records of this kind."""
    return {Vendor: "vendor", AIModel: "model", Offering: "offering"}[type(subject)]


@recorded(Realm.COMPANY, about=("offering", "model", "vendor"), unit="source.unit_id")
class SourcedValue(models.Model):
    """What one source says of one attribute: raw as written, value as read, state, unit, place, day."""

    class State(models.TextChoices):
        KNOWN = "known", "Known"
        UNKNOWN = "unknown", "Unknown"
        NOT_APPLICABLE = "not_applicable", "Not applicable"

    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.CASCADE, related_name="values")
    model = models.ForeignKey(AIModel, null=True, blank=True, on_delete=models.CASCADE, related_name="values")
    offering = models.ForeignKey(
        Offering, null=True, blank=True, on_delete=models.CASCADE, related_name="values"
    )
    attribute = models.CharField(max_length=60)
    state = models.CharField(max_length=14, choices=State.choices, default=State.KNOWN)
    raw = models.TextField(blank=True)
    value: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="values")
    via = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="relayed_values",
        help_text="The sheet that quotes the source; the cell is in it.",
    )  # fmt: skip
    cell = models.CharField(max_length=12, blank=True)
    as_of = models.DateField(null=True, blank=True)
    first_party = models.BooleanField(default=False)
    preferred = models.BooleanField(
        default=False, db_default=False, help_text="A person chose it over what the rule would pick."
    )
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField(
        auto_now_add=True, null=True, db_index=True, help_text="Empty: before this was kept."
    )

    objects = SourcedValueQuerySet.as_manager()

    class Meta:
        ordering = ["attribute", "-first_party", "-as_of"]
        indexes = [models.Index(fields=["attribute"], name="value_attribute")]
        constraints = [
            models.CheckConstraint(
                condition=Q(vendor__isnull=False, model__isnull=True, offering__isnull=True)
                | Q(vendor__isnull=True, model__isnull=False, offering__isnull=True)
                | Q(vendor__isnull=True, model__isnull=True, offering__isnull=False),
                name="value_of_one_record",
            ),
            models.CheckConstraint(
                condition=Q(state="known", value__isnull=False) | (~Q(state="known") & Q(value__isnull=True)),
                name="value_iff_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attribute}: {self.raw or self.get_state_display()}"

    def as_kernel_source(self) -> kernel.Source:
        """The source, narrowed to this value's own cell and day."""
        found = self.source.as_kernel()
        if self.via is not None:  # the cell is one of the sheet that quotes the source
            found = replace(found, file=self.via.file_name, sheet=self.via.sheet)
        return replace(found, cell=self.cell, as_of=self.as_of or found.as_of)

    def stated(self) -> Stated[Any]:
        """The value as the engine takes it."""
        if self.state == self.State.KNOWN:
            return Known(self.value, self.as_kernel_source())
        if self.state == self.State.NOT_APPLICABLE:
            return NotApplicable(because="stated so by its source", source=self.as_kernel_source())
        return Unknown(source=self.as_kernel_source())
