"""What an administrator does with webhooks: make, pause, change the secret, try, send once more, remove."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.accounts.sealing import sealed
from riskassess.jobs.services import enqueue
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.webhooks.events import CHOSEN, Event, Kind, trial
from riskassess.webhooks.models import Delivery, Webhook
from riskassess.webhooks.reaching import checked
from riskassess.webhooks.signing import new_secret

TELL = "webhook"
MOST_PER_UNIT = 20  # judgement: each costs a request for every event
OLD_SECRET_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Made:
    """A webhook, and the secret that is shown once."""

    webhook: Webhook
    secret: str


def make(unit: BusinessUnit, name: str, url: str, events: Collection[Kind], *, by: User) -> Made:
    """A new webhook of the unit, told what happens from now on. Raises InvalidInput, Conflict, PermissionDenied."""
    by.require(Can.KEEP_WEBHOOKS, unit)
    name, chosen = _named(name), _chosen(events)
    checked(url, settings.WEBHOOK_NETWORKS)
    secret, now = new_secret(), timezone.now()
    try:
        with transaction.atomic():
            BusinessUnit.objects.select_for_update().get(pk=unit.pk)
            if Webhook.objects.filter(unit=unit).count() >= MOST_PER_UNIT:
                raise Conflict(
                    f"{unit} has {MOST_PER_UNIT} webhooks, which is the most.", hint="Remove one first."
                )
            made = Webhook.objects.create(
                unit=unit, name=name, url=url, events=chosen, secret=sealed(secret),
                created_by=by, told_from=now, looked_until=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise _taken(unit, name) from error
    return Made(made, secret)


def change(
    webhook: Webhook,
    *,
    by: User,
    name: str | None = None,
    url: str | None = None,
    events: Collection[Kind] | None = None,
    on: bool | None = None,
) -> Webhook:
    """Another name, another address, something else that it is told, or on and off; what is None stays.

    At another address it starts as if it had never failed. Raises what `make` does.
    """
    by.require(Can.KEEP_WEBHOOKS, webhook.unit)
    if name is not None:
        webhook.name = _named(name)
    if events is not None:
        webhook.events = _chosen(events)
    if url is not None and url != webhook.url:
        checked(url, settings.WEBHOOK_NETWORKS)
        webhook.url, webhook.failures, webhook.rest_until = url, 0, None
    try:
        with transaction.atomic():
            webhook.save(update_fields=["name", "url", "events", "failures", "rest_until"])
            if on is not None:
                switch(webhook, on=on, by=by)
    except IntegrityError as error:
        raise _taken(webhook.unit, webhook.name) from error
    return webhook


def switch(webhook: Webhook, *, on: bool, by: User) -> None:
    """Starts or stops telling it. What happens while it is off is not told later."""
    by.require(Can.KEEP_WEBHOOKS, webhook.unit)
    if on and not webhook.is_active:
        webhook.told_from = webhook.looked_until = timezone.now()
        webhook.failures, webhook.rest_until = 0, None
    webhook.is_active = on
    webhook.save(update_fields=["is_active", "told_from", "looked_until", "failures", "rest_until"])


def change_secret(webhook: Webhook, *, by: User) -> Made:
    """A new secret; the old one signs beside it for a day, so that the receiver can change in between."""
    by.require(Can.KEEP_WEBHOOKS, webhook.unit)
    secret = new_secret()
    webhook.old_secret, webhook.old_until = webhook.secret, timezone.now() + OLD_SECRET_FOR
    webhook.secret = sealed(secret)
    webhook.save(update_fields=["secret", "old_secret", "old_until"])
    return Made(webhook, secret)


def try_it(webhook: Webhook, *, by: User) -> Delivery:
    """Sends an event that says nothing, to see whether it arrives."""
    by.require(Can.KEEP_WEBHOOKS, webhook.unit)
    if not webhook.is_active:
        raise Conflict("It is switched off.", hint="Switch it on first.")
    event = trial(webhook.unit_id, webhook.pk, timezone.now())
    with transaction.atomic():
        Webhook.objects.filter(pk=webhook.pk).update(rest_until=None)
        delivery = Delivery.objects.create(
            webhook=webhook, event=event.name, kind=event.kind.value, body=written(event), asked_at=event.at
        )
        ask_for(delivery, webhook.unit)
    return delivery


def send_again(delivery: Delivery, *, by: User) -> None:
    """Tells once more what was given up. Raises Conflict for what is on its way or was taken."""
    webhook = delivery.webhook
    by.require(Can.KEEP_WEBHOOKS, webhook.unit)
    if not webhook.is_active:
        raise Conflict("It is switched off.", hint="Switch it on first.")
    now = timezone.now()
    with transaction.atomic():
        given_up = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.GIVEN_UP)
        if not given_up.update(
            state=Delivery.State.WAITING, failed=0, asked_at=now, ended_at=None, because=""
        ):
            raise Conflict("It was not given up.", hint="Load the page again: it says how it stands.")
        delivery.asked_at = now
        Webhook.objects.filter(pk=webhook.pk).update(rest_until=None)
        ask_for(delivery, webhook.unit)


def remove(webhook: Webhook, *, by: User) -> None:
    """Removes it with its log; the audit trail keeps that it was there."""
    by.require(Can.KEEP_WEBHOOKS, webhook.unit)
    webhook.delete()


def _named(name: str) -> str:
    if not (found := name.strip()[:100]):
        raise InvalidInput("Name it.", hint="Say what listens, such as “ticket system”.", where="name")
    return found


def _chosen(events: Collection[Kind]) -> list[str]:
    if not (chosen := [kind.value for kind in CHOSEN if kind in events]):
        raise InvalidInput("Choose what it is told.", hint="One kind of event at least.", where="events")
    return chosen


def _taken(unit: BusinessUnit, name: str) -> Conflict:
    return Conflict(f"{unit} has a webhook named “{name}”.", hint="Choose another name.")


def written(event: Event) -> str:
    """The body as it is signed and sent."""
    return json.dumps(event.body(), ensure_ascii=False, separators=(",", ":"))


def ask_for(delivery: Delivery, unit: BusinessUnit) -> None:
    """The job that tells it, another each time it is asked for. Call it in the transaction that makes it wait."""
    enqueue(
        TELL,
        {"delivery": delivery.pk},
        key=f"{TELL}:{delivery.pk}:{delivery.asked_at.isoformat()}",
        unit=unit,
    )
