"""A company's ticket system is told what happens in Procurement: once each, signed, and again until it has it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.jobs import services as jobs
from riskassess.jobs.models import Job
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.webhooks import services, telling
from riskassess.webhooks.events import CHOSEN, Kind
from riskassess.webhooks.models import Delivery, Try, Webhook
from riskassess.webhooks.services import Made
from tests.builders import leases_run_out, let_it_stand, make_assessment, make_decision, make_person, make_run
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def gita(procurement: BusinessUnit) -> User:
    """Administers Procurement."""
    return make_person("Gita Rao", (procurement, Role.ADMINISTRATOR))


@pytest.fixture
def made(gita: User, procurement: BusinessUnit, receiver: Receiver) -> Made:
    return services.make(procurement, "Ticket system", receiver.url, CHOSEN, by=gita)


def look_and_tell() -> None:
    telling.look()
    jobs.drain()


def later(**by: Any) -> None:
    """As if that much time had gone by for everything that waits."""
    gone = timedelta(**by)
    Job.objects.update(run_after=F("run_after") - gone)
    Webhook.objects.update(rest_until=F("rest_until") - gone)


def test_a_decision_is_told_once_and_signed(
    made: Made, receiver: Receiver, ana: User, ben: User, procurement: BusinessUnit
) -> None:
    run = make_run(make_assessment(ana, procurement, state="submitted"), "CONDITIONAL")
    decision = make_decision(run, ben, "REJECT")
    for _ in range(3):
        look_and_tell()
    (message,) = receiver.got
    assert message.is_signed_by(made.secret)
    assert message.headers["webhook-id"] == f"decision-{decision.pk}"
    assert message.headers["content-type"] == "application/json"
    said = message.said
    assert said["type"] == "decision.made"
    assert said["data"]["outcome"] == "REJECT"
    assert said["data"]["computed"] == {
        "run": run.result_id, "decision": "CONDITIONAL", "risk_low": "19.7", "risk_high": "43.5",
    }  # fmt: skip
    assert said["data"]["url"].endswith(f"/assessments/{run.assessment_id}/")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries.get().status) == ("delivered", 204)


def test_a_score_that_moved_is_told_with_before_and_after_and_one_that_stayed_is_not(
    made: Made, receiver: Receiver, ana: User, procurement: BusinessUnit
) -> None:
    assessment = make_assessment(ana, procurement)
    make_run(assessment)
    look_and_tell()
    assert not receiver.got  # a first score moves nothing
    make_run(assessment)
    look_and_tell()
    assert not receiver.got  # the same numbers again
    make_run(assessment, "REJECT", risk_low=7100, risk_high=8000)
    look_and_tell()
    (message,) = receiver.got
    assert message.said["type"] == "score.moved"
    assert message.said["data"]["before"]["risk_high"] == "43.5"
    assert message.said["data"]["after"]["decision"] == "REJECT"


def test_a_review_that_falls_due_is_told_once(
    made: Made, receiver: Receiver, ana: User, ben: User, procurement: BusinessUnit
) -> None:
    today = timezone.localdate()
    run = make_run(make_assessment(ana, procurement, state="submitted"))
    let_it_stand(make_decision(run, ben, "CONDITIONAL"), review_on=today)
    later_one = make_run(make_assessment(ana, procurement, state="submitted"))
    let_it_stand(make_decision(later_one, ben, "CONDITIONAL"), review_on=today + timedelta(days=9))
    look_and_tell()
    look_and_tell()
    told = [one.said["data"]["assessment"] for one in receiver.got if one.said["type"] == "review.due"]
    assert told == [run.assessment_id]


def test_nothing_of_another_unit_and_nothing_not_chosen_is_told(
    gita: User, receiver: Receiver, ana: User, cleo: User, procurement: BusinessUnit, research: BusinessUnit
) -> None:
    services.make(procurement, "Reviews only", receiver.url, [Kind.REVIEW_DUE], by=gita)
    make_decision(make_run(make_assessment(ana, procurement, state="submitted")), ana)
    make_decision(make_run(make_assessment(cleo, research, state="submitted")), cleo)
    look_and_tell()
    assert not receiver.got
    assert not Delivery.objects.exists()


def test_what_happened_before_or_while_it_was_off_is_not_told(
    made: Made, gita: User, receiver: Receiver, ana: User, ben: User, procurement: BusinessUnit
) -> None:
    services.switch(made.webhook, on=False, by=gita)
    make_decision(make_run(make_assessment(ana, procurement, state="submitted")), ben)
    look_and_tell()
    services.switch(made.webhook, on=True, by=gita)
    look_and_tell()
    assert not receiver.got
    make_decision(make_run(make_assessment(ana, procurement, state="submitted")), ben)
    look_and_tell()
    assert len(receiver.got) == 1


def test_one_that_does_not_answer_well_is_tried_again_under_the_same_id(
    made: Made, gita: User, receiver: Receiver
) -> None:
    receiver.answers = 503
    delivery = services.try_it(made.webhook, by=gita)
    jobs.drain()
    jobs.drain()
    assert len(receiver.got) == 1  # it rests
    later(seconds=6)
    jobs.drain()
    receiver.answers = 200
    later(minutes=6)
    jobs.drain()
    ids = {one.headers["webhook-id"] for one in receiver.got}
    bodies = {one.body for one in receiver.got}
    assert (len(receiver.got), ids, len(bodies)) == (3, {delivery.event}, 1)
    assert [one.status for one in delivery.tries.all()] == [200, 503, 503]
    hook = Webhook.objects.get()
    assert (hook.failures, hook.rest_until) == (0, None)


def test_after_eight_tries_it_is_given_up_and_can_be_asked_for_again(
    made: Made, gita: User, receiver: Receiver
) -> None:
    receiver.answers = 500
    delivery = services.try_it(made.webhook, by=gita)
    for _ in range(12):
        jobs.drain()
        later(hours=11)
    delivery.refresh_from_db()
    assert (len(receiver.got), delivery.state) == (8, "given_up")
    assert "8 times" in delivery.because
    receiver.answers = 200
    services.send_again(delivery, by=gita)
    jobs.drain()
    delivery.refresh_from_db()
    assert (len(receiver.got), delivery.state, delivery.because) == (9, "delivered", "")
    with pytest.raises(Conflict, match="not given up"):
        services.send_again(delivery, by=gita)


def test_what_was_given_up_before_it_was_tried_can_be_asked_for_too(
    made: Made, gita: User, receiver: Receiver
) -> None:
    delivery = services.try_it(made.webhook, by=gita)
    services.switch(made.webhook, on=False, by=gita)
    jobs.drain()
    services.switch(made.webhook, on=True, by=gita)
    delivery.refresh_from_db()
    assert (delivery.state, len(receiver.got)) == ("given_up", 0)
    services.send_again(delivery, by=gita)
    jobs.drain()
    delivery.refresh_from_db()
    assert (delivery.state, len(receiver.got)) == ("delivered", 1)


def test_an_address_that_fails_holds_up_nobody_and_its_pile_ends(
    made: Made, gita: User, receiver: Receiver, ana: User, ben: User, procurement: BusinessUnit
) -> None:
    receiver.answers = 500
    for _ in range(5):
        make_decision(make_run(make_assessment(ana, procurement, state="submitted")), ben)
    look_and_tell()
    assert len(receiver.got) == 1  # the others wait for it to answer
    Delivery.objects.update(asked_at=timezone.now() - timedelta(days=4))
    later(minutes=1)
    jobs.drain()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"given_up"}
    assert not Job.objects.unfinished().exists()


def test_gone_switches_it_off(made: Made, gita: User, receiver: Receiver) -> None:
    receiver.answers = 410
    services.try_it(made.webhook, by=gita)
    jobs.drain()
    assert not Webhook.objects.get().is_active
    assert "410" in Delivery.objects.get().because


def test_a_worker_that_dies_before_it_wrote_the_answer_down_tells_again_under_the_same_id(
    made: Made, gita: User, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.try_it(made.webhook, by=gita)
    with monkeypatch.context() as broken:
        broken.setattr(telling, "_noted", _dies)
        with pytest.raises(KeyboardInterrupt):
            jobs.drain()
    leases_run_out()
    jobs.drain()
    assert len({one.headers["webhook-id"] for one in receiver.got}) == 1
    assert (len(receiver.got), Delivery.objects.get().state, Try.objects.count()) == (2, "delivered", 1)


def _dies(*args: Any) -> None:
    raise KeyboardInterrupt


def test_a_changed_secret_leaves_a_day_in_which_both_sign(made: Made, gita: User, receiver: Receiver) -> None:
    new = services.change_secret(Webhook.objects.get(), by=gita)
    services.try_it(Webhook.objects.get(), by=gita)
    jobs.drain()
    assert receiver.got[0].is_signed_by(made.secret)
    assert receiver.got[0].is_signed_by(new.secret)
    Webhook.objects.update(old_until=timezone.now() - timedelta(seconds=1))
    services.try_it(Webhook.objects.get(), by=gita)
    jobs.drain()
    assert not receiver.got[1].is_signed_by(made.secret)
    assert receiver.got[1].is_signed_by(new.secret)


def test_the_secret_stands_nowhere_in_the_database(made: Made) -> None:
    hook = Webhook.objects.get()
    assert made.secret not in hook.secret
    assert made.secret.removeprefix("whsec_") not in hook.secret


def test_only_who_administers_the_unit_makes_one(
    ana: User, ben: User, procurement: BusinessUnit, research: BusinessUnit, gita: User, receiver: Receiver
) -> None:
    for who, unit in ((ana, procurement), (ben, procurement), (gita, research)):
        with pytest.raises(PermissionDenied):
            services.make(unit, "Mine", receiver.url, CHOSEN, by=who)


def test_one_that_cannot_be_is_refused_in_words(
    gita: User, procurement: BusinessUnit, made: Made, receiver: Receiver
) -> None:
    with pytest.raises(Conflict, match="Ticket system"):
        services.make(procurement, "Ticket system", receiver.url, CHOSEN, by=gita)
    with pytest.raises(InvalidInput, match="Name it"):
        services.make(procurement, " ", receiver.url, CHOSEN, by=gita)
    with pytest.raises(InvalidInput, match="what it is told"):
        services.make(procurement, "Other", receiver.url, [], by=gita)


def test_the_log_is_forgotten_after_its_time(made: Made, gita: User, receiver: Receiver) -> None:
    services.try_it(made.webhook, by=gita)
    jobs.drain()
    telling.sweep()
    assert Delivery.objects.count() == 1
    Delivery.objects.update(ended_at=timezone.now() - telling.KEPT_FOR - timedelta(days=1))
    telling.sweep()
    assert not Delivery.objects.exists()
