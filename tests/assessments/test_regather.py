"""What was gathered for a run comes back from its record: nothing that a judgement reads is lost."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import services
from riskassess.assessments.ageing import GREATEST_AGES, NOTHING_AGES
from riskassess.assessments.answers import Given
from riskassess.assessments.gathered import Control, Evidence, Fact, Gathered, inputs_json
from riskassess.assessments.judgement import judged
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.record import record_of
from riskassess.assessments.regather import regathered
from riskassess.assessments.scoring import score, verify_run
from riskassess.assessments.verifying import Verification, verify
from riskassess.kernel.source import Source
from riskassess.kernel.stated import Known, NotApplicable, Unknown
from riskassess.scoring.canonical import canonical_json
from riskassess.scoring.method import load_method
from tests.builders import make_assessment, make_model, make_offering, make_source, make_value, make_vendor
from tests.rules.strategies import anything, days, near_the_background

METHOD = load_method()
CELL = Source("Price list", "Acme", key="7", file="a › b.xlsx", sheet="Models", cell="N4", reliability="C",
              as_of=date(2026, 6, 2))  # fmt: skip


def stating(value: Any) -> Fact:
    if value is None:
        return Fact(Unknown(declined=True, source=CELL), "answer", "They would not say.")
    if value == "not_applicable":
        return Fact(NotApplicable("only a zone has one", CELL), "catalog")
    catalog = Decimal("0.125") if isinstance(value, int | float) else "otherwise"
    return Fact(Known(value, CELL), "answer", catalog=Known(catalog))


levels = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda ends: (min(ends), max(ends)))
items = st.builds(
    lambda key, ends, reliability, verification, interest, on: Evidence(
        key, "answer", "As they say", *ends, reliability, verification, interest, on, CELL, "“so”", "/x/", "rule"
    ),
    st.sampled_from(["answer:1", "catalog:2"]), levels, st.sampled_from("ABCDEF"), st.integers(1, 6),
    st.sampled_from(["self", "adverse", "neutral"]), st.none() | days,
)  # fmt: skip
controls = st.builds(
    lambda key, factors, effectiveness, status, due_on: Control(
        key, "A control", tuple(sorted(factors)), effectiveness, "Our judgement.", status, "Clause 7.", "Ana", due_on
    ),
    st.sampled_from(["one", "two"]), st.sets(st.sampled_from(["DAT-TRN", "SEC-ISO", "REG-MED"]), min_size=1),
    st.integers(1, 100), st.sampled_from(["proposed", "committed", "implemented", "verified"]), st.none() | days,
)  # fmt: skip


@st.composite
def gatherings(draw: st.DrawFn) -> Gathered:
    keys = [factor.key for factor in METHOD.risk_factors]
    return Gathered(
        subject={"title": "A purchase"},
        parties=(),
        facts={name: stating(value) for name, value in draw(anything | near_the_background()).items()},
        profile={letter: draw(levels) for letter in "DIABS"},
        profile_notes={},
        production=draw(st.sampled_from([True, False, None])),
        evidence=draw(
            st.dictionaries(
                st.sampled_from(keys), st.lists(items, min_size=1, max_size=2).map(tuple), max_size=5
            )
        ),
        declined=frozenset(draw(st.lists(st.sampled_from(keys), max_size=3))),
        claims=(),
        conflicts=({"attribute": "stage", "values": [{"as_of": date(2026, 1, 1), "first_party": True}]},),
        mitigations=tuple(draw(st.lists(controls, max_size=2, unique_by=lambda one: one.key))),
        ages=draw(st.sampled_from([NOTHING_AGES, GREATEST_AGES])),
    )


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(gathered=gatherings(), on=days)
def test_nothing_that_a_judgement_reads_is_lost_in_its_record(gathered: Gathered, on: date) -> None:
    record = record_of(judged(gathered, on, METHOD))
    again = regathered(json.loads(canonical_json(record))["inputs"])
    assert inputs_json(again) == record["inputs"]
    assert record_of(judged(again, on, METHOD)) == record
    assert verify(canonical_json(record).decode()) == Verification(same=True)


@pytest.fixture
def drafting(ana: User, procurement: BusinessUnit) -> Assessment:
    acme = make_vendor("Acme", hq_country="US")
    model = make_model("Swift", developer=make_vendor("Swift Labs"), placed_on_eu_market=date(2026, 6, 2))
    offering = make_offering(model, deployment="global", stage="preview", seller=acme, host=acme)
    return make_assessment(ana, procurement, offering=offering)


@pytest.mark.django_db
def test_answers_of_every_state_survive(drafting: Assessment, ana: User) -> None:
    make_value(drafting.offering, "ftc_inquiry", True, source=make_source(kind="vendor_document"))
    said = {
        "ftc_inquiry": Given("known", False, note="Closed last week."),
        "share_critical_ai": Given("known", 0.35),
        "gpai_placed_eu": Given("known", "2026-06-02"),
        "zone": Given("not_applicable", note="no zone"),
        "phi": Given("declined"),
        "SEC-CRT": Given("declined"),
        "SEC-ISO": Given("known", [1, 2], reliability="B", verification=2),
        "profile.D": Given("known", [1, 3]),
    }
    for key, given_answer in said.items():
        services.answer(drafting, key, given_answer, by=ana)
    run = score(drafting)
    facts = json.loads(run.record)["inputs"]["facts"]
    assert facts["ftc_inquiry"]["catalog"]["value"] is True
    assert not facts["gpai_placed_eu"]["disputed"], "the same day, as text and as a date, is no dispute"
    assert verify_run(ScoreRun.objects.get(pk=run.pk)) == Verification(same=True)
