"""The negotiation pack in words: for the buyer with every figure, for the vendor with none unless somebody ticks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from riskassess.assessments.negotiating import (
    NOT_ADDITIVE,
    Effect,
    Kind,
    Lever,
    Pack,
    Residual,
    joint,
    listed,
)
from riskassess.reports.figures import ends, points, signed_tenths, span
from riskassess.reports.legal import word
from riskassess.reports.parts import Word
from riskassess.scoring.decision import shown

Record = Mapping[str, Any]

LABELS = {
    Kind.CLAUSE: "To be agreed",
    Kind.DOCUMENT: "To be shown",
    Kind.CHANGE: "To be changed",
    Kind.FACT: "To be answered",
    Kind.ANSWERS: "To be answered",
}
OURS = "Ours to do"
FALL_BACK = "Fall-back"
INTERNAL = "Internal: levels, figures and decisions are the buyer's. The vendor's copy holds none of them."


@dataclass(frozen=True, slots=True)
class Then:
    """What would be so, in words."""

    risk: str
    falls: str
    decision: Word
    gates: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class LeverLine:
    """One lever as the buyer reads it."""

    key: str
    label: str
    is_fall_back: bool
    ours: bool
    question: str
    answer: str
    proof: str
    law: str
    asks: tuple[tuple[str, str], ...]
    then: Then
    moves: bool
    """False where it does something only together with others."""
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ResidualLine:
    """One residual risk with its levers."""

    key: str
    name: str
    level: str
    levers: tuple[LeverLine, ...]


@dataclass(frozen=True, slots=True)
class PackPage:
    """The pack as page and API show it. `chosen` and `everything` are computed for all of theirs at once."""

    before: Then
    residuals: tuple[ResidualLine, ...]
    chosen: Then | None
    chosen_count: int
    everything: Then
    everything_count: int
    nothing_helps: tuple[str, ...]
    note: str
    not_additive: str = NOT_ADDITIVE


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked of the vendor: nothing of the buyer's is in it, save what `figures` was ticked for."""

    number: int
    topic: str
    label: str
    question: str
    answer: str
    proof: str
    law: str
    figures: str = ""


def page_of(record: Record, pack: Pack, chosen: Iterable[str]) -> PackPage:
    """The pack for the buyer, with what those chosen do together. Raises InvalidInput for one that is none."""
    keys = tuple(dict.fromkeys(chosen))
    together = _then(joint(record, pack, keys), pack.before) if keys else None
    helped = [one for one in pack.residuals if one.levers]
    return PackPage(
        before=_then(pack.before, pack.before),
        residuals=tuple(_residual(one, pack, frozenset(keys)) for one in helped),
        chosen=together,
        chosen_count=len(keys),
        everything=_then(joint(record, pack, pack.best), pack.before),
        everything_count=len(pack.best),
        nothing_helps=tuple(f"{one.name} ({one.key})" for one in pack.residuals if not one.levers),
        note=pack.note,
    )


def requests_of(record: Record, pack: Pack, chosen: Iterable[str], *, figures: bool) -> tuple[Request, ...]:
    """What to ask the vendor for: those chosen, else all without fall-backs, in the method's order, never by worth.

    What the buyer does is left out, and so is the answer where the vendor is only asked what is so. `figures`
    adds what each does to level, risk and decision. Raises InvalidInput for one that the pack does not list.
    """
    wanted = frozenset(listed(pack, chosen) or pack.best)
    order = {one["key"]: number for number, one in enumerate(record["factors"])}
    names = {one.key: one.name for one in pack.residuals}
    levers = [one for key, one in pack.levers.items() if key in wanted and not one.ours]
    levers.sort(key=lambda one: (order[one.factor], one.rank, one.key))
    made: list[Request] = []
    for lever in levers:
        told = _figures(lever, pack) if figures else ""
        for question, answer, proof in _asked(lever):
            if all(question != one.question or answer != one.answer for one in made):
                made.append(
                    Request(len(made) + 1, names[lever.factor], LABELS[lever.kind], question, answer, proof,
                            "; ".join(lever.law), told)
                )  # fmt: skip
    return tuple(made)


