"""An assessment's controls over the API: the same services as the pages. What they take off is in the records."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import ReadOnly, valid
from riskassess.accounts.people import person
from riskassess.assessments import mitigating
from riskassess.assessments.mitigating import TITLE_LENGTH, Stated
from riskassess.assessments.models import Assessment, Mitigation

KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, description="The control's key.")


class MitigationSerializer(serializers.ModelSerializer[Mitigation]):
    class Meta:
        model = Mitigation
        fields = [
            "key", "title", "factors", "effectiveness", "because", "status", "evidence", "owner", "due_on",
            "created_by", "created_at", "changed_by", "changed_at",
        ]  # fmt: skip
        read_only_fields = fields


class MitigationInput(serializers.Serializer[Any]):
    """A control. From committed on it needs `evidence`; only an assessor may say more than proposed."""

    title = serializers.CharField(max_length=TITLE_LENGTH, help_text="What is done.")
    factors = serializers.ListField(
        child=serializers.CharField(), help_text="Keys of the risk factors it lowers."
    )
    effectiveness = serializers.IntegerField(
        min_value=1, max_value=100, help_text="In percent, once it is in place and works as meant."
    )
    because = serializers.CharField(help_text="Whose judgement the percentage is, and what it rests on.")
    status = serializers.ChoiceField(choices=Mitigation.Status.choices, required=False)
    evidence = serializers.CharField(required=False, allow_blank=True, help_text="What shows the status.")
    owner = serializers.CharField(required=False, allow_blank=True, max_length=TITLE_LENGTH)
    due_on = serializers.DateField(required=False, allow_null=True)


class MitigationChange(MitigationInput):
    """What changes of a control. Once the assessment is decided: status, evidence, owner and due date only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False


class ControlActions(ReadOnly[Assessment]):
    """The actions on controls; part of the assessments' resource."""

    @extend_schema(responses=MitigationSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def mitigations(self, request: Request, pk: str) -> Response:
        """The controls. What each takes off is under `mitigations` of a run's record and of `as-it-stands`."""
        return Response(MitigationSerializer(self.get_object().mitigations.all(), many=True).data)

    @extend_schema(request=MitigationInput, responses={201: MitigationSerializer})
    @mitigations.mapping.post
    def plan(self, request: Request, pk: str) -> Response:
        """Plan a control; the assessment is scored anew."""
        made = mitigating.plan(
            self.get_object(), Stated(**_given(MitigationInput, request)), by=person(request)
        )
        return Response(MitigationSerializer(made).data, status=201)

    @extend_schema(request=MitigationChange, responses=MitigationSerializer, parameters=[KEY])
    @action(
        detail=True,
        methods=["patch"],
        url_path="mitigations/(?P<key>[-a-zA-Z0-9_]+)",
        url_name="mitigation",
        pagination_class=None,
        filter_backends=[],
    )
    def mitigation(self, request: Request, pk: str, key: str) -> Response:
        """Change a control, or say how far it is; the assessment is scored anew if anything changed."""
        changes = _given(MitigationChange, request)
        changed = mitigating.change(self._control(key), by=person(request), **changes)
        return Response(MitigationSerializer(changed).data)

    @extend_schema(request=None, responses={204: None}, parameters=[KEY])
    @mitigation.mapping.delete
    def drop(self, request: Request, pk: str, key: str) -> Response:
        """Drop a control from a draft; the assessment is scored anew."""
        mitigating.drop(self._control(key), by=person(request))
        return Response(status=204)

    def _control(self, key: str) -> Mitigation:
        found = self.get_object().mitigations.select_related("assessment__unit")
        return get_object_or_404(found, key=key)


def _given(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = valid(kind, request)
    return {**given, "factors": tuple(given["factors"])} if "factors" in given else given
