"""Why did it change? Two records of one assessment -> what went in otherwise, and what each point moved by.

Pure. The moves of the factors and of the peak line add up to the difference of the two risks, exactly, at
both ends: all are numerators over one denominator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import lcm
from typing import Any

from riskassess.reports import differences
from riskassess.reports.causes import (
    Cause,
    Two,
    causes,
    factor_in,
    kinds,
)
from riskassess.reports.differences import Difference
from riskassess.reports.figures import count, day, decimals, ends, listed, places, points, span
from riskassess.reports.legal import GATE_STATES, word
from riskassess.reports.parts import Word
from riskassess.scoring.method import DECISIONS

Record = Mapping[str, Any]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Move:
    """By how much one line of the score moved at both ends, and why."""

    key: str
    name: str
    before: Pair
    after: Pair
    by: Pair
    by_text: tuple[str, str]
    level: str
    causes: tuple[Cause, ...]

    @property
    def kinds(self) -> str:
        return kinds(self.causes)


@dataclass(frozen=True, slots=True)
class GateMove:
    key: str
    title: str
    before: str
    after: str
    because: str


@dataclass(frozen=True, slots=True)
class Ends:
    """The outcome of one run, in words."""

    decision: Word
    risk: str
    opportunity: str
    as_of: str
    method: str
    rules: str
    result: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All that lies between two runs. Points are numerators over `denominator`."""

    old: Ends
    new: Ends
    denominator: int
    facts: tuple[Difference, ...]
    evidence: tuple[Difference, ...]
    claims: tuple[Difference, ...]
    controls: tuple[Difference, ...]
    questions: tuple[Difference, ...]
    records: tuple[Difference, ...]
    basis: tuple[Difference, ...]
    """The day judged on, the rules' release, the method's version, the risk appetite: where they differ."""
    findings: tuple[Difference, ...]
    moves: tuple[Move, ...]
    peak: Move
    risk: Pair
    risk_text: tuple[str, str]
    gates: tuple[GateMove, ...]

    @property
    def same(self) -> bool:
        """Whether the two runs say the same of the same."""
        return self.inputs == 0 and not (self.moves or self.gates or any(self.risk) or self.findings)

    @property
    def inputs(self) -> int:
        parts = (
            self.facts, self.evidence, self.claims, self.controls, self.questions, self.records, self.basis,
        )  # fmt: skip
        return sum(map(len, parts))

    @property
    def decided(self) -> str:
        """`Escalate became Conditional`, or that it stayed."""
        if self.old.decision == self.new.decision:
            return f"still {self.new.decision.word}"
        return f"{self.old.decision.word} became {self.new.decision.word}"

    @property
    def _basis_names(self) -> tuple[str, str]:
        """What to call the basis that changed; the appetite by its name, since it alone moves decisions only."""
        if [one.key for one in self.basis] == ["appetite"]:
            return "risk appetite", ""
        return "rule, method, appetite or day", "of rules, method, appetite and day"

    @property
    def summary(self) -> str:
        """All of it in one sentence, for the top of the decision page."""
        named = (
            (self.facts, "fact", ""),
            (self.evidence, "piece of evidence", "pieces of evidence"),
            (self.claims, "claim", ""),
            (self.controls, "control", ""),
            (self.questions, "open question", ""),
            (self.records, "record", ""),
            (self.basis, *self._basis_names),
        )
        changed = [count(len(found), one, many) for found, one, many in named if found]
        what = f"{listed(changed)} changed" if changed else "nothing that went in changed"
        moved = (
            f"risk {self.old.risk} became {self.new.risk}"
            if any(self.risk)
            else f"risk still {self.new.risk}"
        )
        return f"{self.decided}; {moved}; {what}."


