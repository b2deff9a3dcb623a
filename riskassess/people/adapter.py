"""Who is invited comes in through the company's sign-in as well: its verified address is what was invited."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from riskassess.accounts.adapter import SocialAdapter
from riskassess.accounts.models import User
from riskassess.people.invitations import accept_by_sign_in, waiting_for


class InvitingAdapter(SocialAdapter):
    """Single sign-on, with invitations beside groups."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return super().is_open_for_signup(request, sociallogin) or bool(waiting_for(_verified(sociallogin)))

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        user = super().save_user(request, sociallogin, form)
        accept_by_sign_in(user, _verified(sociallogin))
        return user


def _verified(sociallogin: SocialLogin) -> set[str]:
    """The addresses that the provider vouches for in so many words."""
    return {said.email.lower() for said in sociallogin.email_addresses if said.verified is True}
