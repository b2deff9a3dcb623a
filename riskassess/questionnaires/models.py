"""Inquiry, InquiryQuestion, VendorAnswer, InquiryMail, InquiryRequest: what a vendor was asked, and what came back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.querysets import Searchable, read_by
from riskassess.assessments.models import Assessment
from riskassess.catalog.models import Offering, Source, Vendor
from riskassess.evidence.models import Document, OpenQuestion
from riskassess.questionnaires.set_models import QuestionSet, SetQuestion, SetUse
from riskassess.questionnaires.states import WITH_THE_VENDOR, State, state_of
from riskassess.recording import Realm, Recorded, recorded
from riskassess.routes import address

__all__ = [
    "TEXT_LENGTH", "Inquiry", "InquiryMail", "InquiryQuestion", "InquiryRequest", "QuestionSet", "SetQuestion",
    "SetUse", "VendorAnswer", "VendorDocument",
]  # fmt: skip

TEXT_LENGTH = 5_000  # characters that a vendor may type into one answer or note


class InquiryQuerySet(Searchable["Inquiry"]):
    def visible_to(self, user: User) -> Self:
        """The inquiries of the units whose work `user` may read."""
        return self.filter(read_by(user))

    def in_state(self, state: State, now: datetime) -> Self:
        """Those that stand so: in the database what `state_of` says of one."""
        if state is State.CLOSED:
            return self.filter(closed_at__isnull=False)
        left = self.filter(closed_at__isnull=True)
        if state is State.ANSWERED:
            return left.filter(handed_in_at__isnull=False)
        left = left.filter(handed_in_at__isnull=True)
        if state is State.REVOKED:
            return left.filter(revoked_at__isnull=False)
        left = left.filter(revoked_at__isnull=True)
        if state is State.DRAFT:
            return left.filter(sent_at__isnull=True)
        left = left.filter(sent_at__isnull=False)
        if state is State.EXPIRED:
            return left.filter(expires_at__lte=now)
        left = left.filter(expires_at__gt=now)
        return left.filter(first_opened_at__isnull=state is State.SENT)

    def counted(self) -> Self:
        """Each with how many questions it has (`asked`) and how many are answered (`answered`)."""
        return self.annotate(
            asked=models.Count("questions", distinct=True),
            answered=models.Count("questions__answer", distinct=True),
        )


@recorded(Realm.UNIT, unit="unit_id", leave_out=("link_salt", "last_saved_at"), hide=("token_hash",))
class Inquiry(models.Model):
    """A set of questions sent to one contact of a vendor, about an offering, for a business unit.

    Its link is kept as a hash only. How it stands follows from its times: see `state`.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="inquiries")
    offering = models.ForeignKey(
        Offering, null=True, blank=True, on_delete=models.PROTECT, related_name="inquiries",
        help_text="What it asks about; empty where it is about the vendor as a whole.",
    )  # fmt: skip
    assessment = models.ForeignKey(
        Assessment, null=True, blank=True, on_delete=models.PROTECT, related_name="inquiries"
    )
    unit = models.ForeignKey(BusinessUnit, on_delete=models.PROTECT, related_name="inquiries")
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField(
        blank=True, help_text="Empty: the link is passed on by hand, and no mail is sent."
    )
    message = models.TextField(blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="inquiries")
    created_at = models.DateTimeField(auto_now_add=True)
    link_salt = models.CharField(max_length=32, editable=False)
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    first_opened_at = models.DateTimeField(null=True, blank=True)
    last_saved_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When its last answer was reviewed.")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "inquiries"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(token_hash__isnull=False),
                name="inquiry_sent_has_a_link",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="inquiry_revoked_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(handed_in_at__isnull=False),
                name="inquiry_reviewed_once_handed_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vendor}: {self.about}"

    def get_absolute_url(self) -> str:
        return address("questionnaires:inquiry", self.pk)

    @property
    def about(self) -> str:
        """What it asks about, in words: the offering, else the company."""
        return str(self.offering) if self.offering else "the company as a whole"

    @property
    def state(self) -> State:
        """How it stands now. No query."""
        return state_of(
            timezone.now(),
            sent_at=self.sent_at,
            opened_at=self.first_opened_at,
            handed_in_at=self.handed_in_at,
            closed_at=self.closed_at,
            revoked_at=self.revoked_at,
            expires_at=self.expires_at,
        )

    @property
    def is_with_the_vendor(self) -> bool:
        """Whether its link can be answered now."""
        return self.state in WITH_THE_VENDOR


