"""The pages of question sets: the list, adding one, what its questions mean here. Load, ask, render."""

from __future__ import annotations

from collections import Counter
from typing import Any

import django_filters
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from riskassess import marks
from riskassess.accounts.models import User
from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.catalog.lists import EVIDENCE_TABS
from riskassess.imports.models import Batch
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.listing import Column, ListPage, WordsFilter, respond
from riskassess.questionnaires.asked import askable
from riskassess.questionnaires.models import QuestionSet, SetQuestion
from riskassess.questionnaires.set_forms import SetForm, key_in, levels_in, meaning_of, proposals_of
from riskassess.questionnaires.set_services import (
    add_set,
    add_set_of_import,
    map_question,
    may_add,
    remove,
    revise,
)


class SetFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Words."""

    q = WordsFilter("name", "publisher", "version", label="Words")

    class Meta:
        model = QuestionSet
        fields = ["q"]


SETS: ListPage[QuestionSet] = ListPage(
    title="Question sets",
    lede="Standard questionnaires, each version once, with what its questions mean here.",
    filters=SetFilter,
    order="name",
    tabs=EVIDENCE_TABS,
    empty="No questionnaire is here yet. Add one from a spreadsheet.",
    columns=(
        Column(
            "name", "Questionnaire", str, show=lambda row: marks.link(row.get_absolute_url(), row, row.publisher),
            order_by=("name", "version", "revision"),
        ),
        Column("questions", "Questions", lambda row: row.asked, numeric=True),  # type: ignore[attr-defined]
        Column("judged", "Judged", lambda row: row.judged, numeric=True),  # type: ignore[attr-defined]
        Column("used", "Asked with", lambda row: row.used, numeric=True),  # type: ignore[attr-defined]
        Column("licence", "Licence", lambda row: row.licence, order_by=("licence",)),
    ),
)  # fmt: skip
PAGE = 100  # questions on a page; each that nobody has judged costs a look for what it may mean
SHOWS = (("", "All"), ("open", "To judge"), ("mapped", "Mapped"), ("evidence", "Evidence alone"))


@require_GET
def sets(request: HttpRequest) -> HttpResponse:
    """Every set, with how far its questions are judged."""
    user = person(request)
    rows = QuestionSet.objects.visible_to(user).counted(user)
    actions = [{"label": "Add a questionnaire", "url": reverse("questionnaires:add_set"), "primary": True}]
    return respond(request, SETS, rows, {"actions": actions if user.may(Can.IMPORT) else []})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, batch: int | None = None) -> HttpResponse:
    """A questionnaire out of a file, or out of an import that turned out to be one: that import is then forgotten."""
    user = person(request)
    user.require(Can.IMPORT)
    found = _batch(request, batch)
    may_add(user, found.unit if found else None)
    sheets = [str(sheet["name"]) for sheet in found.sheets] if found else []
    form = SetForm(
        request.POST or None, request.FILES or None, sheets=sheets, has_file=found is not None,
        initial={"name": found.file_name.rpartition(".")[0]} if found else {},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = _added(form, found, user)
        except (InvalidInput, Conflict) as error:
            field = error.where if error.where in form.fields else None
            form.add_error(field, f"{error.message} {error.hint}".strip())
        else:
            messages.success(request, f"{made.questions.count()} questions added. Say what they mean here.")
            return redirect(made)
    status = 422 if form.errors else 200
    return render(request, "questionnaires/set_add.html", {"form": form, "batch": found}, status=status)


def _added(form: SetForm, batch: Batch | None, user: User) -> QuestionSet:
    sheets = form.cleaned_data.get("sheets") or ()
    if batch:
        return add_set_of_import(batch, form.about, by=user, sheets=sheets)
    file = form.cleaned_data["file"]
    return add_set(file.read(), file.name, form.about, by=user, sheets=sheets)


def _batch(request: HttpRequest, pk: int | None) -> Batch | None:
    if pk is None:
        return None
    found = Batch.objects.visible_to(person(request)).filter(state=Batch.State.UPLOADED)
    return get_object_or_404(found.select_related("unit"), pk=pk)


@never_cache
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A set: its questions and what they mean here, or what is proposed. Two queries for the set and its questions."""
    user = person(request)
    found = get_object_or_404(
        QuestionSet.objects.visible_to(user).counted(user).select_related("added_by"), pk=pk
    )
    questions = list(found.questions.order_by("position"))
    count = Counter(_state(one) for one in questions)
    show = request.GET.get("show", "")
    listed = [one for one in questions if not show or _state(one) == show]
    first = _first(request, len(listed))
    shown = {
        "set": found,
        "rows": [_row(one) for one in listed[first : first + PAGE]],
        "show": show,
        "first": first + 1,
        "last": min(first + PAGE, len(listed)),
        "listed": len(listed),
        "earlier": max(0, first - PAGE) if first else None,
        "later": first + PAGE if first + PAGE < len(listed) else None,
        "shows": [
            (value, label, count[value] if value else len(questions), value == show) for value, label in SHOWS
        ],
        "is_used": found.is_fixed,  # type: ignore[attr-defined]
        "may": user.may(Can.ASSESS),
    }
    return render(request, "questionnaires/set.html", shown)


