"""The same work without JavaScript, and without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Visit
from tests.journeys.people import Person
from tests.journeys.site import PASSWORD, PEOPLE

SECTION, QUESTION = "The use", "What stops when it stops?"


@pytest.fixture
def draft(ana: Person) -> str:
    """The address of a new assessment's form."""
    ana.opens("/assessments/start/?offering=" + first_offering(ana))
    ana.page.get_by_label("What is it to be used for?").fill("Trying the other ways")
    ana.presses("Start")
    ana.page.wait_for_url("**/answers/**")
    return ana.page.url


def first_offering(person: Person) -> str:
    slug = person.asks_api("offerings/?page_size=1").json()["results"][0]["slug"]
    assert isinstance(slug, str)
    return slug


def test_everything_that_matters_works_without_javascript(visit: Visit, draft: str) -> None:
    ana = visit("ana", signed_in=False, java_script_enabled=False)
    ana.signs_in()
    ana.opens(draft)
    ana.section(SECTION)
    ana.question(QUESTION).get_by_label("A team's daily work").check()
    form = ana.page.locator("form").filter(has=ana.question(QUESTION))
    form.get_by_role("button", name="Save").click()
    expect(ana.question(QUESTION).get_by_label("A team's daily work")).to_be_checked()

    ana.presses("Submit for decision")
    ana.sees("Submitted. An approver of the unit decides")
    ana.sees("Computed decision")


def test_a_keyboard_is_enough(visit: Visit, draft: str) -> None:
    ana = visit("ana", signed_in=False)
    ana.opens("/account/login/")
    tabs_to(ana, ana.page.get_by_label("Email"))
    ana.page.keyboard.type(PEOPLE["ana"])
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.type(PASSWORD)
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("navigation", name="Main")).to_be_visible()

    ana.opens(f"{draft}?section=use")
    ana.page.keyboard.press("Tab")
    skip = ana.page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    ana.page.keyboard.press("Enter")
    expect(ana.page.locator("main")).to_be_focused()

    chosen = tabs_to(ana, ana.question(QUESTION).get_by_role("radio"), most=400)
    with ana.page.expect_response(lambda response: response.request.method == "POST"):
        ana.page.keyboard.press("ArrowUp")
        ana.page.keyboard.press("ArrowUp")
    expect(ana.question(QUESTION).get_by_role("radio", checked=True)).to_be_focused()
    assert chosen != ana.question(QUESTION).get_by_role("radio", checked=True).get_attribute("value")


def tabs_to(person: Person, wanted: Locator, most: int = 30) -> str | None:
    """Presses Tab until the focus is on `wanted` (one of them), and can be seen at every stop; its value."""
    page = person.page
    for _ in range(most):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUS)
        assert seen["shown"], f"no visible focus on {seen['html']}"
        if wanted.and_(page.locator(":focus")).count():
            return str(seen["value"])
    raise AssertionError("Tab never gets there")


FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  return {
    html: at.outerHTML.slice(0, 160), value: at.value ?? null,
    shown: at === document.body
      || (parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none" && box.width > 0 && box.height > 0),
  };
}"""


@pytest.mark.parametrize(
    ("text", "chosen", "redrawn"),
    [
        (QUESTION, "A team's daily work", False),
        ("What may it do without a person in between?", "Only suggests; a person does everything", True),
    ],
    ids=["the same questions", "fewer questions"],
)
def test_what_is_typed_while_an_answer_is_kept_stays(
    visit: Visit, draft: str, text: str, chosen: str, redrawn: bool
) -> None:
    """The note goes on where it was, whether the section around it is drawn anew or not."""
    ana = visit("ana")
    ana.opens(f"{draft}?section=use")
    note = ana.question(text).get_by_label("Note")
    with ana.page.expect_response(lambda response: response.request.method == "POST") as kept:
        ana.question(text).get_by_label(chosen).check()
        note.press_sequentially("from the works council", delay=40)
    assert ("HX-Retarget".lower() in kept.value.headers) is redrawn
    with ana.page.expect_response(lambda response: response.request.method == "POST"):
        note.press("Tab")
    expect(ana.question(text).get_by_label("Note")).to_have_value("from the works council")
    ana.page.reload()
    expect(ana.question(text).get_by_label("Note")).to_have_value("from the works council")
    expect(ana.question(text).get_by_label(chosen)).to_be_checked()
