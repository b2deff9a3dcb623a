"""What must hold in a database, whatever happened to the processes that wrote it. Runs inside an installation."""

from __future__ import annotations

import hashlib

from django.db import connection
from django.db.models import Count, F

from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.scoring import verify_run
from riskassess.imports.models import Batch, Row
from riskassess.jobs.models import Job
from riskassess.reports.models import ReportFile
from riskassess.trail.verifying import verify

RECOMPUTED = 25  # runs that are judged again; the others are only held to what points to them


def problems() -> list[str]:
    """Each broken promise in words; nothing may be at work meanwhile."""
    return [*_database(), *_jobs(), *_imports(), *_runs(), *_reports(), *verify().problems]


def _database() -> list[str]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        whole = cursor.execute("PRAGMA integrity_check").fetchall()
        dangling = cursor.execute("PRAGMA foreign_key_check").fetchall()
    return [str(row) for row in [*whole, *dangling] if row != ("ok",)]


def _jobs() -> list[str]:
    over = Job.objects.exclude(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    held = over.filter(claim__isnull=False) | over.filter(lease_until__isnull=False)
    return [f"{job.pk} {job} is over and still held" for job in held]


def _imports() -> list[str]:
    found = []
    for batch in Batch.objects.select_related("job"):
        counts = dict(batch.rows.values_list("outcome").annotate(count=Count("pk")).order_by())
        rows = batch.rows.exclude(outcome__in=Row.STAYING)
        if batch.state in Batch.DONE and rows.filter(applied_at=None, role="data").exists():
            found.append(f"import {batch.pk} is applied, and rows of it are not: {counts}")
        if batch.state not in Batch.DONE and batch.rows.exclude(applied_at=None).exists():
            found.append(f"import {batch.pk} is {batch.state}, and rows of it are applied")
        if batch.state in {"reading", "applying"} and (batch.job is None or batch.job.is_over):
            found.append(f"import {batch.pk} is {batch.state}, and nobody does it")
        if not batch.file.storage.exists(str(batch.file.name)):
            found.append(f"import {batch.pk} has lost its file")
    return found


def _runs() -> list[str]:
    strays = Assessment.objects.exclude(current_run=None).exclude(current_run__assessment=F("pk"))
    found = [f"assessment {one.pk} shows the run of another" for one in strays]
    for run in ScoreRun.objects.order_by("-pk")[:RECOMPUTED]:
        if not (verdict := verify_run(run)).same:
            found.append(f"run {run.pk}: {verdict}")
    return found


def _reports() -> list[str]:
    found = []
    for report in ReportFile.objects.select_related("job"):
        if not report.file:
            if report.job is not None and report.job.state == Job.State.DONE:
                found.append(f"report {report.pk} is done and has no file")
            continue
        with report.file.open("rb") as kept:
            if hashlib.sha256(kept.read()).hexdigest() != report.sha256:
                found.append(f"the file of report {report.pk} is another")
    return found
