"""What if, over the API: the same pure function as the page; it only reads."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from riskassess.accounts.api import ReadOnly
from riskassess.assessments.models import Assessment
from riskassess.assessments.what_if import LINES, record_to_try, tried, what_if, what_if_json
from riskassess.kernel.errors import Conflict
from riskassess.scoring.canonical import canonical_json
from riskassess.scoring.exposure import LETTERS

PARAMETERS = [
    *(OpenApiParameter(name, int, description="A line to try, as the method allows it.") for name in LINES),
    *(OpenApiParameter(name, str, description="A level of use, `2` or `1-3`.") for name in LETTERS),
    OpenApiParameter("w.DAT-RES", int, description="A factor's weight, 1 to 100; so for every risk factor."),
    OpenApiParameter(
        "d.Data", int, description="The weight of a domain's factors together; so for every domain."
    ),
]


class WhatIfActions(ReadOnly[Assessment]):
    """The what-if of an assessment's current run; part of the assessments' resource."""

    @extend_schema(parameters=PARAMETERS, responses={200: OpenApiTypes.OBJECT})
    @action(detail=True, url_path="what-if", pagination_class=None, filter_backends=[])
    def what_if(self, request: Request, pk: str) -> HttpResponse:
        """The current run's record beside itself with other weights, levels of use or lines. Nothing is stored."""
        run = self.get_object().current_run
        if run is None:
            raise Conflict("There is no score yet to try things on.", hint="Score it first.")
        record = record_to_try(run.record)
        given = {name: str(text) for name, text in request.query_params.items()}
        found = what_if(record, tried(record, given))
        return HttpResponse(canonical_json(what_if_json(found)), content_type="application/json")
