"""The pages of documents: the list, one with what rests on it, attach, describe, download, remove."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.catalog.models import Vendor
from riskassess.evidence import documents, lists
from riskassess.evidence.forms import AttachToUnitForm, ClaimDocumentForm, DescribeForm, RemoveForm
from riskassess.evidence.models import Claim, ClaimDocument, Document
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.listing import respond


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The documents of the person's units."""
    rows = Document.objects.visible_to(person(request)).select_related("unit", "vendor")
    return respond(request, lists.DOCUMENTS, rows)


def _visible(request: HttpRequest, pk: int) -> Document:
    found = Document.objects.visible_to(person(request))
    return get_object_or_404(found.select_related("unit", "vendor", "uploaded_by", "removed_by"), pk=pk)


@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A document: what it is, until when it holds, what rests on it; said anew by those who may."""
    found, user = _visible(request, pk), person(request)
    known = {name: getattr(found, name) for name in ("counts_as", "dated_on", "expires_on")}
    form = DescribeForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            documents.describe(found, by=user, **form.terms)
        except (InvalidInput, Conflict) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Kept. What rests on it is judged by that from now on.")
            return redirect(found)
    may_attach = user.may(Can.REQUEST, found.unit) or user.may(Can.ASSESS, found.unit)
    there = found.removed_at is None
    context: dict[str, Any] = {
        "document": found,
        "standing": found.standing(timezone.localdate()).value,
        "form": form if may_attach and there else None,
        "remove": RemoveForm() if there and user.may(Can.ASSESS, found.unit) else None,
        "claims": found.claim_links.visible_to(user).select_related("claim"),
        "answers": found.answer_links.select_related("assessment__offering"),
    }
    return render(request, "evidence/document.html", context, status=400 if form.errors else 200)


@require_GET
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself, to be saved; never shown inside the page."""
    return documents.as_download(_visible(request, pk))


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the file away; what rested on it says so."""
    found, form = _visible(request, pk), RemoveForm(request.POST)
    because = form.cleaned_data["because"] if form.is_valid() else ""
    try:
        documents.remove(found, because, by=person(request))
        messages.success(request, "Removed. What rested on it is shown as unsupported.")
    except (InvalidInput, Conflict) as error:
        messages.error(request, str(error))
    return redirect(found)


@require_http_methods(["GET", "POST"])
def attach_to_vendor(request: HttpRequest, slug: str) -> HttpResponse:
    """Attach a document about a vendor."""
    user = person(request)
    user.require(Can.REQUEST)
    vendor = get_object_or_404(Vendor.objects.visible_to(user), slug=slug)
    form = AttachToUnitForm(request.POST or None, request.FILES or None, user=user)
    if request.method == "POST" and form.is_valid() and (made := _attached(request, form, vendor)):
        return redirect(made)
    return _form(request, form, {"about": vendor, "title": f"Attach a document about {vendor}"})


@require_http_methods(["GET", "POST"])
def attach_to_claim(request: HttpRequest, key: str) -> HttpResponse:
    """Attach a document that supports or contradicts a claim."""
    user = person(request)
    user.require(Can.REQUEST)
    claim = get_object_or_404(Claim.objects.visible_to(user).select_related("vendor"), key=key)
    form = ClaimDocumentForm(request.POST or None, request.FILES or None, user=user, only=claim.unit_id)
    if request.method == "POST" and form.is_valid() and (made := _attached(request, form, claim.vendor)):
        words = {name: form.cleaned_data[name] for name in ("relation", "page", "quote")}
        documents.link_to_claim(made, claim, by=user, **words)
        return redirect(claim)
    return _form(request, form, {"about": claim, "title": "Attach a document on this claim"})


@require_POST
def drop_from_claim(request: HttpRequest, key: str, link: int) -> HttpResponse:
    """Take back that a document bears on a claim."""
    found = ClaimDocument.objects.visible_to(person(request)).select_related("document__unit", "claim")
    one = get_object_or_404(found, pk=link, claim__key=key)
    documents.unlink_from_claim(one, by=person(request))
    messages.success(request, f"{one.document} bears on this claim no more; it stays on record.")
    return redirect(one.claim)


def _attached(request: HttpRequest, form: AttachToUnitForm, vendor: Vendor) -> Document | None:
    """The document; None where it was refused, which the form then says."""
    file, unit = form.cleaned_data["file"], form.cleaned_data["unit"]
    try:
        found, made = documents.attach(
            file, file.name, unit=unit, by=person(request), vendor=vendor, **form.terms
        )
    except (InvalidInput, Conflict) as error:
        form.add_error("file", f"{error.message} {error.hint}")
        return None
    messages.success(request, f"{found} is {'attached' if made else 'on record already'}.")
    return found


def _form(request: HttpRequest, form: AttachToUnitForm, context: dict[str, Any]) -> HttpResponse:
    return render(
        request, "evidence/attach.html", {**context, "form": form}, status=400 if form.errors else 200
    )
