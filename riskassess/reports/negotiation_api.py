"""The negotiation pack over the API: the same pure functions as the pages; it only reads."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request

from riskassess.accounts.conditions import Tagged
from riskassess.accounts.people import person
from riskassess.assessments.models import ScoreRun
from riskassess.assessments.negotiating import negotiation_pack
from riskassess.assessments.what_if import record_to_try
from riskassess.kernel.errors import InvalidInput
from riskassess.reports.negotiation import pack_json, requests_json, requests_of
from riskassess.scoring.canonical import canonical_json

PARAMETERS = [
    OpenApiParameter("item", str, many=True, description="What is chosen, by its `item`; may be repeated."),
    OpenApiParameter("for", str, enum=["vendor"], description="`vendor`: only what the vendor is asked for."),
    OpenApiParameter(
        "figures", bool, description="With `for=vendor`: tell level, risk and decision as well."
    ),
]
TAKES = {"for": ("vendor",), "figures": ("true", "false")}


class NegotiationViewSet(Tagged):
    """What would lower each residual risk of a run."""

    @extend_schema(
        operation_id="runs_negotiation", parameters=PARAMETERS, responses={200: OpenApiTypes.OBJECT}
    )
    def list(self, request: Request, run: str) -> HttpResponse:
        """Clauses, documents and facts, what each does alone, and what those chosen do together."""
        for name, values in TAKES.items():
            if request.query_params.get(name, values[0]) not in values:
                raise InvalidInput(
                    f"{name} takes {' or '.join(values)}.", hint="Leave it out otherwise.", where=name
                )
        found = get_object_or_404(ScoreRun.objects.visible_to(person(request)), pk=run)
        record = record_to_try(found.record)
        pack, chosen = negotiation_pack(record), request.query_params.getlist("item")
        shown: Any = pack_json(record, pack, chosen)
        if request.query_params.get("for") == "vendor":
            figures = request.query_params.get("figures") == "true"
            shown = {"requests": requests_json(requests_of(record, pack, chosen, figures=figures))}
        return HttpResponse(canonical_json(shown), content_type="application/json")
