"""Offers side by side: a winner only where it is certain, else the question that would tell."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from riskassess.accounts.models import User
from riskassess.assessments.models import ScoreRun
from riskassess.reports.comparison import Comparison, compared
from riskassess.reports.comparison_tables import tables
from riskassess.reports.content import content_of
from tests.builders import make_assessment
from tests.reports import records
from tests.reports.conftest import store
from tests.reports.test_changes import made

GOOD = {
    key: [records._evidence(key, (4, 4), "A1", "neutral")]
    for key in ("OPP-CAP", "OPP-QLT", "OPP-PRC", "OPP-INT", "OPP-AVL", "OPP-CTX", "OPP-LAT", "OPP-TOK",
                "OPP-PRO", "OPP-STR", "OPP-CUS", "OPP-TTV")
}  # fmt: skip
BAD = {key: [records._evidence(key, (0, 0), "A1", "neutral")] for key in GOOD}


def beside(*made: dict[str, Any]) -> Comparison:
    return compared(
        [
            (content_of(one, ScoreRun(pk=at, assessment_id=at), None, ()), one)
            for at, one in enumerate(made, 1)
        ]
    )


def good(**changes: Any) -> dict[str, Any]:
    return records.make_record(evidence=records.EVIDENCE | GOOD, offering="Good", **changes)


def bad(**changes: Any) -> dict[str, Any]:
    return records.make_record(evidence=records.EVIDENCE | BAD, offering="Bad", **changes)


def q(record: dict[str, Any]) -> tuple[Fraction, Fraction]:
    low, high = (int(end) for end in record["risk_adjusted"]["value"])
    return Fraction(low, int(record["risk_adjusted"]["denominator"])), Fraction(
        high, int(record["risk_adjusted"]["denominator"])
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made(), made())
def test_it_beats_only_where_its_least_reaches_the_others_greatest(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    found = beside(one, other).ruling
    ahead, behind = q(one)[0] >= q(other)[1], q(other)[0] >= q(one)[1]
    assert found.separable is (ahead or behind)
    assert (found.question is None) is found.separable
    if ahead is not behind:
        assert found.word == ("A beats B" if ahead else "B beats A")


def test_a_certain_winner() -> None:
    found = beside(bad(), good()).ruling
    assert found.word == "B beats A"
    assert found.sentence.startswith("Whatever is still unknown: its risk-adjusted value is at least")


def test_of_three_the_one_that_beats_each() -> None:
    found = beside(bad(), good(), bad())
    assert found.ruling.word == "B beats A and C"
    assert len(found.ruling.wins) == 2
    assert found.frontier == ("B",)


def test_not_separable_names_the_question_that_would_tell() -> None:
    found = beside(records.make_record(), records.make_record(offering="Claude Haiku 4.5")).ruling
    assert found.word == "Not separable yet"
    assert found.question is not None
    assert found.question.text.endswith("?")
    assert found.question.between in ("A and B", "B and A")


def test_two_points_that_are_the_same_differ_in_nothing() -> None:
    zero = bad(severities={}, profile=dict.fromkeys("DIABS", (0, 0)))
    found = beside(zero, zero)
    assert found.ruling.word == "No difference"
    assert not tables(found).differing


def test_value_does_not_buy_off_a_gate() -> None:
    from riskassess.kernel.truth import Truth
    from riskassess.scoring.gates import GateState

    found = beside(good(gates={"G2": GateState(Truth.TRUE, 3, "EUR5")}), bad()).ruling
    assert found.word == "A beats B"
    assert "Value does not buy off a gate" in found.sentence
    assert found.caveats == ("A is rejected: that stands, whatever the value.",)


def test_another_use_is_flagged_and_what_differs_in_it_stands_in_one_table() -> None:
    other = records.make_record(
        profile={"D": (4, 4), "I": (1, 1), "A": (2, 2), "B": (2, 2), "S": (1, 2)}, use_case="Claims triage"
    )
    found = beside(records.make_record(), other)
    assert found.flags == ("The uses differ: risk and value are those of each use, not of the offer alone.",)
    rows = {
        row.fact: [(cell.letter, cell.text, cell.most) for cell in row.cells] for row in tables(found).unlike
    }
    use = records.make_record()["inputs"]["subject"]["use_case"]
    assert rows == {
        "Use": [("A", use, False), ("B", "Claims triage", False)],
        "Data sensitivity (D)": [("A", "2 of 4", False), ("B", "4 of 4", True)],
    }


def test_what_is_the_same_for_all_has_no_row() -> None:
    found = beside(records.make_record(), records.rejected() | {"inputs": records.make_record()["inputs"]})
    assert not found.flags
    assert not tables(found).unlike


def test_flags_days_and_releases_that_differ_have_a_row_each() -> None:
    one = records.make_record()
    other = one | {"as_of": "2027-01-01", "rules_release": "2027-01-15", "method_digest": "f" * 64,
                   "flags": one["flags"] | {"UK": "true", "US": "false"}}  # fmt: skip
    rows = {row.fact: [cell.text for cell in row.cells] for row in tables(beside(one, other, one)).unlike}
    assert list(rows) == ["United Kingdom", "United States", "Judged as of", "Method", "Rules"]
    assert rows["United States"] == ["unknown", "No", "unknown"]
    assert rows["Judged as of"][1] == "1 Jan 2027"
    assert rows["Method"][1].endswith("ffffffff")


def test_another_day_or_release_is_flagged() -> None:
    one = records.make_record()
    flags = beside(one, one | {"as_of": "2027-01-01", "rules_release": "2027-01-15"}).flags
    assert flags == (
        "The runs were judged as of different days.",
        "The runs were judged by different releases of the rules.",
    )


def test_differing_lines_come_first_and_the_unknown_is_named() -> None:
    found = tables(beside(records.make_record(), records.rejected()))
    assert [row.apart for row in found.differing] == sorted((r.apart for r in found.differing), reverse=True)
    for row in (*found.differing, *found.same):
        levels = {cell.level for cell in row.cells}
        assert (len(levels) > 1) is (row in found.differing)
    assert "both" in {one.about for one in found.unknown}
    assert [row.key for row in found.gates][:1] == ["G2"] or "G2" in {row.key for row in found.gates}


# --- pages ------------------------------------------------------------------------------------------


@pytest.fixture
def pair(ana: User, procurement: Any) -> tuple[ScoreRun, ScoreRun]:
    return (
        store(make_assessment(ana, procurement), bad()),
        store(make_assessment(ana, procurement, use_case="Coding"), good()),
    )


def address(*runs: ScoreRun) -> str:
    return reverse("reports:compare") + "?" + "&".join(f"run={run.pk}" for run in runs)


def test_the_page_of_two(as_ana: Client, as_ben: Client, pair: tuple[ScoreRun, ScoreRun]) -> None:
    for client in (as_ana, as_ben):
        html = client.get(address(*pair)).content.decode()
        for said in ("B beats A", "Side by side", "Where they differ", "Risk-adjusted value"):
            assert said in html
        for run in pair:
            assert reverse("reports:run", args=[run.pk]) in html
        assert " style=" not in html


def test_one_run_alone_leads_to_a_choice_same_use_first(
    as_ana: Client, ana: User, pair: tuple[ScoreRun, ScoreRun]
) -> None:
    same_use = store(make_assessment(ana, pair[0].assessment.unit), records.make_record())
    make_assessment(ana, pair[0].assessment.unit, use_case="Never scored")
    html = as_ana.get(address(pair[0])).content.decode()
    places = [html.index(f'name="run" value="{run.pk}"') for run in (pair[0], same_use, pair[1])]
    assert places == sorted(places), "chosen, then the same use, then the others"
    assert f'name="run" value="{pair[0].pk}" checked' in html
    assert "Never scored" not in html
    assert (
        as_ana.get(reverse("reports:decision", args=[pair[0].assessment_id]))
        .content.decode()
        .count(address(pair[0]))
    )
    found = as_ana.get(reverse("reports:compare"), {"q": "coding", "choose": "1"}).content.decode()
    assert f'name="run" value="{pair[1].pk}"' in found
    assert f'name="run" value="{pair[0].pk}"' not in found


def test_an_outsider_finds_nothing(as_cleo: Client, pair: tuple[ScoreRun, ScoreRun]) -> None:
    assert as_cleo.get(address(*pair)).status_code == 404
    html = as_cleo.get(reverse("reports:compare")).content.decode()
    assert 'name="run"' not in html


def test_too_many_and_strange_addresses(as_ana: Client, pair: tuple[ScoreRun, ScoreRun]) -> None:
    many = reverse("reports:compare") + "?" + "&".join(f"run={number}" for number in range(1, 8))
    assert as_ana.get(many).status_code == 400
    assert as_ana.get(reverse("reports:compare") + "?run=x&run=²&run=-1").status_code == 200
    assert as_ana.get(f"{address(*pair)}&run=999999").status_code == 404


def test_an_earlier_run_says_that_it_is_one(as_ana: Client, pair: tuple[ScoreRun, ScoreRun]) -> None:
    assert "an earlier run" not in as_ana.get(address(*pair)).content.decode()
    store(pair[0].assessment, records.make_record())
    assert "an earlier run" in as_ana.get(address(*pair)).content.decode()


def test_comparing_costs_few_queries(
    as_ana: Client, ana: User, pair: tuple[ScoreRun, ScoreRun], django_assert_max_num_queries: Any
) -> None:
    third = store(make_assessment(ana, pair[0].assessment.unit), records.blank())
    with django_assert_max_num_queries(5):  # session, person, reads all?, the runs, navigation
        as_ana.get(address(*pair, third))
    with django_assert_max_num_queries(6):
        as_ana.get(address(third))
