"""The pages of rules and method: nothing left out, nothing hidden, nothing old unsaid; and docs/rulebook.md."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from riskassess import marks
from riskassess.home.law import views
from riskassess.home.law.book import RELEASE_DAY, lawbook
from riskassess.home.law.cases import USUAL_DAY, cases_of, regime_cases
from riskassess.home.law.method import method_part
from riskassess.home.law.reads import DAY, SEVERITY, reads_of
from riskassess.home.management.commands.rulebook_docs import RULEBOOK_MD
from riskassess.kernel.source import Mark
from riskassess.rules.citations import CITATIONS
from riskassess.rules.engine import judge
from riskassess.rules.facts import Facts
from riskassess.rules.rulebook import RULEBOOK
from riskassess.scoring.method import load_method
from tests.queries import FRAME, assert_queries
from tests.rules import caselist

IDS = tuple(dict.fromkeys(rule.id for rule in RULEBOOK))
CHECKED = date(2026, 11, 24)  # the day every provision of the FDA was looked at
ADDRESSES = ("/rules/", "/rules/FDA2/", "/rules/EUR4/", "/rules/V1/", "/method/")


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def on(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are opened on that day."""
    monkeypatch.setattr(views.timezone, "localdate", lambda: day)


class TestRules:
    def test_every_rule_has_a_page_with_every_version_of_it(self, as_ana: Client) -> None:
        for rule_id in IDS:
            page = shown(as_ana, f"/rules/{rule_id}/")
            for version in (rule for rule in RULEBOOK if rule.id == rule_id):
                assert version.sentence in page, rule_id
                assert version.reason in page, rule_id
                assert version.judgement in page, rule_id

    def test_every_rule_is_in_the_list_and_leads_to_its_page(self, as_ana: Client) -> None:
        page = shown(as_ana, "/rules/")

        for rule_id in IDS:
            assert f'<tr id="{rule_id}">' in page
            assert f'href="/rules/{rule_id}/"' in page

    def test_every_citation_is_shown_with_its_address_and_its_mark(self, as_ana: Client) -> None:
        for rule in lawbook(RELEASE_DAY).rules:
            page = shown(as_ana, f"/rules/{rule.id}/")
            rows = [row for row in page.split("<tr") if 'rel="noreferrer"' in row]
            for citation in rule.citations:
                row = next(row for row in rows if f">{citation.short}</a>" in row and citation.says in row)
                assert f'href="{citation.url}"' in row
                assert citation.mark.label in row

    def test_a_law_nobody_has_read_is_called_unchecked(self, as_ana: Client) -> None:
        unread = {key for key, one in CITATIONS.items() if one.mark is Mark.UNCHECKED}
        citing = [rule for rule in lawbook(RELEASE_DAY).rules if unread & {one.key for one in rule.citations}]

        assert citing
        for rule in citing:
            page = shown(as_ana, f"/rules/{rule.id}/")
            assert re.search(r'<span class="mark unknown">.{0,90}unchecked</span>', page), rule.id
            assert "no day on record" in page
        assert "unchecked law" in shown(as_ana, "/rules/")

    def test_a_superseded_version_stays_readable_beside_its_successor(self, as_ana: Client) -> None:
        page = shown(as_ana, "/rules/FDA2/")

        assert "Law from 6 Jan 2026" in page
        assert "Law until 5 Jan 2026" in page

    def test_a_rule_leads_to_its_gate_its_factor_and_its_neighbours(self, as_ana: Client) -> None:
        page = shown(as_ana, "/rules/FDA4/")

        for address in (marks.gate_url("G5"), marks.factor_url("REG-MED"), marks.rule_url("FDA5")):
            assert f'href="{address}"' in page

    def test_numbers_show_whose_they_are(self, as_ana: Client) -> None:
        page = shown(as_ana, "/rules/AIA2/")

        assert "Duties apply and cannot be shown to be met." in page  # the severity from 2027 on
        assert "from 2 Dec 2027" in page
        assert CITATIONS["ai_omnibus_annex_iii"].short in page

    def test_a_rule_that_does_not_exist_is_not_found(self, as_ana: Client) -> None:
        assert as_ana.get("/rules/XYZ1/").status_code == 404

    def test_the_filter_finds_by_id_by_words_and_by_regime(self, as_ana: Client) -> None:
        def found(query: str) -> list[str]:
            return re.findall(r'<tr id="([A-Z]+\d)">', shown(as_ana, f"/rules/?{query}"))

        assert found("q=hip3") == ["HIP3"]
        assert "EUR4" in found("q=chapter+mechanism")
        assert found("regime=eu_dora") == ["DOR0", "DOR1", "DOR2", "DOR3", "DOR4", "DOR5"]
        assert found("regime=us_fda&q=gdpr") == []
        assert "No rule matches" in shown(as_ana, "/rules/?q=nothing+of+the+sort")


