"""The pages on the sheets of one file: which there are, reading another, reading and applying those alike at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from riskassess.accounts.people import person
from riskassess.imports import services
from riskassess.imports.alike import CONFIRMED, apply_ready, read_alike, ready, sheets_of
from riskassess.imports.forms import SheetForm, TermsForm
from riskassess.imports.models import Batch
from riskassess.imports.views import columns_page, may_import, page_of, visible
from riskassess.kernel.errors import InvalidInput

State = Batch.State
_CHOOSING = (State.UPLOADED, State.PREVIEWED)
_WORKING = (State.READING, State.APPLYING)


@require_GET
def sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """Every sheet of the file: its size, its first rows, what it seems to be, what has become of it."""
    found = visible(request, pk)
    every = sheets_of(found, person(request))
    may = may_import(request, found)
    page = page_of(
        "Columns" if found.state in _CHOOSING else "Done",
        batch=found,
        sheets=every,
        alike=[sheet.name for sheet in every if sheet.is_alike] if may and found.state in CONFIRMED else [],
        ready=ready(every) if may else [],
        working=any(one.batch is not None and one.batch.state in _WORKING for one in every),
        may_read=may and found.state in {*_CHOOSING, *Batch.DONE},
    )
    return render(request, "imports/sheets.html", page)


@require_POST
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Read another sheet or header row, or the sheet as another shape.

    Of a file that was imported, another sheet becomes an import of its own.
    """
    found = visible(request, pk)
    if found.state in Batch.DONE:
        made = services.next_sheet(found, request.POST.get("sheet", ""), by=person(request))
        return redirect("imports:columns", made.pk)
    form = SheetForm(request.POST, batch=found)
    if form.is_valid():
        try:
            chosen = form.cleaned_data
            services.choose_sheet(
                found,
                chosen["sheet"],
                chosen["header_row"],
                by=person(request),
                shape=chosen.get("shape", ""),
                sideways=chosen["sideways"],
            )
        except InvalidInput as error:
            form.add_error("header_row", f"{error.message} {error.hint}".strip())
        else:
            return redirect("imports:columns", pk)
    found.refresh_from_db()
    page = columns_page(request, found, form, TermsForm(batch=found))
    return render(request, "imports/columns.html", page, status=422)


@require_POST
def alike(request: HttpRequest, pk: int) -> HttpResponse:
    """Read all sheets with the columns of this one as it is read."""
    found = visible(request, pk)
    for name, why in read_alike(found, by=person(request)).items():
        messages.warning(request, f"Sheet {name} is not read yet: {why}")
    return redirect(reverse("imports:sheets", args=[pk]))


@require_POST
def apply_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply every sheet of the file that is ready; the worker does it."""
    found = visible(request, pk)
    count = apply_ready(found, by=person(request))
    messages.success(
        request, f"{count} sheet{'s are' if count != 1 else ' is'} being applied, one at a time."
    )
    return redirect(reverse("imports:sheets", args=[pk]))
