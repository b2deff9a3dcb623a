"""Conditional requests and requests done once: what stands between a resource of the API and its caller.

Each GET that finds something names its state by an ETag; `If-None-Match` with it answers 304 while nothing changed.
A write to a record takes `If-Match`: the state that its caller saw, of the same address where that can be read, of
the record otherwise. Both are held together: nobody else writes to the record between the look and the write.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.db import transaction
from django.db.models import Model
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_etags
from rest_framework import viewsets
from rest_framework.exceptions import (
    APIException,
    AuthenticationFailed,
    NotAuthenticated,
    NotFound,
    Throttled,
)
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from riskassess.accounts import once
from riskassess.accounts.models import KeptAnswer
from riskassess.accounts.people import person
from riskassess.accounts.throttles import StrangerRate

Handler = Callable[..., Any]
M = TypeVar("M", bound=Model)


class Moved(APIException):
    """The record is not what If-Match says any more."""

    status_code = 412
    default_detail = "The record has changed since you read it. Read it again, then decide."


class _Replay(Exception):
    def __init__(self, kept: KeptAnswer) -> None:
        self.kept = kept


class Tagged(viewsets.ViewSet):
    """A resource whose answers name their state by an ETag, and which lets nobody guess at tokens for long."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if any("\0" in str(value) for value in kwargs.values()):
            raise NotFound  # no record is named so, and PostgreSQL would not even look

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, NotAuthenticated | AuthenticationFailed):
            rate = StrangerRate()
            if not rate.allow_request(self.request, self):
                exc = Throttled(rate.wait())
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        made = super().finalize_response(request, response, *args, **kwargs)
        if request.method in ("GET", "HEAD") and made.status_code == 200:
            if isinstance(made, Response):
                made.add_post_render_callback(lambda rendered: _named(request, rendered))
            elif made.get("Content-Type", "") == "application/json":  # a record, byte for byte as it is kept
                return _named(request, made)
        return made


class Conditional(Tagged, viewsets.GenericViewSet[M]):
    """A resource of records, with ETags, If-Match and Idempotency-Key."""

    matches_itself: frozenset[str] = frozenset()  # actions with an If-Match of their own

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = (request.method or "").lower()
        handler: Handler | None = getattr(self, method, None)
        if handler is None or request.method in SAFE_METHODS:
            return
        if "If-Match" in request.headers and self.action not in self.matches_itself:
            handler = self._if_it_matches(handler)
        if request.method == "POST" and (key := request.headers.get("Idempotency-Key")):
            claimed = once.claim(person(request), key, _digest(request))
            if isinstance(claimed, KeptAnswer):
                raise _Replay(claimed)
            handler = self._once(claimed, handler)
        setattr(self, method, handler)

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, _Replay):
            kept = exc.kept
            headers = {**kept.headers, "Idempotent-Replayed": "true"}
            return Response(once.body_of(kept), kept.status, headers=headers)
        return super().handle_exception(exc)

    def read_first(self, request: Request) -> None:
        """What takes long and writes nothing, such as opening an upload: done before the transaction of what is done
        once, in which on SQLite nobody else could write. Resources that have such say what."""

    def _once(self, claimed: once.Claim, handler: Handler) -> Handler:
        def do_once(request: Request, *args: Any, **kwargs: Any) -> Any:
            try:
                self.read_first(request)
                with transaction.atomic():
                    response = handler(request, *args, **kwargs)
                    headers = {name: response[name] for name in ("Location",) if name in response}
                    once.keep(claimed, response.status_code, _plain(response.data), headers)
                    return response
            except BaseException:
                once.give_back(claimed)
                raise

        return do_once

    def _if_it_matches(self, handler: Handler) -> Handler:
        def do_if_it_matches(request: Request, *args: Any, **kwargs: Any) -> Any:
            if (self.lookup_url_kwarg or self.lookup_field) not in self.kwargs:
                raise Moved("No record stands at this address for If-Match to match. Leave it out.")
            with transaction.atomic():
                wanted = parse_etags(request.headers["If-Match"])
                if wanted != ["*"] and self._state_now(request, *args, **kwargs) not in wanted:
                    raise Moved
                return handler(request, *args, **kwargs)

        return do_if_it_matches

    def _state_now(self, request: Request, *args: Any, **kwargs: Any) -> str:
        """The ETag that reading gives now; the record stays locked until the transaction ends."""
        record = self.get_object()
        type(record)._base_manager.select_for_update().filter(pk=record.pk).first()
        said = self._read_as(getattr(self, "action_map", {}).get("get", ""), request, *args, **kwargs)
        if said is None:  # nothing is read at this address, or a file, which has no ETag
            at = self.lookup_url_kwarg or self.lookup_field
            said = self._read_as("retrieve", request, **{at: self.kwargs[at]})
        return "" if said is None else _etag(cast(bytes, request.accepted_renderer.render(said.data)))

    def _read_as(self, name: str, request: Request, *args: Any, **kwargs: Any) -> Response | None:
        """What the action answers, if there is one and it answers in data."""
        read: Handler | None = getattr(self, name, None) if name else None
        if read is None:
            return None
        action, self.action = self.action, name
        try:
            found = read(request, *args, **kwargs)
        finally:
            self.action = action
        if isinstance(found, Response):
            return found
        # Only its file: closing the answer tells Django that the request is over, and with it the connection.
        if (file := getattr(found, "file_to_stream", None)) is not None:
            file.close()
        return None


def _named(request: Request, response: Any) -> Any:
    response["ETag"] = _etag(response.content)
    patch_vary_headers(response, ["Authorization", "Cookie"])
    return get_conditional_response(request._request, etag=response["ETag"], response=response)


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _digest(request: Request) -> str:
    """Of a form each field and file by its content, since boundaries differ each time; of others the bytes."""
    if (request.content_type or "").startswith(("multipart/", "application/x-www-form-urlencoded")):
        fields = [(name, text.encode()) for name, texts in request.POST.lists() for text in texts]
        for name, file in request.FILES.items():
            fields.append((f"{name}: {file.name}", hashlib.sha256(file.read()).digest()))
            file.seek(0)
        fields.sort()
    else:
        fields = [("", request._request.body)]
    return once.digest_of(request.method or "", request.get_full_path(), fields)


def _plain(data: Any) -> Any:
    """What an answer says as plain values, as the database keeps them."""
    return json.loads(json.dumps(data, cls=JSONEncoder))
