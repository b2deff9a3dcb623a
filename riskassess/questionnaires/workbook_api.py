"""The workbook of an inquiry over the API: taken, and brought back by the same service as on the page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from riskassess.accounts.api import FileInput, ReadOnly, TakesFiles, valid
from riskassess.accounts.people import person
from riskassess.questionnaires.models import Inquiry
from riskassess.questionnaires.services import may_ask
from riskassess.questionnaires.workbook_services import Upload, read_upload, take_upload
from riskassess.questionnaires.workbook_views import XLSX, as_file


class WorkbookInput(serializers.Serializer[Any]):
    """A workbook that came back."""

    file = FileInput()
    complete = serializers.BooleanField(default=False, help_text="Hand it in for review as well.")


class WorkbookProblem(serializers.Serializer[Any]):
    """What keeps the workbook out: the cell, what is wrong with it, what to do."""

    cell = serializers.CharField()
    what = serializers.CharField()
    hint = serializers.CharField()


class WorkbookTaken(serializers.Serializer[Any]):
    """How many answers changed; with a problem, none."""

    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    problems = WorkbookProblem(many=True)


class WorkbookActions(TakesFiles[Inquiry], ReadOnly[Inquiry]):
    """An inquiry's questions as a workbook, out and back; part of the inquiries' resource."""

    takes_files = frozenset({"workbook_back"})

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    @action(detail=True, pagination_class=None, filter_backends=[])
    def workbook(self, request: Request, pk: str) -> HttpResponse:
        """The workbook, with what was answered so far."""
        return as_file(self.get_object())

    _came_back: tuple[Inquiry, Upload, bool] | None = None

    def read_first(self, request: Request) -> None:
        if self.action == "workbook_back":
            self._came_back = self._workbook_of(request)

    def _workbook_of(self, request: Request) -> tuple[Inquiry, Upload, bool]:
        found, user = self.get_object(), person(request)
        may_ask(found.unit, by=user)
        given = valid(WorkbookInput, request)
        file = given["file"]
        return found, read_upload(found, file.read(), file.name, by=user), given["complete"]

    @extend_schema(
        request={"multipart/form-data": WorkbookInput},
        responses={
            200: WorkbookTaken,
            422: OpenApiResponse(WorkbookTaken, "Nothing was taken in; `problems` says why."),
        },
    )
    @workbook.mapping.post
    def workbook_back(self, request: Request, pk: str) -> Response:
        """Bring a filled workbook in for the contact: all that it changes, or nothing."""
        found, upload, complete = self._came_back or self._workbook_of(request)
        taken = take_upload(found, upload, at=timezone.now(), by=person(request), complete=complete)
        return Response(WorkbookTaken(taken).data, status=422 if taken.problems else 200)
