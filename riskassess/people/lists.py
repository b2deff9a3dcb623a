"""The list of people: who they are, what they may do, and how they come in."""

from __future__ import annotations

from typing import Any

import django_filters
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from riskassess import marks
from riskassess.accounts.models import BusinessUnit, Membership, User, UserQuerySet
from riskassess.accounts.roles import Role
from riskassess.listing import Column, ListPage, WordsFilter
from riskassess.people.models import ROLES

TABS = (
    ("People", "people:list"),
    ("Invitations", "people:invitations"),
    ("Business units", "people:units"),
)
YES_NO = [("yes", "Yes"), ("no", "No")]


def with_ways_in(people: UserQuerySet) -> UserQuerySet:
    """The people with `factor` (whether a second factor is set up), `by_sign_in` (whether they came through the
    company's sign-in) and their roles with units: one query more."""
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    found: UserQuerySet = people.annotate(
        factor=Exists(factors), by_sign_in=Exists(SocialAccount.objects.filter(user=OuterRef("pk")))
    ).prefetch_related(Prefetch("memberships", Membership.objects.select_related("unit")))
    return found


class PeopleFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = WordsFilter("name", "email", label="Name or address")
    unit = django_filters.ModelChoiceFilter(
        label="Unit", queryset=BusinessUnit.objects.all(), empty_label="Any"
    )
    role = django_filters.ChoiceFilter(label="Role", choices=ROLES, empty_label="Any")
    active = django_filters.ChoiceFilter(label="Active", choices=YES_NO, empty_label="Any")
    factor = django_filters.ChoiceFilter(label="Second factor", choices=YES_NO, empty_label="Any")

    class Meta:
        model = User
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        """A unit and a role asked for together are one membership: that role in that unit."""
        said = self.form.cleaned_data
        found = self.filters["q"].filter(queryset, said["q"])
        held = {name: said[name] for name in ("unit", "role") if said[name]}
        if held:
            found = found.filter(pk__in=Membership.objects.filter(**held).values("user"))
        for name, column in (("active", "is_active"), ("factor", "factor")):
            if said[name]:
                found = found.filter(**{column: said[name] == "yes"})
        return found


def _roles(person: User) -> str:
    return "; ".join(f"{Role(one.role).label} in {one.unit}" for one in person.memberships.all())


def _roles_shown(person: User) -> str:
    held = list(person.memberships.all())
    if not held:
        return mark_safe('<span class="prov">No role</span>')
    return format_html_join(
        mark_safe("<br>"),
        "{} in {}{}",
        (
            (Role(one.role).label, one.unit, f", until {_moment(one.until)}" if one.until else "")
            for one in held
        ),
    )


def _moment(moment: Any) -> str:
    local = timezone.localtime(moment)
    return f"{marks.day(local.date())} {local:%H:%M}"


def _signed_in(person: User) -> str:
    return _moment(person.last_login) if person.last_login else "Never"


def _comes_by(person: Any) -> str:
    if person.by_sign_in:
        return "Company account"
    return "Password" if person.has_usable_password() else "No way in yet"


PEOPLE: ListPage[User] = ListPage(
    title="People",
    lede="Who has an account, what they may do, and how they come in.",
    columns=(
        Column(
            "name", "Name", str, show=lambda one: marks.link(one.get_absolute_url(), one),
            order_by=("name", "email"), wide=True,
        ),
        Column("email", "Address", lambda one: one.email, order_by=("email",), wide=True),
        Column("roles", "Roles", _roles, show=_roles_shown, wide=True),
        Column("signed_in", "Last sign-in", _signed_in, order_by=("last_login",)),
        Column("comes_by", "Comes by", _comes_by),
        Column("factor", "Second factor", lambda one: "Yes" if one.factor else "No", order_by=("factor",)),  # type: ignore[attr-defined]
        Column(
            "active", "Active", lambda one: "Yes" if one.is_active else "No",
            show=lambda one: "Yes" if one.is_active else marks.mark("na", "Not active"), order_by=("is_active",),
        ),
    ),
    filters=PeopleFilter,
    order="name",
    tabs=TABS,
)  # fmt: skip
