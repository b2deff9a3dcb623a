"""A second factor: who must have one is led to it, and its secrets are kept under lock."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from config import env
from riskassess.accounts.models import Membership, User
from riskassess.accounts.roles import Role
from riskassess.accounts.sealing import sealed, unsealed
from riskassess.kernel.errors import Conflict

PASSWORD = "a long enough secret"


@pytest.fixture
def in_person(client: Client, ana: User) -> Client:
    """ana, who has just typed her password, and once more for what is sensitive."""
    ana.set_password(PASSWORD)
    ana.save()
    sign_in(client, ana)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def sign_in(client: Client, person: User) -> str:
    answer = client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    return str(answer["Location"])


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def sets_up_an_app(client: Client) -> str:
    """Goes through the page as the app's owner does; the secret."""
    found = re.search(r'class="secret">(\w+)<', client.get("/account/2fa/totp/activate/").content.decode())
    assert found
    done = client.post("/account/2fa/totp/activate/", {"code": code_for(found[1])})
    assert done.status_code == 302, done.content
    return found[1]


def test_an_app_is_asked_for_after_the_password(in_person: Client, ana: User) -> None:
    secret = sets_up_an_app(in_person)
    in_person.post("/account/logout/")

    assert sign_in(in_person, ana) == "/account/2fa/authenticate/"
    assert in_person.get("/").status_code == 302
    assert "not" in in_person.post("/account/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert in_person.post("/account/2fa/authenticate/", {"code": code_for(secret)})["Location"] == "/"


def test_a_recovery_code_opens_once(in_person: Client, ana: User) -> None:
    sets_up_an_app(in_person)
    shown = in_person.get("/account/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"<li><code>(\w+)</code>", shown)
    assert len(codes) == 10
    for expected in (302, 200):
        in_person.post("/account/logout/")
        sign_in(in_person, ana)
        answer = in_person.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert answer.status_code == expected


def test_the_database_alone_opens_nothing(in_person: Client, ana: User) -> None:
    secret = sets_up_an_app(in_person)
    kept = Authenticator.objects.get(user=ana, type=Authenticator.Type.TOTP).data
    assert secret not in str(kept)
    assert unsealed(kept["secret"]) == secret


class TestWhoMustHaveOne:
    @pytest.fixture(autouse=True)
    def _assessors_must(self, settings: LazySettings) -> None:
        settings.MFA_REQUIRED_FOR = frozenset({"assessor"})

    def test_is_led_to_set_it_up_and_then_let_in(self, in_person: Client) -> None:
        assert in_person.get("/assessments/")["Location"] == "/account/2fa/"
        assert in_person.get("/api/v1/assessments/").status_code == 403
        sets_up_an_app(in_person)
        assert in_person.get("/assessments/").status_code == 200
        assert in_person.get("/api/v1/assessments/").status_code == 200

    def test_makes_no_token_before_nor_another_door(self, in_person: Client) -> None:
        for address in ("/account/tokens/", "/account/sessions/"):
            assert in_person.get(address)["Location"] == "/account/2fa/"
        assert in_person.post("/account/tokens/new/", {"name": "x", "days": 9})["Location"] == "/account/2fa/"

    def test_is_asked_as_soon_as_the_role_comes(self, as_ben: Client, ben: User) -> None:
        assert as_ben.get("/assessments/").status_code == 200
        Membership.objects.filter(user=ben).update(role="assessor")
        assert as_ben.get("/assessments/")["Location"] == "/account/2fa/"

    def test_cannot_take_the_last_one_off(self, in_person: Client, ana: User) -> None:
        sets_up_an_app(in_person)
        in_person.post("/account/2fa/totp/deactivate/")
        assert Authenticator.objects.filter(user=ana, type=Authenticator.Type.TOTP).exists()

    def test_others_need_none(self, as_ben: Client) -> None:
        assert as_ben.get("/assessments/").status_code == 200


def test_wrong_passwords_shut_the_door_for_a_while_even_to_the_right_one(client: Client, ana: User) -> None:
    ana.set_password(PASSWORD)
    ana.save()
    for _ in range(5):
        client.post("/account/login/", {"login": ana.email, "password": "wrong"})
    answer = client.post("/account/login/", {"login": ana.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert "Too many failed login attempts" in answer.content.decode()
    assert client.get("/").status_code == 302


def test_signing_out_everywhere_else(in_person: Client, ana: User) -> None:
    elsewhere = Client()
    sign_in(elsewhere, ana)
    assert in_person.get("/account/sessions/").content.decode().count('<th scope="row">') == 2
    in_person.post("/account/sessions/")
    assert elsewhere.get("/").status_code == 302
    assert in_person.get("/").status_code == 200


def test_a_misspelt_role_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MFA_REQUIRED_FOR", "approvers")
    with pytest.raises(ImproperlyConfigured, match="approvers"):
        env.some("MFA_REQUIRED_FOR", ("everyone", *Role))


def test_administration_has_no_door_of_its_own(client: Client, as_ana: Client, ana: User) -> None:
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/account/login/?next=%2Fadmin%2F"
    assert client.post("/admin/login/", {"username": ana.email, "password": PASSWORD}).status_code == 302
    assert client.get("/assessments/").status_code == 302
    assert as_ana.get("/admin/login/").status_code == 403


class TestSealing:
    def test_an_earlier_key_still_opens(self, settings: LazySettings) -> None:
        settings.SECRET_KEY = "the first"
        kept = sealed("a secret")
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the second", ["the first"]
        assert unsealed(kept) == "a secret"

    def test_another_installation_does_not(self, settings: LazySettings) -> None:
        kept = sealed("a secret")
        settings.SECRET_KEY = "another"
        with pytest.raises(Conflict, match="cannot be opened"):
            unsealed(kept)
