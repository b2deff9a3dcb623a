"""What mitigations add to the record of a run: the three views, what each takes off, the levels before them.

Pure. Where nobody has stated a mitigation nothing is added, so that such a record is what it always was.
"""

from __future__ import annotations

from typing import Any

from riskassess.scoring.controls import taken_off
from riskassess.scoring.results import FactorResult, Result, View

VIEWS = (
    ("inherent", "Inherent", "without any control"),
    ("current", "Current", "each control as far as its status is proven"),
    ("target", "Target", "every control in place and verified"),
)
"""The three readings of the controls: name in a record, name and meaning for people."""


def under_controls(result: Result) -> dict[str, Any]:
    """`views` and `mitigations` of the record. The current view is the risk of the record itself."""
    if not result.inputs.mitigations:
        return {}
    return {
        "views": {"inherent": _view(result.inherent), "target": _view(result.target)},
        "mitigations": {
            one.key: {"now": list(one.now), "verified": list(one.verified)} for one in taken_off(result)
        },
    }


def factor_under_controls(factor: FactorResult) -> dict[str, Any]:
    """What a factor's line adds: its level before controls, and their keys."""
    if not factor.mitigations:
        return {}
    return {"inherent_level": list(factor.inherent_level), "mitigations": list(factor.mitigations)}


def _view(view: View) -> dict[str, Any]:
    return {
        "risk": list(view.risk),
        "shown": list(view.shown),
        "bands": list(view.bands),
        "decision_without_gates": view.decision_without_gates,
    }
