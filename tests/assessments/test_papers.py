"""What rests on a document: graded by it, aged when it has expired, unsupported when it is gone, and said so."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import services
from riskassess.assessments.answers import Given
from riskassess.assessments.gathered import Evidence
from riskassess.assessments.models import AnswerDocument, Assessment
from riskassess.assessments.reassessing import reassess
from riskassess.assessments.scoring import judge_now, score, verify_run
from riskassess.assessments.supporting import support, unsupport
from riskassess.assessments.verifying import Verification
from riskassess.evidence import documents
from riskassess.evidence.document import Standing
from riskassess.evidence.models import Document
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.reports.content import report_content
from riskassess.reports.pdf import report_pdf
from riskassess.reports.workbook import report_workbook
from tests.builders import (
    TODAY,
    let_it_stand,
    make_assessment,
    make_claim,
    make_decision,
    make_model,
    make_offering,
    make_vendor,
)
from tests.evidence.papers import paper

KEY = "DAT-TRN"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def draft(ana: User, procurement: BusinessUnit) -> Assessment:
    made = make_assessment(ana, procurement)
    services.answer(made, "profile.D", Given("known", 3), by=ana)
    services.answer(made, KEY, Given("known", 1), by=ana)
    return made


@pytest.fixture
def report(ana: User, procurement: BusinessUnit) -> Document:
    """An audit report of this spring, good for a year."""
    found, _ = documents.attach(
        paper(), "soc2.pdf", unit=procurement, by=ana, counts_as="audit", dated_on=date(2026, 4, 1),
        expires_on=date(2027, 3, 31),
    )  # fmt: skip
    return found


def evidence_of(draft: Assessment, key: str = KEY) -> dict[str, Evidence]:
    return {item.kind: item for item in judge_now(draft).evidence[key]}


def width(draft: Assessment, key: str = KEY) -> int:
    low, high = judge_now(draft).result.factor(key).level
    return high - low


class TestAnAnswer:
    def test_it_gets_the_grade_of_its_document_and_narrows(
        self, draft: Assessment, report: Document, ana: User
    ) -> None:
        word = width(draft)
        support(draft, KEY, report, by=ana, page="p. 12", quote="No training on inputs.")
        found = evidence_of(draft)
        assert (found["answer"].grade, found["document"].grade) == ("D4", "B3")
        assert (found["document"].low, found["document"].on) == (1, date(2026, 4, 1))
        assert found["document"].source is not None
        assert found["document"].source.address == "p. 12"
        assert width(draft) < word

    def test_what_is_said_to_rest_on_it_counts_by_the_document_alone(
        self, draft: Assessment, report: Document, ana: User
    ) -> None:
        given = Given("known", 1, reliability="B", verification=3, interest="neutral")
        services.answer(draft, KEY, given, by=ana)
        support(draft, KEY, report, by=ana)
        assert evidence_of(draft)["answer"].grade == "D4"
        documents.remove(report, "Sent by mistake.", by=ana)
        found = evidence_of(draft)
        assert (found["answer"].grade, found["document"].grade) == ("D4", "F6"), (
            "the grade goes with the file"
        )

    def test_an_expired_one_is_aged_from_the_day_after(
        self, draft: Assessment, report: Document, ana: User
    ) -> None:
        support(draft, KEY, report, by=ana)
        fresh = width(draft)
        documents.describe(report, by=ana, counts_as="audit", dated_on=date(2026, 4, 1), expires_on=TODAY)
        assert width(draft) == fresh, "on its last day it holds"
        documents.describe(
            report, by=ana, counts_as="audit", dated_on=date(2026, 4, 1), expires_on=date(2026, 11, 23)
        )
        assert width(draft) > fresh

    def test_an_undated_contract_ages_only_once_it_has_expired(
        self, draft: Assessment, procurement: BusinessUnit, ana: User
    ) -> None:
        contract, _ = documents.attach(
            paper("clause 7"), "contract.pdf", unit=procurement, by=ana, counts_as="contract"
        )
        support(draft, KEY, contract, by=ana)
        holds = width(draft)
        documents.describe(
            contract, by=ana, counts_as="contract", dated_on=None, expires_on=date(2026, 11, 23)
        )
        assert width(draft) > holds

    def test_a_missing_file_supports_nothing_and_stays_in_sight(
        self, draft: Assessment, report: Document, ana: User, as_ana: Client
    ) -> None:
        word = width(draft)
        support(draft, KEY, report, by=ana)
        documents.remove(report, "The vendor asked for it back.", by=ana)
        assert width(draft) == word
        paper_of = evidence_of(draft)["document"].paper
        assert paper_of is not None
        assert "asked for it back" in paper_of.gone
        page = as_ana.get(f"/assessments/{draft.pk}/answers/?section=data").content.decode()
        assert "unsupported: it was removed (The vendor asked for it back.)" in page

    def test_a_run_recomputes_from_its_record_after_the_file_is_gone(
        self, draft: Assessment, report: Document, ana: User
    ) -> None:
        support(draft, KEY, report, by=ana, page="p. 12")
        services.answer(draft, "gpai", Given("known", True), by=ana)
        support(draft, "gpai", report, by=ana)
        run = score(draft)
        documents.remove(report, "Old.", by=ana)
        assert verify_run(run) == Verification(same=True)
        kept = json.loads(run.record)["inputs"]
        [found] = [item["paper"] for item in kept["evidence"][KEY] if "paper" in item]
        assert (found["name"], found["sha256"], found["place"]) == ("soc2.pdf", report.sha256, "p. 12")
        assert kept["facts"]["gpai"]["papers"][0]["sha256"] == report.sha256
        assert score(draft).pk != run.pk, "what rests on it is another input now"

    def test_it_outlives_the_answer_and_goes_into_a_reassessment(
        self, draft: Assessment, report: Document, ana: User, ben: User
    ) -> None:
        support(draft, KEY, report, by=ana)
        services.answer(draft, KEY, Given(), by=ana)
        assert KEY not in judge_now(draft).evidence, "no answer, nothing to support"
        services.answer(draft, KEY, Given("known", 2), by=ana)
        assert evidence_of(draft)["document"].low == 2
        let_it_stand(make_decision(score(draft), ben))
        again = reassess(draft, by=ana, on=TODAY)
        assert [str(link) for link in again.document_links.all()] == [f"{KEY}: soc2.pdf"]

    def test_who_may_not(
        self, draft: Assessment, report: Document, ana: User, ben: User, cleo: User, research: BusinessUnit
    ) -> None:
        for stranger in (ben, cleo):
            with pytest.raises(NotAllowed):
                support(draft, KEY, report, by=stranger)
        theirs, _ = documents.attach(paper("theirs"), "x.pdf", unit=research, by=cleo)
        with pytest.raises(InvalidInput, match="another unit"):
            support(draft, KEY, theirs, by=ana)
        with pytest.raises(InvalidInput, match="our own use"):
            support(draft, "profile.D", report, by=ana)
        link = support(draft, KEY, report, by=ana)
        services.submit(draft, by=ana)
        with pytest.raises(Conflict, match="Only a draft"):
            unsupport(link, by=ana)
        assert AnswerDocument.objects.get() == link


class TestAClaim:
    @pytest.fixture
    def claimed(self, ana: User, procurement: BusinessUnit) -> Assessment:
        vendor = make_vendor("Northwind")
        make_claim(vendor, "No training", decides={KEY: 0}, verification=4)
        made = make_assessment(ana, procurement, offering=make_offering(make_model(developer=vendor)))
        services.answer(made, "profile.D", Given("known", 3), by=ana)
        return made

    def test_a_document_that_supports_it_counts_in_the_units_assessments_only(
        self, claimed: Assessment, report: Document, ana: User, cleo: User, research: BusinessUnit
    ) -> None:
        before = width(claimed)
        claim = claimed.offering.model.developer.claims.get()  # type: ignore[union-attr]
        documents.link_to_claim(report, claim, by=ana, page="p. 3")
        assert width(claimed) < before
        assert evidence_of(claimed)["document"].grade == "B3"
        theirs = make_assessment(cleo, research, offering=claimed.offering)
        services.answer(theirs, "profile.D", Given("known", 3), by=cleo)
        assert width(theirs) == before

    def test_one_that_contradicts_it_makes_it_disputed(
        self, claimed: Assessment, report: Document, ana: User
    ) -> None:
        before = width(claimed)
        claim = claimed.offering.model.developer.claims.get()  # type: ignore[union-attr]
        link = documents.link_to_claim(report, claim, by=ana, relation="contradicts")
        assert evidence_of(claimed)["claim"].verification == 5
        assert width(claimed) >= before
        documents.unlink_from_claim(link, by=ana)
        assert evidence_of(claimed)["claim"].verification == 4

    def test_that_it_expired_or_was_lost_unsays_nothing_and_only_a_removal_does(
        self, claimed: Assessment, report: Document, ana: User
    ) -> None:
        """Expiry is no news in the vendor's favour."""
        claim = claimed.offering.model.developer.claims.get()  # type: ignore[union-attr]
        documents.link_to_claim(report, claim, by=ana, relation="contradicts")
        disputed = width(claimed)
        terms = {"counts_as": "audit", "dated_on": date(2025, 4, 1), "expires_on": date(2026, 3, 31)}
        documents.describe(report, by=ana, **terms)  # type: ignore[arg-type]
        assert report.standing(claimed.as_of) is Standing.EXPIRED
        assert (evidence_of(claimed)["claim"].verification, width(claimed)) == (5, disputed)
        Document.objects.update(missing_since=timezone.now())
        assert (evidence_of(claimed)["claim"].verification, width(claimed)) == (5, disputed)
        documents.remove(report, "It was another vendor's.", by=ana)
        assert evidence_of(claimed)["claim"].verification == 4


