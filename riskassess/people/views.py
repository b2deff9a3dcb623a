"""The pages of people: the list, one person, and what an administrator does with an account. Load, ask, render."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from riskassess.accounts.models import AccessToken, Membership, User
from riskassess.accounts.people import person
from riskassess.accounts.roles import Role
from riskassess.accounts.single_sign_on import comes_through_it
from riskassess.kernel.errors import InvalidInput
from riskassess.listing import respond
from riskassess.people import emergency, services
from riskassess.people.forms import PersonForm, RoleForm
from riskassess.people.lists import PEOPLE, with_ways_in
from riskassess.people.models import EmergencyAccess
from riskassess.people.rights import is_administrator, kept_by, require_administrator, why_not_theirs

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Asks for the right first, then for a password that was entered within ten minutes."""
    again: View = reauthentication_required(view)

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_administrator(person(request))
        return again(request, *args, **kwargs)

    return asked


def for_readers(view: View) -> View:
    """For those who read everything: administrators, and auditors who see to it that rights are in order."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not person(request).reads_everything():
            raise PermissionDenied("People are listed for administrators and auditors.")
        return view(request, *args, **kwargs)

    return asked


@require_safe
@for_readers
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account. Queries: tests/people/test_pages.py counts them."""
    by = person(request)
    lasting = EmergencyAccess.objects.lasting(timezone.now()).select_related("person", "unit")
    beside = {"above": "people/_emergency.html", "emergencies": lasting, "may_end": is_administrator(by)}
    return respond(request, PEOPLE, with_ways_in(User.objects.visible_to(by)), beside)


@require_POST
def end_emergency(request: HttpRequest, access: int) -> HttpResponse:
    """Ends emergency access before its time."""
    by = person(request)
    require_administrator(by)
    found = get_object_or_404(EmergencyAccess.objects.select_related("person", "unit"), pk=access)
    emergency.end(found, by=by)
    messages.success(request, f"The emergency access of {found.person} is over.")
    return redirect("people:list")


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, ways in, and what may be done about them."""
    return _page(request, _found(request, pk))


@require_POST
@for_administrators
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    whom, by = _found(request, pk), person(request)
    form = RoleForm(request.POST, units=kept_by(by).values_list("pk", flat=True))
    if not form.is_valid():
        return _page(request, whom, form)
    services.give_role(whom, form.cleaned_data["unit"], form.wanted, by=by)
    messages.success(request, f"{whom} is {form.wanted.label.lower()} in {form.cleaned_data['unit']}.")
    return redirect(whom)


@require_POST
@for_administrators
def take_role(request: HttpRequest, pk: int, held: int) -> HttpResponse:
    whom = _found(request, pk)
    membership = get_object_or_404(whom.memberships.select_related("unit", "user"), pk=held)
    services.take_role(membership, by=person(request))
    messages.success(request, f"{whom} is no longer {_role(membership)} in {membership.unit}.")
    return redirect(whom)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name or address."""
    whom, by = _found(request, pk), person(request)
    sent = request.method == "POST"
    form = PersonForm(request.POST if sent else None, initial={"name": whom.name, "email": whom.email})
    if sent and form.is_valid():
        try:
            services.correct(whom, form.cleaned_data["name"], form.cleaned_data["email"], by=by)
        except InvalidInput as error:
            form.add_error(error.where or None, f"{error.message} {error.hint}".strip())
        else:
            messages.success(request, "It is corrected.")
            return redirect(whom)
    context = {"person": whom, "form": form}
    return render(request, "people/correct.html", context, status=422 if form.errors else 200)


def _deactivate(whom: User, by: User) -> str:
    services.deactivate(whom, by=by)
    return f"{whom} is out: the account is not active, its sessions and tokens are over."


def _reactivate(whom: User, by: User) -> str:
    services.reactivate(whom, by=by)
    return f"{whom} can sign in again."


def _sign_out(whom: User, by: User) -> str:
    count = services.end_sessions(whom, by=by)
    return f"{whom} is signed out of {count} browser{'' if count == 1 else 's'}."


def _revoke(whom: User, by: User) -> str:
    count = services.revoke_tokens(whom, by=by)
    return f"{count} access token{'' if count == 1 else 's'} of {whom} ended."


def _second_factor(whom: User, by: User) -> str:
    if not services.reset_second_factor(whom, by=by):
        return f"{whom} had no second factor."
    return f"The second factor of {whom} is off, and a mail tells them."


def _password(whom: User, by: User) -> str:
    services.send_password_link(whom, by=by)
    return f"A link for a new password is on its way to {whom.email}."


VERBS = {
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "sign-out": _sign_out,
    "revoke-tokens": _revoke,
    "reset-second-factor": _second_factor,
    "send-password-link": _password,
}


@require_POST
@for_administrators
def do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of `VERBS`, and what it did."""
    whom = _found(request, pk)
    messages.success(request, VERBS[verb](whom, person(request)))
    return redirect(whom)


def _found(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(person(request)), pk=pk)


def _role(held: Membership) -> str:
    return Role(held.role).label.lower()


def _page(request: HttpRequest, whom: User, form: RoleForm | None = None) -> HttpResponse:
    by, now = person(request), timezone.now()
    by_sign_in = comes_through_it(whom)
    kept = dict(kept_by(by).values_list("pk", "name"))
    held = list(whom.memberships.select_related("unit"))
    keys = UserSession.objects.filter(user=whom).values("session_key")
    context = {
        "person": whom,
        "is_me": whom.pk == by.pk,
        "by_sign_in": by_sign_in,
        "held": [
            {
                "one": one,
                "role": Role(one.role).label,
                "of_group": services.is_a_groups(by_sign_in, one.unit.name, one.role),
                "may_take": one.unit_id in kept and one.until is None,
            }
            for one in held
        ],
        "factors": Authenticator.objects.filter(user=whom).exclude(type=Authenticator.Type.RECOVERY_CODES),
        "sessions": Session.objects.filter(session_key__in=keys, expire_date__gt=now).count(),
        "tokens": AccessToken.objects.live(now).filter(user=whom).count(),
        "form": form or (RoleForm(units=kept) if kept else None),
        "administers": by.is_superuser or bool(kept),
        "why_not": why_not_theirs(by, whom, kept, {one.unit_id: one.unit.name for one in held}),
    }
    return render(request, "people/person.html", context, status=422 if form and form.errors else 200)
