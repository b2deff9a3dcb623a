"""From the vendor's spreadsheet to a signed decision on paper, by the people who do it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.people import Person

USE = "Sorting letters of customers"
CONDITIONS = (
    ("Pilot of 90 days, no personal data", "Ana Ferreira"),
    ("The vendor names its sub-processors", "Northwind AI"),
)

# Of the decision page, which ana has looked at whole: what only an approver gets.
NEW_TO_HIM = "[role=status], .pagehead, #decide, [aria-labelledby=h-decided]"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """What a vendor sent: a title above the header, a free model, and a row with a price below zero."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (
        ("Price list, autumn",),
        (),
        ("Provider", "Model", "Context limit", "Input $/1M tokens", "Output $/1M tokens", "Status"),
        ("Northwind AI", "Gale-2", "128k", 0.5, 2, "GA"),
        ("Northwind AI", "Breeze-1", "", "free", "free", "Preview"),
        ("Northwind AI", "Squall-9", "32000", -3, 1, "GA"),
    ):
        page.append(row)
    book.save(tmp_path / "northwind.xlsx")
    return tmp_path / "northwind.xlsx"


def test_from_a_spreadsheet_to_a_signed_decision(visit: Visit, sheet: Path, tmp_path: Path) -> None:
    ana = visit("ana", signed_in=False)
    ana.signs_in()
    imports_the_list(ana, sheet)
    finds_the_price_with_its_cell(ana)
    assessment = starts_an_assessment(ana)
    answers_what_the_company_knows(ana)
    submits_and_sees_why(ana)

    ben = visit("ben")
    decides_with_conditions(ben)
    files = takes_the_reports_away(ben, tmp_path)

    cleo = visit("cleo")
    sees_none_of_it(cleo, assessment, files)


def imports_the_list(ana: Person, sheet: Path) -> None:
    ana.opens("/")
    ana.follows("Import a spreadsheet")
    ana.looks_around()
    ana.page.get_by_label("Spreadsheet").set_input_files(sheet)
    ana.presses("Upload and look")

    ana.heading("What each column holds")
    chosen = ana.page.get_by_label("Column D, Input $/1M tokens, is read as")
    expect(chosen.locator("option:checked")).to_have_text(re.compile("input", re.I))
    ana.looks_around()
    ana.presses("Show what would happen")

    ana.heading("Preview: nothing is saved yet")
    refused = ana.page.get_by_role("row", name=re.compile("Squall-9"))
    expect(refused).to_contain_text("Invalid")
    expect(refused.locator(".cell").get_by_text("D6", exact=True).first).to_be_visible()
    ana.looks_around()
    ana.presses(re.compile("Apply 2 rows, leave 1"))

    ana.heading("northwind.xlsx is imported")
    ana.sees("1 of 4")
    ana.looks_around()


def finds_the_price_with_its_cell(ana: Person) -> None:
    ana.page.get_by_role("searchbox", name=re.compile("^Find")).fill("Gale")
    ana.page.keyboard.press("Enter")
    ana.page.get_by_role("region", name="Offerings").or_(ana.page.locator("main")).get_by_role(
        "link", name=re.compile("Gale-2")
    ).last.click()
    price = ana.page.get_by_role("row", name=re.compile("^input", re.I)).first
    expect(price).to_contain_text("0.5")
    expect(price).to_contain_text("D4")
    expect(price).to_contain_text("northwind.xlsx")
    ana.looks_around()


def starts_an_assessment(ana: Person) -> int:
    ana.follows("Assess this offering")
    ana.page.get_by_label("What is it to be used for?").fill(USE)
    ana.looks_around()
    ana.presses("Start")
    ana.page.wait_for_url("**/answers/**")
    found = re.search(r"/assessments/(\d+)/", ana.page.url)
    assert found
    return int(found[1])


def answers_what_the_company_knows(ana: Person) -> None:
    panel = ana.page.get_by_role("complementary", name="As it stands")
    ana.section("The use")
    before = panel.inner_text()
    ana.answers("Is this for production?", "Yes")
    ana.answers(
        "How badly could a wrong output hurt a person or their rights?", "Inconvenience, noticed at once"
    )
    ana.answers("What stops when it stops?", "Work slows for some")
    ana.answers("How far do outputs travel?", "Looked, not known")
    expect(panel).not_to_have_text(before)
    assert ana.page.locator("#form").count() == 1  # drawn anew in its place, not inside itself
    ana.looks_around()
    ana.section("The data")
    ana.answers("How sensitive is the data that goes in or comes out?", "Internal")
    ana.section("What it is worth")
    ana.answers("Tokens per finished task?", "Vendor declined to say")
    ana.looks_around()


