"""Who must have a second factor: until they have one, every page leads to where it is set up."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from riskassess.accounts.models import User

# What stays open without one: setting it up, showing who one is, and what pages are made of.
_OPEN = (
    *(f"/account/{name}/" for name in ("2fa", "reauthenticate", "login", "logout", "password", "oidc")),
    "/static/",
    "/health/",
)


class SecondFactorMiddleware:
    """Enforces `MFA_REQUIRED_FOR` for people in a browser: `everyone`, or roles.

    A token is a factor of its own, and who comes through single sign-on has shown there what is asked there.
    It is asked anew at each request, two queries where it is set at all: roles come and factors go while people work.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.MFA_REQUIRED_FOR and self._lacks_one(request):
            if request.path.startswith("/api/"):
                raise PermissionDenied("Your role asks for a second factor: set one up in the browser first.")
            messages.warning(request, "Your role asks for a second factor. Set one up to go on.")
            return redirect("mfa_index")
        return self.get_response(request)

    def _lacks_one(self, request: HttpRequest) -> bool:
        user = request.user
        if not isinstance(user, User) or request.path.startswith(_OPEN):
            return False
        through_sign_on = any(
            record.get("method") == "socialaccount" for record in get_authentication_records(request, user)
        )
        return not through_sign_on and is_required(user) and not is_mfa_enabled(user)


def is_required(user: User) -> bool:
    """Whether the organisation asks `user` for a second factor. At most one query."""
    wanted = settings.MFA_REQUIRED_FOR
    if "everyone" in wanted:
        return True
    return user.is_superuser or any(one.role in wanted for one in user.held())
