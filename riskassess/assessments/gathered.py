"""What gather brings to the engines: facts and evidence, each with its source. Frozen; no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from riskassess.assessments.ageing import NOTHING_AGES, Ages
from riskassess.kernel.source import Source
from riskassess.kernel.stated import Known, NotApplicable, Stated, Unknown
from riskassess.scoring.inputs import Interest, Status


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that something rests on, by its hash: where in it, until when it holds, whether it can be read.

    `gone` says why its file is not there (any more): then it supports nothing.
    """

    name: str
    sha256: str
    place: str = ""
    expires_on: date | None = None
    gone: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the rules' vocabulary: what holds, who says so, and what the catalog says beside it.

    `by` is "answer" (a person, in this assessment), "catalog" (a record), "derived" (follows from records)
    or "" (nobody: unknown).
    """

    stated: Stated[Any]
    by: str = ""
    note: str = ""
    catalog: Stated[Any] | None = None
    papers: tuple[Paper, ...] = ()

    @property
    def disputed(self) -> bool:
        """Whether a person answered otherwise than the catalog has it, or that it is wrong and nobody knows better."""
        if self.by != "answer" or not isinstance(self.catalog, Known):
            return False
        if isinstance(self.stated, Known):
            return bool(plain(self.catalog.value) != plain(self.stated.value))
        return isinstance(self.stated, Unknown) and not self.stated.declined


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a factor rests on: a claim, an answer, a catalog value; at which level, how well shown."""

    key: str
    kind: str  # "claim", "answer", "catalog" or "document"
    title: str
    low: int
    high: int
    reliability: str
    verification: int
    interest: Interest
    on: date | None = None
    source: Source | None = None
    quote: str = ""
    link: str = ""
    rule: str = ""
    paper: Paper | None = None
    disputed: str = ""  # why it is said to be wrong

    @property
    def grade(self) -> str:
        """Reliability and verification as one mark, such as C3."""
        return f"{self.reliability}{self.verification}"


@dataclass(frozen=True, slots=True)
class Party:
    """One place in the chain between the buyer and the machine; `name` is None while unknown."""

    role: str
    label: str
    name: str | None
    country: str | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim as the report shows it: what is said, by whom, how well it is shown, and what rests on it."""

    key: str
    title: str
    statement: str
    kind: str
    substantiation: int
    substantiation_words: str
    verification: int
    interest: str
    headline: bool
    decides: Mapping[str, int]
    sources: tuple[tuple[str, str, Source], ...]  # (relation, quote, source)
    link: str


@dataclass(frozen=True, slots=True)
class Control:
    """A mitigation as people state it: what it lowers, by how much and on whose word, and how far it is."""

    key: str
    title: str
    factors: tuple[str, ...]
    effectiveness: int
    because: str
    status: Status
    evidence: str = ""
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that one judgement of one assessment reads, as of one day."""

    subject: Mapping[str, Any]
    parties: tuple[Party, ...]
    facts: Mapping[str, Fact]
    profile: Mapping[str, tuple[int, int]]
    profile_notes: Mapping[str, str]
    production: bool | None
    evidence: Mapping[str, tuple[Evidence, ...]]
    declined: frozenset[str]
    claims: tuple[ClaimRecord, ...]
    questions: tuple[Mapping[str, Any], ...] = ()
    conflicts: tuple[Mapping[str, Any], ...] = field(default=())
    mitigations: tuple[Control, ...] = ()
    ages: Ages = NOTHING_AGES
    disputed: Mapping[str, str] = field(default_factory=dict)  # factor -> why what is on record is wrong


def plain(value: Any) -> Any:
    """A value as canonical JSON takes it: no binary fractions, no objects."""
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, float | Decimal):
        number = Decimal(str(value))
        return int(number) if number == int(number) else str(number)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(part) for part in value]
    return str(value)


def source_json(source: Source | None) -> dict[str, Any] | None:
    """A source as it stands in a run's record; None stays None."""
    if source is None:
        return None
    return {
        "title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "key": source.key,
        "address": source.address,
        "reliability": source.reliability,
        "as_of": source.as_of.isoformat() if source.as_of else None,
    }


