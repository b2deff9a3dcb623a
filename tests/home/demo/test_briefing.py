"""What the loaded briefing holds: the facts of the digest, what came later, and what nobody has said."""

from __future__ import annotations

import pytest

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.catalog.models import AIModel, Offering, Partnership, Price, Source, SourcedValue, Vendor
from riskassess.evidence.models import BriefingPoint, Claim, Coverage, OpenQuestion
from riskassess.kernel.stated import NotApplicable

pytestmark = pytest.mark.usefixtures("briefing")
FAMILY = "MAI (Build 2026)"


def offering(model: str, channel: str) -> Offering:
    return Offering.objects.with_parties().get(model__name=model, channel=channel)


def stated(model: str, attribute: str) -> list[object]:
    subject = AIModel.objects.get(name=model)
    return [value.value for value in SourcedValue.objects.of(subject).filter(attribute=attribute)]


def test_the_vendors_of_the_acceptance_are_there():
    names = {"Microsoft", "Anthropic", "OpenAI", "Mayo Clinic", "Fireworks AI", "OpenRouter", "Baseten",
             "GitHub", "McKinsey"}  # fmt: skip
    assert names <= set(Vendor.objects.values_list("name", flat=True))
    assert Vendor.objects.get(name="GitHub").ultimate_parent().name == "Microsoft"


def test_the_family_has_seven_models_two_of_them_without_a_name():
    family = AIModel.objects.filter(family=FAMILY)
    assert family.count() == 7
    assert family.filter(name__isnull=True).count() == 2


def test_the_seventh_model_exists_and_everything_about_it_is_unknown():
    seventh = AIModel.objects.get(label="Seventh model, unnamed")
    assert (seventh.name, seventh.purpose, seventh.modality, seventh.context_tokens) == (None,) * 4
    assert set(seventh.values.values_list("state", flat=True)) == {"unknown"}


def test_both_context_sizes_are_kept_and_the_vendors_own_is_current():
    assert {256_000, 128_000} <= set(stated("MAI-Thinking-1", "context_tokens"))
    assert AIModel.objects.get(name="MAI-Thinking-1").context_tokens == 256_000


def test_a_voice_model_has_no_context_and_an_undisclosed_price_beside_a_doubtful_one():
    voice = AIModel.objects.get(name="MAI-Voice-2-Flash")
    assert isinstance(voice.stated("context_tokens"), NotApplicable)
    assert stated("MAI-Voice-2-Flash", "price") == ["15.00", None]


def test_a_private_preview_that_became_public_is_a_preview_now():
    foundry = offering("MAI-Thinking-1", "Microsoft Foundry")
    assert (foundry.stage, foundry.deployment) == ("preview", "global")
    stages = SourcedValue.objects.of(foundry).filter(attribute="stage")
    assert {value.raw for value in stages} >= {"private preview", "public preview", "Preview"}


def test_haiku_is_in_preview_by_one_page_and_available_by_a_newer_one():
    haiku = offering("Claude Haiku 4.5", "Microsoft Foundry hosted on Azure")
    assert haiku.stage == "ga"
    assert [v.value for v in SourcedValue.objects.of(haiku).filter(attribute="stage")] == ["ga", "preview"]


def test_claude_is_sold_and_operated_by_anthropic_whoever_hosts_it():
    for channel, host in (("hosted on Anthropic", "Anthropic"), ("hosted on Azure", "Microsoft")):
        found = offering("Claude Sonnet 5", f"Microsoft Foundry {channel}")
        assert {str(found.seller), str(found.contracting_entity), str(found.model_operator)} == {"Anthropic"}
        assert str(found.host) == host


def test_a_party_nobody_has_named_is_unknown():
    assert offering("MAI-Code-1-Flash", "GitHub Copilot").host is None
    assert offering("Claude Sonnet 5", "Microsoft Foundry hosted on Anthropic").infra_operator is None


def test_prices_are_kept_to_the_digit():
    shown = {price.kind: price.shown for price in Price.objects.filter(offering__channel="GitHub Copilot",
             offering__model__name="MAI-Code-1-Flash")}  # fmt: skip
    assert shown == {
        "input": "0.75 USD per 1M tokens",
        "cache_read": "0.075 USD per 1M tokens",
        "output": "4.50 USD per 1M tokens",
    }


def test_what_is_not_disclosed_of_a_partnership_stays_unknown():
    tie = Partnership.objects.get(developer__name="Anthropic")
    assert (tie.equity_pct, tie.compute_dependency, tie.cma_status) == (None, None, "never")
    openai = Partnership.objects.get(developer__name="OpenAI")
    assert (openai.equity_pct, openai.cma_status, openai.changed_since_decision) == (27, "closed", True)


def test_every_value_has_a_source_and_every_source_is_dated():
    assert not Source.objects.filter(
        published_on__isnull=True, checked_on__isnull=True, coverage__isnull=True
    ).exists()
    assert (
        not SourcedValue.objects.filter(as_of__isnull=True).exclude(source__coverage__isnull=False).exists()
    )


def test_claims_are_graded_as_they_are_shown():
    graded = dict(Claim.objects.values_list("key", "substantiation"))
    assert graded["parity-sonnet-4-6"] == 2
    assert graded["ten-times-cost"] == 1
    assert graded["mckinsey-win-rate"] == graded["no-distillation"] == graded["clean-licensed-data"] == 0
    assert not Claim.objects.filter(links__isnull=True).exists()


def test_the_eu_gap_that_mai_was_said_to_close_is_contradicted_by_the_vendors_own_page():
    links = Claim.objects.get(key="mai-closes-eu-gap").links
    assert links.get(relation="contradicts").source.publisher == "Microsoft docs"


def test_the_briefing_has_its_six_parts():
    points = BriefingPoint.objects.filter(vendor__name="Microsoft")
    assert points.filter(section="insight").count() >= 3
    assert points.filter(section="risk").exclude(affected="").count() == 3
    assert points.filter(section="opportunity").exclude(affected="").count() == 3
    assert OpenQuestion.objects.unanswered().filter(vendor__name="Microsoft").count() >= 3
    assert Coverage.objects.count() == 8
    assert Coverage.objects.get(first_report=True).source.publisher == "Microsoft"


def test_the_people_see_what_their_roles_allow():
    sees = {
        person.email.split("@")[0]: Assessment.objects.visible_to(person).count()
        for person in User.objects.all()
    }
    assert sees == {"ana": 7, "ben": 7, "cleo": 0, "dora": 7, "hana": 7}
    assert User.objects.get(email="ana@example.com").check_password("a password nobody else knows")
