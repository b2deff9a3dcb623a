"""Walks the audit trail's chain: exit 0 when it holds, 1 when an entry was removed, moved or altered."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskassess.kernel.errors import InvalidInput
from riskassess.trail.verifying import since_words, verify

SHOWN = 50  # problems that are printed


class Command(BaseCommand):
    help = "Seals what waits and walks the audit trail. Exit 0: it holds. Exit 1: what was done to it is printed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor", action="append", default=[], metavar="PLACE:DIGEST", help="an earlier head"
        )
        parser.add_argument(
            "--heads",
            type=Path,
            metavar="FILE",
            help="earlier heads, held against the chain; the new one is added (keep it out of the database's reach)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        heads: Path | None = options["heads"]
        kept = heads.read_text(encoding="utf-8").split() if heads and heads.exists() else []
        try:
            found = verify([*options["anchor"], *kept])
        except InvalidInput as error:
            at = f" ({heads})" if heads and kept else ""
            raise CommandError(f"{error.message} {error.hint}{at}") from error
        if found.waiting:
            self.stdout.write(
                f"{found.waiting:,} entries were not sealed yet, {since_words(found.waiting_since)}."
            )
        if not found.holds:
            for problem in found.problems[:SHOWN]:
                self.stderr.write(problem)
            more = len(found.problems) - SHOWN
            raise CommandError(
                f"The audit trail does not hold: {len(found.problems):,} problems in {found.entries:,} entries"
                + (f", {more:,} not shown." if more > 0 else ".")
            )
        if heads and found.head not in kept:
            with heads.open("a", encoding="utf-8") as file:
                file.write(f"{found.head}\n")
        self.stdout.write(
            f"The audit trail holds: {found.entries:,} entries under {found.seals:,} seals. Head {found.head}"
        )
