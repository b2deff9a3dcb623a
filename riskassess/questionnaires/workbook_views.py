"""The workbook of an inquiry: taken and brought back by who asks, or by the contact behind the link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from riskassess.accounts import limits
from riskassess.accounts.models import User
from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.questionnaires.models import Inquiry
from riskassess.questionnaires.public_views import behind_a_link
from riskassess.questionnaires.workbook_reading import LIMITS
from riskassess.questionnaires.workbook_services import Taken, take_workbook, workbook_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WorkbookForm(forms.Form):
    """A workbook that came back."""

    file = forms.FileField(
        label="The workbook, filled in", help_text="As .xlsx or .ods, 5 MB at most.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LIMITS.file_bytes:
            raise forms.ValidationError("The file has more than 5 MB: it is not the workbook we handed out.")
        return file


class BroughtForm(WorkbookForm):
    """The same, brought in by somebody here for the contact."""

    complete = forms.BooleanField(
        label="It is complete: hand it in for review", required=False,
        help_text="Otherwise the link stays open for what is missing.",
    )  # fmt: skip


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook, to be sent by hand."""
    return as_file(_visible(request, pk))


@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring in a workbook that the contact sent back."""
    inquiry, user = _visible(request, pk), person(request)
    user.require(Can.ASSESS, inquiry.unit)
    form = BroughtForm(request.POST or None, request.FILES or None)
    taken: Taken | None = None
    if request.method == "POST" and form.is_valid():
        taken = _take(form, inquiry, by=user, complete=form.cleaned_data["complete"])
        if taken is not None and not taken.problems:
            messages.success(request, _words(taken))
            return redirect("questionnaires:inquiry", pk)
    shown = {"inquiry": inquiry, "form": form, "problems": taken.problems if taken else ()}
    status = 422 if form.errors or taken else 200
    return render(request, "questionnaires/workbook.html", shown, status=status)


def _visible(request: HttpRequest, pk: int) -> Inquiry:
    found = Inquiry.objects.visible_to(person(request)).select_related("vendor", "offering__model", "unit")
    return get_object_or_404(found, pk=pk)


@behind_a_link
@require_GET
def public_download(request: HttpRequest, inquiry: Inquiry, token: str) -> HttpResponse:
    """The workbook for the contact."""
    return as_file(inquiry)


@behind_a_link
@require_http_methods(["GET", "POST"])
def public_upload(request: HttpRequest, inquiry: Inquiry, token: str) -> HttpResponse:
    """The contact's workbook comes back: what it changes is kept, ready to be looked through and handed in."""
    form = WorkbookForm(request.POST or None, request.FILES or None)
    taken: Taken | None = None
    if request.method == "POST":
        if not limits.within("workbook", str(inquiry.pk), limits.MOST_WORKBOOKS):
            return render(request, "questionnaires/ask/slower.html", status=429)
        if form.is_valid():
            taken = _take(form, inquiry)
    done = _words(taken) if taken and not taken.problems else ""
    shown = {"inquiry": inquiry, "token": token, "form": form, "done": done,
             "problems": taken.problems if taken else ()}  # fmt: skip
    status = 422 if form.errors or (taken and taken.problems) else 200
    return render(request, "questionnaires/ask/workbook.html", shown, status=status)


def _take(
    form: WorkbookForm, inquiry: Inquiry, *, by: User | None = None, complete: bool = False
) -> Taken | None:
    """Takes the form's file in; what keeps it out as a whole is said beside the field."""
    file = form.cleaned_data["file"]
    try:
        return take_workbook(inquiry, file.read(), file.name, at=timezone.now(), by=by, complete=complete)
    except InvalidInput as error:
        form.add_error("file", f"{error.message} {error.hint}".strip())
    except Conflict as error:
        if by is None:
            raise
        form.add_error(None, str(error))
    return None


def _words(taken: Taken) -> str:
    if not taken.changed:
        return "Nothing in the workbook differs from what is here: no answer was changed."
    answers = "1 answer" if taken.changed == 1 else f"{taken.changed} answers"
    return f"{answers} taken in from the workbook; {taken.unchanged} as they were."


def as_file(inquiry: Inquiry) -> HttpResponse:
    """The workbook as a download."""
    response = HttpResponse(workbook_of(inquiry), content_type=XLSX)
    name = f"questions-{slugify(inquiry.about)[:60] or 'vendor'}-{inquiry.pk}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
