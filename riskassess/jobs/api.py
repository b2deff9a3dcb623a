"""Jobs over the API: read, and cancel one's own."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import ReadOnly
from riskassess.accounts.people import person
from riskassess.accounts.plain_rows import Follows
from riskassess.jobs import services
from riskassess.jobs.models import Job, percent_of


class JobSerializer(serializers.ModelSerializer[Job]):
    percent = serializers.IntegerField(read_only=True)

    class Meta:
        model = Job
        fields = [
            "id", "kind", "state", "percent", "progress_done", "progress_total", "progress_note", "attempts", "result",
            "error_message", "error_hint", "created_at", "started_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = fields
        plain = {"percent": Follows(("state", "progress_done", "progress_total"), percent_of)}


class JobViewSet(ReadOnly[Job]):
    """Background work of the person's units: ask again until `state` is done, failed or cancelled."""

    queryset = Job.objects.all()
    serializer_class = JobSerializer
    ordering = "-created_at"
    filterset_fields = {"kind": ["exact"], "state": ["exact"]}
    ordering_fields = ["created_at", "finished_at"]

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel a job that is not over; whoever asked for it may, and nobody else."""
        job = self.get_object()
        services.cancel_by(job, person(request))
        job.refresh_from_db()
        return Response(JobSerializer(job).data)
