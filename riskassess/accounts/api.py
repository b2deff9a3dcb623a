"""What every API resource shares: only what the person may see, and what the person sends checked in shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from django import forms
from django.db.models import BooleanField, ForeignKey, Model, QuerySet
from django_filters import BooleanFilter, NumberFilter
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.filters import OrderingFilter
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.conditions import Conditional
from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.people import person
from riskassess.accounts.plain_rows import Plan, plan_of
from riskassess.kernel.errors import InvalidInput

M = TypeVar("M", bound=Model)
Parsers = list[BaseParser]
Names = list[str]  # a resource has a method of the name `list`


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


class YesNoField(forms.Field):
    """`true` or `false`; anything else is told and not passed over."""

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        found = {"true": True, "false": False}.get(str(value).lower())
        if found is None:
            raise forms.ValidationError("Use true or false.")
        return found


class YesNoFilter(BooleanFilter):  # type: ignore[misc]
    field_class = YesNoField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "widget": forms.TextInput})


class FiltersById(FilterSet):  # type: ignore[misc]
    FILTER_DEFAULTS = {
        **FilterSet.FILTER_DEFAULTS,
        ForeignKey: {"filter_class": IdFilter},
        BooleanField: {"filter_class": YesNoFilter},
    }


class Filters(DjangoFilterBackend):  # type: ignore[misc]
    filterset_base = FiltersById

    def filter_queryset(self, request: Request, queryset: QuerySet[M], view: Any) -> QuerySet[M]:
        """Without a parameter there is nothing to filter by: no form is built, a sixth of a short list's time."""
        filtered: QuerySet[M] = (
            super().filter_queryset(request, queryset, view) if request.query_params else queryset
        )
        return filtered


class Ordering(OrderingFilter):
    """One field or several, `-` before one for descending. A field that is none is said, not passed over."""

    def remove_invalid_fields(self, queryset: Any, fields: Any, view: Any, request: Request) -> Any:
        wanted = [name for name in fields if name]
        if unknown := [name for name in wanted if name.removeprefix("-") not in self.names(view)]:
            raise InvalidInput(
                f"This list is not ordered by {unknown[0][:100]}.",
                hint=f"Use {', '.join(self.names(view))}, with - before it for descending.",
                where=self.ordering_param,
            )
        return wanted

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        words = f"By {', '.join(self.names(view))}; several separated by commas, - before one for descending."
        schema = {"type": "string"}
        return [
            {
                "name": self.ordering_param,
                "in": "query",
                "required": False,
                "description": words,
                "schema": schema,
            }
        ]

    @staticmethod
    def names(view: Any) -> Names:
        """What the list can be ordered by; its own order is always among it."""
        return [*dict.fromkeys([*getattr(view, "ordering_fields", ()), "id"])]


class ListsPlainly(Conditional[M]):
    """A resource whose lists are read as columns where its serializer allows, and whose fields can be chosen.

    `?fields=id,name` shows only these, in lists and details; what is left out of a list is not even read.
    """

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page: Any = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        plan = self.plain_plan()
        shown = plan.shown(page, person(request)) if plan else self.get_serializer(page, many=True).data
        return self.get_paginated_response(shown)

    def plain_plan(self) -> Plan | None:
        """How this request's rows are read as columns; None where its serializer writes them."""
        plan = plan_of(cast(Any, self.get_serializer_class())) if self.action == "list" else None
        return plan.only(self.chosen(plan.fields)) if plan else None

    def plain_columns(self) -> Names:
        """The columns that the page reads, for the paginator."""
        plan = self.plain_plan()
        return plan.columns if plan else []

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        made: Any = super().get_serializer(*args, **kwargs)
        if self.request and self.request.method == "GET" and self.action in ("list", "retrieve"):
            fields = getattr(made, "child", made).fields
            for name in set(fields) - set(self.chosen(fields)):
                del fields[name]
        return made

    def chosen(self, names: Iterable[str]) -> Names:
        """The fields that `?fields=` names, in their own order; all without it."""
        every = list(names)
        asked = self.request.query_params.get("fields", "")
        wanted = {name.strip() for name in asked.split(",") if name.strip()}
        if unknown := sorted(wanted - set(every)):
            raise InvalidInput(
                f"There is no field {unknown[0][:100]}.",
                hint=f"There are {', '.join(every)}.",
                where="fields",
            )
        return [name for name in every if name in wanted] if wanted else every


class Visible(ListsPlainly[M]):
    """A resource whose queryset is cut to what the person may see; a guessed id is not found."""

    filter_backends = [Filters, Ordering]

    def get_queryset(self) -> QuerySet[M]:
        found: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return found.none()  # type: ignore[no-any-return]
        return found.visible_to(person(self.request))  # type: ignore[no-any-return]


class ReadOnly(Visible[M], mixins.RetrieveModelMixin):
    """List and detail."""


@extend_schema_field(OpenApiTypes.BINARY)  # of a bare FileField the description would say that it is a text
class FileInput(serializers.FileField):
    """A file of a form."""


class TakesFiles(Visible[M]):
    """A resource some of whose actions take a form with a file; the others take JSON as everywhere."""

    takes_files: frozenset[str] = frozenset()

    def get_parsers(self) -> Parsers:
        action: str = getattr(self, "action", "") or ""
        if self.request is not None:  # the request asks for its parsers before the action is named
            action = self.action_map.get((self.request.method or "").lower(), action)
        return [MultiPartParser()] if action in self.takes_files else super().get_parsers()


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
