"""Assessments and runs over the API: the same services as the pages."""

from __future__ import annotations

from typing import Any

import orjson
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import ProblemSerializer, ReadOnly
from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.people import person
from riskassess.assessments import services
from riskassess.assessments.answers import Given
from riskassess.assessments.models import OUTCOMES, Answer, Assessment, Decision, ScoreRun
from riskassess.catalog.models import Offering
from riskassess.jobs.api import JobSerializer

PROBLEMS = {400: ProblemSerializer, 403: ProblemSerializer, 409: ProblemSerializer}


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    class Meta:
        model = Answer
        fields = ["question", "state", "value", "reliability", "verification", "interest", "source", "note"]


class AnswerInput(serializers.Serializer[Any]):
    """One answer. `value`: a fact's value, a level 0..4 or [low, high]; an empty `state` takes it back."""

    question = serializers.CharField()
    state = serializers.ChoiceField(choices=[("", "Not answered"), *Answer.State.choices], allow_blank=True)
    value = serializers.JSONField(required=False, allow_null=True)
    reliability = serializers.ChoiceField(
        choices=list("ABCDEF"), required=False, allow_blank=True, default=""
    )
    verification = serializers.IntegerField(
        min_value=1, max_value=6, required=False, allow_null=True, default=None
    )
    interest = serializers.ChoiceField(
        choices=["self", "adverse", "neutral"], required=False, allow_blank=True, default=""
    )
    note = serializers.CharField(required=False, allow_blank=True, default="")


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    decision = serializers.CharField(source="current_run.decision", read_only=True, default=None)

    class Meta:
        model = Assessment
        fields = [
            "id", "offering", "unit", "use_case", "description", "state", "assessor", "as_of", "due_on", "review_on",
            "current_run", "decision", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class StartInput(serializers.Serializer[Any]):
    offering = serializers.SlugField(help_text="The offering's slug.")
    unit = serializers.IntegerField()
    use_case = serializers.CharField(max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, default="")


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    conditions: Any = serializers.StringRelatedField(many=True, read_only=True)

    class Meta:
        model = Decision
        fields = [
            "id",
            "run",
            "outcome",
            "computed",
            "reason",
            "conditions",
            "decided_by",
            "decided_at",
            "valid_until",
        ]
        read_only_fields = fields


class DecisionInput(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    conditions = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)


class RunSerializer(serializers.ModelSerializer[ScoreRun]):
    class Meta:
        model = ScoreRun
        fields = [
            "id", "assessment", "as_of", "rules_release", "method_version", "facts_digest", "result_id", "decision",
            "risk_low", "risk_high", "denominator", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class AssessmentViewSet(ReadOnly[Assessment]):
    queryset = Assessment.objects.select_related("current_run")
    serializer_class = AssessmentSerializer
    filterset_fields = {"state": ["exact"], "unit": ["exact"], "offering": ["exact"], "as_of": ["gte", "lte"]}
    ordering_fields = ["created_at", "updated_at", "as_of"]

    @extend_schema(request=StartInput, responses={201: AssessmentSerializer, **PROBLEMS})
    def create(self, request: Request) -> Response:
        """Start an assessment; it is scored at once with what the catalog knows."""
        given = _valid(StartInput, request)
        user = person(request)
        made = services.start(
            get_object_or_404(Offering.objects.visible_to(user), slug=given["offering"]),
            get_object_or_404(BusinessUnit.objects.visible_to(user), pk=given["unit"]),
            given["use_case"],
            by=user,
            on=timezone.localdate(),
            description=given["description"],
        )
        return Response(AssessmentSerializer(made).data, status=201)

    @extend_schema(methods=["GET"], responses=AnswerSerializer(many=True))
    @extend_schema(
        methods=["PUT"], request=AnswerInput, responses={200: AnswerSerializer(many=True), **PROBLEMS}
    )
    @action(detail=True, methods=["get", "put"], pagination_class=None, filterset_fields=None)
    def answers(self, request: Request, pk: str | None = None) -> Response:
        """All answers; PUT keeps one, or takes it back."""
        assessment = self.get_object()
        if request.method == "PUT":
            given = _valid(AnswerInput, request)
            key = given.pop("question")
            services.answer(assessment, key, Given(**given), by=person(request))
        return Response(AnswerSerializer(assessment.answers.all(), many=True).data)

    @extend_schema(request=None, responses={202: JobSerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    def score(self, request: Request, pk: str | None = None) -> Response:
        """Score it as it stands."""
        assessment = self.get_object()
        services.may_assess(assessment, by=person(request))
        return Response(
            JobSerializer(services.request_score(assessment, by=person(request))).data, status=202
        )

    @extend_schema(request=None, responses={202: JobSerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str | None = None) -> Response:
        """Hand it to the approvers."""
        return Response(
            JobSerializer(services.submit(self.get_object(), by=person(request))).data, status=202
        )

    @extend_schema(request=DecisionInput, responses={201: DecisionSerializer, **PROBLEMS})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """Record a person's decision on the current run."""
        given = _valid(DecisionInput, request)
        given["conditions"] = tuple(given["conditions"])
        decision = services.decide(self.get_object(), given.pop("outcome"), by=person(request), **given)
        return Response(DecisionSerializer(decision).data, status=201)

    @extend_schema(responses=DecisionSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_fields=None)
    def decisions(self, request: Request, pk: str | None = None) -> Response:
        """The decisions taken, newest first."""
        found = self.get_object().decisions.prefetch_related("conditions")
        return Response(DecisionSerializer(found, many=True).data)


class RunViewSet(ReadOnly[ScoreRun]):
    queryset = ScoreRun.objects.all()
    serializer_class = RunSerializer
    filterset_fields = {"assessment": ["exact"], "decision": ["exact"], "result_id": ["exact"]}
    ordering_fields = ["created_at"]

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    @action(detail=True, methods=["get"])
    def record(self, request: Request, pk: str | None = None) -> Response:
        """The run's canonical record, whole: inputs, findings, factors, gates, intervals, decision."""
        return Response(orjson.loads(self.get_object().record))


def _valid(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
