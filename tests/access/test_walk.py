"""What each person gets at every address of the site, as the tables say: outsiders nothing of a unit's work, and of its
own people each what their role is for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admindocs.views import simplify_regex
from django.test import Client

from config.api_rights import rights_for
from riskassess.accounts.roles import roles_that
from tests.access.conftest import MEMBERS, OUTSIDERS, PEOPLE
from tests.access.rights import READS, bodies, who_may
from tests.access.walk import AREAS, SECRET, Call, calls, opened
from tests.api.conftest import Theirs

TABLES = Path(__file__).with_name("tables")
# Routes whose parameters name work of Procurement: to somebody elsewhere there is no such thing.
THEIR_WORK = (
    "assessments/<", "runs/<", "reports/<", "inquiries/<", "imports/<int:pk>", "jobs/<", "documents/<",
    "questions/<", "sources/<", "history/<", "api/v1/^assessments/(", "api/v1/^runs/(", "api/v1/^reports/(",
    "api/v1/^inquiries/(", "api/v1/^imports/(", "api/v1/^jobs/(", "api/v1/^documents/(", "api/v1/^questions/(",
    "api/v1/^sources/(", "api/v1/^units/(", "api/v1/^trail/(", "api/v1/^webhooks/(", "api/v1/^decisions/(",
    "api/v1/^conditions/(",
)  # fmt: skip
LISTS = ("assessments/", "imports/", "documents/", "inquiries/", "api/v1/^assessments/$")
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OPEN = ("health/live/", "health/ready/")  # to everybody, by what they are
ASKED = "?q={word}&search={word}&ordering=-id&sort=-name&use_case={word}&name={word}"


def declared(area: str) -> dict[str, tuple[str, ...]]:
    """The table of an area: method and route, then a status for each of `PEOPLE`."""
    found = {}
    for line in (TABLES / f"{area}.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            method, route, *statuses = _split(line)
            found[f"{method} {route}"] = tuple(statuses)
    return found


def _split(line: str) -> list[str]:
    words = line.split()
    at = len(words) - len(PEOPLE)
    return [words[0], " ".join(words[1:at]), *words[at:]]


@pytest.mark.parametrize("area", AREAS)
def test_every_address_answers_each_person_as_the_table_says(
    area: str, people: dict[str, Client], theirs: Theirs, filled: dict[str, Any]
) -> None:
    """A route that is not in the table fails: add it, with what each of them is to get.

    WRITE_ACCESS_TABLE=1 writes what is answered now; read the difference before it is kept.
    """
    answered, told, forms = {}, [], bodies(filled)
    for call in calls(theirs, filled, area):
        answers = {name: opened(client, call, sent=forms.get(str(call))) for name, client in people.items()}
        answered[str(call)] = tuple(str(answers[name].status_code) for name in PEOPLE)
        told += [f"{call} told {name}" for name in OUTSIDERS if SECRET in answers[name].everything]  # type: ignore[attr-defined]
    if os.environ.get("WRITE_ACCESS_TABLE"):
        (TABLES / f"{area}.txt").write_text(written(answered))
    assert not told
    table = declared(area)
    assert set(answered) - set(table) == set(), f"not in tests/access/tables/{area}.txt"
    assert set(table) - set(answered) == set(), "in the table, but no longer routes"
    wrong = [
        f"{name}: {found}, declared {table[name]}" for name, found in answered.items() if found != table[name]
    ]
    assert not wrong, "\n".join(wrong)


def written(answered: dict[str, tuple[str, ...]]) -> str:
    head = (
        "# Who gets which status at which address. Columns: " + ", ".join(PEOPLE) + ".\n"
        "# Parameters are Procurement's records; `elsewhere` assesses and approves in Research, the auditor's role is\n"
        "# there too, all others have theirs in Procurement.\n"
        "# Bodies are as small as can be (rights.py): 400, 409, 422 are past the door.\n"
        "# 404 says that there is no such thing for that person.\n"
    )
    width = max(map(len, answered))
    rows = [f"{name:<{width}}  {'  '.join(statuses)}" for name, statuses in answered.items()]
    return head + "\n".join(rows) + "\n"


@pytest.mark.parametrize("area", AREAS)
def test_the_tables_keep_the_promises(area: str) -> None:
    """What must hold of every line, whoever adds it."""
    for line, statuses in declared(area).items():
        route = line.split(" ", 1)[1]
        got = dict(zip(PEOPLE, statuses, strict=True))
        assert all(not status.startswith("5") for status in statuses), line
        if route.startswith(THEIR_WORK) and got["elsewhere"] != "405":
            assert got["elsewhere"] == "404", f"{line}: somebody elsewhere learns that it is there"
            assert got["no_role"] == "404", line
        if route in OPEN:
            continue
        if route.startswith("api/v1/"):
            assert got["nobody"] in {"401", "404", "405"}, line
        elif not route.startswith(("account/", "ask/")):
            assert got["nobody"] in {"302", "404", "405", "403"}, line
        if route.startswith("admin/"):
            assert set(statuses) == {"302"} or "login" in route or "jsi18n" in route, line


@pytest.mark.parametrize("area", AREAS)
def test_each_role_changes_what_it_may_and_nothing_else(area: str) -> None:
    """Of every call that may change something: 403 or 404 for a role without the right, neither for one with it.

    The rights are written out in rights.py; what the product thinks of them is not asked.
    """
    wrong = []
    for line, statuses in declared(area).items():
        method, route = line.split(" ", 1)
        got = dict(zip(PEOPLE, statuses, strict=True))
        if method == "GET" or route.startswith(("admin/", "account/", "ask/")) or got["assessor"] == "405":
            continue
        may = who_may(line)
        for role in MEMBERS:
            if (got[role] in {"403", "404", "405"}) is (role in may):
                wrong.append(f"{line}: {role} gets {got[role]}, {'may' if role in may else 'may not'}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("area", AREAS)
def test_the_auditor_reads_what_every_role_reads(area: str) -> None:
    for line, statuses in declared(area).items():
        got = dict(zip(PEOPLE, statuses, strict=True))
        if line.startswith("GET") and got["approver"] == "200":
            assert got["auditor"] == "200", line


@pytest.mark.parametrize("export", ["", "&export=xlsx"])
def test_lists_searches_and_exports_tell_outsiders_nothing(
    people: dict[str, Client], theirs: Theirs, filled: dict[str, Any], export: str
) -> None:
    """Asked for by words of it, in any order, as any file: nothing of Procurement's work, not even that it is there.

    What is asked for is half of the secret, since pages repeat it; the other half is what must not come back.
    """
    word, rest = SECRET.split("-")
    for call in calls(theirs, filled):
        is_one = "<" in call.route and not call.route.startswith("history/")
        if call.method != "GET" or is_one or call.route.startswith(("admin/", "account/")):
            continue
        for name in OUTSIDERS:
            answer = opened(people[name], call, ASKED.format(word=word) + export)
            assert answer.status_code < 500, (call, name)
            assert rest not in answer.everything, (str(call), name)  # type: ignore[attr-defined]


def test_the_secret_is_where_it_belongs(as_ana: Client, theirs: Theirs, filled: dict[str, Any]) -> None:
    """The walk would see it: its own people read it on most pages of its work."""
    ours = [
        call
        for call in calls(theirs, filled)
        if call.method == "GET" and call.route.startswith(THEIR_WORK + LISTS)
    ]
    answers: dict[str, Any] = {call.route: opened(as_ana, call) for call in ours}
    seen = {route for route, answer in answers.items() if SECRET in answer.everything}
    assert len([route for route in seen if route.startswith(THEIR_WORK)]) > 30, seen
    assert set(LISTS) <= seen


def test_a_call_is_named_by_its_route() -> None:
    assert str(Call("jobs/<uuid:pk>/", "GET", "/jobs/1/")) == "GET jobs/<uuid:pk>/"


@pytest.mark.parametrize("area", ["api", "api_assessments"])
def test_the_description_names_the_rights_that_are_asked_for(area: str) -> None:
    """Of each write: the roles with one of the rights that its documentation names are those that may do it."""
    wrong = []
    for line, statuses in declared(area).items():
        method, route = line.split(" ", 1)
        may = (
            who_may(line)
            if method in UNSAFE and dict(zip(PEOPLE, statuses, strict=True))["assessor"] != "405"
            else None
        )
        if not may or may == READS:  # nobody by what this world holds, or whoever may read it
            continue
        path = "/" + simplify_regex(route).replace("<", "{").replace(">", "}").lstrip("/").replace(
            "{pk}", "{id}"
        )
        rights = rights_for(method.lower(), path)
        named = {role.value for right in rights for role in roles_that(right)}
        if named != may:
            wrong.append(f"{line}: the description says {sorted(named)}, {sorted(may)} may")
    assert not wrong, "\n".join(wrong)
