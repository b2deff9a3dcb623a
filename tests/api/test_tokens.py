"""Ways in: a token from the console, or a session with its CSRF token. No password goes over the API."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from riskassess.accounts.models import User
from tests.api.calls import V1, read, send, told
from tests.api.conftest import Theirs


def token(*arguments: str) -> str:
    out = io.StringIO()
    call_command("token", *arguments, stdout=out)
    return out.getvalue().strip()


def with_token(key: str) -> Client:
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Token {key}"})


def test_a_token_reads_and_acts_as_its_person(ana: User, theirs: Theirs) -> None:
    key = token(ana.email.upper())
    client = with_token(key)
    assert token(ana.email) == key
    assert len(read(client, "assessments/")["results"]) == 1
    assert send(client, "post", f"assessments/{theirs.assessment.pk}/score/").status_code == 202


def test_a_renewed_or_revoked_token_opens_nothing(ana: User) -> None:
    first = token(ana.email)
    second = token(ana.email, "--renew")
    for key, status in ((first, {401, 403}), (second, {200})):
        assert send(with_token(key), "get", "assessments/").status_code in status
    token(ana.email, "--revoke")
    refused = send(with_token(second), "get", "assessments/")
    assert "Token" in told(refused, refused.status_code)["detail"]


def test_who_gets_no_token(ana: User) -> None:
    User.objects.update(is_active=False)
    for address in (ana.email, "nobody@example.com"):
        with pytest.raises(CommandError):
            token(address)


def test_a_session_without_its_csrf_token_changes_nothing(ana: User, theirs: Theirs) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert "CSRF" in told(send(client, "post", f"assessments/{theirs.assessment.pk}/score/"), 403)["title"]


def test_there_is_no_way_to_try_passwords(client: Client) -> None:
    for address in ("token/", "login/", "auth/"):
        assert send(client, "post", V1 + address, {"username": "a", "password": "b"}).status_code in {
            401,
            403,
        }
