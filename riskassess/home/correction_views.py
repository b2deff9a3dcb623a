"""The pages on which a catalog manager corrects a vendor, a model or an offering. Load, ask, render."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.catalog.correcting import can_be_stated, correct_offering, correct_vendor, state
from riskassess.catalog.models import AIModel, Offering, SourcedValue, Vendor
from riskassess.catalog.services import COLUMNS, Subject
from riskassess.catalog.showing import Fact, facts_of, label_of
from riskassess.home.correcting import corrected
from riskassess.home.correction_forms import FactForm, RecordForm
from riskassess.kernel.errors import InvalidInput

KINDS: dict[str, type[Any]] = {"vendors": Vendor, "models": AIModel, "offerings": Offering}
SCORED = " What rests on it is scored anew."


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """What of the record can be corrected: its facts, each on a page of its own, and its columns in a form."""
    record, by = _record(request, kind, slug), person(request)
    form, change = None, None
    if isinstance(record, Vendor | Offering):
        form = RecordForm(request.POST if request.method == "POST" else None, record=record)
        change = partial(_write, record, form, by)
    if form is not None and change is not None and form.is_valid():
        try:
            scored = corrected(record, change, by=by)
        except InvalidInput as error:
            form.add_error(
                error.where if error.where in form.fields else None, f"{error.message} {error.hint}".strip()
            )
        else:
            messages.success(request, "It is corrected." + (SCORED if scored else ""))
            return redirect(record)
    # What the form refused is set on the record: what is on record is shown.
    shown = _record(request, kind, slug)
    found = facts_of(shown, SourcedValue.objects.of(shown))
    names = {label_of(name): name for name in COLUMNS[type(shown)]}
    facts: list[tuple[Fact, str]] = [(one, names[one.label]) for one in found if one.label in names]
    context = {"record": shown, "kind": kind, "facts": facts, "form": form}
    wrong = request.method == "POST"
    return render(request, "home/correct.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_fact(request: HttpRequest, kind: str, slug: str, attribute: str) -> HttpResponse:
    """One fact: what is stated now, and what another source says."""
    record, by = _record(request, kind, slug), person(request)
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
            form.add_error(
                error.where if error.where in form.fields else None, f"{error.message} {error.hint}".strip()
            )
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


def _record(request: HttpRequest, kind: str, slug: str) -> Subject:
    by = person(request)
    by.require(Can.EDIT_CATALOG)
    found: Subject = get_object_or_404(KINDS[kind].objects.visible_to(by), slug=slug)
    return found


def _write(record: Vendor | Offering, form: RecordForm, by: Any) -> None:
    because = form.cleaned_data["because"]
    if isinstance(record, Vendor):
        correct_vendor(record, form.columns, form.aliases, because=because, by=by)
    else:
        correct_offering(record, form.columns, because=because, by=by)
