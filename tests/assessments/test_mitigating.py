"""Controls: who may state them, what they take off, and that promises lower nothing that counts."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments import mitigating, services
from riskassess.assessments.answers import Given
from riskassess.assessments.mitigating import Stated
from riskassess.assessments.models import Assessment, Mitigation, ScoreRun
from riskassess.assessments.record import facts_digest
from riskassess.assessments.scoring import judge_now, score, verify_run
from riskassess.assessments.verifying import Verification, verify
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.scoring.canonical import canonical_json, digest
from tests.builders import a_condition, an_acceptance, make_assessment, make_mitigation, make_person

REDACTION = Stated(
    title="Personal data are redacted before they leave",
    factors=("DAT-TRN", "DAT-RES"),
    effectiveness=40,
    because="Judgement of the data protection officer, from a trial on 200 letters.",
)
STEPS = ("proposed", "committed", "implemented", "verified")


@pytest.fixture
def draft(ana: User, procurement: BusinessUnit) -> Assessment:
    """Customers' data are drafted with, and the vendor may train on them."""
    made = make_assessment(ana, procurement)
    use = {"profile.D": 3, "profile.I": 2, "profile.A": 1, "profile.B": 2, "profile.S": 2}
    for key, value in {**use, "DAT-TRN": 3, "DAT-RET": [1, 3]}.items():
        services.answer(made, key, Given("known", value), by=ana)
    return made


def planned(draft: Assessment, ana: User, **changes: Any) -> Mitigation:
    stated = {name: getattr(REDACTION, name) for name in REDACTION.__dataclass_fields__}
    return mitigating.plan(draft, Stated(**stated | changes), by=ana)


# -- who may, and when ---------------------------------------------------------------------------------


def test_ana_plans_a_control_and_the_score_follows(draft: Assessment, ana: User) -> None:
    before = score(draft)
    made = planned(draft, ana)
    assert Job.objects.unfinished().filter(kind="score").exists()
    drain()
    draft.refresh_from_db()
    assert (made.key, made.created_by) == ("personal-data-are-redacted-before-they-leave", ana)
    assert draft.current_run != before
    assert draft.current_run.facts_digest != before.facts_digest


