"""What holds for every operation of the OpenAPI schema: how it says no."""

from __future__ import annotations

from typing import Any

WHY = {
    "400": "What was sent cannot be used as it is.",
    "401": "Nobody is signed in.",
    "403": "Nobody is signed in, or the person may not do this.",
    "404": "There is no such record that the person may see.",
    "409": "The record has moved on, or does not allow this as it stands.",
}
WRITES = ("post", "put", "patch", "delete")


def with_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """The schema with the problem responses that each operation can give (a hook of drf-spectacular)."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status in _statuses(path, method, operation):
                operation["responses"][status] = {
                    "description": WHY[status],
                    "content": {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    },
                }
    return result


def _statuses(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    found = ["401", "403"]
    if "requestBody" in operation or any(one["in"] == "query" for one in operation.get("parameters", [])):
        found.append("400")
    if "{" in path:
        found.append("404")
    if method in WRITES:
        found.append("409")
    return sorted(found)


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
