"""Ways in: an access token, or a session with its CSRF token. No password goes over the API."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from riskassess.accounts.models import AccessToken, User
from riskassess.accounts.roles import Can
from riskassess.accounts.tokens import SCOPES, make
from riskassess.kernel.errors import InvalidInput
from tests.api.calls import V1, read, send, told
from tests.api.conftest import Theirs
from tests.queries import assert_queries


def token(*arguments: str) -> str:
    out = io.StringIO()
    call_command("token", *arguments, stdout=out)
    return out.getvalue().strip()


def with_token(key: str, word: str = "Bearer") -> Client:
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"{word} {key}"})


@pytest.mark.parametrize("word", ["Bearer", "Token"])
def test_a_token_reads_and_acts_as_its_person(ana: User, theirs: Theirs, word: str) -> None:
    client = with_token(token(ana.email.upper()), word)
    assert len(read(client, "assessments/")["results"]) == 1
    assert send(client, "post", f"assessments/{theirs.assessment.pk}/score/").status_code == 202


def test_one_without_scopes_only_reads(ana: User, theirs: Theirs) -> None:
    client = with_token(make(ana, "dashboard", ()).key)
    assert len(read(client, "assessments/")["results"]) == 1
    refused = send(client, "post", f"assessments/{theirs.assessment.pk}/score/")
    assert "only reads" in told(refused, 403)["title"]


def test_a_scope_goes_no_further_than_itself_nor_than_the_role(ana: User, ben: User, theirs: Theirs) -> None:
    """ana may assess and import, ben only decides: no token of his assesses, and hers only if made for it."""
    score = f"assessments/{theirs.assessment.pk}/score/"
    assert send(with_token(make(ana, "imports", [Can.IMPORT]).key), "post", score).status_code == 403
    assert send(with_token(make(ana, "scores", [Can.ASSESS]).key), "post", score).status_code == 202
    assert send(with_token(make(ben, "all", SCOPES).key), "post", score).status_code == 403


def test_an_ended_or_expired_one_opens_nothing(ana: User) -> None:
    made = make(ana, "export", ())
    assert send(with_token(made.key), "get", "assessments/").status_code == 200

    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert send(with_token(made.key), "get", "assessments/").status_code == 401

    other = token(ana.email)
    token(ana.email, "--revoke")
    refused = told(send(with_token(other), "get", "assessments/"), 401)
    assert "ended or expired" in refused["title"]
    assert "Access tokens" in refused["detail"]


def test_nor_does_that_of_a_person_who_left(ana: User) -> None:
    key = token(ana.email)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert send(with_token(key), "get", "assessments/").status_code == 401


def test_the_key_is_kept_nowhere_and_its_use_is_noted_seldom(ana: User) -> None:
    made = make(ana, "export", ())
    row = AccessToken.objects.values().get()
    assert made.key not in str(row)
    client = with_token(made.key)
    read(client, "units/")
    first = AccessToken.objects.get().last_used_at
    assert first is not None
    assert_queries(client, V1 + "units/", ["the token and its person", "reads every unit?", "the units"])
    assert AccessToken.objects.get().last_used_at == first


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [(" ", [], 9), ("x", [Can.ADMINISTER], 9), ("x", [], 0), ("x", [], 10_000)],
)
def test_what_no_token_can_be(ana: User, name: str, scopes: list[Can], days: int) -> None:
    with pytest.raises(InvalidInput):
        make(ana, name, scopes, days)
    assert not AccessToken.objects.exists()


def test_who_gets_no_token(ana: User) -> None:
    User.objects.update(is_active=False)
    for address in (ana.email, "nobody@example.com"):
        with pytest.raises(CommandError):
            token(address)


class TestThePage:
    def test_ana_makes_one_sees_it_once_and_ends_it(self, client: Client, ana: User, as_cleo: Client) -> None:
        ana.set_password("a long enough secret")
        ana.save()
        client.post("/account/login/", {"login": ana.email, "password": "a long enough secret"})
        asked = {"name": "export", "scopes": ["assess"], "days": 30}
        asks_again = client.post("/account/tokens/new/", asked)
        page = client.post(
            asks_again["Location"], {"password": "a long enough secret", "next": "/account/tokens/new/"}
        )
        key = page.context["key"]
        assert key in page.content.decode()
        again = client.get("/account/tokens/").content.decode()
        assert key not in again
        assert "export" in again
        assert "Read, assess" in again

        ended = AccessToken.objects.get()
        address = f"/account/tokens/{ended.pk}/revoke/"
        assert as_cleo.post(address).status_code == 404
        client.post(address)
        assert send(with_token(key), "get", "assessments/").status_code == 401

    def test_only_who_has_shown_the_password_lately_makes_one(self, ana: User, as_ana: Client) -> None:
        ana.set_password("a long enough secret")
        ana.save()
        as_ana.force_login(ana)
        answer = as_ana.post("/account/tokens/new/", {"name": "export", "days": 30})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/reauthenticate/")
        assert not AccessToken.objects.exists()


def test_a_session_without_its_csrf_token_changes_nothing(ana: User, theirs: Theirs) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert "CSRF" in told(send(client, "post", f"assessments/{theirs.assessment.pk}/score/"), 403)["title"]


def test_there_is_no_way_to_try_passwords(client: Client) -> None:
    for address in ("token/", "login/", "auth/"):
        answer = send(client, "post", V1 + address, {"username": "a", "password": "b"})
        assert answer.status_code in {401, 403}
