"""The whole installation back from one file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from riskassess.home.keeping.services import restore
from riskassess.kernel.errors import RiskassessError


class Command(BaseCommand):
    help = "Puts back what `backup` wrote, checked first. Stop web and workers before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `manage.py backup` wrote")
        parser.add_argument("--replace", action="store_true", help="in the place of what is here")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = restore(options["file"], replace=options["replace"])
        except RiskassessError as error:
            raise CommandError(f"{error} {error.hint}".strip()) from error
        call_command("migrate", interactive=False, verbosity=0)  # a backup of an earlier release
        when = f"{found.made_at:%Y-%m-%d at %H:%M %Z}"
        self.stdout.write(
            f"Restored what was backed up on {when}: database and {len(found.members) - 1} files."
        )
