"""The negotiation pack: every figure is the engine's own, together is not the sum, and nothing leaks to the vendor."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskassess.assessments.gathered import Evidence, Fact
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.negotiating import Kind, Lever, Pack, joint, negotiation_pack
from riskassess.assessments.record import record_of, recorded_method
from riskassess.assessments.regather import regathered
from riskassess.assessments.scoring import score
from riskassess.assessments.verifying import judged_again
from riskassess.home.demo.loading import load_all
from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.stated import UNKNOWN, Known
from riskassess.kernel.truth import Truth
from riskassess.reports.negotiation import page_of, requests_of
from riskassess.scoring.method import DECISIONS
from tests.queries import FRAME, assert_queries

Briefing = dict[str, tuple[dict[str, Any], Pack]]


@pytest.fixture(scope="module")
def briefing(django_db_setup: None, django_db_blocker: Any) -> Briefing:
    """The records of the founding briefing by use case, each with its pack; the database forgets them at once."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_all("a password nobody else knows")
        runs = {str(one): json.loads(score(one).record) for one in Assessment.objects.all()}
        transaction.set_rollback(True)
    return {name: (record, negotiation_pack(record)) for name, record in runs.items()}


@pytest.fixture
def scored(assessment: Assessment) -> ScoreRun:
    return score(assessment)


def find(briefing: Briefing, words: str) -> tuple[dict[str, Any], Pack]:
    return next(found for name, found in briefing.items() if words in name)


class TestFigures:
    def test_the_run_itself_is_the_start(self, briefing: Briefing) -> None:
        for record, pack in briefing.values():
            assert list(pack.before.risk) == record["risk"]
            assert (pack.before.decision, pack.note) == (record["decision"], "")
            counting = {one["key"] for one in record["factors"] if one["points"][1]}
            assert {one.key for one in pack.residuals} == counting, "every residual risk is accounted for"

    def test_a_clause_is_the_answer_somebody_would_give(self, briefing: Briefing) -> None:
        """A signed clause at the best anchor, put in by hand as an answer and judged: the same to the integer."""
        record, pack = find(briefing, "Internal drafting")
        lever = pack.levers["DAT-TRN.0"]
        assert (lever.kind, lever.answer) == (Kind.CLAUSE, "Never, contract clause")
        gathered = regathered(record["inputs"])
        clause = Evidence("answer:DAT-TRN", "answer", "", 0, 0, "A", 3, "neutral")
        changed = replace(gathered, evidence={**gathered.evidence, "DAT-TRN": (clause,)})
        result = judged_again(record, changed, recorded_method(record)).result
        assert (lever.effect.risk, lever.effect.decision) == (result.risk, result.decision)
        assert lever.effect.level == result.factor("DAT-TRN").level == (0, 1000)

    def test_a_fact_is_judged_by_the_rules_with_its_gate(self, briefing: Briefing) -> None:
        record, pack = find(briefing, "with an EEA residency policy")
        lever = pack.levers["scope.data_zone"]
        assert (pack.before.decision, lever.effect.decision) == ("REJECT", "ESCALATE")
        gathered = regathered(record["inputs"])
        facts = {**gathered.facts, "scope": Fact(Known("data_zone"), by="answer")}
        result = judged_again(record, replace(gathered, facts=facts), recorded_method(record)).result
        assert (lever.effect.risk, lever.effect.decision) == (result.risk, result.decision)

    def test_each_lowers_its_factor_or_says_that_it_helps_only_with_others(self, briefing: Briefing) -> None:
        for record, pack in briefing.values():
            shown = page_of(record, pack, ())
            for residual, line in zip((r for r in pack.residuals if r.levers), shown.residuals, strict=True):
                for lever, said in zip(residual.levers, line.levers, strict=True):
                    better = lever.effect.level.high < residual.level.high
                    if lever.kind in {Kind.CLAUSE, Kind.CHANGE} and "-" in lever.key:
                        assert better
                    assert said.moves or lever.effect.risk == pack.before.risk

    def test_a_document_that_better_evidence_contradicts_is_no_help_only_change_is(
        self, briefing: Briefing
    ) -> None:
        """Our own test came out badly: another document cannot undo it."""
        _, pack = find(briefing, "MAI-Code-1-Flash")
        own = next(one for one in pack.residuals if one.key == "EVL-TSK")
        assert {lever.kind for lever in own.levers} == {Kind.CHANGE}
        assert all(lever.ours for lever in own.levers)

    def test_a_document_that_contradicts_the_vendor_s_own_word_is_no_help_only_change_is(
        self, briefing: Briefing
    ) -> None:
        """The vendor says itself that validation has only begun: a study beside that word would open G12."""
        _, pack = find(briefing, "Clinical decision support")
        own = next(one for one in pack.residuals if one.key == "SAF-CLN")
        assert {lever.kind for lever in own.levers} == {Kind.CHANGE}
        for lever in own.levers:
            assert set(lever.effect.gates) <= set(pack.before.gates)


