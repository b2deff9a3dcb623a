"""Offering: a model as it can be bought; the parties between the buyer and the machine kept apart."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import Q

from riskassess.catalog.fields import country_field
from riskassess.catalog.models.aimodel import AIModel, StatedFields
from riskassess.catalog.models.region import Region
from riskassess.catalog.models.source import Source
from riskassess.catalog.models.vendor import Vendor
from riskassess.catalog.querysets import CatalogQuerySet
from riskassess.recording import Realm, Recorded, recorded
from riskassess.routes import address

PARTIES = ("seller", "contracting_entity", "host", "infra_operator", "model_operator")


class OfferingQuerySet(CatalogQuerySet["Offering"]):
    def with_parties(self) -> OfferingQuerySet:
        """Every party of the chain, in one query."""
        return self.select_related(
            "model__developer",
            "seller",
            "contracting_entity",
            "host",
            "infra_operator",
            "model_operator",
            "origin",
        )

    def standing_behind(self, vendors: Collection[int]) -> OfferingQuerySet:
        """Offerings in which one of these vendors plays any part, or whose model one of them made."""
        found = Q(model__developer__in=vendors) | Q(model__co_developers__in=vendors)
        for party in PARTIES:
            found |= Q(**{f"{party}__in": vendors})
        return self.filter(found).distinct()

    def hosted_by(self, vendor: Vendor) -> OfferingQuerySet:
        """Offerings that stop when this vendor's machines stop."""
        return self.filter(Q(host=vendor) | Q(infra_operator=vendor))


@recorded(Realm.COMPANY)
class Offering(StatedFields):
    """A model x its seller x who contracts, hosts and operates x how and where it is deployed.

    Identity is vendor + name + version + channel. A party that is None is unknown, and printed so.
    """

    class Deployment(models.TextChoices):
        REGIONAL = "regional", "Regional"
        DATA_ZONE = "data_zone", "Data zone"
        GLOBAL = "global", "Global"

    class Stage(models.TextChoices):
        ANNOUNCED = "announced", "Announced only"
        EARLY_ACCESS = "early_access", "Early access or private preview"
        PREVIEW = "preview", "Preview"
        GA = "ga", "Generally available"
        DEPRECATED = "deprecated", "Deprecated"
        RETIRED = "retired", "Retired"

    class Zone(models.TextChoices):
        EU = "EU", "EU"
        US = "US", "US"
        APAC = "APAC", "APAC"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="offerings")
    name = models.CharField(max_length=255, help_text="As the seller lists it.")
    channel = models.CharField(max_length=120, blank=True)
    slug = models.SlugField(max_length=255, unique=True)
    identity = models.CharField(max_length=700, unique=True, editable=False)
    seller = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="sells")
    contracting_entity = models.ForeignKey(
        Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="contracts_for", db_index=False
    )
    host = models.ForeignKey(
        Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="hosts", db_index=False
    )
    infra_operator = models.ForeignKey(
        Vendor,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="runs_machines_of",
        db_index=False,
    )
    model_operator = models.ForeignKey(
        Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="operates", db_index=False
    )
    deployment = models.CharField(max_length=10, choices=Deployment.choices, null=True, blank=True)
    zone = models.CharField(max_length=4, choices=Zone.choices, null=True, blank=True)
    stage = models.CharField(max_length=12, choices=Stage.choices, null=True, blank=True)
    stage_since = models.DateField(null=True, blank=True)
    retires_on = models.DateField(null=True, blank=True)
    subprocessors_listed = models.BooleanField(
        null=True, blank=True, help_text="Yes: the list below is complete. Empty: unknown."
    )
    docs_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        ordering = ["name", "channel"]
        constraints = [
            models.CheckConstraint(
                condition=Q(zone__isnull=True) | Q(deployment="data_zone"),
                name="offering_zone_needs_data_zone",
            ),
            models.CheckConstraint(
                condition=Q(deployment__isnull=True) | Q(deployment__in=["regional", "data_zone", "global"]),
                name="offering_deployment_known_word",
            ),
        ]
        indexes = [
            models.Index(fields=["stage"], name="offering_stage"),
            models.Index(fields=["name", "channel"], name="offering_in_list_order"),
            # Lists state few of these parties, and each index is written with every offering of them.
            *(
                models.Index(
                    fields=[party], condition=Q(**{f"{party}__isnull": False}), name=f"offering_{party}"
                )
                for party in ("contracting_entity", "host", "infra_operator", "model_operator")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} through {self.channel}" if self.channel else self.name

    def get_absolute_url(self) -> str:
        return address("catalog:offering", self.slug)


@recorded(Realm.COMPANY, about=("offering",))
class OfferingPlace(models.Model):
    """A country (and region, where named) in which an offering stores, infers or is accessed from.

    No rows for a role means nobody has said. A row without country is a further place nobody has named.
    """

    class Role(models.TextChoices):
        AT_REST = "at_rest", "Stored at rest"
        INFERENCE = "inference", "Inference"
        ACCESS = "access", "Support and abuse review"

    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="places")
    role = models.CharField(max_length=10, choices=Role.choices)
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="places")
    country = country_field()
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="places")

    objects = Recorded["OfferingPlace"].as_manager()

    class Meta:
        ordering = ["role", "country"]
        constraints = [
            models.UniqueConstraint(fields=["offering", "role", "region", "country"], name="place_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.country or 'unnamed place'}"


@recorded(Realm.COMPANY, about=("offering",))
class Subprocessor(models.Model):
    """A company that touches the data of an offering on the operator's behalf."""

    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="subprocessors")
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    country = country_field()
    role = models.CharField(max_length=200, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = Recorded["Subprocessor"].as_manager()

    def __str__(self) -> str:
        return str(self.vendor or "unnamed sub-processor")
