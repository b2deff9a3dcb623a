"""What no client of good will sends: told as a problem, whatever it is, and never a fault of the server's."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.api.calls import V1, send, told
from tests.api.conftest import Theirs

JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"[" * 100_000, "nested too deeply"),
        (b'{"offering": 1e999}', "too large a number"),
        (b'{"offering": NaN}', "JSON"),
        (b'{"offering": "\xff"}', "UTF-8"),
        (b'{"offering": ' + b"9" * 5_000 + b"}", "JSON"),
    ],
)
def test_a_body_that_is_no_json(as_ana: Client, procurement: object, body: bytes, says: str) -> None:
    assert says in told(as_ana.post(f"{V1}assessments/", body, content_type=JSON), 400)["title"]


@pytest.mark.parametrize("key", ["", "once"])
def test_a_body_that_is_too_large(
    as_ana: Client, procurement: object, settings: LazySettings, key: str
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    headers: dict[str, Any] = {"Idempotency-Key": key} if key else {}
    answer = as_ana.post(f"{V1}assessments/", b" " * 1_001, content_type=JSON, headers=headers)
    assert "too large" in told(answer, 413)["title"]


def test_a_form_with_too_many_fields(as_ana: Client, procurement: object, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    told(as_ana.post(f"{V1}imports/", {str(number): "x" for number in range(4)}), 413)


def test_a_form_that_falls_apart(as_ana: Client, procurement: object) -> None:
    kind = "multipart/form-data; boundary=x"
    for body in (
        b"",
        b"--x\r\nrubbish",
        b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\n\r\n--x--",
    ):
        told(as_ana.post(f"{V1}imports/", body, content_type=kind), 400)


def test_a_form_where_json_is_taken_and_json_where_a_form_is(as_ana: Client, procurement: object) -> None:
    told(as_ana.post(f"{V1}assessments/", {"use_case": "x"}), 415)
    told(as_ana.post(f"{V1}imports/", "{}", content_type=JSON), 415)


def test_an_address_with_nothing_in_it(as_ana: Client, theirs: Theirs) -> None:
    """PostgreSQL refuses NUL in any text, a filter's among them."""
    told(as_ana.get(f"{V1}claims/%00/"), 404)
    told(as_ana.get(f"{V1}vendors/?name__icontains=%00"), 400)
    told(as_ana.get(f"{V1}vendors/?cursor=%00"), 400)


@pytest.mark.parametrize("asked", ["null", "0", "-1", "1.5", "٣"])
def test_a_page_of_no_size(as_ana: Client, procurement: object, asked: str) -> None:
    assert told(send(as_ana, "get", f"vendors/?page_size={asked}"), 400)["where"] == "page_size"


def test_a_page_of_more_than_there_may_be_is_as_long_as_may_be(as_ana: Client, procurement: object) -> None:
    for asked in ("00200", "201", "9" * 5_000):
        assert send(as_ana, "get", f"vendors/?page_size={asked}").status_code == 200


def test_an_order_that_there_is_not(as_ana: Client, procurement: object) -> None:
    problem = told(send(as_ana, "get", "vendors/?ordering=-name,rubbish"), 400)
    assert problem["where"] == "ordering"
    assert "name" in problem["detail"]
    assert send(as_ana, "get", "vendors/?ordering=-name,id").status_code == 200


def test_a_filter_that_is_neither_true_nor_false(as_ana: Client, procurement: object) -> None:
    for query in ("decisions/?stands=perhaps", "conditions/?met_on__isnull=null"):
        assert "true or false" in told(send(as_ana, "get", query), 400)["detail"]
    assert send(as_ana, "get", "decisions/?stands=true").status_code == 200


@pytest.mark.parametrize("query", ["unit=abc", "unit=0", f"unit={10**30}", "standing=rubbish"])
def test_a_portfolio_of_nothing_there_is(as_ana: Client, theirs: Theirs, query: str) -> None:
    for address in ("portfolio/", "portfolio/csv/"):
        told(send(as_ana, "get", f"{address}?{query}"), 400)


def test_reports_are_filtered_by_their_format(as_ana: Client, theirs: Theirs) -> None:
    assert len(send(as_ana, "get", "reports/?format=pdf").json()["results"]) == 1
    assert send(as_ana, "get", "reports/?format=xlsx").json()["results"] == []


def test_a_file_is_given_to_who_asks_for_its_kind(as_ana: Client, theirs: Theirs) -> None:
    address = f"{V1}reports/{theirs.report.pk}/download/"
    assert as_ana.get(address, headers={"Accept": "application/pdf"}).status_code == 200
    told(as_ana.get(f"{V1}reports/999999/download/", headers={"Accept": "application/pdf"}), 404)


def test_a_fault_of_ours_is_a_problem_too(as_ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("riskassess.accounts.api.UnitViewSet.get_queryset", fails)
    as_ana.raise_request_exception = False
    answer = send(as_ana, "get", "units/")
    assert told(answer, 500)["detail"]
    assert b"secret" not in answer.content


def test_a_host_that_is_not_ours_is_told_so_as_a_problem(as_ana: Client) -> None:
    told(as_ana.get(f"{V1}units/", headers={"Host": "evil.example"}), 400)
