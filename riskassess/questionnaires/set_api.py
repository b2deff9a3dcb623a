"""Question sets over the API: the same services as the pages."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import FileInput, ReadOnly, TakesFiles, valid
from riskassess.accounts.people import person
from riskassess.questionnaires.models import QuestionSet, SetQuestion
from riskassess.questionnaires.set_services import (
    About,
    ReadFile,
    keep_set,
    map_question,
    may_add,
    may_map,
    read_file,
    revise,
)


class QuestionSetSerializer(serializers.ModelSerializer[QuestionSet]):
    class Meta:
        model = QuestionSet
        fields = [
            "id", "name", "publisher", "version", "revision", "licence", "url", "file_name", "file_sha256", "added_by",
            "added_at",
        ]  # fmt: skip
        read_only_fields = fields


class SetQuestionSerializer(serializers.ModelSerializer[SetQuestion]):
    class Meta:
        model = SetQuestion
        fields = [
            "id", "position", "section", "code", "text", "help", "kind", "choices", "suggested", "sheet", "cell", "key",
            "levels", "mapped_by", "mapped_at",
        ]  # fmt: skip
        read_only_fields = fields


class QuestionSetInput(serializers.Serializer[Any]):
    """A questionnaire to add: a spreadsheet with a column of questions, and what it is."""

    file = FileInput()
    sheets = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, default=list,
        help_text="The sheets to take; without it every one that has questions.",
    )  # fmt: skip
    name = serializers.CharField(max_length=200)
    publisher = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    version = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    licence = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    url = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")


class MeaningInput(serializers.Serializer[Any]):
    """What a question of a set means here."""

    question = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="The question's id.")
    key = serializers.CharField(
        max_length=60,
        allow_blank=True,
        help_text="A question of an assessment; empty: its answers are evidence alone.",
    )
    levels = serializers.DictField(
        required=False, default=dict,
        help_text="For a factor: an answer's value -> level 0 to 4, or [best, worst].",
    )  # fmt: skip


class QuestionSetViewSet(TakesFiles[QuestionSet], ReadOnly[QuestionSet]):
    """Standard questionnaires, each version once, with what their questions mean here."""

    queryset = QuestionSet.objects.all()
    serializer_class = QuestionSetSerializer
    takes_files = frozenset({"create"})
    filterset_fields = {"name": ["exact"], "publisher": ["exact"], "version": ["exact"]}
    ordering_fields = ["added_at", "name"]

    _read: ReadFile | None = None

    def read_first(self, request: Request) -> None:
        if self.action == "create":
            self._read = self._file_of(request)

    def _file_of(self, request: Request) -> ReadFile:
        may_add(person(request))
        given = valid(QuestionSetInput, request)
        file, sheets = given.pop("file"), given.pop("sheets")
        return read_file(file.read(), file.name, About(**given), sheets)

    @extend_schema(request={"multipart/form-data": QuestionSetInput}, responses={201: QuestionSetSerializer})
    def create(self, request: Request) -> Response:
        """Add a questionnaire out of a spreadsheet."""
        made = keep_set(self._read or self._file_of(request), by=person(request))
        return Response(QuestionSetSerializer(made).data, status=201)

    @extend_schema(responses=SetQuestionSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def questions(self, request: Request, pk: str) -> Response:
        """Its questions, and what each means here."""
        found = self.get_object().questions.order_by("position")
        return Response(SetQuestionSerializer(found, many=True).data)

    @extend_schema(request=MeaningInput, responses=SetQuestionSerializer)
    @questions.mapping.put
    def meaning(self, request: Request, pk: str) -> Response:
        """Say what one of its questions means here; refused once vendors were asked with the set."""
        found = self.get_object()
        may_map(person(request))
        given = valid(MeaningInput, request)
        question = get_object_or_404(found.questions, pk=given["question"])
        return Response(
            SetQuestionSerializer(
                map_question(question, given["key"], given["levels"], by=person(request))
            ).data
        )

    @extend_schema(request=None, responses={201: QuestionSetSerializer})
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def revise(self, request: Request, pk: str) -> Response:
        """Another revision with the same questions, whose meaning can be changed."""
        return Response(QuestionSetSerializer(revise(self.get_object(), by=person(request))).data, status=201)
