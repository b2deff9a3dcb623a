"""What silence is: everything that was gathered for an assessment, and the same with some of it not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from riskassess.assessments.gathered import Fact, Gathered
from riskassess.kernel.stated import Known, Unknown
from riskassess.kernel.truth import Truth
from riskassess.scoring.method import DECISIONS
from riskassess.scoring.results import Result

Said = tuple[str, str]
"""One thing that somebody said: ("fact", its name), ("member", "claims 0 relied_on"), ("profile", letter),
("flag", "P"), ("factor", key): all the evidence on it, or ("declined", key).

The scope is itself evidence on DAT-RES, so the two are unsaid together: of several sources on one factor the
best governs (2.3), and to take away the best alone is not silence but a choice among the others.
"""

ESCALATE = DECISIONS.index("ESCALATE")


def everything_said(gathered: Gathered) -> list[Said]:
    """All that may be blanked: answers, catalog facts, what follows from records, evidence, refusals."""
    return [
        *(("fact", name) for name, fact in gathered.facts.items() if not isinstance(fact.stated, Unknown)),
        *(("member", place) for place in _members(gathered)),
        *(("profile", letter) for letter, ends in gathered.profile.items() if ends != (0, 4)),
        *([("flag", "P")] if gathered.production is not None else []),
        *(("factor", key) for key in gathered.evidence),
        *(("declined", key) for key in gathered.declined),
    ]


def _members(gathered: Gathered) -> Iterator[str]:
    for name, fact in gathered.facts.items():
        if isinstance(fact.stated, Known) and isinstance(fact.stated.value, list):
            for place, member in enumerate(fact.stated.value):
                yield f"{name} {place}"
                if isinstance(member, dict):
                    yield from (f"{name} {place} {part}" for part, said in member.items() if said is not None)


def without(gathered: Gathered, unsaid: Iterable[Said]) -> Gathered:
    """The same, had nobody said these."""
    for what, name in unsaid:
        gathered = _blanked(gathered, what, name)
    return gathered


def _blanked(gathered: Gathered, what: str, name: str) -> Gathered:
    match what:
        case "fact" if name == "scope":
            return _residency_blanked(gathered)
        case "fact":
            return replace(gathered, facts={**gathered.facts, name: Fact(Unknown())})
        case "member":
            return _member_blanked(gathered, *name.split())
        case "profile":
            return replace(gathered, profile={**gathered.profile, name: (0, 4)})
        case "flag":
            return replace(gathered, production=None)
        case "factor" if name == "DAT-RES":
            return _residency_blanked(gathered)
        case "factor":
            left = {key: items for key, items in gathered.evidence.items() if key != name}
            return replace(gathered, evidence=left)
    return replace(gathered, declined=gathered.declined - {name})


def _residency_blanked(gathered: Gathered) -> Gathered:
    left = {key: items for key, items in gathered.evidence.items() if key != "DAT-RES"}
    return replace(gathered, facts={**gathered.facts, "scope": Fact(Unknown())}, evidence=left)


def _member_blanked(gathered: Gathered, name: str, place: str, part: str = "") -> Gathered:
    fact = gathered.facts[name]
    if not isinstance(fact.stated, Known):
        return gathered  # the list itself is already unknown
    members: list[Any] = list(fact.stated.value)
    if not part:
        members[int(place)] = None
    elif members[int(place)] is not None:
        members[int(place)] = members[int(place)] | {part: None}
    stated = replace(fact.stated, value=members)
    return replace(gathered, facts={**gathered.facts, name: replace(fact, stated=stated)})


def gains(said: Result, unsaid: Result, *, but: str = "") -> Iterator[str]:
    """What `unsaid`, the result of knowing less, has won by it; nothing, if silence never helps (P2, P8, P10).

    REJECT may become ESCALATE: what certainly bars an offer is then no longer certain. `but` is a gate that
    is left out on both sides.
    """
    if unsaid.risk.high < said.risk.high:
        yield f"the high end falls from {said.shown[1]} to {unsaid.shown[1]}"
    if unsaid.risk.low > said.risk.low:
        yield f"the low end rises from {said.shown[0]} to {unsaid.shown[0]}"
    if rank(unsaid, but=but) < min(rank(said, but=but), ESCALATE):
        yield f"{said.decision} becomes {unsaid.decision}"
    for before, after in zip(said.gates, unsaid.gates, strict=True):
        if before.key == but:
            continue
        if after.truth not in (before.truth, Truth.UNKNOWN):
            yield f"{before.key} was {before.truth.value} and is {after.truth.value}"
        if after.applied < min(before.applied, ESCALATE):
            yield f"{before.key} imposes less"
    if unsaid.opportunity.low > said.opportunity.low or unsaid.opportunity.high < said.opportunity.high:
        yield "the opportunity narrows"
    if unsaid.business_case == "proven" != said.business_case:
        yield "the business case is proven"


def rank(result: Result, *, but: str = "") -> int:
    """The decision as a rank, without what one gate imposes."""
    imposed = [gate.applied for gate in result.gates if gate.key != but]
    return max(DECISIONS.index(result.decision_without_gates), result.floor, *imposed)
