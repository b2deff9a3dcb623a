"""Evidence past its greatest age counts one tier less: from which day, which evidence, and every face says so."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import services
from riskassess.assessments.ageing import GREATEST_AGES, NOTHING_AGES, Ages
from riskassess.assessments.answers import Given
from riskassess.assessments.judgement import Judgement, judged
from riskassess.assessments.models import Assessment
from riskassess.assessments.record import record_of
from riskassess.assessments.scoring import current_method, judge_now, score, verify_run
from riskassess.assessments.verifying import Verification, verify
from riskassess.catalog.models import Source
from riskassess.evidence.grades import RESTS_ON
from riskassess.reports.content import report_content
from riskassess.reports.pdf import report_pdf
from riskassess.reports.workbook import report_workbook
from riskassess.scoring.canonical import canonical_json
from tests.assessments.conftest import Case
from tests.builders import (
    TODAY,
    link_source,
    make_assessment,
    make_claim,
    make_model,
    make_offering,
    make_price,
    make_source,
    make_value,
    make_vendor,
)
from tests.reports.test_pdf import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(ana: User, procurement: BusinessUnit) -> Assessment:
    return make_assessment(ana, procurement)


def dated(kind: str, days: int) -> Source:
    return make_source(kind=kind, published_on=TODAY - timedelta(days=days))


def says(assessment: Assessment, by: User, source: Source | None, key: str = "SEC-CRT", **grade: Any) -> None:
    services.answer(assessment, key, Given("known", 1, source=source, **grade), by=by)


def tier(judgement: Judgement, key: str = "SEC-CRT") -> int:
    return judgement.result.factor(key).tier


# -- the day -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "expected"), [(364, 4), (365, 4), (366, 3), (4000, 3)])
def test_an_audit_report_counts_in_full_for_a_year(
    assessment: Assessment, ana: User, days: int, expected: int
) -> None:
    says(assessment, ana, dated("audit", days), verification=3)
    assert tier(judge_now(assessment)) == expected


def test_the_day_of_judgement_decides_not_the_day_of_the_clock(assessment: Assessment, ana: User) -> None:
    says(assessment, ana, dated("audit", 0), verification=3)
    year = timedelta(days=365)
    found = [tier(judge_now(assessment, TODAY + later)) for later in (year, year + timedelta(days=1))]
    assert found == [4, 3]
    assert tier(judge_now(assessment, TODAY - timedelta(days=1))) == 0, "it did not exist yet"


@pytest.mark.parametrize(
    ("kind", "verification", "days"),
    [
        ("own_check", 1, 365), ("audit", 3, 365), ("peer_reviewed", 2, 365), ("vendor_document", 3, 730),
        ("vendor_statement", 4, 365), ("press", 3, 365), ("analyst", 3, 365),
    ],
)  # fmt: skip
def test_each_kind_of_source_has_its_age(
    assessment: Assessment, ana: User, kind: str, verification: int, days: int
) -> None:
    found = []
    for age in (days, days + 1):
        says(assessment, ana, dated(kind, age), verification=verification)
        found.append(tier(judge_now(assessment)))
    assert found[1] == found[0] - 1


@pytest.mark.parametrize(("kind", "verification"), [("regulator", 3), ("contract", 3), ("contract", 4)])
def test_what_a_regulator_did_or_both_parties_signed_holds_until_it_is_changed(
    assessment: Assessment, ana: User, kind: str, verification: int
) -> None:
    says(assessment, ana, dated(kind, 4000), verification=verification)
    assert tier(judge_now(assessment)) == 4


# -- the evidence ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rests_on", sorted(RESTS_ON))
def test_an_answer_without_a_source_speaks_for_the_day_of_its_assessment(
    assessment: Assessment, ana: User, rests_on: str
) -> None:
    reliability, verification, interest = RESTS_ON[rests_on][1]
    grade: dict[str, Any] = {"reliability": reliability, "verification": verification, "interest": interest}
    says(assessment, ana, None, **grade)
    full = current_method().tiers[reliability][verification - 1]
    assert tier(judge_now(assessment)) == full
    assert judge_now(assessment).evidence["SEC-CRT"][0].on == TODAY
    earlier = judge_now(assessment, TODAY - timedelta(days=900))
    assert tier(earlier) == full, "judged as of an earlier day, it speaks for that"
    later = judge_now(assessment, TODAY + timedelta(days=900))
    assert tier(later) == (full if rests_on == "contract" else full - 1)


def test_evidence_of_unknown_date_is_not_taken_for_new(assessment: Assessment, ana: User) -> None:
    says(assessment, ana, make_source(kind="audit", published_on=None), verification=3)
    record = json.loads(score(assessment).record)
    line = next(one for one in record["factors"] if one["key"] == "SEC-CRT")
    assert line["tier"] == 3
    assert line["evidence"][0]["on"] is None
    assert line["evidence"][0]["aged_past_days"] == 365


def test_prices_and_releases_age_in_half_a_year(ana: User, procurement: BusinessUnit) -> None:
    for days, expected in ((183, 3), (184, 2)):
        offering = make_offering(stage="")
        source = dated("vendor_document", days)
        make_price(offering, source=source, as_of=source.published_on)
        make_value(offering, "stage", "ga", source=source, as_of=source.published_on)
        judgement = judge_now(make_assessment(ana, procurement, offering=offering))
        assert [tier(judgement, key) for key in ("OPS-CST", "OPS-REL")] == [expected] * 2


def test_a_claim_ages_with_its_source(ana: User, procurement: BusinessUnit) -> None:
    offering = make_offering(make_model(developer=make_vendor()))
    claim = make_claim(offering.model.developer, decides={"OPP-CAP": 3})
    link_source(claim, dated("vendor_statement", 366))
    judgement = judge_now(make_assessment(ana, procurement, offering=offering))
    assert tier(judgement, "OPP-CAP") == 1
    assert judgement.inputs.factors[-1].items[0].max_age_days == 365


def test_where_data_is_processed_ages_with_who_said_so(ana: User, procurement: BusinessUnit) -> None:
    for days, expected in ((730, 3), (731, 2)):
        offering, source = make_offering(), dated("vendor_document", days)
        make_value(offering, "deployment", "global", source=source, as_of=source.published_on)
        judgement = judge_now(make_assessment(ana, procurement, offering=offering))
        assert judgement.evidence["DAT-RES"][0].on == source.published_on
        assert tier(judgement, "DAT-RES") == expected


# -- what is written down ----------------------------------------------------------------------------


@pytest.fixture
def aged(assessment: Assessment, ana: User) -> Assessment:
    says(assessment, ana, dated("audit", 400), verification=3)
    return assessment


WORDS = "aged: dated 20 Oct 2025, older than 365 days"


def test_page_pdf_and_workbook_say_that_it_is_aged(aged: Assessment, as_ana: Client) -> None:
    run = score(aged)
    content = report_content(run)
    line = next(line for line in content.factors if line.key == "SEC-CRT")
    assert [one.aged for one in line.evidence] == [WORDS]
    assert WORDS in as_ana.get(reverse("reports:decision", args=[aged.pk])).content.decode()
    assert WORDS in text_of(report_pdf(content))
    sheet = load_workbook(io.BytesIO(report_workbook(content)))["Evidence"]
    told = [str(cell.value) for row in sheet.iter_rows() for cell in row if WORDS in str(cell.value)]
    assert told == [f"answered in this assessment; {WORDS}"]


def test_what_is_not_aged_has_no_word_of_it(assessment: Assessment, ana: User) -> None:
    says(assessment, ana, dated("audit", 300), verification=3)
    record = json.loads(score(assessment).record)
    assert all("aged_past_days" not in item for one in record["factors"] for item in one["evidence"])


def test_a_run_holds_the_ages_it_was_judged_by(aged: Assessment) -> None:
    run = score(aged)
    assert json.loads(run.record)["inputs"]["greatest_ages"] == GREATEST_AGES.to_json()
    assert verify_run(run) == Verification(same=True)


def test_a_run_judged_by_other_ages_or_by_none_is_still_recomputed_to_the_byte(aged: Assessment) -> None:
    gathered, method = judge_now(aged).gathered, current_method()
    tiers = []
    for ages in (GREATEST_AGES, Ages({"B": 500}), NOTHING_AGES):
        record = record_of(judged(replace(gathered, ages=ages), TODAY, method))
        assert verify(canonical_json(record).decode()) == Verification(same=True)
        assert ("greatest_ages" in record["inputs"]) == (ages != NOTHING_AGES)
        tiers.append(next(one["tier"] for one in record["factors"] if one["key"] == "SEC-CRT"))
    assert tiers == [3, 4, 4]


# -- what ageing may do ------------------------------------------------------------------------------


def test_the_decisions_of_the_briefing_are_those_that_it_has_without_ages(cases: list[Case]) -> None:
    method = current_method()
    for case in cases:
        aged, ageless = (
            judged(replace(case.gathered, ages=ages), case.on, method).result
            for ages in (GREATEST_AGES, NOTHING_AGES)
        )
        assert aged.decision == ageless.decision, case.name
        assert aged.risk.high == ageless.risk.high, case.name
        assert aged.risk.low <= ageless.risk.low, case.name


@settings(max_examples=60)
@given(data=st.data())
def test_of_single_pieces_of_evidence_the_older_never_says_more(
    cases: list[Case], data: st.DataObject
) -> None:
    """Later, nothing but the day changed: no range of a factor with one piece of evidence narrows.

    The law and the release of the offering may change with the day; they are no evidence.
    """
    case = data.draw(st.sampled_from(cases))
    method = current_method()
    on = data.draw(st.dates(case.on, date(2032, 1, 1)))
    single = {key: items for key, items in case.gathered.evidence.items() if len(items) == 1}
    gathered = replace(case.gathered, evidence=single)
    now, later = (judged(gathered, day, method) for day in (case.on, on))
    for key in single:
        before, after = now.result.factor(key), later.result.factor(key)
        if len(now.evidence[key]) == 1 and not before.rule:
            assert after.level.low <= before.level.low, key
            assert after.level.high >= before.level.high, key
