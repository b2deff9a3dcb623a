"""Lists with a vendor's name over each block of rows: the heading is the vendor, and its cell the source."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering, Source, SourcedValue, Vendor
from riskassess.imports.console import Instructions, rehearse
from riskassess.imports.models import Row
from riskassess.sheets.table import RowRole
from tests.builders import TODAY
from tests.imports.accounting import by_other_means, unaccounted
from tests.imports.sheets import EXCERPTS, HEADER, as_csv, imported, outcomes, previewed, uploaded

SECTIONS = (EXCERPTS / "vendor_sections.xlsx").read_bytes()
TWO_LEVELS = (EXCERPTS / "two_levels_of_sections.xlsx").read_bytes()

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def test_the_heading_over_its_rows_is_the_vendor(terms: dict[str, Any]) -> None:
    batch = imported(SECTIONS, name="catalog.xlsx", **terms)
    sold = {o.name: o.seller.name for o in Offering.objects.select_related("seller")}
    assert set(sold.values()) == {"Cohere", "DeepSeek", "Meta", "Moonshot AI", "SpaceXAI"}
    assert {seller for name, seller in sold.items() if "Llama" in name} == {"Meta"}
    assert batch.counts["new"] == len(sold) == 11
    assert Vendor.objects.count() == 5


def test_every_row_of_the_sheet_is_kept_and_says_what_it_is(terms: dict[str, Any]) -> None:
    batch = imported(SECTIONS, name="catalog.xlsx", **terms)
    roles = list(Row.objects.filter(batch=batch).values_list("role", flat=True))
    assert len(roles) == 23  # 24 rows are not blank; one is the column names
    tally = {role: roles.count(role) for role in roles}
    assert tally == {"data": 11, "section": 5, "header": 4, "footnote": 3}
    assert batch.counts["read"] == 23 == sum(batch.counts.values()) - batch.counts["read"]
    assert (batch.counts["skipped"], batch.notes, batch.stays) == (12, 12, 0)
    aside = Row.objects.exclude(role=RowRole.DATA)
    assert all(row.outcome == "skip" and row.problems[0]["what"] for row in aside)


def test_a_value_from_a_heading_leads_back_to_the_headings_cell(terms: dict[str, Any]) -> None:
    batch = imported(SECTIONS, name="catalog.xlsx", **terms)
    source = Source.objects.get(pk=batch.source_id)
    kimi = Row.objects.get(batch=batch, offering__seller__name="Moonshot AI")
    assert source.cell("seller", kimi.number) == "A15"
    assert source.cell("name", kimi.number) == f"A{kimi.number}"
    assert kimi.over["§1"] == ["A15", "Moonshot AI models sold by Azure", "Moonshot AI"]
    (note,) = [note for note in kimi.notes if note["field"] == "vendor"]
    assert note["cell"] == "A15"
    assert "Moonshot AI models sold by Azure" in note["note"]


def test_two_levels_are_two_columns_and_the_inner_one_names_vendors(terms: dict[str, Any]) -> None:
    batch = imported(TWO_LEVELS, name="schedule.xlsx", choices={"§1": "channel"}, **terms)
    assert (batch.mapping["§1"]["header"], batch.mapping["§2"]["field"]) == (
        "Section heading, level 1",
        "vendor",
    )
    found = {(o.seller.name, o.channel) for o in Offering.objects.select_related("seller")}
    assert ("Cohere", "Foundry Models sold by Azure") in found
    assert ("Cohere", "Foundry Models from partners and community") in found
    assert ("Azure OpenAI", "Foundry Models sold by Azure") in found


def test_the_title_and_the_sheets_name_can_be_read_too(terms: dict[str, Any]) -> None:
    data = as_csv(
        HEADER, ("Acme", "Swift", "1000", "1", "GA"), header=("Regional deployments", "", "", "", "")
    )
    batch = imported(data, choices={"§title": "channel", "§sheet": "family"}, **terms)
    offering = Offering.objects.select_related("model").get()
    assert (offering.channel, offering.model.family) == ("Regional deployments", "list")
    source = Source.objects.get(pk=batch.source_id)
    assert (source.cell("channel", 3), source.cell("family", 3)) == ("A1", "")


def test_a_later_row_of_the_same_sheet_remembers_the_heading_of_an_earlier_one(terms: dict[str, Any]) -> None:
    """Two sections disagree about one model: each word keeps its own heading's cell."""
    head = ("Provider", "Model", "Developer", "Context limit", "Price")
    rows = (("Old",), ("Acme", "Swift", "Bolt", "1", "2"), ("New",), ("Zeta", "Swift", "Bolt", "1", "3"))
    imported(as_csv(*rows, header=head), choices={"§1": "family"}, **terms)
    values = SourcedValue.objects.filter(attribute="family").order_by("pk")
    assert {(value.value, value.cell) for value in values} == {("Old", "A2"), ("New", "A4")}


def test_a_list_with_a_column_of_vendors_does_not_ask_its_headings(terms: dict[str, Any]) -> None:
    batch = uploaded(as_csv(("Chat",), ("Acme", "a", "1"), ("Voice",), ("Acme", "b", "1")), **terms)
    assert batch.mapping["§1"]["field"] == ""
    assert batch.mapping["§1"]["samples"] == ["Chat", "Voice"]


