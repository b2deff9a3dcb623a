"""What a remark of an approver and a comment of anybody have in common."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from riskassess.accounts.models import User
from riskassess.accounts.querysets import read_by
from riskassess.recording import Recorded

M = TypeVar("M", bound=models.Model, covariant=True)


class NoteQuerySet(Recorded[M]):
    def visible_to(self, user: User) -> Self:
        """Those on the work of units that `user` may read."""
        return self.filter(read_by(user, "assessment__unit"))

    def open(self) -> Self:
        return self.filter(resolved_at__isnull=True)


class Note(models.Model):
    """What somebody says on a question, or on the assessment where `question` is empty, until somebody resolves it.

    Each kind names its assessment itself, since it is found from there by its own name.
    """

    question = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    resolved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="%(class)s_resolved_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question or 'Overall'}: {self.text}"
