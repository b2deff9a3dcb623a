"""Inquiries over the API: the same services as the pages. What the contact does has no API: it has the link."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import VisibleId, valid
from riskassess.accounts.people import person
from riskassess.assessments.models import Assessment
from riskassess.catalog.models import Vendor
from riskassess.kernel.errors import InvalidInput
from riskassess.questionnaires import services
from riskassess.questionnaires.asked import NewQuestion, question_for_key
from riskassess.questionnaires.composing import of_route_of
from riskassess.questionnaires.entries import said
from riskassess.questionnaires.links import link_of
from riskassess.questionnaires.models import (
    TEXT_LENGTH,
    Inquiry,
    InquiryQuestion,
    QuestionSet,
    VendorAnswer,
)
from riskassess.questionnaires.reviewing import Verdict, review
from riskassess.questionnaires.services import DAYS, MESSAGE_LENGTH, MOST_DAYS, Contact
from riskassess.questionnaires.set_services import new_questions
from riskassess.questionnaires.states import State
from riskassess.questionnaires.workbook_api import WorkbookActions
from riskassess.reports.asking import who_knows

STATES = [(state.value, state.label) for state in State]
WHOLE: dict[str, Any] = {"pagination_class": None, "filter_backends": []}


class VendorAnswerSerializer(serializers.ModelSerializer[VendorAnswer]):
    class Meta:
        model = VendorAnswer
        fields = [
            "id", "state", "value", "note", "answered_at", "came_by", "entered_by", "review", "remark", "reviewed_by",
            "reviewed_at", "valid_until", "source", "version",
        ]  # fmt: skip
        read_only_fields = fields


class InquiryQuestionSerializer(serializers.ModelSerializer[InquiryQuestion]):
    answer: Any = VendorAnswerSerializer(read_only=True, allow_null=True, default=None)
    says = serializers.SerializerMethodField(help_text="The answer in words.")

    class Meta:
        model = InquiryQuestion
        fields = [
            "id", "position", "heading", "code", "key", "text", "help", "proof", "kind", "choices", "levels", "says",
            "answer",
        ]  # fmt: skip
        read_only_fields = fields

    def get_says(self, question: InquiryQuestion) -> str:
        return said(question, getattr(question, "answer", None))


class InquirySerializer(serializers.ModelSerializer[Inquiry]):
    state = serializers.SerializerMethodField()

    class Meta:
        model = Inquiry
        fields = [
            "id", "vendor", "offering", "assessment", "unit", "contact_name", "contact_email", "message", "state",
            "expires_at", "created_by", "created_at", "sent_at", "first_opened_at", "last_saved_at", "handed_in_at",
            "closed_at", "revoked_at", "revoked_by",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, inquiry: Inquiry) -> str:
        return inquiry.state.value


class LinkSerializer(InquirySerializer):
    """An inquiry as it was just sent: with its link, which is shown to those who may ask only."""

    link = serializers.SerializerMethodField()

    class Meta(InquirySerializer.Meta):
        fields = [*InquirySerializer.Meta.fields, "link"]
        read_only_fields = fields

    def get_link(self, inquiry: Inquiry) -> str:
        return link_of(inquiry) if inquiry.token_hash else ""


class InquiryInput(serializers.Serializer[Any]):
    """Whom to ask about an assessment. Without `keys` and `own` it asks the shortest route of the current run."""

    assessment: Any = VisibleId(queryset=Assessment.objects.select_related("unit", "offering__model"))
    vendor: Any = VisibleId(
        queryset=Vendor.objects.all(), required=False, allow_null=True, default=None,
        help_text="Whom to ask; without it who sells the offering, or made it.",
    )  # fmt: skip
    contact_name = serializers.CharField(max_length=200)
    contact_email = serializers.EmailField(required=False, allow_blank=True, default="")
    message = serializers.CharField(required=False, allow_blank=True, default="", max_length=MESSAGE_LENGTH)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, required=False, default=DAYS)
    keys = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        default=list,
        help_text="Keys of the assessment's questions that a vendor can answer.",
    )
    own = serializers.ListField(
        child=serializers.CharField(max_length=1000),
        required=False,
        default=list,
        help_text="Questions in your own words.",
    )
    question_set: Any = VisibleId(
        queryset=QuestionSet.objects.all(), required=False, allow_null=True, default=None,
        help_text="A standard questionnaire, all of whose questions are asked.",
    )  # fmt: skip
    send = serializers.BooleanField(required=False, default=True, help_text="False: keep it as a draft.")


class VerdictInput(serializers.Serializer[Any]):
    """What becomes of one answer; one that needs more says what in `remark`."""

    answer = serializers.IntegerField(help_text="The answer's id.")
    review = serializers.ChoiceField(choices=VendorAnswer.Review.choices)
    remark = serializers.CharField(required=False, allow_blank=True, default="", max_length=TEXT_LENGTH)
    seen = serializers.CharField(
        required=False, allow_null=True, default=None,
        help_text="The answer's `version` that was looked at: 409 where it is another one by now.",
    )  # fmt: skip


class ReviewInput(serializers.Serializer[Any]):
    """Verdicts on answers; all are kept or none."""

    verdicts: Any = VerdictInput(many=True)


class ReviewedSerializer(serializers.Serializer[Any]):
    """How many answers were judged anew, and the questions of assessments that were set and taken back by it."""

    judged = serializers.IntegerField()
    taken = serializers.ListField(child=serializers.CharField())
    taken_back = serializers.ListField(child=serializers.CharField())


class ExtendInput(serializers.Serializer[Any]):
    """How many days the link is to live, from today."""

    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS)


class InquiryViewSet(WorkbookActions):
    """What vendors were asked by the person's units."""

    queryset = Inquiry.objects.select_related("unit", "created_by", "vendor", "offering")
    serializer_class = InquirySerializer
    filterset_fields = {
        "vendor": ["exact"], "offering": ["exact"], "assessment": ["exact"], "unit": ["exact"],
        "handed_in_at": ["isnull"], "closed_at": ["isnull"],
    }  # fmt: skip
    ordering_fields = ["created_at", "expires_at", "handed_in_at"]

    @extend_schema(request=InquiryInput, responses={201: LinkSerializer})
    def create(self, request: Request) -> Response:
        """Ask a vendor about an assessment: the link is made, and a mail with it is on its way."""
        given = valid(InquiryInput, request)
        assessment, user = given["assessment"], person(request)
        services.may_ask(assessment.unit, by=user)
        questions = [question_for_key(key) for key in dict.fromkeys(given["keys"])]
        questions += [NewQuestion(text=text) for text in given["own"]]
        found = given["question_set"]
        questions += new_questions(found) if found else []
        vendor = given["vendor"] or who_knows(assessment.offering)
        if vendor is None:
            raise InvalidInput(
                "Nobody is on record who could be asked.", hint="Name a vendor.", where="vendor"
            )
        inquiry = services.draft(
            vendor,
            assessment.unit,
            questions or of_route_of(assessment),
            by=user,
            contact=Contact(given["contact_name"], given["contact_email"]),
            offering=assessment.offering,
            assessment=assessment,
            message=given["message"],
            days=given["days"],
            sets=[found] if found else [],
        )
        if given["send"]:
            services.send(inquiry, by=user)
        return Response(LinkSerializer(inquiry).data, status=201)

    @extend_schema(responses=InquiryQuestionSerializer(many=True))
    @action(detail=True, **WHOLE)
    def questions(self, request: Request, pk: str) -> Response:
        """What was asked, and what was said."""
        found = self.get_object().questions.select_related("answer").order_by("position")
        return Response(InquiryQuestionSerializer(found, many=True).data)

    @extend_schema(request=None, responses=LinkSerializer)
    @action(detail=True, methods=["post"], **WHOLE)
    def send(self, request: Request, pk: str) -> Response:
        """Send a draft."""
        return Response(LinkSerializer(services.send(self.get_object(), by=person(request))).data)

    @extend_schema(request=None, responses=InquirySerializer)
    @action(detail=True, methods=["post"], **WHOLE)
    def revoke(self, request: Request, pk: str) -> Response:
        """Close the link for good."""
        return Response(InquirySerializer(services.revoke(self.get_object(), by=person(request))).data)

    @extend_schema(request=ExtendInput, responses=InquirySerializer)
    @action(detail=True, methods=["post"], **WHOLE)
    def extend(self, request: Request, pk: str) -> Response:
        """Let the link live longer, an expired one among them."""
        inquiry, days = self.get_object(), valid(ExtendInput, request)["days"]
        return Response(InquirySerializer(services.extend(inquiry, days, by=person(request))).data)

    @extend_schema(request=None, responses=InquirySerializer)
    @action(detail=True, methods=["post"], **WHOLE)
    def remind(self, request: Request, pk: str) -> Response:
        """Write to the contact again."""
        inquiry = self.get_object()
        services.remind(inquiry, by=person(request))
        return Response(InquirySerializer(inquiry).data)

    @extend_schema(request=ReviewInput, responses=ReviewedSerializer)
    @action(detail=True, methods=["post"], **WHOLE)
    def review(self, request: Request, pk: str) -> Response:
        """Accept, reject or ask for more; what is accepted is set in the assessment where that is a draft."""
        inquiry = self.get_object()
        given = valid(ReviewInput, request)["verdicts"]
        verdicts = {one["answer"]: Verdict(one["review"], one["remark"], one["seen"]) for one in given}
        done = review(inquiry, verdicts, by=person(request))
        return Response(ReviewedSerializer(done).data)

    @extend_schema(request=None, responses=InquirySerializer)
    @action(detail=True, methods=["post"], url_path="give-back", **WHOLE)
    def give_back(self, request: Request, pk: str) -> Response:
        """Open the link again for what needs more."""
        return Response(InquirySerializer(services.give_back(self.get_object(), by=person(request))).data)
