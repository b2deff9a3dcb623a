"""Counting queries: a page costs what its test says, each query with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

FRAME = ("the session", "the person", "the roles, for all who ask for them")


def assert_queries(client: Client, address: str, reasons: Sequence[str]) -> None:
    """The page at `address` opens with exactly the queries in `reasons`."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, address
    asked = [query["sql"][:160] for query in captured.captured_queries]
    assert len(asked) == len(reasons), "\n".join([f"{address}: {len(asked)} queries", *asked])