class TestStale:
    @pytest.mark.parametrize(("days", "old"), [(0, False), (90, False), (91, True)])
    def test_a_check_is_old_after_ninety_days(
        self, as_ana: Client, monkeypatch: pytest.MonkeyPatch, days: int, old: bool
    ) -> None:
        on(CHECKED + timedelta(days=days), monkeypatch)

        row = shown(as_ana, "/rules/").split('<tr id="FDA4">')[1].split("</tr>")[0]
        for text in (row, shown(as_ana, "/rules/FDA4/")):
            assert ("Check is old" in text) is old
        assert (lawbook(CHECKED + timedelta(days=days)).find("FDA4").stale) is old  # type: ignore[union-attr]

    def test_it_agrees_with_what_the_engine_tells_the_reports(self) -> None:
        for days in (90, 91):
            day = CHECKED + timedelta(days=days)
            verdict = judge(Facts.from_mapping({}), on=day)
            for regime in lawbook(day).regimes[:-1]:
                for rule in regime.rules:
                    law_is_old = any(one.stale for one in rule.current.citations)
                    assert verdict.finding(rule.id).stale is law_is_old, (rule.id, day)

    def test_an_old_list_of_places_makes_the_rules_that_read_it_old(self) -> None:
        checked = RULEBOOK.zones.notes["adequate"].checked_on
        fresh, late = (lawbook(checked + timedelta(days=days)) for days in (90, 91))

        for book, old in ((fresh, False), (late, True)):
            rule = book.find("EUR3")
            assert rule is not None
            assert any(one.startswith("adequate countries") for one in rule.old) is old
        assert late.find("EUR9").stale is False  # type: ignore[union-attr]  # reads no place

    def test_the_list_can_be_cut_to_what_is_old(
        self, as_ana: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        on(CHECKED, monkeypatch)

        page = shown(as_ana, "/rules/?old=1")

        assert 'id="EUR3"' in page
        assert 'id="FDA4"' not in page


class TestReads:
    def test_a_rule_reads_at_least_what_the_engine_saw_it_read(self) -> None:
        verdict = judge(Facts.from_mapping({}), on=RELEASE_DAY)
        book = lawbook(RELEASE_DAY)

        for regime in book.regimes[:-1]:
            scope = {fact.name for fact in regime.scope}
            for rule in regime.rules:
                seen = {one.fact for one in verdict.finding(rule.id).because}
                assert seen <= {fact.name for fact in rule.current.facts} | scope, rule.id

    def test_what_is_read_only_once_a_fact_is_known_is_found_as_well(self) -> None:
        reads = reads_of(RULEBOOK.rule("V1").apply, RELEASE_DAY, RULEBOOK)

        assert {"scope", "zone", "inference_countries"} <= set(reads.facts)
        assert "data_zone_EU" in reads.zones

    def test_constants_come_with_what_they_are(self) -> None:
        reads = reads_of(RULEBOOK.rule("FDA2", RELEASE_DAY).apply, RELEASE_DAY, RULEBOOK)

        assert reads.constants["FDA2.single_output"] == SEVERITY
        assert reads.constants["fda.single_output_allowed"] == DAY

    def test_every_constant_but_the_rhythm_of_checking_is_read_by_some_rule(self) -> None:
        read = {
            constant.key
            for rule in lawbook(RELEASE_DAY).rules
            for version in rule.versions
            for constant in version.constants
        }
        scopes = {
            key
            for regime in RULEBOOK.regimes
            for key in reads_of(regime.scope, RELEASE_DAY, RULEBOOK).constants
        }

        assert set(RULEBOOK.parameters.by_key) - read - scopes == {"stale_after_days"}


class TestMethod:
    def test_every_factor_is_shown_with_its_anchors_and_can_be_linked_to(self, as_ana: Client) -> None:
        page, method = shown(as_ana, "/method/"), load_method()

        for factor in (*method.risk_factors, *method.opportunity_factors):
            row = page.split(f'<tr id="factor-{factor.key}">')[1].split("</tr>")[0]
            assert [f"<li>{anchor}</li>" in row for anchor in factor.anchors] == [True] * 5, factor.key
            assert f"{factor.weight} {factor.klass}" in row
            assert factor.references in row
            assert marks.factor_url(factor.key).endswith(f"#factor-{factor.key}")

    def test_every_gate_names_its_law_or_whose_judgement_it_is_and_the_rules_that_open_it(
        self, as_ana: Client
    ) -> None:
        page = shown(as_ana, "/method/")

        for gate in method_part().gates:
            row = page.split(f'<tr id="gate-{gate.key}">')[1].split("</tr>")[0]
            assert gate.citation in row
            assert gate.judgement in row
            assert [f'href="{marks.rule_url(one)}"' in row for one in gate.rules] == [True] * len(gate.rules)
        assert method_part().gates[0].rules == ("AIA1",)

    def test_lines_and_tables_are_those_of_the_data(self, as_ana: Client) -> None:
        page, part = shown(as_ana, "/method/"), method_part()

        assert part.bands == (
            ("Low", "0 to below 25"), ("Moderate", "25 to below 45"), ("High", "45 to below 70"),
            ("Severe", "70 to 100"),
        )  # fmt: skip
        assert [(one.letter, one.tiers) for one in part.tiers] == list(load_method().tiers.items())
        assert part.classes == (("A", 100, "70.0"), ("B", 65, "45.5"), ("C", 36, "25.2"))
        for said in part.judgements.values():
            assert said in page
        for evidence, days in part.ages:
            assert f'<th scope="row">{evidence}</th><td class="num">{days}</td>' in page
        assert {days for _, days in part.ages} == {183, 365, 730}

    def test_an_exposure_rule_is_a_sentence_too(self) -> None:
        words = {one.key: one.exposure_words for _, _, factors in method_part().domains for one in factors}

        assert words["DAT-RES"] == "Grows with how sensitive the data is; in full where we require residency."
        assert words["REG-AIA"] == (
            "Grows with how badly a wrong output hurts; only where there is a link to the EU."
        )


class TestPages:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_the_law_costs_no_query(self, as_ana: Client, address: str) -> None:
        lines = ("the versions of the risk appetite",) if address == "/method/" else ()
        assert_queries(as_ana, address, (*FRAME, *lines))

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_a_stranger_is_sent_to_sign_in(self, client: Client, db: None, address: str) -> None:
        answer = client.get(address)

        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")

    def test_rules_is_the_open_area_of_both_pages(self, as_ana: Client) -> None:
        for address in ("/rules/", "/rules/FDA4/", "/method/"):
            assert 'aria-current="page">Rules</a>' in shown(as_ana, address)

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_headings_tables_and_ids_can_be_read_aloud(self, as_ana: Client, address: str) -> None:
        page = shown(as_ana, address)
        levels = [int(level) for level in re.findall(r"<h(\d)", page)]
        ids = re.findall(r'\sid="([^"]+)"', page)

        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert [head for head in re.findall(r"<th\b[^>]*>", page) if "scope=" not in head] == []
        assert all("<thead>" in table for table in page.split("<table")[1:])
        assert sorted(ids) == sorted(set(ids))
        assert set(re.findall(r'aria-labelledby="([^"]+)"', page)) <= set(ids)

    def test_links_within_these_pages_arrive(self, as_ana: Client) -> None:
        ids = {
            address: set(re.findall(r'\sid="([^"]+)"', shown(as_ana, address)))
            for address in ("/rules/", "/method/")
        }
        for page in (*ids, *(f"/rules/{rule_id}/" for rule_id in IDS)):
            for address, anchor in re.findall(r'href="(/rules/|/method/)#([^"]+)"', shown(as_ana, page)):
                assert anchor in ids[address], (page, anchor)


class TestCases:
    def test_every_rule_has_a_case_in_which_it_is_not_clear(self) -> None:
        for rule in lawbook(RELEASE_DAY).rules:
            assert cases_of(rule.id, rule.regime), rule.id

    def test_they_are_the_cases_of_the_tests(self) -> None:
        assert USUAL_DAY == caselist.TODAY
        for regime in caselist.REGIMES:
            ours = [(case.name, case.on, [case.low, case.high]) for case in regime_cases(regime)]
            assert ours == [(case.name, case.on, case.range) for case in caselist.cases_of(regime)]

    def test_an_installation_without_the_tests_says_where_they_are(
        self, as_ana: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        assert regime_cases("us_fda", tmp_path) == ()
        monkeypatch.setattr(views, "cases_of", lambda rule_id, regime: ())

        assert "docs/rulebook.md" in shown(as_ana, "/rules/FDA4/")


class TestDocs:
    def test_the_committed_file_is_what_the_rules_say(self) -> None:
        call_command("rulebook_docs", "--check", stdout=StringIO())

    def test_a_file_that_lags_behind_is_refused_with_the_remedy(self, tmp_path: Path) -> None:
        old = tmp_path / "rulebook.md"
        old.write_text("# Rulebook\n", encoding="utf-8")

        with pytest.raises(CommandError, match=r"manage\.py rulebook_docs"):
            call_command("rulebook_docs", "--check", file=old)
        call_command("rulebook_docs", file=old, stdout=StringIO())
        call_command("rulebook_docs", "--check", file=old, stdout=StringIO())

    def test_it_lists_every_rule_and_every_case_and_its_links_arrive(self) -> None:
        text = RULEBOOK_MD.read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

        assert set(IDS) <= set(headings)
        assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors
        for regime in caselist.REGIMES:
            for case in regime_cases(regime):
                assert not case.outcomes or f"| {case.name} | {case.on} |" in text, case.name
