"""A real OpenID Connect provider on a port of its own, and what the settings say of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import oidc_provider_mock
from django.conf import LazySettings

from riskassess.accounts.single_sign_on import parsed

ROLES = {
    "risk-approvers": ["Procurement: approver"],
    "buyers": ["Procurement: requester", "Research: requester"],
}


@contextmanager
def provider(settings: LazySettings, *people: tuple[str, dict[str, Any]]) -> Iterator[str]:
    """The provider's address while the block runs; `people` are (subject, claims)."""
    known = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in people]
    with oidc_provider_mock.run_server_in_thread(user_claims=known) as server:
        issuer = f"http://localhost:{server.server_port}"
        settings.OIDC_ROLES = parsed(ROLES)
        settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
        settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "company",
                        "name": "Company account",
                        "client_id": "riskassess",
                        "secret": "a client's secret",
                        "settings": {"server_url": issuer},
                    }
                ],
            }
        }
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**policy, "form-action": ["'self'", issuer]}}
        yield issuer
