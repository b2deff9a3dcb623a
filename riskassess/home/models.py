"""LastLook: up to when a person has seen what changed."""

from __future__ import annotations

from django.db import models

from riskassess.accounts.models import User


class LastLook(models.Model):
    """Up to when somebody said to have seen all news, and which rules and method were in use then.

    It moves when the person says so, never by a page being open: what another tab shows is not read by that.
    """

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="last_look")
    at = models.DateTimeField()
    rules_release = models.CharField(max_length=20)
    method_version = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.person} on {self.at:%Y-%m-%d %H:%M}"
