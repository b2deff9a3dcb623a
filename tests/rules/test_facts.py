"""Facts from plain values: what is accepted, what is refused and how that is said."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.source import Source
from riskassess.kernel.stated import UNKNOWN, Known, NotApplicable, Unknown
from riskassess.rules.facts import FACTS, NOTHING_KNOWN, Facts, Section
from riskassess.rules.parsing import Member

CONTRACT = Source(title="Order form", file="order.xlsx", sheet="Terms", cell="B4")


@pytest.mark.parametrize(
    "absent", [{}, {"phi": None}, {"phi": "unknown"}, {"phi": Unknown()}, {"phi": Known(None)}]
)
def test_absent_none_and_the_word_are_unknown(absent: dict[str, object]) -> None:
    assert isinstance(Facts.from_mapping(absent).stated("phi"), Unknown)


def test_nothing_known() -> None:
    assert Facts.from_mapping({}) == NOTHING_KNOWN
    assert NOTHING_KNOWN.unknown() == tuple(FACTS)


def test_not_applicable_by_word_or_type() -> None:
    assert Facts.from_mapping({"zone": "not_applicable"}).stated("zone") == NotApplicable()
    stated = Facts.from_mapping({"zone": NotApplicable(because="regional")}).stated("zone")
    assert stated == NotApplicable(because="regional")


def test_sources_stay_with_their_facts() -> None:
    facts = Facts.from_mapping(
        {"phi": True, "personal_data": Known(False, CONTRACT), "zone": "not_applicable"},
        sources={"phi": CONTRACT, "zone": CONTRACT, "stage": CONTRACT},
    )
    assert facts.stated("phi") == Known(True, CONTRACT)
    assert facts.stated("personal_data") == Known(False, CONTRACT)
    assert facts.stated("zone") == NotApplicable(source=CONTRACT)
    assert facts.stated("stage") == Unknown(source=CONTRACT)


def test_numbers_are_exact() -> None:
    assert Facts.from_mapping({"share_critical_ai": 0.6}).stated("share_critical_ai") == Known(Decimal("0.6"))
    assert Facts.from_mapping({"share_critical_ai": 1}).stated("share_critical_ai") == Known(Decimal(1))


def test_days_from_text_and_date() -> None:
    day = Known(date(2026, 6, 2))
    for raw in ("2026-06-02", date(2026, 6, 2), datetime(2026, 6, 2, 9, 30)):  # noqa: DTZ001
        assert Facts.from_mapping({"gpai_placed_eu": raw}).stated("gpai_placed_eu") == day


def test_lists_may_hold_an_unnamed_member() -> None:
    facts = Facts.from_mapping({"inference_countries": ["SE", None, "ANY", "unknown"], "claims": [None, {}]})
    assert facts.stated("inference_countries") == Known(("SE", None, "ANY", None))
    claims = facts.stated("claims")
    assert isinstance(claims, Known)
    assert claims.value[0] is None
    assert isinstance(claims.value[1], Member)
    assert claims.value[1].stated("type") == UNKNOWN


def test_plain_values_round_trip() -> None:
    values = {
        "share_critical_ai": 0.25, "gpai_placed_eu": "2026-06-02", "at_rest_countries": ["SE", None],
        "zone": "not_applicable", "claims": [None, {"type": "cost", "substantiation": 3, "matches_use": None}],
    }  # fmt: skip
    facts = Facts.from_mapping(values)
    plain = facts.to_json()
    assert {name: plain[name] for name in values if name != "claims"} == {
        name: value for name, value in values.items() if name != "claims"
    }
    assert plain["claims"][1]["substantiation"] == 3
    assert Facts.from_mapping(plain) == facts


def test_replacing_is_a_new_set() -> None:
    facts = Facts.from_mapping({"phi": True})
    assert facts.replacing(phi=False).stated("phi") == Known(False)
    assert facts.stated("phi") == Known(True)


@pytest.mark.parametrize(
    ("values", "where", "says"),
    [
        ({"nonsense": True}, "nonsense", "not a fact"),
        ({"phi": "yes"}, "phi", "true, false, unknown, not_applicable"),
        ({"phi": 1}, "phi", "neither true nor false"),
        ({"stage": "beta"}, "stage", "ga, preview, early_access, announced"),
        ({"stage": True}, "stage", "not one of the choices"),
        ({"inputs": "text"}, "inputs", "not a list"),
        ({"inputs": ["text", "smell"]}, "inputs[1]", "labs_discrete"),
        ({"share_critical_ai": 60}, "share_critical_ai", "from 0 to 1"),
        ({"share_critical_ai": -0.1}, "share_critical_ai", "out of range"),
        ({"share_critical_ai": "a lot"}, "share_critical_ai", "not a number"),
        ({"share_critical_ai": True}, "share_critical_ai", "not a number"),
        ({"share_critical_ai": float("nan")}, "share_critical_ai", "not a number"),
        ({"gpai_placed_eu": "June 2026"}, "gpai_placed_eu", "YYYY-MM-DD"),
        ({"ultimate_parent_country": "UK"}, "ultimate_parent_country", "Write GB"),
        ({"ultimate_parent_country": "ANY"}, "ultimate_parent_country", "ISO 3166"),
        ({"at_rest_countries": ["Sweden"]}, "at_rest_countries[0]", "or ANY"),
        ({"at_rest_countries": "SE"}, "at_rest_countries", "[] says there are none"),
        ({"host": 7}, "host", "not text"),
        ({"claims": [{"kind": "cost"}]}, "claims[0].kind", "type, substantiation"),
        ({"claims": ["tenfold"]}, "claims[0]", "not a record"),
        ({"claims": [{"substantiation": 6}]}, "claims[0].substantiation", "whole numbers from 0 to 5"),
        ({"claims": [{"substantiation": 2.5}]}, "claims[0].substantiation", "out of range"),
        ({"partnerships": [{"equity_pct": 101}]}, "partnerships[0].equity_pct", "from 0 to 100"),
        ({"subprocessors": [{"country": "XX"}]}, "subprocessors[0].country", "country code"),
    ],
)
def test_what_cannot_be_used_is_refused(values: dict[str, object], where: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Facts.from_mapping(values)
    assert refused.value.where == where
    assert says in f"{refused.value.message} {refused.value.hint}"


def test_a_source_for_no_fact_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not a fact"):
        Facts.from_mapping({}, sources={"nonsense": CONTRACT})


def test_the_form_goes_section_by_section() -> None:
    sections = [spec.section for spec in FACTS.values()]
    assert list(dict.fromkeys(sections)) == list(Section)
    assert sections == sorted(sections, key=list(Section).index)
    assert FACTS["stage"].label("ga") == "Generally available"
