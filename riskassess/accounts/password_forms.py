"""Asking for a new password, and choosing it: not for who comes through the company's sign-in.

Else an account that the company has ended would still have a door here. `OIDC_LOCAL_PASSWORDS` opens it again.
"""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm, UserTokenForm
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from riskassess.accounts.models import User
from riskassess.accounts.single_sign_on import may_have_password


class AskForPassword(ResetPasswordForm):  # type: ignore[misc]
    """The form that mails a link. The page answers the same for everybody; the mail says who signs in elsewhere."""

    users: list[User]
    elsewhere: list[User]

    def clean_email(self) -> str:
        email: str = super().clean_email()
        found: list[User] = self.users
        self.elsewhere = [one for one in found if not may_have_password(one)]
        self.users = [one for one in found if one not in self.elsewhere]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if not self.elsewhere:
            return cast(str, super().save(request, **kwargs))
        email: str = self.cleaned_data["email"]
        page = settings.SITE_URL + reverse(settings.LOGIN_URL)
        told = {"user": self.elsewhere[0], "site": page}
        get_adapter().send_mail("account/email/company_sign_in", email, told)
        return email


class PasswordLink(UserTokenForm):  # type: ignore[misc]
    """The link itself: one that was sent before somebody came through the company's sign-in opens nothing any more."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not may_have_password(cast(User, self.reset_user)):
            raise get_adapter().validation_error("invalid_password_reset")
        return cleaned
