"""The page behind a link as ready rows, and what it sends read back. No query: the view has loaded all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.http import QueryDict

from riskassess.questionnaires.entries import YES_NO, Entry, read, said, version_of
from riskassess.questionnaires.models import TEXT_LENGTH, InquiryQuestion, VendorAnswer, VendorDocument

Kind = InquiryQuestion.Kind
STATE = "state:"  # before a state among the radio buttons whose others are answers
STATES = (("", "Not answered yet"), ("unknown", "We do not know"), ("declined", "We would rather not say"))
ENTRY_LABELS = {
    Kind.NUMBER: "A number",
    Kind.DATE: "A day",
    Kind.TEXT: "In your words",
    Kind.COUNTRY: "A country, by its name or two letters",
    Kind.COUNTRIES: "Countries, parted by commas; ANY for anywhere",
}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood in a question's fields when they were sent, for showing it again where it was refused.

    `was` is the version of what the page showed; None where it did not say.
    """

    values: tuple[str, ...]
    state: str
    note: str
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One question as the page shows it, with what was said and what is wrong with it."""

    question: InquiryQuestion
    choices: tuple[Choice, ...]
    states: tuple[Choice, ...]
    text: str
    note: str
    kept: str
    remark: str
    error: str
    closed: bool
    was: str
    papers: tuple[VendorDocument, ...]

    @property
    def name(self) -> str:
        return f"q{self.question.pk}"

    @property
    def picks(self) -> bool:
        """Whether one of its answers is picked; otherwise they are ticked or typed."""
        return self.question.kind in {Kind.BOOL, Kind.ONE}

    @property
    def ticks(self) -> bool:
        return self.question.kind == Kind.MANY

    @property
    def entry_label(self) -> str:
        return ENTRY_LABELS[Kind(self.question.kind)]

    @property
    def longest(self) -> int:
        return TEXT_LENGTH


def typed_in(question: InquiryQuestion, data: QueryDict) -> Typed:
    """What the fields of one question held. A typed or ticked answer counts before “we do not know”."""
    name = f"q{question.pk}"
    values = data.getlist(f"{name}-value")
    state = data.get(f"{name}-state", "")
    if question.kind in {Kind.BOOL, Kind.ONE}:
        picked = values[-1] if values else STATE
        is_state = picked.startswith(STATE)
        values, state = ([], picked.removeprefix(STATE)) if is_state else ([picked], "known")
    elif any(value.strip() for value in values):
        state = "known"
    return Typed(tuple(values), state, data.get(f"{name}-note", ""), data.get(f"{name}-was"))


def is_there(question: InquiryQuestion, data: QueryDict) -> bool:
    """Whether any field of the question was sent: where none was, nothing is said of it."""
    return any(f"q{question.pk}-{part}" in data for part in ("value", "state", "note"))


def entry_of(question: InquiryQuestion, typed: Typed) -> Entry:
    """The entry that was typed. Raises InvalidInput."""
    return read(question, typed.state, typed.values, typed.note)


def is_same(entry: Entry, answer: VendorAnswer | None, was: str | None = None) -> bool:
    """Whether this is what is kept already, or what was shown, so that saving the page touches only what changed."""
    if was is not None and version_of(entry) == was:
        return True
    if answer is None:
        return not entry.state
    return (entry.state, entry.value, entry.note) == (answer.state, answer.value, answer.note)


def row_of(
    question: InquiryQuestion, answer: VendorAnswer | None, typed: Typed | None = None, error: str = ""
) -> Row:
    """One question's row; `typed` is shown instead of what is kept where it was refused."""
    if typed is not None:
        values, state, note = typed.values, typed.state, typed.note
    else:
        values, note = _values(answer), answer.note if answer else ""
        state = str(answer.state) if answer else ""
    offered = YES_NO if question.kind == Kind.BOOL else question.choices
    picks, known = question.kind in {Kind.BOOL, Kind.ONE}, state == VendorAnswer.State.KNOWN
    return Row(
        question=question,
        choices=tuple(Choice(value, label, value in values) for value, label in offered),
        states=tuple(
            Choice(f"{STATE}{value}", label, state == value)
            if picks
            else Choice(value, label if value else "As entered", state == value or (not value and known))
            for value, label in STATES
        ),
        text=", ".join(values) if question.kind != Kind.TEXT else "\n".join(values),
        note=note,
        kept=said(question, answer),
        remark=answer.remark if answer and not answer.review else "",
        error=error,
        closed=bool(answer and answer.review),
        was=version_of(answer),
        papers=tuple(question.papers.all()),
    )


def _values(answer: VendorAnswer | None) -> tuple[str, ...]:
    if answer is None or answer.state != VendorAnswer.State.KNOWN:
        return ()
    parts = answer.value if isinstance(answer.value, list) else [answer.value]
    return tuple(str(part).lower() if isinstance(part, bool) else str(part) for part in parts)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under one heading."""

    heading: str
    rows: tuple[Row, ...]


def grouped(rows: Iterable[Row]) -> Iterator[Group]:
    """The rows in their order, those of one heading together."""
    for heading, found in groupby(rows, key=lambda row: row.question.heading):
        yield Group(heading, tuple(found))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the vendor is."""

    answered: int
    asked: int

    @property
    def percent(self) -> int:
        return 100 * self.answered // self.asked if self.asked else 0

    @property
    def left(self) -> int:
        return self.asked - self.answered


def progress_of(answers: Mapping[int, VendorAnswer], asked: int) -> Progress:
    return Progress(len(answers), asked)
