"""Taking in a workbook that came back: every answer that changed, by the one way answers come in, or none at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from riskassess.accounts.models import User
from riskassess.kernel.errors import Conflict
from riskassess.kernel.files import shown_name
from riskassess.questionnaires.models import Inquiry, InquiryQuestion, VendorAnswer
from riskassess.questionnaires.services import hand_in, keep, may_ask
from riskassess.questionnaires.workbook import inquiry_workbook
from riskassess.questionnaires.workbook_reading import Problem, opened, read_workbook
from riskassess.sheets.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a workbook: how many answers changed; with a problem, none."""

    changed: int
    unchanged: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A workbook that came back, parsed, and its name."""

    name: str
    book: Workbook


def workbook_of(inquiry: Inquiry) -> bytes:
    """The inquiry as a workbook, with what was said so far. Two queries."""
    return inquiry_workbook(inquiry, _rows(inquiry), list(inquiry.requests.order_by("position")))


def take_workbook(
    inquiry: Inquiry,
    data: bytes,
    file_name: str,
    *,
    at: datetime,
    by: User | None = None,
    complete: bool = False,
) -> Taken:
    """Keeps what the workbook changed, for review like what is typed behind the link; `complete` hands it in as well.

    `by` brings it in for the contact, and has to be somebody who assesses; None where the contact sent it. Raises
    InvalidInput for a file that is not this inquiry's workbook, Conflict where it can no longer be answered.
    """
    upload = read_upload(inquiry, data, file_name, by=by)
    return take_upload(inquiry, upload, at=at, by=by, complete=complete)


def read_upload(inquiry: Inquiry, data: bytes, file_name: str, *, by: User | None = None) -> Upload:
    """The workbook, parsed. It is a stranger's: read before a transaction is open. Raises as `take_workbook` does."""
    if by is not None:
        may_ask(inquiry.unit, by=by)
    _still_open(inquiry)
    name = shown_name(file_name)
    return Upload(name, opened(data, name))


def take_upload(
    inquiry: Inquiry, upload: Upload, *, at: datetime, by: User | None = None, complete: bool = False
) -> Taken:
    """What `take_workbook` does, of a workbook that is parsed already."""
    if by is not None:
        may_ask(inquiry.unit, by=by)
    with transaction.atomic():
        held = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
        _still_open(held)
        read = read_workbook(held, _rows(held), upload.book, upload.name)
        if read.problems:
            return Taken(0, read.unchanged, read.problems)
        for question, entry in read.changes:
            keep(question, entry, at=at, came_by=VendorAnswer.CameBy.WORKBOOK, entered_by=by)
        if complete:
            hand_in(inquiry, at=at)
        return Taken(len(read.changes), read.unchanged)


def _still_open(inquiry: Inquiry) -> None:
    if not inquiry.is_with_the_vendor:
        raise Conflict(
            f"These questions can no longer be answered: {inquiry.state.label.lower()}.",
            hint="Reload the page.",
        )


def _rows(inquiry: Inquiry) -> list[tuple[InquiryQuestion, VendorAnswer | None]]:
    questions = inquiry.questions.select_related("answer").order_by("position")
    return [(one, getattr(one, "answer", None)) for one in questions]
