"""How often the API may be asked: by a person, in whatever way they sign in, and by somebody nobody knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from riskassess.accounts.authentication import BY_TOKEN, token_in
from riskassess.accounts.tokens import key_digest


class PersonRate(SimpleRateThrottle):
    """Requests of one token, or of one person's sessions. The setting API_RATE; empty is without limit."""

    scope = "person"

    def get_rate(self) -> str | None:
        return settings.API_RATE or None

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not request.user.is_authenticated:
            return None
        # By what let the request in, not by the header as it is written: a person without a token could write any.
        way = key_digest(token_in(request)) if request.auth == BY_TOKEN else "session"
        return f"api:{request.user.pk}:{way}"


class StrangerRate(SimpleRateThrottle):
    """Requests from one address that nobody stands behind: guesses at tokens. The setting API_RATE_STRANGERS."""

    scope = "stranger"

    def get_rate(self) -> str | None:
        return settings.API_RATE_STRANGERS or None

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return f"api:stranger:{self.get_ident(request)}"
