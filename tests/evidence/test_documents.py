"""Ana attaches what the vendor sent: told by its content, kept once by its hash, read in her unit only."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.db import DatabaseError
from django.test import Client

from riskassess.accounts.models import BusinessUnit, Membership, User
from riskassess.accounts.roles import Role
from riskassess.evidence import documents
from riskassess.evidence.document import Standing
from riskassess.evidence.file_types import type_of
from riskassess.evidence.models import Claim, ClaimDocument, Document
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from tests.builders import make_claim, make_person, make_vendor
from tests.evidence.papers import EMAIL, JPEG, OFFICE, PDF, PNG, broken, misnamed, office, packed, paper

ODT = "application/vnd.oasis.opendocument.text"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: LazySettings) -> Path:
    """Files of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def fay(procurement: BusinessUnit) -> User:
    """Assesses beside Ana."""
    return make_person("Fay Moreau", (procurement, Role.ASSESSOR))


def kept(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


class TestKind:
    @pytest.mark.parametrize(
        ("data", "name", "kind"),
        [
            (PDF, "report.pdf", "pdf"),
            (PDF, "report.docx", "pdf"),
            (PNG, "screen.png", "png"),
            (JPEG, "photo.jpeg", "jpg"),
            (office("wordprocessingml.document.main+xml"), "terms.docx", "docx"),
            (office("spreadsheetml.sheet.main+xml"), "list.xlsx", "xlsx"),
            (office("presentationml.presentation.main+xml"), "talk.pptx", "pptx"),
            (packed({"mimetype": ODT, "content.xml": "<a/>"}), "terms.odt", "odt"),
            (EMAIL, "answer.eml", "eml"),
            (b"a,b\n1,2\n", "list.csv", "csv"),
            ("Zusage: Löschung nach 30 Tagen".encode("cp1252"), "note.txt", "txt"),
            ("We delete after 30 days".encode("utf-16"), "note.txt", "txt"),
        ],
    )
    def test_it_is_told_by_its_content(self, data: bytes, name: str, kind: str) -> None:
        assert type_of(io.BytesIO(data), name).key == kind

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"MZ\x90\0\x03" + b"\0" * 60, "report.pdf"),
            (b"\x7fELF" + b"\0" * 60, "report.txt"),
            (b"<!DOCTYPE html><script>alert(1)</script>", "report.txt"),
            (b"\xef\xbb\xbf  <svg onload='x'/>", "picture.txt"),
            (b"<?xml version='1.0'?><a/>", "a.csv"),
            (office("wordprocessingml.document.main+xml", **{"word/vbaProject.bin": "x"}), "terms.docx"),
            (
                packed({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}),
                "a.docx",
            ),
            (packed({"run.exe": "x"}), "report.docx"),
            (packed({"mimetype": ODT, "Basic/Standard/Module1.xml": "x"}), "terms.odt"),
            (packed({"mimetype": ODT, "Scripts/python/run.py": "x"}), "terms.odt"),
            (broken("[Content_Types].xml", zipfile.ZIP_DEFLATED), "broken.docx"),
            (broken("[Content_Types].xml", zipfile.ZIP_LZMA), "broken.docx"),
            (broken("mimetype", zipfile.ZIP_DEFLATED), "broken.odt"),
            (misnamed(), "misnamed.docx"),
            (packed({"mimetype": "application/epub+zip"}), "book.odt"),
            (office("wordprocessingml.document.main+xml")[:60], "cut.docx"),
            (b"PK\x03\x04" + b"\0" * 40, "damaged.xlsx"),
            (b"   \n ", "blank.txt"),
        ],
    )
    def test_anything_else_is_refused_whatever_it_is_called(self, data: bytes, name: str) -> None:
        with pytest.raises(InvalidInput, match="not kept") as refusal:
            type_of(io.BytesIO(data), name)
        assert "PDF" in refusal.value.hint
        assert OFFICE not in refusal.value.hint


