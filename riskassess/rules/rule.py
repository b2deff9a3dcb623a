"""What a rule is: a row of the catalogue with its sentence, law and days in force, and its registration."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from riskassess.kernel.source import Citation
from riskassess.rules.citations import CITATIONS
from riskassess.rules.holds import FALSE, Holds, any_holds
from riskassess.rules.questions import Question
from riskassess.rules.reading import Reading
from riskassess.rules.values import NOTHING, Base, Level, Line, Step, Value, base, value

VENDOR, CUSTOMER, BOTH, NOBODY = "V", "C", "B", "-"

Scope = Callable[[Reading], Holds]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule says of one set of facts. `gate` defaults to the predicate itself."""

    holds: Holds
    value: Value | None = None
    gate: Holds | None = None
    gate_effect: int | None = None


def raised_if(
    holds: Holds,
    severity: Base | Level,
    *,
    plus: Iterable[Step] = (),
    minus: Iterable[Step] = (),
    gate: Holds | None = None,
    gate_effect: int | None = None,
) -> Ruling:
    """A row with a severity: raised if `holds`, worth base + modifiers - reductions."""
    of = base(severity) if isinstance(severity, Level) else severity
    return Ruling(holds, value(of, plus, minus), gate, gate_effect)


def worst_of(rulings: Iterable[tuple[str, Ruling]]) -> Ruling:
    """One row over several claims or partnerships, each with its name: the worst counts."""
    possible = [(name, ruling) for name, ruling in rulings if ruling.holds.possible]
    worth = [(name, ruling.holds, ruling.value) for name, ruling in possible if ruling.value is not None]
    if not worth:
        return Ruling(FALSE, NOTHING)
    low = max(worth, key=lambda one: (one[1].certain, one[2].low))
    high = max(worth, key=lambda one: one[2].high)
    return Ruling(
        any_holds(ruling.holds for _, ruling in possible),
        Value(
            low=low[2].low,
            high=high[2].high,
            lines=_lines_of(low[0], low[2], high[0], high[2]),
            open=frozenset().union(*(holds.open | worth_of.open for _, holds, worth_of in worth)),
        ),
    )


def _lines_of(low_name: str, low: Value, high_name: str, high: Value) -> tuple[Line, ...]:
    """The trace of the members that set the two ends, each line naming its member."""
    if low_name == high_name:
        return tuple(replace(line, name=f"{low_name}: {line.name}") for line in low.lines)
    return (
        *(replace(line, name=f"{low_name}: {line.name}", high=0) for line in low.lines),
        *(replace(line, name=f"{high_name}: {line.name}", low=0) for line in high.lines),
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the catalogue while one version of it is law.

    `sentence` is printed in reports as it stands. `sets_scope` marks a regime's row 0, which is not read
    within the scope; `lifts_regime` a row that adds 1 to the regime as a whole.
    """

    id: str
    subject: str
    reason: str
    sentence: str
    apply: Callable[[Reading], Ruling]
    citations: tuple[Citation, ...]
    judgement: str
    since: date | None
    until: date | None
    gate: str | None
    sets_scope: bool
    lifts_regime: bool
    hint: str

    def in_force(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def rule(
    rule_id: str,
    *,
    subject: str,
    reason: str = "",
    cites: Iterable[str] = (),
    judgement: str = "",
    since: date | None = None,
    until: date | None = None,
    gate: str | None = None,
    sets_scope: bool = False,
    lifts_regime: bool = False,
    hint: str = "",
) -> Callable[[Callable[[Reading], Ruling]], Rule]:
    """Make a function a rule; its docstring becomes the sentence people read.

    Refuses a rule without sentence, and one that neither a citation nor a judgement stands behind.
    """
    keys = tuple(cites)
    if not keys and not judgement:
        raise ValueError(f"{rule_id} needs a citation, or a note of whose judgement it is.")
    missing = [key for key in keys if key not in CITATIONS]
    if missing:
        raise ValueError(f"{rule_id} cites {', '.join(missing)}, not in the table of citations.")

    def register(function: Callable[[Reading], Ruling]) -> Rule:
        sentence = " ".join((inspect.getdoc(function) or "").split())
        if not sentence:
            raise ValueError(f"{rule_id} has no sentence: write it as the docstring.")
        return Rule(
            id=rule_id,
            subject=subject,
            reason=reason,
            sentence=sentence,
            apply=function,
            citations=tuple(CITATIONS[key] for key in keys),
            judgement=judgement,
            since=since,
            until=until,
            gate=gate,
            sets_scope=sets_scope,
            lifts_regime=lifts_regime,
            hint=hint,
        )

    return register


@dataclass(frozen=True, slots=True)
class Regime:
    """One authority's rules in the order of the catalogue, and the questions its findings raise.

    A changed law is a second Rule under the same id, with a later `since`.
    """

    key: str
    title: str
    authority: str
    scope: Scope
    rules: tuple[Rule, ...]
    questions: tuple[Question, ...] = ()

    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rule.id for rule in self.rules))

    def versions(self, rule_id: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.id == rule_id)
