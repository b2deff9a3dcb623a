"""What an administrator may do to whom: one rule, asked by every change.

An administrator keeps the units in which they hold the role: gives and takes roles there, invites into them, names
them. What touches a whole account (ending it, its sessions, its second factor) is theirs where all of the person's
roles are in units that they keep. A unit that nobody keeps is every administrator's, so that none is ever lost; a
superuser, whom the console makes, keeps all units, and is only another superuser's to touch.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from riskassess.accounts.models import BusinessUnit, BusinessUnitQuerySet, Membership, User
from riskassess.accounts.roles import Can, roles_that
from riskassess.kernel.errors import NotAllowed

KEEPERS = roles_that(Can.ADMINISTER)


def is_administrator(user: User) -> bool:
    """Whether `user` administers anything at all. At most one query."""
    return user.is_active and (user.is_superuser or user.may(Can.ADMINISTER))


def kept_by(user: User) -> BusinessUnitQuerySet:
    """The units that `user` administers. One query to find out, and one when it is read."""
    if not is_administrator(user):
        return BusinessUnit.objects.none()
    if user.is_superuser:
        return BusinessUnit.objects.all()
    kept = Membership.objects.filter(role__in=KEEPERS, user__is_active=True).values("unit")
    own = user.memberships.order_by().filter(role__in=KEEPERS).values("unit")
    return BusinessUnit.objects.filter(Q(pk__in=own) | ~Q(pk__in=kept))


def require_administrator(user: User) -> None:
    """Raises PermissionDenied unless `user` administers some unit."""
    if not is_administrator(user):
        raise PermissionDenied("People are an administrator's to keep.")


def require_unit(user: User, unit: BusinessUnit) -> None:
    """Raises PermissionDenied unless `user` administers `unit`."""
    if not kept_by(user).filter(pk=unit.pk).exists():
        raise PermissionDenied(f"{unit} is another administrator's to keep.")


def why_not_theirs(user: User, person: User, kept: Collection[int], units: Mapping[int, str]) -> str:
    """Why the account of `person`, who has roles in `units`, is not the `user`'s to touch, who keeps the units `kept`;
    '' where it is. No query."""
    if not (user.is_superuser or kept):
        return "Accounts are an administrator's to keep."
    if person.is_superuser and not user.is_superuser:
        return f"{person} is a superuser: another superuser's to touch."
    elsewhere = next((name for pk, name in units.items() if pk not in kept), "")
    return f"{person} has a role in {elsewhere} too, which others administer." if elsewhere else ""


def require_person(user: User, person: User) -> None:
    """Raises PermissionDenied for who administers nothing, NotAllowed where others administer the person as well."""
    require_administrator(user)
    kept = set(kept_by(user).values_list("pk", flat=True))
    units = dict(person.memberships.values_list("unit", "unit__name"))
    if why := why_not_theirs(user, person, kept, units):
        raise NotAllowed(why, hint="It takes an administrator of all units in which the person has a role.")
