"""A stored run recomputed from its own record: is it the same to the byte? Pure; no Django, no clock.

The record names its day, its method, the risk appetite it was put under, and its release of the rules, and holds
everything that went in. The method of that version is data that never changes. Rules are code, in which old law
stays: they judge by the law of the run's day. Where the rules have moved on to another release, the run is
recomputed with the rules that its release had, as they stand now, and their wording and citations, which decide
nothing, are taken from the record; a rule whose judgement of that day was corrected since shows as a difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from riskassess.assessments.gathered import Fact, Gathered
from riskassess.assessments.judgement import Judgement, judged
from riskassess.assessments.record import SCHEMA, record_of, recorded_method
from riskassess.assessments.regather import regathered
from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.stated import UNKNOWN
from riskassess.rules.facts import FACTS
from riskassess.rules.rule import Regime
from riskassess.rules.rulebook import RULEBOOK, Rulebook
from riskassess.scoring.canonical import canonical_json, digest
from riskassess.scoring.method import Method

FINDING_WORDS = ("subject", "sentence", "reason", "citations", "questions", "stale")
CAUSES_FIRST = ("schema", "as_of", "method", "method_digest", "appetite", "rules_release", "inputs", "flags", "regimes",
                "errors", "gates", "factors")  # fmt: skip
ABSENT = object()


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a recomputation gave the stored bytes; if not, `difference` is the first place that differs.

    `notes` say what a reader of the result has to know, such as that the rules have moved on.
    """

    same: bool
    difference: str = ""
    notes: tuple[str, ...] = ()


def verify(text: str, rulebook: Rulebook = RULEBOOK) -> Verification:
    """The stored text of a record, recomputed with the method and the rules that it names."""
    try:
        stored = json.loads(text)
    except ValueError:
        return Verification(False, "the record is not JSON")
    if problem := _altered(stored, text):
        return Verification(False, problem)
    notes = (_moved_on(stored, rulebook),) if stored["rules_release"] != rulebook.release else ()
    try:
        again = recomputed(stored, rulebook)
    except (InvalidInput, KeyError, ValueError, TypeError, IndexError) as error:
        return Verification(False, f"it cannot be recomputed: {type(error).__name__}: {error}", notes)
    if canonical_json(again) == text.encode():
        return Verification(True, notes=notes)
    return Verification(False, next(differences(stored, again), "the bytes differ"), notes)


def _moved_on(stored: dict[str, Any], rulebook: Rulebook) -> str:
    return (
        f"The rules have moved on from release {stored['rules_release']} to {rulebook.release}: judged by "
        f"today's rules and the law of {stored['as_of']}, worded and cited as recorded."
    )


def recomputed(stored: dict[str, Any], rulebook: Rulebook = RULEBOOK) -> dict[str, Any]:
    """The record anew from the inputs in `stored`. Raises what a record that no longer fits runs into."""
    again = record_of(judged_again(stored, regathered(stored["inputs"]), recorded_method(stored), rulebook))
    return _worded_as(again, stored) if stored["rules_release"] != rulebook.release else again


def judged_again(
    stored: dict[str, Any], gathered: Gathered, method: Method, rulebook: Rulebook = RULEBOOK
) -> Judgement:
    """What was gathered for a record, judged on its day by the rules that its release had."""
    if stored["rules_release"] != rulebook.release:
        rulebook = _as_released(rulebook, stored)
        later = {name: Fact(UNKNOWN) for name in FACTS if name not in gathered.facts}
        gathered = replace(gathered, facts={**gathered.facts, **later})
    return judged(gathered, date.fromisoformat(stored["as_of"]), method, rulebook)


def differences(stored: Any, again: Any, path: str = "") -> Iterator[str]:
    """The places where two records differ: what came first first, then by name, `result_id` last."""
    if isinstance(stored, dict) and isinstance(again, dict):
        for key in sorted(stored.keys() | again.keys(), key=_place):
            inner = f"{path}.{key}" if path else key
            yield from differences(stored.get(key, ABSENT), again.get(key, ABSENT), inner)
    elif isinstance(stored, list) and isinstance(again, list):
        for place in range(max(len(stored), len(again))):
            one, other = (side[place] if place < len(side) else ABSENT for side in (stored, again))
            yield from differences(one, other, f"{path}[{place}]")
    elif stored != again or type(stored) is not type(again):
        yield f"{path}: stored {_shown(stored)}, recomputed {_shown(again)}"


def _place(key: str) -> tuple[int, str]:
    if key == "result_id":
        return len(CAUSES_FIRST) + 1, key
    return CAUSES_FIRST.index(key) if key in CAUSES_FIRST else len(CAUSES_FIRST), key


def _altered(stored: Any, text: str) -> str:
    """What is wrong with the text itself: another shape, or not the text that its own digest names."""
    if not isinstance(stored, dict) or stored.get("schema") != SCHEMA:
        return f"the record is not of schema {SCHEMA}"
    try:
        if canonical_json(stored) != text.encode():
            return "the record is not in canonical form"
    except TypeError as error:
        return f"the record is not in canonical form: {error}"
    named = stored.get("result_id")
    found = digest({key: value for key, value in stored.items() if key != "result_id"})
    return "" if named == found else f"result_id: stored {named}, the record's own digest is {found}"


def _as_released(rulebook: Rulebook, stored: dict[str, Any]) -> Rulebook:
    """The rules under the names of the record's release, without those that it did not have."""
    had = stored["regimes"]
    return replace(
        rulebook,
        release=stored["rules_release"],
        regimes=tuple(
            _regime_as_released(regime, had[regime.key]) for regime in rulebook.regimes if regime.key in had
        ),
        validators=tuple(rule for rule in rulebook.validators if rule.id in stored["errors"]),
    )


def _regime_as_released(regime: Regime, stored: dict[str, Any]) -> Regime:
    had = {finding["id"] for finding in stored["findings"]}
    rules = tuple(rule for rule in regime.rules if rule.id in had)
    return replace(regime, title=stored["title"], authority=stored["authority"], rules=rules)


def _worded_as(again: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    """`again` in the words of `stored`: what the rules say of themselves, and no fact that came later."""
    facts = {
        name: fact for name, fact in again["inputs"]["facts"].items() if name in stored["inputs"]["facts"]
    }
    messages = stored["error_messages"]
    worded = {
        **again,
        "inputs": {**again["inputs"], "facts": facts},
        "regimes": {
            key: _regime_worded_as(regime, stored["regimes"][key]) for key, regime in again["regimes"].items()
        },
        "error_messages": {key: messages.get(key, text) for key, text in again["error_messages"].items()},
    }
    worded["result_id"] = digest({key: value for key, value in worded.items() if key != "result_id"})
    return worded


def _regime_worded_as(again: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    said = {finding["id"]: finding for finding in stored["findings"]}
    return {
        **again,
        "findings": [_finding_worded_as(finding, said[finding["id"]]) for finding in again["findings"]],
    }


def _finding_worded_as(again: dict[str, Any], stored: dict[str, Any]) -> dict[str, Any]:
    asked = {fact["name"]: fact["question"] for fact in stored["facts"]}
    return {
        **again,
        **{name: stored[name] for name in FINDING_WORDS},
        "facts": [{**fact, "question": asked.get(fact["name"], fact["question"])} for fact in again["facts"]],
    }


def _shown(value: Any) -> str:
    if value is ABSENT:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"
