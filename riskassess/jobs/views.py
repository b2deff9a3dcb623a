"""The list of jobs, how far one is (a page, of which a part asks again each second), and cancelling it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from riskassess.accounts.people import person
from riskassess.jobs import services
from riskassess.jobs.lists import JOBS
from riskassess.jobs.models import Job
from riskassess.jobs.subjects import subjects_of
from riskassess.listing import respond


@never_cache
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """Every job the person may see."""
    rows = Job.objects.visible_to(person(request)).select_related("unit", "requested_by")
    return respond(request, JOBS, rows)


@never_cache
@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The job's page; for htmx only its bar, which stops asking once the job is over."""
    user = person(request)
    job = get_object_or_404(Job.objects.visible_to(user).select_related("unit", "requested_by"), pk=pk)
    htmx = getattr(request, "htmx", None)
    page = {"job": job, "may_cancel": job.requested_by_id == user.pk}
    if htmx and not htmx.history_restore_request:
        return render(request, "partials/job.html", page)
    job.about = subjects_of([job], user).get(job.pk)
    return render(request, "jobs/detail.html", page)


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cancels a job; whoever asked for it may, and nobody else."""
    user = person(request)
    job = get_object_or_404(Job.objects.visible_to(user), pk=pk)
    services.cancel_by(job, user)
    return redirect(job)
