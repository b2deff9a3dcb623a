"""What stands beside an answer: the documents that it rests on, and what people say to each other about it."""

from __future__ import annotations

from django.db import models

from riskassess.accounts.models import User
from riskassess.assessments.notes import Note, NoteQuerySet
from riskassess.evidence.models import Document
from riskassess.recording import Realm, Recorded, recorded


@recorded(Realm.UNIT, about=("assessment",), unit="assessment.unit_id")
class AnswerDocument(models.Model):
    """That the answer to a question rests on a document, and where in it.

    It belongs to the question, not to the row of its answer: a document may be there before the answer is, and
    an answer that is taken back and given again still rests on it.
    """

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.CASCADE, related_name="document_links"
    )
    question = models.CharField(max_length=60)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="answer_links")
    page = models.CharField(max_length=40, blank=True, help_text="Where in it: a page, a section, a cell.")
    quote = models.TextField(blank=True)
    linked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    linked_at = models.DateTimeField(auto_now=True)

    objects = Recorded["AnswerDocument"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question", "document"], name="answer_document_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.document}"


class CommentQuerySet(NoteQuerySet["Comment"]):
    """Of a comment as of every note."""


@recorded(Realm.UNIT, about=("assessment",), unit="assessment.unit_id")
class Comment(Note):
    """What somebody says on a question, or on the assessment where `question` is empty. It moves no score.

    Other than a remark, with which an approver returns an assessment, an open one holds nothing up.
    """

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.CASCADE, related_name="comments"
    )

    objects = CommentQuerySet.as_manager()

    class Meta(Note.Meta):
        pass
