"""Documents behind answers and comments over the API: the same services as the pages."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import ReadOnly, VisibleId, valid
from riskassess.accounts.people import person
from riskassess.assessments import commenting
from riskassess.assessments.models import AnswerDocument, Assessment, Comment
from riskassess.assessments.supporting import support, unsupport
from riskassess.assessments.workflow_api import WHOLE
from riskassess.evidence.models import Document

COMMENT = OpenApiParameter("comment", int, OpenApiParameter.PATH, description="The comment's id.")
LINK = OpenApiParameter("link", int, OpenApiParameter.PATH, description="The link's id.")


class CommentSerializer(serializers.ModelSerializer[Comment]):
    class Meta:
        model = Comment
        fields = ["id", "question", "text", "made_by", "made_at", "resolved_by", "resolved_at"]
        read_only_fields = fields


class CommentInput(serializers.Serializer[Any]):
    """What you say on a question, or on all of it where `question` is empty."""

    text = serializers.CharField(max_length=commenting.LONGEST)
    question = serializers.CharField(required=False, allow_blank=True, default="")


class AnswerDocumentSerializer(serializers.ModelSerializer[AnswerDocument]):
    class Meta:
        model = AnswerDocument
        fields = ["id", "question", "document", "page", "quote", "linked_by", "linked_at"]
        read_only_fields = fields


class AnswerDocumentInput(serializers.Serializer[Any]):
    """That the answer to a question rests on a document of the unit, and where in it."""

    question = serializers.CharField()
    document: Any = VisibleId(queryset=Document.objects.all(), help_text="A document's id.")
    page = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    quote = serializers.CharField(required=False, allow_blank=True, default="")


class BesideActions(ReadOnly[Assessment]):
    """What stands beside the answers of an assessment; part of the assessments' resource."""

    @extend_schema(responses=CommentSerializer(many=True))
    @action(detail=True, **WHOLE)
    def comments(self, request: Request, pk: str) -> Response:
        """What people say to each other on it; no part of the judgement."""
        return Response(CommentSerializer(self.get_object().comments.all(), many=True).data)

    @extend_schema(request=CommentInput, responses={201: CommentSerializer})
    @comments.mapping.post
    def say(self, request: Request, pk: str) -> Response:
        """Say something on a question, or on all of it."""
        assessment, given = self.get_object(), valid(CommentInput, request)
        made = commenting.comment(assessment, given["text"], by=person(request), question=given["question"])
        return Response(CommentSerializer(made).data, status=201)

    @extend_schema(request=None, responses=CommentSerializer, parameters=[COMMENT])
    @action(
        detail=True,
        methods=["post"],
        url_path="comments/(?P<comment>[0-9]+)/resolve",
        url_name="comment-resolve",
        **WHOLE,
    )
    def resolve_comment(self, request: Request, pk: str, comment: str) -> Response:
        """Say that a comment is dealt with."""
        return self._settled(request, comment, commenting.resolve)

    @extend_schema(request=None, responses=CommentSerializer, parameters=[COMMENT])
    @action(
        detail=True,
        methods=["post"],
        url_path="comments/(?P<comment>[0-9]+)/reopen",
        url_name="comment-reopen",
        **WHOLE,
    )
    def reopen_comment(self, request: Request, pk: str, comment: str) -> Response:
        """Say that a comment is not dealt with after all."""
        return self._settled(request, comment, commenting.reopen)

    @extend_schema(responses=AnswerDocumentSerializer(many=True))
    @action(detail=True, **WHOLE)
    def documents(self, request: Request, pk: str) -> Response:
        """Which answers rest on which documents."""
        return Response(AnswerDocumentSerializer(self.get_object().document_links.all(), many=True).data)

    @extend_schema(request=AnswerDocumentInput, responses={201: AnswerDocumentSerializer})
    @documents.mapping.post
    def support(self, request: Request, pk: str) -> Response:
        """Say that an answer rests on a document; said again, page and quote are renewed."""
        assessment, given = self.get_object(), valid(AnswerDocumentInput, request)
        made = support(
            assessment,
            given["question"],
            given["document"],
            by=person(request),
            page=given["page"],
            quote=given["quote"],
        )
        return Response(AnswerDocumentSerializer(made).data, status=201)

    @extend_schema(responses={204: None}, parameters=[LINK])
    @action(
        detail=True,
        methods=["delete"],
        url_path="documents/(?P<link>[0-9]+)",
        url_name="document-link",
        **WHOLE,
    )
    def unsupport(self, request: Request, pk: str, link: str) -> Response:
        """Take back that an answer rests on a document; the document stays."""
        links = AnswerDocument.objects.select_related("assessment__unit")
        unsupport(get_object_or_404(links, pk=link, assessment=self.get_object()), by=person(request))
        return Response(status=204)

    def _settled(self, request: Request, comment: str, verb: Any) -> Response:
        found = Comment.objects.select_related("assessment__unit")
        one = get_object_or_404(found, pk=comment, assessment=self.get_object())
        verb(one, by=person(request))
        return Response(CommentSerializer(one).data)
