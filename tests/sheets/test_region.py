"""Regions in a cell: codes and names of several providers, areas that are no regions, and what we do not know."""

from __future__ import annotations

import pytest

from riskassess.sheets.cells import Cell
from riskassess.sheets.regions import holds_regions, parse_regions, region_of
from tests.sheets.answers import known, note, said


@pytest.mark.parametrize(
    ("value", "regions"),
    [
        ("us-east-1", ("us-east-1",)),
        ("East US", ("eastus",)),
        ("East US (eastus)", ("eastus",)),
        ("US East (N. Virginia)", ("us-east-1",)),
        ("eastus2; westeurope", ("eastus2", "westeurope")),
        ("swedencentral<br>francecentral", ("swedencentral", "francecentral")),
        ("global, us-west-2, eu-west-1", ("global", "us-west-2", "eu-west-1")),
        ("EU", ("EU",)),
        ("Data Zone Standard (US)", ("US data zone",)),
        ("Frankfurt", ("Frankfurt",)),
        ("us-central1, us-central1", ("us-central1",)),
    ],
)
def test_regions_by_code_where_one_is_meant(value: str, regions: tuple[str, ...]):
    assert known(parse_regions(value)) == regions


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("global", "“global”: an area, no region"),
        ("EU, westeurope", "“EU”: an area, no region"),
        ("westeurope, Mars", "“Mars”: no region we know"),
        ("westeurope", ""),
        ("eu-south-9", ""),
    ],
)
def test_an_area_and_a_stranger_are_said(value: str, why: str):
    assert note(parse_regions(value)) == why


@pytest.mark.parametrize(
    ("value", "expected"), [(None, "unknown"), ("—", "unknown"), ("N/A", "not applicable")]
)
def test_no_region_stated(value: Cell, expected: str):
    assert said(parse_regions(value)) == expected


def test_a_code_leads_to_its_country():
    assert {(region.provider, region.country) for region in region_of("westeurope")} == {
        ("Microsoft Azure", "NL")
    }


def test_a_column_of_regions_is_known_by_its_cells():
    assert holds_regions(["us-east-1", "eu-west-1, eu-west-3", "global"])
    assert not holds_regions(["gpt-4", "claude", "us-east-1"])
