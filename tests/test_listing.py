"""Every list page: sorted, filtered, paged and exported by its address alone."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import Client

from tests.builders import make_model, make_offering, make_vendor


def _names(page: str) -> list[str]:
    return [part.split("</a>")[0].rsplit(">", 1)[1] for part in page.split('<th scope="row"')[1:]]


@pytest.fixture
def three_models(db: None) -> None:
    make_model("Beta", context_tokens=8_000)
    make_model("Alpha", context_tokens=None)
    make_model("Gamma", context_tokens=200_000)


@pytest.mark.usefixtures("three_models")
class TestOrder:
    def test_a_list_comes_in_its_own_order(self, as_ana: Client) -> None:
        assert _names(as_ana.get("/models/").content.decode()) == ["Alpha", "Beta", "Gamma"]

    def test_unknown_comes_last_whichever_way_it_is_sorted(self, as_ana: Client) -> None:
        up = as_ana.get("/models/?sort=context").content.decode()
        down = as_ana.get("/models/?sort=-context").content.decode()

        assert _names(up) == ["Beta", "Gamma", "Alpha"]
        assert _names(down) == ["Gamma", "Beta", "Alpha"]

    def test_the_sorted_head_says_so_and_leads_to_the_other_way(self, as_ana: Client) -> None:
        page = as_ana.get("/models/?sort=context").content.decode()

        assert 'aria-sort="ascending"><a class="sortable" href="/models/?sort=-context"' in page

    def test_a_name_that_sorts_nothing_is_ignored(self, as_ana: Client) -> None:
        assert _names(as_ana.get("/models/?sort=password").content.decode()) == ["Alpha", "Beta", "Gamma"]


@pytest.mark.usefixtures("three_models")
class TestFilter:
    def test_words_narrow_the_list(self, as_ana: Client) -> None:
        assert _names(as_ana.get("/models/?q=amm").content.decode()) == ["Gamma"]

    def test_a_new_filter_keeps_the_order(self, as_ana: Client) -> None:
        table = as_ana.get("/models/?sort=-name", headers={"HX-Request": "true"}).content.decode()

        assert '<input type="hidden" name="sort" value="-name" form="filters">' in table

    def test_what_is_unknown_can_be_asked_for(self, as_ana: Client) -> None:
        page = as_ana.get("/models/?open_weights=null").content.decode()

        assert len(_names(page)) == 3

    def test_nothing_found_says_how_to_go_on(self, as_ana: Client) -> None:
        page = as_ana.get("/models/?q=zzz").content.decode()

        assert "Nothing matches this filter." in page
        assert '<a href="/models/">Show all</a>' in page

    def test_a_value_that_cannot_be_read_is_named(self, as_ana: Client) -> None:
        page = as_ana.get("/models/?context=many").content.decode()

        assert "Context, at least: Enter a number." in page
        assert len(_names(page)) == 3

    def test_a_link_from_a_record_says_what_it_is_narrowed_to(self, as_ana: Client) -> None:
        page = as_ana.get("/offerings/?model=beta").content.decode()

        assert "Only Model: beta." in page


class TestPages:
    def test_a_long_list_is_cut_without_counting_it(self, as_ana: Client) -> None:
        for number in range(27):
            make_vendor(f"Vendor {number:02}")

        first = as_ana.get("/vendors/?size=25").content.decode()
        second = as_ana.get("/vendors/?size=25&page=2").content.decode()

        assert "Rows 1–25, more follow" in first
        assert 'rel="next" href="/vendors/?size=25&amp;page=2"' in first
        assert "Rows 26–27 of 27" in second
        assert 'rel="next"' not in second

    def test_a_page_past_the_end_leads_back(self, as_ana: Client) -> None:
        make_vendor("Only one")

        page = as_ana.get("/vendors/?page=7").content.decode()

        assert "There is no such page." in page

    @pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=99999999999", "size=7", "size=x"])
    def test_strange_pages_and_sizes_do_no_harm(self, as_ana: Client, query: str) -> None:
        make_vendor("Only one")

        assert as_ana.get(f"/vendors/?{query}").status_code == 200

    def test_htmx_gets_the_table_alone(self, as_ana: Client) -> None:
        make_vendor("Only one")

        answer = as_ana.get("/vendors/", headers={"HX-Request": "true"})

        assert "HX-Request" in answer["Vary"]
        page = answer.content.decode()
        assert page.strip().startswith('<section id="table"')
        assert "<html" not in page

    def test_a_page_restored_from_history_is_whole(self, as_ana: Client) -> None:
        headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

        assert "<html" in as_ana.get("/vendors/", headers=headers).content.decode()


def test_a_list_is_exported_as_it_is_filtered_and_sorted(as_ana: Client) -> None:
    maker = make_vendor("=cmd()")
    make_offering(make_model("Alpha", developer=maker))
    make_offering(make_model("Beta"))

    answer = as_ana.get("/offerings/?q=alpha&export=xlsx")

    assert 'filename="offerings.xlsx"' in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [rows[0][0], rows[1][0]] == ["Offering", "Alpha"]
    assert sheet.max_row == 2
    assert sheet["B2"].value == "=cmd()"
    assert sheet["B2"].data_type == "s"


def test_the_export_of_a_stranger_is_empty(as_evan: Client) -> None:
    make_vendor("Microsoft")

    sheet = openpyxl.load_workbook(io.BytesIO(as_evan.get("/vendors/?export=xlsx").content)).active

    assert sheet is not None
    assert sheet.max_row == 1
