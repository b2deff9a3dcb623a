"""Expected errors (message and hint) become a page, an API problem or a command's exit."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from riskassess.kernel.errors import Conflict, NoRoom, NotAllowed, RiskassessError, TryAgain
from riskassess.kernel.files import is_full

STATUS: tuple[tuple[type[RiskassessError], int], ...] = (
    (NotAllowed, 403),
    (Conflict, 409),
    (NoRoom, 507),
    (TryAgain, 503),
)
PROBLEM = "application/problem+json"
API = "/api/"
SIGN_IN = (
    "Send the header “Authorization: Bearer ra_…”, or the cookie of a session. "
    "The page “Access tokens” of your account makes tokens."
)
HINTS = {
    400: "See the API's schema for what is taken here.",
    403: "Ask an administrator for the role it takes.",
    404: "There is no such address, or nothing there that you may see.",
    405: "See the API's schema for what this address takes.",
    412: "Read it again, then send yours with the version it has now.",
    422: "Make a new key for each request; send the same request again with its own.",
    429: "Wait as long as Retry-After says.",
    415: "Send JSON; files are sent as multipart/form-data.",
}


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


def broken(request: HttpRequest) -> HttpResponse:
    """What nobody expected: a page, or a problem of the API, that asks no database, for it may be what broke.

    503 where the database does not answer, 507 where the disk is full, else 500.
    """
    error = sys.exc_info()[1]
    status, title = 500, "Something broke on our side"
    hint = "Try again; if it happens again, tell your administrator when, and which page."
    if isinstance(error, OperationalError | InterfaceError):
        status, title, hint = 503, "The database does not answer at this moment", "Try again in a minute."
    elif is_full(error) or isinstance(error, NoRoom):
        room = NoRoom()
        status, title, hint = 507, room.message, room.hint
    if request.path.startswith(API):
        response: HttpResponse = JsonResponse(
            _problem(status, title, hint), status=status, content_type=PROBLEM
        )
    else:
        page = render_to_string("500.html", {"title": title, "hint": hint})
        response = HttpResponse(page, status=status)
    if status == 503:
        response["Retry-After"] = "5"
    return response


def api_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error as problem details (RFC 9457), with what to do and where.

    A request of the wrong shape lists all that is wrong with it, by field, in `errors`.
    """
    if isinstance(error, RiskassessError):
        status = status_of(error)
        return Response(
            _problem(status, error.message, error.hint, error.where), status, content_type=PROBLEM
        )
    if isinstance(error, SuspiciousOperation):
        problem = _suspicious(error)
        return Response(problem, problem["status"], content_type=PROBLEM)
    response = exception_handler(error, context)
    if response is None:
        return None
    response.content_type = PROBLEM
    if isinstance(error, exceptions.ValidationError):
        response.data = _wrong_shape(error)
    elif isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        response.data = _problem(response.status_code, str(error.detail), SIGN_IN)
    else:
        title = "Not found." if response.status_code == 404 else str(response.data["detail"])
        response.data = _problem(response.status_code, title, HINTS.get(response.status_code, ""))
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refuses before a view is asked: as a problem to programs, as its page to people."""
    if not request.path.startswith(API):
        return defaults.bad_request(request, exception)
    problem = _suspicious(exception)
    return JsonResponse(problem, status=problem["status"], content_type=PROBLEM)


def _suspicious(error: Exception) -> dict[str, Any]:
    """What Django will not read: too much of something (413), or what no client of good will sends."""
    if isinstance(error, RequestDataTooBig):
        most = f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024} MB beside files are the most."
        return _problem(413, "The request is too large.", most)
    if isinstance(error, TooManyFieldsSent | TooManyFilesSent):
        return _problem(413, "The request has too many fields or files.", "Send it in parts.")
    return _problem(400, "The request cannot be read.", HINTS[400])


def _problem(status: int, title: str, hint: str, where: str = "") -> dict[str, Any]:
    texts = {"title": title, "detail": hint, "where": where}
    return {"status": status, **{name: _sendable(text) for name, text in texts.items()}}


def _sendable(text: str) -> str:
    """The text without what UTF-8 cannot say: errors repeat what was sent, and JSON can send half a character."""
    return text.encode(errors="replace").decode()


def _wrong_shape(error: exceptions.ValidationError) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    for where, message in _messages(error.detail):
        errors.setdefault(where, []).append(message)
    where, (first, *_) = next(iter(errors.items()), ("", [""]))
    return {
        **_problem(error.status_code, "The request is not as it should be.", first, where),
        "errors": errors,
    }


def _messages(detail: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """(field, message) for each message of DRF's nested detail; a field inside another is `outer.inner`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            place = "" if name == "non_field_errors" else str(name)
            yield from _messages(inner, ".".join(part for part in (where, place) if part))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _messages(inner, where)
    else:
        yield _sendable(where), _sendable(str(detail))
