"""Files that a vendor sends with its answers: kept as documents of the unit, and put behind what was accepted.

A document is graded by what it is, not by who sent it: until the assessor says otherwise it counts as the vendor's
formal document, and as aged while nobody has said which day it speaks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.assessments.supporting import support, unsupport
from riskassess.evidence import documents
from riskassess.evidence.models import Document
from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.files import shown_name
from riskassess.questionnaires.models import InquiryQuestion, VendorAnswer, VendorDocument
from riskassess.questionnaires.services import open_question, with_the_vendor

MOST_PAPERS = 40  # with one inquiry
COUNTS_AS = "vendor_document"


def send_paper(question: InquiryQuestion, file: File[bytes], name: str, *, at: datetime) -> VendorDocument:
    """Keeps a file that the contact sent with a question; the same file twice is one.

    Whoever calls has checked the link. Raises Conflict once it cannot be answered any more, InvalidInput for a file
    that is none of the kinds that are kept, and for one too many. One that the unit has removed stays removed.
    """
    looked = documents.look_at(file, name)
    with transaction.atomic():
        inquiry = with_the_vendor(question.inquiry_id)
        open_question(question)
        if VendorDocument.objects.filter(question__inquiry=inquiry).count() >= MOST_PAPERS:
            raise InvalidInput(
                f"{MOST_PAPERS} files are with these questions already.",
                hint="Name the others in your answers.",
            )
        document, _ = documents.attach(
            file, name, unit=inquiry.unit, by=None, counts_as=COUNTS_AS, vendor=inquiry.vendor, looked=looked
        )
        kept, _ = VendorDocument.objects.get_or_create(
            question=question, document=document, defaults={"name": shown_name(name), "sent_at": at}
        )
        return kept


@transaction.atomic
def take_back(paper: VendorDocument) -> None:
    """The contact takes a file back before it is handed in; it is gone altogether where it is the contact's alone.

    It is not where something else rests on it, where somebody here has attached it too, or has removed it.
    """
    with_the_vendor(paper.question.inquiry_id)
    open_question(paper.question)
    document = Document.objects.select_for_update().get(pk=paper.document_id)
    paper.delete()
    used = document.vendor_links.exists() or document.answer_links.exists() or document.claim_links.exists()
    ours = document.uploaded_by_id is not None or document.removed_at is not None
    if not ours and not used:
        document.delete()  # its file goes with the daily look after the store


def put_behind(assessment: Assessment, answers: Iterable[VendorAnswer], *, by: User) -> None:
    """Lets the assessment's answers rest on the files that came with what was accepted. Two queries, and one a file.

    Where somebody has put one there already, it stays with the page they named.
    """
    asked = {answer.question_id: answer.question.key for answer in answers}
    there = set(assessment.document_links.values_list("question", "document"))
    links = VendorDocument.objects.filter(question__in=asked, document__removed_at__isnull=True)
    for link in links.select_related("document"):
        if (asked[link.question_id], link.document_id) not in there:
            support(assessment, asked[link.question_id], link.document, by=by)


def take_from_behind(
    assessment: Assessment,
    key: str,
    gone: Iterable[VendorAnswer],
    left: Iterable[VendorAnswer],
    *,
    by: User,
) -> None:
    """The answer no longer rests on files that came with `gone` alone; one of which somebody named a page stays."""
    files = VendorDocument.objects.filter(question__in=[one.question_id for one in gone])
    stays = VendorDocument.objects.filter(question__in=[one.question_id for one in left])
    links = assessment.document_links.filter(question=key, document__in=files.values("document"))
    for link in links.filter(page="", quote="").exclude(document__in=stays.values("document")):
        unsupport(link, by=by)
