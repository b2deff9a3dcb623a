"""What went into two runs of one assessment otherwise, and what the rules made of it. Pure.

Each difference has what it was and what it is, in words; a thing that is in one record only says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from riskassess.assessments.record import recorded_method
from riskassess.reports import control_changes
from riskassess.reports.causes import evidence_changes, fact_sides, fact_words, stated
from riskassess.reports.figures import day, ends, lines_text, listed
from riskassess.reports.sources import fact_read, questions_of

Record = Mapping[str, Any]

PARTS = {
    "use_case": "Use", "description": "Description", "unit": "Unit", "offering": "Offering", "channel": "Channel",
    "model": "Model", "model_version": "Version", "deployment": "Deployment", "zone": "Zone", "stage": "Stage",
    "seller": "Seller",
}  # fmt: skip
CLAIM_PARTS = (
    "title",
    "statement",
    "substantiation",
    "verification",
    "interest",
    "headline",
    "decides",
    "sources",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that went in otherwise: what it was, what it is, and anything beside it."""

    key: str
    name: str
    before: str
    after: str
    note: str = ""


def facts(old: Record, new: Record) -> dict[str, tuple[Difference, str]]:
    """Fact -> how it differs; in words as well where what it says differs, not only who says it."""
    before, after = old["inputs"]["facts"], new["inputs"]["facts"]
    asked = {**questions_of(old), **questions_of(new)}
    found = {}
    for name in sorted({*before, *after}):
        then, now, question = before.get(name), after.get(name), asked.get(name, "")
        if stated(then) != stated(now):
            found[name] = _said(name, then, now, question), fact_words(name, then, now, question)
        elif then and now and (then["source"], then["by"]) != (now["source"], now["by"]):
            found[name] = _other_source(name, then, now, question), ""
    return found


def _said(name: str, then: Record | None, now: Record | None, question: str) -> Difference:
    last = fact_read(name, now, question) if now else None
    who = ", ".join(filter(None, (last.by, last.source.text if last.source else ""))) if last else ""
    return Difference(
        name, question or name.replace("_", " ").capitalize(), *fact_sides(name, then, now), who
    )


def _other_source(name: str, then: Record, now: Record, question: str) -> Difference:
    before, after = (fact_read(name, one, question) for one in (then, now))
    texts = [
        ", ".join(filter(None, (one.by, one.source.text if one.source else ""))) for one in (before, after)
    ]
    return Difference(name, after.question, texts[0], texts[1], f"still {after.value}, from another source")


def evidence(old: Record, new: Record) -> Iterable[Difference]:
    before, after = ({one["key"]: one for one in _factors(record)} for record in (old, new))
    for key in dict.fromkeys((*before, *after)):
        then, now = before.get(key), after.get(key)
        items = [one["evidence"] if one else [] for one in (then, now)]
        name = (now or then or {})["name"]
        yield from (Difference(key, name, "", text) for text in evidence_changes(*items))
        if then and now and then["declined"] != now["declined"]:
            words = {True: "declined", False: "not declined"}
            yield Difference(key, name, words[bool(then["declined"])], words[bool(now["declined"])])


def _factors(record: Record) -> tuple[Record, ...]:
    return (*record["factors"], *record["opportunity_factors"])


def claims(old: Record, new: Record) -> Iterable[Difference]:
    before, after = ({one["key"]: one for one in record["inputs"]["claims"]} for record in (old, new))
    for key in dict.fromkeys((*before, *after)):
        then, now = before.get(key), after.get(key)
        changed = [part for part in CLAIM_PARTS if then and now and then[part] != now[part]]
        if then is None or now is None or changed:
            title = (now or then or {})["title"]
            yield Difference(key, title, _claim(then), _claim(now), listed(changed))


def _claim(claim: Record | None) -> str:
    if claim is None:
        return "not there"
    return f"shown {claim['substantiation']} of 5, verification {claim['verification']}"


def controls(old: Record, new: Record) -> Iterable[Difference]:
    for then, now in control_changes.changed(old, new):
        one = now or then or {}
        yield Difference(one["key"], one["title"], *control_changes.sides(then, now))


def questions(old: Record, new: Record) -> Iterable[Difference]:
    before, after = ({one["text"]: one for one in record["inputs"]["questions"]} for record in (old, new))
    for text in dict.fromkeys((*before, *after)):
        if (text in before) != (text in after):
            one = after.get(text) or before[text]
            was, now = ("open", "closed") if text in before else ("not asked", "open")
            yield Difference(one["decides"], text, was, now)


def records(old: Record, new: Record) -> Iterable[Difference]:
    before, after = old["inputs"], new["inputs"]
    for key, name in PARTS.items():
        texts = [str(side["subject"].get(key) or "unknown").replace("_", " ") for side in (before, after)]
        if texts[0] != texts[1]:
            yield Difference(key, name, *texts)
    roles = [{one["role"]: one for one in side["parties"]} for side in (before, after)]
    for role in dict.fromkeys((*roles[0], *roles[1])):
        names = [_party(side.get(role)) for side in roles]
        if names[0] != names[1]:
            yield Difference(role, role.replace("_", " ").capitalize(), *names)


def _party(party: Record | None) -> str:
    if not party or not party["name"]:
        return "unknown"
    return f"{party['name']} ({party['country'] or 'country unknown'})"


def basis(old: Record, new: Record) -> Iterable[Difference]:
    if old["as_of"] != new["as_of"]:
        yield Difference("as_of", "Judged as of", day(old["as_of"]), day(new["as_of"]))
    if old["rules_release"] != new["rules_release"]:
        yield Difference("rules", "Release of the rules", old["rules_release"], new["rules_release"])
    if (old["method"], old["method_digest"]) != (new["method"], new["method_digest"]):
        texts = [f"{one['method']} ({one['method_digest'][:8]})" for one in (old, new)]
        yield Difference("method", "Method", *texts)
    if old.get("appetite") != new.get("appetite"):
        texts = [lines_text(recorded_method(one)) for one in (old, new)]
        yield Difference("appetite", "Risk appetite: where the lines are", *texts)


def findings(old: Record, new: Record) -> Iterable[Difference]:
    before, after = (
        {(key, one["id"]): one for key, regime in record["regimes"].items() for one in regime["findings"]}
        for record in (old, new)
    )
    for key in dict.fromkeys((*before, *after)):
        then, now = before.get(key), after.get(key)
        texts = [_outcome(one) for one in (then, now)]
        if texts[0] != texts[1]:
            one = now or then or {}
            yield Difference(one["id"], one["sentence"], texts[0], texts[1], one["reason"])


def _outcome(finding: Record | None) -> str:
    if finding is None:
        return "not there"
    severity = finding["severity"]
    return finding["outcome"] if severity is None else f"{finding['outcome']}, severity {ends(severity)}"
