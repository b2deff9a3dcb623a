"""What stands beside a question as ready lines: documents, remarks and comments in one thread, by time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from riskassess import marks
from riskassess.assessments.models import AnswerDocument, Assessment, Comment, Remark


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody said: a comment, or a remark with which it was returned."""

    pk: int
    is_remark: bool
    by: str
    at: datetime
    text: str
    resolved: str  # by whom and when; empty while open

    @property
    def open(self) -> bool:
        return not self.resolved


@dataclass(frozen=True, slots=True)
class Thread:
    """All that was said on one question, or on the whole where `question` is empty, the first thing first."""

    question: str
    lines: tuple[Said, ...] = ()

    @property
    def anchor(self) -> str:
        return self.question.replace(".", "-") or "all"

    @property
    def count(self) -> str:
        """`3 comments, 1 open`; empty where nothing was said."""
        if not self.lines:
            return ""
        left = sum(one.open for one in self.lines)
        many = f"{len(self.lines)} comment{'s' if len(self.lines) > 1 else ''}"
        return f"{many}, {left} open" if left else f"{many}, all resolved"


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the questions of one assessment, by question."""

    remarks: tuple[Remark, ...] = ()
    threads: Mapping[str, Thread] = field(default_factory=dict)
    documents: Mapping[str, tuple[AnswerDocument, ...]] = field(default_factory=dict)

    def thread(self, question: str) -> Thread:
        return self.threads.get(question, Thread(question))

    @property
    def open_remarks(self) -> list[Remark]:
        return [one for one in self.remarks if one.resolved_at is None]


def beside(assessment: Assessment) -> Beside:
    """All of it. Three queries: remarks, comments, documents."""
    remarks = tuple(assessment.remarks.select_related("made_by", "resolved_by"))
    comments = assessment.comments.select_related("made_by", "resolved_by")
    documents: dict[str, list[AnswerDocument]] = {}
    for link in assessment.document_links.select_related("document", "linked_by"):
        documents.setdefault(link.question, []).append(link)
    return Beside(
        remarks, threads_of([*remarks, *comments]), {key: tuple(found) for key, found in documents.items()}
    )


def thread_of(assessment: Assessment, question: str) -> Thread:
    """The thread of one question. Two queries."""
    about = {"assessment": assessment, "question": question}
    remarks = Remark.objects.filter(**about).select_related("made_by", "resolved_by")
    comments = Comment.objects.filter(**about).select_related("made_by", "resolved_by")
    return threads_of([*remarks, *comments]).get(question, Thread(question))


def threads_of(said: Iterable[Remark | Comment]) -> dict[str, Thread]:
    """Question -> its thread. No query: who said it and who resolved it are read along."""
    found: dict[str, list[Said]] = {}
    for one in said:
        found.setdefault(one.question, []).append(_line(one))
    return {
        question: Thread(question, tuple(sorted(lines, key=lambda line: (line.at, line.pk))))
        for question, lines in found.items()
    }


def _line(one: Remark | Comment) -> Said:
    resolved = ""
    if one.resolved_at is not None:
        resolved = f"resolved by {one.resolved_by}, {marks.day(one.resolved_at.date())}"
    return Said(one.pk, isinstance(one, Remark), str(one.made_by), one.made_at, one.text, resolved)
