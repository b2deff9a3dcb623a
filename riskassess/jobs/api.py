"""Jobs over the API: read, and cancel one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import ReadOnly
from riskassess.accounts.models import User
from riskassess.accounts.people import person
from riskassess.accounts.plain_rows import Follows, FollowsFor
from riskassess.jobs import services
from riskassess.jobs.models import Job, percent_of
from riskassess.jobs.subjects import subjects_for

FIELDS = (
    "id", "kind", "state", "percent", "progress_done", "progress_total", "progress_note", "attempts", "result",
    "error_message", "error_hint", "created_at", "started_at", "finished_at",
)  # fmt: skip


class AboutSerializer(serializers.Serializer[Any]):
    """The record that a job is about, to who may see it."""

    text = serializers.CharField(help_text="As it is called.")
    url = serializers.CharField(help_text="The path of its page.")


class JobOfFileSerializer(serializers.ModelSerializer[Job]):
    """The job that makes a file: it is about what the file is about."""

    percent = serializers.IntegerField(read_only=True)

    class Meta:
        model = Job
        fields: Sequence[str] = FIELDS
        read_only_fields = fields
        plain: Mapping[str, Any] = {
            "percent": Follows(("state", "progress_done", "progress_total"), percent_of)
        }


def _about(user: User, jobs: Sequence[tuple[Any, ...]]) -> list[dict[str, str] | None]:
    found = subjects_for(user, [(kind, arguments) for kind, arguments in jobs])
    return [{"text": about.text, "url": about.url} if about else None for about in found]


class JobSerializer(JobOfFileSerializer):
    """A job, and what it is about. Give it the request: what somebody may not see, it is about nothing for them."""

    about = serializers.SerializerMethodField(
        help_text="The record that it is about; null where it is about none, or about one that you may not see."
    )

    class Meta(JobOfFileSerializer.Meta):
        fields = [*FIELDS[:2], "about", *FIELDS[2:]]
        read_only_fields = fields
        plain = {**JobOfFileSerializer.Meta.plain, "about": FollowsFor(("kind", "arguments"), _about)}

    @extend_schema_field(AboutSerializer(allow_null=True))
    def get_about(self, job: Job) -> dict[str, str] | None:
        (found,) = _about(person(self.context["request"]), [(job.kind, job.arguments)])
        return found


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
        return Response(JobSerializer(job, context={"request": request}).data)
