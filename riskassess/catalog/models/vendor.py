"""Vendor: a company. It plays roles in offerings (developer, seller, host …); it has no role of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from riskassess.catalog.fields import country_field, country_name, is_lei
from riskassess.catalog.querysets import CatalogQuerySet
from riskassess.kernel.errors import InvalidInput
from riskassess.recording import Realm, Recorded, recorded


class VendorQuerySet(CatalogQuerySet["Vendor"]):
    def named(self, name: str) -> Vendor | None:
        """The vendor of this name or alias, whatever the capitals; None when there is none."""
        wanted = name.strip()
        return self.filter(Q(name__iexact=wanted) | Q(aliases__name__iexact=wanted)).distinct().first()


@recorded(Realm.COMPANY)
class Vendor(models.Model):
    """A company by its usual name; what is empty is unknown."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=220, unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="subsidiaries"
    )
    hq_country = country_field()
    lei = models.CharField("LEI", max_length=20, null=True, blank=True, unique=True, validators=[is_lei])
    website = models.URLField(blank=True)
    summary = models.TextField(blank=True, help_text="One or two sentences shown under the name.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VendorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="vendor_name_once"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="vendor_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/vendors/{self.slug}/"

    @property
    def country(self) -> str:
        return country_name(self.hq_country)

    def ultimate_parent(self) -> Vendor:
        """The company at the top of the group. One query a level; a circle is refused."""
        seen = {self.pk}
        top = self
        while top.parent is not None:
            top = top.parent
            if top.pk in seen:
                raise InvalidInput(
                    f"{self.name} is its own parent, through {top.name}.", hint="Correct the parents."
                )
            seen.add(top.pk)
        return top

    def group_below(self) -> list[int]:
        """The ids of this company and of all that belong to its group below it. One query a level."""
        found = dict.fromkeys([self.pk])
        level = [self.pk]
        while level:
            below = Vendor.objects.filter(parent__in=level).values_list("pk", flat=True)
            level = [pk for pk in below if pk not in found]
            found |= dict.fromkeys(level)
        return list(found)


@recorded(Realm.COMPANY, about=("vendor",))
class VendorAlias(models.Model):
    """Another spelling of a vendor's name, as catalogs write it."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)

    objects = Recorded["VendorAlias"].as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "vendor aliases"
        constraints = [models.UniqueConstraint(Lower("name"), name="alias_once")]

    def __str__(self) -> str:
        return self.name
