"""One assessment as plain data in and out, for a command line, a file or another program.

In:  {"method": "vrm-1.0",
      "profile": {"D": 2, "I": [1, 2], "A": null, "B": 1, "S": 0},      null: any level
      "flags": ["EU"],                                                  absent: false; or {"EU": "unknown"}
      "answers": {"DAT-RES": {"level": 2, "reliability": "C", "verification": 3, "interest": "self"}, ...},
      "gates": {"G2": true, "G5": "unknown", "G10": {"truth": true, "effect": "CONDITIONAL"}},
      "mitigations": {"egress": {"factors": ["DAT-RES"], "effectiveness": 40, "status": "committed"}},
      "appetite": {"approve": 20, "coverage_percent": 75},              left out: the method's own lines
      "as_of": "2026-11-24", "floor": 0}
An answer may be a list of such items, {"declined": true}, and may hold "open_question": [low, high] in
points 0..100. Absent answers are unknown, absent gates false. `as_of` matters only for dated evidence.

Out: see `compute_case`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.truth import Truth
from riskassess.scoring.appetite import stated_appetite, under
from riskassess.scoring.controls import taken_off
from riskassess.scoring.engine import compute
from riskassess.scoring.exposure import FLAGS, LETTERS
from riskassess.scoring.gates import GateState
from riskassess.scoring.inputs import FactorInput, Inputs, Item, Level, Mitigation, Profile
from riskassess.scoring.method import DECISIONS, Method, load_method
from riskassess.scoring.results import Result, View
from riskassess.scoring.sensitivity import fewest_questions

CASE_KEYS = {"method", "profile", "flags", "answers", "gates", "mitigations", "as_of", "floor", "appetite"}
ITEM_KEYS = {"level", "reliability", "verification", "interest", "evidence_id", "on", "max_age_days"}
ANSWER_KEYS = {"items", "declined", "open_question"}
MITIGATION_KEYS = {"factors", "effectiveness", "status"}
UNDATED = date.max
"""As-of date of a case that names none: it holds no dated evidence, so the day does not matter."""


def compute_case(case: Mapping[str, Any]) -> dict[str, Any]:
    """Denominator, base, peak and risk as [low, high] whole numbers, tenths, coverage, decision, questions.

    `fewest_questions_below` gives for each threshold how many good answers reach it, null where none can.
    Where the case states mitigations, `views` and `mitigations` say what they do; the risk is then the current.
    Raises InvalidInput that says where and what to do.
    """
    if not isinstance(case, Mapping):
        raise InvalidInput(
            "A case is an object.", hint="Give profile, flags, answers and gates.", where="case"
        )
    _known(case, CASE_KEYS, "case")
    version = case.get("method", "vrm-1.0")
    method = load_method(version if isinstance(version, str) else repr(version))
    method = under(method, stated_appetite(method, case.get("appetite")))
    as_of = _date(case.get("as_of"), "as_of") or UNDATED
    inputs = Inputs(
        profile=_profile(_mapping(case, "profile"), case.get("flags", [])),
        factors=tuple(_answer(method, key, given) for key, given in _mapping(case, "answers").items()),
        mitigations=tuple(_mitigation(key, given) for key, given in _mapping(case, "mitigations").items()),
    )
    if "as_of" not in case and any(
        item.on or item.max_age_days for one in inputs.factors for item in one.items
    ):
        raise InvalidInput("Dated evidence needs an as-of date.", hint="Add “as_of”.", where="as_of")
    result = compute(
        method,
        inputs,
        _gates(method, _mapping(case, "gates")),
        as_of=as_of,
        floor=_whole(case.get("floor", 0), 0, 3, "floor"),
    )
    routes = {points: fewest_questions(result, points) for points in method.thresholds}
    return {
        "denominator": result.denominator,
        "base": list(result.base),
        "peak": list(result.peak),
        "risk": list(result.risk),
        "shown": list(result.shown),
        "coverage_ok": result.coverage.ok,
        "decision_without_gates": result.decision_without_gates,
        "decision": result.decision,
        "fewest_questions_below": {
            str(points): len(route.factors) if route.reachable else None for points, route in routes.items()
        },
        **(_controls(result) if inputs.mitigations else {}),
    }


def _controls(result: Result) -> dict[str, Any]:
    current = View(result.risk, result.shown, result.bands, result.decision_without_gates)
    views = {"inherent": result.inherent, "current": current, "target": result.target}
    return {
        "views": {
            name: {
                "risk": list(view.risk),
                "shown": list(view.shown),
                "decision_without_gates": view.decision_without_gates,
            }
            for name, view in views.items()
        },
        "mitigations": {
            one.key: {"takes_off": {"now": list(one.now), "verified": list(one.verified)}}
            for one in taken_off(result)
        },
    }


def _profile(levels: Mapping[str, Any], flags: Any) -> Profile:
    _known(levels, set(LETTERS), "profile")
    found = {}
    for letter in LETTERS:
        where = f"profile.{letter}"
        low, high = (0, 4) if levels.get(letter) is None else _level(levels[letter], where)
        found[letter] = Level(low, high)
    return Profile(**found, flags=_flags(flags))


def _flags(given: Any) -> dict[str, Truth]:
    if isinstance(given, list | tuple) and all(isinstance(flag, str) for flag in given):
        stated = dict.fromkeys(given, Truth.TRUE)
    elif isinstance(given, Mapping):
        stated = {str(flag): _truth(value, f"flags.{flag}") for flag, value in given.items()}
    else:
        raise InvalidInput("Flags are a list of names.", hint="For example [“EU”, “P”].", where="flags")
    _known(stated, set(FLAGS), "flags")
    return dict.fromkeys(FLAGS, Truth.FALSE) | stated


def _answer(method: Method, key: str, given: Any) -> FactorInput:
    where = f"answers.{key}"
    method.factor(key)
    if given is None:
        return FactorInput(key)
    if isinstance(given, list | tuple):
        return FactorInput(key, items=tuple(_item(item, f"{where}[{n}]") for n, item in enumerate(given)))
    if not isinstance(given, Mapping):
        raise InvalidInput("An answer is an object or a list of them.", hint="Give its level.", where=where)
    _known(given, ITEM_KEYS | ANSWER_KEYS, where)
    listed = given.get("items", [])
    if not isinstance(listed, list | tuple):
        raise InvalidInput("Items are a list.", hint="Put them into [ ].", where=f"{where}.items")
    items = [_item(item, f"{where}.items[{n}]") for n, item in enumerate(listed)]
    if own := {name: value for name, value in given.items() if name in ITEM_KEYS}:
        items.append(_item(own, where))
    declined, question = given.get("declined", False), given.get("open_question")
    if not isinstance(declined, bool):
        raise InvalidInput(
            "“declined” is true or false.", hint="Write true or false.", where=f"{where}.declined"
        )
    return FactorInput(
        key,
        items=tuple(items),
        declined=declined,
        open_question=None if question is None else _points(question, f"{where}.open_question"),
    )


def _mitigation(key: str, given: Any) -> Mitigation:
    where = f"mitigations.{key}"
    if not isinstance(given, Mapping):
        raise InvalidInput("A mitigation is an object.", hint="Give factors and effectiveness.", where=where)
    _known(given, MITIGATION_KEYS, where)
    factors = given.get("factors")
    if not isinstance(factors, list | tuple) or not factors or not all(isinstance(k, str) for k in factors):
        raise InvalidInput(
            "Factors are a list of names.", hint="Name at least one risk factor.", where=f"{where}.factors"
        )
    effectiveness = _whole(given.get("effectiveness"), 0, 100, f"{where}.effectiveness")
    try:
        return Mitigation(key, tuple(factors), effectiveness, given.get("status", "proposed"))
    except InvalidInput as error:
        raise InvalidInput(error.message, hint=error.hint, where=f"{where}.status") from None


def _item(given: Any, where: str) -> Item:
    if not isinstance(given, Mapping):
        raise InvalidInput(
            "An item is an object.", hint="Give level, reliability and verification.", where=where
        )
    _known(given, ITEM_KEYS, where)
    for name in ("level", "reliability", "verification"):
        if given.get(name) is None:
            raise InvalidInput(
                f"“{name}” is missing.", hint="Leave the whole answer out if unknown.", where=where
            )
    low, high = _level(given["level"], f"{where}.level")
    verification = _whole(given["verification"], 1, 6, f"{where}.verification")
    on, age = _date(given.get("on"), f"{where}.on"), given.get("max_age_days")
    try:
        return Item(
            level_low=low,
            level_high=high,
            reliability=given["reliability"],
            verification=verification,
            interest=given.get("interest", "neutral"),
            evidence_id=str(given.get("evidence_id", "")),
            on=on,
            max_age_days=None if age is None else _whole(age, 0, 100_000, f"{where}.max_age_days"),
        )
    except InvalidInput as error:
        raise InvalidInput(error.message, hint=error.hint, where=where) from None


def _gates(method: Method, given: Mapping[str, Any]) -> dict[str, GateState]:
    states = {gate.key: GateState(Truth.FALSE) for gate in method.gates}
    for key, value in given.items():
        where, effect, because = f"gates.{key}", None, ""
        method.gate(key)
        if isinstance(value, Mapping):
            _known(value, {"truth", "effect", "because"}, where)
            effect, because = _effect(value.get("effect"), where), str(value.get("because", ""))
            value = value.get("truth")
        states[key] = GateState(_truth(value, where), effect, because)
    return states


def _effect(value: Any, where: str) -> int | None:
    if value is None:
        return None
    if value in DECISIONS:
        return DECISIONS.index(value)
    return _whole(value, 0, 3, f"{where}.effect")


def _level(value: Any, where: str) -> tuple[int, int]:
    return _pair(value, 4, where) if isinstance(value, list | tuple) else (_whole(value, 0, 4, where),) * 2


def _points(value: Any, where: str) -> tuple[int, int]:
    low, high = _pair(value, 100, where)
    return 100 * low, 100 * high


def _pair(value: Any, top: int, where: str) -> tuple[int, int]:
    if isinstance(value, list | tuple) and len(value) == 2:
        low, high = (_whole(end, 0, top, where) for end in value)
        if low <= high:
            return low, high
    raise InvalidInput(f"{value!r} is no range.", hint=f"Write [low, high] within 0 to {top}.", where=where)


def _whole(value: Any, low: int, high: int, where: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise InvalidInput(f"{value!r} is not allowed.", hint=f"Use a whole number {low} to {high}.", where=where)


def _truth(value: Any, where: str) -> Truth:
    if isinstance(value, bool):
        return Truth.of(value)
    if value in ("unknown", None):
        return Truth.UNKNOWN
    raise InvalidInput(f"{value!r} is no truth.", hint="Use true, false or “unknown”.", where=where)


def _date(value: Any, where: str) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidInput(f"{value!r} is no date.", hint="Write 2026-11-24.", where=where) from None


def _mapping(case: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = case.get(name)
    if value is None and name != "profile":
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise InvalidInput(f"“{name}” is not an object.", hint="Give key and value pairs.", where=name)
    return value


def _known(given: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(str(key) for key in given if key not in known):
        raise InvalidInput(
            f"{', '.join(unknown)} is not known here.", hint=f"Use {', '.join(sorted(known))}.", where=where
        )
