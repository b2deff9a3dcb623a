"""Claims and open questions: how well each is shown, who contradicts it, who may read it."""

from __future__ import annotations

from django.test import Client

from riskassess.accounts.models import BusinessUnit
from tests.builders import link_source, make_claim, make_question, make_source, make_vendor
from tests.queries import FRAME, assert_queries


class TestClaim:
    def test_the_ladder_says_its_step_in_words_too(self, as_ana: Client) -> None:
        claim = make_claim(title="Parity", substantiation=2)

        page = as_ana.get(claim.get_absolute_url()).content.decode()

        assert 'aria-label="Substantiation 2 of 5: commissioned test"' in page
        assert page.count('<rect class="on"') == 2

    def test_what_contradicts_stands_first(self, as_ana: Client) -> None:
        claim = make_claim()
        link_source(claim, make_source("The vendor's page"), "states", "We are best.")
        link_source(claim, make_source("A test of ours"), "contradicts", "They are not.")

        page = as_ana.get(claim.get_absolute_url()).content.decode()

        assert page.index("They are not.") < page.index("We are best.")
        assert "Contradicts it" in page

    def test_it_says_which_factor_it_decides_and_what_the_level_means(self, as_ana: Client) -> None:
        claim = make_claim(decides={"EVL-IND": 3})

        page = as_ana.get(claim.get_absolute_url()).content.decode()

        assert "Independent" in page
        assert "EVL-IND" in page

    def test_a_factor_of_another_method_is_shown_by_its_id(self, as_ana: Client) -> None:
        page = as_ana.get(make_claim(decides={"OLD-ONE": 3}).get_absolute_url()).content.decode()

        assert "OLD-ONE" in page

    def test_lists_filter_by_kind_and_words(self, as_ana: Client) -> None:
        make_claim(title="Ten times cheaper", kind="cost")
        make_claim(title="As good as the rival", kind="parity")

        page = as_ana.get("/claims/?kind=cost&q=cheaper").content.decode()

        assert "Ten times cheaper" in page
        assert "As good as the rival" not in page


class TestQuestion:
    def test_a_question_of_a_unit_is_that_units(
        self, as_ana: Client, as_cleo: Client, procurement: BusinessUnit
    ) -> None:
        ours = make_question(text="What does our contract say?", unit=procurement)

        assert as_ana.get(ours.get_absolute_url()).status_code == 200
        assert as_cleo.get(ours.get_absolute_url()).status_code == 404
        assert "our contract" not in as_cleo.get("/questions/").content.decode()
        assert "our contract" not in as_cleo.get(ours.vendor.get_absolute_url()).content.decode()

    def test_an_unanswered_one_says_so(self, as_ana: Client) -> None:
        assert "Nobody has said" in as_ana.get(make_question().get_absolute_url()).content.decode()

    def test_the_oldest_comes_first(self, as_ana: Client) -> None:
        make_question(text="Second?", raised_on="2026-07-01")
        make_question(text="First?", raised_on="2026-06-01")

        page = as_ana.get("/questions/").content.decode()

        assert page.index("First?") < page.index("Second?")


def test_queries(as_ana: Client) -> None:
    vendor = make_vendor()
    for _ in range(3):
        claim = make_claim(vendor)
        link_source(claim)
        link_source(claim)
        question = make_question(vendor, claim=claim)

    assert_queries(as_ana, "/claims/", (*FRAME, "which claims", "the claims of the page"))
    assert_queries(as_ana, "/questions/", (*FRAME, "which questions", "the questions of the page"))
    assert_queries(
        as_ana,
        claim.get_absolute_url(),
        (
            *FRAME,
            "the claim",
            "its links with their sources",
            "the questions about it",
            "the documents on it",
        ),
    )
    assert_queries(as_ana, question.get_absolute_url(), (*FRAME, "the question"))
