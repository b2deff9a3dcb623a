"""The page behind the link: answered without an account, by whoever holds it, and by nobody who is signed in.

Nothing here reads a cookie for a right: the token in the address is the only one, so that a forged request from
another site could do nothing that its sender cannot do anyway, and needs no token of its own against it. That
matters since under `Referrer-Policy: no-referrer` browsers send `Origin: null`, which Django would turn away.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from riskassess.accounts import limits
from riskassess.accounts.addresses import address_of
from riskassess.kernel.errors import Conflict, InvalidInput, RiskassessError
from riskassess.questionnaires.links import hash_of, is_token, same
from riskassess.questionnaires.models import Inquiry, InquiryQuestion, VendorAnswer, VendorDocument
from riskassess.questionnaires.papers import send_paper, take_back
from riskassess.questionnaires.public_forms import (
    Typed,
    entry_of,
    grouped,
    is_same,
    is_there,
    progress_of,
    row_of,
    typed_in,
)
from riskassess.questionnaires.services import AnsweredMeanwhile, hand_in, keep, opened
from riskassess.questionnaires.states import State

View = Callable[..., HttpResponse]
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def behind_a_link(view: View) -> View:
    """Finds the inquiry of the token and hands it on while it can be answered; else says what has become of it."""

    @wraps(view)
    def answered(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        inquiry = _inquiry(token)
        if inquiry is None:
            response = _unknown(request)
        elif not inquiry.is_with_the_vendor:
            response = _over(request, inquiry)
        elif request.method == "POST" and request.user.is_authenticated:
            response = _not_yours(request, inquiry)
        elif request.method == "POST" and not limits.within("save", str(inquiry.pk), limits.MOST_SAVES):
            response = render(request, "questionnaires/ask/slower.html", status=429)
        else:
            try:
                response = view(request, inquiry, token, *args, **kwargs)
            except Conflict:  # it was closed while this was on its way
                inquiry.refresh_from_db()
                response = _over(request, inquiry)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return csrf_exempt(login_not_required(answered))


def _inquiry(token: str) -> Inquiry | None:
    """The inquiry of a token, found by its hash: how long that takes tells nothing of any token. One query."""
    if not is_token(token):
        return None
    found = Inquiry.objects.filter(token_hash=hash_of(token)).select_related(
        "vendor", "offering", "unit", "created_by"
    )
    inquiry = found.first()
    return inquiry if inquiry is not None and same(inquiry.token_hash or "", token) else None


def _unknown(request: HttpRequest) -> HttpResponse:
    if not limits.within("wrong", address_of(request), limits.MOST_WRONG_LINKS):
        return render(request, "questionnaires/ask/slower.html", status=429)
    return render(request, "questionnaires/ask/unknown.html", status=404)


def _over(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """What has become of a link that is no longer answered. Nothing of the review shows through."""
    handed_in = inquiry.state in {State.ANSWERED, State.CLOSED}
    shown = "handed_in" if handed_in else str(inquiry.state)
    response = render(
        request, "questionnaires/ask/over.html", {"inquiry": inquiry, "shown": shown}, status=410
    )
    if getattr(request, "htmx", False):
        response["HX-Refresh"] = "true"
    return response


def _not_yours(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    return render(request, "questionnaires/ask/not_yours.html", {"inquiry": inquiry}, status=403)


@behind_a_link
@require_GET
def page(request: HttpRequest, inquiry: Inquiry, token: str) -> HttpResponse:
    """The questions with what was said so far. Queries: the inquiry, its questions with answers, files, requests."""
    # Somebody of ours who looks at it has not opened it for the vendor.
    if inquiry.first_opened_at is None and not request.user.is_authenticated:
        opened(inquiry, at=timezone.now())
    return render(request, "questionnaires/ask/page.html", _page(inquiry, token))


@behind_a_link
@require_POST
def answer(request: HttpRequest, inquiry: Inquiry, token: str, pk: int) -> HttpResponse:
    """Keep one answer as it changes; what is around its fields comes back."""
    questions = _questions(inquiry)
    question = next((one for one in questions if one.pk == pk), None)
    if question is None:
        return render(request, "questionnaires/ask/unknown.html", status=404)
    typed = typed_in(question, request.POST)
    answers = _answers(questions)
    try:
        entry = entry_of(question, typed)
        if not is_same(entry, answers.get(pk), typed.was):
            kept = keep(question, entry, at=timezone.now(), seen=typed.was)
            answers = (
                {**answers, pk: kept} if kept else {key: one for key, one in answers.items() if key != pk}
            )
        row = row_of(question, answers.get(pk))
    except (InvalidInput, AnsweredMeanwhile) as error:
        row = row_of(question, answers.get(pk), typed, _words(error))
    shown = {"row": row, "progress": progress_of(answers, len(questions)), "just": True}
    return render(request, "questionnaires/ask/_kept.html", shown)


@behind_a_link
@require_POST
def paper(request: HttpRequest, inquiry: Inquiry, token: str, pk: int) -> HttpResponse:
    """Keep a file with a question as soon as it is chosen; the list of its files comes back."""
    question = get_object_or_404(inquiry.questions, pk=pk)
    error = _sent(request, inquiry, question)
    shown = {"row": row_of(question, getattr(question, "answer", None)), "token": token, "paper_error": error}
    return render(request, "questionnaires/ask/_papers.html", shown)


def _sent(request: HttpRequest, inquiry: Inquiry, question: InquiryQuestion) -> str:
    """Keeps the file that came in a question's field, if one did; what is wrong with it, or nothing."""
    file = request.FILES.get(f"q{question.pk}-file")
    if file is None:
        return ""
    if not limits.within("file", str(inquiry.pk), limits.MOST_FILES):
        return "That were many files. Wait ten minutes, then send the others."
    try:
        send_paper(question, file, file.name or "", at=timezone.now())
    except InvalidInput as error:
        return _words(error)
    return ""


