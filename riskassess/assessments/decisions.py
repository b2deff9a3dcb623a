"""What approvers say: Decision, its conditions and the risk it accepts, and Remark on what is returned."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q

from riskassess.accounts.models import User
from riskassess.accounts.querysets import read_by
from riskassess.assessments.notes import Note, NoteQuerySet
from riskassess.assessments.states import State
from riskassess.recording import Realm, Recorded, recorded

OUTCOMES = [
    ("APPROVE", "Approve"),
    ("CONDITIONAL", "Conditional"),
    ("ESCALATE", "Escalate"),
    ("REJECT", "Reject"),
]


class DecisionQuerySet(Recorded["Decision"]):
    def visible_to(self, user: User) -> Self:
        """The decisions of the units whose work `user` may read."""
        return self.filter(read_by(user, "assessment__unit"))


@recorded(Realm.UNIT, about=("assessment",), unit="assessment.unit_id", leave_out=("compared",))
class Decision(models.Model):
    """What a person decided, on which run, why, and until when."""

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.PROTECT, related_name="decisions"
    )
    run = models.ForeignKey("assessments.ScoreRun", on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=12, choices=OUTCOMES)
    computed = models.CharField(max_length=12, choices=OUTCOMES)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(auto_now_add=True)
    valid_until = models.DateField(null=True, blank=True)
    compared = models.CharField(
        max_length=64, blank=True, help_text="Digest of the state it was last held against."
    )
    stale_since = models.DateTimeField(null=True, blank=True)
    stale_run = models.ForeignKey(
        "assessments.ScoreRun",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The run that shows what has moved under it.",
    )
    stale_words = models.TextField(blank=True, help_text="What has moved, and by how much.")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=models.F("computed")) | ~Q(reason=""),
                name="differing_decision_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} by {self.decided_by}"

    @property
    def is_stale(self) -> bool:
        """Whether what it rests on has moved since it was taken."""
        return self.stale_since is not None

    @property
    def differs(self) -> bool:
        """Whether the person decided otherwise than the method computed."""
        return self.outcome != self.computed


@recorded(Realm.UNIT, about=("decision.assessment",), unit="decision.assessment.unit_id")
class RiskAcceptance(models.Model):
    """That somebody bears the risk which a decision leaves: who, why, and until when."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="acceptance")
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    expires_on = models.DateField()

    objects = Recorded["RiskAcceptance"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="acceptance_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"Risk accepted by {self.accepted_by} until {self.expires_on}"


class ConditionQuerySet(Recorded["Condition"]):
    def visible_to(self, user: User) -> Self:
        """The conditions of the units whose work `user` may read."""
        return self.filter(read_by(user, "decision__assessment__unit"))

    def outstanding(self) -> Self:
        """Those of decisions that stand, with a day, not met yet; the next due first."""
        standing = self.filter(
            decision=F("decision__assessment__decision"), decision__assessment__state=State.DECIDED.value
        )
        return standing.filter(met_on__isnull=True, due_on__isnull=False).order_by("due_on", "pk")


@recorded(Realm.UNIT, about=("decision.assessment",), unit="decision.assessment.unit_id")
class Condition(models.Model):
    """What must be true for a conditional approval to hold: who sees to it, by when, and what showed it met."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="conditions")
    text = models.TextField()
    owner = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    met_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    met_note = models.TextField(blank=True, help_text="What shows that it is met.")

    objects = ConditionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(met_by__isnull=True) | (Q(met_on__isnull=False) & ~Q(met_note="")),
                name="condition_met_is_shown",
            )
        ]

    def __str__(self) -> str:
        return self.text


class RemarkQuerySet(NoteQuerySet["Remark"]):
    """Of a remark as of every note."""


@recorded(Realm.UNIT, about=("assessment",), unit="assessment.unit_id")
class Remark(Note):
    """Why an approver returned an assessment: of one question, or of all of it where `question` is empty."""

    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.CASCADE, related_name="remarks")

    objects = RemarkQuerySet.as_manager()

    class Meta(Note.Meta):
        pass
