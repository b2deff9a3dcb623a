"""The pages beside a decision: why it changed, what an answer is worth, others compared; and asking.

Load, ask, render. Every page reads runs of visible units only; others are not found.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from riskassess.accounts.models import User
from riskassess.accounts.people import person
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.kernel.errors import InvalidInput
from riskassess.reports.asking import ask_route
from riskassess.reports.changes import Changes, changes
from riskassess.reports.figures import count
from riskassess.reports.side_by_side import MOST, side_by_side, wanted_runs
from riskassess.reports.worth import worth_of

CANDIDATES = 40


def _runs(user: User) -> QuerySet[ScoreRun]:
    return ScoreRun.objects.visible_to(user).select_related(
        "assessment__unit", "assessment__offering__model", "assessment__offering__seller"
    )


def since_previous(run: ScoreRun) -> tuple[ScoreRun, Changes] | None:
    """What changed since the run before this one; None for the first. One query."""
    before = (
        ScoreRun.objects.filter(assessment_id=run.assessment_id)
        .filter(Q(created_at__lt=run.created_at) | Q(created_at=run.created_at, pk__lt=run.pk))
        .order_by("-created_at", "-pk")
        .first()
    )
    return (before, between(before, run)) if before else None


def between(old: ScoreRun, new: ScoreRun) -> Changes:
    """What changed from one run to another."""
    return changes(json.loads(old.record), json.loads(new.record))


@require_GET
def changed(request: HttpRequest, new: int, old: int) -> HttpResponse:
    """Why did it change? Two runs of one assessment."""
    found = {run.pk: run for run in _runs(person(request)).filter(pk__in=[new, old])}
    if new not in found or old not in found or found[new].assessment_id != found[old].assessment_id:
        raise Http404
    run = found[new]
    context = {"d": between(found[old], run), "run": run, "old": found[old], "assessment": run.assessment}
    return render(request, "reports/changes.html", context)


@require_GET
def worth(request: HttpRequest, pk: int) -> HttpResponse:
    """What an answer is worth: computed when somebody wants to know. htmx asks for the part alone."""
    run = get_object_or_404(_runs(person(request)), pk=pk)
    template = "reports/_worth.html" if getattr(request, "htmx", None) else "reports/worth.html"
    context = {"w": worth_of(json.loads(run.record)), "run": run, "assessment": run.assessment}
    return render(request, template, context)


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn one question of the route, or all that are named, into open questions of the unit."""
    user = person(request)
    run = get_object_or_404(_runs(user), pk=pk)
    keys = request.POST.getlist("key")
    asked = ask_route(run.assessment, run, keys, user, on=timezone.localdate())
    if asked:
        messages.success(
            request, f"{count(len(asked), 'question')} on the list of {run.assessment.unit} now."
        )
    return redirect(f"{reverse('reports:decision', args=[run.assessment_id])}#h-route")


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two to six runs side by side; fewer than two, and the page offers what can be compared."""
    user = person(request)
    wanted = wanted_runs(request.GET.getlist("run"))
    if len(wanted) < 2 or "choose" in request.GET:
        return render(request, "reports/choose.html", _choice(request, user, wanted))
    if len(wanted) > MOST:
        raise InvalidInput(
            f"{len(wanted)} are too many to read side by side.", hint=f"Choose two to {MOST}.", where="run"
        )
    runs = runs_in_order(user, wanted)
    found = side_by_side(runs)
    context = {
        "s": found,
        "comparison": found.comparison,
        "t": found.tables,
        "offers": [
            {"offer": offer, "run": run, "is_current": run.pk == run.assessment.current_run_id}
            for offer, run in zip(found.comparison.offers, runs, strict=True)
        ],
        "again": "&".join(f"run={run.pk}" for run in runs),
        "runs": wanted,
    }
    return render(request, "reports/compare.html", context)


def runs_in_order(user: User, wanted: Sequence[int]) -> list[ScoreRun]:
    """The runs of these ids, in this order. Raises Http404 unless `user` may see every one. One query."""
    found = {run.pk: run for run in _runs(user).filter(pk__in=wanted)}
    if len(found) < len(wanted):
        raise Http404
    return [found[pk] for pk in wanted]


def _choice(request: HttpRequest, user: User, wanted: list[int]) -> dict[str, Any]:
    """What can be chosen: what is chosen already, then those of its use, its offering's model, the newest."""
    words = request.GET.get("q", "")[:200]
    scored = Assessment.objects.visible_to(user).filter(current_run__isnull=False)
    chosen = list(scored.filter(current_run__in=wanted).for_lists())
    found = scored.found_by(words, "use_case", "offering__name", "offering__channel", "unit__name")
    rows = found.exclude(pk__in=[one.pk for one in chosen]).for_lists()
    near = [When(use_case__in=[one.use_case for one in chosen], then=Value(0))]
    near += [When(offering__model__in=[one.offering.model_id for one in chosen], then=Value(1))]
    ordered = rows.order_by(Case(*near, default=Value(2), output_field=IntegerField()), "-updated_at", "-pk")[
        : CANDIDATES + 1
    ]
    candidates = list(ordered)
    return {
        "chosen": chosen,
        "candidates": candidates[:CANDIDATES],
        "more": len(candidates) > CANDIDATES,
        "words": words,
        "most": MOST,
    }
