"""What every API resource shares: only what the person may see, under the API's own error form."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers, viewsets

from riskassess.accounts.people import person

M = TypeVar("M", bound=Model)


class Visible(viewsets.GenericViewSet[M]):
    """A resource whose queryset is cut to what the person may see; a guessed id is not found."""

    def get_queryset(self) -> QuerySet[M]:
        found: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return found.none()  # type: ignore[no-any-return]
        return found.visible_to(person(self.request))  # type: ignore[no-any-return]


class ReadOnly(Visible[M], viewsets.ReadOnlyModelViewSet[M]):
    """List and detail."""


class ProblemSerializer(serializers.Serializer[Any]):
    """An error, as problem details (RFC 9457): what is wrong, what to do, where."""

    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    where = serializers.CharField()
