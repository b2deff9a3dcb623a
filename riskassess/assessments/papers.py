"""Documents -> evidence: what an answer or a claim rests on, graded by the document and not by who typed.

Each document is a piece of evidence of its own at the level of the answer or claim it supports: the method then lets
the best of them govern. One that has expired is aged; one whose file is gone says nothing, and stays in sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from riskassess.assessments.gathered import Evidence, Paper
from riskassess.assessments.models import AnswerDocument, Assessment
from riskassess.evidence.grades import WORD, Grade
from riskassess.evidence.models import Claim, ClaimDocument, Document
from riskassess.kernel.source import Source

UNSUPPORTED: Grade = ("F", 6, "neutral")  # tier 0: it says nothing
Evidences = dict[str, tuple[Evidence, ...]]
Link = AnswerDocument | ClaimDocument


def behind_answers(assessment: Assessment) -> dict[str, list[AnswerDocument]]:
    """Question -> the documents linked to it. One query."""
    found: dict[str, list[AnswerDocument]] = {}
    for link in assessment.document_links.select_related("document").order_by("question", "document__sha256"):
        found.setdefault(link.question, []).append(link)
    return found


def on_claims(claims: Iterable[Claim], unit: int) -> dict[str, list[ClaimDocument]]:
    """Claim's key -> the documents of that unit on it. One query, none without claims."""
    keys = {claim.pk: claim.key for claim in claims}
    if not keys:
        return {}
    links = ClaimDocument.objects.filter(claim__in=keys, document__unit=unit).select_related("document")
    found: dict[str, list[ClaimDocument]] = {}
    for link in links.order_by("document__sha256"):
        found.setdefault(keys[link.claim_id], []).append(link)
    return found


def by_question(links: Mapping[str, Iterable[Link]]) -> dict[str, tuple[Paper, ...]]:
    """The documents of each question, as they stand in a record."""
    return {question: tuple(_paper(link) for link in found) for question, found in links.items()}


def with_papers(
    evidence: Evidences,
    behind: Mapping[str, Iterable[AnswerDocument]],
    claimed: Mapping[str, Iterable[ClaimDocument]],
) -> Evidences:
    """The evidence of each factor, and beside it one piece for each document that it rests on."""
    return {
        factor: tuple(sorted(_resting(factor, items, behind, claimed), key=lambda item: item.key))
        for factor, items in evidence.items()
    }


def _resting(
    factor: str,
    items: Iterable[Evidence],
    behind: Mapping[str, Iterable[AnswerDocument]],
    claimed: Mapping[str, Iterable[ClaimDocument]],
) -> Iterable[Evidence]:
    for item in items:
        links: list[Link] = []
        if item.kind == "answer":
            links = list(behind.get(factor, ()))
        elif item.kind == "claim":
            key = item.key.removeprefix("claim:")
            links = [
                link for link in claimed.get(key, ()) if link.relation == ClaimDocument.Relation.SUPPORTS
            ]
        yield _without_its_grade(item, links) if item.kind == "answer" else item
        for link in links:
            yield _from_document(item, link, factor)


def _without_its_grade(answer: Evidence, links: Iterable[Link]) -> Evidence:
    """An answer said to rest on such a document is worth the word alone: the document itself is counted beside it."""
    if any(
        link.document.grade == (answer.reliability, answer.verification, answer.interest) for link in links
    ):
        return replace(answer, reliability=WORD[0], verification=WORD[1], interest=WORD[2])
    return answer


def _from_document(item: Evidence, link: Link, factor: str) -> Evidence:
    document, paper = link.document, _paper(link)
    reliability, verification, interest = UNSUPPORTED if paper.gone else document.grade
    about = f"document:{factor}" if item.kind == "answer" else item.key
    return Evidence(
        key=f"{about}:{document.sha256[:16]}",
        kind="document",
        title=item.title,
        low=item.low,
        high=item.high,
        reliability=reliability,
        # What was refuted or is disputed does not become less so by one more document for it.
        verification=max(verification, item.verification) if item.verification >= 5 else verification,
        interest=interest,
        on=document.dated_on,
        source=as_source(link),
        quote=link.quote,
        link=document.get_absolute_url(),
        rule="answered in this assessment, from a document" if item.kind == "answer" else item.rule,
        paper=paper,
    )


def as_source(link: Link) -> Source:
    """The document as the engine's source. Its worth is counted by itself, so the source carries no reliability."""
    document = link.document
    return Source(
        title=document.name,
        publisher=document.get_counts_as_display(),
        file=link.page,
        as_of=document.dated_on,
    )


def contradicts(link: ClaimDocument) -> bool:
    """Whether a document contradicts the claim, as long as nobody has removed it for a reason.

    That it has expired, or that its file was lost, unsays nothing: neither may come in the vendor's favour.
    """
    return link.document.removed_at is None and link.relation == ClaimDocument.Relation.CONTRADICTS


def _paper(link: Link) -> Paper:
    document = link.document
    return Paper(
        name=document.name,
        sha256=document.sha256,
        place=link.page,
        expires_on=document.expires_on,
        gone=_gone(document),
        link=document.get_absolute_url(),
    )


def _gone(document: Document) -> str:
    if document.removed_at is not None:
        return f"removed: {document.removed_because}"
    return "its file is missing" if document.missing_since is not None else ""
