"""The pages on which a catalog manager corrects a record of the catalog. Load, ask, render."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from riskassess.accounts.people import person
from riskassess.catalog.correcting import can_be_stated, state
from riskassess.catalog.models import AIModel, Offering, Region, Source, SourcedValue, Vendor
from riskassess.catalog.models.offering import PARTIES
from riskassess.catalog.rewriting import (
    ChangedMeanwhile,
    add_part,
    correct_record,
    may_correct,
    take_out,
    version_of,
)
from riskassess.catalog.services import COLUMNS
from riskassess.catalog.showing import Fact, facts_of, label_of
from riskassess.home.correcting import corrected
from riskassess.home.correction_forms import FactForm, RecordForm, TakeOutForm
from riskassess.home.correction_parts import part_kind, sections_of
from riskassess.home.correction_saying import tell
from riskassess.kernel.errors import InvalidInput

# The kinds of record with a page of their own, and what their addresses name them by.
KINDS: dict[str, tuple[type[Any], str]] = {
    "vendors": (Vendor, "slug"),
    "models": (AIModel, "slug"),
    "offerings": (Offering, "slug"),
    "regions": (Region, "pk"),
    "sources": (Source, "pk"),
}
_LOADS: dict[type[models.Model], tuple[str, ...]] = {
    Vendor: ("parent",),
    AIModel: ("developer", "origin"),
    Offering: (*PARTIES, "model", "origin"),
    Region: ("provider",),
    Source: ("unit",),
}
SCORED = " What rests on it is scored anew."


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, kind: str, **which: Any) -> HttpResponse:
    """What can be corrected of the record: facts and parts, each on a page of its own, and columns in a form."""
    record = _record(request, kind, which)
    done = _corrected(request, record, lambda: _record(request, kind, which))
    if isinstance(done, HttpResponse):
        return done
    context = done | {
        "record": record,
        "kind": kind,
        "facts": _facts(record),
        "sections": sections_of(record),
    }
    return render(request, "home/correct.html", context, status=done["status"])


@require_http_methods(["GET", "HEAD", "POST"])
def correct_fact(request: HttpRequest, kind: str, slug: str, attribute: str) -> HttpResponse:
    """One fact: what is stated now, and what another source says."""
    record, by = _record(request, kind, {"slug": slug}), person(request)
    if not can_be_stated(record, attribute):
        raise Http404
    form = FactForm(request.POST if request.method == "POST" else None, record=record, attribute=attribute)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        change = partial(
            state, record, attribute, said["value"], state=said["state"], whose=form.whose,
            because=said["because"], prefer=said["prefer"], by=by,
        )  # fmt: skip
        try:
            scored = corrected(record, change, by=by)
        except InvalidInput as error:
            tell(form, error, by)
        else:
            messages.success(request, f"{label_of(attribute)} is stated." + (SCORED if scored else ""))
            return redirect(record)
    values = SourcedValue.objects.of(record).filter(attribute=attribute)
    label = label_of(attribute)
    context = {
        "record": record,
        "kind": kind,
        "label": label,
        "facts": [fact for fact in facts_of(record, values) if fact.label == label],
        "form": form,
    }
    return render(request, "home/correct_fact.html", context, status=422 if form.errors else 200)


# --- parts ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, kind: str, slug: str, parts: str) -> HttpResponse:
    """A further place, price, sub-processor or tie."""
    record, by = _record(request, kind, {"slug": slug}), person(request)
    one = part_kind(record, parts)
    new, of = one.new(record)
    form = RecordForm(request.POST if request.method == "POST" else None, record=new)
    if request.method == "POST" and form.is_valid():
        change = partial(
            add_part,
            one.model,
            form.columns,
            whose=form.whose,
            because=form.cleaned_data["because"],
            by=by,
            **of,
        )
        try:
            scored = corrected(None, change, by=by)
        except InvalidInput as error:
            tell(form, error, by)
        else:
            messages.success(request, f"The {one.one} is added." + (SCORED if scored else ""))
            return redirect(f"{record.get_absolute_url()}correct/")
    context = {"record": record, "kind": kind, "part_kind": one, "form": form}
    return render(request, "home/correct_part.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_part(request: HttpRequest, kind: str, slug: str, parts: str, part: int) -> HttpResponse:
    """One place, price, sub-processor or tie: what it should be, or that it should not be there."""
    record = _record(request, kind, {"slug": slug})
    one = part_kind(record, parts)
    found: Callable[[], Any] = lambda: get_object_or_404(one.of(record), pk=part)  # noqa: E731
    done = _corrected(request, found(), found, then=f"{record.get_absolute_url()}correct/")
    if isinstance(done, HttpResponse):
        return done
    context = done | {"record": record, "kind": kind, "part_kind": one, "out": TakeOutForm()}
    return render(request, "home/correct_part.html", context, status=done["status"])


@require_POST
def remove_part(request: HttpRequest, kind: str, slug: str, parts: str, part: int) -> HttpResponse:
    """Takes one off the record, with a reason."""
    record, by = _record(request, kind, {"slug": slug}), person(request)
    one = part_kind(record, parts)
    found = get_object_or_404(one.of(record), pk=part)
    out = TakeOutForm(request.POST)
    if out.is_valid():
        because, shown = out.cleaned_data["why"], request.POST.get("shown", "")
        scored = corrected(found, partial(take_out, found, because=because, shown=shown, by=by), by=by)
        messages.success(request, f"The {one.one} is taken out." + (SCORED if scored else ""))
        return redirect(f"{record.get_absolute_url()}correct/")
    context = {
        "record": record,
        "kind": kind,
        "part_kind": one,
        "part": found,
        "form": RecordForm(record=found),
        "out": out,
        "shown": version_of(found),
    }
    return render(request, "home/correct_part.html", context, status=422)


# --- what they share --------------------------------------------------------------------------------


def _record(request: HttpRequest, kind: str, which: dict[str, Any]) -> Any:
    """The record, to who may see it and correct it."""
    by, (model, _) = person(request), KINDS[kind]
    found = get_object_or_404(model.objects.visible_to(by).select_related(*_LOADS[model]), **which)
    may_correct(found, by)
    return found


def _corrected(
    request: HttpRequest, record: models.Model, again: Callable[[], Any], *, then: str = ""
) -> HttpResponse | dict[str, Any]:
    """Where to go once the columns are corrected; until then what the page of the form shows."""
    by, sent, status = person(request), request.method == "POST", 200
    form = RecordForm(request.POST if sent else None, record=record)
    clashes: list[tuple[str, str]] | None = None
    if sent and form.is_valid():
        change = partial(
            correct_record, record, form.columns, aliases=form.aliases, whose=form.whose,
            because=form.cleaned_data["because"], shown=request.POST.get("shown", ""), by=by,
        )  # fmt: skip
        try:
            scored = corrected(record, change, by=by)
        except InvalidInput as error:
            tell(form, error, by)
        except ChangedMeanwhile:
            record = again()
            form = RecordForm(request.POST, record=record)
            clashes, status = form.on_record, 409
        else:
            messages.success(request, "It is corrected." + (SCORED if scored else ""))
            return redirect(then or again())
    status = 422 if form.errors and status == 200 else status
    return {"form": form, "clashes": clashes, "part": record, "shown": version_of(record), "status": status}


def _facts(record: Any) -> list[tuple[Fact, str]]:
    """The record's own facts, each with its name in an address."""
    if type(record) not in COLUMNS:
        return []
    names = {label_of(name): name for name in COLUMNS[type(record)]}
    found = facts_of(record, SourcedValue.objects.of(record))
    return [(one, names[one.label]) for one in found if one.label in names]
