"""Reminder: that a person was written to on a day. One row a person and day, kept before the mail goes out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from riskassess.accounts.models import User


class Reminder(models.Model):
    """One mail to one person on one day: on its way, or sent."""

    class State(models.TextChoices):
        SENDING = "sending", "On its way"
        SENT = "sent", "Sent"

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reminders")
    day = models.DateField()
    message_id = models.CharField(
        max_length=200, help_text="The same each time it is tried, so that a mailbox tells a second copy."
    )
    state = models.CharField(max_length=7, choices=State.choices, default=State.SENDING)
    dates = models.PositiveIntegerField(default=0, help_text="How many dates it named.")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="reminder_once_a_day"),
            models.CheckConstraint(
                condition=Q(state="sending", sent_at__isnull=True) | Q(state="sent", sent_at__isnull=False),
                name="reminder_sent_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"To {self.person} on {self.day} ({self.get_state_display().lower()})"
