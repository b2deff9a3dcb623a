"""Recomputes stored runs from their own records and says whether they are the same to the byte."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from riskassess.assessments.models import ScoreRun
from riskassess.assessments.scoring import verify_run


class Command(BaseCommand):
    help = "Recomputes a stored run from its own record; exit status 1 if any byte differs. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "run", nargs="?", help="number of the run, or the first 8 or more of its result id"
        )
        parser.add_argument("--all", action="store_true", help="every stored run")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = differing = 0
        for run in _runs(options["run"], every=options["all"]).iterator(chunk_size=100):
            found = verify_run(run)
            checked += 1
            for note in found.notes:
                self.stdout.write(f"Run {run.pk}: {note}")
            if found.same:
                self.stdout.write(f"Run {run.pk} ({run.result_id}): the same to the byte.")
            else:
                differing += 1
                self.stdout.write(f"Run {run.pk} ({run.result_id}) differs: {found.difference}")
        if differing:
            raise CommandError(f"{differing} of {checked} runs differ from their recomputation.")
        if options["all"]:
            self.stdout.write(f"{checked:,} runs, all the same to the byte.")


def _runs(wanted: str | None, *, every: bool) -> QuerySet[ScoreRun]:
    runs = ScoreRun.objects.order_by("pk")
    if every and not wanted:
        return runs
    if every or not wanted:
        raise CommandError("Which run? Give its number or its result id, or --all.")
    is_number = wanted.isdecimal() and len(wanted) < 8
    found = runs.filter(pk=int(wanted)) if is_number else runs.filter(result_id__startswith=wanted.lower())
    if not found.exists() or not (is_number or len(wanted) >= 8):
        raise CommandError(f"There is no run {wanted}. The decision page lists an assessment's runs.")
    return found
