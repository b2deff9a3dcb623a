"""How far a job is: a page, and the part of it that asks again each second until the job is over."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from riskassess.accounts.people import person
from riskassess.jobs.models import Job


@never_cache
@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The job's page; for htmx only its bar, which stops asking once the job is over."""
    job = get_object_or_404(Job.objects.visible_to(person(request)), pk=pk)
    htmx = getattr(request, "htmx", None)
    template = "partials/job.html" if htmx and not htmx.history_restore_request else "jobs/detail.html"
    return render(request, template, {"job": job})
