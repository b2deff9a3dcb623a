"""Expected errors (message and hint) become a page, an API problem or a command's exit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.response import Response
from rest_framework.views import exception_handler

from riskassess.kernel.errors import Conflict, NotAllowed, RiskassessError, TryAgain

STATUS: tuple[tuple[type[RiskassessError], int], ...] = ((NotAllowed, 403), (Conflict, 409), (TryAgain, 503))


def status_of(error: RiskassessError) -> int:
    """The HTTP status of an expected error; 400 unless its class says otherwise."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 400)


class ExpectedErrorMiddleware:
    """Shows a RiskassessError as a page that says what is wrong and what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RiskassessError):
            return None
        return render(request, "home/expected_error.html", {"error": error}, status=status_of(error))


def api_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: expected errors as problem details (RFC 9457) with message and hint."""
    if isinstance(error, RiskassessError):
        status = status_of(error)
        problem = {"title": error.message, "status": status, "detail": error.hint, "where": error.where}
        return Response(problem, status=status, content_type="application/problem+json")
    return exception_handler(error, context)
