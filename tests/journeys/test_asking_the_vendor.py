"""Ana asks the vendor; gita answers on whatever she has at hand, without an account; ana reviews, and it counts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Visit
from tests.journeys.people import Person
from tests.journeys.site import Site


class Clicks:
    """What ana presses on the way; typing whom to write to is no click."""

    def __init__(self, person: Person) -> None:
        self.person, self.count = person, 0

    def on(self, place: Locator) -> None:
        place.click()
        self.count += 1


def asks(ana: Person, assessment: int, *, more: str = "") -> str:
    """From the decision page to the sent link; the path that gita gets."""
    ana.opens(f"/assessments/{assessment}/decision/")
    clicks = Clicks(ana)
    clicks.on(ana.page.get_by_role("link", name="Ask the vendor"))
    ana.page.get_by_label("Contact", exact=True).fill("Gita Rao")
    ana.page.get_by_label("E-mail").fill("gita@vendor.example")
    ana.page.get_by_label("Questions of your own").fill(more)
    clicks.on(ana.page.get_by_role("button", name="Send"))
    link = ana.page.get_by_role("textbox", name="The link").input_value()
    assert clicks.count <= 4
    return "/ask/" + link.split("/ask/")[1]


@pytest.fixture
def assessment(ana: Person) -> int:
    """A draft of ana's own about something that is sold by somebody, scored."""
    ana.opens("/assessments/?q=Coding&state=draft")
    ana.page.locator("tbody th a").first.click()
    found = re.search(r"/assessments/(\d+)/", ana.page.url)
    assert found is not None
    return int(found.group(1))


def test_asked_answered_reviewed_and_taken_once_for_two(visit: Visit, ana: Person, assessment: int) -> None:
    link = asks(ana, assessment, more="Who is on call?")
    ana.looks_around()
    inquiry = ana.page.url

    gita = visit("gita", signed_in=False)
    assert gita.opens(link) == 200
    gita.heading(re.compile("questions? about"))
    question = gita.page.get_by_role("group").filter(has_text="Who is on call?")
    question.get_by_label("In your words").fill("Ines.")
    gita.page.keyboard.press("Tab")
    expect(question.get_by_role("status")).to_contain_text("Kept: Ines.")
    question.get_by_label("In your words").fill("Ines, at any hour.")
    gita.page.keyboard.press("Tab")
    expect(question.get_by_role("status")).to_contain_text("Kept: Ines, at any hour.")
    first = gita.page.get_by_role("group").first
    first.get_by_role("radio").first.check()
    expect(first.get_by_role("status")).to_contain_text("Kept:")
    gita.looks_around()
    assert gita.opens(link) == 200  # she left, and came back by the same link
    expect(first.get_by_role("radio").first).to_be_checked()
    gita.presses("Hand in the answers")
    gita.heading("Your answers are handed in")
    gita.looks_around()
    assert gita.opens(link) == 410

    ana.opens("/")
    ana.sees("has answered")
    ana.opens(inquiry)
    ana.follows("Review the answers")
    ana.sees("If you accept all that waits")
    ana.looks_around()
    ana.presses(re.compile("^Accept"))
    ana.sees(re.compile(r"\d reviewed, \d set in the assessment"))
    ana.opens(inquiry)
    ana.sees("Reviewed")
    ana.looks_around()

    offering = ana.asks_api(f"assessments/{assessment}/").json()["offering"]
    slug = ana.asks_api(f"offerings/{offering}/").json()["slug"]
    ana.opens(f"/assessments/start/?offering={slug}")
    ana.page.get_by_label("What is it to be used for?").fill("A second use")
    ana.presses("Start")
    ana.follows("See what Procurement was told")
    ana.looks_around()
    ana.presses(re.compile("^Take"))
    ana.sees("taken over, each with its source")


def test_without_javascript_on_a_telephone(visit: Visit, ana: Person, assessment: int) -> None:
    link = asks(ana, assessment, more="Who is on call?")
    gita = visit("gita", signed_in=False, java_script_enabled=False)
    gita.page.set_viewport_size({"width": 390, "height": 844})
    gita.opens(link)
    gita.page.get_by_label("In your words").fill("Ines.")
    gita.presses("Save")
    gita.sees("Your answer: Ines.")
    expect(gita.page.get_by_label("In your words")).to_have_value("Ines.")
    gita.presses("Hand in the answers")
    gita.heading("Your answers are handed in")


def test_revoked_while_it_is_open(visit: Visit, ana: Person, assessment: int) -> None:
    link = asks(ana, assessment)
    gita = visit("gita", signed_in=False)
    gita.opens(link)
    ana.presses("Revoke")
    ana.sees("The link is closed.")
    gita.presses("Save")
    gita.heading("This link is closed")
    gita.looks_around()
    assert gita.opens(link) == 410


def test_expired_and_extended(visit: Visit, ana: Person, site: Site) -> None:
    lena = visit("lena", signed_in=False)
    assert lena.opens(site.late_link) == 410
    lena.heading("This link has expired")
    lena.looks_around()
    ana.opens(f"/inquiries/{site.late}/")
    ana.sees("Expired")
    ana.presses("Extend")
    ana.sees("The link lives on.")
    assert lena.opens(site.late_link) == 200


def test_a_link_that_lost_a_part_and_one_who_is_elsewhere(visit: Visit, cleo: Person, site: Site) -> None:
    gita = visit("gita", signed_in=False)
    assert gita.opens(site.late_link[:-3] + "/") == 404
    gita.heading("There are no questions behind this link")
    gita.looks_around()
    for path in ("", "review/"):
        assert cleo.status_of(f"/inquiries/{site.late}/{path}") == 404
    assert cleo.status_of(f"/assessments/{site.submitted}/ask/") == 404


def test_choosing_what_to_ask_has_no_fault(ana: Person, assessment: int) -> None:
    ana.opens(f"/assessments/{assessment}/ask/")
    for fold in ana.page.locator("details.choose > summary").all()[1:]:  # the first is open
        fold.click()
    ana.looks_around()
