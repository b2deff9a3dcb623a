"""Who changes something in a request: asked of the request when something is written."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from riskassess.recording import acting

WAYS = {"api": "API", "admin": "administration", "account": "account", "ask": "a vendor's link"}


class ActingMiddleware:
    """The signed-in person acts; over the API, whoever its token names once the view has found out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        area = request.path.strip("/").split("/", 1)[0]
        with acting(by=lambda: request.user, through=WAYS.get(area, "page")):
            return self.get_response(request)