class TestTheForm:
    def test_ana_attaches_one_at_its_question(self, as_ana: Client, draft: Assessment) -> None:
        sent = {"file": paper(), "counts_as": "audit", "dated_on": "2026-04-01", "page": "p. 12"}
        sent["file"].name = "soc2.pdf"  # type: ignore[attr-defined]
        page = as_ana.post(f"/assessments/{draft.pk}/answers/{KEY}/documents/", sent, follow=True)
        assert "soc2.pdf is attached." in page.content.decode()
        link = draft.document_links.get()
        assert (link.question, link.page, link.document.counts_as) == (KEY, "p. 12", "audit")
        row = as_ana.get(f"/assessments/{draft.pk}/answers/?section=data").content.decode()
        assert "counts in full until 1 Apr 2027" in row
        as_ana.post(f"/assessments/{draft.pk}/documents/{link.pk}/drop/")
        assert not draft.document_links.exists()
        have = {"document": str(link.document.pk)}
        page = as_ana.post(f"/assessments/{draft.pk}/answers/{KEY}/documents/", have, follow=True)
        assert "the answer rests on it now" in page.content.decode()

    def test_what_is_no_document_is_refused_with_the_reason(self, as_ana: Client, draft: Assessment) -> None:
        harm = paper()
        harm.file.write(b"")  # type: ignore[union-attr]
        sent = {"file": type(harm)(b"MZ\x90\0\x03", name="soc2.pdf"), "counts_as": "audit"}
        page = as_ana.post(f"/assessments/{draft.pk}/answers/{KEY}/documents/", sent, follow=True)
        assert "This kind of file is not kept." in page.content.decode()
        assert not Document.objects.exists()

    def test_a_file_that_cannot_stand_behind_the_answer_is_not_kept_either(
        self, as_ana: Client, draft: Assessment, ana: User
    ) -> None:
        def sent(key: str) -> str:
            given = {"file": SimpleUploadedFile("soc2.pdf", paper().read()), "counts_as": "audit"}
            address = f"/assessments/{draft.pk}/answers/{key}/documents/"
            return as_ana.post(address, given, follow=True).content.decode()

        assert "This question is about our own use." in sent("profile.D")
        services.submit(draft, by=ana)
        assert "Only a draft can be changed." in sent(KEY)
        assert not Document.objects.exists()

    def test_an_outsider_reaches_neither_file_nor_line(
        self, as_cleo: Client, as_dora: Client, as_ana: Client, draft: Assessment, report: Document
    ) -> None:
        for address in (f"/documents/{report.pk}/", f"/documents/{report.pk}/download/"):
            assert as_cleo.get(address).status_code == 404
            assert as_dora.get(address).status_code == 200
        assert "soc2.pdf" not in as_cleo.get("/documents/").content.decode()
        assert "soc2.pdf" in as_ana.get("/documents/").content.decode()
        sent = {"document": str(report.pk)}
        assert as_cleo.post(f"/assessments/{draft.pk}/answers/{KEY}/documents/", sent).status_code == 404

    def test_it_is_saved_never_shown(self, as_ana: Client, report: Document) -> None:
        answer = as_ana.get(f"/documents/{report.pk}/download/")
        assert answer["Content-Disposition"] == 'attachment; filename="soc2.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Type"] == "application/pdf"
        assert b"".join(answer.streaming_content) == paper().read()  # type: ignore[attr-defined]


