"""What if it weighed otherwise? Tried beside the record, to the integer, and nothing is ever written."""

from __future__ import annotations

import json
from fractions import Fraction
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import Assessment, RiskAppetite, ScoreRun
from riskassess.assessments.record import record_of, recorded_method
from riskassess.assessments.regather import regathered
from riskassess.assessments.scoring import score
from riskassess.assessments.verifying import judged_again
from riskassess.assessments.what_if import Tried, method_with, own_values, tried, what_if, what_if_json
from riskassess.home.demo.loading import load_all
from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.anatomy import Appetite
from riskassess.scoring.canonical import canonical_json
from riskassess.scoring.method import load_method
from tests.builders import make_assessment, make_run
from tests.queries import FRAME, assert_queries
from tests.reports import records

METHOD = load_method()
KEYS = [factor.key for factor in METHOD.risk_factors]


@pytest.fixture(scope="module")
def briefing(django_db_setup: None, django_db_blocker: Any) -> list[dict[str, Any]]:
    """The records of the founding briefing; the database forgets them at once."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_all("a password nobody else knows")
        found = [json.loads(score(one).record) for one in Assessment.objects.all()]
        transaction.set_rollback(True)
    return found


@pytest.fixture
def scored(ana: User, procurement: BusinessUnit) -> Assessment:
    made = make_assessment(ana, procurement, state="submitted")
    score(made)
    return made


def address(assessment: Assessment, **asked: object) -> str:
    return f"/assessments/{assessment.pk}/what-if/" + (f"?{urlencode(asked)}" if asked else "")


class TestOwnParameters:
    def test_with_nothing_tried_it_is_the_record_to_the_integer(self, briefing: list[dict[str, Any]]) -> None:
        for record in briefing:
            for asked in ({}, own_values(record)):
                parameters = tried(record, asked)
                assert parameters == Tried()
                found = what_if(record, parameters)
                assert found.result == found.record
                assert list(found.result.risk) == record["risk"]
                assert (found.moves, found.by, found.notes) == ((), (0, 0), ())

    def test_judged_again_it_is_the_same_record_to_the_byte(self, briefing: list[dict[str, Any]]) -> None:
        for record in briefing:
            method = method_with(recorded_method(record), tried(record, own_values(record)))
            again = record_of(judged_again(record, regathered(record["inputs"]), method))
            assert canonical_json(again) == canonical_json(record)


asked_weights = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 100), max_size=6)
asked_domains = st.dictionaries(st.sampled_from(METHOD.domains), st.integers(1, 100), max_size=3)
asked_levels = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda ends: (min(ends), max(ends)))
asked_profiles = st.dictionaries(st.sampled_from("DIABS"), asked_levels, max_size=3)
asked_lines = st.dictionaries(
    st.sampled_from(["approve", "coverage_percent"]), st.integers(1, 25), max_size=2
)


class TestAnyParameters:
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 6), asked_weights, asked_domains, asked_profiles, asked_lines)
    def test_the_moves_add_up_and_the_record_stays(
        self,
        briefing: list[dict[str, Any]],
        number: int,
        weights: Any,
        domains: Any,
        profile: Any,
        lines: Any,
    ) -> None:
        record = briefing[number]
        before = canonical_json(record)
        found = what_if(record, tried(record, Tried(weights, domains, profile, lines).named()))

        risks = [
            [Fraction(end, side.denominator) for end in side.risk] for side in (found.record, found.result)
        ]
        assert [Fraction(end, found.denominator) for end in found.by] == [
            new - old for old, new in zip(*risks, strict=True)
        ]
        assert canonical_json(record) == before
        again = tried(record, found.tried.named())
        assert again == found.tried
        assert what_if_json(what_if(record, again)) == what_if_json(found)

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(asked_weights, asked_domains)
    def test_a_domain_has_the_weight_that_is_asked_for_and_its_factors_their_shares(
        self, weights: dict[str, int], domains: dict[str, int]
    ) -> None:
        new = method_with(METHOD, Tried(weights=weights, domains=domains))
        asked = {one.key: weights.get(one.key, one.weight) for one in METHOD.risk_factors}
        wanted = {
            name: domains.get(name, sum(asked[one.key] for one in METHOD.risk_factors if one.domain == name))
            for name in METHOD.domains
        }
        for one in new.risk_factors:
            siblings = [other.key for other in METHOD.risk_factors if other.domain == one.domain]
            share = Fraction(asked[one.key], sum(asked[key] for key in siblings))
            expected = share * Fraction(wanted[one.domain], sum(wanted.values()))
            assert Fraction(one.weight, new.risk_weight) == expected

    def test_all_weights_alike_change_nothing(self, briefing: list[dict[str, Any]]) -> None:
        double = {f"w.{one.key}": str(7 * one.weight) for one in METHOD.risk_factors}
        for record in briefing:
            found = what_if(record, tried(record, double))
            assert found.by == (0, 0)
            assert found.result.decision == found.record.decision

    def test_a_stricter_line_moves_the_decision_and_no_point(self, briefing: list[dict[str, Any]]) -> None:
        record = next(one for one in briefing if one["decision"] == "CONDITIONAL")
        found = what_if(record, tried(record, {"conditional": "30"}))
        assert (found.record.decision, found.result.decision) == ("CONDITIONAL", "ESCALATE")
        assert (found.by, found.moves) == ((0, 0), ())

    def test_a_use_of_less_is_less_risk(self, briefing: list[dict[str, Any]]) -> None:
        for record in briefing:
            found = what_if(record, tried(record, dict.fromkeys("DIABS", "0")))
            assert found.by[1] <= 0
            assert found.by[0] <= 0

    def test_under_an_appetite_the_records_lines_are_the_start(self) -> None:
        record = records.make_record(appetite=Appetite(20, 30, 55, 80, 3, version=3))
        assert own_values(record)["conditional"] == "30"
        new = method_with(recorded_method(record), tried(record, {"approve": "15"}))
        assert new.thresholds == (15, 30, 55)


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ({"w.DAT-RES": "0"}, "w.DAT-RES"), ({"w.DAT-RES": "101"}, "w.DAT-RES"), ({"w.DAT-RES": "4.5"}, "w.DAT-RES"),
        ({"w.DAT-RES": "-1"}, "w.DAT-RES"), ({"w.DAT-RES": "٣"}, "w.DAT-RES"), ({"w.NOPE": "3"}, "w.NOPE"),
        ({"d.Data": "9" * 400}, "d.Data"), ({"D": "5"}, "D"), ({"D": "3-1"}, "D"), ({"D": "-"}, "D"),
        ({"approve": "26"}, "approve"), ({"reject": "40"}, "reject"), ({"coverage_percent": "0"}, "coverage_percent"),
        ({"DAT-RES": "3"}, "DAT-RES"),
    ],
)  # fmt: skip
def test_what_cannot_be_tried_is_named(
    asked: dict[str, str], where: str, as_ana: Client, scored: Assessment
) -> None:
    assert scored.current_run is not None
    record = json.loads(scored.current_run.record)
    with pytest.raises(InvalidInput) as caught:
        what_if(record, tried(record, asked))
    assert caught.value.where == where
    page = unescape(as_ana.get(address(scored, **asked)).content.decode())
    assert caught.value.message in page
    assert "Side by side" not in page
    answer = as_ana.get(f"/api/v1/assessments/{scored.pk}/what-if/?{urlencode(asked)}")
    assert (answer.status_code, answer.json()["where"]) == (400, where)


class TestPage:
    def test_ana_tries_a_weight_and_sees_it_beside_the_record(
        self, as_ana: Client, scored: Assessment
    ) -> None:
        decision = as_ana.get(f"/assessments/{scored.pk}/decision/").content.decode()
        assert address(scored) in decision
        page = unescape(as_ana.get(address(scored)).content.decode())
        assert "What if: not the record." in page
        assert "nothing is tried yet" in page
        tried_page = unescape(as_ana.get(address(scored, **{"w.SEC-INJ": 30})).content.decode())
        assert "What moved the most" in tried_page
        assert "Injection" in tried_page or "SEC-INJ" in tried_page
        assert "3 in the record" in tried_page
        assert "<details open>" in tried_page
        assert "not the record" in tried_page

    def test_the_whole_form_leads_to_the_short_address(self, as_ana: Client, scored: Assessment) -> None:
        assert scored.current_run is not None
        own = own_values(json.loads(scored.current_run.record))
        answer = as_ana.get(address(scored, **own | {"d.Data": "30", "S": ""}))
        assert (answer.status_code, answer["Location"]) == (302, address(scored, **{"d.Data": 30}))
        assert as_ana.get(answer["Location"]).status_code == 200

    def test_it_reads_five_times_and_writes_nothing(self, as_ana: Client, scored: Assessment) -> None:
        reasons = (*FRAME, "the assessment with its run")
        asked = address(scored, approve=20, D=4, **{"w.DAT-RES": 50})
        assert_queries(as_ana, asked, reasons)
        counts = [model.objects.count() for model in (ScoreRun, Assessment, RiskAppetite)]
        run = ScoreRun.objects.get()
        with CaptureQueriesContext(connection) as captured:
            as_ana.get(asked)
            as_ana.get(f"/api/v1/assessments/{scored.pk}/what-if/?approve=20")
        assert all(query["sql"].startswith("SELECT") for query in captured.captured_queries)
        assert [model.objects.count() for model in (ScoreRun, Assessment, RiskAppetite)] == counts
        assert ScoreRun.objects.get().record == run.record

    def test_it_only_answers_to_get_and_only_to_who_may_see_the_work(
        self, as_ana: Client, as_cleo: Client, as_dora: Client, scored: Assessment
    ) -> None:
        assert as_ana.post(address(scored)).status_code == 405
        assert as_ana.post(f"/api/v1/assessments/{scored.pk}/what-if/").status_code == 405
        assert as_dora.get(address(scored)).status_code == 200
        for place in (address(scored), f"/api/v1/assessments/{scored.pk}/what-if/"):
            assert as_cleo.get(place).status_code == 404

    def test_without_a_score_there_is_nothing_to_try(
        self, as_ana: Client, ana: User, procurement: BusinessUnit
    ) -> None:
        old = make_assessment(ana, procurement)
        make_run(old)  # its record is of no shape that is known
        assert as_ana.get(f"/api/v1/assessments/{old.pk}/what-if/").status_code == 409
        assert "Score again." in as_ana.get(address(old)).content.decode()
        made = make_assessment(ana, procurement)
        assert as_ana.get(address(made))["Location"] == f"/assessments/{made.pk}/decision/"
        assert as_ana.get(f"/api/v1/assessments/{made.pk}/what-if/").status_code == 409


def test_a_program_gets_the_same_numbers(as_ana: Client, scored: Assessment) -> None:
    assert scored.current_run is not None
    record = json.loads(scored.current_run.record)
    answer = as_ana.get(f"/api/v1/assessments/{scored.pk}/what-if/?w.DAT-RES=50&D=4")
    assert answer.status_code == 200
    assert answer.json() == what_if_json(what_if(record, tried(record, {"w.DAT-RES": "50", "D": "4"})))
    assert answer.json()["is_the_record"] is False
    assert answer.json()["record"]["risk"] == record["risk"]
