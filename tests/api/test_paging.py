"""Pages of a list: each row once, in order, whatever is unknown, equal or added meanwhile."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import AIModel
from riskassess.jobs.models import Job
from tests.api.calls import read, send, told
from tests.builders import make_assessment, make_job, make_model, make_offering, make_vendor


def walked(client: Client, address: str) -> list[list[object]]:
    """The ids of each page, forwards to the end; then backwards again, which has to show the same."""
    pages, back = [], []
    page = read(client, address)
    assert page["previous"] is None
    while True:
        pages.append([row["id"] for row in page["results"]])
        if page["next"] is None:
            break
        page = read(client, page["next"])
    while page["previous"]:
        page = read(client, page["previous"])
        back.append([row["id"] for row in page["results"]])
        assert page["next"]
    assert back[::-1] == pages[:-1]
    return pages


def flat(pages: list[list[object]]) -> list[object]:
    return [pk for page in pages for pk in page]


@pytest.mark.parametrize("ordering", ["context_tokens", "-context_tokens"])
def test_unknown_values_come_last_and_nothing_is_lost(as_ana: Client, ordering: str) -> None:
    for tokens in (8, None, 8, 16, None, 8, None, 16, 8):
        make_model(context_tokens=tokens)
    pages = walked(as_ana, f"models/?ordering={ordering}&page_size=2")
    assert [len(page) for page in pages] == [2, 2, 2, 2, 1]
    shown = [AIModel.objects.get(pk=pk).context_tokens for pk in flat(pages)]
    known = [8, 8, 8, 8, 16, 16]
    assert shown == (known[::-1] if ordering.startswith("-") else known) + [None] * 3
    assert len(set(flat(pages))) == 9


@pytest.mark.parametrize("value", [None, 8])
def test_a_thousand_equal_rows_end_somewhere(as_ana: Client, value: int | None) -> None:
    names = [f"m{n}" for n in range(1200)]
    AIModel.objects.bulk_create(AIModel(name=n, slug=n, identity=n, context_tokens=value) for n in names)
    assert len(set(flat(walked(as_ana, "models/?ordering=context_tokens&page_size=200")))) == 1200


def test_two_fields_and_a_name_beyond_ascii(as_ana: Client) -> None:
    for name in ("é", "a&b=c", "日本", "a&b=c", "é", "Z"):
        make_model(name, slug=f"m{AIModel.objects.count()}")
    found = flat(walked(as_ana, "models/?ordering=name,-context_tokens&page_size=1"))
    names = [AIModel.objects.get(pk=pk).name for pk in found]
    assert names == sorted(names, key=str)
    assert len(set(found)) == 6


def test_times_and_ids_that_are_no_numbers(as_ana: Client, procurement: BusinessUnit) -> None:
    start = datetime(2026, 11, 24, 9, tzinfo=UTC)
    for n in range(7):
        done = start + timedelta(microseconds=n // 2) if n < 5 else None
        make_job(procurement, state="done" if done else "queued", finished_at=done)
    for ordering in ("finished_at", "-finished_at", "created_at", ""):
        found = flat(walked(as_ana, f"jobs/?ordering={ordering}&page_size=2"))
        assert len(set(found)) == Job.objects.count() == 7


def test_dates_nobody_set(as_ana: Client, ana: User, procurement: BusinessUnit) -> None:
    offering = make_offering()
    for due in (None, date(2026, 12, 1), None, date(2026, 11, 30)):
        make_assessment(ana, procurement, offering=offering, due_on=due)
    assert len(set(flat(walked(as_ana, "assessments/?ordering=-due_on&page_size=1")))) == 4


def test_a_row_added_meanwhile_shifts_nothing(as_ana: Client) -> None:
    for name in "bdfh":
        make_vendor(name)
    first = read(as_ana, "vendors/?ordering=name&page_size=2")
    make_vendor("a")
    second = read(as_ana, first["next"])
    assert [row["name"] for row in first["results"] + second["results"]] == ["b", "d", "f", "h"]


def test_a_cursor_of_another_order_is_refused(as_ana: Client) -> None:
    for _ in range(3):
        make_model(context_tokens=1)
    cursor = (
        read(as_ana, "models/?ordering=context_tokens&page_size=1")["next"].split("cursor=")[1].split("&")[0]
    )
    assert told(send(as_ana, "get", f"models/?cursor={cursor}"), 400)["where"] == "cursor"


def test_more_rows_than_a_page_may_have_are_as_many_as_it_may_have(as_ana: Client) -> None:
    make_vendor()
    assert len(read(as_ana, "vendors/?page_size=99999")["results"]) == 1


@pytest.mark.parametrize("asked", ["0", "-1", "abc"])
def test_what_is_no_number_of_rows_is_refused_with_the_bounds(as_ana: Client, asked: str) -> None:
    problem = told(send(as_ana, "get", f"vendors/?page_size={asked}"), 400)
    assert (problem["where"], problem["detail"]) == ("page_size", "Use 1 to 200.")


@pytest.mark.parametrize(
    "forged",
    [[], [0], [0, "1", "2"], [0, str(10**30)], [0, "9" * 5000], [0, "\0"], [0, None], [0, {}], {}, 7],
)
def test_no_forged_cursor_breaks_a_list(as_ana: Client, forged: object) -> None:
    cursor = urlsafe_b64encode(json.dumps(forged).encode()).decode()
    assert as_ana.get("/api/v1/vendors/", {"cursor": cursor}).status_code in {200, 400}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_no_cursor_breaks_a_list(as_ana: Client, cursor: str) -> None:
    response = as_ana.get("/api/v1/vendors/", {"cursor": cursor})
    assert response.status_code in {200, 400}
