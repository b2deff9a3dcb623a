"""What changed, over the API: from one run to another, and from what was decided on to its reassessment."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.conditions import Tagged
from riskassess.accounts.people import person
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.reports.beside import between
from riskassess.reports.changes import Changes
from riskassess.reports.reassessed import answers_changed

NEW = OpenApiParameter("new", int, OpenApiParameter.PATH, description="The later run's id.")
OLD = OpenApiParameter("old", int, OpenApiParameter.PATH, description="The earlier run's id.")
ASSESSMENT = OpenApiParameter("assessment", int, OpenApiParameter.PATH, description="The reassessment's id.")


class RunChangesViewSet(Tagged):
    """What moved between two runs of one assessment."""

    lookup_url_kwarg = "old"
    lookup_value_regex = "[0-9]+"

    @extend_schema(operation_id="runs_changes", parameters=[NEW, OLD], responses={200: OpenApiTypes.OBJECT})
    def retrieve(self, request: Request, new: str, old: str) -> Response:
        """Facts, evidence, answers and basis that are others, and by how much each factor, gate and the risk moved."""
        visible = ScoreRun.objects.visible_to(person(request))
        later, earlier = (get_object_or_404(visible, pk=key) for key in (new, old))
        if later.assessment_id != earlier.assessment_id:
            raise NotFound
        return Response(_json(between(earlier, later)))


class ReassessedViewSet(Tagged):
    """A reassessment beside what it reassesses."""

    @extend_schema(
        operation_id="assessments_reassessed", parameters=[ASSESSMENT], responses={200: OpenApiTypes.OBJECT}
    )
    def list(self, request: Request, assessment: str) -> Response:
        """The answers given otherwise, and what moved from the run that was decided on to the current one."""
        visible = Assessment.objects.visible_to(person(request))
        found = get_object_or_404(
            visible.select_related("predecessor__decision__run", "current_run"), pk=assessment
        )
        earlier, run = found.predecessor, found.current_run
        if earlier is None or earlier.decision is None or run is None:
            raise NotFound
        answers = answers_changed(earlier.answers.all(), found.answers.all())
        return Response(
            {
                "reassesses": earlier.pk,
                "old_run": earlier.decision.run_id,
                "new_run": run.pk,
                "answers": [asdict(one) for one in answers],
                "changes": _json(between(earlier.decision.run, run)),
            }
        )


def _json(found: Changes) -> dict[str, Any]:
    """The changes as plain values, and in a sentence."""
    return {"summary": found.summary, **asdict(found)}
