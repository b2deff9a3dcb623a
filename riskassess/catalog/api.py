"""The catalog over the API: read-only; it grows by imports and by the admin."""

from __future__ import annotations

from rest_framework import serializers

from riskassess.accounts.api import ReadOnly
from riskassess.catalog.models import (
    AIModel,
    Offering,
    OfferingPlace,
    Price,
    Region,
    Source,
    SourcedValue,
    Vendor,
)


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


class PriceSerializer(serializers.ModelSerializer[Price]):
    cell = serializers.CharField(read_only=True)

    class Meta:
        model = Price
        fields = [
            "kind", "condition", "amount", "not_applicable", "unit", "currency", "as_of", "source", "cell", "raw",
        ]  # fmt: skip


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
