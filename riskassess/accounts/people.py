"""The person behind a request."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from riskassess.accounts.models import User


def person(request: HttpRequest | Request) -> User:
    """The signed-in person: LoginRequiredMiddleware, or the API's permission, turned everybody else away."""
    return cast(User, request.user)
