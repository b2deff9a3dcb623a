"""Risk that is borne for a time, and the reassessment that follows: taken over, compared, superseding."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import services
from riskassess.assessments.accepting import Acceptance, why_accept
from riskassess.assessments.answers import Given
from riskassess.assessments.gather import gather
from riskassess.assessments.models import Assessment
from riskassess.assessments.reassessing import reassess
from riskassess.assessments.scoring import current_method
from riskassess.assessments.states import Standing
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.reports.content import report_content
from riskassess.reports.sheets import write_summary
from riskassess.reports.versions import version_of
from tests.api.calls import read, send, told
from tests.builders import TODAY, an_acceptance, make_assessment, make_mitigation
from tests.queries import FRAME, assert_queries

LATER = TODAY + timedelta(days=200)


@pytest.fixture
def submitted(ana: User, procurement: BusinessUnit) -> Assessment:
    draft = make_assessment(ana, procurement, description="All offices")
    services.answer(draft, "profile.D", Given("known", 1), by=ana)
    services.answer(draft, "DAT-TRN", Given("known", 1, note="Read the contract."), by=ana)
    make_mitigation(draft, "Filter")
    services.submit(draft, by=ana)
    drain()
    draft.refresh_from_db()
    return draft


def approve(assessment: Assessment, ben: User, **changes: object) -> None:
    facts = {"reason": "A trial.", "accept": an_acceptance(), **changes}
    services.decide(assessment, "APPROVE", by=ben, **facts)  # type: ignore[arg-type]


@pytest.fixture
def approved(submitted: Assessment, ben: User) -> Assessment:
    approve(submitted, ben)
    return submitted


@pytest.fixture
def again(approved: Assessment, ana: User) -> Assessment:
    made = reassess(approved, by=ana, on=LATER)
    drain()
    made.refresh_from_db()
    return made


class TestAcceptance:
    def test_who_buys_better_than_computed_says_until_when_the_risk_is_borne(
        self, submitted: Assessment, ben: User
    ) -> None:
        for accept, says in (
            (Acceptance(), "accepts that risk"),
            (Acceptance("Small.", date(2026, 1, 1)), "for no day"),
        ):
            with pytest.raises(InvalidInput, match=says) as refused:
                approve(submitted, ben, accept=accept)
            assert refused.value.where == "accept_until"
        approve(submitted, ben)
        accepted = submitted.decisions.get().acceptance
        assert (accepted.accepted_by, accepted.reason) == (ben, "A trial.")

    def test_who_does_not_buy_accepts_nothing(self, submitted: Assessment, ben: User) -> None:
        made = services.decide(submitted, "ESCALATE", by=ben)
        assert not hasattr(made, "acceptance")
        assert submitted.review_on is None

    def test_a_computed_approval_on_conditions_leaves_risk_above_the_line(
        self, submitted: Assessment
    ) -> None:
        run = submitted.current_run
        assert run is not None
        run.decision, run.decision_rank = "CONDITIONAL", 1
        assert "may reach 25" in why_accept(run, "CONDITIONAL")
        run.risk_high, run.record = 24 * run.denominator, "{}"
        assert why_accept(run, "CONDITIONAL") == ""
        run.record = json.dumps({"views": {"target": {"risk": [0, 25 * run.denominator]}}})
        assert "may reach 25" in why_accept(run, "CONDITIONAL")

    def test_what_runs_out_first_makes_it_due_for_review(self, submitted: Assessment, ben: User) -> None:
        today = timezone.localdate()
        approve(submitted, ben, valid_until=today + timedelta(days=300))
        assert submitted.review_on == today + timedelta(days=180)
        assert submitted.standing is Standing.IN_FORCE
        submitted.review_on = today  # the day has come
        assert submitted.standing is Standing.REVIEW_DUE

    def test_it_is_printed_on_page_and_workbook_and_makes_another_report(
        self, as_ana: Client, submitted: Assessment, ben: User
    ) -> None:
        run = submitted.current_run
        assert run is not None
        before = version_of(run, "en")
        approve(submitted, ben, accept=an_acceptance(reason="Two people try it."))
        words = "Risk accepted by Ben Lindqvist until"
        page = as_ana.get(f"/runs/{run.pk}/").content.decode()
        assert words in page
        assert "Two people try it." in page
        found = report_content(run)
        assert found.decided is not None
        assert found.decided.accepted.startswith(words)
        sheet = Workbook().create_sheet()
        write_summary(sheet, found)
        assert any(words in str(cell.value) for row in sheet.iter_rows() for cell in row)
        assert version_of(run, "en") != before


class TestReassessing:
    def test_answers_and_controls_are_taken_over_into_a_draft_that_names_its_predecessor(
        self, approved: Assessment, again: Assessment, ana: User
    ) -> None:
        assert (again.state, again.predecessor, again.as_of) == ("draft", approved, LATER)
        assert (again.due_on, again.description) == (approved.review_on, "All offices")
        kept = {one.question: (one.value, one.note, one.answered_by) for one in again.answers.all()}
        assert kept == {"profile.D": (1, "", ana), "DAT-TRN": (1, "Read the contract.", ana)}
        assert [one.title for one in again.mitigations.all()] == ["Filter"]
        assert approved.answers.count() == 2
        approved.refresh_from_db()
        assert approved.standing is Standing.IN_FORCE, "it stands until the new one is decided"

    def test_copying_freshens_no_evidence_answering_anew_does(self, again: Assessment, ana: User) -> None:
        def spoken_for() -> date | None:
            found = gather(again, LATER, current_method()).evidence["DAT-TRN"]
            return next(one.on for one in found if one.kind == "answer")

        assert spoken_for() == TODAY
        services.answer(again, "DAT-TRN", Given("known", 1), by=ana)
        assert spoken_for() == LATER

    def test_one_at_a_time_of_decided_ones_by_who_assesses(
        self, approved: Assessment, again: Assessment, ana: User, ben: User
    ) -> None:
        with pytest.raises(NotAllowed):
            reassess(approved, by=ben, on=LATER)
        with pytest.raises(Conflict, match="already"):
            reassess(approved, by=ana, on=LATER)
        with pytest.raises(Conflict, match="Only a decided"):
            reassess(again, by=ana, on=LATER)
        services.withdraw(again, by=ana)
        assert reassess(approved, by=ana, on=LATER).predecessor == approved

    @pytest.mark.parametrize(("outcome", "stands"), [("REJECT", "superseded"), ("ESCALATE", "in_force")])
    def test_deciding_the_new_one_supersedes_the_old_unless_it_is_left_to_others(
        self, approved: Assessment, again: Assessment, ana: User, ben: User, outcome: str, stands: str
    ) -> None:
        services.submit(again, by=ana)
        drain()
        again.refresh_from_db()
        services.decide(again, outcome, by=ben, reason="Seen anew.")
        approved.refresh_from_db()
        assert approved.standing is Standing(stands)
        assert approved.decision is not None, "what was decided then stays on the record"

    def test_the_page_says_what_was_answered_otherwise_and_by_how_much_it_moved(
        self, as_ana: Client, as_cleo: Client, again: Assessment, ana: User
    ) -> None:
        address = f"/assessments/{again.pk}/reassessed/"
        assert "Every answer is the same as before." in as_ana.get(address).content.decode()
        services.answer(again, "DAT-TRN", Given("known", 4), by=ana)
        services.answer(again, "profile.D", Given(), by=ana)
        services.request_score(again, by=ana)
        drain()
        page = as_ana.get(address).content.decode()
        answers = page[page.index('id="h-answers"') :]
        assert "2 changed" in answers
        assert "taken back" in answers
        assert "What moved the points" in page
        assert as_cleo.get(address).status_code == 404
        reasons = ("both assessments and their runs", "answers before",
                   "answers now")  # fmt: skip
        assert_queries(as_ana, address, (*FRAME, *reasons))

    def test_from_the_decision_to_the_new_draft_and_back(
        self, as_ana: Client, as_ben: Client, approved: Assessment
    ) -> None:
        at = f"/assessments/{approved.pk}"
        assert "Reassess" not in as_ben.get(f"{at}/decision/").content.decode()
        page = as_ana.post(f"{at}/reassess/", follow=True).content.decode()
        assert "Taken over with its answers and controls" in page
        assert "already" in as_ana.post(f"{at}/reassess/", follow=True).content.decode()
        made = approved.successors.get()
        drain()
        assert "It is being reassessed." in as_ana.get(f"{at}/decision/").content.decode()
        page = as_ana.get(f"/assessments/{made.pk}/decision/").content.decode()
        assert f"/assessments/{made.pk}/reassessed/" in page
        assert as_ana.get(f"{at}/reassessed/").status_code == 404, "it reassesses nothing"


def test_over_the_api(as_ana: Client, as_cleo: Client, as_ben: Client, approved: Assessment) -> None:
    at = f"assessments/{approved.pk}"
    told(send(as_cleo, "post", f"{at}/reassess/"), 404)
    told(send(as_ben, "post", f"{at}/reassess/"), 403)
    made = send(as_ana, "post", f"{at}/reassess/")
    assert (made.status_code, made.json()["predecessor"]) == (201, approved.pk)
    told(send(as_ana, "post", f"{at}/reassess/"), 409)
    assert read(as_ana, f"{at}/decisions/")[0]["acceptance"]["reason"] == "A trial."
