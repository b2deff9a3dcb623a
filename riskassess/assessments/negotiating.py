"""What would lower each residual risk of a run: a clause, a document or a fact, and what would then be decided.

Every figure is the engine's: the record is judged again with one thing changed. A clause changes what is so, and
stands in place of what is on record; a document only shows what is so, and stands beside it. What is open and
cannot be listed as an answer (countries, names, figures) is taken at the best end that the rules leave.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from riskassess.assessments.gates import gate_states
from riskassess.assessments.gathered import Fact, Gathered
from riskassess.assessments.judgement import REGIME_FACTOR, SETTLED_TIER, Judgement
from riskassess.assessments.record import recorded_method
from riskassess.assessments.regather import regathered
from riskassess.assessments.verifying import judged_again
from riskassess.evidence.grades import RESTS_ON, Grade
from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.stated import Known, Unknown
from riskassess.kernel.truth import Truth
from riskassess.rules.facts import FACTS, FactSpec
from riskassess.rules.facts import Kind as FactKind
from riskassess.rules.facts import Section as FactSection
from riskassess.rules.questions import questions_of
from riskassess.rules.verdict import Finding, Verdict
from riskassess.scoring.engine import compute
from riskassess.scoring.evidence import LEVEL
from riskassess.scoring.inputs import FactorInput, Item
from riskassess.scoring.method import DECISIONS, Factor
from riskassess.scoring.ranges import Range
from riskassess.scoring.results import FactorResult, Result

Record = Mapping[str, Any]

NOT_ADDITIVE = (
    "The effects do not add up: the worst factor alone sets the peak, and a gate may need several of them. "
    "What those chosen do together is computed for them together."
)
BEST_LEVELS = (0, 1)
"""What to ask for, and what to fall back on: the two best anchors of a factor (judgement)."""
# How good a thing is as evidence, and who can bring it, by the words in which the method asks for it (judgement).
_IN_CONTRACT = re.compile(r"clause|agreement|addendum|contract|terms|order form|licen[cs]e text", re.I)
_ON_PAPER_ONLY = re.compile(r"documented|published|public|policy", re.I)
_BY_OTHERS = re.compile(
    r"independent|audit|certificat|clearance|regulator|peer-reviewed|penetration|scope page|filings", re.I
)
_OURS = ("own tests", "portfolio", "use case")
# Facts that people can still change; the others can only be found out (judgement).
_CHANGEABLE = frozenset({FactSection.CONTRACT, FactSection.EVIDENCE, FactSection.DATA, FactSection.WHERE})
_OUR_WORK = frozenset({FactSection.CONTRACT, FactSection.EVIDENCE})


class Kind(StrEnum):
    """What somebody has to bring."""

    CLAUSE = "clause"
    DOCUMENT = "document"
    CHANGE = "change"
    FACT = "fact"
    ANSWERS = "answers"


_BROUGHT = {FactSection.CONTRACT: Kind.CLAUSE, FactSection.EVIDENCE: Kind.DOCUMENT}


@dataclass(frozen=True, slots=True)
class Effect:
    """What is then so. `level` is the factor's, in hundredths of a point; `risk` is in numerators; `gates` act."""

    level: Range
    risk: Range
    denominator: int
    decision: str
    gates: tuple[str, ...]

    @property
    def worth(self) -> tuple[int, int, int, int]:
        """By what effects are compared, the least being the best: decision, then both ends, then gates."""
        return DECISIONS.index(self.decision), self.risk.high, self.risk.low, len(self.gates)


@dataclass(frozen=True, slots=True)
class Lever:
    """One thing that would lower one factor: the question, the answer that would do, and what proves it.

    `key` names it in addresses: `DAT-TRN.0`, `preview_covered.true`, `REG-AIA.open`. `ours` is what the buyer
    does. `rank` 0 is what to ask for, 1 a fall-back.
    """

    key: str
    factor: str
    kind: Kind
    ours: bool
    rank: int
    question: str
    answer: str
    proof: str
    law: tuple[str, ...]
    effect: Effect
    asks: tuple[tuple[str, str], ...] = ()
    """Of open answers: each question to settle, with its proof."""


