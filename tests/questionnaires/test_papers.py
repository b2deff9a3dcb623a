"""Gita sends a file with her answer: it is kept by its content, counts by what it is, and tells her nothing of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from riskassess.accounts import limits
from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import judge_now
from riskassess.assessments.supporting import support
from riskassess.evidence import documents
from riskassess.evidence.file_types import FileType, type_of
from riskassess.evidence.models import Document
from riskassess.questionnaires import papers
from riskassess.questionnaires.models import Inquiry, VendorAnswer, VendorDocument
from riskassess.questionnaires.reusing import take
from riskassess.questionnaires.reviewing import Verdict, accept_all, review
from riskassess.questionnaires.services import hand_in
from tests.builders import make_assessment
from tests.evidence.papers import PDF, paper
from tests.questionnaires.conftest import make_inquiry, page_of, question_of, says


@pytest.fixture(autouse=True)
def _own_files(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def chosen(client: Client, inquiry: Inquiry, name: str = "terms.pdf", data: bytes = PDF) -> str:
    """What comes back when she chooses a file for the question on training."""
    pk = question_of(inquiry, "DAT-TRN").pk
    sent = {f"q{pk}-file": SimpleUploadedFile(name, data)}
    return client.post(page_of(inquiry, f"{pk}/file/"), sent, headers={"HX-Request": "true"}).content.decode()


def test_a_file_is_kept_as_soon_as_it_is_chosen_and_can_be_taken_back(
    client: Client, inquiry: Inquiry
) -> None:
    assert "terms.pdf" in chosen(client, inquiry)
    document = Document.objects.get()
    assert (document.unit, document.vendor, document.uploaded_by, document.counts_as) == (
        inquiry.unit, inquiry.vendor, None, "vendor_document",
    )  # fmt: skip
    chosen(client, inquiry)
    link = VendorDocument.objects.get()
    assert "terms.pdf" in client.get(page_of(inquiry)).content.decode()
    client.post(page_of(inquiry, "save/"), {"drop": link.pk})
    assert not VendorDocument.objects.exists()
    assert not Document.objects.exists()


def test_without_javascript_it_goes_with_the_answers(client: Client, inquiry: Inquiry) -> None:
    pk = question_of(inquiry, "DAT-TRN").pk
    sent = {f"q{pk}-value": "0", f"q{pk}-file": SimpleUploadedFile("terms.pdf", PDF), "then": "save"}
    assert client.post(page_of(inquiry, "save/"), sent).status_code == 302
    assert VendorDocument.objects.get().question.answer.value == "0"


def test_what_is_no_document_is_refused_and_the_answer_kept(client: Client, inquiry: Inquiry) -> None:
    assert 'role="alert"' in chosen(client, inquiry, "terms.pdf", b"MZ\x90\0 a program")
    pk = question_of(inquiry, "DAT-TRN").pk
    sent = {f"q{pk}-value": "0", f"q{pk}-file": SimpleUploadedFile("x.pdf", b"MZ\x90\0"), "then": "hand_in"}
    assert client.post(page_of(inquiry, "save/"), sent).status_code == 422
    assert VendorAnswer.objects.get().value == "0"
    assert not Document.objects.exists()


def test_the_units_own_name_of_the_same_file_is_not_told(client: Client, inquiry: Inquiry, ana: User) -> None:
    ours, _ = documents.attach(
        paper(), "Leaked terms, to be used against them.pdf", unit=inquiry.unit, by=ana
    )
    html = chosen(client, inquiry, "our-terms.pdf", paper().read())
    assert "our-terms.pdf" in html
    assert "Leaked" not in html + client.get(page_of(inquiry)).content.decode()
    link = VendorDocument.objects.get()
    assert link.document == ours
    papers.take_back(link)
    assert Document.objects.get() == ours, "it was there before, so it stays"


def test_files_have_an_end(client: Client, inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_PAPERS", 1)
    chosen(client, inquiry)
    assert "1 files are with these questions already" in chosen(client, inquiry, "b.pdf", PDF + b"%b\n")
    monkeypatch.setattr(limits, "MOST_FILES", 0)
    assert "Wait ten minutes" in chosen(client, inquiry)


def test_once_handed_in_no_file_comes_or_goes(client: Client, inquiry: Inquiry) -> None:
    chosen(client, inquiry)
    link = VendorDocument.objects.get()
    says(inquiry, "DAT-TRN", "0")
    hand_in(inquiry, at=timezone.now())
    chosen(client, inquiry, "b.pdf", PDF + b"%b\n")
    client.post(page_of(inquiry, "save/"), {"drop": link.pk})
    assert VendorDocument.objects.get() == link


def test_a_file_of_another_inquiry_is_not_hers_to_drop(
    client: Client, inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    other = make_inquiry(assessment, ana)
    chosen(client, other)
    answer = client.post(page_of(inquiry, "save/"), {"drop": VendorDocument.objects.get().pk})
    assert answer.status_code == 404
    assert VendorDocument.objects.exists()


def test_what_was_accepted_rests_on_the_file_here_and_elsewhere(
    client: Client, inquiry: Inquiry, assessment: Assessment, ana: User, as_ana: Client
) -> None:
    chosen(client, inquiry)
    Document.objects.update(dated_on=timezone.localdate())
    says(inquiry, "DAT-TRN", "0")
    hand_in(inquiry, at=timezone.now())
    html = as_ana.get(f"/inquiries/{inquiry.pk}/review/").content.decode()
    assert "terms.pdf" in html
    accept_all(inquiry, by=ana)
    grades = {one.grade for one in judge_now(assessment).evidence["DAT-TRN"]}
    assert grades == {"D4", "C3"}, "the vendor's word, and its document beside it"
    until = VendorAnswer.objects.get().valid_until
    assert until is not None
    assert (until - timezone.localdate()).days == 730, "a vendor's document keeps its tier for two years"
    later = make_assessment(ana, assessment.unit, offering=assessment.offering)
    take(later, ["DAT-TRN"], by=ana, today=timezone.localdate())
    assert later.document_links.get().document == Document.objects.get()


def test_what_the_unit_removed_stays_removed_when_she_sends_it_again(
    client: Client, inquiry: Inquiry, ana: User, as_ana: Client
) -> None:
    chosen(client, inquiry)
    documents.remove(Document.objects.get(), "Not theirs to give.", by=ana)
    assert "terms.pdf" in chosen(client, inquiry), "what is removed here is not hers to know"
    document = Document.objects.get()
    assert (document.removed_by, document.removed_because) == (ana, "Not theirs to give.")
    papers.take_back(VendorDocument.objects.get())
    assert Document.objects.get() == document, "that it was removed stays on record"
    chosen(client, inquiry)
    says(inquiry, "DAT-TRN", "0")
    accept_all(hand_in(inquiry, at=timezone.now()), by=ana)
    assert inquiry.assessment is not None
    assert not inquiry.assessment.document_links.exists()
    html = as_ana.get(f"/inquiries/{inquiry.pk}/review/").content.decode()
    assert "removed here: Not theirs to give." in html


def test_a_file_that_ana_attaches_too_is_hers(client: Client, inquiry: Inquiry, ana: User) -> None:
    chosen(client, inquiry)
    ours, made = documents.attach(SimpleUploadedFile("x.pdf", PDF), "x.pdf", unit=inquiry.unit, by=ana)
    assert (made, ours.uploaded_by) == (False, ana)
    papers.take_back(VendorDocument.objects.get())
    assert Document.objects.get() == ours


def test_whom_our_own_file_is_of_is_not_hers_to_say(client: Client, inquiry: Inquiry, ana: User) -> None:
    documents.attach(SimpleUploadedFile("x.pdf", PDF), "x.pdf", unit=inquiry.unit, by=ana)
    chosen(client, inquiry)
    assert Document.objects.get().vendor is None


def test_a_file_without_an_answer_is_shown_to_who_reviews(
    client: Client, inquiry: Inquiry, as_ana: Client
) -> None:
    chosen(client, inquiry)
    says(inquiry, "", "Ines.")
    hand_in(inquiry, at=timezone.now())
    html = as_ana.get(f"/inquiries/{inquiry.pk}/review/").content.decode()
    assert "Sent without an answer" in html
    assert "terms.pdf" in html


def test_a_page_that_somebody_named_stays(
    client: Client, inquiry: Inquiry, assessment: Assessment, ana: User
) -> None:
    chosen(client, inquiry)
    says(inquiry, "DAT-TRN", "0")
    hand_in(inquiry, at=timezone.now())
    support(assessment, "DAT-TRN", Document.objects.get(), by=ana, page="7")
    accept_all(inquiry, by=ana)
    assert assessment.document_links.get().page == "7"


@pytest.mark.parametrize("page", ["", "7"])
def test_a_withdrawn_answer_takes_its_file_along_unless_somebody_named_a_page(
    client: Client, inquiry: Inquiry, assessment: Assessment, ana: User, page: str
) -> None:
    chosen(client, inquiry)
    says(inquiry, "DAT-TRN", "0")
    accept_all(hand_in(inquiry, at=timezone.now()), by=ana)
    assessment.document_links.update(page=page)
    review(inquiry, {VendorAnswer.objects.get().pk: Verdict("rejected")}, by=ana)
    assert assessment.document_links.exists() is bool(page)


def test_no_transaction_waits_while_a_strangers_file_is_looked_at(
    client: Client, inquiry: Inquiry, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside, found = len(connection.atomic_blocks), []

    def watched(file: File[bytes], name: str) -> FileType:
        found.append(len(connection.atomic_blocks))
        return type_of(file, name)

    monkeypatch.setattr(documents, "type_of", watched)
    chosen(client, inquiry)
    assert found == [outside]
