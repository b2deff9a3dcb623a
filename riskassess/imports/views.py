"""The pages on which a spreadsheet is uploaded, understood, looked through and applied. Load, ask, render."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.catalog.models import AIModel, Offering, Source, Vendor
from riskassess.imports import presenting, services
from riskassess.imports.alike import sheets_of
from riskassess.imports.commented import with_comments
from riskassess.imports.deciding import waiting
from riskassess.imports.elsewhere import place_for
from riskassess.imports.forms import MOST_COLUMNS, SheetForm, TermsForm, UploadForm, column_choices
from riskassess.imports.history import told_in_order
from riskassess.imports.lists import IMPORTS, left_behind
from riskassess.imports.models import Batch, Row
from riskassess.imports.shapes.registry import shape_named
from riskassess.imports.template import template_xlsx
from riskassess.imports.undo import outlook
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.listing import respond

State = Batch.State
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def visible(request: HttpRequest, pk: int) -> Batch:
    found = Batch.objects.visible_to(person(request)).select_related(
        "unit", "uploaded_by", "undone_by", "job"
    )
    return get_object_or_404(found, pk=pk)


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """The imports of the units one may read."""
    user = person(request)
    rows = Batch.objects.visible_to(user).select_related("unit", "uploaded_by").defer("mapping", "sheets")
    actions = [{"label": "Import a spreadsheet", "url": reverse("imports:upload"), "primary": True}]
    return respond(request, IMPORTS, rows, {"actions": actions if user.may(Can.IMPORT) else []})


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file. What cannot be read is said beside the field, and nothing is kept."""
    user = person(request)
    user.require(Can.IMPORT)
    initial = {"stated_on": timezone.localdate()}
    form = UploadForm(request.POST or None, request.FILES or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        file = told.pop("file")
        try:
            said = "stated_on" in form.changed_data  # else it is the day that the page had put there
            batch = services.upload(file.read(), file.name, by=user, day_is_said=said, **told)
        except InvalidInput as error:
            form.add_error("file", f"{error.message} {error.hint}".strip())
        else:
            return redirect("imports:columns", batch.pk)
    status = 422 if form.errors else 200
    return render(request, "imports/upload.html", page_of("Upload", form=form), status=status)


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in; with `?filled`, what the catalog says already."""
    user = person(request)
    user.require(Can.IMPORT)
    filled = "filled" in request.GET
    response = HttpResponse(
        template_xlsx(Offering.objects.visible_to(user) if filled else None), content_type=XLSX
    )
    name = "models-in-the-catalog" if filled else "models-to-import"
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@require_GET
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Where this import stands: each state has its page."""
    found = visible(request, pk)
    if found.state == State.UPLOADED:
        return redirect("imports:columns", pk)
    if found.state == State.PREVIEWED:
        return redirect("imports:rows", pk)
    if found.state in {State.READING, State.APPLYING}:
        step = "Preview" if found.state == State.READING else "Apply"
        page = page_of(step, batch=found, job=found.job, may_import=may_import(request, found))
        return render(request, "imports/working.html", page)
    stayed = Row.objects.staying().filter(batch=found).order_by("-outcome", "number")
    lines = list(presenting.row_lines(found, stayed.select_related("batch")[: presenting.PAGE_SIZE]))
    address = reverse("imports:rows", args=[pk])
    counts = presenting.count_links(found, address, "-")
    undoable = found.state in Batch.DONE and may_import(request, found)
    others = sheets_of(found, person(request)) if undoable and len(found.sheets) > 1 else []
    page = page_of(
        "Done",
        alike=sum(one.is_alike for one in others),
        batch=found,
        lines=lines,
        counts=counts,
        left=found.stays,
        undoable=undoable,
        may_import=may_import(request, found),
        waiting=waiting(found) if undoable else 0,
    )
    return render(request, "imports/done.html", page)


@never_cache
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar, asked for each second; sends the page on once there is something to see."""
    found = visible(request, pk)
    if found.state not in {State.READING, State.APPLYING}:
        address = found.get_absolute_url()
        htmx = getattr(request, "htmx", None)
        return HttpResponseClientRedirect(address) if htmx else redirect(address)
    page = {"batch": found, "job": found.job, "may_import": may_import(request, found)}
    return render(request, "imports/_progress.html", page)


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or change what each column holds."""
    found = visible(request, pk)
    if found.state in {State.APPLYING, *Batch.DONE}:
        return redirect(found)
    user = person(request)
    terms = TermsForm(request.POST or None, batch=found)
    problem: InvalidInput | None = None
    if request.method == "POST" and terms.is_valid():
        choices = column_choices(found, request.POST)
        try:
            told = terms.cleaned_data
            services.confirm_columns(
                found, choices, by=user, default_vendor=told["default_vendor"], stated_on=told["stated_on"]
            )
        except InvalidInput as error:
            problem = error
            found.mapping = {
                letters: {**column, **choices.get(letters, {})} for letters, column in found.mapping.items()
            }
        else:
            return redirect(found)
    page = columns_page(request, found, SheetForm(batch=found), terms)
    status = 422 if problem or terms.errors else 200
    return render(request, "imports/columns.html", {**page, "problem": problem}, status=status)


def columns_page(request: HttpRequest, found: Batch, form: SheetForm, terms: TermsForm) -> dict[str, Any]:
    """What the page of columns shows."""
    shape = shape_named(found.shape)
    return page_of(
        "Columns",
        batch=found,
        shape=shape,
        shapes=presenting.shape_lines(found),
        sheet_form=form,
        terms=terms,
        lines=presenting.column_lines(found.mapping, shape),
        fields=presenting.field_choices(shape),
        units=presenting.UNITS,
        hidden_columns=max(0, len(found.mapping) - MOST_COLUMNS),
        may_import=may_import(request, found),
        may_discard=may_import(request, found) and not services.was_applied(found),
        elsewhere=place_for(shape.name) if found.state == State.UPLOADED else None,
    )


@require_GET
def source_row(request: HttpRequest, source: int, number: int) -> HttpResponse:
    """From a catalog value back to its row: the newest import of that sheet that one may see, else the source."""
    seen = Batch.objects.visible_to(person(request)).filter(source=source, state__in=Batch.DONE)
    found = seen.filter(rows__number=number).order_by("-applied_at", "-pk").first()
    if found is None:
        sources = Source.objects.visible_to(person(request))
        return redirect(get_object_or_404(sources, pk=source))
    return redirect("imports:row", found.pk, number)


@require_GET
def history(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """What was changed of a vendor, a model or an offering, by imports and by people."""
    user = person(request)
    kinds: dict[str, Any] = {"vendor": Vendor, "model": AIModel, "offering": Offering}
    subject = get_object_or_404(kinds[kind].objects.visible_to(user), slug=slug)
    page = {"subject": subject, "kind": kind, **told_in_order(subject, user)}
    return render(request, "imports/history.html", page)


@require_GET
def left(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that are not applied, with the reasons, as a workbook."""
    found = visible(request, pk)
    response = HttpResponse(left_behind(found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="rows-left-{found.pk}.xlsx"'
    return response


@require_GET
def commented(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it came, with a comment on each cell that keeps a row back."""
    found = visible(request, pk)
    response = HttpResponse(with_comments(found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="with-comments-{found.pk}.xlsx"'
    return response


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply the rows that can be; the worker does it."""
    found = visible(request, pk)
    services.request_apply(found, by=person(request))
    return redirect(found)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop reading or applying; the import is where it was before."""
    found = visible(request, pk)
    services.stop(found, by=person(request))
    messages.success(request, "Stopped. The catalog is as it was before this step.")
    return redirect(found)


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget an import that was not applied."""
    found = visible(request, pk)
    services.discard(found, by=person(request))
    messages.success(request, f"{found.file_name} is discarded. The catalog is as it was.")
    return redirect("imports:list")


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What undoing would take back, or what stands in its way; then doing it."""
    found = visible(request, pk)
    user = person(request)
    user.require(Can.IMPORT, found.unit)
    if found.state not in Batch.DONE:
        return redirect(found)
    status = 200
    if request.method == "POST":
        try:
            services.undo(found, by=user)
        except Conflict:
            status = 409  # the page says why
        else:
            messages.success(request, f"{found.file_name} is undone. The catalog is as it was before.")
            return redirect(found)
    page = page_of("Done", batch=found, outlook=outlook(found, user))
    return render(request, "imports/undo.html", page, status=status)


def may_import(request: HttpRequest, found: Batch) -> bool:
    return person(request).may(Can.IMPORT, found.unit)


def page_of(step: str, **more: Any) -> dict[str, Any]:
    return {"step": step, "steps": presenting.STEPS, **more}
