"""People, business units, and the role a person has in each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models.functions import Lower

from riskassess.accounts.roles import READS_EVERYTHING, Can, Role, roles_that


class UserManager(DjangoUserManager["User"]):
    """Makes people by e-mail address; there is no user name."""

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

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).split(" ", 1)[0]

    def may(self, can: Can, unit: BusinessUnit | None = None) -> bool:
        """Whether a role of this person grants `can`, in `unit` or, without one, anywhere. One query."""
        if not self.is_active:
            return False
        held = self.memberships.filter(role__in=roles_that(can))
        return held.exists() if unit is None else held.filter(unit=unit).exists()

    def require(self, can: Can, unit: BusinessUnit | None = None) -> None:
        """Raises PermissionDenied unless `may(can, unit)`."""
        if not self.may(can, unit):
            raise PermissionDenied(f"Your roles do not include: {can.value}.")


class BusinessUnitQuerySet(models.QuerySet["BusinessUnit"]):
    def visible_to(self, user: User) -> BusinessUnitQuerySet:
        """The units whose work `user` may read: their own; all for auditors and administrators."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser or user.memberships.filter(role__in=READS_EVERYTHING).exists():
            return self
        return self.filter(pk__in=user.memberships.values("unit"))

    def where(self, user: User, can: Can) -> BusinessUnitQuerySet:
        """The units in which a role of `user` grants `can`."""
        return self.filter(pk__in=user.memberships.filter(role__in=roles_that(can)).values("unit"))


class BusinessUnit(models.Model):
    """A part of the company whose assessments the other parts do not see."""

    name = models.CharField(max_length=200, unique=True)

    objects = BusinessUnitQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person in one business unit; a person may hold several."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role])

    class Meta:
        ordering = ["unit__name", "role"]
        constraints = [
            models.UniqueConstraint(fields=["user", "unit", "role"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in Role]), name="membership_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {Role(self.role).label} in {self.unit}"
