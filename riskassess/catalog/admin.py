"""The catalog for administrators: every record, short forms, nothing that a page of the site does better."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from riskassess.catalog.identity import model_identity, offering_identity
from riskassess.catalog.models import (
    AIModel,
    Offering,
    OfferingPlace,
    Partnership,
    Price,
    Region,
    Source,
    SourcedValue,
    Subprocessor,
    Vendor,
    VendorAlias,
)


class AliasInline(admin.TabularInline[VendorAlias, Vendor]):
    model = VendorAlias
    extra = 0


class PlaceInline(admin.TabularInline[OfferingPlace, Offering]):
    model = OfferingPlace
    extra = 0
    autocomplete_fields = ("region", "source")


class SubprocessorInline(admin.TabularInline[Subprocessor, Offering]):
    model = Subprocessor
    extra = 0
    autocomplete_fields = ("vendor", "source")


class PriceInline(admin.TabularInline[Price, Offering]):
    model = Price
    extra = 0
    autocomplete_fields = ("source",)


@admin.register(Vendor)
class VendorAdmin(admin.ModelAdmin[Vendor]):
    list_display = ("name", "hq_country", "parent", "lei")
    search_fields = ("name", "aliases__name", "lei")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)
    list_select_related = ("parent",)
    inlines = (AliasInline,)


@admin.register(AIModel)
class AIModelAdmin(admin.ModelAdmin[AIModel]):
    list_display = ("__str__", "developer", "modality", "context_tokens", "licence")
    search_fields = ("name", "label", "developer__name")
    list_select_related = ("developer",)
    autocomplete_fields = ("developer", "origin", "co_developers")
    readonly_fields = ("identity",)

    def save_model(self, request: HttpRequest, obj: AIModel, form: Any, change: bool) -> None:
        """Identity follows from the names, as it does for an import."""
        developer = obj.developer.name if obj.developer else None
        obj.identity = model_identity(developer, str(obj), obj.version)
        super().save_model(request, obj, form, change)


@admin.register(Offering)
class OfferingAdmin(admin.ModelAdmin[Offering]):
    list_display = ("name", "channel", "seller", "host", "deployment", "stage")
    list_filter = ("deployment", "stage")
    search_fields = ("name", "channel", "seller__name")
    list_select_related = ("seller", "host")
    autocomplete_fields = (
        "model", "seller", "contracting_entity", "host", "infra_operator", "model_operator", "origin",
    )  # fmt: skip
    readonly_fields = ("identity",)
    inlines = (PlaceInline, SubprocessorInline, PriceInline)

    def save_model(self, request: HttpRequest, obj: Offering, form: Any, change: bool) -> None:
        """Identity follows from the names, as it does for an import."""
        seller = obj.seller.name if obj.seller else None
        obj.identity = offering_identity(seller, obj.name, obj.model.version, obj.channel)
        super().save_model(request, obj, form, change)


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin[Region]):
    list_display = ("code", "provider", "display_name", "country", "kind")
    list_filter = ("kind",)
    search_fields = ("code", "display_name", "provider__name")
    list_select_related = ("provider",)
    autocomplete_fields = ("provider", "source")


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    list_display = ("title", "publisher", "kind", "published_on", "checked_on")
    list_filter = ("kind",)
    search_fields = ("title", "publisher", "file_name")
    autocomplete_fields = ("publisher_vendor",)


@admin.register(SourcedValue)
class SourcedValueAdmin(admin.ModelAdmin[SourcedValue]):
    list_display = ("attribute", "raw", "state", "source", "as_of", "first_party")
    list_filter = ("state", "first_party")
    search_fields = ("attribute", "raw", "source__title")
    list_select_related = ("source",)
    autocomplete_fields = ("vendor", "model", "offering", "source")


@admin.register(Partnership)
class PartnershipAdmin(admin.ModelAdmin[Partnership]):
    list_display = ("host", "developer", "equity_pct", "exclusivity", "cma_status")
    list_select_related = ("host", "developer")
    search_fields = ("host__name", "developer__name")
    autocomplete_fields = ("host", "developer", "source")
