"""Unknown never improves anything: the whole way from gathered facts to a decision, over the real briefing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskassess.assessments import derived
from riskassess.assessments.gathered import ClaimRecord, Evidence, Fact, Gathered
from riskassess.assessments.judgement import judged
from riskassess.assessments.scoring import current_method
from riskassess.kernel.stated import Known, NotApplicable, Stated, Unknown
from riskassess.kernel.truth import Truth
from riskassess.rules.facts import FACTS
from riskassess.rules.places import DATA_ZONES
from riskassess.rules.rulebook import RULEBOOK
from riskassess.scoring.results import Result
from tests.assessments.conftest import Case
from tests.assessments.silence import ESCALATE, everything_said, gains, rank, without
from tests.rules.strategies import stated

pytestmark = pytest.mark.django_db  # only for the fixture that loads the briefing


def result_of(gathered: Gathered, on: date) -> Result:
    return judged(gathered, on, current_method()).result


# -- the briefing as it stands -----------------------------------------------------------------------


def test_nothing_that_was_said_could_better_have_been_left_unsaid(cases: list[Case]) -> None:
    won, blanked = [], 0
    for case in cases:
        said = result_of(case.gathered, case.on)
        for one in everything_said(case.gathered):
            unsaid = result_of(without(case.gathered, [one]), case.on)
            won += [f"{case.name}, without {one}: {gain}" for gain in gains(said, unsaid)]
            blanked += 1
    assert won == []
    assert len(cases) == 7
    assert blanked > 500


@settings(max_examples=80)
@given(data=st.data())
def test_nor_any_of_it_together(cases: list[Case], data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases))
    everything = everything_said(case.gathered)
    unsaid = data.draw(st.lists(st.sampled_from(everything), min_size=2, unique=True))
    more = data.draw(st.lists(st.sampled_from(everything), min_size=1, max_size=5))
    said, less = without(case.gathered, unsaid), without(case.gathered, [*unsaid, *more])
    assert list(gains(result_of(said, case.on), result_of(less, case.on))) == []


def test_without_any_answer_nothing_is_approved_and_everything_is_open(cases: list[Case]) -> None:
    for case in cases:
        nothing = result_of(without(case.gathered, everything_said(case.gathered)), case.on)
        assert nothing.decision == "ESCALATE", case.name
        assert nothing.shown == ("0.0", "100.0"), case.name


# -- the briefing as it might have been --------------------------------------------------------------


def evidence(best: bool) -> st.SearchStrategy[Evidence]:
    """Any evidence; or own checks and audits that find next to nothing wrong, as an approval needs."""
    return st.builds(
        lambda ends, grade, interest: Evidence(
            "test", "answer", "Said in a test", *sorted(ends), *grade, interest
        ),
        st.tuples(*[st.integers(0, 1 if best else 4)] * 2),
        st.sampled_from([("A", 1), ("B", 2)])
        if best
        else st.tuples(st.sampled_from("ABCDEF"), st.integers(1, 6)),
        st.sampled_from(["neutral"] if best else ["self", "adverse", "neutral"]),
    )


@st.composite
def imagined(draw: st.DrawFn, case: Case) -> Gathered:
    """The assessment, with some facts stated otherwise and every factor answered, well in one case of two."""
    best = draw(st.booleans())
    names = draw(st.lists(st.sampled_from(sorted(FACTS)), max_size=4, unique=True))
    facts = {name: Fact(stated_as(draw(stated(FACTS[name])))) for name in names}
    method = current_method()
    return replace(
        case.gathered,
        facts={**case.gathered.facts, **facts},
        profile={
            letter: (low, high)
            for letter in "DIABS"
            for low, high in [sorted(draw(st.tuples(*[st.integers(0, 1 if best else 4)] * 2)))]
        },
        evidence={
            factor.key: tuple(draw(st.lists(evidence(best), min_size=1, max_size=1 if best else 3)))
            for factor in (*method.risk_factors, *method.opportunity_factors)
        },
    )


def stated_as(value: Any) -> Stated[Any]:
    return Unknown() if value is None else NotApplicable("") if value == "not_applicable" else Known(value)


@settings(max_examples=100)
@given(data=st.data())
def test_nor_where_facts_and_evidence_are_any_others(cases: list[Case], data: st.DataObject) -> None:
    """G12 apart: it speaks of two sources that contradict each other, and of one alone it has nothing to say."""
    case = data.draw(st.sampled_from(cases))
    full = data.draw(imagined(case))
    may_go = [one for one in everything_said(full) if one != INFERENCE or not implied(full)]
    unsaid = data.draw(st.lists(st.sampled_from(may_go), min_size=1, max_size=8))
    said, less = result_of(full, case.on), result_of(without(full, unsaid), case.on)
    assert list(gains(said, less, but="G12")) == []


# -- the one fact that is never unknown --------------------------------------------------------------

INFERENCE = ("fact", "inference_countries")


def implied(gathered: Gathered) -> list[str] | None:
    """The inference countries that scope and zone imply where nobody gives any (regulation, section 1)."""
    scope, zone = (getattr(gathered.facts[name].stated, "value", None) for name in ("scope", "zone"))
    if scope == "global":
        return ["ANY"]
    if scope == "data_zone" and zone in DATA_ZONES:
        return list(RULEBOOK.zones.members(DATA_ZONES[zone], date(2026, 11, 24)))
    return None


@settings(max_examples=60)
@given(data=st.data())
def test_inference_countries_taken_back_are_those_that_scope_and_zone_imply(
    cases: list[Case], data: st.DataObject
) -> None:
    """Judged as if somebody had given just those, and never better than what was given within them.

    Only countries that contradict scope or zone, which V1 calls an error, are better taken back: what is left
    then contradicts nothing any more.
    """
    case = data.draw(st.sampled_from(cases))
    scope, zone = data.draw(st.sampled_from([("global", None), ("data_zone", "EU"), ("data_zone", "US")]))
    full = replace(
        case.gathered,
        facts={
            **case.gathered.facts,
            "scope": Fact(Known(scope)),
            "zone": Fact(Known(zone) if zone else NotApplicable("")),
            "policy_eu_residency": Fact(Known(data.draw(st.sampled_from(["none", "eea_ok", "strict_eu27"])))),
        },
    )
    countries = implied(full)
    assert countries
    given_them = with_inference(full, countries)
    taken_back = result_of(without(full, [INFERENCE]), case.on)
    assert taken_back == replace(result_of(given_them, case.on), inputs=taken_back.inputs)
    some = data.draw(st.lists(st.sampled_from(countries), min_size=1, unique=True))
    more = ["ANY"] if scope == "global" else []
    said = result_of(with_inference(full, sorted({*some, *more})), case.on)
    assert taken_back.risk.high >= said.risk.high
    assert rank(taken_back) >= rank(said)


def with_inference(gathered: Gathered, countries: list[str]) -> Gathered:
    return replace(gathered, facts={**gathered.facts, "inference_countries": Fact(Known(countries))})


def test_inference_countries_that_contradict_the_zone_are_an_error_until_they_are_taken_back(
    cases: list[Case],
) -> None:
    drafting = cases[0]
    in_zone = {"scope": Fact(Known("data_zone")), "zone": Fact(Known("EU"))}
    zoned = replace(drafting.gathered, facts={**drafting.gathered.facts, **in_zone})
    contradictory = with_inference(zoned, ["US"])
    judgement = judged(contradictory, drafting.on, current_method())
    assert judgement.verdict.errors["V1"] is Truth.TRUE
    assert judgement.result.floor == ESCALATE
    taken_back = judged(without(contradictory, [INFERENCE]), drafting.on, current_method())
    assert taken_back.verdict.errors["V1"] is Truth.FALSE
    assert taken_back.result.floor == 0


# -- evidence, one piece at a time -------------------------------------------------------------------


def test_evidence_in_support_is_never_better_left_out(cases: list[Case]) -> None:
    """Of several pieces on one factor: without one that reaches no higher than the rest, nothing falls."""
    left_out = 0
    for case in cases:
        said = result_of(case.gathered, case.on)
        for key, items in case.gathered.evidence.items():
            for item in items:
                rest = with_evidence(case.gathered, key, tuple(other for other in items if other is not item))
                if not supports(case, key, item):
                    continue
                unsaid = result_of(rest, case.on)
                assert unsaid.risk.high >= said.risk.high, (case.name, key, item.key)
                assert rank(unsaid, but="G12") >= rank(said, but="G12"), (case.name, key, item.key)
                left_out += 1
    assert left_out > 50


def supports(case: Case, key: str, item: Evidence) -> bool:
    """Whether the worst that this piece leaves possible is no worse than what the others leave."""
    others = tuple(other for other in case.gathered.evidence[key] if other is not item)
    alone, rest = (
        result_of(with_evidence(case.gathered, key, left), case.on).factor(key) for left in ((item,), others)
    )
    return alone.x.high <= rest.x.high


def with_evidence(gathered: Gathered, key: str, items: tuple[Evidence, ...]) -> Gathered:
    return replace(gathered, evidence={**gathered.evidence, key: items})


def test_a_claim_that_loses_a_source_is_never_believed_more(cases: list[Case]) -> None:
    """What carries a claim, one source after the other taken away: the high end stays or rises."""
    lost = 0
    for case in cases:
        said = result_of(case.gathered, case.on)
        for place, claim in enumerate(case.gathered.claims):
            for source in [one for one in claim.sources if one[0] != "contradicts"]:
                left = replace(claim, sources=tuple(one for one in claim.sources if one is not source))
                claims = (*case.gathered.claims[:place], left, *case.gathered.claims[place + 1 :])
                unsaid = result_of(with_claims(case.gathered, claims), case.on)
                assert unsaid.risk.high >= said.risk.high, (case.name, claim.key)
                assert rank(unsaid) >= rank(said), (case.name, claim.key)
                lost += 1
    assert lost > 10


def with_claims(gathered: Gathered, claims: tuple[ClaimRecord, ...]) -> Gathered:
    """As if the claims on record had been these."""
    from_claims = derived.claim_evidence(claims)
    keys = {*gathered.evidence, *from_claims}
    others = {key: [one for one in gathered.evidence.get(key, ()) if one.kind != "claim"] for key in keys}
    evidence = {key: (*from_claims.get(key, ()), *others[key]) for key in keys}
    return replace(gathered, claims=claims, evidence={key: items for key, items in evidence.items() if items})