def _asked(lever: Lever) -> Iterable[tuple[str, str, str]]:
    if lever.kind is Kind.ANSWERS:
        return ((text, "", proof) for text, proof in lever.asks)
    return ((lever.question, "" if lever.kind is Kind.FACT else lever.answer, lever.proof),)


def _figures(lever: Lever, pack: Pack) -> str:
    was = next(one.level for one in pack.residuals if one.key == lever.factor)
    before, then = _then(pack.before, pack.before), _then(lever.effect, pack.before, was)
    return f"Level {then.level}; risk {before.risk} → {then.risk}; then {then.decision.word.lower()}"


def _residual(one: Residual, pack: Pack, chosen: frozenset[str]) -> ResidualLine:
    return ResidualLine(
        one.key,
        one.name,
        ends(one.level, points),
        tuple(_line(lever, one, pack, chosen) for lever in one.levers),
    )


def _line(lever: Lever, residual: Residual, pack: Pack, chosen: frozenset[str]) -> LeverLine:
    return LeverLine(
        key=lever.key,
        label=OURS if lever.ours else LABELS[lever.kind],
        is_fall_back=bool(lever.rank),
        ours=lever.ours,
        question=lever.question,
        answer=lever.answer,
        proof=lever.proof,
        law="; ".join(lever.law),
        asks=lever.asks,
        then=_then(lever.effect, pack.before, residual.level),
        moves=lever.effect.worth < pack.before.worth or lever.effect.level != residual.level,
        is_chosen=lever.key in chosen,
    )


def _then(effect: Effect, before: Effect, was: tuple[int, int] | None = None) -> Then:
    level = f"{ends(was, points)} → {ends(effect.level, points)}" if was else ""
    return Then(
        risk=span(*shown(effect.risk, effect.denominator)),
        falls=_by(before.risk.high - effect.risk.high, effect.denominator),
        decision=word(effect.decision),
        gates=", ".join(effect.gates),
        level=level,
    )


def _by(fall: int, denominator: int) -> str:
    return signed_tenths(abs(fall), denominator, "−" if fall > 0 else "+")


# -- for programs ----------------------------------------------------------------------------------------


def pack_json(record: Record, pack: Pack, chosen: Iterable[str]) -> dict[str, Any]:
    """The pack as plain data: integers over `denominator`, and text."""
    keys = tuple(dict.fromkeys(chosen))
    return {
        "note": pack.note or NOT_ADDITIVE,
        "denominator": pack.before.denominator,
        "before": _effect_json(pack.before),
        "chosen": {"items": list(keys), **_effect_json(joint(record, pack, keys))},
        "everything": {"items": list(pack.best), **_effect_json(joint(record, pack, pack.best))},
        "residual_risks": [
            {
                "factor": one.key,
                "name": one.name,
                "level": list(one.level),
                "points": list(one.points),
                "items": [_lever_json(lever) for lever in one.levers],
            }
            for one in pack.residuals
        ],
    }


def _lever_json(lever: Lever) -> dict[str, Any]:
    return {
        "item": lever.key,
        "kind": lever.kind.value,
        "ours": lever.ours,
        "fall_back": bool(lever.rank),
        "question": lever.question,
        "answer": lever.answer,
        "proof": lever.proof,
        "law": list(lever.law),
        "asks": [{"text": text, "proof": proof} for text, proof in lever.asks],
        "level": list(lever.effect.level),
        **_effect_json(lever.effect),
    }


def _effect_json(effect: Effect) -> dict[str, Any]:
    return {
        "risk": list(effect.risk),
        "shown": list(shown(effect.risk, effect.denominator)),
        "decision": effect.decision,
        "gates": list(effect.gates),
    }


def requests_json(requests: Iterable[Request]) -> list[dict[str, Any]]:
    """The vendor's copy as plain data; `figures` is there only where somebody asked for it."""
    return [
        {
            "number": one.number,
            "topic": one.topic,
            "kind": one.label,
            "question": one.question,
            "answer": one.answer,
            "proof": one.proof,
            "law": one.law,
            **({"figures": one.figures} if one.figures else {}),
        }
        for one in requests
    ]
