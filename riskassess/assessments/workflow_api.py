"""The way to a decision and what follows from it over the API: the same services as the pages."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import ReadOnly, valid
from riskassess.accounts.people import person
from riskassess.assessments import services
from riskassess.assessments.accepting import Acceptance
from riskassess.assessments.api_shapes import AssessmentSerializer
from riskassess.assessments.conditions import OWNER_LENGTH, NewCondition, meet
from riskassess.assessments.models import OUTCOMES, Assessment, Condition, Decision, Remark, RiskAcceptance
from riskassess.assessments.reassessing import reassess
from riskassess.assessments.remarks import NewRemark, resolve

# An action that is no page of a list.
WHOLE: dict[str, Any] = {"pagination_class": None, "filter_backends": []}


class ConditionSerializer(serializers.ModelSerializer[Condition]):
    class Meta:
        model = Condition
        fields = ["id", "text", "owner", "due_on", "met_on", "met_by", "met_note"]
        read_only_fields = fields


class AcceptanceSerializer(serializers.ModelSerializer[RiskAcceptance]):
    class Meta:
        model = RiskAcceptance
        fields = ["accepted_by", "reason", "expires_on"]
        read_only_fields = fields


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    conditions: Any = ConditionSerializer(many=True, read_only=True)
    acceptance: Any = AcceptanceSerializer(read_only=True, allow_null=True, default=None)

    class Meta:
        model = Decision
        fields = [
            "id", "run", "outcome", "computed", "reason", "conditions", "acceptance", "decided_by", "decided_at",
            "valid_until",
        ]  # fmt: skip
        read_only_fields = fields


class ConditionInput(serializers.Serializer[Any]):
    """A condition: what must be so, who sees to it, by when."""

    text = serializers.CharField()
    owner = serializers.CharField(max_length=OWNER_LENGTH)
    due_on = serializers.DateField()


class DecisionInput(serializers.Serializer[Any]):
    """A person's decision; other than computed it needs `reason`, a conditional one its `conditions`.

    Buying that leaves risk above the lines needs `accept_until`; `accept_reason` is `reason` unless given.
    """

    outcome = serializers.ChoiceField(choices=OUTCOMES)
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    conditions: Any = ConditionInput(many=True, required=False, default=list)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)
    run = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The run that was looked at: refused where another is current by now.",
    )
    accept_until = serializers.DateField(required=False, allow_null=True, default=None)
    accept_reason = serializers.CharField(required=False, allow_blank=True, default="")


class MetInput(serializers.Serializer[Any]):
    """What shows that a condition is met."""

    note = serializers.CharField()


class RemarkSerializer(serializers.ModelSerializer[Remark]):
    class Meta:
        model = Remark
        fields = ["id", "question", "text", "made_by", "made_at", "resolved_by", "resolved_at"]
        read_only_fields = fields


class RemarkInput(serializers.Serializer[Any]):
    """What is to be put right; of one question, or of all of it where `question` is empty."""

    text = serializers.CharField()
    question = serializers.CharField(required=False, allow_blank=True, default="")


class ReturnInput(serializers.Serializer[Any]):
    """Why it goes back: one remark at least."""

    remarks: Any = RemarkInput(many=True)


REMARK = OpenApiParameter("remark", int, OpenApiParameter.PATH, description="The remark's id.")
CONDITION = OpenApiParameter("condition", int, OpenApiParameter.PATH, description="The condition's id.")


class WorkflowActions(ReadOnly[Assessment]):
    """The moves of an assessment; part of the assessments' resource."""

    @extend_schema(request=None, responses=AssessmentSerializer)
    @action(detail=True, methods=["post"], **WHOLE)
    def take(self, request: Request, pk: str) -> Response:
        """Take a submitted one up, or over from another approver."""
        return self._after(request, services.take_up)

    @extend_schema(request=ReturnInput, responses=AssessmentSerializer)
    @action(detail=True, methods=["post"], url_path="return", **WHOLE)
    def give_back(self, request: Request, pk: str) -> Response:
        """Return a submitted one to its assessor, with remarks."""
        assessment = self.get_object()
        remarks = [NewRemark(**one) for one in valid(ReturnInput, request)["remarks"]]
        services.return_for_changes(assessment, remarks, by=person(request))
        return Response(AssessmentSerializer(assessment).data)

    @extend_schema(responses=RemarkSerializer(many=True))
    @action(detail=True, **WHOLE)
    def remarks(self, request: Request, pk: str) -> Response:
        """What approvers remarked when they returned it, resolved or not."""
        return Response(RemarkSerializer(self.get_object().remarks.all(), many=True).data)

    @extend_schema(request=None, responses=RemarkSerializer, parameters=[REMARK])
    @action(
        detail=True,
        methods=["post"],
        url_path="remarks/(?P<remark>[0-9]+)/resolve",
        url_name="remark-resolve",
        **WHOLE,
    )
    def resolve_remark(self, request: Request, pk: str, remark: str) -> Response:
        """Say that what was remarked is put right."""
        found = Remark.objects.select_related("assessment__unit")
        one = get_object_or_404(found, pk=remark, assessment=self.get_object())
        resolve(one, by=person(request))
        return Response(RemarkSerializer(one).data)

    @extend_schema(request=None, responses=AssessmentSerializer)
    @action(detail=True, methods=["post"], **WHOLE)
    def reopen(self, request: Request, pk: str) -> Response:
        """Take a decided one up again; the decision stays on the record."""
        return self._after(request, services.reopen)

    @extend_schema(request=None, responses=AssessmentSerializer)
    @action(detail=True, methods=["post"], **WHOLE)
    def withdraw(self, request: Request, pk: str) -> Response:
        """End one that nobody needs any more."""
        return self._after(request, services.withdraw)

    @extend_schema(request=None, responses={201: AssessmentSerializer})
    @action(detail=True, methods=["post"], **WHOLE)
    def reassess(self, request: Request, pk: str) -> Response:
        """Take a decided one over into a new draft, which supersedes it once decided."""
        made = reassess(self.get_object(), by=person(request), on=timezone.localdate())
        return Response(AssessmentSerializer(made).data, status=201)

    @extend_schema(request=DecisionInput, responses={201: DecisionSerializer})
    @action(detail=True, methods=["post"], **WHOLE)
    def decide(self, request: Request, pk: str) -> Response:
        """Record a person's decision on the current run."""
        assessment = self.get_object()
        given = valid(DecisionInput, request)
        given["conditions"] = tuple(NewCondition(**one) for one in given["conditions"])
        given["seen"] = given.pop("run")
        given["accept"] = Acceptance(given.pop("accept_reason"), given.pop("accept_until"))
        decision = services.decide(assessment, given.pop("outcome"), by=person(request), **given)
        return Response(DecisionSerializer(decision).data, status=201)

    @extend_schema(responses=DecisionSerializer(many=True))
    @action(detail=True, **WHOLE)
    def decisions(self, request: Request, pk: str) -> Response:
        """The decisions taken, newest first."""
        found = self.get_object().decisions.select_related("acceptance").prefetch_related("conditions")
        return Response(DecisionSerializer(found, many=True).data)

    @extend_schema(request=MetInput, responses=ConditionSerializer, parameters=[CONDITION])
    @action(
        detail=True,
        methods=["post"],
        url_path="conditions/(?P<condition>[0-9]+)/met",
        url_name="condition-met",
        **WHOLE,
    )
    def condition_met(self, request: Request, pk: str, condition: str) -> Response:
        """Say that a condition is met, and what shows it."""
        found = Condition.objects.select_related("decision__assessment__unit")
        one = get_object_or_404(found, pk=condition, decision__assessment=self.get_object())
        note = valid(MetInput, request)["note"]
        met = meet(one, note, by=person(request), on=timezone.localdate())
        return Response(ConditionSerializer(met).data)

    def _after(self, request: Request, verb: Any) -> Response:
        """The assessment after a verb of `services`."""
        assessment = self.get_object()
        verb(assessment, by=person(request))
        return Response(AssessmentSerializer(assessment).data)
