"""One line of the log for each request, the id under which it is followed, and what it cost.

The route's name stands in it and not the address: addresses hold links and what people search for. The person is
told by number.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import LazyObject

from riskassess.correlation import new_id, noting
from riskassess.measuring import saw_request

log = logging.getLogger("riskassess.requests")

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
# Asked every few seconds by machines: told at DEBUG.
QUIET = frozenset({"alive", "ready", "metrics", "static"})


class RequestLineMiddleware:
    """Stands before all others, so that what they cost and refuse is in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        followed = _given(request) or new_id()
        queries = Queries()
        wall, cpu = time.perf_counter(), time.thread_time()
        with ExitStack() as within:
            within.enter_context(noting(correlation=followed))
            for one in connections.all():
                within.enter_context(one.execute_wrapper(queries))
            answer = self.get_response(request)
            wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
            route = route_of(request)
            saw_request(request.method or "", route, answer.status_code, wall)
            log.log(
                logging.INFO if settings.LOG_WORK and route not in QUIET else logging.DEBUG,
                "request",
                extra={
                    "facts": {
                        "route": route,
                        "method": request.method,
                        "status": answer.status_code,
                        "wall_ms": round(wall * 1000, 1),
                        "cpu_ms": round(cpu * 1000, 1),
                        "queries": queries.count,
                        "user": _person(request),
                    }
                },
            )
        answer[HEADER] = followed
        return answer


class Queries:
    """Counts what is asked of a database."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def route_of(request: HttpRequest) -> str:
    """The name of the route that was asked for; `static` for a file of the site's, '' where there is no such route."""
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return "static" if request.path_info.startswith(settings.STATIC_URL) else ""


def _given(request: HttpRequest) -> str:
    """The id that a proxy of ours gave. Anybody may send one: without such a proxy none is believed."""
    sent = request.headers.get(HEADER, "")
    return sent if settings.TRUSTED_PROXIES and GIVEN.match(sent) else ""


def _person(request: HttpRequest) -> int | None:
    """Who asked, as far as the request found out itself: no query is made for the log."""
    user = getattr(request, "user", None)
    if isinstance(user, LazyObject):
        user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)
