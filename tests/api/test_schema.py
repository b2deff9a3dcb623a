"""The OpenAPI description: complete, without a warning, and true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from config.api import router


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """As `manage.py spectacular --validate --fail-on-warn` writes it; a warning fails here."""
    file: Path = tmp_path_factory.mktemp("schema") / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    loaded: dict[str, Any] = yaml.safe_load(file.read_text())
    return loaded


def test_every_route_is_described(schema: dict[str, Any]) -> None:
    operations = {(path, method) for path, found in schema["paths"].items() for method in found}
    routes = sum(
        len(pattern.callback.actions.keys() - {"head"})  # type: ignore[attr-defined]
        for pattern in router.urls
        if pattern.name != "api-root" and "format" not in pattern.pattern.regex.groupindex  # type: ignore[union-attr]
    )
    assert len(operations) == routes


def test_every_operation_says_what_it_does_and_how_it_says_no(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation.get("description"), (path, method)
            for status in ("401", "403"):
                assert "application/problem+json" in operation["responses"][status]["content"]
            names_records = "{" in path or path == "/api/v1/comparisons/"
            assert ("404" in operation["responses"]) == names_records


def test_no_name_is_made_up_by_the_generator(schema: dict[str, Any]) -> None:
    """Such as State771Enum: it would change with the next field, and clients with it."""
    names = set(schema["components"]["schemas"])
    assert not [name for name in names if re.search(r"[0-9a-f]{3}Enum$", name)]
    assert {"AssessmentState", "AnswerState", "BatchState", "JobState", "Outcome", "Problem"} <= names


def test_it_is_served_to_people_signed_in(as_ana: Client) -> None:
    response = as_ana.get("/api/v1/schema/")
    assert response.status_code == 200
    assert b"openapi: 3.1" in response.content
