"""The API does what its OpenAPI description says, whatever is sent to it, by each role and by those who have none.

Nothing here knows what an operation is for: what is asked for, what comes back and how it says no are the
description's. No answer may be a fault of the server's, have a status, a type, a header or a body that is not
described, or take what the description refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from riskassess.accounts import tokens
from riskassess.accounts.models import User
from riskassess.accounts.roles import Role
from tests.contract.driver import groups, operations_of, send_each
from tests.contract.records import with_records

CHECKS: list[Any] = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, unsupported_method, allow_header_conformance,
]  # fmt: skip
EVERYBODY, ONE_MORE = 24, 3
"""Each case is sent by who does this for a living; one of so many by everybody, one of so many by the next in turn."""
DOES: tuple[tuple[str, Role], ...] = (
    ("/decide/", Role.APPROVER),
    ("/return/", Role.APPROVER),
    ("/take/", Role.APPROVER),
    ("/webhooks/", Role.ADMINISTRATOR),
    ("/trail/", Role.AUDITOR),
)


@pytest.fixture
def keys(people: dict[str, Client], filled: dict[str, Any]) -> dict[str, str]:
    """A token of everybody's, with every scope there is; nobody has none."""
    who = {role.value: User.objects.get(name=f"Mx {role.label}") for role in Role}
    who["elsewhere"] = User.objects.get(name="Cleo Osei")
    return {"nobody": "", **{name: tokens.make(user, "x", tokens.SCOPES).key for name, user in who.items()}}


@pytest.mark.django_db
@pytest.mark.parametrize("group", groups())
def test_every_answer_is_as_described(group: str, keys: dict[str, str], filled: dict[str, Any]) -> None:
    found: dict[str, str] = {}
    for path, method in operations_of(group):
        send_each(path, method, _sent(keys, filled, _who_does(path), found))
    assert not found, "\n\n".join(f"{what}\n{how}" for what, how in found.items())


def _sent(
    keys: dict[str, str], filled: dict[str, Any], does: str, found: dict[str, str]
) -> Callable[[Any], None]:
    """A function that sends a case, and keeps the first failure of each kind in `found`."""
    number = count()

    def send(case: Any) -> None:
        at = next(number)
        with_records(case, filled, at)
        names = list(keys)
        turn = [names[at // ONE_MORE % len(names)]] if at % ONE_MORE == 0 else []
        for name in names if at % EVERYBODY == 0 else dict.fromkeys([does, *turn]):
            point = transaction.savepoint()
            try:
                _looked_at(case, name, keys[name], found)
            finally:
                transaction.savepoint_rollback(point)

    return send


def _looked_at(case: Any, name: str, key: str, found: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = case.call(headers=headers)
    checks = (
        [*CHECKS, negative_data_rejection] if case.method == "GET" and not _asks_for_nothing(case) else CHECKS
    )
    try:
        case.validate_response(answer, checks=checks)
    except FailureGroup as failures:
        for one in failures.exceptions:
            what = f"{case.operation.label} by {name}: {type(one).__name__}"
            said = f"{case.as_curl_command(headers)[:700]}\n{answer.status_code} {answer.content[:500]!r}"
            found.setdefault(f"{case.operation.label}: {type(one).__name__}", f"{what}\n{said}\n{one}")


def _asks_for_nothing(case: Any) -> bool:
    """A filter without a value is no filter, whatever its type: `?unit=` comes from any form that was left empty."""
    return any(value in ("", [""], [], None) for value in (case.query or {}).values())


def _who_does(path: str) -> str:
    return next((role.value for part, role in DOES if part in path), Role.ASSESSOR.value)


def test_the_description_is_sent_whole() -> None:
    """Each operation is in one group, and in one only."""
    sent = [operation for group in groups() for operation in operations_of(group)]
    assert len(sent) == len(set(sent)) > 110
