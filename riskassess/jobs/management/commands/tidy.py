"""Takes away what nobody needs any more, as workers do once a day."""

from __future__ import annotations

from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from riskassess.jobs import tidying


class Command(BaseCommand):
    help = (
        "Takes away ended jobs, files without a row and sessions that have run out; once a day, workers do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how much, and name the files")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            files = [name for _, name in islice(tidying.stray_files(now), tidying.MOST)]
            for name in files:
                self.stdout.write(name)
            found = {
                "jobs": tidying.ended_jobs(now).count(),
                "files": len(files),
                "sessions": tidying.run_out(now).count() + tidying.signed_out(now).count(),
            }
        else:
            found = tidying.tidy(now)
        self.stdout.write(", ".join(f"{count} {sort}" for sort, count in found.items()))
