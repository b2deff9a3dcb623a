"""The audit trail of everything, for those who read everything, and the history of one record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.people import person
from riskassess.kernel.errors import NotAllowed
from riskassess.recording import RECORDED
from riskassess.trail.exporting import export, head
from riskassess.trail.models import Entry, EntryQuerySet
from riskassess.trail.reading import Line, kinds, lines_of

PAGE = 50


class TrailFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(field_name="object_repr", lookup_expr="icontains", label="Record")
    who = django_filters.CharFilter(field_name="actor_name", lookup_expr="icontains", label="Who")
    kind = django_filters.ChoiceFilter(label="Kind", choices=kinds, empty_label="Any")
    unit = django_filters.ModelChoiceFilter(
        label="Unit", queryset=BusinessUnit.objects.all(), empty_label="Any"
    )
    since = django_filters.DateFilter(
        field_name="timestamp",
        lookup_expr="date__gte",
        label="From",
        widget=forms.DateInput({"type": "date"}),
    )
    until = django_filters.DateFilter(
        field_name="timestamp", lookup_expr="date__lte", label="To", widget=forms.DateInput({"type": "date"})
    )

    class Meta:
        model = Entry
        fields: list[str] = []


@dataclass(frozen=True, slots=True)
class Page:
    """One page, the newest first; `older` and `newest` are addresses, '' where there is none."""

    lines: list[Line]
    older: str
    newest: str
    exports: tuple[tuple[str, str], ...]


@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """Everything that was changed, filtered. Six queries: the frame's three, whose eyes, the units, the entries."""
    user = person(request)
    if not user.reads_everything():
        raise NotAllowed(
            "The whole trail is for auditors and administrators.", hint="Each record has its history."
        )
    filterset = TrailFilter(request.GET, queryset=Entry.objects.visible_to(user), request=request)
    if wanted := request.GET.get("export"):
        return export(filterset.qs, wanted)
    page = _page(request, filterset.qs)
    return render(request, "trail/trail.html", {"page": page, "filterset": filterset, "head": head()})


@require_GET
def history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What was changed of one record that the person may see, and of what belongs to it."""
    user = person(request)
    model = histories().get(kind)
    if model is None:
        raise Http404
    manager: Any = model._default_manager
    record = get_object_or_404(manager.visible_to(user), pk=pk)
    entries = Entry.objects.visible_to(user).about(record)
    if wanted := request.GET.get("export"):
        return export(entries, wanted)
    page = _page(request, entries)
    return render(request, "trail/history.html", {"page": page, "record": record})


def histories() -> dict[str, type[Any]]:
    """The kinds of record that have a page of their own, and so a history, by the name in its address."""
    return {
        str(model._meta.model_name): model
        for model, kept in RECORDED.items()
        if not kept.about
        and hasattr(model, "get_absolute_url")
        and hasattr(model._default_manager, "visible_to")
    }


def _page(request: HttpRequest, entries: EntryQuerySet) -> Page:
    """The entries after the one in `before`, by its key: however deep, a page costs the same."""
    before = request.GET.get("before", "")
    if before.isdigit() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    found = list(entries.select_related("unit").order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(
        lines=lines_of(shown),
        older=_address(request, before=str(shown[-1].pk)) if len(found) > PAGE else "",
        newest=_address(request, before="") if before else "",
        exports=tuple((name, _address(request, export=name, before="")) for name in ("csv", "json", "xlsx")),
    )


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path
