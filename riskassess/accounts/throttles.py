"""How often the API may be asked: by a person, in whatever way they sign in, and by somebody nobody knows."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class PersonRate(SimpleRateThrottle):
    """Requests of one token, or of one person's sessions. The setting API_RATE; empty is without limit."""

    scope = "person"

    def get_rate(self) -> str | None:
        return settings.API_RATE or None

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not request.user.is_authenticated:
            return None
        way = request.headers.get("Authorization", "")
        return f"api:{request.user.pk}:{hashlib.sha256(way.encode()).hexdigest()[:16]}"


class StrangerRate(SimpleRateThrottle):
    """Requests from one address that nobody stands behind: guesses at tokens. The setting API_RATE_STRANGERS."""

    scope = "stranger"

    def get_rate(self) -> str | None:
        return settings.API_RATE_STRANGERS or None

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return f"api:stranger:{self.get_ident(request)}"
