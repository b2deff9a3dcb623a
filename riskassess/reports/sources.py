"""From a run's record: sources, evidence, claims, facts. Every line ends at a page, a file or a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from riskassess.reports.documents import document_ref
from riskassess.reports.figures import day, ends
from riskassess.reports.parts import (
    ClaimLine,
    ClaimSourceLine,
    ConflictLine,
    EvidenceLine,
    FactRead,
    OpenQuestionLine,
    PartyNode,
    SourceRef,
)
from riskassess.rules.vocabulary import FACTS, FactSpec

Record = Mapping[str, Any]

INTERESTS: Mapping[str, str] = {
    "self": "gains from a good rating",
    "adverse": "gains from a bad rating",
    "neutral": "neutral",
}
RELATIONS = {"states": "states it", "supports": "supports it", "contradicts": "contradicts it"}
STATES = {
    "known": "known",
    "unknown": "unknown",
    "declined": "declined to say",
    "not_applicable": "does not apply",
}
BY: Mapping[str, str] = {
    "answer": "answered here",
    "catalog": "catalog",
    "derived": "follows from records",
    "": "nobody",
}
PLAIN = {"ANY": "any country", "EU_EEA": "EU and EEA", "ga": "generally available"}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def source_ref(data: Record | None) -> SourceRef | None:
    """A source as it stands in the record; an address that is no web address is left out."""
    if not data:
        return None
    url = data.get("url") or ""
    return SourceRef(
        title=data["title"],
        publisher=data.get("publisher") or "",
        url=url if url.startswith(("https://", "http://")) else "",
        address=data.get("address") or "",
        as_of=day(data.get("as_of")),
        reliability=data.get("reliability") or "",
        key=data.get("key") or "",
    )


def evidence_line(data: Record) -> EvidenceLine:
    return EvidenceLine(
        key=data["key"],
        kind=data["kind"],
        title=data["title"],
        level=ends(data["level"]),
        level_ends=(data["level"][0], data["level"][1]),
        grade=data["grade"],
        interest=_said(INTERESTS.get(data["interest"])),
        interest_key=data["interest"],
        on=day(data["on"]),
        quote=data["quote"],
        link=data["link"],
        rule=data["rule"],
        source=source_ref(data["source"]),
        aged=_aged(data),
        disputed=data.get("disputed", ""),
        document=document_ref(data["paper"]) if "paper" in data else None,
    )


def _aged(data: Record) -> str:
    """`aged: dated 15 Oct 2025, older than 365 days`, where the evidence counts one tier less for it."""
    past = data.get("aged_past_days")
    if past is None:
        return ""
    expires = (data.get("paper") or {}).get("expires_on")
    if expires and (data["on"] is None or past == (_date(expires) - _date(data["on"])).days):
        return _("aged: it expired on %(day)s") % {"day": day(expires)}
    if data["on"] is None:
        return _("aged: undated, and it counts in full for %(number)s days only") % {"number": past}
    return _("aged: dated %(day)s, older than %(number)s days") % {"day": day(data["on"]), "number": past}


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _said(words: str | None) -> str:
    """One of the fixed words above in the language in use; nothing for none."""
    return _(words) if words else ""


def claim_line(data: Record) -> ClaimLine:
    return ClaimLine(
        key=data["key"],
        title=data["title"],
        statement=data["statement"],
        kind=data["kind"].replace("_", " "),
        substantiation=f"{data['substantiation']} {data['substantiation_words']}",
        verification=data["verification"],
        interest=_said(INTERESTS.get(data["interest"])),
        headline=data["headline"],
        decides=", ".join(sorted(data["decides"])),
        link=data["link"],
        sources=tuple(
            ClaimSourceLine(
                _said(RELATIONS.get(link["relation"], link["relation"])),
                link["quote"],
                source_ref(link["source"]),
            )
            for link in data["sources"]
        ),
    )


def fact_read(name: str, data: Record, question: str) -> FactRead:
    """A fact with its value in words; unknown, declined and not applicable stay three things."""
    state = data["state"]
    value = _in_words(name, data.get("value")) if state == "known" else _(STATES[state])
    if state == "not_applicable" and data.get("because"):
        value = f"{value}: {data['because']}"
    return FactRead(
        name=name,
        question=question or name.replace("_", " ").capitalize(),
        value=value,
        state=state,
        by=_said(BY.get(data.get("by") or "")),
        note=data.get("note", ""),
        disputed=bool(data.get("disputed", False)),
        source=source_ref(data.get("source")),
        documents=tuple(map(document_ref, data.get("papers", ()))),
    )


def _in_words(name: str, value: Any) -> str:
    """A fact's value as its form words it, with the code of a choice behind: `Healthcare professionals (hcp)`."""
    spec = FACTS.get(name)
    if spec is None or not spec.choices or not value:
        return plain_value(value)
    chosen = value if isinstance(value, list) else [value]
    return "; ".join(_choice(spec, one) for one in chosen)