def changes(old: Record, new: Record) -> Changes:
    """What changed from the run of record `old` to that of `new`. Both are of one assessment."""
    facts = differences.facts(old, new)
    two = Two(old, new, {name: words for name, (_, words) in facts.items() if words})
    denominator = lcm(old["denominator"], new["denominator"])
    scale = Scale(denominator // old["denominator"], denominator // new["denominator"])
    factors = _factor_points(old, new, scale)
    peak = scale.both(old["peak_line"], new["peak_line"])
    risk = scale.both(old["risk"], new["risk"])
    digits = places((end for pair in (*factors.values(), peak, risk) for end in pair.by), denominator)
    text = Text(denominator, digits)
    moved = [_move(key, pair, two, text) for key, pair in factors.items() if any(pair.by)]
    return Changes(
        old=_ends(old),
        new=_ends(new),
        denominator=denominator,
        facts=tuple(difference for difference, _ in facts.values()),
        evidence=tuple(differences.evidence(old, new)),
        claims=tuple(differences.claims(old, new)),
        controls=tuple(differences.controls(old, new)),
        questions=tuple(differences.questions(old, new)),
        records=tuple(differences.records(old, new)),
        basis=tuple(differences.basis(old, new)),
        findings=tuple(differences.findings(old, new)),
        moves=tuple(sorted(moved, key=lambda move: (-max(map(abs, move.by)), move.key))),
        peak=Move(
            "", "Peak line", peak.before, peak.after, peak.by, text.both(peak.by), _peaks(old, new), ()
        ),
        risk=risk.by,
        risk_text=text.both(risk.by),
        gates=tuple(_gates(old, new)),
    )


# --- points -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Points:
    """A line of the score in both runs, over the common denominator."""

    before: Pair
    after: Pair

    @property
    def by(self) -> Pair:
        return self.after[0] - self.before[0], self.after[1] - self.before[1]


@dataclass(frozen=True, slots=True)
class Scale:
    """What brings the numerators of either run to the common denominator."""

    old: int
    new: int

    def both(self, old: Iterable[int], new: Iterable[int]) -> Points:
        (a, b), (c, d) = old, new
        return Points((a * self.old, b * self.old), (c * self.new, d * self.new))


@dataclass(frozen=True, slots=True)
class Text:
    """Changes in points, exact, with their sign."""

    denominator: int
    digits: int

    def both(self, pair: Pair) -> tuple[str, str]:
        return self._one(pair[0]), self._one(pair[1])

    def _one(self, number: int) -> str:
        return f"{'+' if number > 0 else ''}{decimals(number, self.denominator, self.digits)}"


def _factor_points(old: Record, new: Record, scale: Scale) -> dict[str, Points]:
    """Every factor of either method; one that a method does not have adds nothing there."""
    before, after = ({one["key"]: one["points"] for one in record["factors"]} for record in (old, new))
    keys = dict.fromkeys((*before, *after))
    return {key: scale.both(before.get(key, (0, 0)), after.get(key, (0, 0))) for key in keys}


def _move(key: str, pair: Points, two: Two, text: Text) -> Move:
    then, now = factor_in(two.old, key), factor_in(two.new, key)
    levels = tuple(ends(one["level"], points) if one else "–" for one in (then, now))
    return Move(
        key=key,
        name=(now or then or {})["name"],
        before=pair.before,
        after=pair.after,
        by=pair.by,
        by_text=text.both(pair.by),
        level=levels[0] if levels[0] == levels[1] else f"{levels[0]} → {levels[1]}",
        causes=causes(key, two),
    )


def _peaks(old: Record, new: Record) -> str:
    """Which factors set the peak, before and after, at the high end."""
    before, after = (
        listed([one["key"] for one in record["factors"] if one["binding"][1]][:3]) or "none"
        for record in (old, new)
    )
    return f"set by {after}" if before == after else f"set by {before}, now by {after}"


# --- what came out ----------------------------------------------------------------------------------


def _gates(old: Record, new: Record) -> Iterable[GateMove]:
    for key in dict.fromkeys((*old["gates"], *new["gates"])):
        then, now = old["gates"].get(key), new["gates"].get(key)
        texts = [_gate(one) for one in (then, now)]
        if texts[0] != texts[1]:
            one = now or then or {}
            yield GateMove(key, one["title"], texts[0], texts[1], one["because"])


def _gate(gate: Record | None) -> str:
    if gate is None:
        return "not there"
    state = GATE_STATES[gate["truth"]]
    return f"{state}, imposes {DECISIONS[gate['applied']].lower()}" if gate["applied"] else state


def _ends(record: Record) -> Ends:
    return Ends(
        decision=word(record["decision"]),
        risk=span(*record["shown"]["risk"]),
        opportunity=span(*record["shown"]["opportunity"]),
        as_of=day(record["as_of"]),
        method=record["method"],
        rules=record["rules_release"],
        result=record["result_id"][:8],
    )
