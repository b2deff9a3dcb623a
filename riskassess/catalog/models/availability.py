"""Availability: whether a list offers a model in a region, under one deployment type, as one sheet marks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import models
from django.db.models import Q

from riskassess.catalog.models.offering import Offering
from riskassess.catalog.models.region import Region
from riskassess.catalog.models.source import Source
from riskassess.catalog.querysets import CatalogQuerySet
from riskassess.kernel import source as kernel
from riskassess.recording import Realm, recorded

OFFERED = ("yes", "limited", "preview")


class AvailabilityQuerySet(CatalogQuerySet["Availability"]):
    def of(self, offering: Offering) -> AvailabilityQuerySet:
        """All that is said of one offering, the newest word on each region first."""
        found = self.filter(offering=offering).select_related("region", "source")
        return found.order_by("deployment", "code", "-stated_on", "-pk")

    def on(self, day: date) -> AvailabilityQuerySet:
        """What had been stated by `day`."""
        return self.filter(stated_on__lte=day)


@recorded(Realm.COMPANY, about=("offering",))
class Availability(models.Model):
    """One mark of a model x region table. No row: the region is not listed, which is unknown, not no.

    Where a model is offered is where a deployment can be made. It is not where the model infers: of a global
    deployment that is anywhere.
    """

    class Mark(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        LIMITED = "limited", "Limited"
        PREVIEW = "preview", "Preview"
        PLANNED = "planned", "Planned"
        NOT_APPLICABLE = "n/a", "Does not apply"

    # Found by its constraint, which starts with the offering.
    offering = models.ForeignKey(
        Offering, on_delete=models.CASCADE, related_name="availability", db_index=False
    )
    deployment = models.CharField(
        max_length=80, blank=True, help_text="The deployment type as the source names it."
    )
    scope = models.CharField(max_length=10, choices=Offering.Deployment.choices, null=True, blank=True)
    code = models.CharField(max_length=80, help_text="The region as the source names it.")
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="availability"
    )
    mark = models.CharField(max_length=8, choices=Mark.choices)
    raw = models.CharField(max_length=80, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="availability")
    row = models.PositiveIntegerField(null=True, blank=True)
    cell = models.CharField(max_length=12, blank=True)
    stated_on = models.DateField()

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "availability"
        ordering = ["offering", "deployment", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["offering", "deployment", "code", "source"], name="availability_once"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="availability_of_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.offering} in {self.code}: {self.get_mark_display()}"

    def as_kernel_source(self) -> kernel.Source:
        """The list, narrowed to this mark's own cell and day."""
        return replace(self.source.as_kernel(), cell=self.cell, as_of=self.stated_on)

    @property
    def is_offered(self) -> bool:
        return self.mark in OFFERED
