"""Asked with a standard questionnaire and a workbook: from the file to the set, out to gita, back, reviewed."""

from __future__ import annotations

import io
import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import FilePayload

from tests.journeys.conftest import Visit
from tests.journeys.people import Person
from tests.journeys.site import Site

QUESTIONS = b"""Section,ID,Type,Question,Choices
Security,rest,radio,Do you encrypt customer data at rest?,"all: Yes, all of it
none: No"
Security,hsm,text,Where are your encryption keys kept?,
"""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_questionnaire_goes_out_as_a_workbook_and_comes_back(
    visit: Visit, ana: Person, tmp_path: Path
) -> None:
    ana.opens("/question-sets/add/")
    ana.looks_around()
    file = FilePayload(name="house.csv", mimeType="text/csv", buffer=QUESTIONS)
    ana.page.get_by_label("The questionnaire").set_input_files(file)
    ana.page.get_by_label("Name", exact=True).fill("House questions")
    ana.presses("Add it")
    ana.sees("2 questions added")
    ana.looks_around()

    ana.follows(re.compile("^Judge"))
    ana.page.get_by_role("radio", name=re.compile("SEC-ISO")).check()
    ana.page.get_by_label("Level of “Yes, all of it”").select_option("0-1")
    ana.page.get_by_label("Level of “No”").select_option("4")
    ana.looks_around()
    ana.presses("Save, and the next")
    ana.page.get_by_role("radio", name=re.compile("^None: its answers")).check()
    ana.presses("Save, and the next")
    ana.sees("Evidence alone")

    ana.opens("/assessments/?q=Coding&state=draft")
    ana.page.locator("tbody th a").first.click()
    draft = re.search(r"/assessments/(\d+)/", ana.page.url)
    assert draft is not None
    ana.opens(f"/assessments/{draft[1]}/ask/")
    ana.page.get_by_label("A standard questionnaire").select_option(label="House questions")
    ana.presses("Add its questions")
    ana.looks_around()
    ana.page.get_by_label("Contact", exact=True).fill("Gita Rao")
    ana.presses("Send")
    inquiry = ana.page.url
    link = "/ask/" + ana.page.get_by_role("textbox", name="The link").input_value().split("/ask/")[1]
    ana.follows("Choose from the negotiation pack")
    ana.page.locator("input[name=item]").first.check()
    ana.looks_around()
    ana.presses("Put these in")
    ana.sees("1 point to ask for.")

    gita = visit("gita", signed_in=False)
    gita.opens(link)
    gita.follows(re.compile("Rather work in a spreadsheet"))
    gita.looks_around()
    taken = gita.downloads(lambda: gita.follows("Download the workbook"), tmp_path)
    _brings(gita, _filled(taken, "Sometimes"))
    gita.sees("1 cell to put right")
    gita.looks_around()
    _brings(gita, _filled(taken, "a) Yes, all of it"))
    gita.sees("2 answers taken in from the workbook")
    gita.follows("Look through the answers and hand them in")
    gita.presses("Hand in the answers")
    gita.heading("Your answers are handed in")

    ana.opens(inquiry)
    ana.follows("Review the answers")
    ana.presses(re.compile("^Accept"))
    ana.sees(re.compile(r"2 reviewed, 1 set in the assessment"))
    ana.opens("/claims/?q=encryption+keys")
    ana.sees("Where are your encryption keys kept?")


def _filled(taken: Path, encrypted: str) -> bytes:
    """The workbook with an answer to the two questions of the set."""
    book = load_workbook(taken)
    sheet = book["Questions"]
    rows = {row[1].value: row for row in sheet.iter_rows()}
    rows["Do you encrypt customer data at rest?"][3].value = encrypted
    rows["Where are your encryption keys kept?"][3].value = "In an HSM of ours."
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _brings(gita: Person, data: bytes) -> None:
    file = FilePayload(name="back.xlsx", mimeType=XLSX, buffer=data)
    gita.page.get_by_label("The workbook, filled in").set_input_files(file)
    gita.presses("Bring it in")


def test_the_negotiation_pack(ana: Person, site: Site) -> None:
    """From the decision to what would lower it, together, and to the copy for the vendor."""
    ana.opens(f"/assessments/{site.submitted}/decision/")
    ana.follows("Negotiate")
    ana.looks_around()
    ana.page.locator("input[name=item]").first.check()
    ana.presses("Compute those ticked together")
    ana.sees("Those ticked, 1")
    ana.follows("The vendor's copy")
    ana.sees("What we ask for")
    ana.looks_around()
