"""Why one factor's points moved between two runs: facts, evidence, controls, rules, method or day.

A factor that a regime sets is followed to the findings that changed, and from them to the facts they read.
Where facts and the release of the rules both changed, both are named: nobody can tell them apart afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from riskassess.reports import control_changes
from riskassess.reports.figures import day, ends, listed, points
from riskassess.reports.sources import fact_read, plain_value

Record = Mapping[str, Any]

FACT, EVIDENCE, RULE, METHOD, DAY = "fact", "evidence", "rule", "method", "day"
CONTROL = "control"
NOTHING_FOUND = "The records name no change that moves it."
_LETTER = re.compile(r"\b[A-Z]{1,2}\b")


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that moved a factor: its kind, and what it was before and after, in a sentence."""

    kind: str
    text: str
    facts: tuple[str, ...] = ()
    """The facts behind it, each with its value before and after."""


@dataclass(frozen=True, slots=True)
class Two:
    """The records of two runs, the earlier first, and the facts that differ, in words."""

    old: Record
    new: Record
    facts: Mapping[str, str]

    def differ(self, name: str) -> bool:
        return bool(self.old[name] != self.new[name])


def causes(key: str, two: Two) -> tuple[Cause, ...]:
    """What moved the factor `key`; never empty, so that a reader sees where the records fall short."""
    old, new = (factor_in(record, key) for record in (two.old, two.new))
    if old is None or new is None:
        return (Cause(METHOD, f"{two.old['method']} and {two.new['method']} do not both ask this."),)
    found = [*_method(old, new, two), *_regimes(key, two), *_use(old, new, two), *_evidence(old, new)]
    found += _controls(key, new, two)
    return tuple(found) or (_otherwise(old, new, two),)


def factor_in(record: Record, key: str) -> Record | None:
    return next((one for one in record["factors"] if one["key"] == key), None)


def stated(data: Record | None) -> Any:
    """What a fact says, without who says so."""
    return None if data is None else (data["state"], data.get("value"), data.get("because"))


def fact_words(name: str, old: Record | None, new: Record | None, question: str) -> str:
    """`Is it a device? No → Yes`."""
    before, after = fact_sides(name, old, new)
    asked = question or name.replace("_", " ").capitalize()
    return f"{asked} {before} → {after}"


def fact_sides(name: str, old: Record | None, new: Record | None) -> tuple[str, str]:
    """What a fact said and says; of two lists only the parts that are not in both."""
    values = [one.get("value") if one else None for one in (old, new)]
    if isinstance(values[0], list) and isinstance(values[1], list):
        gone = [part for part in values[0] if part not in values[1]]
        come = [part for part in values[1] if part not in values[0]]
        return _parts(gone, values[0]), _parts(come, values[1])
    before, after = (fact_read(name, one, "").value if one else "not asked" for one in (old, new))
    return before, after


def _parts(differing: list[Any], whole: list[Any]) -> str:
    if not differing:
        return "nothing else" if whole else "none"
    return plain_value(differing)


def _method(old: Record, new: Record, two: Two) -> Iterable[Cause]:
    for name, word in (("weight", "Weight"), ("class", "Class")):
        if old[name] != new[name]:
            yield Cause(
                METHOD, f"{word} {old[name]} → {new[name]}, {two.old['method']} → {two.new['method']}"
            )


def _regimes(key: str, two: Two) -> Iterable[Cause]:
    """The findings of the regimes that set this factor, where they say something else now."""
    for name in {**two.old["regimes"], **two.new["regimes"]}:
        old, new = two.old["regimes"].get(name), two.new["regimes"].get(name)
        if key not in {one["factor"] for one in (old, new) if one}:
            continue
        found = [*_findings(old, new, two)]
        if not found and old and new and old["in_scope"] != new["in_scope"]:
            found = [*_behind(f"{new['title']}: whether it applies", tuple(two.facts.values()), two)]
        yield from found


def _findings(old: Record | None, new: Record | None, two: Two) -> Iterable[Cause]:
    before, after = ({one["id"]: one for one in (regime or {}).get("findings", ())} for regime in (old, new))
    for name in sorted({*before, *after}):
        then, now = before.get(name), after.get(name)
        if _said(then) == _said(now):
            continue
        read = {fact["name"] for one in (then, now) if one for fact in one["facts"]}
        facts = tuple(words for fact, words in two.facts.items() if fact in read)
        yield from _behind(f"{name}: {_in_words(then)} → {_in_words(now)}", facts, two)


