"""What is on record can be disputed, for a reason: it then counts as disputed, and the interval widens."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import services
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import judge_now, score, verify_run
from riskassess.assessments.verifying import Verification
from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.stated import Unknown
from tests.builders import make_assessment, make_claim, make_model, make_offering, make_vendor

KEY = "DAT-TRN"
WHY = "The release we would use is another one."


@pytest.fixture
def draft(ana: User, procurement: BusinessUnit) -> Assessment:
    vendor = make_vendor("Northwind")
    model = make_model(developer=vendor, general_purpose=True)
    make_claim(vendor, "No training", decides={KEY: 0}, verification=3)
    made = make_assessment(ana, procurement, offering=make_offering(model, deployment="regional"))
    services.answer(made, "profile.D", Given("known", 3), by=ana)
    return made


def level(draft: Assessment, key: str = KEY) -> tuple[int, int]:
    return judge_now(draft).result.factor(key).level


def test_a_disputed_claim_widens_its_factor_and_says_why(draft: Assessment, ana: User) -> None:
    low, high = level(draft)
    services.answer(draft, KEY, Given("unknown", note=WHY, disputes=True), by=ana)
    wider = level(draft)
    assert wider[0] <= low
    assert wider[1] > high
    [claim] = judge_now(draft).evidence[KEY]
    assert (claim.verification, claim.disputed) == (5, WHY)
    services.answer(draft, KEY, Given("unknown", note=WHY), by=ana)
    assert level(draft) == (low, high), "not knowing disputes nothing"


def test_who_knows_better_is_heard_instead(draft: Assessment, ana: User) -> None:
    given = Given("known", 3, reliability="A", verification=1, interest="neutral", note=WHY, disputes=True)
    services.answer(draft, KEY, given, by=ana)
    assert level(draft) == (7500, 7500)


def test_a_disputed_fact_is_unknown_again_and_keeps_what_the_catalog_says(
    draft: Assessment, ana: User
) -> None:
    assert judge_now(draft).gathered.facts["gpai"].by == "catalog"
    services.answer(draft, "gpai", Given("unknown", note=WHY, disputes=True), by=ana)
    fact = judge_now(draft).gathered.facts["gpai"]
    assert isinstance(fact.stated, Unknown)
    assert fact.disputed
    assert fact.note == WHY


def test_a_run_with_disputes_recomputes_from_its_record(draft: Assessment, ana: User) -> None:
    services.answer(draft, KEY, Given("unknown", note=WHY, disputes=True), by=ana)
    services.answer(draft, "scope", Given("unknown", note=WHY, disputes=True), by=ana)
    services.answer(draft, "DAT-RES", Given("unknown", note=WHY, disputes=True), by=ana)
    run = score(draft)
    assert verify_run(run) == Verification(same=True)
    kept = json.loads(run.record)
    assert kept["inputs"]["disputed"] == {KEY: WHY, "DAT-RES": WHY}
    [factor] = [one for one in kept["factors"] if one["key"] == KEY]
    assert factor["evidence"][0]["disputed"] == WHY


def test_it_takes_a_reason_and_a_record_to_dispute(draft: Assessment, ana: User) -> None:
    with pytest.raises(InvalidInput, match="Say why"):
        services.answer(draft, KEY, Given("unknown", disputes=True), by=ana)
    with pytest.raises(InvalidInput, match="Nothing on record"):
        services.answer(draft, "profile.D", Given("known", 1, note=WHY, disputes=True), by=ana)
    with pytest.raises(InvalidInput, match="is an answer"):
        services.answer(draft, KEY, Given("", note=WHY, disputes=True), by=ana)


def test_on_the_form(as_ana: Client, draft: Assessment) -> None:
    address = f"/assessments/{draft.pk}/answers/"
    page = as_ana.get(address, {"section": "data"}).content.decode()
    assert "Dispute what is on record" in page
    sent = {"pick": "unknown", "disputes": "1", "note": WHY, "seen": f"{KEY}="}
    page = as_ana.post(f"{address}{KEY}/", sent, follow=True).content.decode()
    assert "disputes what is on record" in page
    assert "What is on record is disputed, for the reason in the note" in page
    assert draft.answers.get(question=KEY).disputes


def test_who_answers_and_then_disputes_on_one_page_meets_no_clash(as_ana: Client, draft: Assessment) -> None:
    """The version over which somebody disputes is renewed with the answer that htmx saved."""
    address = f"/assessments/{draft.pk}/answers/"
    page = as_ana.get(address, {"section": "data"}).content.decode()
    again = rf'name="seen" id="again-{KEY}" form="dispute-{KEY}" value="({KEY}=[^"]*)"'
    assert re.search(again, page)
    assert f'id="dispute-{KEY}"' in page
    given = {
        "pick": "2",
        "seen": f"{KEY}=",
        "asked": re.findall(r'name="asked"[^>]*value="([^"]*)"', page)[0],
    }
    saved = as_ana.post(f"{address}{KEY}/", given, headers={"hx-request": "true"}).content.decode()
    renewed = re.search(again + ' hx-swap-oob="true"', saved)
    assert renewed
    assert renewed[1] != f"{KEY}="
    sent = {"pick": "unknown", "disputes": "1", "note": WHY, "seen": renewed[1]}
    assert as_ana.post(f"{address}{KEY}/", sent).status_code == 302
    assert draft.answers.get(question=KEY).disputes
