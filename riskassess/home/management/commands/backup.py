"""One file that holds the whole installation."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskassess.home.keeping.services import back_up
from riskassess.kernel.errors import RiskassessError


class Command(BaseCommand):
    help = "Writes database and files into one tar file, while people work on. SECRET_KEY is not in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="the file to write, such as backup.tar; it must not exist"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = back_up(options["file"])
        except RiskassessError as error:
            raise CommandError(f"{error} {error.hint}".strip()) from error
        size = options["file"].stat().st_size / 1e6
        self.stdout.write(f"{options['file']}: database and {len(made.members) - 1} files, {size:.1f} MB")
