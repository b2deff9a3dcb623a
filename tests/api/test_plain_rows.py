"""Lists read as columns say what the serializers say, field by field; and only the fields that are asked for."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIRequestFactory

from config.api import router
from config.rendering import Json, as_json
from riskassess.accounts.models import User
from riskassess.accounts.plain_rows import plan_of
from tests.api.calls import V1, read, send, told
from tests.builders import make_offering, make_vendor
from tests.scale.world import World, empty_world, grow

# Lists whose serializers reach further than columns do.
WRITTEN_BY_SERIALIZER = {"reports", "inquiries", "combined-reports", "decisions"}


@pytest.fixture
def world(db: None) -> World:
    return grow(empty_world(), offerings=20, assessments=8)


def lists() -> dict[str, Any]:
    """The view of each list of the API that stands by itself, by its name."""
    return {
        name: view for name, view, _ in router.registry if "(" not in name and hasattr(view, "plain_plan")
    }


@pytest.mark.parametrize("name", sorted(lists()))
def test_a_list_says_what_its_serializer_says(world: World, name: str) -> None:
    client = Client()
    client.force_login(world.ana)
    view = lists()[name]
    answer = send(client, "get", f"{name}/?page_size=200")
    assert answer.status_code == 200

    request = APIRequestFactory().get("/")
    request.user = world.ana  # type: ignore[attr-defined]
    made = view(action="list", request=request, format_kwarg=None)
    kind = made.get_serializer_class()
    shown = {row["id"]: row for row in answer.json()["results"]}
    records = view.queryset.visible_to(world.ana).filter(pk__in=shown)
    written = kind(records, many=True, context={"request": request}).data
    assert len(shown) == len(written)
    for row in orjson.loads(JSONRenderer().render(written)):
        assert shown[row["id"]] == row, name
    assert (plan_of(kind) is None) == (name in WRITTEN_BY_SERIALIZER), name


class TestFields:
    def test_only_the_fields_asked_for_in_lists_and_details(self, as_ana: Client) -> None:
        vendor = make_vendor("Moon Labs")
        assert read(as_ana, "vendors/?fields=name,id")["results"] == [{"id": vendor.pk, "name": "Moon Labs"}]
        assert read(as_ana, f"vendors/{vendor.pk}/?fields=slug") == {"slug": "moon-labs"}

    def test_what_is_not_asked_for_is_not_read(self, as_ana: Client) -> None:
        make_offering()
        with CaptureQueriesContext(connection) as captured:
            read(as_ana, "offerings/?fields=id,name")
        assert "prices" not in str(captured.captured_queries)
        assert "docs_url" not in captured.captured_queries[-1]["sql"]

    @pytest.mark.parametrize("address", ["vendors/?fields=password", "vendors/?fields=id,parent__name"])
    def test_a_field_that_is_none_is_refused_and_the_others_named(self, as_ana: Client, address: str) -> None:
        problem = told(send(as_ana, "get", address), 400)
        assert problem["where"] == "fields"
        assert "hq_country" in problem["detail"]

    def test_the_next_page_asks_for_the_same_fields_by_another_order(self, as_ana: Client) -> None:
        for number in range(3):
            make_vendor(f"Moon {number}")
        first = read(as_ana, "vendors/?fields=slug&ordering=-name&page_size=2")
        second = read(as_ana, first["next"])
        assert [row["slug"] for row in first["results"] + second["results"]] == ["moon-2", "moon-1", "moon-0"]
        assert set(second["results"][0]) == {"slug"}


class TestWriting:
    def test_what_orjson_cannot_write_is_written_all_the_same(self) -> None:
        assert as_json({"big": 2**70}) == b'{"big":%d}' % 2**70
        assert orjson.loads(as_json({"half": "\ud800"}).replace(b"\\ud800", b"?")) == {"half": "?"}
        assert Json().render(None) == b""
        assert Json().render({1: "a"}) == b'{"1":"a"}'


def test_the_address_of_every_plain_list(as_dora: Client, dora: User) -> None:
    assert lists(), "the router has lists"
    for name in lists():
        assert send(as_dora, "get", f"{V1}{name}/").status_code == 200
