"""The organisation's risk appetite: set by those who may, with a reason; kept for ever; and what it moves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments import appetite as services
from riskassess.assessments import appetite_preview
from riskassess.assessments.appetite_preview import Numbers, preview, rank_by_columns, rank_by_record
from riskassess.assessments.models import Assessment, RiskAppetite, ScoreRun
from riskassess.assessments.record import record_of
from riskassess.assessments.rescoring import RESCORE, portfolio
from riskassess.assessments.scoring import judge_now, score, verify_run
from riskassess.assessments.services import decide
from riskassess.assessments.verifying import verify
from riskassess.home.demo.loading import load_all
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.scoring.appetite import own_appetite, under
from riskassess.scoring.canonical import canonical_json, digest
from riskassess.scoring.engine import compute
from riskassess.scoring.method import DECISIONS, load_method
from tests.builders import TODAY, make_assessment, make_person
from tests.scoring.mini import JUNE
from tests.scoring.strategies import assessments, gate_states

METHOD = load_method()
OWN = own_appetite(METHOD)
STRICT = replace(OWN, approve=20, conditional=30, reject=55)


@pytest.fixture
def hana(procurement: BusinessUnit) -> User:
    """Answers for the risk that the company takes."""
    return make_person("Hana Sato", (procurement, Role.ADMINISTRATOR))


@pytest.fixture
def draft(ana: User, procurement: BusinessUnit) -> Assessment:
    return make_assessment(ana, procurement)


def set_by(
    user: User, appetite: Any = STRICT, since: date = TODAY, reason: str = "The board decided."
) -> RiskAppetite:
    return services.set_appetite(appetite, since=since, reason=reason, by=user)


class TestSetting:
    def test_a_version_says_who_set_it_when_and_why(self, hana: User) -> None:
        made = set_by(hana, reason="  Two incidents this year.  ")

        assert (made.version, made.set_by, made.reason) == (1, hana, "Two incidents this year.")
        assert services.in_force(TODAY) == made
        assert services.in_force(TODAY - timedelta(days=1)) is None, "before it the method's own lines hold"

    def test_the_last_that_has_started_is_in_force(self, hana: User) -> None:
        first = set_by(hana)
        second = set_by(hana, replace(STRICT, approve=15), since=TODAY + timedelta(days=30))

        assert services.in_force(TODAY + timedelta(days=29)) == first
        assert services.in_force(TODAY + timedelta(days=30)) == second

    def test_on_one_day_the_later_version_counts(self, hana: User) -> None:
        set_by(hana)
        second = set_by(hana, replace(STRICT, approve=15))

        assert services.in_force(TODAY) == second

    @pytest.mark.parametrize("who", ["ana", "ben", "dora", "evan"])
    def test_nobody_else_sets_it(self, who: str, request: pytest.FixtureRequest) -> None:
        with pytest.raises(NotAllowed):
            set_by(request.getfixturevalue(who))
        assert not RiskAppetite.objects.exists()

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            (lambda hana: set_by(hana, reason=" "), "reason"),
            (lambda hana: set_by(hana, replace(OWN, approve=26)), "approve"),
            (lambda hana: set_by(hana, replace(OWN, conditional=25)), "conditional"),
            (lambda hana: set_by(hana, replace(OWN, coverage_percent=0)), "coverage_percent"),
        ],
    )
    def test_what_the_method_does_not_allow_is_refused(
        self, hana: User, change: Callable[[User], object], where: str
    ) -> None:
        with pytest.raises(InvalidInput) as caught:
            change(hana)
        assert caught.value.where == where
        assert not RiskAppetite.objects.exists()
        assert not Job.objects.exists()

    def test_a_later_version_starts_no_earlier_and_says_something_new(self, hana: User) -> None:
        set_by(hana)
        with pytest.raises(InvalidInput, match="cannot start before it") as caught:
            set_by(hana, OWN, since=TODAY - timedelta(days=1))
        assert caught.value.where == "since"
        with pytest.raises(InvalidInput, match="has these numbers already"):
            set_by(hana)


class TestForEver:
    def test_a_version_is_neither_changed_nor_deleted(self, hana: User) -> None:
        made = set_by(hana)
        made.approve = 10
        every = RiskAppetite.objects.all()
        for attempt in (
            made.save,
            made.delete,
            every.delete,
            lambda: every.update(approve=10),
            lambda: every.bulk_update([made], ["approve"]),
            lambda: every.update_or_create(version=1, defaults={"approve": 10}),
        ):
            with pytest.raises(Conflict, match="cannot be changed or deleted"):
                attempt()
        assert RiskAppetite.objects.get().approve == STRICT.approve

    def test_the_database_keeps_the_lines_in_order(self, hana: User) -> None:
        facts = {"coverage_percent": 60, "utility_slope": 3, "since": TODAY, "reason": "x", "set_by": hana}
        for wrong in ({"approve": 50}, {"reject": 101}, {"coverage_percent": 0}, {"reason": ""}):
            lines = {"version": 1, "approve": 20, "conditional": 40, "reject": 60} | facts | wrong
            with pytest.raises(IntegrityError), transaction.atomic():
                RiskAppetite.objects.create(**lines)

    def test_whoever_set_it_cannot_be_deleted_either(self, hana: User) -> None:
        set_by(hana)
        with pytest.raises(IntegrityError):
            hana.delete()

    def test_the_admin_site_only_shows_it(self, hana: User) -> None:
        made, request = set_by(hana), RequestFactory().get("/admin/")
        request.user = make_person("Root", is_staff=True, is_superuser=True)
        site = admin.site.get_model_admin(RiskAppetite)
        assert site.has_view_permission(request, made)
        assert not site.has_add_permission(request)
        assert not site.has_change_permission(request, made)
        assert not site.has_delete_permission(request, made)


class TestJudging:
    def test_a_run_states_the_appetite_and_is_a_run_of_its_own(self, draft: Assessment, hana: User) -> None:
        before = score(draft)
        set_by(hana)
        after = score(draft)

        assert before.pk != after.pk
        assert (before.appetite_version, after.appetite_version) == (0, 1)
        assert before.facts_digest == after.facts_digest
        assert json.loads(after.record)["appetite"] == {
            "approve": 20, "conditional": 30, "reject": 55, "coverage_percent": 60, "utility_slope": 3,
            "version": 1, "since": TODAY.isoformat(),
        }  # fmt: skip
        assert set(json.loads(after.record)["routes"]) == {"20", "30", "55"}
        assert score(draft).pk == after.pk, "twice is the same run"

    def test_without_one_a_record_says_nothing_of_it(self, draft: Assessment) -> None:
        assert "appetite" not in json.loads(score(draft).record)

    def test_an_assessment_of_an_earlier_day_keeps_the_lines_of_its_day(
        self, draft: Assessment, hana: User
    ) -> None:
        before = score(draft)
        set_by(hana, since=TODAY + timedelta(days=1))

        assert score(draft).pk == before.pk

    def test_every_run_verifies_by_the_appetite_in_its_record(self, draft: Assessment, hana: User) -> None:
        runs = [score(draft)]
        for lines in (STRICT, replace(STRICT, coverage_percent=90)):
            set_by(hana, lines)
            runs.append(score(draft))

        assert [verify_run(run).same for run in runs] == [True] * 3

    def test_other_lines_in_a_record_are_found_out(self, draft: Assessment, hana: User) -> None:
        set_by(hana)
        record = json.loads(score(draft).record)
        record["appetite"]["reject"] = 50
        record["result_id"] = digest({key: value for key, value in record.items() if key != "result_id"})
        assert not verify(canonical_json(record).decode()).same

    def test_a_column_that_names_another_version_is_found_out(self, draft: Assessment, hana: User) -> None:
        set_by(hana)
        run = ScoreRun.objects.get(pk=score(draft).pk)
        run.appetite_version = 0
        assert verify_run(run).difference == "column appetite_version: stored 0, recomputed 1"


class TestRescoring:
    def test_a_new_version_has_the_open_work_of_every_unit_scored_anew(
        self, draft: Assessment, cleo: User, research: BusinessUnit, hana: User
    ) -> None:
        elsewhere = make_assessment(cleo, research)
        for one in (draft, elsewhere):
            score(one)
        set_by(hana)
        drain()

        job = Job.objects.get(kind=RESCORE)
        assert (job.requested_by, job.unit, job.result["scored"]) == (hana, None, 2)
        assert set(
            Assessment.objects.values_list("current_run__appetite_version", flat=True)
        ) == {1}  # fmt: skip
        assert list(Job.objects.visible_to(hana).filter(kind=RESCORE)) == [job]
        assert not Job.objects.visible_to(cleo).filter(kind=RESCORE).exists()

    def test_only_what_the_version_concerns_is_stale(
        self, draft: Assessment, ana: User, procurement: BusinessUnit, hana: User
    ) -> None:
        earlier = make_assessment(ana, procurement, as_of=TODAY - timedelta(days=90))
        unscored = make_assessment(ana, procurement)
        for one in (draft, earlier):
            score(one)
        set_by(hana)

        assert set(portfolio(None, stale_only=True)) == {draft, unscored}
        score(draft)
        assert set(portfolio(None, stale_only=True)) == {unscored}


class TestDeciding:
    def test_nobody_decides_by_lines_that_have_moved(
        self, as_ben: Client, ana: User, ben: User, procurement: BusinessUnit, hana: User
    ) -> None:
        submitted = make_assessment(ana, procurement, state="submitted")
        run = score(submitted)
        set_by(hana)
        decision = f"/assessments/{submitted.pk}/decision/"
        page = as_ben.get(decision).content.decode()
        assert "The risk appetite has changed since this score" in page
        assert 'id="decide"' not in page
        with pytest.raises(Conflict, match="has changed since this score"):
            decide(submitted, run.decision, by=ben)

        drain()
        submitted.refresh_from_db()
        assert "has changed since this score" not in as_ben.get(decision).content.decode()
        assert decide(submitted, "ESCALATE", by=ben).run.appetite_version == 1


@pytest.fixture
def briefing(procurement: BusinessUnit) -> dict[str, Assessment]:
    """The seven assessments of the founding briefing, scored, by offering and use."""
    load_all("a password nobody else knows")
    found = {str(one): one for one in Assessment.objects.all()}
    for one in found.values():
        score(one)
    return found


def decisions() -> dict[int, str]:
    return dict(Assessment.objects.values_list("pk", "current_run__decision"))


class TestPreview:
    def test_it_foretells_what_the_rescore_then_does(
        self, briefing: dict[str, Assessment], hana: User
    ) -> None:
        before, foretold = decisions(), preview(STRICT, TODAY, by=hana)
        set_by(hana)
        drain()
        after = decisions()

        moved = {pk: (before[pk], after[pk]) for pk in before if before[pk] != after[pk]}
        assert {one.assessment.pk: (one.before, one.after) for one in foretold.shifts} == moved
        assert foretold.moved == len(moved) >= 2
        assert foretold.moves == (("CONDITIONAL", "ESCALATE", 1), ("ESCALATE", "REJECT", 1))
        assert (foretold.judged, foretold.earlier) == (7, 0)

        back = preview(OWN, TODAY, by=hana)  # looser again: these records have to be opened
        assert {one.assessment.pk: (one.before, one.after) for one in back.shifts} == {
            pk: (new, old) for pk, (old, new) in moved.items()
        }

    def test_nothing_moves_under_the_same_lines_or_before_they_start(
        self, briefing: dict[str, Assessment], hana: User
    ) -> None:
        assert preview(OWN, TODAY, by=hana).moved == 0
        later = preview(STRICT, TODAY + timedelta(days=1), by=hana)
        assert (later.judged, later.earlier, later.moved) == (0, 7, 0)

    def test_it_asks_the_database_five_times_at_most_and_writes_nothing(
        self, briefing: dict[str, Assessment], hana: User
    ) -> None:
        set_by(hana)
        drain()
        with CaptureQueriesContext(connection) as captured:
            assert preview(OWN, TODAY, by=hana).moved == 2
        asked = [query["sql"] for query in captured.captured_queries]
        assert len(asked) == 5, (
            "the versions, the columns, the records in doubt, whose work the person may read, what is named of it"
        )
        reads = ("SELECT", "DECLARE")  # PostgreSQL reads long lists through a cursor
        assert all(sql.startswith(reads) for sql in asked)

    def test_where_too_many_records_are_in_doubt_it_says_so(
        self, briefing: dict[str, Assessment], hana: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_by(hana)
        drain()
        monkeypatch.setattr(appetite_preview, "MOST_OPENED", 0)
        found = preview(OWN, TODAY, by=hana)
        assert (found.moved, found.in_doubt >= 2) == (0, True)

    def test_lines_that_are_not_allowed_are_refused_before_any_reading(self, hana: User) -> None:
        with pytest.raises(InvalidInput):
            preview(replace(OWN, reject=80), TODAY, by=hana)


lines = st.tuples(
    st.integers(1, 23), st.integers(24, 44), st.integers(45, 70), st.sampled_from([1, 40, 60, 100])
).map(lambda numbers: replace(OWN, **dict(zip(("approve", "conditional", "reject", "coverage_percent"), numbers,
                                              strict=True))))  # fmt: skip


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.data(), lines, lines)
def test_columns_tell_what_judging_anew_finds_or_that_they_cannot(
    data: st.DataObject, old: Any, new: Any
) -> None:
    inputs, floor = data.draw(assessments(METHOD)), data.draw(st.sampled_from([0, 0, 2]))
    states = data.draw(st.one_of(st.just({}), gate_states(METHOD)))
    before, after = (
        compute(under(METHOD, one), inputs, states, as_of=JUNE, floor=floor) for one in (old, new)
    )
    run = Numbers(before.risk, before.denominator, DECISIONS.index(before.decision))
    found = rank_by_columns(run, before.method, after.method)
    assert found in (None, DECISIONS.index(after.decision))
    if old == new:
        assert found is not None
    record = {
        "factors": [
            {"weight": one.weight, "exposure": list(one.exposure), "tier": one.tier} for one in before.factors
        ],
        "risk": list(before.risk),
        "denominator": before.denominator,
        "errors": {"V1": "unknown"} if floor else {"V1": False},
        "gates": {one.key: {"applied": one.applied} for one in before.gates},
    }
    assert rank_by_record(record, after.method) == DECISIONS.index(after.decision)


def test_the_form_shows_the_coverage_that_is_asked_for(as_ana: Client, draft: Assessment, hana: User) -> None:
    set_by(hana, replace(OWN, coverage_percent=85))
    assert "85 %" in as_ana.get(f"/assessments/{draft.pk}/answers/").content.decode()
    assert record_of(judge_now(draft))["appetite"]["coverage_percent"] == 85
