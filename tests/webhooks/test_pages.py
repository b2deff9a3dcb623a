"""Gita makes a webhook, sees its secret once and what it was told; others do not see that there is one."""

from __future__ import annotations

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.roles import Role
from riskassess.jobs import services as jobs
from riskassess.trail.models import Entry
from riskassess.webhooks.models import Delivery, Webhook
from tests.builders import make_person
from tests.queries import FRAME, assert_queries
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db

PASSWORD = "a long and quiet river"


@pytest.fixture
def as_gita(procurement: BusinessUnit) -> Client:
    gita = make_person("Gita Rao", (procurement, Role.ADMINISTRATOR), password=PASSWORD)
    client = Client()
    client.force_login(gita)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def made_by(client: Client, receiver: Receiver, unit: BusinessUnit) -> str:
    """A new webhook; the page that shows its secret."""
    said = {"name": "Ticket system", "url": receiver.url, "unit": unit.pk, "events": ["decision.made"]}
    answer = client.post("/webhooks/new/", said)
    assert answer.status_code == 200
    return answer.content.decode()


def test_gita_makes_one_tries_it_and_reads_its_log(
    as_gita: Client, receiver: Receiver, procurement: BusinessUnit
) -> None:
    page = made_by(as_gita, receiver, procurement)
    secret = page.split('id="secret">')[1].split("<")[0]
    hook = Webhook.objects.get()
    assert secret not in as_gita.get(hook.get_absolute_url()).content.decode()
    as_gita.post(f"/webhooks/{hook.pk}/try/")
    jobs.drain()
    assert receiver.got[0].is_signed_by(secret)
    log = as_gita.get(hook.get_absolute_url()).content.decode()
    assert "answered 204" in log
    assert "Delivered" in log
    assert secret not in str(list(Entry.objects.values_list("changes", flat=True)))


def test_what_was_given_up_is_sent_again_from_its_page(
    as_gita: Client, receiver: Receiver, procurement: BusinessUnit
) -> None:
    made_by(as_gita, receiver, procurement)
    hook = Webhook.objects.get()
    receiver.answers = 410
    as_gita.post(f"/webhooks/{hook.pk}/try/")
    jobs.drain()
    receiver.answers = 200
    as_gita.post(f"/webhooks/{hook.pk}/switch/", {"on": "yes"})
    delivery = Delivery.objects.get()
    assert (
        f"/webhooks/{hook.pk}/again/{delivery.pk}/" in as_gita.get(hook.get_absolute_url()).content.decode()
    )
    as_gita.post(f"/webhooks/{hook.pk}/again/{delivery.pk}/")
    jobs.drain()
    assert len(receiver.got) == 2
    as_gita.post(f"/webhooks/{hook.pk}/remove/")
    assert not Webhook.objects.exists()


def test_a_wrong_address_is_said_at_its_field(as_gita: Client, procurement: BusinessUnit) -> None:
    said = {"name": "x", "url": "http://example.com/", "unit": procurement.pk, "events": ["decision.made"]}
    answer = as_gita.post("/webhooks/new/", said)
    assert answer.status_code == 422
    assert "unencrypted" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_others_do_not_see_that_there_is_one_and_the_auditor_only_reads(
    as_gita: Client, receiver: Receiver, procurement: BusinessUnit, as_ana: Client, as_cleo: Client,
    as_dora: Client, as_evan: Client,
) -> None:  # fmt: skip
    made_by(as_gita, receiver, procurement)
    hook = Webhook.objects.get()
    for client in (as_ana, as_cleo, as_evan):
        assert client.get("/webhooks/").status_code == 403
        assert client.get(hook.get_absolute_url()).status_code == 404
        assert client.post(f"/webhooks/{hook.pk}/remove/").status_code == 404
    assert hook.name in as_dora.get("/webhooks/").content.decode()
    assert as_dora.get(hook.get_absolute_url()).status_code == 200
    for what in ("remove", "switch", "try"):
        assert as_dora.post(f"/webhooks/{hook.pk}/{what}/").status_code == 403
    assert Webhook.objects.get().is_active


def test_the_list_costs_what_it_says(as_gita: Client, receiver: Receiver, procurement: BusinessUnit) -> None:
    made_by(as_gita, receiver, procurement)
    reasons = (
        *FRAME,
        "the webhooks",
    )
    assert_queries(as_gita, "/webhooks/", reasons)
