"""The background work of files about several assessments. Each may run twice, or die and be taken up again.

A comparison or a portfolio is drawn by one job. An archive is made of the reports that single requests make, by jobs
of their own that any worker takes: what is there is not made again, what stops is named and the others come.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.scoring import method_on
from riskassess.jobs.handlers import NotYet, RunningJob, handles
from riskassess.jobs.models import Job, Subject
from riskassess.jobs.subjects import subjects
from riskassess.kernel.errors import Conflict
from riskassess.reports.downloads import name_of, told_apart
from riskassess.reports.formats import combined_made
from riskassess.reports.languages import language_of
from riskassess.reports.models import CombinedReport, ReportFile
from riskassess.reports.portfolio import Portfolio, portfolio
from riskassess.reports.services import request_report
from riskassess.reports.side_by_side import SideBySide, side_by_side
from riskassess.reports.versions import (
    batch_version,
    check_unchanged,
    comparison_version,
    portfolio_version,
    versions_of,
)

COMBINED, BATCH = "combined_report", "report_batch"
IN_QUEUE = 8  # reports of one archive waiting at once: a person who asks for one meanwhile comes in between
LOOK_AGAIN = timedelta(seconds=1)
NOT_MADE = "not made.txt"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@handles(COMBINED)
def make_combined(job: RunningJob) -> dict[str, Any]:
    """Draws a comparison or a portfolio and keeps it. A row that has gone, or has its file, is done."""
    found = CombinedReport.objects.filter(pk=job.arguments["report"]).first()
    if found is None or found.file:
        return {"report": found.pk if found else None}
    job.progress(0, 3, "Reading")
    content = _content(found)
    check_unchanged(_version(found, content), found.version, f"“{found.title}”")
    job.progress(1, 3, f"Drawing the {found.get_format_display()}")
    data = combined_made(found.format, content)
    job.progress(2, 3, "Keeping it")
    _keep(
        job,
        found,
        f"{content.filename}.{found.format}",
        ContentFile(data),
        hashlib.sha256(data).hexdigest(),
        [],
    )
    return {"report": found.pk, "bytes": len(data)}


def _content(found: CombinedReport) -> SideBySide | Portfolio:
    """What the file shows, read again from its ids."""
    asked = found.arguments
    if found.kind == CombinedReport.Kind.COMPARISON:
        runs = {run.pk: run for run in _runs(asked["runs"])}
        return side_by_side([runs[pk] for pk in asked["runs"]])
    on = date.fromisoformat(asked["on"])
    chosen = Assessment.objects.filter(pk__in=asked["assessments"])
    return portfolio(chosen, on, asked["title"], method_on(on).thresholds)


def _version(found: CombinedReport, content: SideBySide | Portfolio) -> str:
    if isinstance(content, Portfolio):
        return portfolio_version(content, found.units.values_list("pk", flat=True))
    return comparison_version([offer.content.header.result_id for offer in content.comparison.offers])


def _runs(ids: Sequence[int]) -> QuerySet[ScoreRun]:
    return ScoreRun.objects.filter(pk__in=ids).select_related("assessment__unit", "assessment__offering")


# -- archives ----------------------------------------------------------------------------------------------


@handles(BATCH)
def make_batch(job: RunningJob) -> dict[str, Any]:
    """Asks for the reports of an archive, a few at a time, waits for them, then packs them.

    1. Its place in the list is kept with each report that is asked for, in one transaction.
    2. While reports are under way the job goes back into the queue: no worker stands still for it.
    3. What was made is packed; what was not is named with its reason, in the archive and on its row.

    The reports are of the state that was asked for: where somebody has decided anew meanwhile, the job stops.
    """
    found = CombinedReport.objects.select_related("requested_by").filter(pk=job.arguments["report"]).first()
    if found is None or found.file:
        return {"report": found.pk if found else None}
    wanted = [(run, form) for run in found.arguments["runs"] for form in found.arguments["formats"]]
    kept = job.kept or {"reports": []}
    if not kept["reports"]:
        runs = list(_runs(found.arguments["runs"]).defer("record"))
        _check_batch(found, runs, versions_of(runs, language_of(None)))
    kept = _ask(job, found, wanted, kept)
    mine = ReportFile.objects.filter(pk__in=kept["reports"])
    under_way = mine.filter(file="", job__state__in=[Job.State.QUEUED, Job.State.RUNNING]).count()
    done = len(kept["reports"]) - under_way
    job.progress(done, len(wanted) + 1, f"{done} of {len(wanted)} reports are made", keep=kept)
    if under_way or len(kept["reports"]) < len(wanted):
        raise NotYet(LOOK_AGAIN)
    return _pack(job, found, kept["reports"])


def _ask(
    job: RunningJob, found: CombinedReport, wanted: Sequence[tuple[int, str]], kept: dict[str, Any]
) -> dict[str, Any]:
    """Requests the next reports until enough are in the queue."""
    waiting = ReportFile.objects.filter(
        pk__in=kept["reports"], file="", job__state__in=[Job.State.QUEUED, Job.State.RUNNING]
    ).count()
    ahead = wanted[len(kept["reports"]) :]
    runs = {run.pk: run for run in _runs([run for run, _ in ahead[: 10 * IN_QUEUE]]).defer("record")}
    for number, form in ahead[: 10 * IN_QUEUE]:
        if waiting >= IN_QUEUE:
            break
        with transaction.atomic():
            report, making = request_report(runs[number], form, by=found.requested_by)
            kept = {**kept, "reports": [*kept["reports"], report.pk]}
            job.progress(len(kept["reports"]) - waiting, len(wanted) + 1, "Asking for the reports", keep=kept)
        waiting += making is not None
    return kept


def _pack(job: RunningJob, found: CombinedReport, reports: Sequence[int]) -> dict[str, Any]:
    """The archive of what was made. PDFs and workbooks are packed already: they are stored as they are."""
    order = {pk: at for at, pk in enumerate(reports)}
    rows = ReportFile.objects.filter(pk__in=reports).select_related(
        "job", "run__assessment__offering", "run__assessment__unit"
    )
    made = sorted(rows.defer("run__record"), key=lambda one: order[one.pk])
    try:
        _check_batch(found, [one.run for one in made], {one.run_id: one.version for one in made})
    except Conflict:
        job.progress(0, len(made) + 1, keep={"reports": []})  # asked for again, it starts anew
        raise
    problems: list[list[str]] = []
    names = told_apart([name_of(one) for one in made])
    with tempfile.TemporaryFile() as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for at, (one, name) in enumerate(zip(made, names, strict=True)):
                if at % 25 == 0:
                    job.progress(len(made), len(made) + 1, "Packing the archive", keep=job.kept)
                if one.file:
                    _add(archive, name, one)
                else:
                    problems.append([name, *_why(one.job)])
            if problems:
                told = "\r\n".join(": ".join((name, " ".join(said))) for name, *said in problems)
                archive.writestr(zipfile.ZipInfo(NOT_MADE, _EPOCH), told + "\r\n")
        digest = _digest(target)
        _keep(job, found, f"reports-{found.version[:12]}.zip", File(target), digest, problems)
    return {"report": found.pk, "files": len(made) - len(problems), "not_made": len(problems)}


def _check_batch(found: CombinedReport, runs: Iterable[ScoreRun], versions: Mapping[int, str]) -> None:
    """Raises Conflict unless these reports are those that the archive was asked for with."""
    results = {run.pk: run.result_id for run in runs}
    told = [(results[pk], versions[pk]) for pk in found.arguments["runs"]]
    what = "A decision on one of these runs"
    check_unchanged(batch_version(found.arguments["formats"], told), found.version, what)


def _add(archive: zipfile.ZipFile, name: str, report: ReportFile) -> None:
    """One report into the archive, in pieces: no file is held in memory whole."""
    with report.file.open("rb") as source, archive.open(zipfile.ZipInfo(name, _EPOCH), "w") as target:
        while piece := source.read(1 << 20):
            target.write(piece)


def _why(job: Job | None) -> tuple[str, str]:
    if job is None:
        return "It was not made.", "Ask for it again."
    return job.error_message or f"Its job is {job.get_state_display().lower()}.", job.error_hint


def _digest(target: IO[bytes]) -> str:
    target.seek(0)
    found = hashlib.file_digest(target, "sha256").hexdigest()  # type: ignore[arg-type]
    target.seek(0)
    return found


def _keep(
    job: RunningJob,
    found: CombinedReport,
    name: str,
    content: File[Any],
    digest: str,
    problems: Sequence[Any],
) -> None:
    """The file first, then the row that points to it, if it still has none and the job is still ours."""
    found.file.save(name, content, save=False)
    kept = False
    try:
        with transaction.atomic():
            job.still_mine()
            kept = bool(
                CombinedReport.objects.filter(pk=found.pk, file="").update(
                    file=found.file.name, sha256=digest, problems=json.loads(json.dumps(problems))
                )
            )
    finally:
        if not kept:
            found.file.delete(save=False)


@subjects("report", COMBINED, BATCH)
def combined_of(user: User, ids: Collection[int]) -> Mapping[int, Subject]:
    """Jobs about several assessments are about the file that they make."""
    found = CombinedReport.objects.visible_to(user).filter(pk__in=ids).only("title")
    return {
        report.pk: Subject(report.title, reverse("reports:combined", args=[report.pk])) for report in found
    }
