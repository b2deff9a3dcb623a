"""Which documents an answer rests on. A link counts once there is an answer; it can be there before."""

from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.assessments.answers import question_for
from riskassess.assessments.models import AnswerDocument, Assessment
from riskassess.assessments.questions import Kind
from riskassess.assessments.services import editable
from riskassess.evidence.documents import attach
from riskassess.evidence.models import Document
from riskassess.kernel.errors import Conflict, InvalidInput

PROVABLE = {Kind.FACTOR, Kind.FACT}
MOST_AT_HAND = 100


@transaction.atomic
def may_support(assessment: Assessment, key: str, *, by: User) -> None:
    """Raises unless `by` answers here, it is a draft, and the question is one that a document can prove."""
    editable(assessment, by)
    question = question_for(key, assessment)
    if question.kind not in PROVABLE or key.startswith("flag."):
        raise InvalidInput(
            "This question is about our own use.",
            hint="Documents prove what is said of the offering; link a claim's on the claim's own page.",
            where=key,
        )


def attach_behind(
    assessment: Assessment,
    key: str,
    file: File[bytes],
    name: str,
    *,
    by: User,
    page: str = "",
    quote: str = "",
    **terms: Any,
) -> tuple[Document, bool]:
    """Keeps a file as a document of the unit and puts it behind an answer; (document, whether it is new there).

    All that could be refused is looked at first: a file that cannot stand behind the answer is not kept either.
    """
    may_support(assessment, key, by=by)
    offering = assessment.offering
    vendor = offering.seller or offering.model.developer
    document, made = attach(file, name, unit=assessment.unit, by=by, vendor=vendor, **terms)
    support(assessment, key, document, by=by, page=page, quote=quote)
    return document, made


@transaction.atomic
def support(
    assessment: Assessment, key: str, document: Document, *, by: User, page: str = "", quote: str = ""
) -> AnswerDocument:
    """Says that the answer to a question rests on a document of the unit, and where in it; can be said again."""
    may_support(assessment, key, by=by)
    if document.unit_id != assessment.unit_id:
        raise InvalidInput(
            "That document belongs to another unit.", hint="Attach it here as well.", where=key
        )
    if document.removed_at is not None:
        raise Conflict(f"{document.name} was removed.", hint="Attach it again first.")
    words = {"page": page.strip()[:40], "quote": quote.strip(), "linked_by": by}
    link, _ = AnswerDocument.objects.update_or_create(
        assessment=assessment, question=key, document=document, defaults=words
    )
    _moved(assessment)
    return link


def at_hand(assessment: Assessment) -> list[Document]:
    """Documents of the unit that an answer may rest on: of the vendors in the offering, and of nobody in particular.

    One query; the newest of them, as many as a list to choose from can hold.
    """
    offering = assessment.offering
    about = {
        offering.seller_id,
        offering.host_id,
        offering.model_operator_id,
        offering.model.developer_id,
    } - {None}
    ours = Document.objects.there().filter(unit=assessment.unit_id)
    return list(ours.filter(Q(vendor__isnull=True) | Q(vendor__in=about))[:MOST_AT_HAND])


@transaction.atomic
def unsupport(link: AnswerDocument, *, by: User) -> None:
    """Takes back that an answer rests on a document; the document stays."""
    editable(link.assessment, by)
    _moved(link.assessment)
    link.delete()


def _moved(assessment: Assessment) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(updated_at=timezone.now())
