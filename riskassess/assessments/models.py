"""Assessment, Answer, ScoreRun, Mitigation; decisions, the risk appetite and what stands beside an answer have
modules of their own."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.querysets import Searchable, read_by
from riskassess.assessments.beside import AnswerDocument as AnswerDocument
from riskassess.assessments.beside import Comment as Comment
from riskassess.assessments.decisions import OUTCOMES as OUTCOMES
from riskassess.assessments.decisions import Condition as Condition
from riskassess.assessments.decisions import Decision as Decision
from riskassess.assessments.decisions import Remark as Remark
from riskassess.assessments.decisions import RiskAcceptance as RiskAcceptance
from riskassess.assessments.questions import questions
from riskassess.assessments.reminders import Reminder as Reminder
from riskassess.assessments.risk_appetite import RiskAppetite as RiskAppetite
from riskassess.assessments.states import BUYS, EDITABLE, OVER, Standing, State, standing_of
from riskassess.catalog.models import Offering, Source
from riskassess.kernel.errors import Conflict
from riskassess.recording import Realm, Recorded, recorded
from riskassess.routes import address


class AssessmentQuerySet(Searchable["Assessment"]):
    def visible_to(self, user: User) -> Self:
        """The assessments of the units whose work `user` may read."""
        return self.filter(read_by(user))

    def for_lists(self) -> Self:
        """All that a list page shows of each, in one query; of its run all but the record, which is long."""
        return self.with_run().defer("current_run__record")

    def with_run(self) -> Self:
        """All that its own pages show of it, the current run's record included, in one query."""
        return self.select_related(
            "offering__model", "offering__seller", "unit", "current_run", "assessor", "decision", "reviewer"
        )

    def standing(self, standing: Standing, today: date) -> Self:
        """Those that stand so on that day: in the database what `standing_of` says of one."""
        bought = Q(state=State.DECIDED.value, decision__outcome__in=BUYS)
        match standing:
            case Standing.REVIEW_DUE:
                return self.filter(bought, review_on__lte=today)
            case Standing.IN_FORCE:
                return self.filter(bought).exclude(review_on__lte=today)
            case Standing.DECIDED:
                return self.filter(state=State.DECIDED.value).exclude(decision__outcome__in=BUYS)
        return self.filter(state=standing.value)

    def open(self) -> Self:
        """Those that somebody works on, or that something rests on."""
        return self.exclude(state__in=[state.value for state in OVER])


@recorded(Realm.UNIT, unit="unit_id", leave_out=("current_run",))
class Assessment(models.Model):
    """An offering x a use case x a business unit: may we buy this, from them, for that?"""

    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="assessments")
    unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, related_name="assessments")
    use_case = models.CharField(max_length=200, help_text="In a few words: what it is to be used for.")
    description = models.TextField(blank=True)
    state = models.CharField(
        max_length=12, choices=[(state.value, state.label) for state in State], default=State.DRAFT.value
    )
    assessor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assessments")
    submitted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="submitted"
    )
    reviewer = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviews",
        help_text="The approver who took it up.",
    )
    as_of = models.DateField(help_text="The day on which law and facts are judged.")
    due_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(
        null=True, blank=True, help_text="From this day on the approval is due for review."
    )
    current_run = models.ForeignKey(
        "ScoreRun", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision = models.ForeignKey(
        "Decision",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The decision that stands; earlier ones stay on the record.",
    )
    predecessor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="successors",
        help_text="The decided one that this reassesses.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["updated_at", "id"], name="assessment_in_list_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in State]), name="assessment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_by__isnull=False),
                name="assessment_submitted_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_review") | Q(reviewer__isnull=False),
                name="assessment_in_review_by_someone",
            ),
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(state__in=["draft", "submitted", "in_review"]),
                name="assessment_reassessed_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offering.name}: {self.use_case}"

    def get_absolute_url(self) -> str:
        return address("assessments:detail", self.pk)

    @property
    def is_editable(self) -> bool:
        return State(self.state) in EDITABLE

    @property
    def is_stale(self) -> bool:
        """Whether the decision that stands rests on what has moved since."""
        return self.state == State.DECIDED.value and self.decision is not None and self.decision.is_stale

    @property
    def standing(self) -> Standing:
        """How it stands today. No query where `decision` was read along."""
        outcome = self.decision.outcome if self.decision else ""
        return standing_of(State(self.state), outcome, self.review_on, timezone.localdate())


def _as_asked(answer: Answer) -> str:
    """The question in its words, which is what readers of the trail know an answer by."""
    from riskassess.assessments.scoring import METHOD_VERSION  # which reads these models

    question = questions(METHOD_VERSION).get(answer.question)
    return question.text if question else answer.question


