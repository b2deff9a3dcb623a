"""Writes the reports of an assessment to files: what the site offers, from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.scoring import score
from riskassess.kernel.errors import InvalidInput, RiskassessError
from riskassess.reports.content import report_content
from riskassess.reports.formats import made
from riskassess.reports.languages import language_of, written_in

OPTIONS = {"pdf": "pdf", "xlsx": "xlsx", "archive": "pdfa"}


class Command(BaseCommand):
    help = "Writes a report: of the assessment's current run (scoring first if there is none), or of --run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("assessment", nargs="?", type=int, help="number of the assessment")
        parser.add_argument("--run", type=int, help="number of a past run, instead of the current one")
        parser.add_argument("--pdf", type=Path, metavar="FILE")
        parser.add_argument("--xlsx", type=Path, metavar="FILE")
        parser.add_argument(
            "--archive", type=Path, metavar="FILE", help="PDF/A-3a with the workbook and the record inside"
        )
        parser.add_argument(
            "--language", choices=list(settings.REPORT_LANGUAGES), help="of PDF, workbook, archive"
        )
        parser.add_argument("--json", type=Path, metavar="FILE", help="the run's own record, byte for byte")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._write(options)
        except RiskassessError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error

    def _write(self, options: dict[str, Any]) -> None:
        run = _run(options["assessment"], options["run"])
        wanted = {kind: path for kind in (*OPTIONS, "json") if (path := options[kind])}
        if not wanted:
            raise InvalidInput(
                "Nothing to write.", hint="Say --pdf FILE, --xlsx FILE, --archive FILE or --json FILE."
            )
        with written_in(language_of(options["language"])):
            content = report_content(run)
            for kind, path in wanted.items():
                data = made(OPTIONS[kind], content, run.record) if kind in OPTIONS else run.record.encode()
                path.write_bytes(data)
                self.stdout.write(f"{path}  {len(data):,} bytes")
        self.stdout.write(
            f"{content.block.decision.word}, risk {content.block.risk.text}: {content.header.offering}"
        )


def _run(assessment_id: int | None, run_id: int | None) -> ScoreRun:
    """The run asked for. Scores an assessment that has none."""
    if run_id is not None:
        run = ScoreRun.objects.filter(pk=run_id).first()
        if run is None or assessment_id not in (None, run.assessment_id):
            raise InvalidInput(
                f"There is no such run: {run_id}.", hint="The decision page lists an assessment's runs."
            )
        return run
    if assessment_id is None:
        raise InvalidInput("Which assessment?", hint="Give its number, or --run with the number of a run.")
    assessment = Assessment.objects.select_related("current_run").filter(pk=assessment_id).first()
    if assessment is None:
        raise InvalidInput(
            f"There is no assessment {assessment_id}.", hint="The list of assessments shows their numbers."
        )
    return assessment.current_run or score(assessment)
