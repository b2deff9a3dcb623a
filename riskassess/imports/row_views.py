"""The preview row by row: found, looked at, decided and put right. Load, ask, render."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from riskassess.accounts.people import person
from riskassess.catalog.models import Source
from riskassess.imports import deciding, presenting, row_roles
from riskassess.imports.finding import found_rows, wanted_of
from riskassess.imports.models import Batch, Row
from riskassess.imports.services import was_applied
from riskassess.imports.shapes.registry import shape_named
from riskassess.imports.views import may_import, page_of, visible
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.table import RowRole

State = Batch.State


@require_GET
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """What would happen, or has happened, to each row; filtered, a page at a time."""
    found = visible(request, pk)
    if found.state == State.UPLOADED:
        return redirect("imports:columns", pk)
    wanted = wanted_of(request.GET)
    every = found_rows(found, wanted)
    total = every.count() if wanted.is_narrowed else presenting.count_of(found, wanted.outcome)
    pages = max(1, -(-total // presenting.PAGE_SIZE))
    number = min(pages, wanted.page)
    start = (number - 1) * presenting.PAGE_SIZE
    some = list(every.select_related("batch")[start : start + presenting.PAGE_SIZE])
    shown = list(presenting.row_lines(found, some, _sources(some)))
    may = may_import(request, found) and found.state in deciding.OPEN
    page = page_of(
        "Preview" if found.state == State.PREVIEWED else "Done",
        batch=found,
        lines=shown,
        counts=presenting.count_links(found, reverse("imports:rows", args=[pk]), wanted.outcome),
        fields=presenting.mapped_fields(found),
        wanted=wanted,
        back=wanted.query(page=number).removeprefix("?"),
        number=number,
        earlier=wanted.query(page=number - 1) or "?" if number > 1 else "",
        later=wanted.query(page=number + 1) if number < pages else "",
        first=start + 1 if shown else 0,
        last=start + len(shown),
        total=total,
        may_decide=may,
        may_discard=may and found.state == State.PREVIEWED and not was_applied(found),
        applies=deciding.waiting(found),
        stays=found.stays,
        alike=_alike(found) if may else 0,
    )
    return render(request, "imports/rows.html", page)


def _alike(batch: Batch) -> int:
    """Rows that differ from a known record only in how they are spelt. A query only where rows wait."""
    if not batch.counts.get("asked"):
        return 0
    return batch.rows.filter(outcome=Row.Outcome.ASK, near__proposal="same").count()


def _sources(some: Iterable[Row]) -> dict[int, str]:
    """The names of the sources that rows contradict. A query only where one does."""
    wanted = {said["source"] for row in some for said in (row.conflicts or {}).values() if said["source"]}
    if not wanted:
        return {}
    return dict(Source.objects.filter(pk__in=wanted).values_list("pk", "title"))


@require_GET
def row(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One row as it came: every cell with its address, and what became of it."""
    return _row_page(request, pk, number)


def _row_page(
    request: HttpRequest, pk: int, number: int, problem: InvalidInput | None = None
) -> HttpResponse:
    found = visible(request, pk)
    record = get_object_or_404(found.rows.select_related("batch", "offering"), number=number)
    (line,) = presenting.row_lines(found, [record], _sources([record]))
    page = {
        "batch": found,
        "line": line,
        "cells": presenting.raw_cells(record, found.mapping, shape_named(found.shape)),
        "may_decide": line.is_open and may_import(request, found) and found.state in deciding.OPEN,
        "roles": list(RowRole) if may_import(request, found) and found.state == State.PREVIEWED else [],
        "said_role": found.roles.get(str(number), ""),
        "problem": problem,
    }
    return render(request, "imports/row.html", page, status=422 if problem else 200)


@require_POST
def role(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Says what the row is, against what was seen in it."""
    found = visible(request, pk)
    try:
        row_roles.say_role(found, number, request.POST.get("role", ""), by=person(request))
    except InvalidInput as error:
        return _row_page(request, pk, number, error)
    return redirect(found)


@require_POST
def decide(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Same or new, keep or take, left out or in again, or cells put right: whichever button was pressed."""
    found = visible(request, pk)
    by, sent = person(request), request.POST
    try:
        if "as" in sent:
            deciding.decide(found, number, sent["as"], by=by)
        elif "take" in sent or "keep" in sent:
            attribute = sent.get("take") or sent.get("keep", "")
            deciding.choose(found, number, attribute, take="take" in sent, by=by)
        else:
            cells = {name.removeprefix("cell-"): sent[name] for name in sent if name.startswith("cell-")}
            deciding.fix(found, number, cells, by=by)
    except InvalidInput as error:
        return _row_page(request, pk, number, error)
    if sent.get("to") == "row":
        return redirect("imports:row", pk, number)
    wanted = wanted_of(QueryDict(sent.get("back", "")[:500]).dict())
    return redirect(f"{reverse('imports:rows', args=[pk])}{wanted.query()}#row-{number}")


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Says *same* to all rows that differ from a known record only in how they are spelt."""
    count = deciding.accept_proposals(visible(request, pk), by=person(request))
    messages.success(request, f"{count:,} row{'s' * (count != 1)} mean what they are close to.")
    return redirect("imports:rows", pk)


@require_POST
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens the question about a vendor's spelling again."""
    deciding.forget_spelling(visible(request, pk), request.POST.get("spelling", ""), by=person(request))
    return redirect("imports:rows", pk)