def _behind(text: str, facts: tuple[str, ...], two: Two) -> Iterable[Cause]:
    """What made a finding say something else: facts, a new release of the rules, or the day judged on."""
    if facts:
        yield Cause(FACT, text, facts)
    if two.differ("rules_release"):
        also = "; the rules changed as well" if facts else ""
        yield Cause(RULE, f"{text}{also}, {two.old['rules_release']} → {two.new['rules_release']}")
    elif not facts and two.differ("as_of"):
        yield Cause(DAY, f"{text}, {_days(two)}")
    elif not facts:
        # Rules read other rules' findings and the scope of their regime, whose facts are not listed beside them.
        yield Cause(FACT, text, tuple(two.facts.values()))


def _said(finding: Record | None) -> Any:
    return None if finding is None else (finding["outcome"], finding["severity"])


def _in_words(finding: Record | None) -> str:
    if finding is None:
        return "not there"
    severity = finding["severity"]
    return finding["outcome"] if severity is None else f"{finding['outcome']} {ends(severity)}"


def _use(old: Record, new: Record, two: Two) -> Iterable[Cause]:
    """The exposure: it follows from the use's levels and flags, as the factor's own rule says."""
    if old["exposure"] == new["exposure"] or old["rule"] or new["rule"]:
        return
    letters = _LETTER.findall(f"{old['exposure_rule']} {new['exposure_rule']}")
    before, after = ({**one["inputs"]["profile"], **one["flags"]} for one in (two.old, two.new))
    moved = tuple(
        f"{letter} {_level(before.get(letter))} → {_level(after.get(letter))}"
        for letter in dict.fromkeys(letters)
        if before.get(letter) != after.get(letter)
    )
    text = f"Exposure {ends(old['exposure'])} → {ends(new['exposure'])} by {new['exposure_rule']}"
    if moved:
        yield Cause(FACT, text, moved)
    elif old["exposure_rule"] != new["exposure_rule"] or two.differ("method_digest"):
        yield Cause(METHOD, text)


def _level(value: Any) -> str:
    return ends(value) if isinstance(value, list) else str(value)


def _evidence(old: Record, new: Record) -> Iterable[Cause]:
    for text in evidence_changes(old["evidence"], new["evidence"]):
        yield Cause(EVIDENCE, text)
    if old["declined"] != new["declined"]:
        yield Cause(EVIDENCE, "The vendor declined to answer." if new["declined"] else "No longer declined.")


def evidence_changes(old: Iterable[Record], new: Iterable[Record]) -> tuple[str, ...]:
    """Items that came, went, or say something else; the grade belongs to what an item says."""
    before, after = ({one["key"]: one for one in items} for items in (old, new))
    texts = []
    for key in dict.fromkeys((*before, *after)):
        then, now = before.get(key), after.get(key)
        if then is None and now is not None:
            texts.append(f"New: {_item(now)}")
        elif now is None and then is not None:
            texts.append(f"Gone: {_item(then)}")
        elif then and now and _weight(then) != _weight(now):
            texts.append(f"{_item(then)} → {_item(now)}")
    return tuple(texts)


def _weight(item: Record) -> tuple[Any, ...]:
    """What of a piece of evidence can move a level."""
    return item["level"], item["grade"], item["interest"], item["on"], item.get("aged_past_days")


def _item(item: Record) -> str:
    aged = ", aged" if "aged_past_days" in item else ""
    paper = item.get("paper")
    at = f", {paper['name']}{', unsupported' if paper['gone'] else ''}" if paper else ""
    return f"{item['title']} (level {ends(item['level'])}, {item['grade']}{aged}{at})"


def _controls(key: str, new: Record, two: Two) -> Iterable[Cause]:
    """The controls on this factor that are stated otherwise, and what they alone moved."""
    changed = control_changes.causes_of(key, two.old, two.new)
    if changed:
        by = control_changes.moved_by_controls(new, two.old, two.new)
        said = control_changes.in_points(by, two.new["denominator"])
        yield Cause(CONTROL, f"{listed(changed)}: {said}, by itself")


def _otherwise(old: Record, new: Record, two: Two) -> Cause:
    """The same inputs, other points: the method reads them otherwise, or the day made evidence older."""
    level = f"Level {ends(old['level'], points)} → {ends(new['level'], points)}"
    if two.differ("method_digest"):
        return Cause(METHOD, f"{level} of the same evidence, {two.old['method']} → {two.new['method']}")
    if two.differ("as_of"):
        return Cause(DAY, f"{level} of the same evidence, {_days(two)}")
    if two.differ("rules_release"):
        return Cause(RULE, f"{level}, {two.old['rules_release']} → {two.new['rules_release']}")
    return Cause(FACT, NOTHING_FOUND, tuple(two.facts.values()))


def _days(two: Two) -> str:
    return f"judged as of {day(two.old['as_of'])} → {day(two.new['as_of'])}"


def kinds(found: Iterable[Cause]) -> str:
    """`fact and rule`."""
    return listed(tuple(dict.fromkeys(cause.kind for cause in found)))
