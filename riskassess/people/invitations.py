"""Inviting an address, and what its link does: once, within a week, whoever has it makes the account of that address.

Public sign-up stays closed: an account is made by an invitation, by the company's sign-in, or by an administrator.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, Membership, User
from riskassess.accounts.roles import Role
from riskassess.accounts.secret_links import hash_of, is_token, new_salt, same, token_of
from riskassess.accounts.single_sign_on import given_by_groups
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.people.mailing import post
from riskassess.people.models import Invitation, PersonMail
from riskassess.people.rights import require_unit
from riskassess.recording import acting

PURPOSE = "riskassess.people.invitation"
LASTS = timedelta(days=7)  # judgement: a holiday is longer, but sending again is one press


@transaction.atomic
def invite(email: str, unit: BusinessUnit, role: Role, *, by: User) -> Invitation:
    """Invites an address that has no account, and asks for the mail. Raises InvalidInput, PermissionDenied."""
    require_unit(by, unit)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput("This is no mail address.", where="email") from error
    if User.objects.filter(email__iexact=email).exists():
        raise InvalidInput(
            "This address has an account.", hint="Give it the role on its page.", where="email"
        )
    now = timezone.now()
    try:
        with transaction.atomic():
            made = Invitation.objects.create(
                email=email, unit=unit, role=role.value, invited_by=by, sent_at=now, expires_at=now + LASTS
            )
    except IntegrityError as error:
        raise InvalidInput(
            "This address is invited already.", hint="Send that again, or withdraw it.", where="email"
        ) from error
    _new_link(made, by)
    return made


@transaction.atomic
def send_again(invitation: Invitation, *, by: User) -> None:
    """Another link, for another week, by another mail; the old one opens nothing any more."""
    require_unit(by, invitation.unit)
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.state != Invitation.State.PENDING:
        raise Conflict("The invitation is over.", hint="Load the page again: it says how it stands.")
    now = timezone.now()
    Invitation.objects.filter(pk=locked.pk).update(sent_at=now, expires_at=now + LASTS)
    _new_link(locked, by)


def withdraw(invitation: Invitation, *, by: User) -> None:
    """Ends it: its link opens nothing any more. Raises Conflict where it is over."""
    require_unit(by, invitation.unit)
    pending = Invitation.objects.pending().filter(pk=invitation.pk)
    if not pending.update(state=Invitation.State.WITHDRAWN):
        raise Conflict("The invitation is over.", hint="Load the page again: it says how it stands.")


def _new_link(invitation: Invitation, by: User) -> None:
    salt = new_salt()
    kept = {"link_salt": salt, "token_hash": hash_of(token_of(PURPOSE, invitation.pk, salt))}
    Invitation.objects.filter(pk=invitation.pk).update(**kept)
    post(PersonMail.Kind.INVITATION, invitation.email, by=by, invitation=invitation, link_salt=salt)


def link_of(invitation: Invitation) -> str:
    """The whole address behind which it is accepted. Made anew by the mail's job; Conflict once the site's secret is
    another one, for then sending again is the way."""
    token = token_of(PURPOSE, invitation.pk, invitation.link_salt)
    if not same(invitation.token_hash or "", token):
        raise Conflict("The link was made under another secret.", hint="Send the invitation again.")
    return settings.SITE_URL + reverse("invited:page", args=[token])


def invitation_of(token: str) -> Invitation | None:
    """The invitation of a token, found by its hash: how long that takes tells nothing of any token. One query."""
    if not is_token(token):
        return None
    found = Invitation.objects.filter(token_hash=hash_of(token)).select_related("unit", "invited_by").first()
    return found if found is not None and same(found.token_hash or "", token) else None


@transaction.atomic
def accept(invitation: Invitation, name: str, password: str) -> User:
    """Makes the account with its role, once. Raises InvalidInput for a password that the rules refuse, Conflict where
    it is over, or where the address has got an account in another way."""
    called = " ".join(name.split())
    if not called:
        raise InvalidInput("Say how you are called.", where="name")
    try:
        validate_password(password, User(email=invitation.email, name=called))
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), where="password") from error
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise Conflict("There is an account with this address.", hint="Sign in with it.")
    person = User(email=invitation.email, name=called[:200])
    person.set_password(password)
    with acting(by=lambda: person, through="an invitation"):
        _take(invitation)
        person.save()
        Membership.objects.create(user=person, unit=invitation.unit, role=invitation.role)
        Invitation.objects.filter(pk=invitation.pk).update(accepted_by=person)
    return person


def accept_by_sign_in(person: User, addresses: Collection[str]) -> bool:
    """What waits for who came through the company's sign-in with these verified addresses; whether anything did.

    A role that groups give is the groups' to give: of such an invitation only the account comes about.
    """
    lowered = {address.lower() for address in addresses}
    for invitation in waiting_for(lowered):
        with transaction.atomic(), acting(by=lambda: person, through="the company's sign-in"):
            _take(invitation)
            Invitation.objects.filter(pk=invitation.pk).update(accepted_by=person)
            if (invitation.unit.name, Role(invitation.role)) not in given_by_groups(settings.OIDC_ROLES):
                Membership.objects.lasting().get_or_create(
                    user=person, unit=invitation.unit, role=invitation.role
                )
        return True
    return False


def waiting_for(addresses: Collection[str]) -> list[Invitation]:
    """The open invitations of these addresses, in small letters. One query, where there is an address."""
    if not addresses:
        return []
    found = Invitation.objects.open(timezone.now()).filter(email__in=addresses)
    return list(found.select_related("unit"))


def _take(invitation: Invitation) -> None:
    """Marks it accepted: only one of several at once does."""
    now = timezone.now()
    open_now = Invitation.objects.open(now).filter(pk=invitation.pk)
    if not open_now.update(state=Invitation.State.ACCEPTED, accepted_at=now):
        raise Conflict("This invitation is over.", hint="Ask whoever invited you for another.")
