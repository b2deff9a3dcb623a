"""The catalog over the API: read-only; it grows by imports, and is corrected on its pages."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from riskassess.accounts.api import ReadOnly
from riskassess.accounts.plain_rows import Follows
from riskassess.catalog.addresses import cell_in
from riskassess.catalog.models import (
    AIModel,
    Availability,
    Offering,
    OfferingPlace,
    Partnership,
    Price,
    ProductUse,
    Region,
    RegisterEntry,
    Source,
    SourcedValue,
    Vendor,
)
from riskassess.catalog.models.price import price_attribute
from riskassess.catalog.models.source import RELIABILITY


class VendorSerializer(serializers.ModelSerializer[Vendor]):
    class Meta:
        model = Vendor
        fields = ["id", "slug", "name", "parent", "hq_country", "lei", "website", "summary"]


class SourceSerializer(serializers.ModelSerializer[Source]):
    reliability = serializers.CharField(read_only=True)

    class Meta:
        model = Source
        fields = [
            "id", "title", "publisher", "publisher_vendor", "kind", "reliability", "url", "published_on", "checked_on",
            "note", "file_name", "file_sha256", "sheet",
        ]  # fmt: skip
        plain = {"reliability": Follows(("kind",), RELIABILITY.__getitem__)}


class SourcedValueSerializer(serializers.ModelSerializer[SourcedValue]):
    class Meta:
        model = SourcedValue
        fields = [
            "attribute",
            "state",
            "raw",
            "value",
            "unit",
            "source",
            "via",
            "cell",
            "as_of",
            "first_party",
            "note",
        ]


class ModelSerializer(serializers.ModelSerializer[AIModel]):
    values = SourcedValueSerializer(many=True, read_only=True)

    class Meta:
        model = AIModel
        fields = [
            "id", "slug", "name", "label", "version", "developer", "family", "modality", "purpose", "context_tokens",
            "max_output_tokens", "knowledge_cutoff", "released", "licence", "open_weights", "general_purpose",
            "systemic_risk", "not_applicable", "values",
        ]  # fmt: skip


def _columns_of(sources: set[Any]) -> dict[int, Any]:
    """Which column of its sheet states what, for each of these sources."""
    return dict(Source.objects.filter(pk__in=sources).values_list("pk", "columns"))


def _price_cell(
    sheets: dict[int, Any], source: int | None, kind: str, condition: str, row: int | None
) -> str:
    columns = sheets.get(source or 0, {})
    return cell_in(columns, price_attribute(kind, condition, columns), row)


class PriceSerializer(serializers.ModelSerializer[Price]):
    cell = serializers.CharField(read_only=True)

    class Meta:
        model = Price
        fields = [
            "kind", "condition", "amount", "not_applicable", "unit", "currency", "as_of", "source", "cell", "raw",
        ]  # fmt: skip
        plain = {"cell": Follows(("source_id", "kind", "condition", "row"), _price_cell, _columns_of)}


class PlaceSerializer(serializers.ModelSerializer[OfferingPlace]):
    class Meta:
        model = OfferingPlace
        fields = ["role", "region", "country", "source"]


class OfferingSerializer(serializers.ModelSerializer[Offering]):
    prices = PriceSerializer(many=True, read_only=True)
    places = PlaceSerializer(many=True, read_only=True)

    class Meta:
        model = Offering
        fields = [
            "id", "slug", "name", "channel", "model", "seller", "contracting_entity", "host", "infra_operator",
            "model_operator", "deployment", "zone", "stage", "stage_since", "retires_on", "subprocessors_listed",
            "docs_url", "origin", "origin_row", "prices", "places",
        ]  # fmt: skip


class RegionSerializer(serializers.ModelSerializer[Region]):
    class Meta:
        model = Region
        fields = ["id", "provider", "code", "display_name", "kind", "country", "city", "source"]


class AvailabilitySerializer(serializers.ModelSerializer[Availability]):
    class Meta:
        model = Availability
        fields = [
            "id", "offering", "deployment", "scope", "code", "region", "mark", "raw", "source", "row", "cell",
            "stated_on",
        ]  # fmt: skip


class RegisterEntrySerializer(serializers.ModelSerializer[RegisterEntry]):
    class Meta:
        model = RegisterEntry
        fields = [
            "id", "authority", "number", "product", "company", "decided_on", "panel", "product_code", "decision",
            "source", "row",
        ]  # fmt: skip


class ProductUseSerializer(serializers.ModelSerializer[ProductUse]):
    class Meta:
        model = ProductUse
        fields = [
            "id", "organisation", "use_case", "product", "vendor", "in_use", "users", "users_from", "users_to",
            "stated_on", "source", "row",
        ]  # fmt: skip


class PartnershipSerializer(serializers.ModelSerializer[Partnership]):
    class Meta:
        model = Partnership
        fields = [
            "id", "host", "developer", "equity_pct", "exclusivity", "board_right", "compute_dependency", "cma_status",
            "changed_since_decision", "note", "source",
        ]  # fmt: skip


class VendorViewSet(ReadOnly[Vendor]):
    queryset = Vendor.objects.all()
    serializer_class = VendorSerializer
    filterset_fields = {"name": ["icontains"], "hq_country": ["exact"], "parent": ["exact"]}
    ordering_fields = ["name"]


class SourceViewSet(ReadOnly[Source]):
    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    filterset_fields = {"kind": ["exact"], "publisher": ["icontains"]}
    ordering_fields = ["title", "published_on"]


class ModelViewSet(ReadOnly[AIModel]):
    queryset = AIModel.objects.prefetch_related("values")
    serializer_class = ModelSerializer
    filterset_fields = {"name": ["icontains"], "developer": ["exact"], "modality": ["exact"]}
    ordering_fields = ["name", "context_tokens"]


class OfferingViewSet(ReadOnly[Offering]):
    queryset = Offering.objects.prefetch_related("prices__source", "places")
    serializer_class = OfferingSerializer
    filterset_fields = {
        "name": ["icontains"],
        "slug": ["exact"],
        "seller": ["exact"],
        "host": ["exact"],
        "model": ["exact"],
        "stage": ["exact"],
        "deployment": ["exact"],
    }
    ordering_fields = ["name"]


class RegionViewSet(ReadOnly[Region]):
    queryset = Region.objects.all()
    serializer_class = RegionSerializer
    filterset_fields = {"provider": ["exact"], "country": ["exact"], "code": ["exact"]}
    ordering_fields = ["code"]


class PartnershipViewSet(ReadOnly[Partnership]):
    """Ties between a host and a developer of models; what is null is unknown."""

    queryset = Partnership.objects.all()
    serializer_class = PartnershipSerializer
    filterset_fields = {"host": ["exact"], "developer": ["exact"], "cma_status": ["exact"]}
    ordering_fields = ["equity_pct"]


class AvailabilityViewSet(ReadOnly[Availability]):
    """Where lists offer an offering. It is not where it infers; no row means that nobody has said."""

    queryset = Availability.objects.all()
    serializer_class = AvailabilitySerializer
    filterset_fields = {"offering": ["exact"], "code": ["exact"], "scope": ["exact"], "mark": ["exact"]}
    ordering_fields = ["code", "stated_on"]


class RegisterEntryViewSet(ReadOnly[RegisterEntry]):
    """What public registers list. That a product is not listed proves nothing."""

    queryset = RegisterEntry.objects.all()
    serializer_class = RegisterEntrySerializer
    filterset_fields = {"company": ["icontains"], "product": ["icontains"], "number": ["exact"]}
    ordering_fields = ["decided_on", "number"]


class ProductUseViewSet(ReadOnly[ProductUse]):
    """Who says that they use which product for what."""

    queryset = ProductUse.objects.all()
    serializer_class = ProductUseSerializer
    filterset_fields = {"product": ["icontains"], "organisation": ["icontains"], "in_use": ["exact"]}
    ordering_fields = ["product", "users_from"]