class TestAttaching:
    def test_the_file_is_kept_by_its_hash_under_a_name_of_ours(
        self, ana: User, procurement: BusinessUnit, store: Path
    ) -> None:
        vendor = make_vendor()
        document, made = documents.attach(
            paper(), "C:\\sent\\soc2.exe", unit=procurement, by=ana, counts_as="audit", vendor=vendor,
            dated_on=date(2026, 3, 1), expires_on=date(2027, 2, 28),
        )  # fmt: skip
        assert made
        assert (document.name, document.kind, document.vendor) == ("soc2.exe.pdf", "pdf", vendor)
        assert document.sha256 == documents.sha256_of(paper())
        assert document.grade == ("B", 3, "neutral")
        [file] = kept(store)
        assert file.read_bytes() == paper().read()
        assert "soc2" not in str(file.relative_to(store))

    def test_the_same_bytes_are_one_document_of_a_unit(
        self, ana: User, cleo: User, procurement: BusinessUnit, research: BusinessUnit, store: Path
    ) -> None:
        first, _ = documents.attach(paper(), "a.pdf", unit=procurement, by=ana, counts_as="audit")
        again, made = documents.attach(paper(), "b.pdf", unit=procurement, by=None, dated_on=date(2026, 1, 2))
        assert (again.pk, made) == (first.pk, False)
        assert (again.name, again.counts_as) == ("a.pdf", "audit"), "what was said of it stays"
        assert again.dated_on == date(2026, 1, 2), "a blank is filled"
        other, made = documents.attach(paper(), "a.pdf", unit=research, by=cleo)
        assert made, "another unit has its own, and learns nothing of ours"
        assert other.pk != first.pk
        assert len(kept(store)) == 2

    def test_what_cannot_be_kept_leaves_nothing_behind(
        self, ana: User, ben: User, cleo: User, procurement: BusinessUnit, store: Path, settings: LazySettings
    ) -> None:
        settings.DOCUMENT_MAX_BYTES = 1000
        for file, says in (
            (ContentFile(b""), "empty"),
            (ContentFile(PDF + b" " * 1000), "larger than"),
            (ContentFile(b"MZ\x90\0"), "not kept"),
        ):
            with pytest.raises(InvalidInput, match=says):
                documents.attach(file, "a.pdf", unit=procurement, by=ana)
        terms = {"dated_on": date(2026, 2, 1), "expires_on": date(2026, 1, 1)}
        with pytest.raises(InvalidInput, match="expires before"):
            documents.attach(paper(), "a.pdf", unit=procurement, by=ana, **terms)  # type: ignore[arg-type]
        with pytest.raises(InvalidInput, match="nothing that a document counts as"):
            documents.attach(paper(), "a.pdf", unit=procurement, by=ana, counts_as="hearsay")
        for stranger in (ben, cleo):
            with pytest.raises(NotAllowed):
                documents.attach(paper(), "a.pdf", unit=procurement, by=stranger)
        assert not kept(store)
        assert not Document.objects.exists()

    def test_a_row_that_cannot_be_written_takes_its_file_with_it(
        self, ana: User, procurement: BusinessUnit, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(self: Document, **options: object) -> None:
            raise DatabaseError("no room")

        monkeypatch.setattr(Document, "save", fails)
        with pytest.raises(DatabaseError):
            documents.attach(paper(), "a.pdf", unit=procurement, by=ana)
        assert not kept(store)


class TestStanding:
    def test_it_expires_after_its_last_day(self, ana: User, procurement: BusinessUnit) -> None:
        document, _ = documents.attach(
            paper(), "a.pdf", unit=procurement, by=ana, expires_on=date(2026, 11, 24)
        )
        assert document.standing(date(2026, 11, 24)) is Standing.THERE
        assert document.standing(date(2026, 11, 25)) is Standing.EXPIRED

    def test_a_removed_one_stays_as_a_line_and_can_come_back(
        self, ana: User, dora: User, procurement: BusinessUnit, store: Path,
        django_capture_on_commit_callbacks: object,
    ) -> None:  # fmt: skip
        document, _ = documents.attach(paper(), "a.pdf", unit=procurement, by=ana)
        with pytest.raises(NotAllowed):
            documents.remove(document, "Not ours.", by=dora)
        with pytest.raises(InvalidInput, match="Say why"):
            documents.remove(document, " ", by=ana)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            documents.remove(document, "Sent under a promise of secrecy.", by=ana)
        document.refresh_from_db()
        assert document.standing(date(2026, 11, 24)) is Standing.REMOVED
        assert not kept(store)
        with pytest.raises(Conflict, match="promise of secrecy"):
            documents.as_download(document)
        again, made = documents.attach(paper(), "a.pdf", unit=procurement, by=ana)
        assert (again.pk, made) == (document.pk, False)
        assert again.standing(date(2026, 11, 24)) is Standing.THERE
        assert len(kept(store)) == 1

    def test_a_file_that_is_gone_is_missing_until_it_is_back(
        self, ana: User, procurement: BusinessUnit, store: Path
    ) -> None:
        document, _ = documents.attach(paper(), "a.pdf", unit=procurement, by=ana)
        [file] = kept(store)
        file.rename(store / "elsewhere")
        with pytest.raises(Conflict, match="no longer there"):
            documents.as_download(document)
        document.refresh_from_db()
        assert document.standing(date(2026, 11, 24)) is Standing.MISSING
        (store / "elsewhere").rename(file)
        documents.look()
        drain()
        document.refresh_from_db()
        assert document.standing(date(2026, 11, 24)) is Standing.THERE


class TestTwoAtOnce:
    def test_who_comes_second_is_told_and_changes_nothing(
        self, ana: User, fay: User, procurement: BusinessUnit, django_capture_on_commit_callbacks: object
    ) -> None:
        """Both opened the page while the document was there; Ana was quicker."""
        document, _ = documents.attach(paper(), "a.pdf", unit=procurement, by=ana)
        seen_by_fay = Document.objects.get(pk=document.pk)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            documents.remove(document, "Not ours.", by=ana)
        with pytest.raises(Conflict, match="was removed"):
            documents.remove(seen_by_fay, "A duplicate.", by=fay)
        stale = Document(pk=document.pk, unit=procurement, name="a.pdf")
        with pytest.raises(Conflict, match="was removed"):
            documents.describe(stale, by=fay, counts_as="audit", dated_on=None, expires_on=None)
        document.refresh_from_db()
        assert (document.removed_by, document.removed_because) == (ana, "Not ours.")
        assert document.counts_as == "vendor_document"


class TestAClaimOfOneUnit:
    @pytest.fixture
    def claim(self, procurement: BusinessUnit) -> Claim:
        """What the vendor answered to procurement's own questionnaire."""
        return make_claim(title="We had a breach in May", kind="disclosure", unit=procurement)

    @pytest.fixture
    def theirs(self, ana: User, research: BusinessUnit) -> Document:
        """A document of the other unit, in which Ana works as well."""
        Membership.objects.create(user=ana, unit=research, role=Role.ASSESSOR.value)
        return documents.attach(paper(), "pentest.pdf", unit=research, by=ana)[0]

    def test_no_document_of_another_unit_is_linked_to_it(
        self, claim: Claim, theirs: Document, ana: User, as_ana: Client, procurement: BusinessUnit
    ) -> None:
        with pytest.raises(InvalidInput, match="another unit"):
            documents.link_to_claim(theirs, claim, by=ana)
        sent = {"file": paper("Ours."), "relation": "supports", "counts_as": "audit"}
        address = f"/claims/{claim.key}/documents/"
        refused = as_ana.post(address, {**sent, "unit": str(theirs.unit_id)})
        assert refused.status_code == 400
        assert Document.objects.count() == 1, "nothing is kept of what was refused"
        sent["file"] = paper("Ours.")
        assert as_ana.post(address, {**sent, "unit": str(procurement.pk)}).status_code == 302
        assert claim.document_links.get().document.unit == procurement

    def test_who_does_not_read_the_claim_does_not_learn_of_it_by_a_document(
        self, claim: Claim, theirs: Document, as_cleo: Client, as_ana: Client
    ) -> None:
        """One linked before that was refused."""
        link = ClaimDocument.objects.create(claim=claim, document=theirs)
        for address in (f"/documents/{theirs.pk}/", f"/api/v1/documents/{theirs.pk}/claims/"):
            assert "pentest" in as_cleo.get(f"/documents/{theirs.pk}/").content.decode()
            told = [client.get(address).content.decode() for client in (as_cleo, as_ana)]
            assert [
                "breach" in text or claim.key in text or f'"claim":{claim.pk}' in text for text in told
            ] == [
                False,
                True,
            ]
        gone = as_cleo.delete(f"/api/v1/documents/{theirs.pk}/claims/{link.pk}/")
        assert gone.status_code == 404


class TestTending:
    def test_it_is_asked_for_once_a_day_however_many_look(
        self, ana: User, procurement: BusinessUnit, store: Path
    ) -> None:
        documents.attach(paper(), "a.pdf", unit=procurement, by=ana)
        documents.look()
        documents.look()
        drain()
        [job] = Job.objects.filter(kind=documents.TEND)
        assert job.result == {"missing": 0, "back": 0}
        assert len(kept(store)) == 1
