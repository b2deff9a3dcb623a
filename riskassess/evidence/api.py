"""Claims and open questions over the API, read-only."""

from __future__ import annotations

from rest_framework import serializers

from riskassess.accounts.api import ReadOnly
from riskassess.evidence.models import Claim, ClaimSource, OpenQuestion


class ClaimSourceSerializer(serializers.ModelSerializer[ClaimSource]):
    class Meta:
        model = ClaimSource
        fields = ["source", "relation", "quote"]


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    links = ClaimSourceSerializer(many=True, read_only=True)

    class Meta:
        model = Claim
        fields = [
            "id", "key", "vendor", "model", "offering", "title", "statement", "kind", "substantiation", "verification",
            "interest", "headline", "decides", "made_on", "links",
        ]  # fmt: skip


class OpenQuestionSerializer(serializers.ModelSerializer[OpenQuestion]):
    class Meta:
        model = OpenQuestion
        fields = [
            "id", "unit", "vendor", "model", "offering", "claim", "text", "decides", "proof", "state", "answer",
            "raised_on",
        ]  # fmt: skip


class ClaimViewSet(ReadOnly[Claim]):
    queryset = Claim.objects.prefetch_related("links")
    serializer_class = ClaimSerializer
    lookup_field = "key"
    filterset_fields = {"vendor": ["exact"], "model": ["exact"], "kind": ["exact"], "headline": ["exact"]}
    ordering_fields = ["title", "substantiation"]


class OpenQuestionViewSet(ReadOnly[OpenQuestion]):
    queryset = OpenQuestion.objects.all()
    serializer_class = OpenQuestionSerializer
    filterset_fields = {"vendor": ["exact"], "model": ["exact"], "state": ["exact"]}
    ordering_fields = ["raised_on"]
