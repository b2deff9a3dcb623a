"""What holds for every operation of the OpenAPI schema: how it says no."""

from __future__ import annotations

from typing import Any

WHY = {
    "400": "What was sent cannot be used as it is.",
    "401": "Nobody is signed in.",
    "403": "Nobody is signed in, or the person may not do this.",
    "404": "There is no such record that the person may see.",
    "409": "The record has moved on, or does not allow this as it stands.",
    "412": "The record is no longer what If-Match says.",
    "422": "The Idempotency-Key was used for another request.",
    "429": "Too many requests: wait as long as Retry-After says.",
}
IF_NONE_MATCH = ("If-None-Match", "The ETag of what you have: 304 while that is still so.")
IF_MATCH = ("If-Match", "The ETag of the record as you saw it: 412 where it is another by now.")
ONCE = (
    "Idempotency-Key",
    "Up to 200 letters of your own: sent again within a day, the request is not done again.",
)
FIELDS = "Names of fields, separated by commas: only these are shown."
WRITES = ("post", "put", "patch", "delete")


def with_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """The schema with the problem responses that each operation can give (a hook of drf-spectacular)."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _conditions(path, method, operation)
            for status in _statuses(path, method, operation):
                operation["responses"][status] = {
                    "description": WHY[status],
                    "content": {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    },
                }
    return result


def _statuses(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    found = ["401", "403", "429"]
    if "requestBody" in operation or any(one["in"] == "query" for one in operation.get("parameters", [])):
        found.append("400")
    if "{" in path:
        found.append("404")
    if method in WRITES:
        found.append("409")
        found += ["412"] if "{" in path else []
    if method == "post":
        found.append("422")
    return sorted(found)


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
