"""Telling: looking for what happened, keeping it as deliveries, and sending each until it is taken or given up.

Nothing that decides or scores knows of webhooks. A look reads what happened since the last one off the records
themselves, five minutes further back than it must, for a transaction may be long in coming; what was found before has
its delivery already. A worker that dies between sending and writing that down sends again under the same id.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from riskassess.accounts.sealing import unsealed
from riskassess.jobs.handlers import NotYet, RunningJob, handles
from riskassess.jobs.watching import watches
from riskassess.measuring import WEBHOOK_TRIES
from riskassess.webhooks.events import Event, happened
from riskassess.webhooks.models import Delivery, Try, Webhook
from riskassess.webhooks.reaching import Answer, post
from riskassess.webhooks.services import TELL, ask_for, written
from riskassess.webhooks.signing import signed

LOOK_EVERY, SWEEP_EVERY = 10.0, 3600.0  # seconds
SOME = 500
OVERLAP = timedelta(minutes=5)
WORTH_TELLING_FOR = timedelta(days=3)  # judgement; what is asked for again is told from then on
KEPT_FOR = timedelta(days=60)  # judgement: long enough to look into a complaint
# After each failed try; judgement, near to the example that the Standard Webhooks specification gives. 31 hours in all.
PAUSES = tuple(timedelta(seconds=one) for one in (5, 300, 1800, 7200, 18_000, 36_000, 36_000))
GONE = 410
USER_AGENT = "Riskassess-Webhooks/1"


@watches("webhooks", every=LOOK_EVERY)
def look() -> None:
    """Keeps what happened as deliveries. One query where there is no webhook, else six and three a delivery."""
    now = timezone.now()
    hooks = list(Webhook.objects.told().select_related("unit"))
    if not hooks:
        return
    since = min(hook.looked_until for hook in hooks) - OVERLAP
    by_unit: dict[int, list[Webhook]] = defaultdict(list)
    for hook in hooks:
        by_unit[hook.unit_id].append(hook)
    wanted = {
        (hook.pk, event.name): (hook, event)
        for event in happened(by_unit, since, now)
        for hook in by_unit[event.unit]
        if _is_for(event, hook)
    }
    names = {name for _, name in wanted}
    known = Delivery.objects.filter(webhook__in=hooks, event__in=names).values_list("webhook", "event")
    for pair in known if names else ():
        wanted.pop(pair, None)
    for hook, event in wanted.values():
        _keep(hook, event)
    # Last: a worker that dies before this has looked for nothing, and another finds the same.
    Webhook.objects.filter(pk__in=[hook.pk for hook in hooks], looked_until__lt=now).update(looked_until=now)


@watches("webhook logs", every=SWEEP_EVERY)
def sweep() -> None:
    """Forgets what ended long ago, some at a time."""
    over = Delivery.objects.filter(ended_at__lt=timezone.now() - KEPT_FOR).order_by("pk")
    while some := list(over.values_list("pk", flat=True)[:SOME]):
        Delivery.objects.filter(pk__in=some).delete()


def _is_for(event: Event, hook: Webhook) -> bool:
    """Whether it chose such events, and was switched on when this happened."""
    return event.kind.value in hook.events and event.at > hook.told_from


def _keep(hook: Webhook, event: Event) -> None:
    with transaction.atomic():
        delivery, is_new = Delivery.objects.get_or_create(
            webhook=hook,
            event=event.name,
            defaults={"kind": event.kind.value, "body": written(event), "asked_at": timezone.now()},
        )
        if is_new:
            ask_for(delivery, hook.unit)


@handles(TELL)
def tell(job: RunningJob) -> dict[str, Any]:
    """One try at one delivery; raises NotYet where another is due later."""
    found = Delivery.objects.select_related("webhook").filter(pk=job.arguments["delivery"])
    delivery = found.first()
    if delivery is None or delivery.state != Delivery.State.WAITING:
        return {"told": delivery is not None and delivery.state == Delivery.State.DELIVERED}
    hook, now = delivery.webhook, timezone.now()
    if not hook.is_active:
        _end(delivery, Delivery.State.GIVEN_UP, "The webhook was switched off.")
        return {"told": False}
    if delivery.asked_at < now - WORTH_TELLING_FOR:
        _end(delivery, Delivery.State.GIVEN_UP, "It could not be told for three days.")
        return {"told": False}
    if hook.rest_until is not None and hook.rest_until > now:
        raise NotYet(hook.rest_until - now)
    job.still_mine()
    at = int(now.timestamp())
    headers = signed(delivery.event, at, delivery.body, _keys(hook))
    answer = post(
        hook.url, delivery.body.encode(),
        {"Content-Type": "application/json", "User-Agent": USER_AGENT, **headers}, settings.WEBHOOK_NETWORKS,
        settings.WEBHOOK_AUTHORITIES,
    )  # fmt: skip
    return _noted(job, delivery, answer)


def _noted(job: RunningJob, delivery: Delivery, answer: Answer) -> dict[str, Any]:
    """Writes down what came of a try, and whether there will be another."""
    hook, now = delivery.webhook, timezone.now()
    WEBHOOK_TRIES.labels("taken" if answer.is_taken else "failed").inc()
    pause: timedelta | None = None
    with transaction.atomic():
        job.still_mine()
        Try.objects.create(
            delivery=delivery, at=now, status=answer.status, problem=answer.problem[:300],
            milliseconds=answer.milliseconds,
        )  # fmt: skip
        mine = Webhook.objects.filter(pk=hook.pk)
        if answer.is_taken:
            mine.update(failures=0, rest_until=None)
            _end(delivery, Delivery.State.DELIVERED, "")
            return {"told": True}
        Delivery.objects.filter(pk=delivery.pk).update(failed=F("failed") + 1)
        if answer.status == GONE:
            mine.update(is_active=False)
            _end(delivery, Delivery.State.GIVEN_UP, "It answered 410, gone: the webhook is switched off.")
            return {"told": False}
        # The address rests for all that waits for it: one that does not answer holds up no worker.
        rest = PAUSES[min(hook.failures, len(PAUSES) - 1)]
        mine.update(failures=F("failures") + 1, rest_until=now + rest)
        if delivery.failed >= len(PAUSES):
            _end(delivery, Delivery.State.GIVEN_UP, f"Tried {delivery.failed + 1} times. {answer.problem}")
            return {"told": False}
        pause = PAUSES[delivery.failed]
    raise NotYet(max(pause, rest))


def _end(delivery: Delivery, state: Delivery.State, because: str) -> None:
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING).update(
        state=state, because=because[:300], ended_at=timezone.now()
    )


def _keys(hook: Webhook) -> list[str]:
    """The secrets that sign now: the newest first."""
    keys = [unsealed(hook.secret)]
    if hook.old_secret and hook.old_until is not None and hook.old_until > timezone.now():
        keys.append(unsealed(hook.old_secret))
    return keys
