"""Documents over the API: attach, list, describe, download, link to a claim, remove."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import FileInput, ReadOnly, TakesFiles, VisibleId, VisibleSlug, valid
from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.people import person
from riskassess.catalog.models import Vendor
from riskassess.evidence import documents
from riskassess.evidence.file_types import FILE_TYPES
from riskassess.evidence.grades import RESTS_ON
from riskassess.evidence.models import Claim, ClaimDocument, Document

COUNTS_AS = [(key, label) for key, (label, _) in RESTS_ON.items()]
WHOLE: dict[str, Any] = {"pagination_class": None, "filter_backends": []}
LINK = OpenApiParameter("link", int, OpenApiParameter.PATH, description="The link's id.")


class DocumentSerializer(serializers.ModelSerializer[Document]):
    class Meta:
        model = Document
        fields = [
            "id", "unit", "vendor", "name", "kind", "counts_as", "sha256", "size", "dated_on", "expires_on",
            "uploaded_by", "uploaded_at", "removed_at", "removed_because", "missing_since",
        ]  # fmt: skip
        read_only_fields = fields


class DescribeInput(serializers.Serializer[Any]):
    """What a document counts as, the day it speaks for, the last day on which it holds."""

    counts_as = serializers.ChoiceField(choices=COUNTS_AS, required=False, default="vendor_document")
    dated_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text="Without one it counts as aged."
    )
    expires_on = serializers.DateField(required=False, allow_null=True, default=None)


class AttachInput(DescribeInput):
    """A file for a business unit. It is told by its content; the same bytes are kept once a unit."""

    file = FileInput()
    unit = VisibleId(queryset=BusinessUnit.objects.all(), help_text="The business unit's id.")
    vendor: Any = VisibleSlug(
        slug_field="slug",
        queryset=Vendor.objects.all(),
        required=False,
        allow_null=True,
        default=None,
        help_text="The slug of the vendor it is about.",
    )


class RemoveInput(serializers.Serializer[Any]):
    """Why it is removed; shown wherever something rested on it."""

    because = serializers.CharField(max_length=300)


class ClaimDocumentSerializer(serializers.ModelSerializer[ClaimDocument]):
    class Meta:
        model = ClaimDocument
        fields = ["id", "claim", "document", "relation", "page", "quote", "linked_by", "linked_at"]
        read_only_fields = fields


class ClaimDocumentInput(serializers.Serializer[Any]):
    """That the document supports or contradicts a claim, and where in it."""

    claim: Any = VisibleSlug(slug_field="key", queryset=Claim.objects.all(), help_text="The claim's key.")
    relation = serializers.ChoiceField(
        choices=ClaimDocument.Relation.choices, required=False, default="supports"
    )
    page = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    quote = serializers.CharField(required=False, allow_blank=True, default="")


class DocumentViewSet(TakesFiles[Document], ReadOnly[Document]):
    """Documents of the person's units."""

    queryset = Document.objects.select_related("unit")
    serializer_class = DocumentSerializer
    takes_files = frozenset({"create"})
    filterset_fields = {"unit": ["exact"], "vendor": ["exact"], "sha256": ["exact"], "counts_as": ["exact"]}
    ordering_fields = ["uploaded_at", "expires_on", "dated_on"]

    @extend_schema(
        request={"multipart/form-data": AttachInput},
        responses={200: DocumentSerializer, 201: DocumentSerializer},
    )
    def create(self, request: Request) -> Response:
        """Attach a file; 201 where it is new in the unit, 200 where the unit has these bytes already."""
        given = valid(AttachInput, request)
        file = given.pop("file")
        found, made = documents.attach(file, file.name, by=person(request), **given)
        return Response(DocumentSerializer(found).data, status=201 if made else 200)

    @extend_schema(request=DescribeInput, responses=DocumentSerializer)
    @action(detail=True, methods=["put"], **WHOLE)
    def describe(self, request: Request, pk: str) -> Response:
        """Say anew what it counts as and until when it holds."""
        found = self.get_object()
        documents.describe(found, by=person(request), **valid(DescribeInput, request))
        return Response(DocumentSerializer(found).data)

    @extend_schema(responses={(200, one.content_type): OpenApiTypes.BINARY for one in FILE_TYPES.values()})
    @action(detail=True, **WHOLE)
    def download(self, request: Request, pk: str) -> FileResponse:
        """The file itself; 409 where it was removed or is missing."""
        return documents.as_download(self.get_object())

    @extend_schema(request=RemoveInput, responses=DocumentSerializer)
    @action(detail=True, methods=["post"], **WHOLE)
    def remove(self, request: Request, pk: str) -> Response:
        """Take the file away; what rested on it is unsupported."""
        found = self.get_object()
        documents.remove(found, valid(RemoveInput, request)["because"], by=person(request))
        return Response(DocumentSerializer(found).data)

    @extend_schema(responses=ClaimDocumentSerializer(many=True))
    @action(detail=True, **WHOLE)
    def claims(self, request: Request, pk: str) -> Response:
        """The claims that it supports or contradicts."""
        return Response(
            ClaimDocumentSerializer(self.get_object().claim_links.visible_to(person(request)), many=True).data
        )

    @extend_schema(request=ClaimDocumentInput, responses={201: ClaimDocumentSerializer})
    @claims.mapping.post
    def link(self, request: Request, pk: str) -> Response:
        """Say that it supports or contradicts a claim; said again, the words are renewed."""
        found, given = self.get_object(), valid(ClaimDocumentInput, request)
        made = documents.link_to_claim(found, given.pop("claim"), by=person(request), **given)
        return Response(ClaimDocumentSerializer(made).data, status=201)

    @extend_schema(responses={204: None}, parameters=[LINK])
    @action(
        detail=True, methods=["delete"], url_path="claims/(?P<link>[0-9]+)", url_name="claim-link", **WHOLE
    )
    def unlink(self, request: Request, pk: str, link: str) -> Response:
        """Take back that it bears on a claim."""
        one = get_object_or_404(
            ClaimDocument.objects.visible_to(person(request)), pk=link, document=self.get_object()
        )
        documents.unlink_from_claim(one, by=person(request))
        return Response(status=204)
