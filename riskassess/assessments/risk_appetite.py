"""RiskAppetite: how much risk the organisation takes, in versions that are only ever added."""

from __future__ import annotations

from datetime import date
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import F, Q

from riskassess.accounts.models import User
from riskassess.kernel.errors import Conflict
from riskassess.recording import Realm, Recorded, recorded
from riskassess.scoring.anatomy import Appetite


def _refuse() -> NoReturn:
    raise Conflict(
        "A version of the risk appetite cannot be changed or deleted: runs rest on it.",
        hint="Set a new version, with its reason.",
    )


class RiskAppetiteQuerySet(Recorded["RiskAppetite"]):
    def in_force(self, on: date) -> RiskAppetite | None:
        """The version of that day; None before the first one, where the method's own lines hold. One query."""
        return self.filter(since__lte=on).order_by("-version").first()

    def due_on(self, day: str) -> Self:
        """For a subquery: the version in force on the outer row's `day`."""
        return self.filter(since__lte=models.OuterRef(day)).order_by("-version")

    def update(self, **changes: Any) -> NoReturn:
        _refuse()

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        _refuse()

    def update_or_create(self, *args: Any, **options: Any) -> NoReturn:
        _refuse()

    def delete(self) -> NoReturn:
        _refuse()

    delete.queryset_only = True  # type: ignore[attr-defined]


@recorded(Realm.COMPANY)
class RiskAppetite(models.Model):
    """One version: the lines of decision, since when, set by whom and why. Never edited, never deleted.

    Versions start no earlier than the one before, so the latest that has started is the one in force.
    """

    version = models.PositiveIntegerField(unique=True)
    approve = models.PositiveSmallIntegerField(help_text="Approve where the risk stays under this.")
    conditional = models.PositiveSmallIntegerField(help_text="Conditional where it stays under this.")
    reject = models.PositiveSmallIntegerField(help_text="Reject where it is certainly this or more.")
    coverage_percent = models.PositiveSmallIntegerField(
        help_text="The least share, in percent, of what counts that rests on good evidence before approval."
    )
    utility_slope = models.PositiveSmallIntegerField(
        help_text="Points of opportunity that one point of risk outweighs, where answers are valued."
    )
    since = models.DateField(help_text="In force for assessments judged as of this day or later.")
    reason = models.TextField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    objects = RiskAppetiteQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        verbose_name_plural = "risk appetite"
        constraints = [
            models.CheckConstraint(
                condition=Q(approve__gt=0, approve__lt=F("conditional"), conditional__lt=F("reject"))
                & Q(reject__lte=100),
                name="appetite_lines_rise",
            ),
            models.CheckConstraint(
                condition=Q(coverage_percent__gte=1, coverage_percent__lte=100),
                name="appetite_coverage_is_a_percentage",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="appetite_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"Risk appetite, version {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Not a business rule: a record that names a version can be read only while that version stands.
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()

    @property
    def appetite(self) -> Appetite:
        """As the method takes it."""
        return Appetite(
            self.approve,
            self.conditional,
            self.reject,
            self.coverage_percent,
            self.utility_slope,
            self.version,
            self.since,
        )
