"""Why did it change? The moves add up to the difference, each has its cause, and the page says so."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskassess.accounts.models import User
from riskassess.assessments import services
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.record import record_of
from riskassess.assessments.scoring import judge_now, score
from riskassess.kernel.truth import Truth
from riskassess.reports.changes import Changes, changes
from riskassess.reports.recorded import result_of
from riskassess.reports.worth import worth_of
from riskassess.scoring.compare import compare
from riskassess.scoring.gates import GateState
from riskassess.scoring.sampling import information_values
from riskassess.scoring.sensitivity import fewest_questions, tornado
from tests.builders import make_assessment
from tests.reports import records
from tests.reports.conftest import store

severities = st.dictionaries(
    st.sampled_from(sorted(records.REGIME_TITLES)),
    st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda ends: (min(ends), max(ends))),
)
levels = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda ends: (min(ends), max(ends)))
profiles = st.fixed_dictionaries(dict.fromkeys("DIABS", levels))
kept = st.sets(st.sampled_from(sorted(records.EVIDENCE)))


@st.composite
def made(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(kept)
    return records.make_record(
        severities=draw(severities),
        profile=draw(profiles),
        evidence={key: items for key, items in records.EVIDENCE.items() if key in keys},
        declined=draw(st.sampled_from([(), ("SEC-INJ",), ("SEC-INJ", "OPS-SLA")])),
    )


def adds_up(found: Changes, end: int) -> bool:
    return sum(move.by[end] for move in found.moves) + found.peak.by[end] == found.risk[end]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made(), made())
def test_the_moves_add_up_to_the_difference_exactly(old: dict[str, Any], new: dict[str, Any]) -> None:
    found = changes(old, new)
    for end in (0, 1):
        assert adds_up(found, end)
        assert found.risk[end] == new["risk"][end] - old["risk"][end]
    assert all(move.causes for move in found.moves)
    back = changes(new, old)
    assert back.risk == (-found.risk[0], -found.risk[1])
    assert {move.key for move in back.moves} == {move.key for move in found.moves}


def test_another_denominator_is_brought_to_a_common_one() -> None:
    old = records.make_record()
    new = copy.deepcopy(old) | {"method": "vrm-1.0", "denominator": 3 * old["denominator"]}
    for key in ("risk", "base", "peak", "peak_line"):
        new[key] = [3 * end for end in old[key]]
    new["factors"] = [one | {"points": [3 * end for end in one["points"]]} for one in old["factors"]]
    found = changes(old, new)
    assert found.risk == (0, 0)
    assert not found.moves


def test_the_same_run_twice_says_that_nothing_changed() -> None:
    record = records.make_record()
    found = changes(record, record)
    assert found.same
    assert found.summary == "still Escalate; risk still 24.1–46.4; nothing that went in changed."


def test_evidence_that_came_is_named_on_its_factor() -> None:
    item = records.EVIDENCE["DAT-TRN"][0]
    without = {key: items for key, items in records.EVIDENCE.items() if key != "DAT-TRN"}
    found = changes(records.make_record(evidence=without), records.make_record())
    (move,) = found.moves
    assert (move.key, move.kinds) == ("DAT-TRN", "evidence")
    assert move.causes[0].text == f"New: {item['title']} (level 0, C3)"
    assert move.by[0] == 0
    assert move.by[1] < 0
    assert [one.key for one in found.evidence] == ["DAT-TRN"]


def with_fact(record: dict[str, Any], value: Any) -> dict[str, Any]:
    record = copy.deepcopy(record)
    record["inputs"]["facts"]["scope"] |= {"value": value}
    return record


def test_a_factor_of_a_regime_is_followed_to_the_fact_its_finding_read() -> None:
    old = records.make_record()
    new = with_fact(records.make_record(severities=records.QUIET | {"eu_residency": (3, 4)}), "data_zone")
    move = next(move for move in changes(old, new).moves if move.key == "DAT-XFR")
    assert move.kinds == "fact"
    assert (
        "How is it deployed? Anywhere in the world (global) → Anywhere in a data zone (data_zone)"
        in move.causes[0].facts
    )


def test_without_a_changed_fact_it_was_the_rules() -> None:
    old = records.make_record()
    new = records.make_record(severities=records.QUIET | {"us_ftc": (3, 3)}) | {"rules_release": "2027-01-15"}
    found = changes(old, new)
    move = next(move for move in found.moves if move.key == "REG-ENF")
    assert move.kinds == "rule"
    assert "2026-11-24 → 2027-01-15" in move.causes[0].text
    assert [one.name for one in found.basis] == ["Release of the rules"]


def test_the_same_evidence_read_otherwise_is_the_method_or_the_day() -> None:
    old = records.make_record()
    for change, kind in (({"method_digest": "0" * 64}, "method"), ({"as_of": "2027-11-24"}, "day")):
        new = copy.deepcopy(old) | change
        factor = next(one for one in new["factors"] if one["key"] == "DAT-TRN")
        by = 10**4 * factor["weight"] * 100
        factor["points"][1] += by
        new["risk"][1] += by
        found = changes(old, new)
        assert adds_up(found, 1)
        assert [(move.key, move.kinds) for move in found.moves] == [("DAT-TRN", kind)]


def test_a_wider_use_is_a_fact() -> None:
    old = records.make_record()
    new = records.make_record(profile={"D": (4, 4), "I": (1, 1), "A": (2, 2), "B": (2, 2), "S": (1, 2)})
    move = next(move for move in changes(old, new).moves if move.key == "DAT-RET")
    assert move.kinds == "fact"
    assert move.causes[0].facts == ("D 2 → 4",)


def test_a_gate_that_opened_and_the_decision_it_made() -> None:
    old, new = records.make_record(), records.make_record(gates={"G2": GateState(Truth.TRUE, 3, "EUR5")})
    found = changes(old, new)
    assert [(gate.key, gate.before, gate.after) for gate in found.gates] == [
        ("G2", "closed", "open, imposes reject")
    ]
    assert found.summary.startswith("Escalate became Reject; risk still")


def test_what_a_record_keeps_is_enough_for_the_method(assessment: Assessment) -> None:
    judgement = judge_now(assessment)
    result, again = judgement.result, result_of(record_of(judgement))
    assert again.factors[0].x == result.factors[0].x
    assert information_values(again) == information_values(result)
    assert tornado(again) == tornado(result)
    assert fewest_questions(again, 25) == fewest_questions(result, 25)
    assert compare(again, result).verdict == compare(result, result).verdict


def test_an_answer_given_by_ana_is_why(ana: User, procurement: Any) -> None:
    draft = make_assessment(ana, procurement)
    before = score(draft)
    services.answer(draft, "DAT-TRN", Given("known", [0, 0], "A", 1, "neutral"), by=ana)
    found = changes(records_of(before), records_of(score(draft)))
    assert all(adds_up(found, end) for end in (0, 1))
    assert {move.key: move.kinds for move in found.moves} == {"DAT-TRN": "evidence"}


def records_of(run: ScoreRun) -> dict[str, Any]:
    import json

    return json.loads(run.record)  # type: ignore[no-any-return]


@pytest.fixture
def two(assessment: Assessment) -> tuple[ScoreRun, ScoreRun]:
    return store(assessment, records.blank()), store(assessment, records.make_record())


def test_the_page_between_two_runs(as_ana: Client, as_ben: Client, two: tuple[ScoreRun, ScoreRun]) -> None:
    old, new = two
    address = reverse("reports:changes", args=[new.pk, old.pk])
    decision = as_ana.get(reverse("reports:decision", args=[new.assessment_id])).content.decode()
    assert decision.count(address) == 2, "at the top, and in the history"
    assert "Since the previous run" in decision
    for client in (as_ana, as_ben):
        html = client.get(address).content.decode()
        found = changes(records.blank(), records.make_record())
        for said in (*found.risk_text, *found.peak.by_text, *(move.by_text[1] for move in found.moves)):
            assert said in html
        assert " style=" not in html
    first = as_ana.get(reverse("reports:run", args=[old.pk])).content.decode()
    assert "Since the previous run" not in first


def test_an_outsider_and_another_assessment_find_nothing(
    as_ana: Client, as_cleo: Client, ana: User, two: tuple[ScoreRun, ScoreRun]
) -> None:
    old, new = two
    assert as_cleo.get(reverse("reports:changes", args=[new.pk, old.pk])).status_code == 404
    assert as_cleo.get(reverse("reports:worth", args=[new.pk])).status_code == 404
    other = store(make_assessment(ana, new.assessment.unit), records.make_record(offering="Another"))
    assert as_ana.get(reverse("reports:changes", args=[new.pk, other.pk])).status_code == 404
    assert as_ana.get(reverse("reports:changes", args=[new.pk, 999_999])).status_code == 404


def test_a_page_of_changes_costs_few_queries(
    as_ana: Client, two: tuple[ScoreRun, ScoreRun], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):  # session, person, reads all?, the runs, navigation
        as_ana.get(reverse("reports:changes", args=[two[1].pk, two[0].pk]))


def test_what_an_answer_is_worth_says_what_it_assumes(as_ana: Client, run: ScoreRun) -> None:
    found = worth_of(records.make_record())
    page = as_ana.get(reverse("reports:worth", args=[run.pk])).content.decode()
    for said in (found.assumption, "4,096 draws", "from seed", "It decides nothing", found.perfect):
        assert said in page
    assert sum(int(drawn.replace(",", "")) for _, drawn in found.chances) == 4096
    part = as_ana.get(reverse("reports:worth", args=[run.pk]), headers={"HX-Request": "true"})
    assert part.content.decode().startswith('<div id="worth"')


def test_the_dearest_answer_comes_first() -> None:
    found = worth_of(records.make_record(profile=dict.fromkeys("DIABS", (1, 1)), severities={}))
    worths = [line.worth for line in found.lines]
    assert worths == sorted(worths, key=float, reverse=True)
    assert bool(found.nothing) is not bool(found.lines)
