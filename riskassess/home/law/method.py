"""The page of the method: factors, exposure in words, tables of evidence, lines of decision, gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from riskassess.assessments.ageing import GREATEST_AGES, JUDGEMENT
from riskassess.assessments.judgement import REGIME_FACTOR
from riskassess.assessments.scoring import METHOD_VERSION
from riskassess.catalog.models.source import RELIABILITY, Kind
from riskassess.evidence.models import Claim
from riskassess.rules.rulebook import RULEBOOK
from riskassess.scoring.exposure import ExposureRule
from riskassess.scoring.method import BANDS, DECISIONS, FOLDER, Factor, Gate, Method, load_method

LETTERS = {
    "D": "how sensitive the data is",
    "I": "how badly a wrong output hurts",
    "A": "what it may do by itself",
    "B": "what stops when it stops",
    "S": "how far outputs travel",
}
FLAGS = {
    "EU": "there is a link to the EU",
    "UK": "there is a link to the UK",
    "US": "there is a link to the US",
    "H": "health is concerned",
    "F": "a financial entity uses it",
    "R": "we require residency",
    "P": "it is for production",
}


@dataclass(frozen=True, slots=True)
class FactorPart:
    """A factor with its five anchors, and the regimes whose rules set it."""

    key: str
    name: str
    question: str
    weight: int
    klass: str
    exposure: str
    exposure_words: str
    anchors: tuple[str, ...]
    evidence: str
    references: str
    set_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GatePart:
    """A gate: what it imposes, who answers for it, which rules open it."""

    key: str
    title: str
    starred: bool
    effects: tuple[tuple[str, str], ...]
    citation: str
    judgement: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TierRow:
    """A letter of reliability, what it stands for, and its tier at each step of verification."""

    letter: str
    sources: str
    tiers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MethodPart:
    """A version of the method as its page shows it; `judgements` by the section of its data."""

    version: str
    title: str
    judgement: str
    digest: str
    domains: tuple[tuple[str, int, tuple[FactorPart, ...]], ...]
    opportunity: tuple[FactorPart, ...]
    risk_factors: int
    risk_weight: int
    peak_share: int
    classes: tuple[tuple[str, int, str], ...]
    verification: tuple[str, ...]
    tiers: tuple[TierRow, ...]
    widths: tuple[tuple[int, str, str], ...]
    ages: tuple[tuple[str, int], ...]
    """What evidence may be at most how many days old; ours, not the version's."""
    declined: tuple[str, str]
    bands: tuple[tuple[str, str], ...]
    coverage_percent: int
    covered_from_tier: int
    proven_from: int
    credit: tuple[tuple[str, int, int], ...]
    gates: tuple[GatePart, ...]
    letters: Mapping[str, str]
    flags: Mapping[str, str]
    judgements: Mapping[str, str]


@cache
def method_part(version: str = METHOD_VERSION) -> MethodPart:
    """The version as parts. It is immutable, so it is read once."""
    method = load_method(version)
    return MethodPart(
        version=method.version,
        title=method.title,
        judgement=method.judgement,
        digest=method.digest,
        domains=_domains(method),
        opportunity=tuple(_factor(factor) for factor in method.opportunity_factors),
        risk_factors=len(method.risk_factors),
        risk_weight=method.risk_weight,
        peak_share=method.peak_share,
        classes=_classes(method),
        verification=tuple(label for _, label in Claim.Verification.choices),
        tiers=tuple(TierRow(letter, _sources(letter), tiers) for letter, tiers in method.tiers.items()),
        widths=_widths(method),
        ages=_ages(method),
        declined=(_points(method.declined.low), _points(method.declined.high)),
        bands=bands_of(method),
        coverage_percent=method.coverage_percent,
        covered_from_tier=method.covered_from_tier,
        proven_from=method.proven_from,
        credit=tuple((status, low, high) for status, (low, high) in method.credit.items()),
        gates=tuple(_gate(gate) for gate in method.gates),
        letters=LETTERS,
        flags=FLAGS,
        judgements=_judgements(version),
    )


