"""What Prometheus reads of a web process: what all processes of this server counted, and how the tables stand.

Whichever server is asked, what stands in the tables is the whole installation's: take the greatest of it, not the sum.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from riskassess.accounts.addresses import address_of
from riskassess.assessments.scoring import METHOD_VERSION
from riskassess.jobs.exposing import may_read
from riskassess.jobs.models import Job
from riskassess.rules.rulebook import RULEBOOK
from riskassess.webhooks.models import Webhook


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 where nobody is named who may read it, 403 to anybody else. Two queries, a third on PostgreSQL.

    A database that is away is told as `riskassess_database_up 0`, beside what was counted.
    """
    if not settings.METRICS_ON:
        raise Http404
    if not may_read(request.headers.get("Authorization", ""), address_of(request)):
        return HttpResponse(
            "Send METRICS_TOKEN, or come from one of METRICS_NETWORKS.\n",
            status=403,
            content_type="text/plain",
        )
    text = generate_latest(counted()) + generate_latest(_Tables())
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def counted() -> CollectorRegistry:
    """What was counted: by this process, or by all that share PROMETHEUS_MULTIPROC_DIR (`config.gunicorn` sets it)."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


class _Tables(CollectorRegistry):
    """Reads the tables each time it is asked."""

    def collect(self) -> Iterator[Metric]:
        yield _build()
        try:
            found = [*_jobs(), *_webhooks(), *_connections()]
        except DatabaseError:
            found = []
        yield GaugeMetricFamily(
            "riskassess_database_up", "Whether the database answers.", value=float(bool(found))
        )
        yield from found


@cache
def _build() -> Metric:
    told = {
        "rules": RULEBOOK.release, "method": METHOD_VERSION, "python": platform.python_version(),
        "django": version("django"),
    }  # fmt: skip
    return InfoMetricFamily("riskassess_build", "Which releases answer here.", value=told)


def _jobs() -> list[Metric]:
    """What is queued and running. One query, by an index: jobs that are over are not looked at."""
    now = timezone.now()
    rows = (
        Job.objects.unfinished()
        .order_by()
        .values("kind", "state")
        .annotate(
            jobs=Count("pk"),
            tried=Count("pk", filter=Q(attempts__gt=0)),
            oldest=Min("run_after", filter=Q(run_after__lte=now)),
            dead=Count("pk", filter=Q(state=Job.State.RUNNING, lease_until__lt=now)),
        )
    )
    queue = GaugeMetricFamily("riskassess_job_queue", "Jobs that are not over.", labels=["kind", "state"])
    again = GaugeMetricFamily(
        "riskassess_job_queue_tried", "Of the queued, those that were tried before.", labels=["kind"]
    )
    oldest = GaugeMetricFamily(
        "riskassess_job_oldest_waiting_seconds",
        "How long the first that could start has waited.",
        labels=["kind"],
    )
    dead = 0
    waited = {"any": 0.0}
    for row in rows:
        queue.add_metric([row["kind"], row["state"]], row["jobs"])
        dead += row["dead"]
        if row["state"] == Job.State.QUEUED:
            again.add_metric([row["kind"]], row["tried"])
            if row["oldest"]:
                waited[row["kind"]] = (now - row["oldest"]).total_seconds()
    waited["any"] = max(waited.values())
    for kind, seconds in waited.items():
        oldest.add_metric([kind], seconds)
    expired = GaugeMetricFamily(
        "riskassess_job_leases_expired", "Running jobs whose worker gives no sign of life.", value=dead
    )
    return [queue, again, oldest, expired]


def _webhooks() -> list[Metric]:
    """How many there are and how many do not answer. One query of a small table."""
    found = Webhook.objects.order_by().aggregate(
        told=Count("pk", filter=Q(is_active=True)),
        off=Count("pk", filter=Q(is_active=False)),
        failing=Count("pk", filter=Q(is_active=True, failures__gt=0)),
    )
    hooks = GaugeMetricFamily(
        "riskassess_webhooks", "Webhooks: told, failing (of the told), off.", labels=["state"]
    )
    for state, count in found.items():
        hooks.add_metric([state], count)
    return [hooks]


def _connections() -> list[Metric]:
    """Connections to this database, and how many the server takes in all. One query, on PostgreSQL."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(state, 'unknown'), count(*), current_setting('max_connections')::int"
            " FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1"
        )
        rows = cursor.fetchall()
    used = GaugeMetricFamily(
        "riskassess_database_connections", "Connections to the database, by state.", labels=["state"]
    )
    for state, count, _ in rows:
        used.add_metric([state], count)
    most = GaugeMetricFamily(
        "riskassess_database_connections_most", "How many the server takes.", value=rows[0][2]
    )
    return [used, most]
