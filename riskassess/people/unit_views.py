"""The pages of business units: the list, one with its people, making and naming one."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from riskassess.accounts.models import BusinessUnit, Membership
from riskassess.accounts.people import person
from riskassess.accounts.roles import Role
from riskassess.kernel.errors import InvalidInput
from riskassess.people import services
from riskassess.people.forms import UnitForm
from riskassess.people.lists import TABS
from riskassess.people.rights import is_administrator, kept_by
from riskassess.people.views import for_administrators, for_readers


@require_safe
@for_readers
def units(request: HttpRequest) -> HttpResponse:
    """All units, with how many people have a role in each."""
    return _list(request, UnitForm())


@require_POST
@for_administrators
def new(request: HttpRequest) -> HttpResponse:
    form = UnitForm(request.POST)
    if form.is_valid():
        try:
            unit = services.make_unit(form.cleaned_data["name"], by=person(request))
        except InvalidInput as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, f"{unit} is there, and you administer it.")
            return redirect("people:unit", unit.pk)
    return _list(request, form)


@require_safe
@for_readers
def one(request: HttpRequest, unit: int) -> HttpResponse:
    """One unit and who does what in it."""
    found = get_object_or_404(BusinessUnit, pk=unit)
    return _page(request, found, UnitForm(initial={"name": found.name}))


@require_POST
@for_administrators
def rename(request: HttpRequest, unit: int) -> HttpResponse:
    found = get_object_or_404(BusinessUnit, pk=unit)
    form = UnitForm(request.POST)
    if form.is_valid():
        try:
            services.rename_unit(found, form.cleaned_data["name"], by=person(request))
        except InvalidInput as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, "It has its new name.")
            return redirect("people:unit", found.pk)
    return _page(request, found, form)


def _list(request: HttpRequest, form: UnitForm) -> HttpResponse:
    by = person(request)
    counts = dict(
        Membership.objects.order_by()
        .values_list("unit")
        .annotate(count=Count("user", distinct=True))
        .values_list("unit", "count")
    )
    kept = set(kept_by(by).values_list("pk", flat=True))
    rows = [
        {"unit": unit, "people": counts.get(unit.pk, 0), "kept": unit.pk in kept}
        for unit in BusinessUnit.objects.all()
    ]
    context = {"rows": rows, "form": form, "tabs": TABS, "administers": is_administrator(by)}
    return render(request, "people/units.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, unit: BusinessUnit, form: UnitForm) -> HttpResponse:
    held = unit.memberships.select_related("user").order_by("user__name", "user__email", "role")
    context = {
        "unit": unit,
        "form": form,
        "kept": kept_by(person(request)).filter(pk=unit.pk).exists(),
        "rows": [{"one": one, "role": Role(one.role).label} for one in held],
    }
    return render(request, "people/unit.html", context, status=422 if form.errors else 200)
