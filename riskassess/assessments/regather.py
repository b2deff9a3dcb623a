"""The record of a run -> what was gathered for it: the inverse of `gathered.inputs_json`. No Django.

Nothing that a judgement reads is lost on the way. Two things come back in another shape: the address of a
cell in one piece, and numbers as decimals. Notes on the profile are not in a record, since nothing reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from riskassess.assessments.ageing import NOTHING_AGES, Ages
from riskassess.assessments.gathered import ClaimRecord, Control, Evidence, Fact, Gathered, Paper, Party
from riskassess.kernel.source import Source
from riskassess.kernel.stated import Known, NotApplicable, Stated, Unknown
from riskassess.rules.facts import FACTS, FactSpec, Kind

Json = Mapping[str, Any]
NOT_STATED = ("unknown", "not_applicable")  # as members of a record say it


def regathered(inputs: Json) -> Gathered:
    """What was gathered, from the "inputs" of a record."""
    return Gathered(
        subject=dict(inputs["subject"]),
        parties=tuple(Party(**party) for party in inputs["parties"]),
        facts={name: _fact(name, fact) for name, fact in inputs["facts"].items()},
        profile={letter: (ends[0], ends[1]) for letter, ends in inputs["profile"].items()},
        profile_notes={},
        production=inputs["production"],
        evidence={key: tuple(map(_evidence, found)) for key, found in inputs["evidence"].items()},
        declined=frozenset(inputs["declined"]),
        claims=tuple(map(_claim, inputs["claims"])),
        questions=tuple(inputs["questions"]),
        conflicts=tuple(inputs["conflicts"]),
        mitigations=tuple(map(_control, inputs.get("mitigations", ()))),
        ages=Ages(**inputs["greatest_ages"]) if "greatest_ages" in inputs else NOTHING_AGES,
        disputed=dict(inputs.get("disputed", {})),
    )


def _fact(name: str, fact: Json) -> Fact:
    return Fact(
        stated=_stated(name, fact),
        by=fact["by"],
        note=fact["note"],
        catalog=_stated(name, fact["catalog"]) if "catalog" in fact else None,
        papers=tuple(map(_paper, fact.get("papers", ()))),
    )


def _paper(paper: Json) -> Paper:
    return Paper(**{**paper, "expires_on": _day(paper["expires_on"])})


def _stated(name: str, stated: Json) -> Stated[Any]:
    source = _source(stated["source"])
    match stated["state"]:
        case "known":
            return Known(_value(FACTS.get(name), stated["value"]), source)
        case "not_applicable":
            return NotApplicable(stated["because"], source)
    return Unknown(stated["state"] == "declined", source)


def _value(spec: FactSpec | None, value: Any) -> Any:
    """A value as the rules parse it: a record keeps decimals as text, and these are numbers again."""
    if spec is None or value is None:
        return value
    if spec.kind is Kind.NUMBER:
        return Decimal(value) if isinstance(value, str) and value not in NOT_STATED else value
    if spec.kind.is_records and isinstance(value, list):
        return [_member(spec, one) for one in value]
    return value


def _member(spec: FactSpec, member: Any) -> Any:
    if not isinstance(member, Mapping):
        return member
    parts = {part.name: part for part in spec.members}
    return {name: _value(parts.get(name), value) for name, value in member.items()}


def _source(source: Json | None) -> Source | None:
    if source is None:
        return None
    return Source(
        title=source["title"],
        publisher=source["publisher"],
        url=source["url"],
        key=source["key"],
        file=source["address"],
        reliability=source["reliability"],
        as_of=_day(source["as_of"]),
    )


def _evidence(evidence: Json) -> Evidence:
    low, high = evidence["level"]
    grade = evidence["grade"]
    return Evidence(
        key=evidence["key"],
        kind=evidence["kind"],
        title=evidence["title"],
        low=low,
        high=high,
        reliability=grade[0],
        verification=int(grade[1:]),
        interest=evidence["interest"],
        on=_day(evidence["on"]),
        source=_source(evidence["source"]),
        quote=evidence["quote"],
        link=evidence["link"],
        rule=evidence["rule"],
        paper=_paper(evidence["paper"]) if "paper" in evidence else None,
        disputed=evidence.get("disputed", ""),
    )


def _claim(claim: Json) -> ClaimRecord:
    rest = {name: value for name, value in claim.items() if name != "sources"}
    return ClaimRecord(
        **rest, sources=tuple((one["relation"], one["quote"], _claimed_in(one)) for one in claim["sources"])
    )


def _claimed_in(link: Json) -> Source:
    source = _source(link["source"])
    if source is None:
        raise ValueError("A claim's link names no source.")
    return source


def _control(control: Json) -> Control:
    stated = {**control, "factors": tuple(control["factors"]), "due_on": _day(control["due_on"])}
    return Control(**stated)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
