"""An approval is bound to what it approved: what moves under it is found by the next look, and said in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import mitigating, services
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Assessment, Decision, ScoreRun
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from riskassess.reports.staleness import STALENESS, look
from tests.api.calls import read
from tests.builders import an_acceptance, make_assessment, make_mitigation, make_offering, make_value


@pytest.fixture
def approved(ana: User, ben: User, procurement: BusinessUnit) -> Assessment:
    """Approved today; the worker has looked once since."""
    made = make_assessment(ana, procurement, offering=make_offering(stage="ga"), as_of=timezone.localdate())
    services.answer(made, "profile.D", Given("known", 3), by=ana)
    make_mitigation(made, "Filter")
    services.submit(made, by=ana)
    drain()
    made.refresh_from_db()
    services.decide(made, "APPROVE", by=ben, reason="A trial.", accept=an_acceptance())
    look()
    drain()
    return made


def stands(assessment: Assessment) -> Decision:
    assessment.refresh_from_db()
    assert assessment.decision is not None
    assessment.decision.refresh_from_db()
    return assessment.decision


def moves(assessment: Assessment) -> None:
    """The vendor says it is a preview again: a fact under the approval is another one."""
    offering = assessment.offering
    offering.stage = "preview"
    offering.save()


def test_what_nobody_moved_is_not_stale_and_no_second_job_is_asked_for(approved: Assessment) -> None:
    assert not stands(approved).is_stale
    before = Job.objects.filter(kind=STALENESS).count()
    look()
    look()
    assert Job.objects.filter(kind=STALENESS).count() == before


def test_a_fact_that_moves_makes_it_stale_and_says_what_and_by_how_much(
    as_ana: Client, as_cleo: Client, approved: Assessment
) -> None:
    moves(approved)
    look()
    assert drain() == 1
    decision = stands(approved)
    assert decision.is_stale
    assert decision.stale_run is not None
    assert "risk" in decision.stale_words
    assert approved.current_run == decision.run, "what was decided on is still shown"

    page = as_ana.get(f"/assessments/{approved.pk}/decision/").content.decode()
    assert "Stale: what was decided on has moved" in page
    assert decision.stale_words in page
    why = f"/runs/{decision.stale_run_id}/changes/{decision.run_id}/"
    assert why in page
    assert "preview" in as_ana.get(why).content.decode().lower()
    assert "Stale" in as_ana.get("/assessments/").content.decode()
    first = as_ana.get("/").content.decode()
    assert decision.stale_words in first[first.index("To look at again") :]
    assert read(as_ana, f"assessments/{approved.pk}/")["stale"] == decision.stale_words
    assert "To look at again" not in as_cleo.get("/").content.decode()


def test_what_is_put_back_is_not_stale_any_more(approved: Assessment) -> None:
    moves(approved)
    look()
    drain()
    assert stands(approved).is_stale
    approved.offering.stage = "ga"
    approved.offering.save()
    look()
    drain()
    decision = stands(approved)
    assert (decision.is_stale, decision.stale_words, decision.stale_run) == (False, "", None)


def test_following_up_a_control_is_no_reason_to_look_again(approved: Assessment, ana: User) -> None:
    control = approved.mitigations.get()
    mitigating.change(control, by=ana, status="verified", evidence="Tested, ticket 9.")
    look()
    drain()
    assert not stands(approved).is_stale


def test_rules_of_another_release_are_named(approved: Assessment) -> None:
    ScoreRun.objects.filter(pk=stands(approved).run_id).update(
        record=stands(approved).run.record.replace(
            '"rules_release":"2026-11-24"', '"rules_release":"2025-01-01"'
        )
    )
    Decision.objects.update(compared="")
    look()
    make_value(approved.offering, "sla_percent", 99)
    look()
    drain()
    assert "1 rule, method, appetite or day changed" in stands(approved).stale_words


def test_an_approval_that_no_longer_stands_is_left_alone(approved: Assessment, ana: User) -> None:
    services.withdraw(approved, by=ana)
    asked = Job.objects.filter(kind=STALENESS).count()
    moves(approved)
    look()
    drain()
    assert Job.objects.filter(kind=STALENESS).count() == asked
    assert not stands(approved).is_stale


def test_where_nothing_is_approved_nothing_is_asked_for(ana: User, procurement: BusinessUnit) -> None:
    make_assessment(ana, procurement, state="submitted")
    look()
    assert not Job.objects.exists()


def test_the_look_costs_the_same_however_many_approvals_there_are(approved: Assessment) -> None:
    with CaptureQueriesContext(connection) as captured:
        look()
    kinds = [query["sql"] for query in captured.captured_queries]
    assert len(kinds) <= 30, "\n".join(kinds)
    assert not any("assessments_scorerun" in sql for sql in kinds), "no run is opened"


def test_what_did_not_move_is_gathered_and_not_judged_again(approved: Assessment) -> None:
    make_offering()  # something in the catalog moved, nothing under this approval
    look()
    drain()
    assert Job.objects.filter(kind=STALENESS).latest("created_at").result == {
        "looked": 1, "judged": 0, "stale": 0,
    }  # fmt: skip


def test_an_expired_acceptance_is_due_for_review_on_the_first_page(
    as_ana: Client, approved: Assessment
) -> None:
    Assessment.objects.filter(pk=approved.pk).update(review_on=timezone.localdate() - timedelta(days=4))
    page = as_ana.get("/").content.decode()
    again = page[page.index("To look at again") : page.index("Recent decisions")]
    assert "review due" in again
    assert "4 days late" in again
