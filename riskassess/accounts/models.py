"""People, business units, and the role a person has in each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from riskassess.accounts.held import Held, held_by
from riskassess.accounts.querysets import Searchable, read_by
from riskassess.accounts.roles import READS_EVERYTHING, Can, Role, roles_that
from riskassess.recording import Realm, Recorded, recorded


class UserQuerySet(Searchable["User"]):
    def visible_to(self, user: User) -> UserQuerySet:
        """The pages of all people for those who read everything; others see names where work names them, no more."""
        return self if user.is_authenticated and user.is_active and user.reads_everything() else self.none()


class UserManager(DjangoUserManager["User"]):
    """Makes people by e-mail address; there is no user name."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: User) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def create_user(  # type: ignore[override]
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(  # type: ignore[override]
        self, email: str, password: str | None = None, **fields: Any
    ) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


@recorded(Realm.ACCOUNTS, leave_out=("last_login",), hide=("password",))
class User(AbstractUser):
    """A person who signs in with an e-mail address."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=200)
    email = models.EmailField(unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    # Set where a person acts through a token: no more than this, whatever the roles grant.
    limited_to: frozenset[Can] | None = None

    def __str__(self) -> str:
        return self.name or self.email

    def get_absolute_url(self) -> str:
        return reverse("people:person", args=[self.pk])

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).split(" ", 1)[0]

    def held(self) -> tuple[Held, ...]:
        """The roles that count now. One query; one in all within a request that only reads."""
        return held_by(self.pk, self._find_held)

    def _find_held(self) -> Iterator[Held]:
        rows = self.memberships.order_by().values_list("unit", "role", "unit__name", "until")
        return (Held(*row) for row in rows)

    def may(self, can: Can, unit: BusinessUnit | None = None) -> bool:
        """Whether a role of this person grants `can`, in `unit` or, without one, anywhere. One query."""
        if not self.is_active or not self.reaches(can):
            return False
        granting = roles_that(can)
        return any(one.role in granting and (unit is None or one.unit == unit.pk) for one in self.held())

    def reaches(self, can: Can) -> bool:
        """Whether what the person acts through goes as far as `can`: a session does, a token by its scopes."""
        return self.limited_to is None or can in self.limited_to

    def reads_everything(self) -> bool:
        """Whether the work of every unit is theirs to read: auditors and administrators. One query."""
        return self.is_superuser or any(one.role in READS_EVERYTHING for one in self.held())

    def is_member(self) -> bool:
        """Whether the company's catalog is open to them: with a role in any unit it is. One query."""
        return self.is_active and (self.is_superuser or bool(self.held()))

    def require(self, can: Can, unit: BusinessUnit | None = None) -> None:
        """Raises PermissionDenied unless `may(can, unit)`."""
        if not self.may(can, unit):
            raise PermissionDenied(f"Your roles do not include: {can.value}.")


class BusinessUnitQuerySet(Recorded["BusinessUnit"]):
    def visible_to(self, user: User) -> BusinessUnitQuerySet:
        """The units whose work `user` may read: their own; all for auditors and administrators."""
        return self.filter(read_by(user, "pk"))

    def where(self, user: User, can: Can) -> BusinessUnitQuerySet:
        """The units in which a role of `user` grants `can`."""
        if not user.reaches(can):
            return self.none()
        granting = roles_that(can)
        return self.filter(pk__in=sorted({one.unit for one in user.held() if one.role in granting}))


@recorded(Realm.ACCOUNTS)
class BusinessUnit(models.Model):
    """A part of the company whose assessments the other parts do not see."""

    name = models.CharField(max_length=200, unique=True)

    objects = BusinessUnitQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(Recorded["Membership"]):
    def lasting(self) -> MembershipQuerySet:
        """Those without an end."""
        return self.filter(until__isnull=True)


class MembershipManager(models.Manager.from_queryset(MembershipQuerySet)):  # type: ignore[misc]
    """What counts now: one that has ended gives nothing from that second on, whether or not a worker has seen it."""

    def get_queryset(self) -> MembershipQuerySet:
        found: MembershipQuerySet = super().get_queryset()
        return found.filter(Q(until__isnull=True) | Q(until__gt=timezone.now()))


@recorded(Realm.ACCOUNTS, about=("user",))
class Membership(models.Model):
    """One role of one person in one business unit; a person may hold several.

    One with an end is emergency access (`people.emergency`); the same role may be held for good beside it.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role])

    until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MembershipManager()
    every = MembershipQuerySet.as_manager()  # what has ended with it

    class Meta:
        ordering = ["unit__name", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"], condition=Q(until__isnull=True), name="membership_once"
            ),
            models.CheckConstraint(condition=Q(role__in=[r.value for r in Role]), name="membership_role"),
        ]

    def __str__(self) -> str:
        until = f" until {timezone.localtime(self.until):%Y-%m-%d %H:%M}" if self.until else ""
        return f"{self.user}: {Role(self.role).label} in {self.unit}{until}"


class AccessTokenQuerySet(Recorded["AccessToken"]):
    def of(self, user: User) -> AccessTokenQuerySet:
        """The person's own: nobody else sees that there is one."""
        return self.filter(user=user)

    def live(self, now: datetime) -> AccessTokenQuerySet:
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


@recorded(Realm.ACCOUNTS, about=("user",), leave_out=("hint", "last_used_at"), hide=("digest",))
class AccessToken(models.Model):
    """What a program acts as a person with. The key itself is kept nowhere, only its SHA-256."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=100)
    hint = models.CharField(max_length=8, help_text="How the key begins, so that its owner knows it again.")
    digest = models.CharField(max_length=64, unique=True)
    scopes: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"

    @property
    def may(self) -> str:
        """What it may do, in words."""
        return ", ".join(["Read", *(Can(scope).label.lower() for scope in self.scopes)])


class KeptAnswer(models.Model):
    """What was answered to a request that carried an Idempotency-Key; without `status` it is still at work."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(
        max_length=64, help_text="Of the request: the same key may not do another thing."
    )
    claim = models.UUIDField(help_text="Whoever does it now; only this one may keep an answer.")
    claimed_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    body: models.JSONField[Any, Any] = models.JSONField(null=True)
    headers: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="kept_answer_once")]

    def __str__(self) -> str:
        return f"{self.key} of {self.person_id}"
