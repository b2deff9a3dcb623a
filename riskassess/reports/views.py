"""The decision page, past runs, and the way to a file: ask for it, watch it being made, take it."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from riskassess.accounts.models import User
from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.assessments.conditions import may_follow_up
from riskassess.assessments.decision_forms import DecisionForm, ReturnForm
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.scoring import lines_moved
from riskassess.assessments.services import score_jobs
from riskassess.assessments.states import DECIDABLE, MOVES, State
from riskassess.reports.asking import askings
from riskassess.reports.beside import since_previous
from riskassess.reports.content import report_content
from riskassess.reports.downloads import as_download
from riskassess.reports.models import ReportFile
from riskassess.reports.services import request_report

ASKED_FIRST = 4  # questions shown at once; the others are a click away


@never_cache
@require_GET
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """The current run of an assessment: decision, reasons, next question, numbers."""
    user = person(request)
    assessment = get_object_or_404(Assessment.objects.visible_to(user).with_run(), pk=pk)
    # A run from before the last answers would be shown as if it were today's: wait for the one asked for.
    if assessment.current_run is None or score_jobs(assessment).unfinished().exists():
        return _being_scored(request, assessment)
    if asks_for_part(request):
        return HttpResponseClientRefresh()
    return render(request, "reports/decision.html", decision_page(assessment.current_run, assessment, user))


@never_cache
@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run, past or current, as it was judged."""
    user = person(request)
    found = ScoreRun.objects.visible_to(user).select_related(
        "assessment__unit", "assessment__offering", "assessment__decision", "assessment__reviewer"
    )
    shown = get_object_or_404(found, pk=pk)
    return render(request, "reports/decision.html", decision_page(shown, shown.assessment, user))


def claims_of(run: ScoreRun) -> list[tuple[str, str]]:
    """Key and title of every claim that a run was judged by."""
    return [(claim["key"], claim["title"]) for claim in json.loads(run.record)["inputs"]["claims"]]


def decision_page(
    shown: ScoreRun,
    assessment: Assessment,
    user: User,
    form: DecisionForm | None = None,
    returning: ReturnForm | None = None,
) -> dict[str, Any]:
    """All that the page shows of a run; `form` or `returning` is one that was refused, with what was typed."""
    content = report_content(shown)
    is_current = shown.pk == assessment.current_run_id
    have_lines_moved = is_current and lines_moved(shown)
    reviews = (
        is_current
        and not have_lines_moved
        and State(assessment.state) in DECIDABLE
        and assessment.submitted_by_id != user.pk
        and user.may(Can.DECIDE, assessment.unit)
    )
    can_decide = reviews and assessment.reviewer_id in {None, user.pk}
    computed = {"outcome": shown.decision, "run": shown.pk}
    may_assess = user.may(Can.ASSESS, assessment.unit)
    was_decided = State(assessment.state) in {State.DECIDED, State.SUPERSEDED}
    follows_up = (
        content.decided is not None
        and content.decided.pk == assessment.decision_id
        and content.decided.is_open
        and assessment.state == State.DECIDED.value
        and may_follow_up(user, assessment.unit)
    )
    asks = askings(assessment, content.route.asks)
    return {
        "c": content,
        "assessment": assessment,
        "run": shown,
        "is_current": is_current,
        "have_lines_moved": have_lines_moved,
        "can_decide": can_decide,
        "stands": assessment.decision if assessment.state == State.DECIDED.value else None,
        "can_take": reviews and assessment.reviewer_id != user.pk,
        "follows_up": follows_up,
        "decision_form": (form or DecisionForm(initial=computed)) if can_decide else None,
        "successor": assessment.successors.exclude(state=State.WITHDRAWN.value).last()
        if was_decided
        else None,
        "can_withdraw": State(assessment.state) in MOVES["withdraw"].start and is_current and may_assess,
        "can_reassess": assessment.state == State.DECIDED.value and may_assess,
        "return_form": (returning or ReturnForm(claims=claims_of(shown))) if can_decide else None,
        "remarks": list(assessment.remarks.select_related("made_by", "resolved_by")) if reviews else [],
        "since": since_previous(shown),
        "may_ask": is_current and bool(asks) and may_assess,
        "may_ask_vendor": is_current and may_assess,
        "first_asks": asks[:ASKED_FIRST],
        "more_asks": asks[ASKED_FIRST:],
        "unasked": [one.ask.key for one in asks if one.asked is None],
        "acting": [gate for gate in content.gates if gate.applied],
        "closed": [gate for gate in content.gates if not gate.applied],
        "known": [fact for fact in content.facts if fact.state != "unknown"],
        "unknown": [fact for fact in content.facts if fact.state == "unknown"],
        "formats": ReportFile.Format.choices,
    }


def _being_scored(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """The run is not there yet: the job that makes it, watched until it is."""
    job = score_jobs(assessment).order_by("-created_at").first()
    template = "reports/_scoring.html" if asks_for_part(request) else "reports/scoring.html"
    return render(request, template, {"assessment": assessment, "job": job})


@require_POST
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a report of a run, `?language=de` in German; the next page shows it being made."""
    user = person(request)
    found = get_object_or_404(ScoreRun.objects.visible_to(user).select_related("assessment__unit"), pk=pk)
    language = request.GET.get("language")
    report, _ = request_report(found, request.POST.get("format", ""), by=user, language=language)
    return redirect("reports:file", report.pk)


@never_cache
@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a report is, then where to take it; htmx asks for the part that changes."""
    report = _report(request, pk)
    template = "reports/_file.html" if asks_for_part(request) else "reports/file.html"
    return render(
        request,
        template,
        {
            "report": report,
            "job": report.job,
            "assessment": report.run.assessment,
            "languages": [one for one in settings.REPORT_LANGUAGES.items() if one[0] != report.language],
        },
    )


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The file itself; one that is not made yet sends back to its page."""
    report = _report(request, pk)
    if not report.file:
        return redirect("reports:file", report.pk)
    return as_download(report)


def _report(request: HttpRequest, pk: int) -> ReportFile:
    found = ReportFile.objects.visible_to(person(request)).select_related(
        "job", "run__assessment__offering", "run__assessment__unit"
    )
    return get_object_or_404(found, pk=pk)


def asks_for_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the part of the page that changes."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not getattr(htmx, "history_restore_request", False)
