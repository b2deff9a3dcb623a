"""The trail over the API: what each person reads of it, and how it is narrowed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import services
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Assessment
from riskassess.recording import acting
from riskassess.trail.chain import seal
from riskassess.trail.models import Entry
from tests.api.calls import V1, read, send, told
from tests.builders import make_assessment, make_vendor

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(ana: User, procurement: BusinessUnit) -> Assessment:
    with acting(by=ana, through="page"):
        assessment = make_assessment(ana, procurement, use_case="Heron drafting")
        services.answer(assessment, "ftc_inquiry", Given("known", True, note="Opened in May."), by=ana)
        services.answer(assessment, "ftc_inquiry", Given("unknown"), by=ana)
    return assessment


def lines(client: Client, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(client, f"trail/{query}")["results"]
    return found


def test_a_change_says_who_what_and_from_what_to_what(
    as_ana: Client, ana: User, answered: Assessment
) -> None:
    newest = lines(as_ana, f"?about_kind=assessments.assessment&about_id={answered.pk}")[0]
    assert newest["actor"] == ana.pk
    assert newest["actor_name"] == "Ana Ferreira"
    assert newest["action"] == "changed"
    assert newest["kind"] == "assessments.answer"
    assert newest["changes"]["state"] == ["known", "unknown"]
    assert newest["through"] == "page"
    assert newest["unit"] == answered.unit_id
    assert newest["position"] is None
    seal()
    one = read(as_ana, f"trail/{newest['id']}/")
    assert one["position"] > 0
    assert len(one["digest"]) == 64
    assert one == {**newest, "position": one["position"], "digest": one["digest"]}


def test_everybody_reads_their_units_and_the_catalog_and_the_auditor_all(
    as_ana: Client, as_cleo: Client, as_dora: Client, as_evan: Client, answered: Assessment
) -> None:
    make_vendor("Zeta")
    theirs = Entry.objects.filter(kind="assessments.assessment").get()
    for client, sees_the_work in ((as_ana, True), (as_dora, True), (as_cleo, False)):
        kinds = {line["kind"] for line in lines(client, "?page_size=200")}
        assert "catalog.vendor" in kinds
        assert ("assessments.answer" in kinds) is sees_the_work
        assert ("accounts.membership" in kinds) is (client is as_dora), "people are the auditor's to read"
        status = send(client, "get", f"trail/{theirs.pk}/").status_code
        assert status == (200 if sees_the_work else 404)
    assert lines(as_evan) == []
    assert len(lines(as_dora, "?page_size=200")) == Entry.objects.count()
    told(send(Client(), "get", "trail/"), 401)


def test_it_is_narrowed_by_kind_record_person_and_time(
    as_dora: Client, ana: User, answered: Assessment
) -> None:
    record = f"?kind=assessments.assessment&object_id={answered.pk}"
    assert [line["action"] for line in lines(as_dora, record)][-1] == "made"
    assert {line["actor"] for line in lines(as_dora, f"?actor={ana.pk}")} == {ana.pk}
    assert lines(as_dora, f"?unit={answered.unit_id}")

    newest = Entry.objects.latest("pk").timestamp
    # As one writes it in an address: a plus would be a blank there.
    moment = newest.isoformat().replace("+00:00", "Z")
    assert {line["timestamp"] for line in lines(as_dora, f"?since={moment}")} == {moment}
    before = lines(as_dora, f"?until={moment}&page_size=200")
    assert len(before) == Entry.objects.filter(timestamp__lt=newest).count()
    tomorrow = (newest + timedelta(days=1)).date()
    assert lines(as_dora, f"?since={tomorrow}") == []

    told(send(as_dora, "get", "trail/?kind=assessments.nothing"), 400)
    told(send(as_dora, "get", "trail/?since=yesterday"), 400)


def test_a_program_follows_it_page_by_page_from_the_oldest(as_dora: Client, answered: Assessment) -> None:
    address, seen = f"{V1}trail/?ordering=id&page_size=2", []
    while address:
        page = read(as_dora, address)
        seen += [line["id"] for line in page["results"]]
        address = page["next"]
    assert seen == list(Entry.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_writes_it(as_dora: Client, answered: Assessment, method: str) -> None:
    one = Entry.objects.latest("pk")
    assert send(as_dora, method, f"trail/{one.pk}/", {}).status_code in {404, 405}
    assert send(as_dora, method, "trail/", {}).status_code == 405
