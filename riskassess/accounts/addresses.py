"""Where a request comes from, as far as proxies of ours say so."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address that asked; '' where a proxy names it whom TRUSTED_PROXIES does not count.

    A proxy's own address is no answer: whatever the world asks through it would come from a network of ours. Of
    what is passed on, the last names are those that our proxies added; the first is what the caller says.
    """
    passed = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    if not passed:
        return str(request.META.get("REMOTE_ADDR", ""))
    trusted = settings.TRUSTED_PROXIES
    return passed[-trusted] if 0 < trusted <= len(passed) else ""
