"""What people do with documents: attach, describe, download, remove; and the job that keeps files and rows together.

The file is stored first, then the row that points to it; a file without a row is tidied away after a day. A removed
document keeps its row, so that what rested on it can say so. Every verb can be repeated.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.http import FileResponse
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.catalog.models import Vendor
from riskassess.evidence.file_types import FileType, type_of, with_true_ending
from riskassess.evidence.grades import RESTS_ON
from riskassess.evidence.models import Claim, ClaimDocument, Document
from riskassess.jobs.handlers import RunningJob, handles
from riskassess.jobs.models import Job
from riskassess.jobs.services import enqueue
from riskassess.jobs.watching import watches
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.kernel.files import shown_name

log = logging.getLogger(__name__)

TEND = "documents"


@dataclass(frozen=True, slots=True)
class Looked:
    """What somebody's file is: its kind and its hash."""

    kind: FileType
    sha256: str


def attach(
    file: File[bytes],
    name: str,
    *,
    unit: BusinessUnit,
    by: User | None,
    counts_as: str = "vendor_document",
    dated_on: date | None = None,
    expires_on: date | None = None,
    vendor: Vendor | None = None,
    looked: Looked | None = None,
) -> tuple[Document, bool]:
    """Keeps a file as a document of `unit`; (document, whether it is new there).

    `by` is None where a vendor sent it by a link: whoever calls has checked the link. The same bytes are one
    document of a unit: sent again it is found, one that was removed comes back unless a vendor sends it, and what
    was said of it stays as it is, blanks apart. `looked` is what `look_at` gave where it was looked at before.
    InvalidInput for an empty, too large or unknown kind of file; then nothing is kept.
    """
    if by is not None:
        may_attach(unit, by)
    looked = looked or look_at(file, name)
    _check_terms(counts_as, dated_on, expires_on)
    kind, digest = looked.kind, looked.sha256
    known = Document.objects.filter(unit=unit, sha256=digest).first()
    if known is None:
        document = Document(
            unit=unit,
            vendor=vendor,
            name=with_true_ending(shown_name(name), kind),
            kind=kind.key,
            counts_as=counts_as,
            sha256=digest,
            size=file.size,
            dated_on=dated_on,
            expires_on=expires_on,
            uploaded_by=by,
        )
        _store(document, file)
        try:
            with transaction.atomic():
                document.save()
            return document, True
        except IntegrityError:  # the same file, sent twice at the same time: the other one was first
            _drop_file(document.file.storage, document.file.name)
            known = Document.objects.get(unit=unit, sha256=digest)
        except BaseException:
            _drop_file(document.file.storage, document.file.name)
            raise
    return _met_again(known, file, by, dated_on, expires_on, vendor), False


def look_at(file: File[bytes], name: str) -> Looked:
    """What a file is, by its content; no query, so that strangers' files are read before a transaction is open.

    InvalidInput for an empty, too large or unknown kind of file.
    """
    _check_size(file, name)
    return Looked(type_of(file, name), sha256_of(file))


def may_attach(unit: BusinessUnit, by: User) -> None:
    """Raises NotAllowed unless `by` requests or assesses in the unit."""
    if not (by.may(Can.REQUEST, unit) or by.may(Can.ASSESS, unit)):
        raise NotAllowed(
            f"Your roles in {unit} do not let you attach documents.", hint="Ask somebody who assesses there."
        )


def sha256_of(file: File[bytes]) -> str:
    """The SHA-256 of a file's bytes, read in pieces; `file` is at its start again."""
    seen = hashlib.sha256()
    file.seek(0)
    for piece in file.chunks():
        seen.update(piece)
    file.seek(0)
    return seen.hexdigest()


@transaction.atomic
def describe(
    document: Document, *, by: User, counts_as: str, dated_on: date | None, expires_on: date | None
) -> None:
    """Says anew what a document counts as, which day it speaks for, and until when it holds."""
    may_attach(document.unit, by)
    _hold(document)
    _there(document)
    _check_terms(counts_as, dated_on, expires_on)
    document.counts_as, document.dated_on, document.expires_on = counts_as, dated_on, expires_on
    document.save(update_fields=["counts_as", "dated_on", "expires_on", "changed_at"])


@transaction.atomic
def remove(document: Document, because: str, *, by: User) -> None:
    """Takes the file away for a reason. Its row stays: what rested on it is shown as unsupported."""
    if not by.may(Can.ASSESS, document.unit):
        raise NotAllowed(f"Your roles in {document.unit} do not let you remove documents.")
    _hold(document)
    _there(document)
    if not because.strip():
        raise InvalidInput(
            "Say why it is removed.", hint="The reason is shown in its place.", where="because"
        )
    storage, name = document.file.storage, document.file.name
    document.file.name = ""
    document.removed_at, document.removed_by = timezone.now(), by
    document.removed_because = because.strip()[:300]
    document.save(update_fields=["file", "removed_at", "removed_by", "removed_because", "changed_at"])
    # Row first: were the file gone and the row not, a document would be promised that nobody can read.
    transaction.on_commit(lambda: _drop_file(storage, name))


