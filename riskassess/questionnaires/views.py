"""The pages on which a vendor is asked, and what came of it. Load, ask, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.assessments.models import Assessment
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.questionnaires import services
from riskassess.questionnaires.composing import Section, choices, chosen, of_set, own_questions
from riskassess.questionnaires.entries import said
from riskassess.questionnaires.forms import AskForm, ExtendForm, parties
from riskassess.questionnaires.links import link_of
from riskassess.questionnaires.models import Inquiry, QuestionSet
from riskassess.questionnaires.requesting import CHANGEABLE
from riskassess.questionnaires.services import Contact, may_ask
from riskassess.questionnaires.states import State


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what to ask about an assessment, and whom; then send it."""
    user = person(request)
    assessment = get_object_or_404(
        Assessment.objects.visible_to(user).select_related(
            "unit", "current_run", "offering__model__developer", *(f"offering__{role}" for role in _ROLES)
        ),
        pk=pk,
    )
    may_ask(assessment.unit, by=user)
    if not parties(assessment.offering):
        raise InvalidInput(
            f"Nobody is on record for {assessment.offering} who could be asked.",
            hint="Record its seller in the catalog first.",
        )
    sets = QuestionSet.objects.visible_to(user).order_by("name", "version", "-revision")
    found = _set(request, sets)
    sections = (*(of_set(found) if found else ()), *choices(assessment, assessment.current_run))
    form = AskForm(request.POST or None, offering=assessment.offering, initial=_last_contact(assessment))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_made(request, assessment, sections, form, found))
        except InvalidInput as refused:
            form.add_error(refused.where if refused.where in form.fields else None, str(refused.message))
    ids = request.POST.getlist("question") if request.method == "POST" else _preselected(sections)
    shown = {
        "assessment": assessment,
        "form": form,
        "sections": sections,
        "ids": set(ids),
        "sets": sets,
        "set": found,
    }
    return render(request, "questionnaires/ask_vendor.html", shown)


def _set(request: HttpRequest, sets: QuerySet[QuestionSet]) -> QuestionSet | None:
    """The set that the address names, if any."""
    pk = request.GET.get("set", "")
    return get_object_or_404(sets, pk=int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 16 else None


_ROLES = ("seller", "contracting_entity", "host", "infra_operator", "model_operator")


def _made(
    request: HttpRequest,
    assessment: Assessment,
    sections: tuple[Section, ...],
    form: AskForm,
    found: QuestionSet | None,
) -> Inquiry:
    given, ids = form.cleaned_data, request.POST.getlist("question")
    user = person(request)
    theirs = {one.id for section in (of_set(found) if found else ()) for one in section.offered}
    inquiry = services.draft(
        given["vendor"],
        assessment.unit,
        [*chosen(sections, ids), *own_questions(given["own"])],
        by=user,
        contact=Contact(given["contact_name"], given["contact_email"]),
        offering=assessment.offering,
        assessment=assessment,
        message=given["message"],
        days=given["days"],
        sets=[found] if found and any(one in theirs for one in ids) else [],
    )
    if request.POST.get("then") == "draft":
        messages.success(request, "Kept as a draft: nobody outside sees it before you send it.")
        return inquiry
    services.send(inquiry, by=user)
    told = (
        f"a mail with it goes to {inquiry.contact_email}" if inquiry.contact_email else "pass it on yourself"
    )
    messages.success(request, f"The link is made: {told}.")
    return inquiry


def _preselected(sections: tuple[Section, ...]) -> list[str]:
    return [one.id for section in sections if section.chosen for one in section.offered]


def _last_contact(assessment: Assessment) -> dict[str, Any]:
    """Whom the unit asked last about this offering, or at the company that is asked for it. One query."""
    first = parties(assessment.offering)[0]
    asked = Inquiry.objects.filter(unit=assessment.unit, vendor=first).order_by("-pk").first()
    if asked is None:
        return {}
    return {"contact_name": asked.contact_name, "contact_email": asked.contact_email}


@never_cache
@require_GET
def inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """One inquiry: how it stands, its link, what was asked and said, and what can be done."""
    found = _visible(request, pk)
    user = person(request)
    may = user.may(Can.ASSESS, found.unit)
    link, problem = "", ""
    if may and found.is_with_the_vendor:
        try:
            link = link_of(found)
        except Conflict as error:
            problem = str(error)
    questions = list(found.questions.select_related("answer").order_by("position"))
    rows = [(one, getattr(one, "answer", None)) for one in questions]
    state = found.state
    shown = {
        "inquiry": found,
        "state": state,
        "may": may,
        "link": link,
        "problem": problem,
        "rows": [{"question": one, "answer": answer, "said": said(one, answer)} for one, answer in rows],
        "answered": sum(answer is not None for _, answer in rows),
        "requests": found.requests.order_by("position"),
        "can_request": may and state in CHANGEABLE and found.assessment is not None,
        "mails": found.mails.select_related("asked_by"),
        "extend_form": ExtendForm(),
        "can_send": may and state is State.DRAFT,
        "can_remind": may and found.is_with_the_vendor and bool(found.contact_email),
        "can_extend": may and state in {State.SENT, State.OPENED, State.EXPIRED},
        "can_revoke": may and state in {State.DRAFT, State.SENT, State.OPENED, State.EXPIRED},
        "can_review": may and state in {State.ANSWERED, State.CLOSED},
    }
    return render(request, "questionnaires/inquiry.html", shown)


def _visible(request: HttpRequest, pk: int) -> Inquiry:
    found = Inquiry.objects.visible_to(person(request)).select_related(
        "vendor", "offering__model", "unit", "created_by", "revoked_by", "assessment__offering"
    )
    return get_object_or_404(found, pk=pk)


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft."""
    return _after(request, pk, services.send, "Sent.")


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the link."""
    return _after(request, pk, services.revoke, "The link is closed.")


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to the contact again."""
    return _after(request, pk, services.remind, "A reminder is on its way.")


@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the contact more time."""
    form = ExtendForm(request.POST)
    days = form.cleaned_data["days"] if form.is_valid() else 0
    return _after(request, pk, lambda one, by: services.extend(one, days, by=by), "The link lives on.")


def _after(request: HttpRequest, pk: int, verb: Callable[..., Any], done: str) -> HttpResponse:
    found = _visible(request, pk)
    try:
        verb(found, by=person(request))
    except (Conflict, InvalidInput) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("questionnaires:inquiry", pk)
