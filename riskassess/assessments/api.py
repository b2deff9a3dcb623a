"""Assessments and runs over the API: the same services as the pages."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import ReadOnly, valid
from riskassess.accounts.people import person
from riskassess.assessments import services
from riskassess.assessments.answers import Changed, Given
from riskassess.assessments.api_shapes import (
    AnswerInput,
    AnswerSerializer,
    AssessmentSerializer,
    FormSerializer,
    RescoreInput,
    RunSerializer,
    StartInput,
    form_json,
)
from riskassess.assessments.asking import asking
from riskassess.assessments.beside_api import BesideActions
from riskassess.assessments.control_api import ControlActions
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.record import record_of
from riskassess.assessments.scoring import judge_now
from riskassess.assessments.what_if_api import WhatIfActions
from riskassess.assessments.workflow_api import WHOLE, WorkflowActions
from riskassess.jobs.api import JobSerializer
from riskassess.scoring.canonical import canonical_json


class PreconditionFailed(APIException):
    """The answer is another version than the one that If-Match names."""

    status_code = status.HTTP_412_PRECONDITION_FAILED


class AssessmentViewSet(WorkflowActions, BesideActions, ControlActions, WhatIfActions):
    """Assessments of the person's units."""

    queryset = Assessment.objects.select_related("current_run", "unit", "decision")
    matches_itself = frozenset({"answer"})
    serializer_class = AssessmentSerializer
    filterset_fields = {"state": ["exact"], "unit": ["exact"], "offering": ["exact"], "as_of": ["gte", "lte"]}
    ordering_fields = ["created_at", "updated_at", "as_of", "due_on", "review_on"]

    @extend_schema(request=StartInput, responses={201: AssessmentSerializer})
    def create(self, request: Request) -> Response:
        """Start an assessment; it is scored at once with what the catalog knows."""
        given = valid(StartInput, request)
        made = services.start(
            given["offering"],
            given["unit"],
            given["use_case"],
            by=person(request),
            on=timezone.localdate(),
            description=given["description"],
        )
        return Response(AssessmentSerializer(made).data, status=201)

    @extend_schema(request=RescoreInput, responses={202: JobSerializer})
    @action(detail=False, methods=["post"], **WHOLE)
    def rescore(self, request: Request) -> Response:
        """Score a unit's whole portfolio anew, by one job; asked for again while it is at work, it is the same job."""
        given = valid(RescoreInput, request)
        job = services.request_rescore(given["unit"], by=person(request), stale_only=given["stale_only"])
        return Response(JobSerializer(job, context={"request": request}).data, status=202)

    @extend_schema(responses=FormSerializer)
    @action(detail=True, **WHOLE)
    def questions(self, request: Request, pk: str) -> Response:
        """What is asked for this use, the answers that each question takes, and how it stands."""
        return Response(FormSerializer(form_json(asking(self.get_object()))).data)

    @extend_schema(responses=AnswerSerializer(many=True))
    @action(detail=True, **WHOLE)
    def answers(self, request: Request, pk: str) -> Response:
        """All answers."""
        return Response(AnswerSerializer(self.get_object().answers.all(), many=True).data)

    @extend_schema(
        request=AnswerInput,
        responses=AnswerSerializer(many=True),
        parameters=[
            OpenApiParameter(
                "If-Match",
                str,
                OpenApiParameter.HEADER,
                description="The version of the answer that you saw, in quotes; 412 where it is another one now.",
            )
        ],
    )
    @answers.mapping.put
    def answer(self, request: Request, pk: str) -> Response:
        """Keep one answer, or take it back; all answers come back. 409 where it is no longer the version you saw."""
        assessment = self.get_object()
        given = valid(AnswerInput, request)
        key, seen = given.pop("question"), given.pop("version")
        matches = request.headers.get("If-Match")
        if matches is not None:
            seen = matches.strip().removeprefix("W/").strip('"')
        try:
            services.answer(assessment, key, Given(**given), by=person(request), seen=seen)
        except Changed as error:
            if matches is None:
                raise
            raise PreconditionFailed(str(error)) from error
        return Response(AnswerSerializer(assessment.answers.all(), many=True).data)

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    @action(detail=True, url_path="as-it-stands", **WHOLE)
    def as_it_stands(self, request: Request, pk: str) -> HttpResponse:
        """The record that a run would have now: judged on the spot, not stored."""
        return _record(canonical_json(record_of(judge_now(self.get_object()))))

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"], **WHOLE)
    def score(self, request: Request, pk: str) -> Response:
        """Score it as it stands."""
        assessment = self.get_object()
        services.may_assess(assessment, by=person(request))
        job = services.request_score(assessment, by=person(request))
        return Response(JobSerializer(job, context={"request": request}).data, status=202)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"], **WHOLE)
    def submit(self, request: Request, pk: str) -> Response:
        """Hand it to the approvers; the score that they will see is on its way."""
        job = services.submit(self.get_object(), by=person(request))
        return Response(JobSerializer(job, context={"request": request}).data, status=202)


class RunViewSet(ReadOnly[ScoreRun]):
    """Judgements as they were made, never changed."""

    queryset = ScoreRun.objects.defer("record")
    serializer_class = RunSerializer
    filterset_fields = {"assessment": ["exact"], "decision": ["exact"], "result_id": ["exact"]}
    ordering_fields = ["created_at"]

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    @action(detail=True, **WHOLE)
    def record(self, request: Request, pk: str) -> HttpResponse:
        """The run's canonical record, byte for byte as stored.

        `result_id` in it is the SHA-256 of these bytes without their `"result_id":"…",`.
        """
        return _record(self.get_object().record.encode())


def _record(data: bytes) -> HttpResponse:
    return HttpResponse(data, content_type="application/json")
