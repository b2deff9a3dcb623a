"""docs/rulebook.md, written from the rules; or the answer whether it still is what they say."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from riskassess.home.law.cases import CASES
from riskassess.home.law.markdown import rulebook_markdown

RULEBOOK_MD = Path(settings.BASE_DIR) / "docs" / "rulebook.md"


class Command(BaseCommand):
    help = "Writes docs/rulebook.md from the rules, their law and their cases."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if it would change")
        parser.add_argument("--file", type=Path, default=RULEBOOK_MD, help="default: docs/rulebook.md")

    def handle(self, *args: Any, **options: Any) -> None:
        if not CASES.is_dir():
            raise CommandError(
                "The cases of the rules are not here. Run this in a checkout, which has tests/rules/cases."
            )
        path, text = options["file"], rulebook_markdown()
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{path.name}: {len(text.splitlines())} lines")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise CommandError(
                f"{path.name} is not what the rules say. Run: manage.py rulebook_docs, and commit it."
            )
        else:
            self.stdout.write(f"{path.name} is up to date.")