def _choice(spec: FactSpec, code: Any) -> str:
    label = spec.label(code) if isinstance(code, str) else code
    if label == code:
        return plain_value(code)
    return str(label) if code == "none" else f"{label} ({code})"


def plain_value(value: Any) -> str:
    """A fact's value in words: `Yes`, `SE, IE`, `24 Nov 2026`; an empty list is `none`.

    Of several entries with parts, each names the parts that hold: what is denied or unknown of one claim
    among eight would bury what is said.
    """
    if value is None:
        return _("unknown")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "; ".join(plain_value(_holding(part)) for part in value) if value else _("none")
    if isinstance(value, Mapping):
        return ", ".join(f"{key.replace('_', ' ')}: {plain_value(part)}" for key, part in value.items())
    text = str(value)
    if _DATE.fullmatch(text):
        return day(text)
    return _said(PLAIN.get(text)) or text.replace("_", " ")


def _holding(part: Any) -> Any:
    if not isinstance(part, Mapping):
        return part
    return {key: one for key, one in part.items() if one is not None and one is not False} or part


def questions_of(record: Record) -> dict[str, str]:
    """Fact -> its question, as the rules of this run asked it."""
    return {
        fact["name"]: fact["question"]
        for regime in record["regimes"].values()
        for finding in regime["findings"]
        for fact in finding["facts"]
    }


def facts(record: Record) -> tuple[FactRead, ...]:
    """Every fact that went in, by name."""
    asked = questions_of(record)
    return tuple(
        fact_read(name, data, asked.get(name, "")) for name, data in sorted(record["inputs"]["facts"].items())
    )


def chain(record: Record) -> tuple[PartyNode, ...]:
    """Who stands between the buyer and the machine."""
    nodes = [
        PartyNode(
            label=_(party["label"]),
            name=party["name"] or _("Unknown"),
            note=(party["country"] or _("country not recorded")) if party["name"] else _("not recorded"),
            known=bool(party["name"]),
            link=party["link"],
        )
        for party in record["inputs"]["parties"]
    ]
    return tuple(nodes)


PLACES = {
    "inference_countries": ("Processed in", "where the model runs"),
    "at_rest_countries": ("Stored in", "where data is at rest"),
    "access_countries": ("Seen from", "support and abuse review"),
}


def places(record: Record) -> tuple[PartyNode, ...]:
    """The countries that the data meets. One that nobody has named counts as any country."""
    given = record["inputs"]["facts"]
    found = []
    for name, (label, note) in PLACES.items():
        fact = given.get(name, {"state": "unknown"})
        # A list may hold a country that is there and has no name yet; it is then not known where.
        known = fact["state"] == "known" and None not in fact["value"]
        named = [one for one in fact["value"] if one is not None] if fact["state"] == "known" else []
        countries = plain_value(named) if known or named else _("Unknown")
        if named and not known:
            countries = _("%(countries)s, and others not named") % {"countries": countries}
        found.append(
            PartyNode(_(label), countries, _(note) if known else _("counts as any country"), known, "")
        )
    return tuple(found)


def open_questions(record: Record) -> tuple[OpenQuestionLine, ...]:
    return tuple(
        OpenQuestionLine(one["text"], one["decides"], one.get("link", ""))
        for one in record["inputs"]["questions"]
    )


def conflicts(record: Record) -> tuple[ConflictLine, ...]:
    """Values that cannot all hold, each with who says so; the first is the one in use."""
    return tuple(
        ConflictLine(
            conflict["attribute"].replace("_", " "),
            tuple(
                f"{value['raw']} ({', '.join(filter(None, (value['source'], day(value['as_of']))))})"
                for value in conflict["values"]
            ),
        )
        for conflict in record["inputs"]["conflicts"]
    )
