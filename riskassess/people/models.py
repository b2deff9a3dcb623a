"""Invitation, EmergencyAccess and PersonMail: who is asked to come, who was let in beside the usual way, and each mail
about an account, kept before it goes out."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.recording import Realm, Recorded, recorded

ROLES = [(role.value, role.label) for role in Role]


class InvitationQuerySet(Recorded["Invitation"]):
    def pending(self) -> InvitationQuerySet:
        """Those nobody has accepted or withdrawn; some may have expired."""
        return self.filter(state=Invitation.State.PENDING)

    def open(self, now: datetime) -> InvitationQuerySet:
        """Those that can be accepted."""
        return self.pending().filter(expires_at__gt=now)


@recorded(Realm.ACCOUNTS, leave_out=("link_salt",), hide=("token_hash",))
class Invitation(models.Model):
    """An address that is asked to come, with the role that it gets: accepted once, by a link that expires.

    Of the link the hash alone is kept; the salt makes it again under the site's secret (`accounts.secret_links`).
    """

    class State(models.TextChoices):
        PENDING = "pending", "Waits"
        ACCEPTED = "accepted", "Accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    email = models.EmailField()
    unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=ROLES)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(help_text="When the link that works now was asked for.")
    expires_at = models.DateTimeField()
    link_salt = models.CharField(max_length=32, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), condition=Q(state="pending"), name="one_invitation_waits_per_address"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} as {Role(self.role).label.lower()} in {self.unit}"

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PENDING and not self.has_expired


class EmergencyAccessQuerySet(Recorded["EmergencyAccess"]):
    def lasting(self, now: datetime) -> EmergencyAccessQuerySet:
        """What opens something at `now`."""
        return self.filter(ended_at__isnull=True, until__gt=now)

    def run_out(self, now: datetime) -> EmergencyAccessQuerySet:
        """What opens nothing any more by its own end, and has not been put away."""
        return self.filter(ended_at__isnull=True, until__lte=now)


@recorded(Realm.ACCOUNTS, about=("person",))
class EmergencyAccess(models.Model):
    """A role that an operator gave on the console, with a reason and an end; the membership of that end gives it.

    The membership gives nothing from its end on, whatever else happens; this row says why it was there.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=ROLES)
    reason = models.TextField()
    operator = models.CharField(max_length=200, help_text="Who gave it, as the machine knows them.")
    started_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name_plural = "emergency access"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "role"],
                condition=Q(ended_at__isnull=True),
                name="one_emergency_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="emergency_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.person} as {Role(self.role).label.lower()} in {self.unit}"

    @property
    def label(self) -> str:
        return Role(self.role).label


class PersonMail(models.Model):
    """One mail to one person, with the id that it will have: sent once, as near as mail allows."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", "Invitation"
        PASSWORD = "password", "Password link"
        SECOND_FACTOR = "second_factor", "Second factor reset"
        EMERGENCY = "emergency", "Emergency access"
        EMERGENCY_OVER = "emergency_over", "Emergency access over"

    class State(models.TextChoices):
        SENDING = "sending", "On its way"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "Not sent"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    to = models.EmailField()
    person = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.CASCADE, related_name="mails")
    link_salt = models.CharField(
        max_length=32, blank=True, help_text="Which link of an invitation it brings."
    )
    emergency = models.ForeignKey(EmergencyAccess, null=True, on_delete=models.CASCADE, related_name="mails")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="person_mail_sent_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.to}"
