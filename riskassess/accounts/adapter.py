"""allauth's hooks: accounts are made by an administrator or by the company's own sign-in, never by a visitor."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import render

from riskassess.accounts.models import User
from riskassess.accounts.sealing import sealed, unsealed
from riskassess.accounts.second_factor import is_required
from riskassess.accounts.single_sign_on import groups_in, roles_for, synchronise


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on: who comes from the company's provider, with which roles."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The providers of the settings; there are none in the database, so it is not asked."""
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """An account is made at first sign-in for those who are in a group that has a role here."""
        return bool(settings.OIDC_ROLES) and bool(roles_for(groups_in(sociallogin), settings.OIDC_ROLES))

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account that an administrator gave this address, where the provider vouches for it in so many words.

        The library would also look at addresses that people typed as their own.
        """
        for said in sociallogin.email_addresses:
            if said.verified is True and self.can_authenticate_by_email(sociallogin, said.email):
                found = User.objects.filter(email__iexact=said.email).first()
                if found is not None:
                    return found, said.email
        return None

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user = cast(User, super().populate_user(request, sociallogin, data))
        user.email = user.email.lower()
        user.name = (data.get("name") or user.email)[:200]
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Who is known already gets today's roles; who may not come in is told so, before anything is kept."""
        if sociallogin.is_existing:
            synchronise(cast(User, sociallogin.user), groups_in(sociallogin), settings.OIDC_ROLES)
        elif not self.is_open_for_signup(request, sociallogin):
            page = render(
                request, "socialaccount/no_role.html", {"email": sociallogin.user.email}, status=403
            )
            raise ImmediateHttpResponse(page)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        user = cast(User, super().save_user(request, sociallogin, form))
        synchronise(user, groups_in(sociallogin), settings.OIDC_ROLES)
        return user

    def validate_disconnect(self, account: Any, accounts: Any) -> None:
        raise PermissionDenied("The company's sign-in cannot be taken off an account here.")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticators are kept encrypted: a copy of the database alone opens no door."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays with those who must have one."""
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        others = others.exclude(type=Authenticator.Type.RECOVERY_CODES)
        return others.exists() or not is_required(authenticator.user)

    def encrypt(self, text: str) -> str:
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unsealed(encrypted_text)
