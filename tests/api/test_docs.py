"""The documentation of the API says what its description says, for people."""

from __future__ import annotations

import pytest
from django.test import Client

from config.api_docs import description, resources
from tests.queries import FRAME, assert_queries


def test_every_operation_is_told_once_with_an_example() -> None:
    told = [one for resource in resources("https://risk.example") for one in resource.operations]
    described = {
        (method.upper(), path)
        for path, operations in description()["paths"].items()
        for method in operations
        if method in {"get", "post", "put", "patch", "delete"}
    }
    assert {(one.method, one.path) for one in told} == described
    assert len(told) == len(described)
    for one in told:
        assert one.title, one.key
        assert one.curl.endswith("'"), one.key
        assert "https://risk.example/api/v1/" in one.curl
        assert "{" not in one.curl.rsplit("https://", 1)[1], "every part of the address is filled"


def test_what_a_write_takes_comes_from_the_description() -> None:
    assessments = next(one for one in resources("https://risk.example") if one.name == "assessments")
    start = next(one for one in assessments.operations if one.key == "assessments_create")
    assert [can.value for can in start.scopes] == ["request"]
    assert start.roles == "Requester, Assessor"
    fields = {one.name: one for one in start.sent}
    assert fields["offering"].required
    assert not fields["description"].required
    assert "200 letters" in fields["use_case"].kind
    assert '"offering": "acme-swift-1"' in start.curl
    decide = next(one for one in assessments.operations if one.key == "assessments_decide_create")
    inner = [one for one in decide.sent if one.depth == 1]
    assert {"text", "owner", "due_on"} <= {one.name for one in inner}
    upload = next(one for one in resources("x") if one.name == "imports").operations
    assert any("-F file=@FILE" in one.curl for one in upload)


@pytest.mark.django_db
def test_the_pages(as_evan: Client, client: Client) -> None:
    """Read by whoever has an account; the database is asked for nothing but the person."""
    index = as_evan.get("/docs/api/").content.decode()
    for words in ("Idempotency-Key", "If-None-Match", "Retry-After", "page_size", "keep_webhooks"):
        assert words in index
    for resource in resources("https://risk.example"):
        page = as_evan.get(f"/docs/api/{resource.name}/")
        assert page.status_code == 200
        assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert as_evan.get("/docs/api/nothing/").status_code == 404
    assert client.get("/docs/api/").status_code == 302
    assert_queries(as_evan, "/docs/api/", FRAME)
