"""Ana imports with second thoughts: a name spelt otherwise, a value that contradicts, a wrong price, and back."""

from __future__ import annotations

import os
import re
from pathlib import Path

from openpyxl import Workbook
from playwright.sync_api import expect

from tests.journeys.people import Person

HEADER = ("Provider", "Model", "Context limit", "Input $/1M tokens", "Status")


def written(folder: Path, name: str, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (HEADER, *rows):
        page.append(row)
    book.save(folder / name)
    return folder / name


def uploads(ana: Person, file: Path) -> None:
    ana.opens("/imports/upload/")
    ana.page.get_by_label("Spreadsheet").set_input_files(file)
    ana.presses("Upload and look")
    ana.heading("What each column holds")
    ana.presses("Show what would happen")
    ana.heading("Preview: nothing is saved yet")


def test_same_or_new_keep_or_take_right_or_wrong_and_undone(ana: Person, tmp_path: Path) -> None:
    uploads(ana, written(tmp_path, "first.xlsx", ("Meridian", "Tide-1", 128000, 0.5, "GA"),
                         ("Meridian", "Ebb-1", 64000, 1, "GA"), ("Meridian", "Reef-1", 64000, 1, "GA")))  # fmt: skip
    ana.presses(re.compile("Apply 3 rows"))
    ana.heading("first.xlsx is imported")

    uploads(ana, written(tmp_path, "second.xlsx", ("Meridian", "tide 1", "", 0.7, ""),
                         ("Meridian", "Ebb-1", 200000, 1, "GA"), ("Meridian", "Flood-2", "", -3, ""),
                         ("Meridian", "Surf-3", 8000, 2, "GA"), ("Meridian", "Reef-1", 64000, 1, "GA")))  # fmt: skip
    asked = ana.page.get_by_role("row", name=re.compile("tide 1"))
    expect(asked).to_contain_text("To decide")
    ana.looks_around()
    if "SHOTS" in os.environ:
        ana.page.screenshot(path=f"{os.environ['SHOTS']}/rows.png", full_page=True)
    asked.get_by_role("button", name="It is Tide-1").click()
    expect(ana.page.get_by_role("row", name=re.compile("tide 1"))).to_contain_text("Update")

    against = ana.page.get_by_role("row", name=re.compile("Ebb-1"))
    expect(against).to_contain_text("200,000 in the sheet, 64,000 on record")
    against.get_by_role("button", name=re.compile("Take the sheet’s context")).click()
    expect(ana.page.get_by_role("row", name=re.compile("Ebb-1"))).to_contain_text("will become current")

    ana.page.get_by_label("Put D4 right").fill("3")
    ana.presses("Put D4 right")
    expect(ana.page.get_by_role("row", name=re.compile("Flood-2"))).to_contain_text("New")
    ana.page.get_by_role("row", name=re.compile("Surf-3")).get_by_role(
        "button", name=re.compile("^Leave out")
    ).click()
    expect(ana.page.get_by_role("row", name=re.compile("Surf-3"))).to_contain_text("Left out by")
    ana.page.get_by_role("row", name=re.compile("Flood-2")).get_by_role("link").first.click()
    ana.sees("put right as")
    ana.looks_around()
    ana.page.go_back()

    ana.presses(re.compile("Apply 3 rows"))
    ana.heading("second.xlsx is imported")
    ana.looks_around()
    batch = ana.page.url
    ana.follows("What it moved")
    ana.heading("What second.xlsx moved")
    ana.looks_around()
    ana.opens("/imports/of/offering/" + slug_of(ana, "Tide-1") + "/")
    ana.sees("0.7 USD per 1M tokens")
    ana.looks_around()

    ana.opens(batch)
    ana.follows("Undo this import")
    ana.heading("Undo second.xlsx?")
    ana.looks_around()
    ana.presses("Undo this import")
    ana.heading("second.xlsx was undone")
    assert ana.status_of("/offerings/meridian-flood-2/") == 404
    assert ana.status_of("/offerings/meridian-tide-1/") == 200


def slug_of(person: Person, name: str) -> str:
    for offering in person.asks_api("offerings/?page_size=500").json()["results"]:
        if offering["name"] == name:
            return str(offering["slug"])
    raise AssertionError(f"no offering {name}")


def test_a_sheet_for_each_vendor_is_read_and_applied_from_one_page(ana: Person, tmp_path: Path) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for vendor, model in (("Lantern Works", "Wick-1"), ("Harbour AI", "Buoy-2"), ("Otter Labs", "Stream-3")):
        page = book.create_sheet(vendor)
        page.append(HEADER[1:])
        page.append((model, 64000, 1.5, "GA"))
    book.save(tmp_path / "three.xlsx")
    uploads(ana, tmp_path / "three.xlsx")  # the sheet's name stands there as the vendor
    expect(ana.page.get_by_role("row", name=re.compile("Wick-1"))).to_contain_text("Lantern Works")
    ana.presses(re.compile("Apply 1 row"))
    ana.heading("three.xlsx is imported")
    ana.presses("Read 2 more sheets like it")
    ana.heading("Sheets of three.xlsx")
    expect(ana.page.get_by_role("button", name="Apply the 2 that are ready")).to_be_visible()
    ana.looks_around()
    ana.presses("Apply the 2 that are ready")
    ana.sees("2 sheets are being applied")
    expect(ana.page.get_by_role("row", name=re.compile("^Otter Labs"))).to_contain_text("applied")
    ana.looks_around()
