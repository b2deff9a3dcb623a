"""Offers side by side: which is better for certain, or which question would tell. Pure; no query.

"X beats Y" is said only where X's least risk-adjusted value reaches Y's greatest (method, 2.7), by exact
fractions of the two records. Several offers are compared in pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

from riskassess.reports.figures import listed
from riskassess.reports.recorded import result_of
from riskassess.reports.shape import ReportContent
from riskassess.scoring.compare import Separator, compare, pareto
from riskassess.scoring.method import DECISIONS
from riskassess.scoring.results import Result

Record = Mapping[str, Any]

LETTERS = "ABCDEF"
MOST = len(LETTERS)


@dataclass(frozen=True, slots=True)
class Offer:
    """One run among those compared, by a letter."""

    letter: str
    content: ReportContent
    record: Record
    result: Result

    @property
    def name(self) -> str:
        return self.content.header.title

    @property
    def called(self) -> str:
        """`A (Claude Haiku 4.5)`."""
        return f"{self.letter} ({self.name})"

    @property
    def q(self) -> tuple[Fraction, Fraction]:
        """The risk-adjusted value, exact."""
        value = self.result.risk_adjusted
        return Fraction(value.low, value.denominator), Fraction(value.high, value.denominator)


@dataclass(frozen=True, slots=True)
class Question:
    """The one question whose answer may separate two offers most."""

    offer: str
    run: int
    key: str
    name: str
    text: str
    proof: str
    anchor: str
    between: str
    effect: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the comparison says: a word, a sentence, each certain win, and the question that would tell."""

    word: str
    sentence: str
    separable: bool
    wins: tuple[str, ...]
    question: Question | None
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    offers: tuple[Offer, ...]
    ruling: Ruling
    flags: tuple[str, ...]
    """What makes the runs unlike: another use, day, method or release of the rules."""
    frontier: tuple[str, ...]
    """The offers that no other matches on both the greatest risk and the least opportunity."""


def compared(runs: Sequence[tuple[ReportContent, Record]]) -> Comparison:
    """Two to six runs against each other, in the order given."""
    offers = tuple(
        Offer(letter, content, record, result_of(record))
        for letter, (content, record) in zip(LETTERS, runs, strict=False)
    )
    best = pareto([offer.result for offer in offers])
    return Comparison(
        offers=offers,
        ruling=ruling(offers),
        flags=tuple(_flags(offers)),
        frontier=tuple(offers[index].letter for index in best),
    )


def ruling(offers: Sequence[Offer]) -> Ruling:
    """One beats all others, or the leading two cannot be told apart yet."""
    beaten: dict[str, list[Offer]] = {}
    wins, equals = [], 0
    for one, other in combinations(offers, 2):
        verdict = compare(one.result, other.result).verdict
        equals += verdict == "equal"
        if verdict in ("first", "second"):
            winner, loser = (one, other) if verdict == "first" else (other, one)
            beaten.setdefault(loser.letter, []).append(winner)
            wins.append(f"{winner.called} beats {loser.called}: {_reaches(winner, loser)}.")
    leading = sorted(
        (one for one in offers if one.letter not in beaten),
        key=lambda one: (-one.q[0], -one.q[1], one.letter),
    )
    caveats = tuple(_caveats(offers))
    if len(leading) == 1:
        return _won(leading[0], offers, tuple(wins), caveats)
    first, second = leading[:2]
    found = compare(first.result, second.result)
    if found.verdict == "equal":
        sentence = "Nothing is left open about either, and both have the same risk-adjusted value."
        return Ruling("No difference", sentence, True, tuple(wins), None, caveats)
    named = sorted(leading, key=lambda one: one.letter)
    names = listed([one.called if len(named) == 2 else one.letter for one in named])
    sentence = f"What is unknown about {names} is larger than what lies between them."
    question = _question(found.question, first, second) if found.question else None
    return Ruling("Not separable yet", sentence, False, tuple(wins), question, caveats)


def _won(best: Offer, offers: Sequence[Offer], wins: tuple[str, ...], caveats: tuple[str, ...]) -> Ruling:
    others = [one for one in offers if one is not best]
    word = f"{best.letter} beats {listed([one.letter for one in others])}"
    whom = others[0].called if len(others) == 1 else "each of the others"
    sentence = f"Whatever is still unknown, {best.called} has a higher risk-adjusted value than {whom}."
    if len(others) == 1:
        sentence = f"Whatever is still unknown: {_reaches(best, others[0])}."
    worse = [one for one in others if _rank(one) < _rank(best)]
    if worse:
        decided = best.content.block.decision.word.lower()
        sentence += f" Its decision is the severer one: {decided}. Value does not buy off a gate."
    return Ruling(word, sentence, True, wins if len(others) > 1 else (), None, caveats)


def _reaches(winner: Offer, loser: Offer) -> str:
    low = winner.result.risk_adjusted.shown[0]
    high = loser.result.risk_adjusted.shown[1]
    return f"its risk-adjusted value is at least {low}, that of {loser.letter} at most {high}"


def _caveats(offers: Sequence[Offer]) -> Iterable[str]:
    rejected = [one.letter for one in offers if one.content.block.decision.code == "REJECT"]
    if rejected:
        verb = "is" if len(rejected) == 1 else "are"
        yield f"{listed(rejected)} {verb} rejected: that stands, whatever the value."


def _rank(offer: Offer) -> int:
    return DECISIONS.index(offer.content.block.decision.code)


def _question(found: Separator, first: Offer, second: Offer) -> Question:
    """The separating question in words; of a factor set by rules, the question that settles a finding."""
    offer, other = (first, second) if found.offer == "first" else (second, first)
    content = offer.content
    lines = (*content.factors, *content.opportunity_factors)
    line = next(one for one in lines if one.key == found.key)
    asks = [
        ask
        for regime in content.regimes
        if regime.factor == line.key
        for finding in regime.counting
        for ask in finding.asks
    ]
    text, proof = asks[0] if line.state == "rule" and asks else (line.question, line.proof)
    effect = (
        "This answer alone can separate them."
        if found.enough
        else "No single answer separates them; this one narrows what lies between them most."
    )
    return Question(
        offer=offer.letter,
        run=content.header.run,
        key=line.key,
        name=line.name,
        text=text,
        proof=proof,
        anchor=line.anchor,
        between=f"{offer.letter} and {other.letter}",
        effect=effect,
    )


def _flags(offers: Sequence[Offer]) -> Iterable[str]:
    """What has to be the same for a fair comparison, and is not."""
    if len({_use(one) for one in offers}) > 1:
        yield "The uses differ: risk and value are those of each use, not of the offer alone."
    for name, key in (("as of different days", "as_of"), ("by different methods", "method_digest")):
        if len({one.record[key] for one in offers}) > 1:
            yield f"The runs were judged {name}."
    if len({one.record["rules_release"] for one in offers}) > 1:
        yield "The runs were judged by different releases of the rules."
    if len({one.result.method.appetite for one in offers}) > 1:
        yield "The runs were judged under different versions of the risk appetite."


def _use(offer: Offer) -> str:
    inputs = offer.record["inputs"]
    profile = {key: tuple(ends) for key, ends in sorted(inputs["profile"].items())}
    return repr((profile, inputs["production"], sorted(offer.record["flags"].items())))
