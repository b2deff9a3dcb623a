"""Returned with remarks, put right, approved against the method, reassessed: by the people who do it."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.people import Person

USE = "Minutes of the works council"
OVERALL = "Who keeps the minutes?"
ON_DATA = "Minutes name people."

# Of the decision page, which other journeys have looked at whole: what is new on this way.
NEW = "[role=status], .pagehead, #decide, .notice, [aria-labelledby=h-decided]"


def test_returned_put_right_approved_and_reassessed(visit: Visit) -> None:
    ana, ben = visit("ana"), visit("ben")
    decision = submits(ana)
    returns_with_remarks(ben, decision)
    puts_it_right(ana)
    approves_against_the_method(ben, decision)
    reassesses(ana, decision)


def submits(ana: Person) -> str:
    ana.opens("/offerings/")
    ana.page.locator("table .rowlink").first.click()
    ana.follows("Assess this offering")
    ana.page.get_by_label("What is it to be used for?").fill(USE)
    ana.presses("Start")
    ana.page.wait_for_url("**/answers/**")
    ana.presses("Submit for decision")
    ana.sees("Computed decision")
    return ana.page.url.removeprefix(ana.site.url)


def returns_with_remarks(ben: Person, decision: str) -> None:
    ben.opens(decision)
    ben.presses("Take it up")
    ben.sees("in review by Ben")
    ben.page.get_by_text("Return it, with remarks").click()
    ben.presses("Return for changes")
    ben.sees("Say what is to be put right.")
    ben.page.get_by_label("On all of it").fill(OVERALL)
    row = ben.page.get_by_role("group", name="Remark 1", exact=True)
    row.get_by_label("Question").select_option(label="How sensitive is the data that goes in or comes out?")
    row.get_by_label("What is to be put right").fill(ON_DATA)
    ben.looks_around(within=NEW)
    ben.presses("Return for changes")
    ben.sees("Returned to Ana")


def puts_it_right(ana: Person) -> None:
    ana.opens("/")
    ana.page.get_by_role("listitem").filter(has_text=USE).get_by_role("link").first.click()
    ana.sees("Returned: 2 remarks to resolve")
    ana.presses("Submit for decision")
    ana.sees("2 remarks are still open")
    ana.page.get_by_role("link", name=re.compile("How sensitive is the data")).first.click()
    ana.sees(re.compile("Ben .*remarks"))
    ana.looks_around()
    ana.answers("How sensitive is the data that goes in or comes out?", "Confidential")
    ana.presses(re.compile(f"Resolved.*{re.escape(OVERALL)}"))
    ana.sees("Returned: 1 remark to resolve")
    ana.presses(re.compile(f"Resolved.*{re.escape(ON_DATA)}"))
    expect(ana.page.get_by_text(re.compile("remarks? to resolve"))).to_have_count(0)
    ana.presses("Submit for decision")
    ana.sees("Computed decision")


def approves_against_the_method(ben: Person, decision: str) -> None:
    ben.opens(decision)
    ben.sees("Remarks when it was returned")
    ben.page.get_by_label("Decision", exact=True).select_option(label="Approve")
    ben.presses("Record the decision")
    ben.sees("Give the reason why you decide otherwise")
    ben.page.get_by_label("Reason").fill("Three people try it for a month.")
    ben.presses("Record the decision")
    ben.sees("accepts that risk")
    ben.looks_around(within=NEW)
    ben.page.get_by_label("Risk accepted until").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    ben.presses("Record the decision")
    decided = ben.page.get_by_role("region", name=re.compile("decided by Ben"))
    expect(decided).to_contain_text("Reason for deciding otherwise: Three people try it for a month.")
    expect(decided).to_contain_text(re.compile("Risk accepted by Ben .* until"))
    ben.looks_around(within=NEW)


def reassesses(ana: Person, decision: str) -> None:
    ana.opens(decision)
    ana.presses("Reassess")
    ana.sees("Taken over with its answers and controls")
    ana.section("The data")
    ana.answers("How sensitive is the data that goes in or comes out?", "Public")
    ana.presses("Score and see the decision")
    ana.sees("This reassesses an earlier decision.")
    ana.follows("What changed since")
    ana.heading("What changed since the decision")
    changed = ana.page.get_by_role("region", name="Answers")
    expect(changed).to_contain_text("Confidential")
    expect(changed).to_contain_text("Public")
    ana.looks_around()
