"""The page on which people try other weights, levels of use and lines. It only reads; the address holds it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from riskassess.accounts.people import person
from riskassess.assessments.models import Assessment
from riskassess.assessments.record import recorded_method
from riskassess.assessments.what_if import (
    DOMAIN,
    LINES,
    NOT_THE_RECORD,
    WEIGHT,
    Move,
    Outcome,
    Tried,
    WhatIf,
    own_values,
    record_to_try,
    tried,
    what_if,
)
from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.exposure import LETTERS
from riskassess.scoring.method import Method

SHOWN = 12
LINE_LABELS = {
    "approve": "Approve under",
    "conditional": "Conditional under",
    "reject": "Reject from",
    "coverage_percent": "Coverage, %",
}
LETTER_LABELS = {
    "D": "Data sensitivity",
    "I": "Impact of a wrong output",
    "A": "Autonomy and tools",
    "B": "Business criticality",
    "S": "Spread of outputs",
}


@dataclass(frozen=True, slots=True)
class Input:
    """One parameter of the form: what is tried, and what the record has."""

    name: str
    label: str
    value: str
    own: str
    is_wrong: bool = False
    key: str = ""

    @property
    def is_changed(self) -> bool:
        return self.value != self.own


@dataclass(frozen=True, slots=True)
class Group:
    """A domain's weight, and those of its factors, which stay folded while nobody tries them."""

    domain: Input
    factors: list[Input]

    @property
    def is_open(self) -> bool:
        return any(one.is_changed or one.is_wrong for one in self.factors)


@dataclass(frozen=True, slots=True)
class Side:
    """The record, or what is tried, as the page draws it."""

    outcome: Outcome
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One line that moved, in words."""

    name: str
    key: str
    share: str
    by: tuple[str, str]


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The record beside what the address tries. Two queries for it; nothing is written.

    An address that names more than what differs from the record is sent on to the one that does not.
    """
    user = person(request)
    assessment = get_object_or_404(Assessment.objects.visible_to(user).with_run(), pk=pk)
    if assessment.current_run is None:
        return redirect("reports:decision", pk)
    record = record_to_try(assessment.current_run.record)
    given = {name: str(text) for name, text in request.GET.items()}
    problem: InvalidInput | None = None
    found: WhatIf | None = None
    try:
        parameters = tried(record, given)
        if given != parameters.named():
            return redirect(f"{request.path}?{urlencode(parameters.named())}".rstrip("?"))
        found = what_if(record, parameters)
    except InvalidInput as error:
        problem, parameters = error, Tried()
    return render(
        request,
        "assessments/what_if.html",
        {
            "assessment": assessment,
            "run": assessment.current_run,
            "note": NOT_THE_RECORD,
            "problem": problem,
            "is_tried": bool(parameters.named()),
            "sides": _sides(found) if found else (),
            "found": found,
            "risk_by": _by(found.by, found.denominator) if found else (),
            "rest": _rest(found) if found else None,
            "rows": [_row(move, found) for move in found.moves[:SHOWN]] if found else [],
            "api": f"{reverse('assessment-what-if', args=[pk])}?{urlencode(parameters.named())}".rstrip("?"),
            **_form(record, given, problem.where if problem else ""),
        },
    )


def _form(record: Mapping[str, Any], given: Mapping[str, str], wrong: str) -> dict[str, Any]:
    """The parameters by group; each shows what is tried, else what the record has."""
    own, method = own_values(record), recorded_method(record)

    def one(name: str, label: str, key: str = "") -> Input:
        return Input(name, label, given.get(name, "").strip() or own[name], own[name], name == wrong, key)

    return {
        "lines": [one(name, LINE_LABELS[name]) for name in LINES],
        "letters": [one(letter, f"{LETTER_LABELS[letter]} ({letter})") for letter in LETTERS],
        "levels": [str(level) for level in range(5)],
        "domains": [
            Group(one(f"{DOMAIN}{name}", name), _factors(method, name, one)) for name in method.domains
        ],
    }


def _factors(method: Method, domain: str, one: Any) -> list[Input]:
    return [
        one(f"{WEIGHT}{factor.key}", factor.name, factor.key)
        for factor in method.risk_factors
        if factor.domain == domain
    ]


def _sides(found: WhatIf) -> tuple[tuple[str, Side], ...]:
    return tuple(
        (name, Side(outcome, float(outcome.shown[0]), float(outcome.shown[1])))
        for name, outcome in (("The record", found.record), ("What if", found.result))
    )


def _row(move: Move, found: WhatIf) -> MoveRow:
    shares = [
        _percent(weight, outcome.denominator)
        for weight, outcome in zip(move.weight, (found.record, found.result), strict=True)
    ]
    share = (
        "" if not any(move.weight) else shares[0] if shares[0] == shares[1] else f"{shares[0]} → {shares[1]}"
    )
    return MoveRow(move.name, move.key if share else "", share, _by(move.by, found.denominator))


def _rest(found: WhatIf) -> tuple[int, tuple[str, str]] | None:
    """How many lines are not listed, and what they moved together."""
    others = found.moves[SHOWN:]
    if not others:
        return None
    low, high = (sum(move.by[end] for move in others) for end in (0, 1))
    return len(others), _by((low, high), found.denominator)


def _percent(weight: int, denominator: int) -> str:
    """A weight's share of all weights, to a tenth of a percent."""
    tenths = (2 * 1000 * weight * 10**8 + denominator) // (2 * denominator)
    return f"{tenths // 10}.{tenths % 10} %"


def _by(pair: tuple[int, int], denominator: int) -> tuple[str, str]:
    """A move in points, to the nearest hundredth, with its sign."""
    low, high = (_signed(end, denominator) for end in pair)
    return low, high


def _signed(numerator: int, denominator: int) -> str:
    hundredths = (200 * abs(numerator) + denominator) // (2 * denominator)
    sign = "" if not hundredths else "−" if numerator < 0 else "+"
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}"
