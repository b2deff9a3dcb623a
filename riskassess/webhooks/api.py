"""Webhooks over the API: the same services as the pages. A secret is told once, where it was made."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import ReadOnly, VisibleId, valid
from riskassess.accounts.authentication import BY_TOKEN
from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.people import person
from riskassess.accounts.plain_rows import Follows
from riskassess.accounts.roles import Can
from riskassess.webhooks import services
from riskassess.webhooks.events import CHOSEN, Kind
from riskassess.webhooks.models import Delivery, Try, Webhook

WHOLE: dict[str, Any] = {"pagination_class": None, "filter_backends": []}
EVENTS = [(kind.value, kind.label) for kind in CHOSEN]
KINDS = [(kind.value, kind.label) for kind in Kind]
WEBHOOK = OpenApiParameter("webhook", int, OpenApiParameter.PATH, description="The webhook's id.")
DELIVERY = OpenApiParameter("delivery", int, OpenApiParameter.PATH, description="The delivery's id.")


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    events: Any = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENTS), read_only=True, help_text="What it is told."
    )

    class Meta:
        model = Webhook
        fields = [
            "id", "unit", "name", "url", "events", "is_active", "created_by", "created_at", "told_from", "old_until",
            "failures", "rest_until",
        ]  # fmt: skip
        read_only_fields = fields
        plain = {"events": Follows(("events",), list)}
        extra_kwargs = {
            "old_until": {"help_text": "Until when the secret before this one signs beside it."},
            "failures": {"help_text": "Requests in a row that failed."},
            "rest_until": {"help_text": "It failed too often, and is left alone until then."},
        }


class NewSecretSerializer(WebhookSerializer):
    """A webhook with its new secret, which is told this once: keep it where the receiver finds it."""

    secret = serializers.CharField(help_text="As the Standard Webhooks libraries take it: `whsec_…`.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]
        read_only_fields = fields


class WebhookInput(serializers.Serializer[Any]):
    """What listens, where, and what it is told."""

    unit: Any = VisibleId(queryset=BusinessUnit.objects.all(), help_text="The business unit's id.")
    name = serializers.CharField(max_length=100, help_text="What listens, such as “ticket system”.")
    url = serializers.CharField(
        max_length=500, help_text="It begins with https://; each message is one POST."
    )
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENTS), allow_empty=False, max_length=len(EVENTS),
        help_text="What it is told.",
    )  # fmt: skip


class WebhookChange(serializers.Serializer[Any]):
    """What changes of a webhook; what is left out stays. Switched off, it is told nothing of what happens meanwhile."""

    name = serializers.CharField(max_length=100, required=False)
    url = serializers.CharField(max_length=500, required=False)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=EVENTS), allow_empty=False, max_length=len(EVENTS), required=False
    )  # fmt: skip
    is_active = serializers.BooleanField(required=False)


class TrySerializer(serializers.ModelSerializer[Try]):
    """One request: what it was answered, or why it was not."""

    class Meta:
        model = Try
        fields = ["at", "status", "problem", "milliseconds"]
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One event told to one webhook. `event` is the id under which every try sends the same bytes."""

    kind = serializers.ChoiceField(choices=KINDS, read_only=True)
    tries = TrySerializer(many=True, read_only=True)

    class Meta:
        model = Delivery
        fields = [
            "id", "event", "kind", "state", "failed", "because", "created_at", "asked_at", "ended_at", "body", "tries",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {"body": {"help_text": "As it is sent and signed: JSON, as a text."}}


class WebhookViewSet(ReadOnly[Webhook]):
    """Where other programs are told what happens in a unit: for its administrators; auditors read."""

    queryset = Webhook.objects.select_related("unit")
    serializer_class = WebhookSerializer
    ordering = "name"
    filterset_fields = {"unit": ["exact"], "is_active": ["exact"]}
    ordering_fields = ["name", "created_at"]

    @extend_schema(request=WebhookInput, responses={201: NewSecretSerializer})
    def create(self, request: Request) -> Response:
        """Make one; it is told what happens from now on. The answer alone tells its secret."""
        user = person(request)
        user.require(Can.KEEP_WEBHOOKS)
        _is_there(request)
        given = valid(WebhookInput, request)
        kinds = [Kind(one) for one in given["events"]]
        made = services.make(given["unit"], given["name"], given["url"], kinds, by=user)
        return _with_secret(made, status=201)

    @extend_schema(request=WebhookChange, responses=WebhookSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change its name, its address or what it is told; switch it on or off."""
        found, user = self.get_object(), person(request)
        user.require(Can.KEEP_WEBHOOKS, found.unit)
        given = valid(WebhookChange, request)
        on = given.pop("is_active", None)
        if "events" in given:
            given["events"] = [Kind(one) for one in given["events"]]
        changed = services.change(found, by=user, on=on, **given)
        return Response(WebhookSerializer(changed).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Remove it with its log; the audit trail keeps that it was there."""
        services.remove(self.get_object(), by=person(request))
        return Response(status=204)

    @extend_schema(request=None, responses=NewSecretSerializer)
    @action(detail=True, methods=["post"], **WHOLE)
    def rotate(self, request: Request, pk: str) -> Response:
        """A new secret; the one before signs beside it for a day. The answer alone tells it."""
        found, user = self.get_object(), person(request)
        user.require(Can.KEEP_WEBHOOKS, found.unit)
        _is_there(request)
        return _with_secret(services.change_secret(found, by=user))

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"], url_path="try", **WHOLE)
    def try_it(self, request: Request, pk: str) -> Response:
        """Send an event that says nothing, to see whether it arrives."""
        return Response(
            DeliverySerializer(services.try_it(self.get_object(), by=person(request))).data, status=202
        )


class DeliveryViewSet(ReadOnly[Delivery]):
    """What one webhook was told, the newest first, and what came of it."""

    queryset = Delivery.objects.prefetch_related("tries")
    serializer_class = DeliverySerializer
    lookup_url_kwarg = "delivery"
    lookup_value_regex = "[0-9]+"
    filterset_fields = {"state": ["exact"], "kind": ["exact"], "event": ["exact"]}
    ordering_fields = ["asked_at"]

    def get_queryset(self) -> Any:
        """Those of the webhook in the address; of one that may not be seen, none."""
        return super().get_queryset().filter(webhook=self.kwargs.get("webhook"))

    @extend_schema(parameters=[WEBHOOK])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not Webhook.objects.visible_to(person(request)).filter(pk=kwargs["webhook"]).exists():
            raise Http404
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=[WEBHOOK, DELIVERY])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(request=None, responses={202: DeliverySerializer}, parameters=[WEBHOOK, DELIVERY])
    @action(detail=True, methods=["post"], **WHOLE)
    def again(self, request: Request, webhook: str, delivery: str) -> Response:
        """Tell once more what was given up, under its own id and with the same bytes."""
        found = get_object_or_404(self.get_queryset().select_related("webhook__unit"), pk=delivery)
        services.send_again(found, by=person(request))
        found.refresh_from_db()
        return Response(DeliverySerializer(found).data, status=202)


def _is_there(request: Request) -> None:
    """A secret is told to an access token, or to who has just entered a password, as on the pages."""
    if request.auth != BY_TOKEN and not did_recently_reauthenticate(request._request):
        raise NotAuthenticated(
            "A new secret is told to an access token, or to who has just entered a password."
        )


def _with_secret(made: services.Made, status: int = 200) -> Response:
    shown = dict(WebhookSerializer(made.webhook).data)
    return Response({**shown, "secret": made.secret}, status=status)