class TestReports:
    def test_page_pdf_and_workbook_name_it_with_its_hash(
        self, draft: Assessment, report: Document, ana: User, as_ana: Client
    ) -> None:
        support(draft, KEY, report, by=ana, page="p. 12", quote="No training on inputs.")
        services.answer(draft, "gpai", Given("known", True), by=ana)
        support(draft, "gpai", report, by=ana)
        run = score(draft)
        content = report_content(run)
        [line] = content.documents
        assert (line.document.sha256, line.rests) == (report.sha256, (f"{KEY} (p. 12)", "gpai"))
        page = as_ana.get(f"/assessments/{draft.pk}/decision/").content.decode()
        assert page.count(report.sha256) >= 2
        assert "holds until 31 Mar 2027" in page
        text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(report_pdf(content))).pages)
        assert "soc2.pdf" in text
        assert report.sha256 in "".join(text.split())
        book = load_workbook(io.BytesIO(report_workbook(content)))
        cells = [str(cell) for row in book["Evidence"].iter_rows(values_only=True) for cell in row]
        assert report.sha256 in cells
        facts = [str(cell) for row in book["Catalog facts"].iter_rows(values_only=True) for cell in row]
        assert any(report.sha256 in cell for cell in facts)

    def test_a_removed_or_expired_one_is_said_to_be_so(
        self, draft: Assessment, report: Document, ana: User, as_ana: Client
    ) -> None:
        support(draft, KEY, report, by=ana)
        documents.describe(
            report, by=ana, counts_as="audit", dated_on=date(2026, 4, 1), expires_on=date(2026, 11, 1)
        )
        [found] = [
            one for line in report_content(score(draft)).factors for one in line.evidence if one.document
        ]
        assert found.aged == "aged: it expired on 1 Nov 2026"
        documents.remove(report, "Sent by mistake.", by=ana)
        content = report_content(score(draft))
        assert content.documents[0].document.standing == "unsupported: removed: Sent by mistake."
        page = as_ana.get(f"/assessments/{draft.pk}/decision/").content.decode()
        assert "unsupported" in page
