"""Decisions and their conditions of all assessments over the API, read-only: each is made at its assessment."""

from __future__ import annotations

from typing import Any

from riskassess.accounts.api import FiltersById, ReadOnly, YesNoFilter
from riskassess.assessments.models import Assessment, Condition, Decision
from riskassess.assessments.workflow_api import ConditionSerializer, DecisionSerializer


class ListedDecisionSerializer(DecisionSerializer):
    class Meta(DecisionSerializer.Meta):
        fields = ["assessment", *DecisionSerializer.Meta.fields, "stale_since", "stale_words"]
        read_only_fields = fields
        extra_kwargs: Any = {
            "stale_since": {"help_text": "When something under it moved first; null while nothing has."},
            "stale_words": {"help_text": "What has moved, and by how much."},
        }


class DecisionFilter(FiltersById):
    stands = YesNoFilter(
        method="those_that_stand", help_text="Whether it is the one that its assessment stands by now."
    )

    class Meta:
        model = Decision
        fields = {
            "assessment": ["exact"],
            "assessment__unit": ["exact"],
            "outcome": ["exact"],
            "decided_at": ["gte", "lt"],
            "valid_until": ["gte", "lte"],
            "stale_since": ["isnull"],
        }

    def those_that_stand(self, found: Any, name: str, value: bool) -> Any:
        standing = Assessment.objects.filter(decision__isnull=False).values("decision")
        return found.filter(pk__in=standing) if value else found.exclude(pk__in=standing)


class DecisionViewSet(ReadOnly[Decision]):
    """The decisions taken on assessments of the person's units, with their conditions."""

    queryset = Decision.objects.select_related("acceptance").prefetch_related("conditions")
    serializer_class = ListedDecisionSerializer
    filterset_class = DecisionFilter
    ordering_fields = ["decided_at", "valid_until"]


class ListedConditionSerializer(ConditionSerializer):
    class Meta(ConditionSerializer.Meta):
        fields = ["decision", *ConditionSerializer.Meta.fields]
        read_only_fields = fields


class ConditionViewSet(ReadOnly[Condition]):
    """The conditions of decisions in the person's units: who sees to what by when, and whether it is met."""

    queryset = Condition.objects.all()
    serializer_class = ListedConditionSerializer
    filterset_fields = {
        "decision": ["exact"], "decision__assessment": ["exact"], "due_on": ["gte", "lte"], "met_on": ["isnull"],
    }  # fmt: skip
    ordering_fields = ["due_on", "met_on"]
