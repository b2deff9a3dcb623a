"""What public lists say of companies and products: a register's decisions, and who uses what."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db import models
from django.urls import reverse

from riskassess.catalog.models.source import Source
from riskassess.catalog.querysets import CatalogQuerySet
from riskassess.recording import Realm, recorded


@recorded(Realm.COMPANY)
class RegisterEntry(models.Model):
    """One decision of an authority on a product. That a product is not listed proves nothing.

    The company stays as the register spells it; its vendor is whoever goes by that name when one looks.
    """

    key = models.CharField(max_length=64, unique=True, editable=False)
    authority = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=60, blank=True)
    product = models.CharField(max_length=300)
    company = models.CharField(max_length=300)
    company_key = models.CharField(max_length=300, editable=False, db_index=True)
    decided_on = models.DateField(null=True, blank=True)
    panel = models.CharField(max_length=120, blank=True)
    product_code = models.CharField(max_length=60, blank=True)
    decision = models.CharField(max_length=120, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="register_entries")
    row = models.PositiveIntegerField(null=True, blank=True)

    objects = CatalogQuerySet["RegisterEntry"].as_manager()

    class Meta:
        verbose_name_plural = "register entries"
        ordering = ["-decided_on", "number", "pk"]

    def __str__(self) -> str:
        return f"{self.product} {self.number}".strip()

    def get_absolute_url(self) -> str:
        return f"{reverse('catalog:register')}?{urlencode({'q': self.number or self.product})}"


@recorded(Realm.COMPANY)
class ProductUse(models.Model):
    """That an organisation uses, or says that it does not use, a product for something."""

    key = models.CharField(max_length=64, unique=True, editable=False)
    organisation = models.CharField(max_length=300)
    use_case = models.TextField(blank=True)
    product = models.CharField(max_length=300)
    product_key = models.CharField(max_length=300, editable=False, db_index=True)
    vendor = models.CharField(max_length=200, blank=True)
    in_use = models.BooleanField(null=True, blank=True)
    users = models.CharField(max_length=60, blank=True, help_text="As stated, mostly a range.")
    users_from = models.PositiveIntegerField(null=True, blank=True)
    users_to = models.PositiveIntegerField(null=True, blank=True)
    stated_on = models.DateField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="product_uses")
    row = models.PositiveIntegerField(null=True, blank=True)

    objects = CatalogQuerySet["ProductUse"].as_manager()

    class Meta:
        ordering = ["product", "organisation", "pk"]

    def __str__(self) -> str:
        return f"{self.product} at {self.organisation}"
