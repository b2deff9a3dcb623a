"""Scores the portfolio anew, in chunks that workers take; or here and now."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit
from riskassess.assessments.services import request_rescore
from riskassess.jobs.models import Job
from riskassess.jobs.reaping import Reaper
from riskassess.jobs.services import drain


class Command(BaseCommand):
    help = "Scores all assessments anew (withdrawn ones aside), each as of its own day. Doing it twice is harmless."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", metavar="NAME", help="only the assessments of this business unit")
        parser.add_argument(
            "--stale-only",
            action="store_true",
            help="only those without a run of the present rules and method",
        )
        parser.add_argument(
            "--now", action="store_true", help="work here until it is done, with other workers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        job = request_rescore(_unit(options["unit"]), by=None, stale_only=options["stale_only"])
        if options["now"]:
            self._work(job)
            return
        self.stdout.write(
            f"Job {job.pk}: workers do it; follow it at {reverse('jobs:detail', args=[job.pk])}"
        )

    def _work(self, job: Job) -> None:
        reaper = Reaper()
        while not job.is_over:
            reaper.look()
            if not drain():
                time.sleep(0.2)
            job.refresh_from_db()
        if job.state != Job.State.DONE:
            raise CommandError(f"{job.error_message or 'The job was cancelled.'} {job.error_hint}".strip())
        counts = job.result
        self.stdout.write(
            f"{counts['scored']:,} assessments scored: {counts['changed']:,} have a new run, "
            f"{counts['decided_otherwise']:,} another decision."
        )


def _unit(name: str | None) -> BusinessUnit | None:
    if not name:
        return None
    unit = BusinessUnit.objects.filter(name__iexact=name).first()
    if unit is None:
        raise CommandError(f"There is no unit {name}. The page of business units lists them.")
    return unit
