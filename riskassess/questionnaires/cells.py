"""One question's answer as the four cells of a workbook, and back: what is written reads as what was said."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from riskassess.kernel.errors import InvalidInput
from riskassess.questionnaires.entries import YES_NO, Entry, cleaned, read
from riskassess.questionnaires.models import InquiryQuestion, VendorAnswer
from riskassess.sheets.results import Cell, CellError
from riskassess.sheets.workbook import column_letters

Kind = InquiryQuestion.Kind
CANNOT = (("unknown", "We do not know"), ("declined", "We would rather not say"))
DOCUMENT = "Document: "
_DOCUMENT_LINE = re.compile(rf"\n?{DOCUMENT}([^\n]+)\Z")
_LETTERED = re.compile(r"([a-z]{1,2})\)\s*(.*)", re.S | re.I)
_FIRST_DAY = date(1900, 3, 1)  # spreadsheets count days from here on alike
ANSWER_CELL, CANNOT_CELL, NOTE_CELL, DOCUMENT_CELL = range(4)
Value = Cell
"""What a cell holds when it is written, and when it comes back."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one question, from left to right."""

    answer: Value = None
    cannot: Value = None
    note: Value = None
    document: Value = None

    @property
    def texts(self) -> tuple[str, str, str, str]:
        return text_of(self.answer), text_of(self.cannot), text_of(self.note), text_of(self.document)

    @property
    def fingerprint(self) -> str:
        """What tells these cells from others; the same before and after a spreadsheet program kept them."""
        return hashlib.sha256("\x1f".join(self.texts).encode()).hexdigest()[:16]


def text_of(value: Value) -> str:
    """A cell as text: whole numbers without a point, days as 2026-11-24, line ends alike, nothing around it."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n").strip()


def lettered(question: InquiryQuestion) -> list[tuple[str, str]]:
    """The choices with the letters that stand for them in the workbook: `("a", "Yes, all of it")`."""
    return [(column_letters(at).lower(), str(label)) for at, (_, label) in enumerate(question.choices)]


def options(question: InquiryQuestion) -> list[str]:
    """What the answer's drop-down offers; nothing where the answer is typed."""
    if question.kind == Kind.BOOL:
        return [label for _, label in YES_NO]
    return [f"{letter}) {label}" for letter, label in lettered(question)] if question.kind == Kind.ONE else []


def cells_of(question: InquiryQuestion, answer: VendorAnswer | None) -> Cells:
    """The cells that say what was said; all empty where nothing was."""
    if answer is None:
        return Cells()
    note, document = _parted(answer.note)
    if answer.state != VendorAnswer.State.KNOWN:
        return Cells(None, dict(CANNOT)[answer.state], note, document)
    return Cells(_shown(question, answer.value), None, note, document)


def entry_of(question: InquiryQuestion, cells: Cells) -> Entry:
    """The entry that the cells state. Raises InvalidInput, its `where` the index of the cell."""
    answer, cannot, note, document = cells.texts
    try:
        cleaned(note, "")
    except InvalidInput as error:
        raise InvalidInput(error.message, hint=error.hint, where=str(NOTE_CELL)) from error
    told = _joined(note, " ".join(document.split()))
    state = _cannot(cannot)
    if state and answer:
        raise InvalidInput(
            "There is an answer, and that it cannot be answered.",
            hint="Leave one of the two empty.",
            where=str(CANNOT_CELL),
        )
    if told and not answer and not state:
        raise InvalidInput(
            "There is a note or a document, and no answer.",
            hint="Answer, or choose why you cannot.",
            where=str(ANSWER_CELL),
        )
    try:
        return read(question, state or ("known" if answer else ""), _raw(question, answer), told)
    except InvalidInput as error:
        raise InvalidInput(error.message, hint=error.hint, where=str(ANSWER_CELL)) from error


# -- out -----------------------------------------------------------------------------------------------------


def _shown(question: InquiryQuestion, value: Any) -> Value:
    if question.kind == Kind.BOOL:
        return dict(YES_NO)["true" if value else "false"]
    if question.kind == Kind.ONE:
        return options(question)[_places(question)[value]]
    if question.kind == Kind.MANY:
        letters = [letter for letter, _ in lettered(question)]
        return ", ".join(letters[_places(question)[one]] for one in value)
    if question.kind == Kind.COUNTRIES:
        return ", ".join(value)
    if question.kind == Kind.DATE and date.fromisoformat(value) >= _FIRST_DAY:
        return date.fromisoformat(value)
    if isinstance(value, float) and float(f"{value:.15g}") != value:
        return repr(value)  # spreadsheets keep fifteen digits of a number
    return value  # type: ignore[no-any-return]


def _places(question: InquiryQuestion) -> dict[str, int]:
    return {value: at for at, (value, _) in enumerate(question.choices)}


def _parted(note: str) -> tuple[str, str]:
    """A note without the document it names last, and that document."""
    found = _DOCUMENT_LINE.search(note)
    return (note[: found.start()], found[1]) if found else (note, "")


def _joined(note: str, document: str) -> str:
    return "\n".join(part for part in (note, f"{DOCUMENT}{document}" if document else "") if part)


# -- back ----------------------------------------------------------------------------------------------------


def _cannot(text: str) -> str:
    if not text:
        return ""
    for state, label in CANNOT:
        if text.casefold() in {label.casefold(), state}:
            return state
    raise InvalidInput(
        f"“{text[:40]}” is none of the reasons.",
        hint=f"Choose {' or '.join(f'“{label}”' for _, label in CANNOT)}, or leave it empty.",
        where=str(CANNOT_CELL),
    )


def _raw(question: InquiryQuestion, answer: str) -> str | Sequence[str]:
    """The answer's text as `entries.read` takes it."""
    if not answer:
        return ""
    if question.kind == Kind.BOOL:
        return {label.casefold(): value for value, label in YES_NO}.get(answer.casefold(), answer.casefold())
    if question.kind == Kind.ONE:
        return _one(question, answer)
    return _many(question, answer) if question.kind == Kind.MANY else answer


def _one(question: InquiryQuestion, text: str) -> str:
    found = _picked(question, text)
    if found is None:
        raise InvalidInput(
            f"“{text[:60]}” is none of the answers.", hint="Choose one from the list in the cell."
        )
    return found


def _many(question: InquiryQuestion, text: str) -> list[str]:
    """Letters with commas between them, or whole answers, one a line."""
    found = []
    for line in filter(None, map(str.strip, text.split("\n"))):
        whole = _picked(question, line)
        parts = [line] if whole is not None else [part for part in re.split(r"[,;\s]+", line) if part]
        found += [(part, _picked(question, part)) for part in parts]
    if wrong := next((part for part, value in found if value is None), ""):
        raise InvalidInput(
            f"“{wrong[:60]}” is none of the answers.", hint="Give their letters, such as “a, c”."
        )
    return [value for _, value in found if value is not None]


def _picked(question: InquiryQuestion, text: str) -> str | None:
    """The choice that a letter, an answer's words, or both name; None where they name none."""
    by_letter = {
        letter: (value, label)
        for (letter, label), (value, _) in zip(lettered(question), question.choices, strict=True)
    }
    by_words = {text_of(label).casefold(): value for value, label in reversed(question.choices)}
    if text.casefold().strip(") ") in by_letter:
        return str(by_letter[text.casefold().strip(") ")][0])
    if (both := _LETTERED.fullmatch(text)) and both[1].casefold() in by_letter:
        value, label = by_letter[both[1].casefold()]
        if text_of(label).casefold() == both[2].strip().casefold():
            return str(value)
    return by_words.get(text.casefold())
