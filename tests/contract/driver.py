"""The whole OpenAPI description, sent: what schemathesis makes of an operation, with Procurement's own records in it.

Boundary values of each parameter and field, what its type does not allow, and texts, numbers and files out of nowhere.
The same cases every time: seed and examples are fixed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test

from config.rendering import as_json

EXAMPLES = 4
"""Of each operation, beside some hundred boundary values."""
IN_A_GROUP = 6
"""Operations of one test: making the records costs as much as asking for them."""
METHODS = ("get", "post", "put", "patch", "delete")


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The OpenAPI description as it is served."""
    found = SchemaGenerator(api_version=None).get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    loaded: dict[str, Any] = json.loads(as_json(found))
    return loaded


@lru_cache(maxsize=1)
def api() -> Any:
    """The description as schemathesis reads it, with the site itself behind it."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 7,
            "generation": {"deterministic": True, "max-examples": EXAMPLES, "no-shrink": True},
            "phases": {"coverage": {"unexpected-methods": ["DELETE"]}},
            # Beside what it expects by itself: what If-Match is held against comes before the body.
            "checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}},
        }
    )
    made = schemathesis.openapi.from_dict(description(), config=config)
    made.app = WSGIHandler()
    return made


def groups() -> list[str]:
    """Names of groups of operations, `runs 1` and so on; found without making the description."""
    found = Counter(_resource(path) for path, *_ in EndpointEnumerator().get_api_endpoints())  # type: ignore[no-untyped-call]
    return [
        f"{resource} {number + 1}"
        for resource, operations in found.items()
        for number in range(-(-operations // IN_A_GROUP))
    ]


def operations_of(group: str) -> list[tuple[str, str]]:
    """Address and method of each operation in a group."""
    resource, number = group.split()
    found = [
        (path, method)
        for path, operations in description()["paths"].items()
        for method in METHODS
        if method in operations and _resource(path) == resource
    ]
    return found[(int(number) - 1) * IN_A_GROUP :][:IN_A_GROUP]


def send_each(path: str, method: str, send: Callable[[Any], None]) -> None:
    """Calls `send` with each case of an operation; the plugin's own way would make all cases to collect them."""

    def look(case: Any) -> None:
        send(case)

    build_operation_test(
        config=api().config, operation=api()[path][method], test_func=look, given_kwargs={},
        feedback=FeedbackSources(),
    )()  # fmt: skip


def _resource(path: str) -> str:
    return path.split("/")[3]
