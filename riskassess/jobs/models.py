"""Job: the durable record of one background task. Celery's message only says that there is one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.querysets import read_by


@dataclass(frozen=True, slots=True)
class Subject:
    """The record that a job is about: in words, and its page."""

    text: str
    url: str


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: User) -> JobQuerySet:
        """The jobs of the units whose work `user` may read, and those of no unit that `user` asked for.

        Who reads the work of all units reads also what the program asks for by itself. One query beside.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(unit=None, requested_by=user)
        theirs = Q(unit__isnull=False) & read_by(user)
        return self.filter(own | theirs | Q(requested_by=None) if user.reads_everything() else own | theirs)

    def ready(self, now: datetime) -> JobQuerySet:
        """Queued jobs that may start at `now`, oldest first.

        Clocks of two machines differ, and one may be set back by hours. What was put there without a pause starts
        whatever the clock says, and so does what was put there by a clock that is ahead of this one.
        """
        at_once = Q(run_after=F("queued_at")) | Q(queued_at__gt=now + lease())
        queued = self.filter(at_once | Q(run_after__lte=now), state=Job.State.QUEUED)
        return queued.order_by("run_after", "created_at")

    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])

    def claim_next(self, now: datetime) -> Job | None:
        """Takes the oldest ready job for the caller, or None.

        The guarded UPDATE decides who won; on PostgreSQL SKIP LOCKED keeps rivals from queueing behind
        one row. Two queries when a job is ready, one when none is.
        """
        with transaction.atomic():
            candidates = self.ready(now)
            if transaction.get_connection().features.has_select_for_update_skip_locked:
                candidates = candidates.select_for_update(skip_locked=True)
            found = candidates.values_list("pk", flat=True).first()
            if found is None:
                return None
            claim = uuid.uuid4()
            won = self.filter(pk=found, state=Job.State.QUEUED).update(
                state=Job.State.RUNNING,
                claim=claim,
                attempts=F("attempts") + 1,
                started_at=now,
                lease_until=now + lease(),
            )
            return self.get(pk=found, claim=claim) if won else None


def lease() -> timedelta:
    """How long a claim holds without a sign of life."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


class Job(models.Model):
    """One task: what to do (kind and ids), where it stands, what came of it.

    Only the claim that holds a running job may move or finish it, so a worker thought dead that wakes up
    again changes nothing. A job may run twice; its handler must reach the same result both times.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=50)
    arguments = models.JSONField(default=dict)
    idempotency_key = models.CharField(max_length=200, unique=True)
    unit = models.ForeignKey(
        BusinessUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="jobs"
    )
    requested_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(
        null=True
    )  # when it was last put into the queue; `run_after` is no earlier
    run_after = models.DateTimeField()
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_note = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error_message = models.TextField(blank=True)
    error_hint = models.TextField(blank=True)
    correlation = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",  # a process of the release before, which does not know it, goes on making jobs
        editable=False,
        help_text="The request that asked for it, as the log names it.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    about: Subject | None = None  # no column: `subjects` finds it for the person who asks

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "run_after", "created_at"], name="job_ready"),
            models.Index(fields=["state", "lease_until"], name="job_expired"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="running") | Q(claim__isnull=False, lease_until__isnull=False),
                name="job_running_is_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"]) | Q(finished_at__isnull=False),
                name="job_ended_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.get_state_display().lower()})"

    def get_absolute_url(self) -> str:
        return reverse("jobs:detail", args=[self.pk])

    @property
    def title(self) -> str:
        """The kind in words: `import_apply` is “Import apply”."""
        return self.kind.replace("_", " ").capitalize()

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}

    @property
    def percent(self) -> int:
        """Progress in whole percent; 100 only when done."""
        return percent_of(self.state, self.progress_done, self.progress_total)


def percent_of(state: str, done: int, total: int) -> int:
    """How far a job in this state is, in whole percent."""
    if state == Job.State.DONE:
        return 100
    return min(99, done * 100 // total) if total else 0
