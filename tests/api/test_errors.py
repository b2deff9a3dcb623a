"""Every no has one shape: what is wrong, what to do, where."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.api.calls import V1, send, told
from tests.api.conftest import Theirs


def test_a_wrong_shape_lists_all_that_is_wrong(as_ana: Client, theirs: Theirs) -> None:
    problem = told(send(as_ana, "post", "assessments/", {"unit": "x", "use_case": "y" * 201}), 400)
    assert set(problem["errors"]) == {"offering", "unit", "use_case"}
    assert problem["where"] in problem["errors"]
    assert problem["detail"] == problem["errors"][problem["where"]][0]


def test_a_rule_of_the_house_says_what_to_do(as_ana: Client, theirs: Theirs) -> None:
    address = f"assessments/{theirs.assessment.pk}/answers/"
    problem = told(send(as_ana, "put", address, {"question": "profile.D", "state": "known", "value": 9}), 400)
    assert problem["where"] == "profile.D"
    assert "0 to 4" in problem["detail"]
    assert "errors" not in problem


@pytest.mark.parametrize(
    "value", [None, {}, [], [[]], "9" * 5000, {"a": {"b": []}}, 1e300, [1, 2, 3], True, "\x00"]
)
@pytest.mark.parametrize(
    "question", ["profile.D", "DAT-TRN", "personal_data", "flag.P", "zone", "at_rest_countries"]
)
def test_no_value_breaks_a_question(as_ana: Client, theirs: Theirs, question: str, value: Any) -> None:
    body = {"question": question, "state": "known", "value": value}
    response = send(as_ana, "put", f"assessments/{theirs.assessment.pk}/answers/", body)
    if response.status_code != 200:
        assert told(response, 400)["where"]


@pytest.mark.parametrize("value", ["A\x00B", "A\ud800B"])
def test_text_that_no_record_could_hold_is_refused(as_ana: Client, theirs: Theirs, value: str) -> None:
    body = {"question": "host", "state": "known", "value": value}
    refused = send(as_ana, "put", f"assessments/{theirs.assessment.pk}/answers/", body)
    assert told(refused, 400)["where"] == "host"


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("assessments/{}/answers/", {"question": "deployment", "state": "\ud800"}),
        ("assessments/{}/answers/", {"question": "profile.D", "state": "known", "value": "\ud800"}),
        ("imports/{}/columns/", {"columns": {"\ud800": "\ud800"}}),
    ],
)
def test_an_error_can_repeat_half_a_character(
    as_ana: Client, theirs: Theirs, address: str, body: dict[str, Any]
) -> None:
    key = theirs.batch.pk if "imports" in address else theirs.assessment.pk
    told(send(as_ana, "put", address.format(key), body), 400)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "assessments/999999/", 404),
        ("get", "assessments/abc/", 404),
        ("get", f"assessments/{10**30}/", 404),
        ("get", "jobs/abc/", 404),
        ("get", "runs/999999/record/", 404),
        ("get", "imports/999999/rows/", 404),
        ("get", f"imports/{10**30}/rows/{10**30}/", 404),
        ("get", "no-such-thing/", 404),
        ("delete", "assessments/", 405),
        ("post", "vendors/", 405),
        ("get", "assessments/?unit=abc", 400),
        ("get", "assessments/?as_of__gte=yesterday", 400),
        ("get", "assessments/?cursor=rubbish", 400),
    ],
)
def test_each_status_in_the_same_shape(as_ana: Client, method: str, address: str, status: int) -> None:
    assert told(send(as_ana, method, address), status)["detail"]


def test_what_is_no_json_or_no_known_type(as_ana: Client, procurement: object) -> None:
    broken = as_ana.post(f"{V1}assessments/", "{", content_type="application/json")
    assert "JSON" in told(broken, 400)["title"]
    told(as_ana.post(f"{V1}assessments/", "<a/>", content_type="application/xml"), 415)


def test_a_list_instead_of_an_object(as_ana: Client, procurement: object) -> None:
    assert told(send(as_ana, "post", "assessments/", [1]), 400)["errors"]


def test_an_address_without_its_slash_is_led_to_it(as_ana: Client) -> None:
    response = as_ana.get(f"{V1}vendors")
    assert (response.status_code, response["Location"]) == (301, f"{V1}vendors/")
