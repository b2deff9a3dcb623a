"""A spreadsheet into the catalog, from the console: the same steps as in the browser, without a worker."""

from __future__ import annotations

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter
from django.utils import timezone

from riskassess.imports import console
from riskassess.kernel.errors import RiskassessError

_NOTHING = {"read": 0, "new": 0, "updated": 0, "unchanged": 0, "skipped": 0, "invalid": 0}
_SHOWN = 20  # problems on the screen; --json has them all

_EXPLAINED = """
exit status: 0 when the rows that can be used are in the catalog (or nothing was to do), 1 when the file or
every row of it was refused; the reasons are printed.

--json prints {"read", "new", "updated", "unchanged", "skipped", "invalid", "applied", "shape", "problems",
"other_sheets", "taken"}; read is the sum of the five that follow it (titles, headings and footnotes are among the
skipped), problems is a list of {"sheet", "cell", "what", "hint"}, and other_sheets of {"sheet", "seems"}: what else of
the file could be imported, each sheet by itself. taken is a list of {"what", "value", "sheet", "cell"}: whose the list
is (default_vendor) or of which day (stated_on), where nobody has said it and a line of the file does (Vendor Name: …).

--mapping is a JSON file; everything in it may be left out, and what it leaves out is found in the sheet:
  {"sheet": "Models", "header_row": 1, "shape": "flat",
   "columns": {"A": "vendor", "B": "",
               "C": {"field": "input_price", "unit": "1M tokens", "currency": "USD"}},
   "default_vendor": "", "currency": "USD", "stated_on": "2026-11-24", "source_kind": "analyst"}
Of a table that stands on its side ("sideways": true) the columns are named by the sheet's rows: "5".
A column of "" is not read; columns that are not named are read as proposed. Options win over the file.

shapes and their fields (without --shape the likeliest is taken; a kind that cannot be imported is refused with
a sentence that says what it is and where it belongs):
%(shapes)s

Without --user the import belongs to the account system@riskassess.invalid (inactive, without a password),
without --unit to the first unit. On an empty database both are made, the unit under the name Company.
"""