@dataclass(frozen=True, slots=True)
class Residual:
    """One residual risk: a factor that still counts, and what would lower it, the best first."""

    key: str
    name: str
    domain: str
    level: Range
    points: Range
    levers: tuple[Lever, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """All residual risks of a run, that with the most to gain first; `before` is the run itself."""

    before: Effect
    residuals: tuple[Residual, ...]
    note: str

    @property
    def levers(self) -> dict[str, Lever]:
        """Every lever by its key; one fact may bear on several factors, and is then listed once."""
        return {lever.key: lever for residual in self.residuals for lever in residual.levers}

    @property
    def best(self) -> tuple[str, ...]:
        """The keys of all that is to be asked for, without fall-backs."""
        return tuple(key for key, lever in self.levers.items() if not lever.rank)


def negotiation_pack(record: Record) -> Pack:
    """The pack of a record. Some eighty judgements, no query. Raises what a record that no longer fits runs into."""
    stand = _Stand.of(record)
    before = stand.effect((), "")
    found = [_residual(stand, one) for one in stand.result.factors if one.points.high]
    most_first = sorted(found, key=lambda one: (_best(one, before), -one.points.high, one.key))
    same = list(before.risk) == list(record["risk"]) and before.decision == record["decision"]
    note = "" if same else "The rules have moved on: they judge this record otherwise now. Score again."
    return Pack(before, tuple(most_first), note)


def joint(record: Record, pack: Pack, keys: Iterable[str]) -> Effect:
    """What those levers do together, judged once with all of them. Raises InvalidInput for one that is none."""
    levers, wanted = pack.levers, listed(pack, keys)
    return _Stand.of(record).effect([levers[key] for key in wanted], "")


def listed(pack: Pack, keys: Iterable[str]) -> tuple[str, ...]:
    """Those keys, each once. Raises InvalidInput for one that the pack does not list."""
    wanted, levers = tuple(dict.fromkeys(keys)), pack.levers
    if strange := [key for key in wanted if key not in levers]:
        raise InvalidInput(
            f"“{strange[0][:60]}” is nothing that this run could be helped by.",
            hint="Choose from those listed.",
            where="item",
        )
    return wanted


def _best(residual: Residual, before: Effect) -> tuple[int, int, int, int]:
    return min((lever.effect.worth for lever in residual.levers), default=before.worth)


# -- the record, judged again with something changed ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stand:
    """A record as it was judged, ready to be judged with a change."""

    record: Record
    gathered: Gathered
    judgement: Judgement

    @classmethod
    def of(cls, record: Record) -> _Stand:
        gathered = regathered(record["inputs"])
        return cls(record, gathered, judged_again(dict(record), gathered, recorded_method(record)))

    @property
    def result(self) -> Result:
        return self.judgement.result

    def effect(self, levers: Sequence[Lever], factor: str) -> Effect:
        """What all of `levers` give together, told of `factor` ('' where nobody asks for a level)."""
        facts = dict(_as_fact(lever.key) for lever in levers if _is_fact(lever.key))
        judgement = self.with_facts(facts) if facts else self.judgement
        return _effect_of(_with_evidence(judgement, [one for one in levers if not _is_fact(one.key)]), factor)

    def with_facts(self, facts: Mapping[str, object]) -> Judgement:
        stated = {name: Fact(Known(value), by="answer") for name, value in facts.items()}
        gathered = replace(self.gathered, facts={**self.gathered.facts, **stated})
        return judged_again(dict(self.record), gathered, self.judgement.method)


def _with_evidence(judgement: Judgement, levers: Iterable[Lever]) -> Result:
    """The result with other evidence on some factors; the rules' findings stay, since they read facts alone."""
    given = {one.key: one for one in judgement.inputs.factors}
    settled: set[str] = set()
    # The best of two levels on one factor is written last.
    for lever in sorted(levers, key=lambda one: -one.rank):
        if lever.kind is Kind.ANSWERS:
            level = given[lever.factor].fixed or (0, 0)
            given[lever.factor] = replace(given[lever.factor], fixed=(level[0], level[0]), tier=SETTLED_TIER)
            settled.add(lever.factor)
        else:
            given[lever.factor] = _evidenced(judgement, lever)
    inputs = replace(judgement.inputs, factors=tuple(given.values()))
    verdict = _settled(judgement.verdict, settled)
    states = gate_states(judgement.gathered, verdict, inputs, judgement.method, judgement.on)
    return compute(judgement.method, inputs, states, as_of=judgement.on, floor=judgement.result.floor)


def _evidenced(judgement: Judgement, lever: Lever) -> FactorInput:
    """The factor with the evidence of a lever: beside what is there for a document, else in its place."""
    factor, level = judgement.method.factor(lever.factor), int(lever.key.rpartition(".")[2])
    reliability, verification, interest = _grade(factor, level)
    new = Item(level, level, reliability, verification, interest, "negotiated", judgement.on)
    there = next((one.items for one in judgement.inputs.factors if one.key == factor.key), ())
    return FactorInput(factor.key, (*there, new) if lever.kind is Kind.DOCUMENT else (new,))


def _settled(verdict: Verdict, factors: set[str]) -> Verdict:
    """The verdict with its gates shut that are unknown by findings of those factors' regimes alone.

    Only the rules' part of a gate: what answers say of the same one (G11) still counts beside it.
    """
    theirs = {one.id for one in verdict.findings() if REGIME_FACTOR[one.regime] in factors}
    unknown = (gate for gate, truth in verdict.gates.items() if truth is Truth.UNKNOWN)
    shut = {gate: Truth.FALSE for gate in unknown if theirs.issuperset(verdict.gate_findings[gate])}
    return replace(verdict, gates={**verdict.gates, **shut})


def _effect_of(result: Result, factor: str) -> Effect:
    return Effect(
        level=result.factor(factor).level if factor else Range(0, 0),
        risk=result.risk,
        denominator=result.denominator,
        decision=result.decision,
        gates=tuple(gate.key for gate in result.gates if gate.applied),
    )


# -- the levers of one factor --------------------------------------------------------------------------------


def _residual(stand: _Stand, one: FactorResult) -> Residual:
    by_rule = any(given.key == one.key and given.fixed for given in stand.judgement.inputs.factors)
    found = _by_rules(stand, one) if by_rule else _by_evidence(stand, one)
    ordered = sorted(found, key=lambda lever: (lever.effect.worth, lever.rank, lever.key))
    return Residual(one.key, one.name, one.domain, one.level, one.points, tuple(ordered))


def _by_evidence(stand: _Stand, one: FactorResult) -> Iterator[Lever]:
    """The best anchors of a factor that rests on evidence, as far as they are better than what is known."""
    factor = stand.judgement.method.factor(one.key)
    before = set(_effect_of(stand.result, "").gates)
    ours = factor.derived_from.split(";")[0].strip() in _OURS
    for rank, level in enumerate(BEST_LEVELS):
        if LEVEL * level >= one.inherent_level.high:
            continue
        kind = Kind.DOCUMENT if ours or not _is_agreed(factor, level) else Kind.CLAUSE
        blank = Effect(one.level, stand.result.risk, 0, "", ())
        lever = Lever(f"{one.key}.{level}", one.key, kind, ours, rank, factor.question, factor.anchors[level],
                      factor.evidence, (factor.references,), blank)  # fmt: skip
        found = stand.effect([lever], one.key)
        opened = set(found.gates) - before
        if kind is Kind.DOCUMENT and (opened or found.level.high >= one.level.high):
            # As good evidence says otherwise, or it would contradict the vendor's own word (G12): only change can help.
            lever = replace(lever, kind=Kind.CHANGE)
            found = stand.effect([lever], one.key)
        if found.level.high < one.level.high:
            yield replace(lever, effect=found)


def _is_agreed(factor: Factor, level: int) -> bool:
    """Whether an anchor is what a contract can say; one that speaks of paper alone is shown, not agreed."""
    if _IN_CONTRACT.search(factor.anchors[level]):
        return True
    return bool(_IN_CONTRACT.search(factor.evidence)) and not _ON_PAPER_ONLY.search(factor.anchors[level])


def _grade(factor: Factor, level: int) -> Grade:
    """How far to trust what is brought: section 2.3 of the method, by the words in which it asks for it."""
    if factor.derived_from.split(";")[0].strip() in _OURS:
        return RESTS_ON["own_check"][1]
    if _is_agreed(factor, level):
        return RESTS_ON["contract"][1]
    by_others = _BY_OTHERS.search(factor.evidence) is not None
    return RESTS_ON["audit" if by_others else "vendor_document"][1]


def _by_rules(stand: _Stand, one: FactorResult) -> Iterator[Lever]:
    """The facts that the rules behind a factor read, each at its best; then all that is open, answered well."""
    regimes = [key for key, factor in REGIME_FACTOR.items() if factor == one.key]
    counting = [
        finding
        for key in regimes
        for finding in stand.judgement.verdict.regimes[key].findings
        if finding.outcome != "clear" and (finding.gate or (finding.severity or (0, 0))[1])
    ]
    for name, behind in _facts_behind(counting).items():
        if lever := _of_fact(stand, one, name, behind):
            yield lever
    undetermined = [
        finding for finding in counting if finding.outcome == "undetermined" or finding.settled_by
    ]
    if undetermined:
        asks = dict.fromkeys((ask.text, ask.proof) for finding in undetermined for ask in finding.questions)
        law = _law(undetermined)
        blank = Effect(one.level, stand.result.risk, 0, "", ())
        title = stand.judgement.method.factor(one.key).question
        lever = Lever(f"{one.key}.open", one.key, Kind.ANSWERS, False, 0, title, "All that is open, answered well",
                      "", law, blank, tuple(asks))  # fmt: skip
        yield replace(lever, effect=stand.effect([lever], one.key))


def _facts_behind(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """The facts which those findings read and somebody could change or answer, each with its findings."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        for read in finding.because:
            found.setdefault(read.fact, []).append(finding)
    return found


def _of_fact(stand: _Stand, one: FactorResult, name: str, behind: Sequence[Finding]) -> Lever | None:
    """The fact at the value that helps most; None where nobody can change it, or no value helps."""
    spec, now = FACTS[name], stand.gathered.facts[name].stated
    ours = spec.subject == "C"
    may_change = spec.section in (_OUR_WORK if ours else _CHANGEABLE)
    if not (
        (isinstance(now, Known) and may_change) or (isinstance(now, Unknown) and (may_change or not ours))
    ):
        return None
    start = _worth(stand.judgement)
    tried = [(stand.with_facts({name: value}), value, label) for value, label in _values(spec, now)]
    judgement, value, label = min(
        tried, key=lambda each: (_worth(each[0]), each[2]), default=(None, None, "")
    )
    if judgement is None or _worth(judgement) >= start:
        return None
    proof = "" if ours else _proof(name, behind)
    kind = _BROUGHT.get(spec.section, Kind.CHANGE if isinstance(now, Known) else Kind.FACT)
    effect = _effect_of(judgement.result, one.key)
    return Lever(
        f"{name}.{_text(value)}", one.key, kind, ours, 0, spec.question, label, proof, _law(behind), effect
    )


def _values(spec: FactSpec, now: object) -> Iterator[tuple[object, str]]:
    """The values of a fact that can be listed, each with its words; not the one it has."""
    known = now.value if isinstance(now, Known) else None
    listed: Iterable[tuple[object, str]] = ()
    if spec.kind is FactKind.BOOL:
        listed = ((True, "Yes"), (False, "No"))
    elif spec.kind is FactKind.ENUM:
        listed = spec.choices
    return ((value, label) for value, label in listed if value != known)


def _worth(judgement: Judgement) -> tuple[int, ...]:
    """By what judgements are compared: decision and risk, then how much the rules find, certain or possible."""
    result, verdict = judgement.result, judgement.verdict
    severities = [finding.severity or (0, 0) for finding in verdict.findings()]
    possible = sum(truth.possible for truth in verdict.gates.values())
    return (DECISIONS.index(result.decision), result.risk.high, result.risk.low, possible,
            sum(high for _, high in severities), sum(low for low, _ in severities))  # fmt: skip


def _proof(name: str, behind: Sequence[Finding]) -> str:
    """What the rules' questions to a vendor ask for as proof of a fact."""
    proofs = (q.proof for finding in behind for q in questions_of(finding.regime) if name in q.facts)
    return next((proof for proof in proofs if proof), "")


def _law(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cited.short for finding in findings for cited in finding.citations))[:3]


def _is_fact(key: str) -> bool:
    return key.rpartition(".")[0] in FACTS


def _as_fact(key: str) -> tuple[str, object]:
    name, _, text = key.rpartition(".")
    return name, {"true": True, "false": False}.get(text, text) if FACTS[name].kind is FactKind.BOOL else text


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
