"""Webhook, Delivery, Try: where news is told, each piece of it, and each time it was tried."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.recording import Realm, Recorded, recorded
from riskassess.webhooks.events import Kind


class WebhookQuerySet(Recorded["Webhook"]):
    def visible_to(self, user: User) -> Self:
        """All for auditors and administrators, who read the work of every unit; none for others."""
        return self if user.is_active and user.reads_everything() else self.none()

    def told(self) -> Self:
        """Those that are told what happens."""
        return self.filter(is_active=True)


@recorded(
    Realm.UNIT,
    unit="unit_id",
    leave_out=("told_from", "looked_until", "failures", "rest_until"),
    hide=("secret", "old_secret"),
)
class Webhook(models.Model):
    """An address of another program that is told what happens in one business unit.

    `secret` is sealed; `old_secret` signs beside it until `old_until`, so that the receiver can change without
    losing a message. `failures` in a row and `rest_until` keep an address that does not answer from holding up
    the workers.
    """

    unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, related_name="webhooks")
    name = models.CharField(max_length=100)
    url = models.URLField(max_length=500)
    events: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    secret = models.TextField(editable=False)
    old_secret = models.TextField(blank=True, editable=False)
    old_until = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    told_from = models.DateTimeField(help_text="When it was switched on last; nothing older is told.")
    looked_until = models.DateTimeField(help_text="Up to when what happened has been looked for.")
    failures = models.PositiveIntegerField(default=0)
    rest_until = models.DateTimeField(null=True, blank=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["unit__name", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="webhook_name_once_per_unit")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("webhooks:one", args=[self.pk])

    @property
    def told_of(self) -> str:
        """What it is told, in words."""
        labels = "; ".join(Kind(one).label[0].lower() + Kind(one).label[1:] for one in self.events)
        return labels[:1].upper() + labels[1:]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> Self:
        """Those of the webhooks that `user` may see."""
        return self if user.is_active and user.reads_everything() else self.none()


class Delivery(models.Model):
    """One event told to one webhook. Its body is written once: every try sends the same bytes under the same id."""

    class State(models.TextChoices):
        WAITING = "waiting", "On its way"
        DELIVERED = "delivered", "Delivered"
        GIVEN_UP = "given_up", "Given up"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=100)
    kind = models.CharField(max_length=30, choices=[(kind.value, kind.label) for kind in Kind])
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    failed = models.PositiveIntegerField(
        default=0, help_text="Tries that failed since it was last asked for."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(help_text="When it was asked for last.")
    ended_at = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=300, blank=True, help_text="Why it was given up.")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state="waiting") | models.Q(ended_at__isnull=False),
                name="delivery_ended_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook_id}"


class Try(models.Model):
    """One request: what came back, or why nothing did."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    milliseconds = models.PositiveIntegerField()

    objects = models.Manager["Try"]()

    class Meta:
        verbose_name_plural = "tries"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.delivery_id} at {self.at}: {self.status or self.problem}"

    @property
    def said(self) -> str:
        """What came of it, in words."""
        return self.problem or f"answered {self.status}"
