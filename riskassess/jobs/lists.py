"""The list of jobs: what was asked of the workers, where it stands, and why it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from riskassess import marks
from riskassess.accounts.people import person
from riskassess.accounts.unit_filter import UnitFilter
from riskassess.jobs.models import Job
from riskassess.jobs.subjects import subjects_of
from riskassess.listing import Column, ListPage

MINE, OTHERS = "me", "others"


class JobFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Words, state, unit, who asked."""

    q = django_filters.CharFilter(method="words", label="Words")
    state = django_filters.ChoiceFilter(choices=Job.State.choices, label="State", empty_label="Any")
    unit = UnitFilter()
    asked_by = django_filters.ChoiceFilter(
        choices=[(MINE, "Me"), (OTHERS, "Others")], method="asked", label="Asked by", empty_label="Anyone"
    )

    class Meta:
        model = Job
        fields = ["q", "state", "unit", "asked_by"]

    def words(self, rows: QuerySet[Job], name: str, value: str) -> QuerySet[Job]:
        """Rows in which each word occurs; a kind is found by the words that its title has."""
        for word in value.split():
            rows = rows.filter(
                Q(kind__icontains=word) | Q(progress_note__icontains=word) | Q(error_message__icontains=word)
            )
        return rows

    def asked(self, rows: QuerySet[Job], name: str, value: str) -> QuerySet[Job]:
        mine = {"requested_by": self.request.user}
        return rows.filter(**mine) if value == MINE else rows.exclude(**mine)


def _moment(at: datetime) -> str:
    """The day and the minute, on the site's clock."""
    here = timezone.localtime(at)
    return format_html("{} {}", marks.day(here.date()), f"{here:%H:%M}")


def _say_what_about(request: HttpRequest, jobs: Sequence[Job]) -> None:
    """What each of these jobs is about; two queries for each kind of record among them."""
    found = subjects_of(jobs, person(request))
    for job in jobs:
        job.about = found.get(job.pk)


def _about(job: Job) -> str:
    return job.about.text if job.about else ""


def _progress(job: Job) -> str:
    """How far it is while it is on its way, or why it stopped."""
    if job.error_message:
        return f"{job.error_message} {job.error_hint}".strip()
    if job.is_over:
        return job.progress_note if job.state == Job.State.CANCELLED else ""
    return f"{job.percent} % {job.progress_note}".strip()


def _tries(job: Job) -> str:
    if job.state == Job.State.QUEUED and job.attempts:
        return format_html("{}, again from {}", job.attempts, _moment(job.run_after))
    return str(job.attempts)


JOBS: ListPage[Job] = ListPage(
    title="Background work",
    lede="What workers do or have done for you and your units: imports, scores, reports, mails.",
    filters=JobFilter,
    order="-asked",
    empty="Nothing was asked of the workers yet.",
    beside=_say_what_about,
    columns=(
        Column(
            "kind",
            "Job",
            lambda job: job.title,
            show=lambda job: marks.link(job.get_absolute_url(), job.title, ""),
            order_by=("kind",),
        ),
        Column(
            "about",
            "About",
            _about,
            show=lambda job: marks.plain_link(job.about.url, job.about.text) if job.about else "",
            wide=True,
        ),
        Column(
            "state",
            "State",
            lambda job: job.get_state_display(),
            show=lambda job: marks.mark(job.state),
            order_by=("state",),
        ),
        Column("progress", "Progress, or why it stopped", _progress, wide=True),
        Column("tries", "Tries", lambda job: job.attempts, show=_tries, order_by=("attempts",), numeric=True),
        Column("unit", "Unit", lambda job: job.unit.name if job.unit else "", order_by=("unit__name",)),
        Column(
            "by",
            "Asked by",
            lambda job: job.requested_by.name if job.requested_by else "The program",
            order_by=("requested_by__name",),
        ),
        Column(
            "asked",
            "Asked",
            lambda job: job.created_at.date(),
            show=lambda job: _moment(job.created_at),
            order_by=("created_at",),
        ),
        Column(
            "ended",
            "Ended",
            lambda job: job.finished_at.date() if job.finished_at else None,
            show=lambda job: _moment(job.finished_at) if job.finished_at else "",
            order_by=("finished_at",),
        ),
    ),
)