class TestTogether:
    def test_together_is_computed_and_is_not_the_sum(self, briefing: Briefing) -> None:
        record, pack = find(briefing, "Clinical decision support")
        keys = pack.best
        falls = sum(pack.before.risk.high - pack.levers[key].effect.risk.high for key in keys)
        together = pack.before.risk.high - joint(record, pack, keys).risk.high
        assert together != falls

    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_more_never_hurts_the_top(self, briefing: Briefing, data: Any) -> None:
        """Of clauses and documents: whatever is chosen, one more leaves the top no higher and the decision no worse."""
        record, pack = briefing[data.draw(st.sampled_from(sorted(briefing)))]
        keys = sorted(key for key, lever in pack.levers.items() if "-" in key and not lever.rank)
        chosen = data.draw(st.lists(st.sampled_from(keys), unique=True, max_size=4))
        one_more = data.draw(st.sampled_from(keys))
        some, more = joint(record, pack, chosen), joint(record, pack, [*chosen, one_more])
        assert more.risk.high <= some.risk.high
        assert set(more.gates) <= set(some.gates)
        assert DECISIONS.index(more.decision) <= DECISIONS.index(some.decision)

    def test_nothing_chosen_is_the_run_and_one_is_itself(self, briefing: Briefing) -> None:
        record, pack = find(briefing, "Internal drafting")
        assert joint(record, pack, ()).risk == pack.before.risk
        lever = pack.levers["DAT-TRN.0"]
        assert joint(record, pack, ["DAT-TRN.0", "DAT-TRN.0"]).risk == lever.effect.risk
        both = joint(record, pack, ["DAT-TRN.1", "DAT-TRN.0"])
        assert both.risk == lever.effect.risk, "of two answers on one factor the better counts"

    def test_a_gate_that_answers_opened_stays_open_when_the_rules_part_of_it_is_settled(
        self, briefing: Briefing
    ) -> None:
        """A bank's critical function: there is no way out (DEP-EXT), and nobody has told DORA's side of G11 yet."""
        record, _ = find(briefing, "Internal drafting")
        gathered = regathered(record["inputs"])
        bank = {name: Fact(Known(True), by="answer") for name in ("eu_financial_entity", "critical_function")}
        no_way_out = Evidence("answer:DEP-EXT", "answer", "", 4, 4, "A", 3, "neutral")
        stuck = replace(
            gathered,
            facts={**gathered.facts, **bank, "exit_plan": Fact(UNKNOWN)},
            evidence={**gathered.evidence, "DEP-EXT": (no_way_out,)},
            profile={**gathered.profile, "B": (4, 4)},
        )
        judged = judged_again(record, stuck, recorded_method(record))
        assert judged.verdict.gates["G11"] is Truth.UNKNOWN
        pack = negotiation_pack(record_of(judged))
        assert "G11" in pack.before.gates
        assert "G11" in pack.levers["REG-SEC.open"].effect.gates

    def test_what_this_run_does_not_list_is_refused(self, briefing: Briefing) -> None:
        record, pack = find(briefing, "Internal drafting")
        with pytest.raises(InvalidInput, match="nothing that this run"):
            joint(record, pack, ["NOT-ONE.0"])


