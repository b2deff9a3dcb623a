"""What changed since a person last looked: by others, for those who may see it, until they say that it is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import Decision, Remark, RiskAppetite, ScoreRun
from riskassess.catalog.models import SourcedValue
from riskassess.home.changed import MOST, MOST_RUNS, Changed, Kind, changed_for
from riskassess.home.looking import has_seen, last_look
from riskassess.home.models import LastLook
from riskassess.imports.models import Batch
from riskassess.rules.rulebook import RULEBOOK
from tests.builders import (
    TODAY,
    let_it_stand,
    make_assessment,
    make_claim,
    make_decision,
    make_model,
    make_run,
    make_sheet,
    make_value,
    make_vendor,
)

YESTERDAY = timedelta(days=1)
SCORES = "Computed decisions that moved"


@pytest.fixture(autouse=True)
def _they_joined_a_week_ago(ana: User, ben: User, cleo: User, dora: User) -> None:
    User.objects.update(date_joined=timezone.now() - timedelta(days=7))
    for person in (ana, ben, cleo, dora):
        person.refresh_from_db()


def titles(changed: Changed) -> list[str]:
    return [kind.title for kind in changed.kinds]


def kind_of(changed: Changed, title: str) -> Kind:
    return next(kind for kind in changed.kinds if kind.title == title)


def an_appetite(by: User) -> RiskAppetite:
    return RiskAppetite.objects.create(
        version=1, approve=20, conditional=40, reject=60, coverage_percent=60, utility_slope=2,
        since=TODAY, reason="The board takes less.", set_by=by,
    )  # fmt: skip


def an_import(by: User, unit: BusinessUnit, **changes: object) -> Batch:
    facts: dict[str, object] = {
        "unit": unit, "uploaded_by": by, "file_name": "prices.xlsx", "sha256": "0", "stated_on": TODAY,
        "state": "applied", "applied_at": timezone.now(), "counts": {"new": 1200, "updated": 3},
    }  # fmt: skip
    return Batch.objects.create(**facts | changes)


class TestWhatIsNews:
    def test_a_remark_of_ben_is_news_for_ana_who_assessed_it(
        self, ana: User, ben: User, dora: User, procurement: BusinessUnit
    ) -> None:
        assessment = make_assessment(ana, procurement)
        Remark.objects.create(assessment=assessment, text="Name the regions.", made_by=ben)

        (remark,) = kind_of(changed_for(ana), "Remarks to me").news

        assert remark.title == "Name the regions."
        assert "Ben Lindqvist" in remark.note
        assert "Remarks to me" not in titles(changed_for(ben)), "he said it himself"
        assert "Remarks to me" not in titles(changed_for(dora)), "it is not to her"

    def test_a_decision_is_news_for_everybody_but_who_took_it(
        self, ana: User, ben: User, cleo: User, procurement: BusinessUnit
    ) -> None:
        make_decision(make_run(make_assessment(ana, procurement)), ben)

        assert len(kind_of(changed_for(ana), "Decisions").news) == 1
        assert "Decisions" not in titles(changed_for(ben))
        assert titles(changed_for(cleo)) == [], "she is of another unit"

    def test_that_something_moved_under_a_decision_is_news_for_who_took_it_too(
        self, ana: User, ben: User, procurement: BusinessUnit
    ) -> None:
        decision = make_decision(make_run(make_assessment(ana, procurement)), ben)
        let_it_stand(decision)
        Decision.objects.update(stale_since=timezone.now(), stale_words="The retention is longer: risk +3.")

        (news,) = kind_of(changed_for(ben), "Decisions").news

        assert news.note == "The retention is longer: risk +3."
        assert "Stale" in news.mark

    def test_scored_anew_says_whose_computed_decision_moved_and_counts_the_others(
        self, ana: User, procurement: BusinessUnit
    ) -> None:
        for use, before, after in (
            ("Drafting", "CONDITIONAL", "REJECT"),
            ("Coding", "APPROVE", "APPROVE"),
            ("Chat", "", "REJECT"),
        ):
            assessment = make_assessment(ana, procurement, use_case=use)
            if before:
                make_run(assessment, before)
                ScoreRun.objects.filter(assessment=assessment).update(
                    created_at=timezone.now() - timedelta(days=30)
                )
            make_run(assessment, after)

        scores = kind_of(changed_for(ana), SCORES)

        assert [(one.title.split(": ")[1], one.note) for one in scores.news] == [
            ("Drafting", "was conditional")
        ]
        assert scores.more == "1 scored anew with the same decision"

    def test_what_was_typed_is_a_fact_and_what_a_sheet_brought_is_its_import(
        self, ana: User, ben: User, procurement: BusinessUnit
    ) -> None:
        model = make_model("MAI-1")
        make_value(model, "context_tokens", 256_000)
        make_value(model, "knowledge_cutoff", "2026-01", source=make_sheet())
        an_import(ben, procurement)

        changed = changed_for(ana)

        assert [one.title for one in kind_of(changed, "Facts").news] == ["MAI-1: Context"]
        assert [one.note for one in kind_of(changed, "Imports").news] == [
            "applied by Ben Lindqvist: 1,200 new, 3 updated"
        ]

    def test_an_import_taken_back_by_ben_is_news_for_ana_who_applied_it(
        self, ana: User, ben: User, cleo: User, procurement: BusinessUnit
    ) -> None:
        an_import(ana, procurement, state="undone", undone_at=timezone.now(), undone_by=ben)

        assert "undone by Ben Lindqvist" in kind_of(changed_for(ana), "Imports").news[0].note
        assert "Imports" not in titles(changed_for(cleo))

    def test_facts_that_were_there_before_this_was_kept_are_no_news(self, ana: User) -> None:
        make_value(make_model(), "context_tokens", 1)
        SourcedValue.objects.update(recorded_at=None)
        assert changed_for(ana).kinds == []

    def test_claims_and_the_risk_appetite(self, ana: User, ben: User) -> None:
        make_claim(make_vendor("Moon Labs"), "Twice as fast")
        an_appetite(ben)

        changed = changed_for(ana)

        assert kind_of(changed, "Claims").news[0].note == "Moon Labs, stated only"
        law = kind_of(changed, "Rules, method and risk appetite").news[0]
        assert law.note == "The board takes less. Set by Ben Lindqvist, in force from 24 Nov 2026."

    def test_other_rules_than_those_seen_last_and_what_became_law_meanwhile(self, ana: User) -> None:
        dated = next(rule for rule in RULEBOOK if rule.since and rule.since <= RULEBOOK_DAY)
        assert dated.since is not None
        before = datetime.combine(dated.since - YESTERDAY, datetime.min.time(), tzinfo=UTC)
        LastLook.objects.create(person=ana, at=before, rules_release="2020-01-01", method_version="vrm-0.9")

        law = {one.title for one in kind_of(changed_for(ana), "Rules, method and risk appetite").news}

        assert f"Rules of {RULEBOOK.release}" in law
        assert "Method vrm-1.0" in law
        assert any(title.endswith("is law now") for title in law)


RULEBOOK_DAY = date.fromisoformat(RULEBOOK.release)


class TestSeen:
    def test_ana_says_seen_and_what_comes_later_is_news_again(
        self, as_ana: Client, ana: User, ben: User, procurement: BusinessUnit
    ) -> None:
        make_decision(make_run(make_assessment(ana, procurement, use_case="Drafting")), ben)
        page = as_ana.get("/")
        assert "by Ben Lindqvist" in page.content.decode()

        answer = as_ana.post("/seen/", {"until": page.context["changed"].until.isoformat()}, follow=True)

        assert answer.context["changed"].kinds == []
        make_decision(make_run(make_assessment(ana, procurement, use_case="Coding")), ben)
        (kind,) = as_ana.get("/").context["changed"].kinds
        assert [one.title.split(": ")[1] for one in kind.news] == ["Coding"]

    def test_opening_the_page_alone_moves_nothing(
        self, as_ana: Client, ana: User, ben: User, procurement: BusinessUnit
    ) -> None:
        make_decision(make_run(make_assessment(ana, procurement)), ben)
        as_ana.get("/")
        assert titles(as_ana.get("/").context["changed"]) == ["Decisions"]
        assert not LastLook.objects.exists()

    def test_what_happened_while_the_page_was_read_stays_news(
        self, as_ana: Client, ana: User, ben: User, procurement: BusinessUnit
    ) -> None:
        until = as_ana.get("/").context["changed"].until
        make_decision(make_run(make_assessment(ana, procurement)), ben)
        answer = as_ana.post("/seen/", {"until": until.isoformat()}, follow=True)
        assert titles(answer.context["changed"]) == ["Decisions"]

    def test_an_older_tab_takes_nothing_back_and_no_clock_runs_ahead(self, ana: User) -> None:
        now = timezone.now()
        has_seen(ana, now)
        has_seen(ana, now - YESTERDAY)
        assert last_look(ana).at == now
        has_seen(ana, now + timedelta(days=400))
        assert last_look(ana).at < timezone.now() + timedelta(seconds=1)

    @pytest.mark.parametrize("until", ["", "yesterday", "2026-11-24T10:00:00", "2026-13-24T10:00:00Z"])
    def test_no_moment_is_refused_with_a_hint(self, as_ana: Client, until: str) -> None:
        answer = as_ana.post("/seen/", {"until": until})
        assert answer.status_code == 400
        assert "Open the first page again." in answer.content.decode()


class TestMany:
    def test_of_many_the_newest_few_are_shown_and_the_rest_said(
        self, ana: User, ben: User, procurement: BusinessUnit
    ) -> None:
        for number in range(MOST + 2):
            make_decision(make_run(make_assessment(ana, procurement, use_case=f"Use {number}")), ben)
        decisions = kind_of(changed_for(ana), "Decisions")
        assert len(decisions.news) == MOST
        assert decisions.news[0].title.endswith(f"Use {MOST + 1}")
        assert decisions.more == "and more"

    def test_a_whole_portfolio_scored_anew_is_looked_at_up_to_a_limit(
        self, ana: User, procurement: BusinessUnit
    ) -> None:
        offering = make_assessment(ana, procurement).offering
        for number in range(MOST_RUNS + 5):
            assessment = make_assessment(ana, procurement, offering=offering, use_case=f"Use {number}")
            old = make_run(assessment, "APPROVE")
            ScoreRun.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=30))
            make_run(assessment, "REJECT")
        scores = kind_of(changed_for(ana), SCORES)
        assert len(scores.news) == MOST
        assert scores.more == f"{MOST_RUNS - MOST} more moved; and older ones"