@behind_a_link
@require_POST
def save(request: HttpRequest, inquiry: Inquiry, token: str) -> HttpResponse:
    """Keep all that was changed on the page, and hand it in where that was pressed and nothing is wrong."""
    refused: dict[int, tuple[Typed, str]] = {}
    questions = _questions(inquiry)
    answers = _answers(questions)
    now = timezone.now()
    for question in questions:
        had = answers.get(question.pk)
        if had is not None and had.review:
            continue
        typed = typed_in(question, request.POST)
        try:
            entry = entry_of(question, typed)
            if is_there(question, request.POST) and not is_same(entry, had, typed.was):
                keep(question, entry, at=now, seen=typed.was)
        except (InvalidInput, AnsweredMeanwhile) as error:
            refused[question.pk] = (typed, _words(error))
        if error_of_file := _sent(request, inquiry, question):
            refused.setdefault(question.pk, (typed, error_of_file))
    if dropped := request.POST.get("drop", ""):
        found = VendorDocument.objects.filter(question__inquiry=inquiry)
        take_back(get_object_or_404(found, pk=dropped if dropped.isdecimal() else 0))
    if refused:
        return render(request, "questionnaires/ask/page.html", _page(inquiry, token, refused), status=422)
    if request.POST.get("then") == "hand_in":
        try:
            hand_in(inquiry, at=now)
        except InvalidInput as error:
            shown = {**_page(inquiry, token), "problem": error}
            return render(request, "questionnaires/ask/page.html", shown, status=422)
    return redirect("ask:page", token)


def _page(
    inquiry: Inquiry, token: str, refused: dict[int, tuple[Typed, str]] | None = None
) -> dict[str, Any]:
    refused = refused or {}
    questions = _questions(inquiry)
    answers = _answers(questions)
    rows = [row_of(one, answers.get(one.pk), *refused.get(one.pk, (None, ""))) for one in questions]
    open_rows = [row for row in rows if not row.closed]
    return {
        "inquiry": inquiry,
        "token": token,
        "groups": list(grouped(open_rows)),
        "closed": [row for row in rows if row.closed],
        "requests": list(inquiry.requests.order_by("position")),
        "wrong": [row for row in rows if row.error],
        "progress": progress_of(answers, len(questions)),
    }


def _questions(inquiry: Inquiry) -> list[InquiryQuestion]:
    found = inquiry.questions.select_related("answer").prefetch_related("papers")
    return list(found.order_by("position"))


def _answers(questions: list[InquiryQuestion]) -> dict[int, VendorAnswer]:
    found = {one.pk: getattr(one, "answer", None) for one in questions}
    return {pk: one for pk, one in found.items() if one is not None}


def _words(error: RiskassessError) -> str:
    return f"{error.message} {error.hint}".strip()
