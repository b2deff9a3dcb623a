"""The founding briefing, loaded, scored, reported and served: what a newcomer types first."""

from __future__ import annotations

import io
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.assessments.services import request_score
from riskassess.home.demo import loading
from riskassess.jobs.models import Job
from riskassess.jobs.reaping import Reaper
from riskassess.jobs.services import drain
from riskassess.kernel.secret import kept_secret
from riskassess.reports.services import request_report

CATALOG = Path("fixtures") / "catalog" / "litellm_catalog.xlsx"
PATIENCE = 300.0  # seconds that a job of the demo may take


class Command(BaseCommand):
    help = "Loads the demo (twice does no harm), scores it, writes its reports, then serves site and worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="do everything but serve")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demo makes accounts with a known password; it does not run in production mode."
            )
        self._step("Preparing the database")
        call_command("migrate", interactive=False, verbosity=0)
        self._step("Loading the founding briefing")
        password = kept_secret(settings.VAR_DIR / "demo_password", size=9)
        for what, count in loading.load_all(password).items():
            self.stdout.write(f"  {count:>5} {what}")
        self._step(f"Importing {CATALOG.name}")
        summary = io.StringIO()
        ana = User.objects.get(email="ana@example.com")
        call_command("import_catalog", str(settings.BASE_DIR / CATALOG), "--user", ana.email,
                     "--stated-on", "2026-11-24", stdout=summary)  # fmt: skip
        self.stdout.write("".join(f"  {line}\n" for line in summary.getvalue().splitlines()[-8:]))
        self._step("Scoring the assessments")
        assessments = list(Assessment.objects.order_by("pk"))
        self._finish([request_score(assessment, by=None) for assessment in assessments])
        self._step("Writing their reports")
        self._report(assessments)
        self.stdout.write("")
        self._how_to_sign_in(options["host"], options["port"], password)
        if not options["no_serve"]:
            call_command("serve", host=options["host"], port=options["port"])

    def _report(self, assessments: list[Assessment]) -> None:
        files = []
        for assessment in assessments:
            assessment.refresh_from_db()
            if assessment.current_run is None:
                raise CommandError(f"{assessment} was not scored; see the job list.")
            files += [request_report(assessment.current_run, wanted, by=None) for wanted in ("pdf", "xlsx")]
        self._finish([job for _, job in files if job is not None])
        for file, _ in files:
            file.refresh_from_db()
            self.stdout.write(
                f"  {file.run.decision:<12} {file.run.assessment}\n               {file.file.path}"
            )

    def _finish(self, jobs: list[Job]) -> None:
        """Does the jobs here, or waits for the worker that took one; the first that failed ends the demo."""
        reaper, until = Reaper(), time.monotonic() + PATIENCE
        ids = [job.pk for job in jobs]
        while Job.objects.unfinished().filter(pk__in=ids).exists():
            if time.monotonic() > until:
                raise CommandError("A job of the demo does not finish. Is a stopped worker holding it?")
            reaper.look()
            if not drain():
                time.sleep(0.2)
        for failed in Job.objects.filter(pk__in=ids, state=Job.State.FAILED)[:1]:
            raise CommandError(f"{failed}: {failed.error_message} {failed.error_hint}")

    def _step(self, words: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(words))

    def _how_to_sign_in(self, host: str, port: int, password: str) -> None:
        self.stdout.write(
            f"Open http://{host}:{port}/ and sign in with the password  {password}\n"
            "  ana@example.com    assesses      (Procurement)\n"
            "  ben@example.com    approves      (Procurement)\n"
            "  cleo@example.com   is elsewhere  (Research): sees none of it\n"
            "  dora@example.com   audits        (reads everything)\n"
            "  hana@example.com   administers   (reads everything, sets the risk appetite)\n"
        )
