"""What a load balancer and a supervisor ask: is the process alive, can it do its work?"""

from __future__ import annotations

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from riskassess.jobs.models import Job


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all. No query."""
    return JsonResponse({"status": "alive"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 where the database answers and is of this release, else 503; and how long work waits for a worker.

    A worker that is late does not make the site unready: people can read and answer meanwhile. Alarms read
    `oldest_waiting_seconds`. One query once the schema was found right.
    """
    try:
        if not _schema_is_this_releases():
            return JsonResponse({"status": "unready", "because": "migrations are not applied"}, status=503)
        now = timezone.now()
        oldest = Job.objects.ready(now).values_list("run_after", flat=True).first()
    except DatabaseError:
        return JsonResponse({"status": "unready", "because": "the database does not answer"}, status=503)
    waiting = (now - oldest).total_seconds() if oldest else 0.0
    return JsonResponse({"status": "ready", "oldest_waiting_seconds": round(waiting, 1)})


def _schema_is_this_releases() -> bool:
    return _applied() or _look_again()


def _look_again() -> bool:
    _applied.cache_clear()
    return _applied()


@cache
def _applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