class _Formatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Keeps the lines of the explanation as they are."""


class Command(BaseCommand):
    help = "Imports a spreadsheet (.xlsx, .csv and the like) of models, regions, vendors, facts … into the catalog."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        from riskassess.imports.shapes.registry import SHAPES

        shapes = "\n".join(
            f"  {name} ({shape.label}): {', '.join(shape.by_name)}"
            for name, shape in SHAPES.items()
            if not shape.refusal
        )
        kwargs |= {"epilog": _EXPLAINED % {"shapes": shapes}, "formatter_class": _Formatter}
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument(
            "--undo", type=int, metavar="BATCH", help="undo this import instead; the number in its address"
        )
        parser.add_argument(
            "--sheet", default="", help="the sheet to read; else the one most worth importing"
        )
        parser.add_argument("--shape", default="", help="how the rows are to be understood; below")
        parser.add_argument(
            "--header-row", type=int, help="the row with the column names, from 1; 0 where no row has any"
        )
        parser.add_argument(
            "--sideways",
            choices=["yes", "no"],
            help="whether the sheet's columns are the entries (models across the top); found by itself if not said",
        )
        parser.add_argument("--mapping", type=Path, help="a JSON file; its format is below")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, store nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--unit", default="", help="the business unit the import belongs to")
        parser.add_argument("--user", default="", help="the e-mail address of the person who imports")
        parser.add_argument("--stated-on", help="the day the list was valid; else today")
        parser.add_argument("--source-kind", help="how far to trust it: analyst, vendor_document ...")
        parser.add_argument("--default-vendor", help="who sells what the rows name no vendor for")
        parser.add_argument(
            "--leave-near",
            action="store_true",
            help="leave rows that are close to a known record for a decision in the browser; else they are new",
        )
        parser.add_argument("--currency", help="of prices whose heading names none")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json: bool = options["json"]
        if options["undo"] is not None:
            self._undo(options["undo"], options["user"])
            return
        if options["file"] is None:
            raise CommandError("Name the file to import.", returncode=1)
        try:
            outcome, applied = self._import(options)
        except RiskassessError as error:
            where = {"sheet": "", "cell": error.where, "what": error.message, "hint": error.hint}
            self._refuse(_NOTHING, [where], str(error))
        if outcome.is_refused:
            self._refuse(outcome.counts, outcome.problems, "No row can be used.")
        self._report(outcome.counts, outcome.problems, applied=applied, outcome=outcome)

    def _import(self, options: dict[str, Any]) -> tuple[console.Outcome, bool]:
        told = self._instructions(options)
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise RiskassessError(
                f"The file cannot be read: {error.strerror}.", where=str(options["file"])
            ) from error
        if options["dry_run"]:
            return console.rehearse(data, options["file"].name, told), False
        by, unit = console.owner(options["user"], options["unit"])
        outcome, _ = console.bring_in(
            data, options["file"].name, told, by=by, unit=unit, progress=self._progress
        )
        return outcome, True

    def _undo(self, batch: int, email: str) -> None:
        try:
            undone = console.undo(batch, email=email)
        except RiskassessError as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write(f"{undone} is undone; the catalog is as it was before it.")

    def _instructions(self, options: dict[str, Any]) -> console.Instructions:
        said: dict[str, Any] = console.read_mapping(options["mapping"]) if options["mapping"] else {}
        if options["sideways"]:
            said["sideways"] = options["sideways"] == "yes"
        for name in ("sheet", "header_row", "shape", "source_kind", "default_vendor", "currency"):
            if options[name]:
                said[name] = options[name]
        if options["stated_on"]:
            said["stated_on"] = console.as_day(str(options["stated_on"]))
        said["day_is_said"] = "stated_on" in said
        said.setdefault("stated_on", timezone.localdate())
        told = console.Instructions(**said, leave_near=options["leave_near"])
        console.check_kind(told.source_kind)
        return told

    def _progress(self, done: int, total: int, note: str) -> None:
        if not self.as_json:
            self.stdout.write(f"{note} ...")

    def _report(
        self,
        counts: dict[str, int],
        problems: list[dict[str, str]],
        *,
        applied: bool,
        outcome: console.Outcome | None = None,
    ) -> None:
        others, taken = (outcome.others, outcome.taken) if outcome else ((), ())
        if self.as_json:
            left = [{"sheet": name, "seems": seems} for name, seems in others]
            result = {
                **counts,
                "applied": applied,
                "shape": outcome.shape if outcome else "",
                "problems": problems,
                "other_sheets": left,
                "taken": taken,
            }
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        for problem in problems[:_SHOWN]:
            place = " ".join(part for part in (problem["sheet"], problem["cell"]) if part)
            self.stdout.write(f"  {place}: {problem['what']} {problem['hint']}".rstrip())
        if len(problems) > _SHOWN:
            self.stdout.write(f"  ... and {len(problems) - _SHOWN:,} more; --json lists them all")
        parts = ", ".join(f"{counts[name]:,} {name}" for name in _NOTHING if name != "read")
        done = "imported" if applied else "read; nothing is stored"
        for line in taken:
            option = f"--{line['what'].replace('_', '-')}"
            self.stdout.write(
                f"  {line['value']}, as {line['sheet']} {line['cell']} says; {option} says otherwise."
            )
        for name, seems in others:
            self.stdout.write(f"  The file has another sheet, “{name}” ({seems}); --sheet reads it.")
        self.stdout.write(f"{counts['read']:,} rows {done}: {parts}")

    def _refuse(self, counts: dict[str, int], problems: list[dict[str, str]], message: str) -> NoReturn:
        if self.as_json or counts["read"]:
            self._report(counts, problems, applied=False)
        raise CommandError(message, returncode=1)
