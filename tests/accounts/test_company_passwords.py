"""Who comes through the company's sign-in has no password here, whichever door is tried."""

from __future__ import annotations

import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from riskassess.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def from_the_company(ana: User, settings: LazySettings) -> User:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {}}
    SocialAccount.objects.create(user=ana, provider="company", uid="ana")
    return ana


def test_asking_for_a_new_one_brings_a_mail_without_a_link(from_the_company: User, client: Client) -> None:
    answer = client.post("/account/password/reset/", {"email": from_the_company.email})
    assert answer.status_code == 302  # as for everybody
    (sent,) = mail.outbox
    assert "You have none there" in str(sent.body)
    assert "/password/reset/key/" not in str(sent.body)


def test_a_link_from_before_opens_nothing(from_the_company: User, client: Client) -> None:
    key = f"{user_pk_to_url_str(from_the_company)}-{default_token_generator.make_token(from_the_company)}"
    page = client.get(f"/account/password/reset/key/{key}/", follow=True).content.decode()
    assert "This link no longer works" in page
    assert "password1" not in page


def test_the_setting_opens_it_again(from_the_company: User, client: Client, settings: LazySettings) -> None:
    settings.OIDC_LOCAL_PASSWORDS = True
    client.post("/account/password/reset/", {"email": from_the_company.email})
    assert re.search(r"/account/password/reset/key/\S+", str(mail.outbox[0].body))


def test_their_account_shows_no_page_of_a_password(from_the_company: User, as_ana: Client) -> None:
    assert 'href="/account/password/change/"' not in as_ana.get("/account/2fa/").content.decode()
