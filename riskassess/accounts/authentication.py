"""How the API knows who asks: a personal access token, or a browser's session."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from riskassess.accounts.models import User
from riskassess.accounts.tokens import owner_of

BY_TOKEN = "token"  # noqa: S105 - how a request was let in, no secret


def token_in(request: Request) -> str:
    """The token that a request brings; '' for none."""
    words = get_authorization_header(request).split()
    return words[1].decode("latin-1") if len(words) == 2 else ""


class AccessTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer ra_…`; the word `Token` is taken as well."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() not in {b"bearer", b"token"}:
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Send the token as “Authorization: Bearer ra_…”.")
        user = owner_of(token_in(request), timezone.now())
        if user is None:
            raise AuthenticationFailed("This token is unknown, ended or expired.")
        if request.method not in SAFE_METHODS and not user.limited_to:
            raise PermissionDenied("This token only reads. Make one with the scope that this takes.")
        return user, BY_TOKEN

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class AccessTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = AccessTokenAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal access token; the page “Access tokens” of your account makes one.",
        }
