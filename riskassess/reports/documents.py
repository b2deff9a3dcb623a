"""From a run's record: the documents that evidence and facts rest on, each once, by its hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from riskassess.reports.figures import day
from riskassess.reports.parts import DocumentLine, DocumentRef

Record = Mapping[str, Any]


def document_ref(data: Record) -> DocumentRef:
    """A document as it stands in the record of a piece of evidence or of a fact."""
    return DocumentRef(
        name=data["name"],
        sha256=data["sha256"],
        place=data["place"],
        holds_until=day(data["expires_on"]) if data["expires_on"] else "",
        gone=data["gone"],
        link=data["link"],
    )


def documents(record: Record) -> tuple[DocumentLine, ...]:
    """Every document of the record by name, with what rests on it: factors and facts by key, and where in it."""
    found: dict[str, tuple[Record, list[str]]] = {}
    for key, paper in _papers(record["inputs"]):
        _, rests = found.setdefault(paper["sha256"], (paper, []))
        text = f"{key} ({paper['place']})" if paper["place"] else key
        if text not in rests:
            rests.append(text)
    ordered = sorted(found.values(), key=lambda one: (one[0]["name"], one[0]["sha256"]))
    return tuple(DocumentLine(document_ref(paper), tuple(rests)) for paper, rests in ordered)


def _papers(inputs: Record) -> Iterable[tuple[str, Record]]:
    for factor, items in inputs["evidence"].items():
        yield from ((factor, item["paper"]) for item in items if "paper" in item)
    for name, fact in inputs["facts"].items():
        yield from ((name, paper) for paper in fact.get("papers", ()))
