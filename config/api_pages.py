"""How the API cuts long lists into pages: by the values of the last row shown, never by counting."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from riskassess.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Term:
    """One field of an order. Rows without a value come last, whichever way the field is sorted."""

    field: Field[Any, Any]
    descending: bool

    def order(self, backwards: bool) -> Any:
        """What `order_by` takes to read this field forwards or backwards."""
        column = F(self.field.name)
        last: dict[str, Any] = (
            {("nulls_first" if backwards else "nulls_last"): True} if self.field.null else {}
        )
        return column.desc(**last) if self.descending != backwards else column.asc(**last)

    def beyond(self, value: Any, backwards: bool) -> Q:
        """Rows that this field alone puts after a row with `value`; before it when read backwards."""
        name = self.field.name
        if value is None:
            return Q(**{f"{name}__isnull": False}) if backwards else Q(pk__in=[])
        found = Q(**{f"{name}__{'lt' if self.descending != backwards else 'gt'}": value})
        return found | Q(**{f"{name}__isnull": True}) if self.field.null and not backwards else found


class Pages(CursorPagination):
    """Newest first, or as `ordering` says; the key decides between equal rows, so none is shown twice or lost.

    A cursor holds the order's values of the row it continues from. Rows added or removed meanwhile shift
    nothing. Queries: one a page, whatever the length of the list and however deep the page.
    """

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(  # type: ignore[override]  # a list of plain values has no order of its own
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        size = self._size(request)
        self.address = request.build_absolute_uri()
        self.terms = terms_of(queryset.model, self.get_ordering(request, queryset, view))
        start = self._start(request.query_params.get(self.cursor_query_param, ""))
        backwards, values = start or (False, [])
        ordered = queryset.order_by(*(term.order(backwards) for term in self.terms))
        if columns := view.plain_columns() if hasattr(view, "plain_columns") else ():
            # What the cursor is made of is read as well.
            ordered = ordered.prefetch_related(None).values(
                *dict.fromkeys([*columns, *(term.field.attname for term in self.terms)]), pk=F("pk")
            )
        found = list((ordered.filter(self._beyond(values, backwards)) if start else ordered)[: size + 1])
        more, self.page = len(found) > size, found[:size]
        if backwards:
            self.page.reverse()
        self.has_previous, self.has_next = (more, True) if backwards else (start is not None, more)
        return self.page

    def _size(self, request: Request) -> int:
        """Rows on a page. Raises InvalidInput for what is no number of rows; more than there may be are as many."""
        asked = request.query_params.get(self.page_size_query_param, "").strip()
        if not asked:
            return self.page_size or self.max_page_size
        if not (asked.isascii() and asked.isdigit() and asked.strip("0")):
            raise InvalidInput(
                "That is no number of rows.",
                hint=f"Use 1 to {self.max_page_size}.",
                where=self.page_size_query_param,
            )
        return min(int(asked.lstrip("0")[:9]), self.max_page_size)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        found = super().get_schema_operation_parameters(view)
        for one in found:
            if one["name"] == self.page_size_query_param:
                one["schema"] = {"type": "integer", "minimum": 1, "default": self.page_size}
                one["description"] = f"Rows on a page, {self.max_page_size} at most."
            if one["name"] == self.cursor_query_param:
                one["description"] = (
                    "Where the page begins: take the addresses in `next` and `previous` as they are."
                )
        return found

    def get_next_link(self) -> str | None:
        return self._link(self.page[-1], backwards=False) if self.has_next and self.page else None

    def get_previous_link(self) -> str | None:
        return self._link(self.page[0], backwards=True) if self.has_previous and self.page else None

    def _beyond(self, values: list[Any], backwards: bool) -> Q:
        """Rows after `values` in the order of all terms: equal in the first ones, beyond in the next."""
        found, equal = Q(pk__in=[]), Q()
        for term, value in zip(self.terms, values, strict=True):
            found |= equal & term.beyond(value, backwards)
            name = term.field.name
            equal &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        return found

    def _link(self, row: Model | dict[str, Any], *, backwards: bool) -> str:
        record: Any = SimpleNamespace(**row) if isinstance(row, dict) else row
        texts = [
            None if term.field.value_from_object(record) is None else term.field.value_to_string(record)
            for term in self.terms
        ]
        cursor = urlsafe_b64encode(json.dumps([int(backwards), *texts]).encode()).decode()
        return replace_query_param(self.address, self.cursor_query_param, cursor)

    def _start(self, cursor: str) -> tuple[bool, list[Any]] | None:
        """The way to read and the values to read on from; None at the list's beginning."""
        if not cursor:
            return None
        try:
            backwards, *texts = json.loads(urlsafe_b64decode(cursor.encode()))
            if any("\0" in str(text) for text in texts):
                raise ValueError("PostgreSQL refuses NUL in text.")
            pairs = zip(self.terms, texts, strict=True)
            return bool(backwards), [None if t is None else term.field.to_python(str(t)) for term, t in pairs]
        except (ValueError, TypeError, ValidationError) as error:
            raise InvalidInput(
                "That is no cursor of this list in this order.",
                hint="Take the addresses in `next` and `previous` as they are.",
                where=self.cursor_query_param,
            ) from error


def terms_of(model: type[Model], ordering: tuple[str, ...]) -> tuple[Term, ...]:
    """The fields of an order, with the primary key at its end unless it is there already."""
    key = model._meta.pk
    terms: list[Term] = []
    for name in ordering:
        bare = name.removeprefix("-")
        field: Any = key if bare == "pk" else model._meta.get_field(bare)
        terms.append(Term(field, name.startswith("-")))
    if all(term.field != key for term in terms):
        terms.append(Term(key, terms[0].descending if terms else True))
    return tuple(terms)