@transaction.atomic
def link_to_claim(
    document: Document, claim: Claim, *, by: User, relation: str = "supports", page: str = "", quote: str = ""
) -> ClaimDocument:
    """Says that a document supports or contradicts a claim, and where in it; said again, the words are renewed.

    A claim of one unit rests on documents of that unit alone: the people of another are not to learn of it.
    """
    may_attach(document.unit, by)
    if claim.unit_id not in {None, document.unit_id}:
        raise InvalidInput(
            "That claim belongs to another unit than the document.",
            hint="Attach the file in the claim's unit, and link it there.",
            where="claim",
        )
    _hold(document)
    _there(document)
    if relation not in ClaimDocument.Relation.values:
        raise InvalidInput("That is no relation.", hint="Use supports or contradicts.", where="relation")
    words = {"relation": relation, "page": page.strip()[:40], "quote": quote.strip(), "linked_by": by}
    link, _ = ClaimDocument.objects.update_or_create(claim=claim, document=document, defaults=words)
    return link


@transaction.atomic
def unlink_from_claim(link: ClaimDocument, *, by: User) -> None:
    """Takes back that a document bears on a claim; the document stays."""
    may_attach(link.document.unit, by)
    link.delete()


def as_download(document: Document) -> FileResponse:
    """The file on its way out, never opened in the page: as an attachment of its true kind, and nothing else.

    Conflict where it is removed or gone; one found gone is marked as missing.
    """
    if document.removed_at is not None:
        raise Conflict(f"{document.name} was removed: {document.removed_because}", hint="Attach it again.")
    try:
        stored = document.file.open("rb")
    except FileNotFoundError as error:
        _mark_missing(document)
        raise Conflict(
            f"The file of {document.name} is no longer there.", hint="Attach it again; its hash will tell."
        ) from error
    response = FileResponse(
        stored, as_attachment=True, filename=document.name, content_type=document.file_type.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


# -- files and rows kept together --------------------------------------------------------------------


@watches(TEND, every=600.0)
def look() -> None:
    """Once a day asks for the job that looks for the files."""
    key = f"{TEND}:{timezone.localdate()}"
    if not Job.objects.filter(idempotency_key=key).exists():
        enqueue(TEND, {}, key=key)


@handles(TEND)
def tend(job: RunningJob) -> dict[str, Any]:
    """Marks rows whose file is gone, and those whose file is back; it can be done again."""
    storage = Document._meta.get_field("file").storage
    missing = back = 0
    for document in Document.objects.filter(removed_at__isnull=True).iterator(chunk_size=500):
        there = storage.exists(document.file.name or "-")
        if there and document.missing_since is not None:
            _mark_found(document)
            back += 1
        elif not there and document.missing_since is None:
            _mark_missing(document)
            missing += 1
    return {"missing": missing, "back": back}


def _store(document: Document, file: File[bytes]) -> None:
    """The bytes under a name of ours; theirs is only shown."""
    document.file.save(f"{uuid.uuid4().hex}.bin", file, save=False)


def _drop_file(storage: Storage, name: str | None) -> None:
    """Deletes a stored file; one that cannot be is left to the job that tidies up."""
    try:
        if name:
            storage.delete(name)
    except OSError:
        log.warning("the file %s could not be deleted; the daily look will", name)


def _mark_missing(document: Document) -> None:
    now = timezone.now()
    Document.objects.filter(pk=document.pk, missing_since__isnull=True).update(
        missing_since=now, changed_at=now
    )


def _mark_found(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(missing_since=None, changed_at=timezone.now())


def _met_again(
    document: Document,
    file: File[bytes],
    by: User | None,
    dated_on: date | None,
    expires_on: date | None,
    vendor: Vendor | None,
) -> Document:
    """A document whose bytes came again: its blanks are filled, and a file that was taken away is back.

    A vendor who sends them does not undo that the unit removed them, nor say whom a colleague's document is of.
    """
    stored = ""
    try:
        with transaction.atomic():
            _hold(document)
            if by is None and document.removed_at is not None:
                return document
            if by is not None or document.uploaded_by_id is None:
                document.vendor = document.vendor or vendor
            document.dated_on = document.dated_on or dated_on
            document.expires_on = document.expires_on or expires_on
            document.uploaded_by = document.uploaded_by or by
            if document.removed_at is not None or not document.file.storage.exists(document.file.name or "-"):
                _store(document, file)
                stored = document.file.name or ""
                document.removed_at = document.removed_by = document.missing_since = None
                document.removed_because = ""
            document.save()
    except BaseException:
        _drop_file(document.file.storage, stored)
        raise
    return document


def _hold(document: Document) -> None:
    """Reads the document anew and keeps others from it until the transaction ends."""
    document.refresh_from_db(from_queryset=Document.objects.select_for_update())


def _there(document: Document) -> None:
    if document.removed_at is not None:
        raise Conflict(f"{document.name} was removed.", hint="Attach it again first.")


def _check_size(file: File[bytes], name: str) -> None:
    if not file.size:
        raise InvalidInput("The file is empty.", hint="Send the file itself.", where=name)
    if file.size > settings.DOCUMENT_MAX_BYTES:
        limit = settings.DOCUMENT_MAX_BYTES / (1024 * 1024)
        raise InvalidInput(
            f"The file is larger than {limit:.0f} MB.",
            hint="Send the part that proves it, or ask an administrator for a higher limit.",
            where=name,
        )


def _check_terms(counts_as: str, dated_on: date | None, expires_on: date | None) -> None:
    if counts_as not in RESTS_ON:
        raise InvalidInput(
            f"“{counts_as}” is nothing that a document counts as.",
            hint=f"Use {', '.join(RESTS_ON)}.",
            where="counts_as",
        )
    if dated_on is not None and dated_on > timezone.localdate():
        raise InvalidInput("A document is not dated in the future.", hint="Check the day.", where="dated_on")
    if dated_on is not None and expires_on is not None and expires_on < dated_on:
        raise InvalidInput("It expires before its own date.", hint="Check both days.", where="expires_on")
