"""From submitted to in force to due for review: who takes it up, what a condition needs, who says it is met."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments import services
from riskassess.assessments.conditions import NewCondition, meet
from riskassess.assessments.models import Assessment, Condition
from riskassess.assessments.states import MOVES, Standing, State, standing_of
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.api.calls import read, send, told
from tests.builders import (
    TODAY,
    a_condition,
    an_acceptance,
    let_it_stand,
    make_assessment,
    make_decision,
    make_person,
    make_run,
)
from tests.queries import FRAME, assert_queries


@pytest.fixture
def gerd(procurement: BusinessUnit) -> User:
    """Approves in Procurement too."""
    return make_person("Gerd Voss", (procurement, Role.APPROVER))


@pytest.fixture
def submitted(ana: User, procurement: BusinessUnit) -> Assessment:
    draft = make_assessment(ana, procurement)
    services.submit(draft, by=ana)
    drain()
    draft.refresh_from_db()
    return draft


@pytest.fixture
def approved(submitted: Assessment, ben: User) -> Assessment:
    """Approved by ben on two conditions, against what was computed."""
    services.decide(
        submitted,
        "CONDITIONAL",
        by=ben,
        reason="A pilot shows more.",
        conditions=(a_condition("No personal data", days=10), a_condition("Names of all sub-processors")),
        valid_until=timezone.localdate() + timedelta(days=365),
        accept=an_acceptance(),
    )
    return submitted


class TestStates:
    def test_every_state_is_reached_and_only_the_end_is_final(self) -> None:
        reached = {move.end for move in MOVES.values()}
        left = {start for move in MOVES.values() for start in move.start}
        assert reached | {State.DRAFT} == set(State)
        assert set(State) - left == {State.SUPERSEDED, State.WITHDRAWN}

    @pytest.mark.parametrize(
        ("state", "outcome", "review_on", "stands"),
        [
            ("draft", "", None, "draft"),
            ("in_review", "", None, "in_review"),
            ("decided", "APPROVE", None, "in_force"),
            ("decided", "CONDITIONAL", TODAY + timedelta(days=1), "in_force"),
            ("decided", "CONDITIONAL", TODAY, "review_due"),
            ("decided", "REJECT", TODAY, "decided"),
            ("superseded", "APPROVE", TODAY, "superseded"),
        ],
    )
    def test_what_a_day_makes_of_a_decision(
        self, state: str, outcome: str, review_on: date | None, stands: str,
        ana: User, ben: User, procurement: BusinessUnit,
    ) -> None:  # fmt: skip
        """In Python and in the database alike."""
        assert standing_of(State(state), outcome, review_on, TODAY) is Standing(stands)
        row = make_assessment(ana, procurement)
        if outcome:
            let_it_stand(make_decision(make_run(row), ben, outcome), state=state, review_on=review_on)
        else:
            Assessment.objects.filter(pk=row.pk).update(
                state=state, reviewer=ben, submitted_by=ana, review_on=review_on
            )
        found = [one for one in Standing if Assessment.objects.standing(one, TODAY).exists()]
        assert found == [Standing(stands)]

    def test_nothing_is_in_review_by_nobody(self, submitted: Assessment) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Assessment.objects.filter(pk=submitted.pk).update(state="in_review")


class TestReview:
    def test_what_ben_takes_up_is_his_until_gerd_takes_it_over(
        self, submitted: Assessment, ben: User, gerd: User
    ) -> None:
        services.take_up(submitted, by=ben)
        assert (submitted.state, submitted.reviewer) == ("in_review", ben)
        with pytest.raises(Conflict, match="Ben Lindqvist reviews this"):
            services.decide(submitted, "ESCALATE", by=gerd)
        services.take_up(submitted, by=gerd)
        services.decide(submitted, "ESCALATE", by=gerd)
        assert submitted.standing is Standing.DECIDED  # escalated: nothing is in force

    def test_ana_reviews_nothing_of_her_own_even_as_an_approver(
        self, submitted: Assessment, ana: User, procurement: BusinessUnit
    ) -> None:
        ana.memberships.create(unit=procurement, role=Role.APPROVER.value)
        with pytest.raises(NotAllowed, match="You submitted"):
            services.take_up(submitted, by=ana)

    def test_it_waits_for_the_reviewer_alone(
        self, submitted: Assessment, as_ben: Client, ben: User, gerd: User
    ) -> None:
        assert "Decide or return" in as_ben.get("/").content.decode()
        services.take_up(submitted, by=gerd)
        assert "Decide or return" not in as_ben.get("/").content.decode()
        page = as_ben.get(f"/assessments/{submitted.pk}/decision/").content.decode()
        assert "Take over from Gerd Voss" in page
        assert "in review by Gerd Voss" in page
        assert 'id="decide"' not in page
        as_ben.post(f"/assessments/{submitted.pk}/move/take/")
        submitted.refresh_from_db()
        assert submitted.reviewer == ben

    def test_an_unknown_move_is_no_page(self, submitted: Assessment, as_ben: Client) -> None:
        assert as_ben.post(f"/assessments/{submitted.pk}/move/approve/").status_code == 404

    def test_an_approval_that_nobody_needs_any_more_is_withdrawn(
        self, approved: Assessment, ana: User
    ) -> None:
        assert approved.standing is Standing.IN_FORCE
        services.withdraw(approved, by=ana)
        assert approved.standing is Standing.WITHDRAWN
        assert not Condition.objects.outstanding().exists()

    def test_a_reopened_one_has_no_decision_that_stands(self, approved: Assessment, ana: User) -> None:
        services.reopen(approved, by=ana)
        assert (approved.decision, approved.review_on, approved.reviewer) == (None, None, None)
        assert approved.decisions.count() == 1


class TestSeen:
    def test_ben_decides_on_the_score_that_he_looked_at(
        self, submitted: Assessment, as_ben: Client, ben: User
    ) -> None:
        looked_at = submitted.current_run
        assert looked_at is not None
        page = as_ben.get(f"/assessments/{submitted.pk}/decision/").content.decode()
        assert f'name="run" value="{looked_at.pk}"' in page
        make_run(submitted, "ESCALATE")
        sent = {"outcome": "ESCALATE", "run": looked_at.pk}
        page = as_ben.post(f"/assessments/{submitted.pk}/decide/", sent).headers["Location"]
        submitted.refresh_from_db()
        assert submitted.state == "submitted"
        with pytest.raises(Conflict, match="changed since you looked"):
            services.decide(submitted, "ESCALATE", by=ben, seen=looked_at.pk)
        told(send(as_ben, "post", f"assessments/{submitted.pk}/decide/", sent), 409)

    def test_ana_withdraws_it_on_the_page(self, approved: Assessment, as_ana: Client, as_ben: Client) -> None:
        address = f"/assessments/{approved.pk}/decision/"
        assert "Withdraw it" not in as_ben.get(address).content.decode()
        assert "Withdraw it" in as_ana.get(address).content.decode()
        as_ana.post(f"/assessments/{approved.pk}/move/withdraw/")
        page = as_ana.get(address).content.decode()
        assert "withdrawn" in page
        assert "Withdraw it" not in page


class TestConditions:
    @pytest.mark.parametrize(
        ("condition", "lacks"),
        [
            (NewCondition(" ", "Ana", date(2030, 1, 1)), "lacks what must be so"),
            (NewCondition("No data", "", date(2030, 1, 1)), "lacks an owner"),
            (NewCondition("No data", "", None), "lacks an owner and a day"),
            (NewCondition("No data", "Ana", date(2026, 1, 1)), "late already"),
            (NewCondition("No data", "A" * 201, date(2030, 1, 1)), "too long"),
        ],
    )
    def test_a_condition_that_nobody_could_follow_up_is_refused(
        self, submitted: Assessment, ben: User, condition: NewCondition, lacks: str
    ) -> None:
        with pytest.raises(InvalidInput, match=lacks):
            services.decide(submitted, "CONDITIONAL", by=ben, reason="Pilot.", conditions=(condition,))
        submitted.refresh_from_db()
        assert submitted.state == "submitted"

    def test_ana_says_once_that_it_is_met_and_what_shows_it(
        self, approved: Assessment, ana: User, ben: User, cleo: User, dora: User
    ) -> None:
        first, second = Condition.objects.outstanding()
        assert first.text == "No personal data"  # the next due comes first
        for stranger in (cleo, dora):
            with pytest.raises(NotAllowed):
                meet(first, "Seen.", by=stranger, on=TODAY)
        with pytest.raises(InvalidInput, match="what shows"):
            meet(first, " ", by=ana, on=TODAY)
        meet(first, "Filter in place, ticket 7.", by=ana, on=TODAY)
        with pytest.raises(Conflict, match="already"):
            meet(first, "Me too.", by=ben, on=TODAY)
        assert (first.met_by, first.met_on) == (ana, TODAY)
        assert list(Condition.objects.outstanding()) == [second]

    def test_a_condition_of_a_decision_that_no_longer_stands_is_left_alone(
        self, approved: Assessment, ana: User
    ) -> None:
        condition = Condition.objects.outstanding()[0]
        services.reopen(approved, by=ana)
        condition.refresh_from_db()
        with pytest.raises(Conflict, match="no longer stands"):
            meet(condition, "Done.", by=ana, on=TODAY)


def row(number: int, **values: str) -> dict[str, str]:
    return {f"condition-{number}-{name}": value for name, value in values.items()}


class TestPages:
    def test_ben_fills_rows_and_nothing_he_typed_is_lost_when_one_is_refused(
        self, as_ben: Client, submitted: Assessment
    ) -> None:
        day = (timezone.localdate() + timedelta(days=30)).isoformat()
        sent: dict[str, Any] = {
            "outcome": "CONDITIONAL",
            "reason": "Pilot of 90 days.",
            "accept_until": day,
            **row(0, text="No personal data", owner="Ana Ferreira", due_on=day),
            **row(5, text="Sub-processors named", owner="", due_on=day),
        }
        address = f"/assessments/{submitted.pk}/decide/"
        page = as_ben.post(address, sent).content.decode()
        assert "Condition 2 lacks an owner" in page
        assert "Pilot of 90 days." in page
        assert 'value="Sub-processors named"' in page
        answer = as_ben.post(address, {**sent, "condition-5-owner": "The vendor"}, follow=True)
        page = answer.content.decode()
        assert "Your decision is recorded." in page
        assert "The vendor" in page
        assert "What shows that it is met" in page

    def test_a_condition_is_followed_up_on_the_page_and_printed(
        self, as_ana: Client, as_dora: Client, approved: Assessment
    ) -> None:
        first = Condition.objects.outstanding()[0]
        address = f"/assessments/{approved.pk}/conditions/{first.pk}/met/"
        run = approved.decision.run if approved.decision else None
        assert run is not None
        seen = as_dora.get(f"/runs/{run.pk}/").content.decode()
        assert "What shows that it is met" not in seen, "an auditor reads"
        as_dora.post(address, {"note": "I say so."})
        assert not Condition.objects.exclude(met_on=None).exists()
        page = as_ana.post(address, {"note": "Ticket 7"}, follow=True).content.decode()
        assert "The condition is met" in page
        assert "says Ana Ferreira: Ticket 7" in page

    def test_conditions_that_are_due_stand_on_the_first_page_of_the_unit(
        self, as_ana: Client, as_cleo: Client, approved: Assessment
    ) -> None:
        page = as_ana.get("/").content.decode()
        due = page[page.index("Conditions due") : page.index("Recent decisions")]
        assert due.index("No personal data") < due.index("Names of all sub-processors")
        assert "in 10 days" in due
        assert "Conditions due" not in as_cleo.get("/").content.decode()

    def test_the_list_finds_what_is_due_for_review_without_more_queries(
        self, as_ana: Client, ana: User, ben: User, procurement: BusinessUnit
    ) -> None:
        for number in range(4):
            one = make_assessment(ana, procurement, use_case=f"Use {number}")
            late = timezone.localdate() - timedelta(days=number - 1)
            let_it_stand(make_decision(make_run(one), ben), review_on=late)
        page = as_ana.get("/assessments/", {"state": "review_due"}).content.decode()
        found = [number for number in range(4) if f"Use {number}" in page]
        assert found == [1, 2, 3]
        reasons = ("which rows", "the page")
        assert_queries(as_ana, "/assessments/?state=review_due", (*FRAME, *reasons))


def test_over_the_api_it_is_taken_up_decided_and_followed_up(
    as_ana: Client, as_ben: Client, as_cleo: Client, submitted: Assessment
) -> None:
    at = f"assessments/{submitted.pk}"
    told(send(as_cleo, "post", f"{at}/take/"), 404)
    told(send(as_ana, "post", f"{at}/take/"), 403)
    assert send(as_ben, "post", f"{at}/take/").json()["state"] == "in_review"
    verdict: dict[str, Any] = {
        "outcome": "CONDITIONAL",
        "reason": "Pilot.",
        "accept_until": "2030-01-01",
        "conditions": [{"text": "No data"}],
    }
    told(send(as_ben, "post", f"{at}/decide/", verdict), 400)
    verdict["conditions"][0] |= {"owner": "Ana", "due_on": "2030-01-01"}
    made = send(as_ben, "post", f"{at}/decide/", verdict).json()
    stands = read(as_ana, f"{at}/")
    assert (stands["standing"], stands["decided"]) == ("in_force", "CONDITIONAL")
    address = f"{at}/conditions/{made['conditions'][0]['id']}/met/"
    told(send(as_cleo, "post", address, {"note": "Done."}), 404)
    assert send(as_ana, "post", address, {"note": "Ticket 7"}).json()["met_note"] == "Ticket 7"
    told(send(as_ana, "post", address, {"note": "Ticket 8"}), 409)
