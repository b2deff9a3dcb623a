"""The first page, the search, a vendor's briefing, jobs, the theme."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.evidence.models import BriefingPoint, Coverage
from riskassess.home.searching import MOST
from riskassess.home.waiting import first_page
from riskassess.imports.models import Batch
from tests.builders import (
    TODAY,
    link_source,
    make_assessment,
    make_claim,
    make_decision,
    make_document,
    make_job,
    make_mitigation,
    make_model,
    make_offering,
    make_price,
    make_question,
    make_run,
    make_source,
    make_value,
    make_vendor,
)
from tests.queries import FRAME, assert_queries


class TestWaiting:
    def test_a_draft_waits_for_ana_and_a_submitted_one_for_ben(
        self, ana: User, ben: User, procurement: BusinessUnit
    ) -> None:
        draft = make_assessment(ana, procurement)
        submitted = make_assessment(ana, procurement, state="submitted")

        for person, waits in ((ana, draft), (ben, submitted)):
            assert [one.assessment for one in first_page(person, TODAY).waiting] == [waits]

    def test_nobody_is_asked_to_decide_what_they_submitted(
        self, ben: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(ben, procurement, state="submitted")

        assert first_page(ben, TODAY).waiting == []

    def test_the_next_date_comes_first_and_a_near_one_is_marked(
        self, ana: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(ana, procurement, use_case="No date")
        make_assessment(ana, procurement, use_case="Later", due_on=TODAY + timedelta(days=9))
        make_assessment(ana, procurement, use_case="Soon", due_on=TODAY + timedelta(days=1))

        waiting = first_page(ana, TODAY).waiting

        assert [one.assessment.use_case for one in waiting] == ["Soon", "Later", "No date"]
        assert [(one.due_note, one.late) for one in waiting] == [
            ("tomorrow", True), ("in 9 days", False), ("", False)
        ]  # fmt: skip

    def test_the_auditor_reads_all_and_is_asked_for_nothing(
        self, dora: User, cleo: User, research: BusinessUnit
    ) -> None:
        make_assessment(cleo, research)

        page = first_page(dora, TODAY)

        assert page.waiting == []
        assert len(page.standings) == 1

    def test_the_gravest_decision_comes_first(self, ana: User, procurement: BusinessUnit) -> None:
        for outcome in ("APPROVE", "REJECT", "CONDITIONAL"):
            make_run(make_assessment(ana, procurement, use_case=outcome), outcome)
        make_assessment(ana, procurement, use_case="not scored")

        order = [one.assessment.use_case for one in first_page(ana, TODAY).standings]

        assert order == ["REJECT", "CONDITIONAL", "APPROVE", "not scored"]

    def test_both_ends_of_the_interval_are_shown(
        self, as_ana: Client, ana: User, procurement: BusinessUnit
    ) -> None:
        make_run(make_assessment(ana, procurement))

        page = as_ana.get("/").content.decode()

        assert "19.7–43.5" in page
        assert 'aria-label="Risk 19.7 to 43.5 of 100"' in page


class TestSearch:
    def test_all_words_must_occur(self, as_ana: Client) -> None:
        make_vendor("Fireworks AI")
        make_vendor("Fireworks Shop")

        page = as_ana.get("/search/?q=fireworks+ai").content.decode()

        assert "Fireworks AI" in page
        assert "Fireworks Shop" not in page

    def test_an_alias_finds_its_vendor_once(self, as_ana: Client) -> None:
        vendor = make_vendor("Microsoft")
        for name in ("Azure", "Azure AI"):
            vendor.aliases.create(name=name)

        assert as_ana.get("/search/?q=azure").content.decode().count(">Microsoft</a>") == 1

    def test_no_words_ask_nothing(self, as_ana: Client) -> None:
        assert_queries(as_ana, "/search/", FRAME)

    def test_every_kind_is_looked_through_each_with_its_own_page(
        self, as_ana: Client, ana: User, procurement: BusinessUnit
    ) -> None:
        vendor = make_vendor("Tidewater Labs")
        offering = make_offering(make_model("Tidewater-1", developer=vendor))
        records = (
            vendor, offering.model, offering, make_claim(vendor, "Fast as a tidewater"),
            make_question(vendor, "Where is tidewater run?"), make_source("Tidewater in the press"),
            make_document(procurement, ana, name="tidewater-soc2.pdf"),
            make_assessment(ana, procurement, offering=offering, use_case="Tidewater letters"),
            Batch.objects.create(
                unit=procurement, uploaded_by=ana, file_name="tidewater.xlsx", sha256="0", stated_on=TODAY
            ),
        )  # fmt: skip

        page = as_ana.get("/search/?q=TIDEWATER").content.decode()

        for record in records:
            assert f'href="{record.get_absolute_url()}"' in page, record
        assert page.count('href="#open-questions"') == 1, "each kind is one key press from the top"

    def test_rules_and_provisions_lead_to_the_rule(self, as_ana: Client) -> None:
        page = as_ana.get("/search/?q=prohibited").content.decode()
        assert '<h2 id="rules"' in page
        assert '<h2 id="provisions"' in page
        assert "#law" in page

    def test_words_may_be_of_the_record_and_of_its_vendor(self, as_ana: Client) -> None:
        make_offering(make_model("Haiku"), name="Haiku", seller=make_vendor("Moon Labs"))
        make_offering(make_model("Haiku Two"), name="Haiku Two", seller=make_vendor("Sun Labs"))

        page = as_ana.get("/search/?q=haiku+moon").content.decode()

        assert ">Haiku</a>" in page
        assert "Haiku Two" not in page

    def test_more_related_records_than_are_named_are_found_as_well(
        self, as_ana: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("riskassess.accounts.querysets.MOST_KEYS", 1)
        for name in ("Moon Labs", "Moon Works"):
            vendor = make_vendor(name)
            vendor.aliases.create(name=f"{name} Inc")
            make_offering(make_model(f"{name} One"), name=f"{name[5:]} One", seller=vendor)

        page = as_ana.get("/search/?q=moon+inc").content.decode()
        assert page.count(">Moon Labs</a>") == page.count(">Moon Works</a>") == 1
        assert ">Labs One</a>" in as_ana.get("/search/?q=moon+one").content.decode()

    def test_cleo_finds_nothing_of_procurements_work(
        self, as_cleo: Client, ana: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(ana, procurement, use_case="Tidewater letters")
        make_question(make_vendor("A"), "Tidewater?", unit=procurement)
        Batch.objects.create(
            unit=procurement, uploaded_by=ana, file_name="tidewater.xlsx", sha256="0", stated_on=TODAY
        )
        make_document(procurement, ana, name="tidewater-soc2.pdf")
        assert "Nothing found" in as_cleo.get("/search/?q=tidewater").content.decode()

    def test_of_many_some_are_shown_and_the_list_has_all(self, as_ana: Client) -> None:
        for number in range(MOST + 1):
            make_vendor(f"Moon {number:02}")
        page = as_ana.get("/search/?q=moon").content.decode()
        assert page.count(">Moon ") == MOST
        assert 'href="/vendors/?q=moon"' in page

    def test_queries(self, as_ana: Client) -> None:
        make_offering(make_model("Alpha", developer=make_vendor("Alphabet")))
        kinds = (
            "aliases with the word", "the vendors",
            "developers with the word", "the models",
            "sellers with the word", "the offerings",
            "offerings so named", "offerings by channel", "the assessments",
            "vendors with the word", "the claims",
            "vendors with the word", "the questions",
            "the documents",
            "the sources", "the imports",
        )  # fmt: skip
        assert_queries(as_ana, "/search/?q=alpha", (*FRAME, *kinds))


class TestBriefing:
    def test_it_has_the_shape_of_the_founding_one(self, as_ana: Client) -> None:
        vendor = make_vendor("Microsoft")
        claim = make_claim(vendor, "Parity with a rival")
        first = make_source("Introducing MAI", publisher="Microsoft")
        for position, section in enumerate(("insight", "risk", "opportunity")):
            BriefingPoint.objects.create(
                vendor=vendor, section=section, position=position, title=f"A {section}", claim=claim
            )
        Coverage.objects.create(vendor=vendor, source=first, framing="Choice", first_report=True)
        make_question(vendor, "Which models were compared?")

        page = as_ana.get(vendor.get_absolute_url()).content.decode()

        heads = (
            "Key insights", "Claims", "What others report", "Where it was first reported", "Risks",
            "Opportunities", "What we don’t know yet",
        )  # fmt: skip
        for head in heads:
            assert f"<h2>{head}</h2>" in page
        assert "rests on" in page
        assert "First reported by Microsoft, 2 Jun 2026" in page

    def test_a_model_nobody_sells_is_there_with_everything_unknown(self, as_ana: Client) -> None:
        vendor = make_vendor("Microsoft")
        make_model(None, label="Seventh model", developer=vendor)

        row = (
            as_ana.get(vendor.get_absolute_url())
            .content.decode()
            .split("Seventh model</a>")[1]
            .split("</tr>")[0]
        )

        assert row.count("Unknown") == 4
        assert "no offering on record" in row
        assert "cannot be assessed" in row

    def test_disagreement_is_an_insight_with_both_values(self, as_ana: Client) -> None:
        model = make_model("MAI-Thinking-1", developer=make_vendor("Microsoft"))
        make_value(model, "context_tokens", 256_000, first_party=True, as_of=date(2026, 10, 5))
        make_value(model, "context_tokens", 128_000, as_of=date(2026, 6, 2))

        page = as_ana.get("/vendors/microsoft/").content.decode()

        assert "Sources disagree on 1 value" in page
        assert "<b>256,000 tokens</b>" in page
        assert "128,000" in page

    def test_our_own_verdict_stands_beside_the_offering(
        self, as_ana: Client, as_cleo: Client, ana: User, procurement: BusinessUnit
    ) -> None:
        vendor = make_vendor("Microsoft")
        offering = make_offering(make_model("MAI", developer=vendor))
        make_run(make_assessment(ana, procurement, offering=offering), "REJECT")

        assert "Reject" in as_ana.get(vendor.get_absolute_url()).content.decode()
        assert "Reject" not in as_cleo.get(vendor.get_absolute_url()).content.decode()

    def test_of_many_claims_and_questions_some_are_shown_and_the_lists_have_all(
        self, as_ana: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("riskassess.evidence.briefing.MOST_CLAIMS", 2)
        monkeypatch.setattr("riskassess.evidence.briefing.MOST_QUESTIONS", 2)
        vendor = make_vendor("Moon & Labs")
        for _ in range(2):
            make_claim(vendor)
            make_question(vendor)
        page = as_ana.get(vendor.get_absolute_url()).content.decode()
        assert "All its claims" not in page
        assert "All its questions" not in page

        make_claim(vendor, "The third one")
        make_question(vendor, "Why the third?")

        page = as_ana.get(vendor.get_absolute_url()).content.decode()
        assert page.count('<div class="claim') == 2
        assert 'href="/claims/?vendor=Moon%20%26%20Labs">All its claims' in page
        assert 'href="/questions/?vendor=Moon%20%26%20Labs">All its questions' in page

    def test_queries_do_not_grow_with_the_vendor(
        self, as_ana: Client, ana: User, procurement: BusinessUnit
    ) -> None:
        vendor = make_vendor("Microsoft")
        for _ in range(3):
            model = make_model(developer=vendor)
            offering = make_offering(model, seller=vendor)
            make_price(offering)
            make_value(model, "context_tokens", 1)
            link_source(make_claim(vendor, model=model))
            make_question(vendor, model=model)
            make_run(make_assessment(ana, procurement, offering=offering))
        reasons = (
            "the vendor", "its aliases", "the briefing's points", "its models", "the offerings",
            "answers", "register entries", "products in use",
            "their prices", "the stated values", "the coverage", "the claims", "their links",
            "the open questions",
            "the ties", "our assessments of the offerings",
            "the documents",
        )  # fmt: skip

        assert_queries(as_ana, vendor.get_absolute_url(), (*FRAME, *reasons))


def test_controls_that_are_due_stand_on_the_first_page_until_they_are_verified(
    as_ana: Client, as_cleo: Client, ana: User, procurement: BusinessUnit
) -> None:
    assessment = make_assessment(ana, procurement)
    late = make_mitigation(assessment, "Filter", due_on=date(2026, 1, 2))
    make_mitigation(assessment, "Some day")
    make_mitigation(assessment, "Done", status="verified", due_on=date(2026, 1, 1))

    page = as_ana.get("/").content.decode()
    due = page[page.index("Controls due") : page.index("Recent decisions")]
    assert late.get_absolute_url() in due
    assert "nobody yet" in due
    assert "days late" in due
    assert "Some day" not in due
    assert "Done" not in due
    assert "Controls due" not in as_cleo.get("/").content.decode()


def test_the_first_page_asks_once_a_section(
    as_ana: Client, ana: User, ben: User, procurement: BusinessUnit
) -> None:
    for _ in range(3):
        make_decision(make_run(make_assessment(ana, procurement, state="submitted")), ben)
        make_mitigation(make_assessment(ana, procurement), due_on=date(2027, 1, 2))
        make_job(procurement)
        make_question()
    sections = (
        "what waits", "what to look at again", "the assessments", "the controls due",
        "the conditions due", "the answers to review",
        "the decisions", "the jobs", "the questions",
    )  # fmt: skip
    changed = (
        "up to when she has seen all", "remarks to her", "decisions", "scores",
        "facts", "claims", "imports", "risk appetites",
    )  # fmt: skip

    assert_queries(as_ana, "/", (*FRAME, *sections, *changed))


class TestJob:
    def test_a_running_job_asks_again_and_a_finished_one_does_not(
        self, as_ana: Client, procurement: BusinessUnit
    ) -> None:
        waiting = make_job(procurement)
        done = make_job(procurement, state="done", finished_at="2026-11-24T09:00:00Z")

        fragment = {"HX-Request": "true"}
        asks = as_ana.get(f"/jobs/{waiting.pk}/", headers=fragment).content.decode()
        stops = as_ana.get(f"/jobs/{done.pk}/", headers=fragment).content.decode()

        assert 'hx-trigger="every 1s"' in asks
        assert "hx-trigger" not in stops
        assert "100 percent" in stops

    def test_a_failed_one_says_why_and_what_to_do(self, as_ana: Client, procurement: BusinessUnit) -> None:
        job = make_job(
            procurement, state="failed", finished_at="2026-11-24T09:00:00Z",
            error_message="The file is empty.", error_hint="Upload it again.",
        )  # fmt: skip

        page = as_ana.get(f"/jobs/{job.pk}/").content.decode()

        assert "The file is empty." in page
        assert "Upload it again." in page

    def test_cleo_does_not_see_it(self, as_cleo: Client, procurement: BusinessUnit) -> None:
        assert as_cleo.get(f"/jobs/{make_job(procurement).pk}/").status_code == 404


class TestTheme:
    def test_a_choice_is_kept_and_written_on_the_page(self, as_ana: Client) -> None:
        answer = as_ana.post("/theme/", {"theme": "dark", "next": "/vendors/"})

        assert answer["Location"] == "/vendors/"
        assert 'data-theme="dark"' in as_ana.get("/").content.decode()

    def test_it_leads_to_no_other_site_and_takes_no_other_word(self, as_ana: Client) -> None:
        answer = as_ana.post("/theme/", {"theme": '"><script>', "next": "https://example.com/"})

        assert answer["Location"] == "/"
        assert 'data-theme="auto"' in as_ana.get("/").content.decode()
