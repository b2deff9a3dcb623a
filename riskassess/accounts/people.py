"""The signed-in person of a page's request."""

from __future__ import annotations

from django.http import HttpRequest

from riskassess.accounts.models import User


def person(request: HttpRequest) -> User:
    """The signed-in person; LoginRequiredMiddleware has turned everybody else away."""
    assert isinstance(request.user, User)
    return request.user