class TestTheVendorsCopy:
    def test_it_holds_nothing_of_the_buyers(self, briefing: Briefing) -> None:
        for record, pack in briefing.values():
            said = json.dumps([vars_of(one) for one in requests_of(record, pack, (), figures=False)])
            subject = record["inputs"]["subject"]
            for word in (*DECISIONS, subject["use_case"], subject["unit"], "→", *record["shown"]["risk"]):
                assert word not in said

    def test_its_order_is_the_methods_not_what_matters_most_to_us(self, briefing: Briefing) -> None:
        record, pack = find(briefing, "Internal drafting")
        names = [one["name"] for one in record["factors"]]
        topics = [one.topic for one in requests_of(record, pack, (), figures=False)]
        assert topics == sorted(topics, key=names.index)

    def test_no_fall_back_and_nothing_of_ours_unless_it_is_chosen(self, briefing: Briefing) -> None:
        for record, pack in briefing.values():
            asked = requests_of(record, pack, (), figures=False)
            hidden: list[Lever] = [one for one in pack.levers.values() if one.rank or one.ours]
            assert not {(one.question, one.answer) for one in asked} & {
                (h.question, h.answer) for h in hidden
            }
        chosen = requests_of(record, pack, ["DAT-TRN.1"], figures=False)
        assert [one.answer for one in chosen] == ["Never, documented policy"]

    def test_what_this_run_does_not_list_is_refused_not_left_out(self, briefing: Briefing) -> None:
        record, pack = find(briefing, "Internal drafting")
        with pytest.raises(InvalidInput, match="nothing that this run"):
            requests_of(record, pack, ["DAT-TRN.0", "NOT-ONE.0"], figures=False)

    def test_where_it_is_only_asked_what_is_so_no_answer_is_suggested(self, briefing: Briefing) -> None:
        record, pack = find(briefing, "Assistant for EU users")
        asked = next(r for r in requests_of(record, pack, ["gpai.false"], figures=False))
        assert (asked.label, asked.answer) == ("To be answered", "")

    def test_figures_are_told_where_somebody_ticks_it(self, briefing: Briefing) -> None:
        record, pack = find(briefing, "Internal drafting")
        (one,) = requests_of(record, pack, ["DAT-TRN.0"], figures=True)
        assert one.figures == "Level 0–100 → 0–10; risk 12.9–32.9 → 12.9–32.7; then conditional"


def vars_of(request: Any) -> dict[str, Any]:
    return {name: getattr(request, name) for name in request.__dataclass_fields__}


class TestPages:
    def test_from_the_decision_to_the_pack_to_the_copy(self, as_ana: Client, scored: ScoreRun) -> None:
        address = reverse("reports:negotiation", args=[scored.pk])
        assert (
            address in as_ana.get(reverse("reports:decision", args=[scored.assessment_id])).content.decode()
        )
        html = as_ana.get(f"{address}?item=DAT-TRN.0").content.decode()
        assert "The effects do not add up" in html
        assert 'value="DAT-TRN.0" checked' in html
        copy = reverse("reports:negotiation_vendor", args=[scored.pk])
        assert f"{copy}?item=DAT-TRN.0" in html
        html = as_ana.get(f"{copy}?item=DAT-TRN.0").content.decode()
        assert "Never, contract clause" in html
        assert "→" not in html
        assert "→" in as_ana.get(f"{copy}?item=DAT-TRN.0&figures=on").content.decode()

    def test_only_who_sees_the_run(self, as_cleo: Client, as_dora: Client, scored: ScoreRun) -> None:
        for name in ("negotiation", "negotiation_vendor"):
            address = reverse(f"reports:{name}", args=[scored.pk])
            assert as_cleo.get(address).status_code == 404
            assert as_dora.get(address).status_code == 200
            assert Client().get(address).status_code == 302
        api = reverse("negotiation-list", args=[scored.pk])
        assert as_cleo.get(api).status_code == 404
        assert Client().get(api).status_code in {401, 403}

    def test_one_query_for_the_run(self, as_ana: Client, scored: ScoreRun) -> None:
        reasons = (*FRAME, "the run with its assessment and offering")
        assert_queries(as_ana, reverse("reports:negotiation", args=[scored.pk]), reasons)
        assert_queries(as_ana, reverse("reports:negotiation_vendor", args=[scored.pk]), reasons)

    def test_what_is_not_listed_is_said(self, as_ana: Client, scored: ScoreRun) -> None:
        answer = as_ana.get(reverse("reports:negotiation", args=[scored.pk]), {"item": "NOT-ONE.0"})
        assert answer.status_code == 400
        assert "nothing that this run" in answer.content.decode()
        answer = as_ana.get(reverse("reports:negotiation_vendor", args=[scored.pk]), {"item": "NOT-ONE.0"})
        assert answer.status_code == 400

    def test_the_api_says_the_same(self, as_ana: Client, scored: ScoreRun) -> None:
        record = json.loads(scored.record)
        pack = negotiation_pack(record)
        api = reverse("negotiation-list", args=[scored.pk])
        said = as_ana.get(api, {"item": "DAT-TRN.0"}).json()
        assert said["before"]["risk"] == record["risk"]
        assert said["chosen"]["risk"] == list(pack.levers["DAT-TRN.0"].effect.risk)
        copy = as_ana.get(api, {"item": "DAT-TRN.0", "for": "vendor"})
        assert copy.json()["requests"][0]["answer"] == "Never, contract clause"
        assert "risk" not in copy.content.decode()
        told = as_ana.get(api, {"item": "DAT-TRN.0", "for": "vendor", "figures": "true"}).json()
        assert "→" in told["requests"][0]["figures"]
