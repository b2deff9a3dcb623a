"""Every page, for each role: no fault that axe finds, in light, in dark and on a telephone."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.conftest import Visit
from tests.journeys.people import Person
from tests.journeys.site import PASSWORD, Site

CATALOG = (
    "/", "/vendors/", "/vendors/microsoft/", "/models/", "/offerings/", "/regions/",
    "/sources/", "/registers/", "/uses/",
    "/claims/", "/questions/", "/inquiries/", "/question-sets/", "/documents/",
    "/search/?q=mai", "/assessments/", "/imports/", "/jobs/", "/account/password/change/",
    "/rules/", "/method/",
)  # fmt: skip
FIRST_OF = ("/models/", "/offerings/", "/regions/", "/sources/", "/claims/", "/questions/")


@pytest.mark.parametrize("address", CATALOG)
def test_pages_of_the_catalog(ana: Person, address: str) -> None:
    assert ana.opens(address) == 200
    ana.looks_around()


@pytest.mark.parametrize("listing", FIRST_OF)
def test_the_first_record_of_each_list(ana: Person, listing: str) -> None:
    ana.opens(listing)
    ana.page.locator("table .rowlink").first.click()
    ana.page.wait_for_url(lambda url: not url.endswith(listing))
    ana.looks_around()


def test_the_portfolio_and_the_files_made_of_it(ana: Person) -> None:
    """The page, a PDF of it, and an archive of reports: each watched until it is there."""
    assert ana.opens("/portfolio/") == 200
    ana.looks_around()
    ana.presses("PDF")
    expect(ana.page.get_by_role("link", name="Download the PDF")).to_be_visible(timeout=60_000)
    ana.looks_around()
    ana.opens("/portfolio/")
    ana.page.locator("input[name=run]").first.check()
    ana.page.get_by_label("PDFs", exact=True).uncheck()
    ana.page.get_by_label("Workbooks").check()
    ana.presses("Of those chosen")
    expect(ana.page.get_by_role("link", name="Download the Archive of reports")).to_be_visible(timeout=60_000)
    ana.looks_around()


def test_what_an_approver_sees(ben: Person, site: Site) -> None:
    for address in (
        "/",
        "/assessments/",
        f"/assessments/{site.submitted}/decision/",
        f"/assessments/{site.submitted}/answers/",
        f"/assessments/{site.submitted}/controls/",
    ):
        assert ben.opens(address) == 200
        ben.looks_around()


def test_the_audit_trail(visit: Visit, site: Site) -> None:
    """Hana reads all of it, and everybody the history of a record."""
    hana = visit("hana")
    for address in (
        "/trail/",
        "/trail/?q=nothing-is-called-so",
        f"/history/assessment/{site.submitted}/",
        "/imports/of/vendor/microsoft/",
    ):
        assert hana.opens(address) == 200
        hana.looks_around()


def test_people_units_and_invitations(visit: Visit, site: Site) -> None:
    """Hana keeps people: the list, a person, units, an invitation, and what its link shows."""
    hana = visit("hana")
    for address in ("/people/", "/people/?q=ana", "/people/units/", "/people/invitations/"):
        assert hana.opens(address) == 200
        hana.looks_around()
    hana.opens("/people/?q=ben")
    hana.page.locator("table .rowlink").first.click()
    hana.heading("Ben")
    hana.looks_around()
    hana.opens("/people/units/")
    hana.page.locator("main table a").first.click()
    hana.looks_around()
    assert hana.opens("/people/invitations/new/") == 200
    if hana.page.get_by_label("Password", exact=True).count():
        hana.page.get_by_label("Password", exact=True).fill(PASSWORD)
        hana.presses("Go on")
    hana.looks_around()
    nobody = visit("nobody", signed_in=False)
    assert nobody.opens(f"/invited/{'x' * 43}/") == 404
    nobody.looks_around()


def test_correcting_a_record(visit: Visit) -> None:
    hana = visit("hana")
    for address in ("/vendors/microsoft/correct/", "/vendors/microsoft/correct/hq_country/"):
        assert hana.opens(address) == 200
        hana.looks_around()
    hana.opens("/offerings/")
    hana.page.locator("table .rowlink").first.click()
    hana.page.get_by_role("link", name="Correct", exact=True).click()
    hana.looks_around()
    offering = hana.page.url
    hana.page.get_by_role("link", name="Correct release stage").click()
    hana.looks_around()
    for part in ("places", "prices", "subprocessors"):
        assert hana.opens(f"{offering}{part}/add/") == 200
        hana.looks_around()
    for listing in ("/models/", "/regions/", "/sources/"):
        hana.opens(listing)
        hana.page.locator("table .rowlink").first.click()
        hana.page.get_by_role("link", name="Correct", exact=True).click()
        hana.heading(re.compile("^Correct "))
        hana.looks_around()


def test_a_name_that_is_taken_and_a_tie_corrected_by_two(visit: Visit) -> None:
    """Hana is led to the record that is called so already, and told what somebody changed while she looked."""
    hana = visit("hana")
    hana.expected |= {409, 422}
    hana.opens("/vendors/microsoft/correct/")
    hana.page.get_by_label("Name", exact=True).fill("GitHub")
    hana.page.get_by_label("Why").fill("Read it")
    hana.presses("Correct it")
    expect(hana.page.get_by_text("There is GitHub already.")).to_be_visible()
    hana.looks_around()
    hana.page.get_by_role("link", name="Open it").click()
    hana.heading("GitHub")
    hana.opens("/vendors/microsoft/correct/")
    hana.page.get_by_role("link", name="Correct tie: Microsoft and OpenAI").click()
    hana.looks_around()
    other = hana.page.context.new_page()
    other.goto(hana.page.url)
    for page, percent in ((other, "28"), (hana.page, "29")):
        page.get_by_label("Share it holds, in percent").fill(percent)
        page.get_by_label("Why", exact=True).fill("The annual report")
        page.get_by_role("button", name="Correct it").click()
    expect(hana.page.get_by_text("on record now: 28")).to_be_visible()
    hana.looks_around()
    hana.page.get_by_text("Another document says it").click()
    hana.looks_around()
    hana.presses("Correct it")
    expect(hana.page.get_by_text("It is corrected.")).to_be_visible()


def test_what_if_and_the_lines_of_decision(visit: Visit, site: Site) -> None:
    """Hana, who may draw the lines: what is tried beside a record, what would move, and what is refused."""
    hana = visit("hana")
    for address in (
        f"/assessments/{site.submitted}/what-if/",
        f"/assessments/{site.submitted}/what-if/?approve=20&D=4&d.Data=40&w.SEC-INJ=30",
        f"/assessments/{site.submitted}/what-if/?approve=99",
        "/method/appetite/",
        "/method/appetite/?approve=20&conditional=30&reject=55&coverage_percent=60&utility_slope=3&since=2026-11-24",
        "/method/appetite/?approve=30&conditional=30&reject=55&coverage_percent=60&utility_slope=3&since=2026-11-24",
    ):
        assert hana.opens(address) == 200
        hana.looks_around()


def test_webhooks(visit: Visit) -> None:
    """Hana: none yet, the form, what is refused, the one just made with its secret, its log, and the list of one."""
    hana = visit("hana")
    assert hana.opens("/webhooks/") == 200
    hana.looks_around()
    hana.opens("/webhooks/new/")
    if hana.page.get_by_label("Password", exact=True).count():  # asked again, unless she has just given it
        hana.page.get_by_label("Password", exact=True).fill(PASSWORD)
        hana.presses("Go on")
    hana.heading("New webhook")
    hana.looks_around()
    hana.page.get_by_label("What listens").fill("Ticket system")
    hana.page.get_by_label("Address").fill("http://example.com/hook")
    hana.presses("Make it")
    expect(hana.page.get_by_text("unencrypted")).to_be_visible()
    hana.looks_around()
    hana.page.get_by_label("Address").fill("https://example.com/hook")
    hana.presses("Make it")
    expect(hana.page.locator("#secret")).to_be_visible()
    hana.looks_around()
    hana.opens("/webhooks/")
    hana.page.get_by_role("link", name="Ticket system").click()
    hana.looks_around()


def test_the_documentation_of_the_api(ana: Person) -> None:
    """From the tokens it is for to a resource that only reads, and one that takes and gives all there is."""
    ana.opens("/account/tokens/")
    ana.page.get_by_role("link", name="its documentation").click()
    ana.heading("API")
    ana.looks_around()
    for address in ("/docs/api/units/", "/docs/api/assessments/", "/docs/api/imports/"):
        assert ana.opens(address) == 200
        ana.looks_around()


def test_a_reason_with_the_words_it_rests_on(ana: Person) -> None:
    """From the list to a quoted source and its record: each is one click."""
    ana.opens("/assessments/")
    ana.page.get_by_role("row", name=re.compile("Internal drafting without personal data")).get_by_role(
        "link"
    ).first.click()
    ana.presses("Score and see the decision")
    why = ana.page.get_by_role("region", name="Why")
    reason = why.get_by_role("listitem").filter(has_text="“").first
    expect(reason).to_be_visible()
    reason.get_by_role("link", name=re.compile("^(?!record)[A-Za-z].{6,}")).first.click()
    expect(ana.page.get_by_role("heading", level=1)).to_be_visible()
    ana.looks_around()


def test_a_control_from_a_suggestion_to_the_decision(ana: Person) -> None:
    """What a control does is on the page that plans it, on its own, and on the decision."""
    ana.opens("/assessments/")
    ana.page.get_by_role("row", name=re.compile("with an EEA residency policy")).get_by_role(
        "link"
    ).first.click()
    ana.page.get_by_role("link", name="Controls").click()
    ana.page.get_by_role("link", name=re.compile("^Plan one")).first.click()
    expect(ana.page.get_by_role("checkbox", checked=True)).to_have_count(1)
    ana.looks_around()
    ana.page.get_by_label("The control").fill("Names are replaced before text leaves our network")
    ana.page.get_by_label("How much of it, in percent").fill("40")
    ana.page.get_by_label("Whose judgement that is, and what it rests on").fill("Trial on 200 letters")
    ana.presses("Plan it")
    expect(ana.page.get_by_text("is planned.")).to_be_visible()
    ana.page.get_by_role("link", name="Names are replaced before text leaves our network").click()
    ana.looks_around()
    ana.page.get_by_role("link", name="All controls").click()
    ana.page.get_by_role("link", name="Decision").click()
    expect(ana.page.get_by_role("heading", name="Controls: inherent, current, target")).to_be_visible()
    ana.looks_around()


def test_a_file_of_several_sheets_with_headings_between_its_rows(ana: Person) -> None:
    """All sheets, the columns with the headings among them, the preview, and a row that is no entry."""
    ana.opens("/imports/upload/")
    ana.page.get_by_label("Spreadsheet").set_input_files(files=[sectioned()])
    ana.presses("Upload and look")
    ana.page.get_by_role("link", name="All 2 sheets of the file").click()
    expect(ana.page.get_by_role("row", name=re.compile("Notes"))).to_contain_text("cannot be imported")
    ana.looks_around()
    ana.page.get_by_role("link", name=re.compile("^columns to confirm")).click()
    expect(ana.page.get_by_role("row", name=re.compile("Section heading"))).to_contain_text("Moon Labs")
    ana.presses("Show what would happen")
    ana.heading("Preview: nothing is saved yet")
    ana.page.get_by_role("link", name=re.compile("A4")).first.click()
    expect(ana.page.get_by_text("Section heading: one cell merged over the columns.")).to_be_visible()
    ana.looks_around()


def sectioned() -> FilePayload:
    """Two vendors, each over its rows, and a sheet of notes."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    head = ["Model", "Type", "Context window"]
    for row in (["Acme"], head, ["a", "chat", 1000], ["Moon Labs"], head, ["b", "chat", 2000]):
        sheet.append(row)
    for cells in ("A1:C1", "A4:C4"):
        sheet.merge_cells(cells)
    book.create_sheet("Notes")["A1"] = "Prices are on request."
    buffer = io.BytesIO()
    book.save(buffer)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "sections.xlsx", "mimeType": kind, "buffer": buffer.getvalue()}


def test_a_rule_a_job_and_the_menu(ana: Person) -> None:
    ana.opens("/rules/")
    rule = ana.page.locator("main a[href^='/rules/']").first.get_attribute("href")
    assert rule
    ana.opens(rule)
    ana.looks_around()
    ana.opens("/")
    ana.page.locator("main a[href^='/jobs/']").first.click()
    ana.page.wait_for_url("**/jobs/**")
    ana.looks_around()
    ana.page.get_by_text("Ana", exact=True).click()
    expect(ana.page.get_by_role("button", name="Sign out")).to_be_visible()
    ana.looks_around(within=".topbar")


def test_who_is_not_signed_in(visit: Visit) -> None:
    nobody = visit("nobody", signed_in=False)
    for address in ("/account/login/", "/account/password/reset/", "/account/signup/"):
        assert nobody.opens(address) == 200
        nobody.looks_around()


def test_a_page_that_is_not_there(ana: Person) -> None:
    assert ana.opens("/assessments/999999/") == 404
    ana.looks_around()
