"""PersonMail: a mail about somebody's account, kept before it goes out."""

from __future__ import annotations

from django.db import models

from riskassess.accounts.models import User


class PersonMail(models.Model):
    """One mail to one person, with the id that it will have: sent once, as near as mail allows."""

    class Kind(models.TextChoices):
        PASSWORD = "password", "Password link"
        SECOND_FACTOR = "second_factor", "Second factor reset"

    class State(models.TextChoices):
        SENDING = "sending", "On its way"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "Not sent"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    to = models.EmailField()
    person = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.to}"