@recorded(Realm.UNIT, about=("assessment",), unit="assessment.unit_id", called=_as_asked)
class Answer(models.Model):
    """What a person said to one question of one assessment.

    `value` holds the answer in the question's own kind: a fact's value, or a factor's levels [low, high].
    No row is *not known yet*; a row in state unknown says that somebody looked and could not find out.
    """

    class State(models.TextChoices):
        KNOWN = "known", "Answered"
        UNKNOWN = "unknown", "Not known"
        NOT_APPLICABLE = "not_applicable", "Does not apply"
        DECLINED = "declined", "Vendor declined to say"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=60)
    state = models.CharField(max_length=14, choices=State.choices)
    value: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    reliability = models.CharField(max_length=1, choices=[(c, c) for c in "ABCDEF"], blank=True)
    verification = models.PositiveSmallIntegerField(null=True, blank=True)
    interest = models.CharField(
        max_length=8, choices=[("self", "Self"), ("adverse", "Adverse"), ("neutral", "Neutral")], blank=True
    )
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    note = models.TextField(blank=True)
    disputes = models.BooleanField(default=False, help_text="What is on record is wrong; the note says why.")
    answered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="answers")
    answered_at = models.DateTimeField(auto_now=True)
    answered_for = models.DateField(
        null=True, blank=True, help_text="The day it speaks for, where it was taken over from an earlier one."
    )

    objects = Recorded["Answer"].as_manager()

    class Meta:
        ordering = ["question"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="answer_once"),
            models.CheckConstraint(
                condition=Q(state="known", value__isnull=False) | (~Q(state="known") & Q(value__isnull=True)),
                name="answer_value_iff_known",
            ),
            models.CheckConstraint(
                condition=Q(verification__isnull=True) | Q(verification__gte=1, verification__lte=6),
                name="answer_verification_1_to_6",
            ),
            models.CheckConstraint(
                condition=Q(disputes=False) | ~Q(note=""), name="answer_disputes_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.question}: {self.value if self.state == self.State.KNOWN else self.get_state_display()}"
        )

    @property
    def version(self) -> str:
        """Another one after every change: what a form or a program showed, to be held against what is there now."""
        return f"{self.pk}.{self.answered_at:%Y%m%d%H%M%S%f}"


class ScoreRunQuerySet(Recorded["ScoreRun"]):
    def visible_to(self, user: User) -> Self:
        """The runs of the units whose work `user` may read."""
        return self.filter(read_by(user, "assessment__unit"))


@recorded(
    Realm.UNIT,
    about=("assessment",),
    unit="assessment.unit_id",
    # The record's hash is kept, and so all of these.
    leave_out=("record", "decision_rank", "risk_low", "risk_high", "denominator", "facts_digest", "figures"),
)
class ScoreRun(models.Model):
    """One judgement, whole and unchangeable: what went in, what came out, by which law and method.

    `record` is the canonical JSON of the run as text, byte for byte; `result_id` is the SHA-256 of that JSON
    without its own `result_id`. The other columns are copies for sorting and filtering.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="runs")
    as_of = models.DateField()
    rules_release = models.CharField(max_length=20)
    method_version = models.CharField(max_length=20)
    appetite_version = models.PositiveIntegerField(
        default=0, help_text="0: the method's own lines, since no risk appetite was in force on the day."
    )
    facts_digest = models.CharField(max_length=64)
    result_id = models.CharField(max_length=64)
    record = models.TextField()
    decision = models.CharField(max_length=12, choices=OUTCOMES)
    decision_rank = models.PositiveSmallIntegerField()
    risk_low = models.BigIntegerField()
    risk_high = models.BigIntegerField()
    denominator = models.BigIntegerField()
    figures: models.JSONField[Any, Any] = models.JSONField(
        default=dict, help_text="What lists and the portfolio show besides, by `record.figures_of`."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScoreRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["created_at"], name="run_created")]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "assessment",
                    "as_of",
                    "rules_release",
                    "method_version",
                    "appetite_version",
                    "facts_digest",
                ],
                name="run_once_per_inputs",
            ),
            models.CheckConstraint(
                condition=Q(risk_low__gte=0, risk_high__gte=models.F("risk_low")),
                name="run_interval_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"Run {self.result_id[:8]} of {self.assessment}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Not a business rule: the promise that makes a run worth reading in three years.
        if self.pk is not None:
            raise Conflict("A score run cannot be changed.", hint="Score again: that makes a new run.")
        super().save(*args, **kwargs)

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of decision it was judged by, in points: those of the method or of the risk appetite."""
        return tuple(self.figures["lines"])


class MitigationQuerySet(Recorded["Mitigation"]):
    def visible_to(self, user: User) -> Self:
        """The controls of the units whose work `user` may read."""
        return self.filter(read_by(user, "assessment__unit"))

    def outstanding(self) -> Self:
        """Those with a day by which somebody sees to them, and not verified yet; the next due first."""
        left = self.exclude(status="verified").exclude(assessment__state__in=[state.value for state in OVER])
        return left.filter(due_on__isnull=False).order_by("due_on", "pk")


@recorded(Realm.UNIT, about=("assessment",), unit="assessment.unit_id", leave_out=("changed_by",))
class Mitigation(models.Model):
    """A control that lowers what some factors may cost: who sees to it, by when, and how sure it is to exist.

    `key` names it in records and stays when its title changes. `factors` are keys of the method's risk
    factors; `effectiveness` is a percentage, and `because` says whose judgement it is.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        COMMITTED = "committed", "Committed"
        IMPLEMENTED = "implemented", "Implemented"
        VERIFIED = "verified", "Verified"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="mitigations")
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    factors: models.JSONField[Any, Any] = models.JSONField(default=list)
    effectiveness = models.PositiveSmallIntegerField()
    because = models.TextField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PROPOSED)
    evidence = models.TextField(blank=True)
    owner = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    objects = MitigationQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "key"], name="mitigation_once"),
            models.CheckConstraint(
                condition=Q(effectiveness__gte=1, effectiveness__lte=100), name="mitigation_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed") | ~Q(evidence=""), name="mitigation_beyond_proposed_is_shown"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_status_display().lower()})"

    def get_absolute_url(self) -> str:
        return reverse("assessments:control", args=[self.assessment_id, self.key])
