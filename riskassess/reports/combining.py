"""Asking for a file about several assessments: a comparison, a portfolio, or an archive of their reports.

What shows the same is one row and one job, whoever asks; who may not read all of it finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import ScoreRun
from riskassess.jobs.models import Job
from riskassess.jobs.services import enqueue
from riskassess.kernel.errors import InvalidInput
from riskassess.reports.combined_tasks import BATCH, COMBINED
from riskassess.reports.figures import count, listed
from riskassess.reports.formats import FORMATS
from riskassess.reports.languages import language_of
from riskassess.reports.models import CombinedReport
from riskassess.reports.portfolio import Portfolio
from riskassess.reports.side_by_side import LEAST, MOST
from riskassess.reports.versions import batch_version, comparison_version, portfolio_version, versions_of

Asked = tuple[CombinedReport, Job | None]
Kind, Format = CombinedReport.Kind, CombinedReport.Format
SHOWN = (Format.PDF.value, Format.XLSX.value)
MOST_IN_BATCH = 500


def request_comparison(runs: Sequence[ScoreRun], wanted: str, *, by: User) -> Asked:
    """The comparison of two to six runs, in their order, as "pdf" or "xlsx". Raises InvalidInput."""
    _check(wanted, SHOWN)
    runs = list(dict.fromkeys(runs))
    if not LEAST <= len(runs) <= MOST:
        raise InvalidInput(
            f"{count(len(runs), 'run')} cannot be compared.", hint=f"Choose {LEAST} to {MOST}.", where="run"
        )
    names = listed([run.assessment.offering.name for run in runs])
    return _asked(
        Kind.COMPARISON,
        wanted,
        version=comparison_version([run.result_id for run in runs]),
        title=f"Comparison of {names}",
        arguments={"runs": [run.pk for run in runs]},
        units={run.assessment.unit_id for run in runs},
        by=by,
    )


def request_portfolio(made: Portfolio, wanted: str, *, of: Iterable[int], by: User) -> Asked:
    """The portfolio as "pdf" or "xlsx": the same assessments in the same state on the same day are one file.

    It is of the units whose assessments are in it. That there are none is theirs to know whom it was asked `of`.
    """
    _check(wanted, SHOWN)
    named = (
        BusinessUnit.objects.filter(name__in=made.units)
        if made.units
        else BusinessUnit.objects.filter(pk__in=of)
    )
    units = list(named.values_list("pk", flat=True))
    if not units:
        raise InvalidInput(
            "There is no unit here whose assessments you may see.",
            hint="Choose another unit, or ask an administrator for a role in one.",
            where="unit",
        )
    return _asked(
        Kind.PORTFOLIO,
        wanted,
        version=portfolio_version(made, units),
        title=made.title,
        arguments={
            "assessments": [one.assessment for one in made.entries],
            "on": made.today.isoformat(),
            "title": made.title,
        },
        units=units,
        by=by,
    )


def request_batch(runs: Sequence[ScoreRun], formats: Sequence[str], *, by: User) -> Asked:
    """The reports of some runs, each in some formats of `FORMATS`, as one archive. Raises InvalidInput."""
    for one in formats:
        _check(one, tuple(FORMATS))
    if not runs or not formats:
        raise InvalidInput("Nothing is chosen.", hint="Choose at least one assessment.", where="run")
    runs = sorted(set(runs), key=lambda run: run.pk)
    if len(runs) > MOST_IN_BATCH:
        raise InvalidInput(
            f"{len(runs)} are too many for one archive.", hint=f"Choose at most {MOST_IN_BATCH}.", where="run"
        )
    formats = sorted(set(formats))
    versions = versions_of(runs, language_of(None))
    return _asked(
        Kind.BATCH,
        Format.ZIP.value,
        version=batch_version(formats, [(run.result_id, versions[run.pk]) for run in runs]),
        title=f"Reports of {count(len(runs), 'assessment')}",
        arguments={"runs": [run.pk for run in runs], "formats": formats},
        units={run.assessment.unit_id for run in runs},
        by=by,
    )


def _check(wanted: str, known: Sequence[str]) -> None:
    if wanted not in known:
        raise InvalidInput(
            f"“{wanted}” is no format of it.", hint=f"Use {listed(known, 'or')}.", where="format"
        )


@transaction.atomic
def _asked(
    kind: CombinedReport.Kind,
    wanted: str,
    *,
    version: str,
    title: str,
    arguments: dict[str, Any],
    units: Iterable[int],
    by: User,
) -> Asked:
    found, is_new = CombinedReport.objects.get_or_create(
        kind=kind.value,
        format=wanted,
        version=version,
        defaults={"title": title[:250], "arguments": arguments, "requested_by": by},
    )
    if is_new:
        found.units.set(units)
    if found.file and found.problems:
        # Of those who ask for it again at once, the first starts it anew; the others find that done.
        found = CombinedReport.objects.select_for_update().get(pk=found.pk)
    if found.file and not found.problems:
        return found, None
    work = BATCH if kind is Kind.BATCH else COMBINED
    key = found.job.idempotency_key if found.job else f"{work}:{found.pk}"
    if found.file:  # some of it could not be made: asked for again, that is tried again, by a job of its own
        _drop_file(found)
        key = f"{work}:{found.pk}:{found.job_id}"
    job = enqueue(work, {"report": found.pk}, key=key, by=by)
    if found.job_id != job.pk:
        found.job = job
        found.save(update_fields=["job"])
    return found, job


def _drop_file(found: CombinedReport) -> None:
    """Takes the file from its row, and from the store once that is certain."""
    store, name = found.file.storage, str(found.file.name)
    CombinedReport.objects.filter(pk=found.pk).update(file="", sha256="", problems=[])
    found.refresh_from_db()
    transaction.on_commit(lambda: store.delete(name))
