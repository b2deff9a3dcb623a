"""What a workbook says of itself, so that it comes back to its own inquiry: signed, and never believed unsigned.

It names the inquiry, each question by a fingerprint of its words, and what stood in its cells when the workbook was
made: so a cell that nobody touched changes nothing, whatever was typed behind the link in the meantime.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core import signing

from riskassess.kernel.errors import InvalidInput
from riskassess.questionnaires.cells import Cells
from riskassess.questionnaires.models import Inquiry, InquiryQuestion

SALT = "riskassess.questionnaires.workbook"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The inquiry's id; position of each question -> its fingerprint, and that of its cells."""

    inquiry: int
    questions: Mapping[int, tuple[str, str]]


def stamp_of(inquiry: Inquiry, rows: Iterable[tuple[InquiryQuestion, Cells]]) -> str:
    """The stamp as one cell's text."""
    told = {str(one.position): [fingerprint(one), cells.fingerprint] for one, cells in rows}
    return signing.dumps({"inquiry": inquiry.pk, "questions": told}, salt=SALT, compress=True)


def read_stamp(text: str) -> Stamp:
    """The stamp. Raises InvalidInput where it is not one of ours, or was altered."""
    try:
        told = signing.loads(text, salt=SALT)
        return Stamp(
            int(told["inquiry"]),
            {int(position): (str(one[0]), str(one[1])) for position, one in told["questions"].items()},
        )
    except (signing.BadSignature, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise InvalidInput(
            "The workbook's stamp was altered, so nothing in it can be trusted.",
            hint="Download the workbook again and copy your answers into it.",
        ) from error


def fingerprint(question: InquiryQuestion) -> str:
    """What tells a question from another, or from itself in other words."""
    said = [question.text, question.kind, *(f"{value}={label}" for value, label in question.choices)]
    return hashlib.sha256("\x1f".join(said).encode(errors="surrogatepass")).hexdigest()[:16]