def _first(request: HttpRequest, count: int) -> int:
    """How many of the questions stand before those of the page."""
    text = request.GET.get("from", "0")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return asked if asked < count else 0


def _state(question: SetQuestion) -> str:
    return "open" if question.mapped_at is None else "mapped" if question.key else "evidence"


def _row(question: SetQuestion) -> dict[str, Any]:
    """One line: what it means, else the nearest proposal."""
    ours = askable().get(question.key)
    near = proposals_of(question)[:1] if question.mapped_at is None else ()
    return {"question": question, "state": _state(question), "ours": ours, "near": near[0] if near else None}


@never_cache
@require_http_methods(["GET", "POST"])
def mapped(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """Say what one question means here; the next that nobody has judged follows."""
    user = person(request)
    user.require(Can.ASSESS)
    sets_ = QuestionSet.objects.visible_to(user)
    found = get_object_or_404(SetQuestion.objects.filter(question_set__in=sets_).select_related("question_set"),
                              question_set=pk, pk=question)  # fmt: skip
    problem = None
    sent = request.POST if request.method == "POST" else None
    if sent is not None:
        try:
            if not sent.get("key"):
                raise InvalidInput("Nothing is chosen.", hint="Choose what it is about, or evidence alone.")
            map_question(found, key_in(sent), levels_in(found, sent), by=user)
        except (InvalidInput, Conflict) as error:
            problem = error
        else:
            return redirect(_next(found))
    shown = {"question": found, "set": found.question_set, "m": meaning_of(found, sent), "problem": problem}
    return render(request, "questionnaires/set_question.html", shown, status=422 if problem else 200)


def _next(question: SetQuestion) -> str:
    """The next question that nobody has judged, else the set."""
    waiting = SetQuestion.objects.filter(question_set=question.question_set_id, mapped_at__isnull=True)
    after = waiting.filter(position__gt=question.position).order_by("position").first() or waiting.first()
    if after is None:
        return question.question_set.get_absolute_url()
    return reverse("questionnaires:map", args=[after.question_set_id, after.pk])


@require_POST
def revised(request: HttpRequest, pk: int) -> HttpResponse:
    """Another revision, whose meaning can be changed."""
    found = get_object_or_404(QuestionSet.objects.visible_to(person(request)), pk=pk)
    made = revise(found, by=person(request))
    messages.success(request, f"Revision {made.revision} is a copy: what its questions mean can be changed.")
    return redirect(made)


@require_POST
def removed(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a set that nobody has asked with."""
    found = get_object_or_404(QuestionSet.objects.visible_to(person(request)), pk=pk)
    try:
        remove(found, by=person(request))
    except Conflict as error:
        messages.error(request, str(error))
        return redirect(found)
    messages.success(request, "Removed.")
    return redirect("questionnaires:sets")