def test_two_controls_of_one_name_have_keys_of_their_own(draft: Assessment, ana: User) -> None:
    keys = [planned(draft, ana, title="Egress filter").key for _ in range(3)]
    assert keys == ["egress-filter", "egress-filter-2", "egress-filter-3"]
    assert planned(draft, ana, title="数据").key == "control"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"factors": ()}, "factors"),
        ({"factors": ("OPP-CAP",)}, "factors"),  # an opportunity is nothing to lower
        ({"effectiveness": 0}, "effectiveness"),
        ({"effectiveness": 101}, "effectiveness"),
        ({"effectiveness": True}, "effectiveness"),
        ({"because": ""}, "because"),
        ({"status": "done"}, "status"),
        ({"status": "verified"}, "evidence"),
        ({"owner": "o" * 201}, "owner"),
    ],
)
def test_what_is_no_control_is_refused_by_name(
    draft: Assessment, ana: User, changes: dict[str, Any], where: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        planned(draft, ana, **changes)
    assert refused.value.where == where
    assert refused.value.hint
    assert not draft.mitigations.exists()


def test_people_of_other_units_and_approvers_state_no_controls(
    draft: Assessment, ana: User, ben: User, cleo: User, dora: User
) -> None:
    made = planned(draft, ana)
    for person in (ben, cleo, dora):
        with pytest.raises(NotAllowed):
            mitigating.plan(draft, REDACTION, by=person)
        with pytest.raises(NotAllowed):
            mitigating.change(made, by=person, owner="Me")
        with pytest.raises(NotAllowed):
            mitigating.drop(made, by=person)


def test_a_requester_proposes_and_an_assessor_says_how_far_it_is(
    draft: Assessment, ana: User, procurement: BusinessUnit
) -> None:
    gil = make_person("Gil Roth", (procurement, Role.REQUESTER))
    made = mitigating.plan(draft, REDACTION, by=gil)
    with pytest.raises(NotAllowed, match="propose"):
        mitigating.change(made, by=gil, status="committed", evidence="They said so.")
    mitigating.change(made, by=ana, status="committed", evidence="Contract, clause 7.")
    with pytest.raises(NotAllowed):
        mitigating.change(made, by=gil, effectiveness=100)
    with pytest.raises(NotAllowed):
        mitigating.drop(made, by=gil)


def test_nothing_moves_under_an_approver(draft: Assessment, ana: User) -> None:
    made = planned(draft, ana)
    services.submit(draft, by=ana)
    with pytest.raises(Conflict):
        mitigating.plan(draft, REDACTION, by=ana)
    with pytest.raises(Conflict):
        mitigating.change(made, by=ana, owner="Ana")
    with pytest.raises(Conflict):
        mitigating.drop(made, by=ana)


def test_after_the_decision_a_control_is_followed_up_and_the_decision_stays(
    draft: Assessment, ana: User, ben: User
) -> None:
    made = planned(draft, ana)
    services.submit(draft, by=ana)
    drain()
    draft.refresh_from_db()
    decided_on = draft.current_run
    assert decided_on is not None
    services.decide(
        draft,
        decided_on.decision,
        by=ben,
        conditions=(a_condition("Redact before sending."),),
        accept=an_acceptance(reason="Small."),
    )
    with pytest.raises(Conflict, match="after a decision"):
        mitigating.change(made, by=ana, effectiveness=90)
    mitigating.change(made, by=ana, status="verified", evidence="Tested on 1,000 letters.", owner="Security")
    drain()
    draft.refresh_from_db()
    assert draft.current_run != decided_on
    assert draft.decisions.get().run == decided_on


def test_saying_the_same_again_scores_nothing_anew(draft: Assessment, ana: User) -> None:
    made = planned(draft, ana)
    drain()
    jobs = Job.objects.count()
    mitigating.change(made, by=ana, title=f" {made.title} ", factors=("DAT-RES", "DAT-TRN"))
    assert Job.objects.count() == jobs


def test_two_people_change_two_things_and_both_are_kept(draft: Assessment, ana: User) -> None:
    made = planned(draft, ana)
    stale = Mitigation.objects.get(pk=made.pk)
    mitigating.change(made, by=ana, owner="Security")
    mitigating.change(stale, by=ana, effectiveness=30)
    kept = draft.mitigations.get()
    assert (kept.owner, kept.effectiveness) == ("Security", 30)


def test_what_was_dropped_meanwhile_is_said(draft: Assessment, ana: User) -> None:
    made = planned(draft, ana)
    stale = Mitigation.objects.get(pk=made.pk)
    mitigating.drop(made, by=ana)
    with pytest.raises(Conflict, match="dropped meanwhile"):
        mitigating.change(stale, by=ana, owner="Security")


# -- what it does ----------------------------------------------------------------------------------------


def test_each_step_lowers_and_a_proposal_lowers_nothing_that_counts(draft: Assessment, ana: User) -> None:
    bare = judge_now(draft).result
    made = planned(draft, ana)
    highs, lows = [bare.risk.high], [bare.risk.low]
    for step in STEPS:
        mitigating.change(made, by=ana, status=step, evidence="Contract, clause 7; tested in May.")
        result = judge_now(draft).result
        assert result.inherent.risk == bare.risk
        assert result.target.risk.low <= result.risk.low <= result.inherent.risk.low
        assert result.target.risk.high <= result.risk.high <= result.inherent.risk.high
        highs.append(result.risk.high)
        lows.append(result.risk.low)
    assert highs == sorted(highs, reverse=True)
    assert lows == sorted(lows, reverse=True)
    assert highs[1] == highs[2] == bare.risk.high, "neither a proposal nor a promise lowers the worst case"
    assert lows[1] == bare.risk.low
    assert highs[4] < highs[3] < highs[2]


def test_no_control_opens_a_gate_or_settles_one(draft: Assessment, ana: User) -> None:
    before = {gate.key: gate.truth for gate in judge_now(draft).result.gates}
    planned(draft, ana, effectiveness=100, status="verified", evidence="Tested.")
    assert {gate.key: gate.truth for gate in judge_now(draft).result.gates} == before


def test_the_record_carries_controls_as_inputs_and_views_as_results(draft: Assessment, ana: User) -> None:
    made = planned(draft, ana, status="implemented", evidence="Live since May.", owner="Security")
    record = json.loads(score(draft).record)
    assert record["inputs"]["mitigations"] == [
        {"key": made.key, "title": made.title, "factors": ["DAT-RES", "DAT-TRN"], "effectiveness": 40,
         "because": made.because, "status": "implemented", "evidence": "Live since May.", "owner": "Security",
         "due_on": None}
    ]  # fmt: skip
    views, off = record["views"], record["mitigations"][made.key]
    assert views["target"]["risk"][1] < record["risk"][1] < views["inherent"]["risk"][1]
    # The only control: without it the risk is the inherent one, and verified it is the target.
    for end in (0, 1):
        assert off["now"][end] == views["inherent"]["risk"][end] - record["risk"][end]
        assert off["verified"][end] == views["inherent"]["risk"][end] - views["target"]["risk"][end]
    factor = next(one for one in record["factors"] if one["key"] == "DAT-TRN")
    assert factor["mitigations"] == [made.key]
    assert factor["level"][1] < factor["inherent_level"][1]


def test_a_run_with_controls_verifies_to_the_byte(draft: Assessment, ana: User) -> None:
    planned(draft, ana, status="committed", evidence="Clause 7.", due_on=date(2027, 3, 1))
    made = planned(draft, ana, title="Second")
    run = ScoreRun.objects.get(pk=score(draft).pk)
    assert verify_run(run) == Verification(same=True)
    record = json.loads(run.record)
    record["inputs"]["mitigations"][1]["effectiveness"] = 99
    record["result_id"] = digest({key: value for key, value in record.items() if key != "result_id"})
    assert "mitigations" in verify(canonical_json(record).decode()).difference
    assert made.key in record["mitigations"]


def test_without_controls_a_record_has_no_word_of_them(draft: Assessment, ana: User) -> None:
    bare = score(draft)
    mitigating.drop(planned(draft, ana), by=ana)
    record = json.loads(score(draft).record)
    assert score(draft) == bare, "the control is gone, so the inputs are those of before"
    assert "views" not in record
    assert "mitigations" not in {*record, *record["inputs"]}
    assert not any("inherent_level" in one for one in record["factors"])


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "committed", "evidence": "Clause 7."},
        {"owner": "Security"},
        {"effectiveness": 41},
        {"factors": ("DAT-TRN",)},
        {"title": "Another name"},
        {"because": "Another judgement."},
    ],
)
def test_every_change_makes_another_run(draft: Assessment, ana: User, changes: dict[str, Any]) -> None:
    made = planned(draft, ana)
    before = facts_digest(judge_now(draft).gathered)
    mitigating.change(made, by=ana, **changes)
    assert facts_digest(judge_now(draft).gathered) != before


def test_controls_cost_one_query_however_many(draft: Assessment) -> None:
    with CaptureQueriesContext(connection) as none:
        judge_now(draft)
    for number in range(5):
        make_mitigation(draft, f"Control {number}")
    with CaptureQueriesContext(connection) as five:
        judge_now(draft)
    assert len(five) == len(none)
    assert sum("assessments_mitigation" in query["sql"] for query in five) == 1