@recorded(Realm.UNIT, about=("inquiry",), unit="inquiry.unit_id")
class InquiryQuestion(models.Model):
    """One question as it was sent, in words that stay; what it answers here is `key`.

    `levels` is for a question that is not the assessment's own but bears on the factor `key`: what the vendor may
    say -> the level, or [low, high], that it means. Empty, and what the vendor says is the answer itself.
    """

    class Kind(models.TextChoices):
        BOOL = "bool", "Yes or no"
        ONE = "one", "One of a list"
        MANY = "many", "Any of a list"
        NUMBER = "number", "A number"
        DATE = "date", "A day"
        TEXT = "text", "In words"
        COUNTRY = "country", "A country"
        COUNTRIES = "countries", "Countries"

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=300, blank=True, help_text="The group it stands in.")
    code = models.CharField(max_length=80, blank=True, help_text="What its questionnaire calls it.")
    key = models.CharField(
        max_length=60, blank=True, help_text="The question of an assessment that it answers."
    )
    text = models.TextField()
    help = models.TextField(blank=True)
    proof = models.CharField(max_length=300, blank=True, help_text="What would show it.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    choices: models.JSONField[Any, Any] = models.JSONField(default=list, blank=True)
    levels: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    open_question = models.ForeignKey(
        OpenQuestion, null=True, blank=True, on_delete=models.SET_NULL, related_name="inquiry_questions"
    )

    objects = Recorded["InquiryQuestion"].as_manager()

    class Meta:
        ordering = ["inquiry", "position"]
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "position"], name="inquiry_position_once"),
            models.CheckConstraint(
                condition=~Q(kind__in=["one", "many"]) | ~Q(choices=[]), name="inquiry_choice_has_choices"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class VendorAnswerQuerySet(Recorded["VendorAnswer"]):
    def visible_to(self, user: User) -> Self:
        """The answers to inquiries of the units whose work `user` may read."""
        return self.filter(read_by(user, "question__inquiry__unit"))

    def to_review(self) -> Self:
        """Handed in, and nobody has said yet whether they count."""
        return self.filter(review="", question__inquiry__handed_in_at__isnull=False)


@recorded(Realm.UNIT, about=("question.inquiry",), unit="question.inquiry.unit_id")
class VendorAnswer(models.Model):
    """What the vendor said to one question, and what the assessor made of it. It counts once it is accepted."""

    class State(models.TextChoices):
        KNOWN = "known", "Answered"
        UNKNOWN = "unknown", "Not known"
        DECLINED = "declined", "Declined to say"

    class CameBy(models.TextChoices):
        LINK = "link", "The link"
        WORKBOOK = "workbook", "A workbook"

    class Review(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        MORE = "more", "Needs more"

    question = models.OneToOneField(InquiryQuestion, on_delete=models.CASCADE, related_name="answer")
    state = models.CharField(max_length=8, choices=State.choices)
    value: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True)
    answered_at = models.DateTimeField()
    came_by = models.CharField(max_length=8, choices=CameBy.choices, default=CameBy.LINK)
    entered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="Who brought it in for the contact; empty where the contact typed it.",
    )  # fmt: skip
    review = models.CharField(max_length=8, choices=Review.choices, blank=True)
    remark = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateField(
        null=True, blank=True, help_text="Until then other assessments may take it."
    )
    source = models.ForeignKey(
        Source, null=True, blank=True, on_delete=models.PROTECT, related_name="vendor_answers",
        help_text="What it is quoted as once it is accepted.",
    )  # fmt: skip

    objects = VendorAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["question__inquiry", "question__position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="known", value__isnull=False) | (~Q(state="known") & Q(value__isnull=True)),
                name="vendor_answer_value_iff_known",
            ),
            models.CheckConstraint(
                condition=Q(review="", reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (~Q(review="") & Q(reviewed_by__isnull=False, reviewed_at__isnull=False)),
                name="vendor_answer_reviewed_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(review="accepted") | Q(source__isnull=False, valid_until__isnull=False),
                name="vendor_answer_accepted_has_a_source",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.question}: {self.value if self.state == self.State.KNOWN else self.get_state_display()}"
        )

    @property
    def version(self) -> str:
        """Another one once it is answered or judged anew: what a form or a program showed, held against what is now."""
        judged = f".{self.reviewed_at:%Y%m%d%H%M%S%f}" if self.reviewed_at else ""
        return f"{self.pk}.{self.answered_at:%Y%m%d%H%M%S%f}{judged}"


@recorded(Realm.UNIT, about=("question.inquiry",), unit="question.inquiry.unit_id")
class VendorDocument(models.Model):
    """A file that the vendor sent with a question, under the name the vendor gave it.

    The document is the unit's, once for the same bytes: it may have another name there, which is not the vendor's
    to read.
    """

    question = models.ForeignKey(InquiryQuestion, on_delete=models.CASCADE, related_name="papers")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="vendor_links")
    name = models.CharField(max_length=255)
    sent_at = models.DateTimeField()

    objects = Recorded["VendorDocument"].as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["question", "document"], name="vendor_document_once")]

    def __str__(self) -> str:
        return self.name


class InquiryMail(models.Model):
    """One mail about an inquiry: kept in the change that needs it, before it goes out."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", "Invitation"
        REMINDER = "reminder", "Reminder"
        RETURNED = "returned", "Given back"
        HANDED_IN = "handed_in", "Answers have come"

    class State(models.TextChoices):
        SENDING = "sending", "On its way"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "Not needed any more"

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    to = models.EmailField()
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.SENDING)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["inquiry", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="inquiry_mail_sent_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.to} ({self.get_state_display().lower()})"


@recorded(Realm.UNIT, about=("inquiry",), unit="inquiry.unit_id")
class InquiryRequest(models.Model):
    """What the vendor is asked for beside the questions, out of the negotiation pack, in the words that were sent.

    `figures` is empty unless somebody ticked that the vendor may read them.
    """

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="requests")
    position = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=200)
    label = models.CharField(max_length=40)
    question = models.TextField()
    answer = models.TextField(blank=True)
    proof = models.TextField(blank=True)
    law = models.TextField(blank=True)
    figures = models.TextField(blank=True)

    objects = Recorded["InquiryRequest"].as_manager()

    class Meta:
        ordering = ["inquiry", "position"]
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "position"], name="inquiry_request_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.answer or self.question}"
