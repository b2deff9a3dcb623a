"""Gita sends a file with her answer: it is kept by its content, counts by what it is, and tells her nothing of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import judge_now
from riskassess.evidence import documents
from riskassess.evidence.models import Document
from riskassess.questionnaires import limits, papers
from riskassess.questionnaires.models import Inquiry, VendorAnswer, VendorDocument
from riskassess.questionnaires.reusing import take
from riskassess.questionnaires.reviewing import accept_all
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