def test_a_mapping_is_recognised_in_a_file_with_another_title(terms: dict[str, Any]) -> None:
    head = ("Thing", "Who", "Limit")
    rows = (head, ("Swift", "Acme", "5"))
    previewed(as_csv(*rows, header=("May",)), choices={"A": "model_name", "B": "vendor"}, **terms)
    again = uploaded(as_csv(*rows, header=("A title of June",)), name="b.csv", **terms)
    assert (again.mapping["A"]["field"], again.mapping["B"]["field"]) == ("model_name", "vendor")


def test_the_command_reads_sections_as_well() -> None:
    outcome = rehearse(SECTIONS, "catalog.xlsx", Instructions(stated_on=TODAY))
    assert (outcome.counts["new"], outcome.counts["skipped"]) == (11, 12)


@pytest.mark.parametrize(
    "name", sorted(path.name for path in EXCERPTS.iterdir() if path.suffix in {".xlsx", ".csv"})
)
def test_no_cell_of_a_real_excerpt_is_lost(name: str) -> None:
    data = (EXCERPTS / name).read_bytes()
    assert sum(len(cells) for cells in by_other_means(data, name).values()) > 20
    assert unaccounted(data, name) == []


def test_a_context_window_is_found_inside_a_sentence(terms: dict[str, Any]) -> None:
    imported(SECTIONS, name="catalog.xlsx", **terms)
    llama = Offering.objects.select_related("model").get(seller__name="Meta", name__startswith="Llama-3.3")
    assert (llama.model.context_tokens, llama.model.max_output_tokens) == (128_000, 8_192)


def test_a_cell_in_error_makes_its_row_invalid_and_a_hidden_row_is_told(terms: dict[str, Any]) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (HEADER, ("Acme", "Swift", 1000, "#REF!", "GA"), ("Acme", "Slow", 1000, 2, "GA")):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    batch = imported(buffer.getvalue(), name="a.xlsx", **terms)
    assert outcomes(batch) == ["invalid", "new"]
    failed, hidden = Row.objects.filter(batch=batch).order_by("number")
    (problem,) = failed.problems
    assert (problem["cell"], problem["what"]) == ("D2", "The cell is in error: #REF!.")
    assert failed.raw[3] == {"error": "#REF!", "what": "The cell is in error: #REF!."}
    assert (failed.hidden, hidden.hidden) == (False, True)


def test_a_cell_merged_down_holds_for_all_its_rows(terms: dict[str, Any]) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (
        HEADER,
        ("Acme", "Swift", 1000),
        (None, "Slow", 2000),
        (None, "Still", 3000),
        ("Zeta", "Z", 1),
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A4")
    buffer = io.BytesIO()
    book.save(buffer)
    batch = imported(buffer.getvalue(), name="a.xlsx", **terms)
    sold = {o.name: o.seller.name for o in Offering.objects.select_related("seller")}
    assert sold == {"Swift": "Acme", "Slow": "Acme", "Still": "Acme", "Z": "Zeta"}
    source = Source.objects.get(pk=batch.source_id)
    assert [source.cell("seller", row) for row in (2, 3, 4, 5)] == ["A2", "A2", "A2", "A5"]
    assert [source.cell("name", row) for row in (2, 3)] == ["B2", "B3"]
    assert Row.objects.get(batch=batch, number=3).raw[0] is None


def test_a_column_of_yes_and_no_names_no_host(terms: dict[str, Any]) -> None:
    head = ("Vendor", "Model", "Hosted on Acme infrastructure")
    rows = (("Acme", "a", "Yes"), ("Acme", "b", "N/A"), ("Acme", "c", "Yes"))
    assert uploaded(as_csv(*rows, header=head), **terms).mapping["C"]["field"] == ""


def test_a_vendor_named_once_for_each_block_holds_for_its_rows(terms: dict[str, Any]) -> None:
    """As a cell merged down comes out in a .csv."""
    rows = (("Acme", "a1"), ("", "a2"), ("Moon", "m1"), ("", "m2"), ("", "m3"), ("Zeta", "z1"), ("", "z2"))
    batch = imported(as_csv(*rows, header=("Vendor", "Model")), **terms)
    sold = {o.name: o.seller.name for o in Offering.objects.select_related("seller")}
    assert sold == {
        "a1": "Acme",
        "a2": "Acme",
        "m1": "Moon",
        "m2": "Moon",
        "m3": "Moon",
        "z1": "Zeta",
        "z2": "Zeta",
    }
    (note,) = Row.objects.get(batch=batch, number=3).notes
    assert (note["cell"], note["note"]) == ("A2", "“Acme” holds for this row too")


def test_a_gap_in_a_column_of_vendors_is_a_gap(terms: dict[str, Any]) -> None:
    rows = (("Acme", "a", "5"), ("", "b", "6"), ("Zeta", "c", "7"))
    batch = imported(as_csv(*rows, header=("Vendor", "Model", "Context")), **terms)
    assert outcomes(batch) == ["new", "invalid", "new"]
