"""Calls of the API as a program makes them: JSON in, JSON out."""

from __future__ import annotations

from typing import Any

from django.test import Client

V1 = "/api/v1/"


def send(client: Client, method: str, address: str, body: Any = None) -> Any:
    """The response to `method` at `address`, which is below /api/v1/ unless it is whole."""
    where = address if address.startswith(("/", "http")) else V1 + address
    if body is None:
        return client.generic(method.upper(), where)
    return getattr(client, method.lower())(where, body, content_type="application/json")


def read(client: Client, address: str) -> Any:
    """What a GET finds; it has to find something."""
    response = send(client, "get", address)
    assert response.status_code == 200, (address, response.content)
    return response.json()


def told(response: Any, status: int) -> dict[str, Any]:
    """The problem that a response tells, in the one shape there is."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert {"detail", "where"} <= set(problem)
    return problem
