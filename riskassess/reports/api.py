"""Reports over the API: ask for one, watch it being made, take it. A report is a way to read, not a change."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from riskassess.accounts.api import ReadOnly, VisibleId, valid
from riskassess.accounts.people import person
from riskassess.assessments.models import ScoreRun
from riskassess.jobs.api import JobOfFileSerializer
from riskassess.kernel.errors import Conflict
from riskassess.reports.downloads import as_download
from riskassess.reports.formats import FORMATS
from riskassess.reports.models import ReportFile
from riskassess.reports.services import request_report


class ReportSerializer(serializers.ModelSerializer[ReportFile]):
    ready = serializers.BooleanField(source="file", read_only=True, help_text="`download` has it.")
    job: Any = JobOfFileSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ReportFile
        fields = ["id", "run", "format", "language", "ready", "sha256", "job", "created_at"]
        read_only_fields = fields


class ReportInput(serializers.Serializer[Any]):
    """Which run, and as what."""

    run = VisibleId(queryset=ScoreRun.objects.select_related("assessment__unit"), help_text="The run's id.")
    format = serializers.ChoiceField(choices=ReportFile.Format.choices)
    language = serializers.ChoiceField(
        choices=list(settings.REPORT_LANGUAGES.items()),
        required=False,
        help_text="Of the report; without it, the installation's own.",
    )


class ReportViewSet(ReadOnly[ReportFile]):
    """PDFs, workbooks and archives of runs. The same run, format, language and decision are one file, however often
    asked for."""

    queryset = ReportFile.objects.select_related("job")
    serializer_class = ReportSerializer
    filterset_fields = {"run": ["exact"], "format": ["exact"]}
    ordering_fields = ["created_at"]

    @extend_schema(
        request=ReportInput,
        responses={
            200: OpenApiResponse(ReportSerializer, "It is made already."),
            202: OpenApiResponse(ReportSerializer, "Its job is on the way."),
        },
    )
    def create(self, request: Request) -> Response:
        """Ask for a report of a run."""
        given = valid(ReportInput, request)
        report, job = request_report(
            given["run"], given["format"], by=person(request), language=given.get("language")
        )
        address = reverse("reportfile-detail", args=[report.pk], request=request)
        return Response(
            ReportSerializer(report).data, status=202 if job else 200, headers={"Location": address}
        )

    @extend_schema(responses={(200, one.content_type): OpenApiTypes.BINARY for one in FORMATS.values()})
    @action(detail=True, pagination_class=None, filter_backends=[])
    def download(self, request: Request, pk: str) -> FileResponse:
        """The file's bytes."""
        report = self.get_object()
        if not report.file:
            raise Conflict("This report is not made yet.", hint="Ask again once its job is done.")
        return as_download(report)