def _domains(method: Method) -> tuple[tuple[str, int, tuple[FactorPart, ...]], ...]:
    grouped = []
    for domain in method.domains:
        factors = tuple(_factor(factor) for factor in method.risk_factors if factor.domain == domain)
        grouped.append((domain, sum(factor.weight for factor in factors), factors))
    return tuple(grouped)


def _factor(factor: Factor) -> FactorPart:
    regimes = [key for key, sets in REGIME_FACTOR.items() if sets == factor.key]
    return FactorPart(
        key=factor.key,
        name=factor.name,
        question=factor.question,
        weight=factor.weight,
        klass=factor.klass,
        exposure=factor.exposure_text,
        exposure_words=_exposure_words(factor.exposure),
        anchors=factor.anchors,
        evidence=factor.evidence,
        references=factor.references,
        set_by=tuple((key, RULEBOOK.regime(key).title) for key in regimes),
    )


def _exposure_words(rule: ExposureRule | None) -> str:
    """The exposure rule as a sentence; opportunity is weighed by relevance instead."""
    if rule is None:
        return "As relevant as the use case says."
    grows = " and ".join(LETTERS[letter] for letter in rule.letters)
    said = f"Grows with {grows}" + (", the greater counts" if len(rule.letters) > 1 else "")
    if rule.full_if:
        return f"{said}; in full where {FLAGS[rule.full_if]}."
    if rule.only_if:
        return f"{said}; only where {' or '.join(FLAGS[flag] for flag in rule.only_if)}."
    return f"{said}."


def _classes(method: Method) -> tuple[tuple[str, int, str], ...]:
    """Class, share, and the points that one worst answer at full exposure reaches by itself."""
    return tuple(
        (klass, share, f"{method.peak_share * share / 100:.1f}") for klass, share in method.classes.items()
    )


def _sources(letter: str) -> str:
    return ", ".join(str(kind.label) for kind in Kind if RELIABILITY[kind] == letter)


def _widths(method: Method) -> tuple[tuple[int, str, str], ...]:
    """Tier, and the points either way; tier 0 says nothing at all."""
    tiers = range(5, -1, -1)
    return tuple((tier, _points(method.wide[tier]), _points(method.narrow[tier])) for tier in tiers)


def _points(hundredths: int) -> str:
    return f"{hundredths / 100:g}"


def bands_of(method: Method) -> tuple[tuple[str, str], ...]:
    """Band and the risk points it spans."""
    starts, ends = (0, *method.thresholds), (*method.thresholds, 100)
    return tuple(
        (band, f"{start} to {'100' if end == 100 else f'below {end}'}")
        for band, start, end in zip(BANDS, starts, ends, strict=True)
    )


def _gate(gate: Gate) -> GatePart:
    return GatePart(
        key=gate.key,
        title=gate.title,
        starred=gate.starred,
        effects=tuple((DECISIONS[one.effect], one.when) for one in gate.effects),
        citation=gate.citation,
        judgement=gate.judgement,
        rules=tuple(dict.fromkeys(rule.id for rule in RULEBOOK if rule.gate == gate.key)),
    )


def _ages(method: Method) -> tuple[tuple[str, int], ...]:
    """The greatest ages: of grades in words, then of the factors on which every grade has a lesser one."""
    own = "Our own check or test"
    by_grade = ((own if grade[0] == "A" else _sources(grade), grade) for grade in GREATEST_AGES.by_grade)
    by_factor = ((method.factor(key).name, key) for key in GREATEST_AGES.by_factor)
    days = {**GREATEST_AGES.by_grade, **GREATEST_AGES.by_factor}
    return tuple((f"{name} ({key})", days[key]) for name, key in (*by_grade, *by_factor))


def _judgements(version: str) -> dict[str, str]:
    """Section of the data -> whose judgement its numbers are."""
    data = yaml.safe_load((FOLDER / version / "method.yaml").read_text(encoding="utf-8"))
    return {
        section: values["judgement"]
        for section, values in data.items()
        if isinstance(values, dict) and "judgement" in values
    } | {"ages": JUDGEMENT}
