"""What every API resource shares: only what the person may see, and what the person sends checked in shape."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.db.models import ForeignKey, Model, QuerySet
from django_filters import NumberFilter
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework import serializers, viewsets
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request

from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.people import person

M = TypeVar("M", bound=Model)


def valid(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """What was sent, as `kind` reads it. Raises DRF's ValidationError, which names each field."""
    given = kind(data=request.data, context={"request": request})
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class _OnlyVisible:
    """A field that finds only what the person may see; the rest does not exist."""

    def get_queryset(self) -> Any:
        found: Any = super().get_queryset()  # type: ignore[misc]
        return found.visible_to(person(self.context["request"]))  # type: ignore[attr-defined]


class VisibleId(_OnlyVisible, serializers.PrimaryKeyRelatedField[Any]):
    """The id of a record that the person may see."""


class VisibleSlug(_OnlyVisible, serializers.SlugRelatedField[Any]):
    """The slug of a record that the person may see."""


class IdFilter(NumberFilter):  # type: ignore[misc]
    """A record's id as a number: an id that is not there, or not to be seen, finds nothing and tells nothing."""

    field_class = forms.IntegerField


class FiltersById(FilterSet):  # type: ignore[misc]
    FILTER_DEFAULTS = {**FilterSet.FILTER_DEFAULTS, ForeignKey: {"filter_class": IdFilter}}


class Filters(DjangoFilterBackend):  # type: ignore[misc]
    filterset_base = FiltersById


class Visible(viewsets.GenericViewSet[M]):
    """A resource whose queryset is cut to what the person may see; a guessed id is not found."""

    filter_backends = [Filters, OrderingFilter]

    def get_queryset(self) -> QuerySet[M]:
        found: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return found.none()  # type: ignore[no-any-return]
        return found.visible_to(person(self.request))  # type: ignore[no-any-return]


class ReadOnly(Visible[M], viewsets.ReadOnlyModelViewSet[M]):
    """List and detail."""


class UnitSerializer(serializers.ModelSerializer[BusinessUnit]):
    class Meta:
        model = BusinessUnit
        fields = ["id", "name"]


class UnitViewSet(ReadOnly[BusinessUnit]):
    """The business units whose work the person may read."""

    queryset = BusinessUnit.objects.all()
    serializer_class = UnitSerializer
    ordering = "name"
    ordering_fields = ["name"]
    filterset_fields = {"name": ["icontains"]}
