from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "riskassess.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.mfa.models import Authenticator

        from riskassess.recording import Realm, recorded

        # Of a second factor its person and its kind, never what it rests on.
        recorded(
            Realm.ACCOUNTS,
            about=("user",),
            leave_out=("data", "last_used_at"),
            called=lambda one: f"second factor ({one.type})",
        )(Authenticator)