def submits_and_sees_why(ana: Person) -> None:
    ana.presses("Submit for decision")
    ana.sees("Submitted. An approver of the unit decides")
    ana.sees("Computed decision")
    why = ana.page.get_by_role("region", name="Why")
    expect(why.get_by_role("listitem").first).to_be_visible()
    ana.looks_around()
    # One click from a reason to the rule that counts, with its law; one from a source to its record.
    why.get_by_role("link").first.click()
    expect(ana.page.locator(":target")).to_be_in_viewport()
    source = (
        ana.page.locator("main").get_by_role("link", name=re.compile("northwind")).filter(visible=True).first
    )
    source.click()
    ana.heading(re.compile("northwind"))
    ana.looks_around()


def decides_with_conditions(ben: Person) -> None:
    ben.opens("/")
    ben.follows(re.compile("Decide or return: .*Gale-2"))
    ben.sees(USE)
    computed = ben.page.get_by_label("Decision", exact=True)
    expect(computed).to_be_visible()
    ben.looks_around(within=NEW_TO_HIM)

    computed.select_option(label="Approve")
    ben.presses("Record the decision")
    ben.sees("Give the reason why you decide otherwise")
    ben.looks_around(within=NEW_TO_HIM)

    ben.page.get_by_label("Decision", exact=True).select_option(label="Conditional")
    ben.page.get_by_label("Reason").fill("A short pilot shows what the vendor does not say.")
    ben.page.get_by_label("Risk accepted until").fill((timezone.localdate() + timedelta(days=90)).isoformat())
    for number, (words, owner) in enumerate(CONDITIONS, 1):
        row = ben.page.get_by_role("group", name=f"Condition {number}", exact=True)
        row.get_by_label("What must be so").fill(words)
        row.get_by_label("Who sees to it").fill(owner)
        row.get_by_label("By", exact=True).fill((timezone.localdate() + timedelta(days=30)).isoformat())
    ben.presses("Record the decision")
    ben.sees("Your decision is recorded.")
    decided = ben.page.get_by_role("region", name=re.compile("decided by Ben"))
    for words, owner in CONDITIONS:
        expect(decided).to_contain_text(words)
        expect(decided).to_contain_text(owner)
    ben.looks_around(within=NEW_TO_HIM)


def takes_the_reports_away(ben: Person, folder: Path) -> list[str]:
    """Both files, looked into; the addresses of their pages."""
    decision = ben.page.url.partition("#")[0]
    pages = []
    for button, link in (("PDF", "Download the PDF"), ("Workbook", re.compile("Download the .*[Ww]orkbook"))):
        ben.opens(decision)
        ben.presses(re.compile(button))
        ready = ben.page.get_by_role("link", name=link)
        expect(ready).to_be_visible(timeout=40_000)
        pages.append(ben.page.url)
        ben.looks_around()
        file = ben.downloads(ready.click, folder)
        if file.suffix == ".pdf":
            assert file.read_bytes().startswith(b"%PDF-")
        else:
            assert len(load_workbook(file).sheetnames) > 1
        assert "gale-2" in file.name
    return pages


def sees_none_of_it(cleo: Person, assessment: int, files: list[str]) -> None:
    for address in ("/", "/assessments/", "/imports/"):
        assert cleo.opens(address) == 200
        main = cleo.page.locator("main")
        expect(main).not_to_contain_text("Gale-2")
        expect(main).not_to_contain_text("northwind")
        cleo.looks_around()
    run = cleo.asks_api("runs/").json()
    assert run["results"] == []
    assert cleo.asks_api("assessments/").json()["results"] == []
    for path in ("", "answers/", "decision/"):
        assert cleo.status_of(f"/assessments/{assessment}/{path}") == 404
    for page in files:
        assert cleo.status_of(page) == 404
        assert cleo.status_of(f"{page}download/") == 404
    for guess in range(1, 4):
        assert cleo.status_of(f"/runs/{guess}/") == 404
        assert cleo.status_of(f"/reports/{guess}/download/") == 404
        assert cleo.status_of(f"/imports/{guess}/") == 404
        assert cleo.asks_api(f"runs/{guess}/").status == 404
    for path in ("", "answers/", "decisions/"):
        assert cleo.asks_api(f"assessments/{assessment}/{path}").status == 404
    assert cleo.opens(f"/assessments/{assessment}/decision/") == 404
    cleo.looks_around()
