"""Region: a place where a provider runs machines. Zones and adequacy follow from its country and the day."""

from __future__ import annotations

from django.db import models

from riskassess.catalog.fields import country_field, country_name
from riskassess.catalog.models.source import Source
from riskassess.catalog.models.vendor import Vendor
from riskassess.catalog.querysets import CatalogQuerySet
from riskassess.recording import Realm, recorded


@recorded(Realm.COMPANY)
class Region(models.Model):
    """One region of one provider, by the code its documents use."""

    class Kind(models.TextChoices):
        COMMERCIAL = "commercial", "Commercial"
        GOVERNMENT = "government", "Government"
        CHINA = "china", "China"
        SOVEREIGN = "sovereign", "Sovereign"

    provider = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="regions")
    code = models.CharField(max_length=60)
    display_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.COMMERCIAL)
    country = country_field()
    city = models.CharField(max_length=100, blank=True)
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="regions"
    )

    objects = CatalogQuerySet["Region"].as_manager()

    class Meta:
        ordering = ["provider__name", "code"]
        constraints = [models.UniqueConstraint(fields=["provider", "code"], name="region_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.code}"

    def get_absolute_url(self) -> str:
        return f"/regions/{self.pk}/"

    @property
    def country_name(self) -> str:
        return country_name(self.country)
