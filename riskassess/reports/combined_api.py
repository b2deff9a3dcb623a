"""Comparisons, the portfolio, and files about several assessments over the API. They read; nothing changes by them."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField
from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from riskassess.accounts.api import ReadOnly, valid
from riskassess.accounts.conditions import Tagged
from riskassess.accounts.models import User
from riskassess.accounts.people import person
from riskassess.assessments.models import ScoreRun
from riskassess.jobs.api import JobOfFileSerializer
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.reports.beside import runs_in_order
from riskassess.reports.combining import MOST_IN_BATCH, request_batch, request_comparison, request_portfolio
from riskassess.reports.downloads import combined_download
from riskassess.reports.figures import count
from riskassess.reports.formats import COMBINED_TYPES
from riskassess.reports.models import CombinedReport, ReportFile
from riskassess.reports.portfolio import portfolio_json
from riskassess.reports.portfolio_files import portfolio_csv
from riskassess.reports.portfolio_views import DIRECT, STANDINGS, Wanted, built
from riskassess.reports.side_by_side import LEAST, MOST, comparison_json, side_by_side
from riskassess.scoring.canonical import canonical_json

SHOWN = [(one.value, one.label) for one in (CombinedReport.Format.PDF, CombinedReport.Format.XLSX)]
IN_PORTFOLIO = [(one.value, one.label) for one in STANDINGS]  # named in the schema by the settings


class ComparisonInput(serializers.Serializer[Any]):
    """Which runs are compared."""

    run = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=BigIntegerField.MAX_BIGINT),
        help_text=f"{LEAST} to {MOST} runs, in order; one named twice counts once.",
    )


class ComparisonViewSet(Tagged):
    """Runs side by side."""

    @extend_schema(
        operation_id="comparisons_read",
        parameters=[ComparisonInput],
        responses={
            200: OpenApiTypes.OBJECT,
            404: OpenApiResponse(description="One of the runs is not there, or may not be seen."),
        },
    )
    def list(self, request: Request) -> HttpResponse:
        """The verdict, the separating question, and every table of the comparison."""
        given = ComparisonInput(data=request.query_params)
        given.is_valid(raise_exception=True)
        wanted = list(dict.fromkeys(given.validated_data["run"]))
        if not LEAST <= len(wanted) <= MOST:
            raise InvalidInput(
                f"{count(len(wanted), 'run')} cannot be compared.",
                hint=f"Give {LEAST} to {MOST}.",
                where="run",
            )
        found = side_by_side(runs_in_order(person(request), wanted))
        return HttpResponse(canonical_json(comparison_json(found)), content_type="application/json")


class PortfolioInput(serializers.Serializer[Any]):
    """Which part of the portfolio is wanted."""

    unit = serializers.IntegerField(
        required=False, min_value=1, max_value=BigIntegerField.MAX_BIGINT, help_text="Only this unit's."
    )
    standing = serializers.ChoiceField(
        choices=IN_PORTFOLIO,
        required=False,
        help_text="Only those that stand so.",
    )


class PortfolioViewSet(Tagged):
    """All assessments that the person may see."""

    @extend_schema(
        operation_id="portfolio_read", parameters=[PortfolioInput], responses={200: OpenApiTypes.OBJECT}
    )
    def list(self, request: Request) -> HttpResponse:
        """Decision, interval, standing, due dates, exposure and concentration of every assessment that is not over."""
        made, _ = built(person(request), _wanted(request))
        return HttpResponse(canonical_json(portfolio_json(made)), content_type="application/json")

    @extend_schema(
        operation_id="portfolio_csv",
        parameters=[PortfolioInput],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    @action(detail=False)
    def csv(self, request: Request) -> HttpResponse:
        """The same as a table, a row for each assessment; a PDF or a workbook is asked for at `combined-reports`."""
        made, _ = built(person(request), _wanted(request))
        return HttpResponse(portfolio_csv(made), content_type=DIRECT["csv"][1])


class CombinedReportSerializer(serializers.ModelSerializer[CombinedReport]):
    ready = serializers.BooleanField(source="file", read_only=True, help_text="`download` has it.")
    problems = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        read_only=True,
        help_text="What could not be made: name, message, hint.",
    )
    job: Any = JobOfFileSerializer(read_only=True, allow_null=True)

    class Meta:
        model = CombinedReport
        fields = ["id", "kind", "format", "title", "ready", "sha256", "problems", "job", "created_at"]
        read_only_fields = fields


class CombinedReportInput(serializers.Serializer[Any]):
    """What is wanted: `runs` for a comparison or an archive of reports, `unit` and `standing` for a portfolio."""

    kind = serializers.ChoiceField(choices=CombinedReport.Kind.choices)
    format = serializers.ChoiceField(
        choices=SHOWN,
        required=False,
        help_text="Of a comparison or a portfolio.",
    )
    runs = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=BigIntegerField.MAX_BIGINT),
        required=False,
        help_text=f"Their ids; one named twice counts once. At most {MOST_IN_BATCH}.",
    )
    reports = serializers.MultipleChoiceField(
        choices=ReportFile.Format.choices,
        required=False,
        help_text="Of an archive: which reports of each run.",
    )
    unit = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=BigIntegerField.MAX_BIGINT,
        help_text="Of a portfolio: only this unit's.",
    )
    standing = serializers.ChoiceField(
        choices=IN_PORTFOLIO,
        required=False,
        help_text="Of a portfolio: only those that stand so.",
    )

    def validate_runs(self, given: list[int]) -> list[int]:
        """Each once, in their order, before any is looked up."""
        runs = list(dict.fromkeys(given))
        if len(runs) > MOST_IN_BATCH:
            raise serializers.ValidationError(
                f"{len(runs)} runs are too many for one file. Give at most {MOST_IN_BATCH}."
            )
        return runs


class CombinedReportViewSet(ReadOnly[CombinedReport]):
    """Comparisons and portfolios as PDF or workbook, and reports of many runs as one archive."""

    queryset = CombinedReport.objects.select_related("job")
    serializer_class = CombinedReportSerializer
    ordering = "-created_at"
    filterset_fields = {"kind": ["exact"], "format": ["exact"]}
    ordering_fields = ["created_at"]

    @extend_schema(
        request=CombinedReportInput,
        responses={
            200: OpenApiResponse(CombinedReportSerializer, "It is made already."),
            202: OpenApiResponse(CombinedReportSerializer, "Its job is on the way."),
        },
    )
    def create(self, request: Request) -> Response:
        """Ask for a comparison, a portfolio, or an archive of reports."""
        user, given = person(request), valid(CombinedReportInput, request)
        runs, wanted = _runs_of(given.get("runs", []), user), given.get("format", "")
        if given["kind"] == CombinedReport.Kind.COMPARISON:
            found, job = request_comparison(runs, wanted, by=user)
        elif given["kind"] == CombinedReport.Kind.PORTFOLIO:
            asked = Wanted.of(given.get("unit"), given.get("standing", ""))
            made, units = built(user, asked)
            found, job = request_portfolio(made, wanted, of=asked.units(units), by=user)
        else:
            found, job = request_batch(runs, sorted(given.get("reports", [])), by=user)
        address = reverse("combinedreport-detail", args=[found.pk], request=request)
        shown = CombinedReportSerializer(found).data
        return Response(shown, status=202 if job else 200, headers={"Location": address})

    @extend_schema(
        responses={(200, content_type): OpenApiTypes.BINARY for content_type in COMBINED_TYPES.values()}
    )
    @action(detail=True, pagination_class=None, filter_backends=[])
    def download(self, request: Request, pk: str) -> FileResponse:
        """The file's bytes."""
        found = self.get_object()
        if not found.file:
            raise Conflict("This file is not made yet.", hint="Ask again once its job is done.")
        return combined_download(found)


def _wanted(request: Request) -> Wanted:
    """What the address asks for. Raises ValidationError for a unit or a standing that is none."""
    given = PortfolioInput(data=request.query_params)
    given.is_valid(raise_exception=True)
    return Wanted.of(given.validated_data.get("unit"), given.validated_data.get("standing", ""))


def _runs_of(wanted: list[int], user: User) -> list[ScoreRun]:
    """The runs of these ids in their order. Raises InvalidInput for what `user` may not see. One query."""
    found = ScoreRun.objects.visible_to(user).select_related("assessment__offering").defer("record")
    runs = found.in_bulk(wanted) if wanted else {}
    if missing := [pk for pk in wanted if pk not in runs]:
        raise InvalidInput(
            f"There is no run {missing[0]} that you may see.", hint="Take its id from `runs`.", where="runs"
        )
    return [runs[pk] for pk in wanted]
