"""The walk: every address of the URLconf, filled with Procurement's own records, opened by one person after another."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.cache import cache
from django.core.files.base import File
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver

from tests.api.conftest import Theirs

SECRET = "7781-heron"
"""Stands in the name of all of Procurement's work: nobody else's page has it."""

PAGES = ("GET", "POST")
Sent = dict[str, Any]
"""What is sent with a call: the fields of a form, or an object of JSON."""
# One table each: the area's name, and how its routes begin; the rest is `pages`.
AREAS = {
    "api_assessments": ("api/v1/^assessments",),
    "api": ("api/",),
    "assessments": ("assessments/",),
    "imports": ("imports/",),
    "inquiries": ("inquiries/", "ask/"),
    "reports": ("runs/", "reports/", "compare/", "portfolio/", "combined/"),
    "admin": ("admin/",),
    "account": ("account/",),
    "people": ("people/", "invited/"),
    "pages": ("",),
}
FORMAT = re.compile(r"\\\.\(\?P<format>|<drf_format_suffix")


@dataclass(frozen=True)
class Call:
    """One method of one route, and the address with everything filled in."""

    route: str
    method: str
    address: str

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


def routes() -> Iterator[tuple[str, Any]]:
    """Every route of the site as its pattern says it; the API's `.json` forms are the same views again."""
    for route, pattern in _below(get_resolver(), ""):
        if not FORMAT.search(route):
            yield route, pattern


def area_of(route: str) -> str:
    """The table in which a route stands."""
    return next(area for area, starts in AREAS.items() if route.startswith(starts))


def _below(resolver: Any, before: str) -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        route = f"{before}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from _below(pattern, route)
        else:
            yield route, pattern


def calls(theirs: Theirs, more: dict[str, Any], area: str = "") -> Iterator[Call]:
    """Each method of each route, of one area or all; of the admin site and the accounts, what is read."""
    for route, pattern in routes():
        if area not in {"", area_of(route)}:
            continue
        actions = getattr(pattern.callback, "actions", None)
        if actions:
            methods = tuple(method.upper() for method in actions if method != "head")
        elif route.startswith(("admin/", "account/", "api/")):
            methods = ("GET",)
        else:
            methods = PAGES
        address = "/" + _filled(route, pattern, theirs, more)
        for method in methods:
            yield Call(route, method, address)


def _filled(route: str, pattern: Any, theirs: Theirs, more: dict[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match["name"]
        return str(_value(route, name, theirs, more))

    plain = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", value, _without_groups(route, theirs, more))
    return plain.replace("^", "").replace("$", "").replace("\\.", ".").replace("/?", "/")


def _without_groups(route: str, theirs: Theirs, more: dict[str, Any]) -> str:
    """Named groups of a regular expression as their values."""
    found = route
    while (start := found.find("(?P<")) >= 0:
        depth, end = 0, start
        for end in range(start, len(found)):
            depth += {"(": 1, ")": -1}.get(found[end], 0)
            if depth == 0:
                break
        name = found[start + 4 : found.index(">", start)]
        found = found[:start] + str(_value(route, name, theirs, more)) + found[end + 1 :]
    return found.replace("(?:.*/)?", "no/such/address/")


def _value(route: str, name: str, theirs: Theirs, more: dict[str, Any]) -> Any:
    """What fills a parameter of a route. KeyError for one that nobody has named yet: name it in `conftest`."""
    area = route.removeprefix("api/v1/").lstrip("^").split("/", 1)[0].rstrip("$")
    if area == "assessments" and name == "key" and "/answers/" in route:
        name = "question"
    if area == "admin":
        return _of_admin(route, name)
    for key in (f"{area}.{name}", name):
        if key in more:
            return more[key]
    raise KeyError(f"{route}: say in conftest.py what fills {area}.{name}")


def _of_admin(route: str, name: str) -> Any:
    if name != "object_id" and name != "id":
        return "auth" if name == "app_label" else 1
    _, app, model, *_ = route.split("/")
    for kind in admin.site._registry:
        if (kind._meta.app_label, kind._meta.model_name) == (app, model):
            found = kind._default_manager.order_by("pk").first()
            return found.pk if found else 1
    return 1


def opened(client: Client, call: Call, query: str = "", sent: Sent | None = None) -> HttpResponseBase:
    """What the person gets for `sent`, or for nothing; whatever it changed is taken back."""
    point = transaction.savepoint()
    cache.clear()  # what one of them tried is not held against the next
    try:
        send = getattr(client, call.method.lower())
        api = call.route.startswith("api/") and call.method != "GET"
        more: dict[str, Any] = {"data": sent or {}} if call.method != "GET" else {}
        if api and not any(isinstance(value, File) for value in more["data"].values()):
            more["content_type"] = "application/json"
        for file in (value for value in more.get("data", {}).values() if isinstance(value, File)):
            file.seek(0)
        answer: HttpResponseBase = send(call.address + query, **more)
        answer.everything = body(answer)  # type: ignore[attr-defined]
        return answer
    finally:
        transaction.savepoint_rollback(point)


def body(answer: HttpResponseBase) -> str:
    """All that an answer says: its text, its headers, and what is packed in a workbook."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if zipfile.is_zipfile(io.BytesIO(raw)):
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            raw = b"\n".join(packed.read(name) for name in packed.namelist())
    return raw.decode("utf-8", "replace") + "\n".join(f"{name}: {value}" for name, value in answer.items())
