"""What an administrator does with people and units. Each change is in the trail, with who made it."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from riskassess.accounts.models import AccessToken, BusinessUnit, Membership, MembershipQuerySet, User
from riskassess.accounts.roles import Role
from riskassess.accounts.single_sign_on import comes_through_it, given_by_groups, may_have_password
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.people.mailing import post
from riskassess.people.models import PersonMail
from riskassess.people.rights import KEEPERS, require_administrator, require_person, require_unit
from riskassess.recording import tell

# --- roles ------------------------------------------------------------------------------------------


@transaction.atomic
def give_role(person: User, unit: BusinessUnit, role: Role, *, by: User) -> Membership:
    """Gives the role, for good; given already, it stays as it is. Raises Conflict where a group gives it."""
    require_unit(by, unit)
    _not_a_groups(person, unit, role)
    lasting: MembershipQuerySet = Membership.objects.lasting()
    given, _ = lasting.get_or_create(user=person, unit=unit, role=role.value)
    return given


@transaction.atomic
def take_role(held: Membership, *, by: User) -> None:
    """Takes the role. Raises Conflict where a group gives it, or where nobody would keep the unit any more."""
    require_unit(by, held.unit)
    if held.until is not None:
        raise Conflict("It is emergency access.", hint="End it where it is listed, on the page of people.")
    _not_a_groups(held.user, held.unit, Role(held.role))
    if held.role in KEEPERS:
        _somebody_else_keeps([held.unit_id], held.user)
    held.delete()


def is_a_groups(comes_by_sign_in: bool, unit: str, role: str) -> bool:
    """Whether a role is the company's sign-in's to give and to take."""
    return comes_by_sign_in and (unit, Role(role)) in given_by_groups(settings.OIDC_ROLES)


def _not_a_groups(person: User, unit: BusinessUnit, role: Role) -> None:
    if is_a_groups(comes_through_it(person), unit.name, role):
        raise Conflict(
            f"{role.label} in {unit} comes from a group of the company's sign-in.",
            hint=f"Put {person} into the group, or take them out of it, where the company keeps its groups.",
        )


def _somebody_else_keeps(units: Iterable[int], person: User) -> None:
    """That each unit has another administrator who is there for good. The units stay locked until it is done."""
    for unit in BusinessUnit.objects.select_for_update().filter(pk__in=units).order_by("pk"):
        others = Membership.objects.lasting().filter(unit=unit, role__in=KEEPERS, user__is_active=True)
        if not others.exclude(user=person).exists():
            raise Conflict(
                f"{person} is the last administrator of {unit}.", hint="Give the role to somebody else first."
            )


# --- accounts ---------------------------------------------------------------------------------------


@transaction.atomic
def deactivate(person: User, *, by: User) -> None:
    """Closes the account: nobody signs in with it, its sessions and tokens are over. What it did stays."""
    require_person(by, person)
    if person.pk == by.pk:
        raise Conflict("This is your own account.", hint="Ask another administrator.")
    kept = Membership.objects.lasting().filter(user=person, role__in=KEEPERS).values_list("unit", flat=True)
    _somebody_else_keeps(list(kept), person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    _end_sessions(person)
    AccessToken.objects.live(timezone.now()).filter(user=person).update(revoked_at=timezone.now())


def reactivate(person: User, *, by: User) -> None:
    """Opens the account again, with the roles it had; tokens stay ended."""
    require_person(by, person)
    User.objects.filter(pk=person.pk).update(is_active=True)


@transaction.atomic
def end_sessions(person: User, *, by: User) -> int:
    """Signs the person out everywhere; from how many browsers."""
    require_person(by, person)
    return _end_sessions(person)


def _end_sessions(person: User) -> int:
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    if sessions:
        tell(person, {"signed in": [f"in {len(sessions)} browsers", "signed out everywhere"]})
    return len(sessions)


def revoke_tokens(person: User, *, by: User) -> int:
    """Ends all access tokens of the person; how many."""
    require_person(by, person)
    return AccessToken.objects.live(timezone.now()).filter(user=person).update(revoked_at=timezone.now())


@transaction.atomic
def reset_second_factor(person: User, *, by: User) -> int:
    """Takes all second factors off, as for a lost device, signs the person out and tells them; how many it was."""
    require_person(by, person)
    if person.pk == by.pk:
        raise Conflict("This is your own account.", hint="Your own second factor is kept under Your account.")
    factors = list(Authenticator.objects.filter(user=person))
    for factor in factors:
        factor.delete()  # one by one: each has its entry in the trail
    if factors:
        _end_sessions(person)
        post(PersonMail.Kind.SECOND_FACTOR, person.email, person=person, by=by)
    return len(factors)


@transaction.atomic
def send_password_link(person: User, *, by: User) -> None:
    """Mails the person a link behind which they choose a password. Raises Conflict for who may have none here."""
    require_person(by, person)
    if not person.is_active:
        raise Conflict("The account is not active.", hint="Reactivate it first.")
    if not may_have_password(person):
        raise Conflict(f"{person} signs in with the company account, and has no password here.")
    post(PersonMail.Kind.PASSWORD, person.email, person=person, by=by)
    tell(person, {"password link": ["", f"sent to {person.email}"]})


@transaction.atomic
def correct(person: User, name: str, email: str, *, by: User) -> None:
    """Another name or address. An address that changes is the only one that signs in from then on."""
    require_person(by, person)
    name, email = " ".join(name.split()), email.strip().lower()
    if not name:
        raise InvalidInput("Say how the person is called.", where="name")
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput("This is no mail address.", where="email") from error
    if User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise InvalidInput("Somebody else signs in with this address.", where="email")
    if email != person.email.lower():
        EmailAddress.objects.filter(user=person).delete()  # what the sign-in library remembered
    User.objects.filter(pk=person.pk).update(name=name[:200], email=email)


# --- units ------------------------------------------------------------------------------------------


def make_unit(name: str, *, by: User) -> BusinessUnit:
    """A new unit, kept by whoever made it. Raises InvalidInput for a name it cannot have."""
    require_administrator(by)
    called = _unit_name(name)
    try:
        with transaction.atomic():
            unit = BusinessUnit.objects.create(name=called)
            Membership.objects.create(user=by, unit=unit, role=Role.ADMINISTRATOR.value)
    except IntegrityError as error:
        raise InvalidInput(f"There is a unit “{called}”.", where="name") from error
    return unit


def rename_unit(unit: BusinessUnit, name: str, *, by: User) -> None:
    """Another name. Raises InvalidInput for one it cannot have, Conflict where groups give roles by its name."""
    require_unit(by, unit)
    called = _unit_name(name)
    if called == unit.name:
        return
    if any(unit.name == named for named, _ in given_by_groups(settings.OIDC_ROLES)):
        raise Conflict(
            f"Groups of the company's sign-in give roles in “{unit}” by its name.",
            hint="Change OIDC_ROLES first: at the next sign-in a unit of the old name would be made anew.",
        )
    try:
        with transaction.atomic():
            BusinessUnit.objects.filter(pk=unit.pk).update(name=called)
    except IntegrityError as error:
        raise InvalidInput(f"There is a unit “{called}”.", where="name") from error


def _unit_name(name: str) -> str:
    called = " ".join(name.split())
    if not 0 < len(called) <= 200:
        raise InvalidInput("A unit has a name of 1 to 200 letters.", where="name")
    return called
