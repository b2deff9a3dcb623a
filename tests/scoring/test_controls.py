"""Controls never make anything worse, promises count for nothing that counts, and what each takes off is exact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from riskassess.scoring.controls import room, taken_off
from riskassess.scoring.inputs import STATUSES, Inputs, Mitigation
from riskassess.scoring.results import Result

from .properties import run
from .strategies import assessments, mitigations

controlled = assessments(controls=True)


def under(inputs: Inputs, *controls: Mitigation) -> Result:
    return run(replace(inputs, mitigations=controls))


def at_most(lower: Any, upper: Any) -> bool:
    return bool(lower.low <= upper.low and lower.high <= upper.high)


@given(inputs=controlled, more=mitigations())
def test_one_control_more_never_raises_either_end(inputs: Inputs, more: tuple[Mitigation, ...]) -> None:
    known = {one.key for one in inputs.mitigations}
    added = [replace(one, key=f"more-{one.key}") for one in more if f"more-{one.key}" not in known]
    assert at_most(under(inputs, *inputs.mitigations, *added).risk, run(inputs).risk)


@given(inputs=controlled, data=st.data())
def test_a_step_ahead_never_raises_either_end(inputs: Inputs, data: st.DataObject) -> None:
    ahead = [
        replace(one, status=data.draw(st.sampled_from(STATUSES[STATUSES.index(one.status) :])))
        for one in inputs.mitigations
    ]
    assert at_most(under(inputs, *ahead).risk, run(inputs).risk)


@given(inputs=controlled)
def test_proposals_leave_the_current_view_alone_and_promises_its_high_end(inputs: Inputs) -> None:
    proposed = under(inputs, *(replace(one, status="proposed") for one in inputs.mitigations))
    promised = under(inputs, *(replace(one, status="committed") for one in inputs.mitigations))
    assert proposed.risk == proposed.inherent.risk
    assert promised.risk.high == promised.inherent.risk.high
    assert proposed.decision_without_gates == under(inputs).decision_without_gates


@given(inputs=controlled)
def test_target_current_and_inherent_stand_in_order(inputs: Inputs) -> None:
    found = run(inputs)
    assert at_most(found.target.risk, found.risk)
    assert at_most(found.risk, found.inherent.risk)
    assert found.inherent.risk == under(inputs).risk


@given(inputs=controlled)
def test_what_a_control_takes_off_is_the_risk_recomputed(inputs: Inputs) -> None:
    found = run(inputs)
    for off in taken_off(found):
        others = [one for one in inputs.mitigations if one.key != off.key]
        own = next(one for one in inputs.mitigations if one.key == off.key)
        without = under(inputs, *others).risk
        proven = under(inputs, *others, replace(own, status="verified")).risk
        assert off.now == (without.low - found.risk.low, without.high - found.risk.high)
        assert off.verified == (without.low - proven.low, without.high - proven.high)
        assert min(off.now) >= 0
        assert all(now <= later for now, later in zip(off.now, off.verified, strict=True))


@given(inputs=controlled)
def test_no_control_on_one_factor_takes_off_more_than_there_is_room(inputs: Inputs) -> None:
    found = run(inputs)
    rooms = {one.key: one.most for one in room(found)}
    for factor in found.factors:
        perfect = Mitigation("perfect", (factor.key,), 100, "verified")
        left = under(inputs, *inputs.mitigations, perfect).risk
        most = (found.risk.low - left.low, found.risk.high - left.high)
        assert rooms.get(factor.key, (0, 0)) == most
    assert list(rooms) == sorted(rooms, key=lambda key: (-rooms[key][1], -rooms[key][0], key))