def stated_json(stated: Stated[Any]) -> dict[str, Any]:
    """A stated value as it stands in a run's record."""
    if isinstance(stated, Known):
        return {"state": "known", "value": plain(stated.value), "source": source_json(stated.source)}
    if isinstance(stated, NotApplicable):
        return {"state": "not_applicable", "because": stated.because, "source": source_json(stated.source)}
    state = "declined" if isinstance(stated, Unknown) and stated.declined else "unknown"
    return {"state": state, "source": source_json(stated.source)}


def fact_json(fact: Fact) -> dict[str, Any]:
    """A fact as it stands in a run's record; where a person disputes the catalog, with what that says."""
    catalog = {"catalog": stated_json(fact.catalog)} if fact.disputed and fact.catalog is not None else {}
    return {
        **stated_json(fact.stated),
        "by": fact.by,
        "note": fact.note,
        "disputed": fact.disputed,
        **catalog,
        **({"papers": [paper_json(one) for one in fact.papers]} if fact.papers else {}),
    }


def paper_json(paper: Paper) -> dict[str, Any]:
    """A document as it stands in a run's record."""
    return {
        "name": paper.name,
        "sha256": paper.sha256,
        "place": paper.place,
        "expires_on": paper.expires_on.isoformat() if paper.expires_on else None,
        "gone": paper.gone,
        "link": paper.link,
    }


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """A piece of evidence as it stands in a run's record."""
    return {
        "key": evidence.key,
        "kind": evidence.kind,
        "title": evidence.title,
        "level": [evidence.low, evidence.high],
        "grade": evidence.grade,
        "interest": evidence.interest,
        "on": evidence.on.isoformat() if evidence.on else None,
        "source": source_json(evidence.source),
        "quote": evidence.quote,
        "link": evidence.link,
        "rule": evidence.rule,
        **({"paper": paper_json(evidence.paper)} if evidence.paper else {}),
        **({"disputed": evidence.disputed} if evidence.disputed else {}),
    }


def control_json(control: Control) -> dict[str, Any]:
    """A mitigation as it stands in a run's record."""
    return {
        "key": control.key,
        "title": control.title,
        "factors": list(control.factors),
        "effectiveness": control.effectiveness,
        "because": control.because,
        "status": control.status,
        "evidence": control.evidence,
        "owner": control.owner,
        "due_on": control.due_on.isoformat() if control.due_on else None,
    }


def inputs_json(gathered: Gathered) -> dict[str, Any]:
    """Everything that went in, in a stable order: the part of the record whose digest names the run.

    Without mitigations, greatest ages or disputes there is no word of them: runs from before there were any keep their
    digest.
    """
    controls = [control_json(one) for one in gathered.mitigations]
    return {
        "subject": plain(gathered.subject),
        "parties": [
            {"role": p.role, "label": p.label, "name": p.name, "country": p.country, "link": p.link}
            for p in gathered.parties
        ],
        "facts": {name: fact_json(fact) for name, fact in sorted(gathered.facts.items())},
        "profile": {letter: list(ends) for letter, ends in sorted(gathered.profile.items())},
        "production": gathered.production,
        "evidence": {
            key: [evidence_json(one) for one in found]
            for key, found in sorted(gathered.evidence.items())
            if found
        },
        "declined": sorted(gathered.declined),
        "claims": [
            {
                "key": claim.key,
                "title": claim.title,
                "statement": claim.statement,
                "kind": claim.kind,
                "substantiation": claim.substantiation,
                "substantiation_words": claim.substantiation_words,
                "verification": claim.verification,
                "interest": claim.interest,
                "headline": claim.headline,
                "decides": dict(sorted(claim.decides.items())),
                "sources": [
                    {"relation": relation, "quote": quote, "source": source_json(source)}
                    for relation, quote, source in claim.sources
                ],
                "link": claim.link,
            }
            for claim in gathered.claims
        ],
        "questions": [plain(question) for question in gathered.questions],
        "conflicts": [plain(conflict) for conflict in gathered.conflicts],
        **({"mitigations": controls} if controls else {}),
        **({"greatest_ages": gathered.ages.to_json()} if gathered.ages != NOTHING_AGES else {}),
        **({"disputed": dict(sorted(gathered.disputed.items()))} if gathered.disputed else {}),
    }
