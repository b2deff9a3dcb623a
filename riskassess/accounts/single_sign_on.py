"""Groups of the company's sign-in (OpenID Connect) become roles in business units.

`OIDC_ROLES` names, for each group, the roles it gives: `{"risk-approvers": ["Procurement: approver"]}`. A role
in a unit that some group could give is the sign-in's to give and to take, anew at every sign-in; all others are
left to administrators.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from riskassess.accounts.held import forget
from riskassess.accounts.roles import Role

if TYPE_CHECKING:  # the settings read the mapping before any model may be loaded
    from allauth.socialaccount.models import SocialLogin

    from riskassess.accounts.models import User

Mapped = Mapping[str, Sequence[tuple[str, Role]]]


def is_configured() -> bool:
    """Whether there is a company's sign-in at all."""
    return bool(settings.SOCIALACCOUNT_PROVIDERS)


def comes_through_it(user: User) -> bool:
    """Whether `user` has signed in through the company's sign-in. One query, where there is one to come through."""
    from allauth.socialaccount.models import SocialAccount

    return is_configured() and SocialAccount.objects.filter(user=user).exists()


def may_have_password(user: User) -> bool:
    """Whether `user` may get a password here: not who comes through the company's sign-in, unless the setting
    `OIDC_LOCAL_PASSWORDS` allows it. Else an account that the company has ended would still have a door."""
    return settings.OIDC_LOCAL_PASSWORDS or not comes_through_it(user)


def given_by_groups(mapped: Mapped) -> frozenset[tuple[str, Role]]:
    """The (unit, role) pairs that are the sign-in's to give and to take, of those who come through it."""
    return frozenset(pair for pairs in mapped.values() for pair in pairs)


def parsed(mapping: Mapping[str, Sequence[str]]) -> Mapped:
    """`OIDC_ROLES` as (unit's name, role) pairs by group. Raises ImproperlyConfigured for an unknown role."""
    return {group: tuple(_pair(group, text) for text in texts) for group, texts in mapping.items()}


def _pair(group: str, text: str) -> tuple[str, Role]:
    unit, _, role = text.rpartition(":")
    try:
        return unit.strip() or _no_unit(group, text), Role(role.strip())
    except ValueError as error:
        known = ", ".join(Role)
        raise ImproperlyConfigured(
            f"OIDC_ROLES: “{text}” of group “{group}” is no “Unit: role”; the roles are {known}."
        ) from error


def _no_unit(group: str, text: str) -> str:
    raise ImproperlyConfigured(f"OIDC_ROLES: “{text}” of group “{group}” names no business unit.")


def groups_in(login: SocialLogin) -> frozenset[str]:
    """The groups that the provider says the person is in, from the claim that `OIDC_GROUPS_CLAIM` names.

    What the ID token says and what the user info endpoint says are joined; a single name may come as a text.
    """
    data = login.account.extra_data
    found: set[str] = set()
    for part in (data.get("userinfo"), data.get("id_token"), data):
        said = part.get(settings.OIDC_GROUPS_CLAIM) if isinstance(part, Mapping) else None
        if isinstance(said, str):
            found.add(said)
        elif isinstance(said, Sequence):
            found.update(name for name in said if isinstance(name, str))
    return frozenset(found)


def roles_for(groups: Collection[str], mapped: Mapped) -> frozenset[tuple[str, Role]]:
    """The (unit, role) pairs that membership in `groups` gives."""
    return frozenset(pair for group in groups for pair in mapped.get(group, ()))


def synchronise(user: User, groups: Collection[str], mapped: Mapped) -> None:
    """Gives `user` the roles of `groups` and takes those that only other groups give; makes no other change.

    A unit of the mapping that does not exist yet is made.
    """
    from riskassess.accounts.models import BusinessUnit, Membership

    wanted = roles_for(groups, mapped)
    managed = given_by_groups(mapped)
    with transaction.atomic():
        lasting = user.memberships.lasting().select_related("unit")  # what has an end is nobody's group's
        held = {(one.unit.name, Role(one.role)): one for one in lasting}
        for pair in held.keys() & managed - wanted:
            held[pair].delete()
        for name, role in sorted(wanted - held.keys()):
            unit, _ = BusinessUnit.objects.get_or_create(name=name)
            Membership.objects.create(user=user, unit=unit, role=role.value)
    forget()
