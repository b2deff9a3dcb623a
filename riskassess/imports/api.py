"""Spreadsheets over the API: upload, say what the columns are, look at the rows, apply or discard."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import FileInput, ReadOnly, TakesFiles, VisibleId, valid
from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.people import person
from riskassess.catalog.models.source import Kind
from riskassess.imports import deciding, services
from riskassess.imports.models import Batch, Row
from riskassess.imports.shapes.names import CHOICES
from riskassess.jobs.api import JobSerializer
from riskassess.sheets.table import NO_ROW


class BatchSerializer(serializers.ModelSerializer[Batch]):
    class Meta:
        model = Batch
        fields = [
            "id", "unit", "uploaded_by", "uploaded_at", "file_name", "sha256", "sheet", "header_row", "shape",
            "default_vendor",
            "source_kind", "stated_on", "state", "counts", "notes", "source", "job", "applied_at",
            "undone_at", "undone_by",
        ]  # fmt: skip
        read_only_fields = fields


class BatchDetailSerializer(BatchSerializer):
    class Meta(BatchSerializer.Meta):
        fields = [*BatchSerializer.Meta.fields, "sheets", "guesses", "mapping"]
        read_only_fields = fields


class RowSerializer(serializers.ModelSerializer[Row]):
    class Meta:
        model = Row
        fields = ["number", "role", "hidden", "over", "outcome", "raw", "problems", "changes", "notes",
                  "conflicts", "near", "decision", "fixes", "offering", "applied_at"]  # fmt: skip
        read_only_fields = fields


_Opened = tuple[bytes, str, dict[str, Any], services.Read]
"""An upload, its name, what is said of it, and how it would be read."""


class UploadInput(serializers.Serializer[Any]):
    """A spreadsheet, whose it is, and what it is worth."""

    file = FileInput()
    unit = VisibleId(queryset=BusinessUnit.objects.all(), help_text="The business unit's id.")
    stated_on = serializers.DateField(help_text="The day the list was valid; prices carry it.")
    source_kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.ANALYST.value)
    default_vendor = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="",
        help_text="Whose list it is, if no column says so.",
    )  # fmt: skip
    shape = serializers.ChoiceField(
        choices=CHOICES, required=False, allow_blank=True, default="",
        help_text="How the rows are to be understood; proposed if not said.",
    )  # fmt: skip


class SheetInput(serializers.Serializer[Any]):
    """Another sheet of the file, another header row, or another shape."""

    sheet = serializers.CharField(max_length=100)
    header_row = serializers.IntegerField(
        min_value=NO_ROW,
        required=False,
        allow_null=True,
        default=None,
        help_text="0 where no row names the columns; found by itself if not said.",
    )
    shape = serializers.ChoiceField(
        choices=CHOICES, required=False, allow_blank=True, default="",
        help_text="How the rows are to be understood; proposed if not said.",
    )  # fmt: skip
    sideways = serializers.BooleanField(
        required=False, allow_null=True, default=None,
        help_text="Whether the sheet's columns are the entries; found by itself if not said.",
    )  # fmt: skip


class ColumnsInput(serializers.Serializer[Any]):
    """What the columns hold. Columns that are not named stay as proposed."""

    columns = serializers.DictField(
        required=False, default=dict,
        help_text='Letters to a field\'s name ("" leaves the column unread), or to {"field", "unit", "currency"}.',
    )  # fmt: skip
    default_vendor = serializers.CharField(
        max_length=200, required=False, allow_null=True, allow_blank=True, default=None
    )
    stated_on = serializers.DateField(required=False, allow_null=True, default=None)


class RowDecisionInput(serializers.Serializer[Any]):
    """What a person decides about a row; what is left out stays as it is."""

    verdict = serializers.ChoiceField(
        choices=[("same", "It is the record it is close to"), ("new", "It is a new one"), ("skip", "Leave it out"),
                 ("", "Open again")],
        required=False, allow_blank=True,
    )  # fmt: skip
    take = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=50,
        help_text="Attributes on which the sheet's value becomes current.",
    )  # fmt: skip
    keep = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=50,
        help_text="Attributes on which the record's value stays current.",
    )  # fmt: skip
    cells = serializers.DictField(
        child=serializers.CharField(max_length=2000, allow_blank=True), required=False,
        help_text="Column letters to what the cell should say.",
    )  # fmt: skip


class BatchViewSet(TakesFiles[Batch], ReadOnly[Batch]):
    """Imports of the person's units: upload, confirm the columns, look at the rows, apply."""

    queryset = Batch.objects.select_related("unit")
    serializer_class = BatchDetailSerializer
    takes_files = frozenset({"create"})
    filterset_fields = {"state": ["exact"], "unit": ["exact"]}
    ordering_fields = ["uploaded_at", "applied_at", "stated_on"]

    def get_serializer_class(self) -> type[serializers.ModelSerializer[Batch]]:
        return BatchSerializer if self.action == "list" else BatchDetailSerializer

    _opened: _Opened | None = None

    def read_first(self, request: Request) -> None:
        if self.action == "create":
            self._opened = self._open(request)

    def _open(self, request: Request) -> _Opened:
        given = valid(UploadInput, request)
        file = given.pop("file")
        data = file.read()
        read = services.read_upload(
            data, file.name, unit=given["unit"], by=person(request), shape=given["shape"]
        )
        return data, file.name, given, read

    @extend_schema(request={"multipart/form-data": UploadInput}, responses={201: BatchDetailSerializer})
    def create(self, request: Request) -> Response:
        """Upload a spreadsheet; the answer says how its columns would be read."""
        data, name, given, read = self._opened or self._open(request)
        batch = services.upload(data, name, by=person(request), read=read, **given)
        return Response(BatchDetailSerializer(batch).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Forget an import that was not applied, its rows and its file."""
        services.discard(self.get_object(), by=person(request))
        return Response(status=204)

    @extend_schema(request=SheetInput, responses=BatchDetailSerializer)
    @action(detail=True, methods=["put"], pagination_class=None, filter_backends=[])
    def sheet(self, request: Request, pk: str) -> Response:
        """Read another sheet of the file, another header row, or the sheet as another shape."""
        batch = self.get_object()
        services.choose_sheet(batch, **valid(SheetInput, request), by=person(request))
        batch.refresh_from_db()
        return Response(BatchDetailSerializer(batch).data)

    @extend_schema(request=ColumnsInput, responses={202: JobSerializer})
    @action(detail=True, methods=["put"], pagination_class=None, filter_backends=[])
    def columns(self, request: Request, pk: str) -> Response:
        """Confirm how the columns are read; the job then says of each row what it would do."""
        batch = self.get_object()
        given = valid(ColumnsInput, request)
        job = services.confirm_columns(batch, given.pop("columns"), by=person(request), **given)
        return Response(JobSerializer(job, context={"request": request}).data, status=202)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def apply(self, request: Request, pk: str) -> Response:
        """Apply the rows that can be; asked for twice it is one import. Rows decided later are a further step."""
        job = services.request_apply(self.get_object(), by=person(request))
        return Response(JobSerializer(job, context={"request": request}).data, status=202)

    @extend_schema(request=None, responses=BatchDetailSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def accept(self, request: Request, pk: str) -> Response:
        """Say "same" to all rows that differ from a known record only in how they are spelt."""
        batch = self.get_object()
        deciding.accept_proposals(batch, by=person(request))
        return Response(BatchDetailSerializer(batch).data)

    @extend_schema(request=None, responses=BatchDetailSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def stop(self, request: Request, pk: str) -> Response:
        """Stop reading or applying it; the import is where it was before that step."""
        batch = self.get_object()
        services.stop(batch, by=person(request))
        return Response(BatchDetailSerializer(batch).data)

    @extend_schema(request=None, responses=BatchDetailSerializer)
    @action(detail=True, methods=["post"], pagination_class=None, filter_backends=[])
    def undo(self, request: Request, pk: str) -> Response:
        """Put the catalog back as it was before this import; 409 names what rests on it."""
        batch = self.get_object()
        services.undo(batch, by=person(request))
        return Response(BatchDetailSerializer(batch).data)


class RowViewSet(ReadOnly[Row]):
    """Rows of one import: as they came, what each does, and why one cannot be applied."""

    queryset = Row.objects.all()
    serializer_class = RowSerializer
    lookup_field = "number"
    lookup_value_regex = "[0-9]+"
    ordering = "number"
    ordering_fields = ["number"]
    filterset_fields = {"outcome": ["exact"]}

    def get_queryset(self) -> Any:
        """The rows of the import in the address; of one that may not be seen, none."""
        return super().get_queryset().filter(batch=self.kwargs.get("batch"))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        get_object_or_404(Batch.objects.visible_to(person(request)), pk=kwargs["batch"])
        return super().list(request, *args, **kwargs)

    @extend_schema(request=RowDecisionInput, responses=RowSerializer)
    @action(detail=True, methods=["put"], pagination_class=None, filter_backends=[])
    def decision(self, request: Request, batch: str, number: str) -> Response:
        """Decide about a row: same or new, left out, keep or take, or put its cells right."""
        found = get_object_or_404(Batch.objects.visible_to(person(request)).select_related("unit"), pk=batch)
        deciding.decide_all(found, int(number), **valid(RowDecisionInput, request), by=person(request))
        return Response(RowSerializer(get_object_or_404(found.rows, number=number)).data)
