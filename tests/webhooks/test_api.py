"""A program of Gita's keeps her webhooks with a token; who may not, and whom it tells its secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from riskassess.accounts import tokens
from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can, Role
from riskassess.jobs import services as jobs
from riskassess.trail.models import Entry
from riskassess.webhooks.models import Delivery, Webhook
from tests.api.calls import V1, read, send, told
from tests.builders import make_person
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def gita(procurement: BusinessUnit) -> User:
    return make_person("Gita Rao", (procurement, Role.ADMINISTRATOR), password="a long and quiet river")


def program_of(person: User, *scopes: Can) -> Client:
    key = tokens.make(person, "keeper", scopes).key
    return Client(headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def program(gita: User) -> Client:
    return program_of(gita, Can.KEEP_WEBHOOKS)


def wanted(unit: BusinessUnit, receiver: Receiver, **changes: Any) -> dict[str, Any]:
    return {"unit": unit.pk, "name": "Tickets", "url": receiver.url, "events": ["decision.made"], **changes}


def made(program: Client, unit: BusinessUnit, receiver: Receiver) -> dict[str, Any]:
    answer = send(program, "post", "webhooks/", wanted(unit, receiver))
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_program_makes_one_tries_it_and_reads_what_came_of_it(
    program: Client, receiver: Receiver, procurement: BusinessUnit
) -> None:
    hook = made(program, procurement, receiver)
    tried = send(program, "post", f"webhooks/{hook['id']}/try/")
    assert (tried.status_code, tried.json()["state"]) == (202, "waiting")
    jobs.drain()
    assert receiver.got[0].is_signed_by(hook["secret"])

    (told_once,) = read(program, f"webhooks/{hook['id']}/deliveries/?state=delivered")["results"]
    assert (told_once["kind"], told_once["tries"][0]["status"]) == ("webhook.trial", 204)
    assert json.loads(told_once["body"])["type"] == "webhook.trial"
    assert read(program, f"webhooks/{hook['id']}/deliveries/{told_once['id']}/") == told_once


def test_the_secret_is_told_where_it_is_made_and_nowhere_else(
    program: Client, receiver: Receiver, procurement: BusinessUnit
) -> None:
    hook = made(program, procurement, receiver)
    rotated = send(program, "post", f"webhooks/{hook['id']}/rotate/")
    assert rotated.status_code == 200
    assert rotated.json()["secret"] != hook["secret"]
    assert rotated.json()["old_until"]
    for address in ("webhooks/", f"webhooks/{hook['id']}/"):
        said = json.dumps(read(program, address))
        assert "secret" not in said
    assert hook["secret"] not in str(list(Entry.objects.values_list("changes", flat=True)))


def test_it_is_changed_switched_off_and_removed(
    program: Client, receiver: Receiver, procurement: BusinessUnit
) -> None:
    hook = made(program, procurement, receiver)
    address = f"webhooks/{hook['id']}/"
    Webhook.objects.update(failures=3)
    change = {"name": "Desk", "url": f"{receiver.url}other", "events": ["score.moved"], "is_active": False}
    changed = send(program, "patch", address, change)
    assert changed.status_code == 200, changed.content
    assert {name: changed.json()[name] for name in change} == change
    assert changed.json()["failures"] == 0
    told(send(program, "post", f"{address}try/"), 409)
    assert send(program, "patch", address, {"is_active": True}).json()["name"] == "Desk"
    told(send(program, "patch", address, {"url": "ftp://example.com/"}), 400)
    told(send(program, "patch", address, {"name": " "}), 400)
    assert Webhook.objects.get().name == "Desk"
    assert send(program, "delete", address).status_code == 204
    assert read(program, "webhooks/")["results"] == []


def test_two_of_one_name_clash(program: Client, receiver: Receiver, procurement: BusinessUnit) -> None:
    first = made(program, procurement, receiver)
    told(send(program, "post", "webhooks/", wanted(procurement, receiver)), 409)
    other = send(program, "post", "webhooks/", wanted(procurement, receiver, name="Desk")).json()
    told(send(program, "patch", f"webhooks/{other['id']}/", {"name": first["name"]}), 409)


def test_what_was_given_up_is_told_again(
    program: Client, receiver: Receiver, procurement: BusinessUnit
) -> None:
    hook = made(program, procurement, receiver)
    receiver.answers = 410
    send(program, "post", f"webhooks/{hook['id']}/try/")
    jobs.drain()
    receiver.answers = 200
    send(program, "patch", f"webhooks/{hook['id']}/", {"is_active": True})
    delivery = Delivery.objects.get()
    address = f"webhooks/{hook['id']}/deliveries/{delivery.pk}/"
    assert send(program, "post", f"{address}again/").status_code == 202
    jobs.drain()
    assert read(program, address)["state"] == "delivered"
    told(send(program, "post", f"{address}again/"), 409)


def test_sent_twice_under_a_key_it_is_one_with_one_secret(
    program: Client, receiver: Receiver, procurement: BusinessUnit
) -> None:
    first, again = (
        program.post(
            f"{V1}webhooks/", wanted(procurement, receiver), content_type="application/json",
            headers={"Idempotency-Key": "tickets"},
        )
        for _ in range(2)
    )  # fmt: skip
    assert first.json() == again.json()
    assert Webhook.objects.count() == 1


def test_it_takes_the_scope_and_the_role(
    gita: User, ana: User, dora: User, receiver: Receiver, procurement: BusinessUnit, program: Client
) -> None:
    hook = made(program, procurement, receiver)
    body = wanted(procurement, receiver, name="Another")
    for person, scope in ((gita, Can.IMPORT), (ana, Can.KEEP_WEBHOOKS), (dora, Can.KEEP_WEBHOOKS)):
        told(send(program_of(person, scope), "post", "webhooks/", body), 403)
    assert read(program_of(dora), f"webhooks/{hook['id']}/")["name"] == "Tickets"
    assert read(program_of(ana), "webhooks/")["results"] == []
    told(send(program_of(ana), "get", f"webhooks/{hook['id']}/"), 404)
    told(send(program_of(ana), "get", f"webhooks/{hook['id']}/deliveries/"), 404)


def test_a_session_is_told_a_secret_once_the_password_was_entered_again(
    gita: User, receiver: Receiver, procurement: BusinessUnit
) -> None:
    client = Client()
    client.force_login(gita)
    told(send(client, "post", "webhooks/", wanted(procurement, receiver)), 401)
    assert not Webhook.objects.exists()
    client.post("/account/reauthenticate/", {"password": "a long and quiet river"})
    made(client, procurement, receiver)
