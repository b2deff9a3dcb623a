"""What a report says, before anything is drawn."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.kernel.truth import Truth
from riskassess.reports import figures
from riskassess.reports.content import content_of, report_content
from riskassess.reports.shape import ReportContent
from riskassess.reports.sources import places
from riskassess.scoring.gates import GateState
from tests.builders import make_decision
from tests.reports import records
from tests.reports.conftest import store


class Stored:
    """As much of a run as the pure part of the content reads."""

    assessment_id = 1
    pk = 1


def content(record: dict[str, Any]) -> ReportContent:
    return content_of(record, Stored(), None, ())  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [records.make_record, records.rejected, records.blank])
def test_lines_add_up_to_the_risk_exactly(make: Any) -> None:
    record = make()
    found = content(record)
    for end, side in ((0, "low"), (1, "high")):
        lines = sum(getattr(line, side) for line in found.factors)
        assert lines + found.totals.peak_line[end] == found.totals.risk[end] == record["risk"][end]
        texts = [getattr(line, f"points_{side}") for line in found.factors] + [found.totals.peak_text[end]]
        scale = 10 ** len(texts[0].split(".")[1])
        as_printed = sum(int(text.replace(".", "")) for text in texts)
        assert as_printed == int(found.totals.risk_text[end].replace(".", "")), (
            "the printed decimals add up too"
        )
        assert as_printed * record["denominator"] == record["risk"][end] * scale


def test_the_three_reasons_lead_to_a_rule_and_to_the_words_of_a_source() -> None:
    reasons = content(records.rejected()).reasons
    assert len(reasons) == 3
    assert reasons[0].rule == "G2 · EUR5"
    assert reasons[0].evidence is not None
    assert reasons[0].evidence.quote == "Global Standard only."
    assert reasons[0].evidence.source is not None
    assert reasons[0].evidence.source.url.startswith("https://learn.microsoft.com/")
    assert any("GDPR" in law for law in reasons[0].citations)


def test_the_map_holds_both_intervals_and_says_so() -> None:
    record = records.make_record()
    block = content(record).block
    drawn = block.map
    assert block.risk.text in drawn.label
    assert block.opportunity.text in drawn.label
    whole = 100 * record["denominator"]
    top, height = float(drawn.y[:-1]), float(drawn.height[:-1])
    assert 100 - top == pytest.approx(100 * record["risk"][1] / whole, abs=0.01)
    assert 100 - top - height == pytest.approx(100 * record["risk"][0] / whole, abs=0.01)
    assert [zone.name for zone in drawn.zones] == ["Low", "Moderate", "High", "Severe"]
    assert sum(float(zone.width[:-1]) for zone in drawn.zones) == 100
    assert float(drawn.x[:-1]) + float(drawn.width[:-1]) <= 100


def test_where_data_is_has_three_places_and_says_which_is_unknown() -> None:
    record = records.make_record()
    record["inputs"]["facts"]["at_rest_countries"] = {"state": "known", "value": ["SE", "IE"]}
    found = content(record).places
    assert [place.label for place in found] == ["Processed in", "Stored in", "Seen from"]
    assert [place.known for place in found] == [False, True, False]
    assert found[1].name == "SE; IE"
    assert found[0].note == "counts as any country"


def test_of_many_entries_a_fact_names_what_holds() -> None:
    record = records.make_record()
    entries = [
        {"type": "parity", "relied_on": False, "matches_use": None},
        {"type": "cost", "relied_on": True},
    ]
    record["inputs"]["facts"]["claims"] = {**record["inputs"]["facts"]["scope"], "value": entries}
    value = next(fact.value for fact in content(record).facts if fact.name == "claims")
    assert value == "type: parity; type: cost, relied on: Yes"


def test_an_open_gate_is_not_bought_off_by_answers() -> None:
    found = content(records.rejected())
    assert found.block.decision.word == "Reject"
    assert found.route.asks == ()
    assert "No answer can help, only change can." in found.route.sentence


def test_the_route_gives_the_fewest_questions_and_what_they_reach() -> None:
    record = records.make_record()
    route = content(record).route
    asked = [one["key"] for one in record["routes"]["45"]["factors"]]
    assert [ask.key for ask in route.asks] == asked
    assert route.after is not None
    assert route.after.high < 45 * record["denominator"] <= record["risk"][1]
    assert route.then is not None
    assert route.then.code == "CONDITIONAL"


def test_unanswered_gates_are_asked_about_first() -> None:
    gates = {"G7": GateState(Truth.UNKNOWN, 3, "Sanctions and export screening (REG-EXP) is not answered.")}
    route = content(records.make_record(gates=gates)).route
    assert route.asks[0].key == "G7"
    assert "sanctions" in route.asks[0].text.lower()


def test_unknown_declined_not_applicable_and_zero_are_four_things() -> None:
    states = {line.key: line for line in content(records.blank()).factors}
    assert states["DAT-RES"].state_words == "Unknown"
    assert states["SEC-INJ"].state_words == "Declined to answer"
    assert states["SEC-INJ"].level == "50–100"
    quiet = {line.key: line for line in content(records.make_record()).factors}
    assert quiet["REG-MED"].state_words == "Does not apply"
    facts = {fact.name: fact.value for fact in content(records.make_record()).facts}
    assert facts["personal_data"] == "No"
    assert facts["inference_countries"] == "unknown"
    assert facts["exit_plan"] == "declined to say"
    assert facts["zone"].startswith("does not apply")


def test_every_factor_line_names_its_source_down_to_the_cell() -> None:
    line = next(line for line in content(records.make_record()).factors if line.key == "OPS-REL")
    assert line.evidence[0].grade == "C3"
    assert line.evidence[0].source is not None
    assert line.evidence[0].source.address == "catalog.xlsx › Models › K12"


def test_an_address_that_is_no_web_address_is_not_shown() -> None:
    record = records.make_record()
    record["regimes"]["us_ftc"]["findings"][0]["citations"][0]["url"] = "javascript:alert(1)"
    ftc = next(regime for regime in content(record).regimes if regime.key == "us_ftc")
    assert ftc.findings[0].citations[0].url == ""


def test_the_queries_do_not_grow(run: ScoreRun, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(3):  # nobody has decided: no conditions to read
        report_content(run)


def test_the_decision_of_a_person_stands_beside_the_computed_one(run: ScoreRun, ben: User) -> None:
    decision = make_decision(run, ben, "CONDITIONAL", reason="The pilot is small.")
    decision.conditions.create(text="No customer data", owner="Ana")
    found = report_content(run).decided
    assert found is not None
    assert (found.outcome.word, found.computed.word, found.differs) == ("Conditional", "Escalate", True)
    assert found.by == "Ben Lindqvist"
    assert found.conditions[0].text == "No customer data"


def test_a_report_of_an_old_run_knows_nothing_of_later_ones(assessment: Assessment) -> None:
    first = store(assessment, records.blank())
    before = report_content(first)
    store(assessment, records.make_record() | {"as_of": "2026-11-24"})
    assert report_content(first) == before
    assert json.loads(first.record)["result_id"] == before.header.result_id


@pytest.mark.parametrize(
    ("pair", "shown"), [((241787500000, 464000000000), ("24.1", "46.4")), ((1, 2), ("0.0", "0.1"))]
)
def test_figures_are_rounded_outwards(pair: tuple[int, int], shown: tuple[str, str]) -> None:
    assert figures.tenths(*pair, 10**10) == shown


@pytest.mark.parametrize(
    ("countries", "words", "known"),
    [
        (["IE", "US"], "IE; US", True),
        ([None], "Unknown", False),
        (["IE", None], "IE, and others not named", False),
        ([], "none", True),
    ],
)
def test_a_place_that_has_no_name_is_not_drawn_as_known(
    countries: list[str | None], words: str, known: bool
) -> None:
    record = records.make_record()
    fact = {"state": "known", "value": countries}
    seen = places({**record, "inputs": {**record["inputs"], "facts": {"access_countries": fact}}})[-1]
    assert (seen.name, seen.known) == (words, known)
