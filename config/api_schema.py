"""What holds for every operation of the OpenAPI schema: its headers, and how it says no."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from config.api_rights import WRITES, rights_for

WHY = {
    "400": "What was sent cannot be used as it is.",
    "401": "Nobody is signed in.",
    "403": "Nobody is signed in, or the person may not do this.",
    "404": "There is no such record that the person may see.",
    "409": "The record has moved on, or does not allow this as it stands.",
    "412": "The record is no longer what If-Match says.",
    "413": "The body, or one of its parts, is larger than is taken here.",
    "415": "The body is of a type that is not taken here.",
    "422": "The Idempotency-Key was used for another request.",
    "503": "The database does not answer at this moment: wait as long as Retry-After says.",
    "507": "The disk is full: nothing was kept.",
    "429": "Too many requests: wait as long as Retry-After says.",
}
IF_NONE_MATCH = ("If-None-Match", "The ETag of what you have: 304 while that is still so.")
IF_MATCH = ("If-Match", "The ETag of the record as you saw it: 412 where it is another by now.")
ONCE = (
    "Idempotency-Key",
    "Up to 200 letters of your own: sent again within a day, the request is not done again.",
)
FIELDS = "Names of fields, separated by commas: only these are shown."


# What answers say beside their bodies, by status.
HEADERS: dict[str, dict[str, str]] = {
    "401": {"WWW-Authenticate": "Bearer: a token is taken."},
    "429": {"Retry-After": "Seconds to wait."},
    "503": {"Retry-After": "Seconds to wait."},
}
TAG = {"ETag": "What it was like: for If-None-Match and If-Match."}
DONE_ONCE = {"Idempotent-Replayed": "`true` where it was done before under this Idempotency-Key."}


class Schema(AutoSchema):
    """An operation's description. What is only read may be empty where its column may: the framework forgets that."""

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        is_told = isinstance(field, (serializers.ChoiceField, serializers.EmailField)) and field.read_only
        if is_told and _may_be_empty(field):
            field.allow_blank = True
        return super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]


def _may_be_empty(field: Any) -> bool:
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    try:
        return bool(model and model._meta.get_field(field.source).blank)
    except FieldDoesNotExist:
        return False


def with_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """The schema with the problem responses that each operation can give (a hook of drf-spectacular)."""
    _anything_is_null_too(result)
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _conditions(path, method, operation)
            _security(path, method, operation)
            said = set(operation["responses"]) & set(WHY)  # by the resource itself
            for status in sorted({*_statuses(path, method, operation), *said}):
                problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
                # Beside what a resource says of the status itself, such as 422 with what is wrong in a workbook.
                found = operation["responses"].setdefault(status, {"description": WHY[status]})
                found["content"] = {**found.get("content", {}), **problem}
                _with_headers(found, HEADERS.get(status, {}))
    return result


def _security(path: str, method: str, operation: dict[str, Any]) -> None:
    """A token with one of the scopes it takes, or a session. A token without any scope only reads."""
    scopes = [[right.value] for right in rights_for(method, path)] or [[]]
    tokens = [{"accessToken": scope} for scope in scopes]
    operation["security"] = [*tokens, *(one for one in operation["security"] if "accessToken" not in one)]


def _with_headers(response: dict[str, Any], headers: dict[str, str]) -> None:
    for name, words in headers.items():
        response.setdefault("headers", {})[name] = {"description": words, "schema": {"type": "string"}}


def _anything_is_null_too(found: Any) -> None:
    """A field of any JSON is written as "anything or null, not both": null would be neither."""
    if isinstance(found, dict):
        if {} in found.get("oneOf", ()):
            del found["oneOf"]
        for inner in found.values():
            _anything_is_null_too(inner)
    elif isinstance(found, list):
        for inner in found:
            _anything_is_null_too(inner)


def _statuses(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    found = ["401", "403", "429", "503"]
    if "requestBody" in operation or any(one["in"] == "query" for one in operation.get("parameters", [])):
        found.append("400")
    if "requestBody" in operation:
        found += ["413", "415"]
    if "{" in path:
        found += ["404", "409"]  # what is read may not be there yet, such as a report's file
    if method in WRITES:
        found += ["409", "412", "507"]
    if method == "post":
        found += ["400", "422"]  # of the Idempotency-Key, where nothing else could be wrong
    return sorted(set(found))


def _conditions(path: str, method: str, operation: dict[str, Any]) -> None:
    """The headers by which a request is conditional or done once, and the choice of fields."""
    given = operation.setdefault("parameters", [])
    headers = [IF_NONE_MATCH] if method == "get" else [IF_MATCH] if "{" in path else []
    headers += [ONCE] if method == "post" else []
    there = {one["name"] for one in given}
    given += [
        {"in": "header", "name": name, "schema": {"type": "string"}, "description": words}
        for name, words in headers
        if name not in there
    ]
    if method == "get" and operation["operationId"].endswith(("_list", "_retrieve")):
        given.append({"in": "query", "name": "fields", "schema": {"type": "string"}, "description": FIELDS})
    if method == "get":
        operation["responses"].setdefault("304", {"description": "It is still what If-None-Match says."})
        _with_headers(operation["responses"]["304"], TAG)
    for status, response in operation["responses"].items():
        if status == "200" and method == "get" and "application/json" in response.get("content", {}):
            _with_headers(response, TAG)
        if status.startswith("2") and method == "post":
            _with_headers(response, DONE_ONCE)


PROBLEM_SCHEMA = {
    "type": "object",
    "description": "An error, as problem details (RFC 9457).",
    "properties": {
        "title": {"type": "string", "description": "What is wrong."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What to do about it."},
        "where": {
            "type": "string",
            "description": "The field, question or cell that it is about; may be empty.",
        },
        "errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "All that is wrong with a request of the wrong shape, by field.",
        },
    },
    "required": ["title", "status", "detail", "where"],
}
