"""The form as people use it: quickly, two at once, with documents and comments, and without a mouse."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Request, ViewportSize, expect
from pypdf import PdfReader

from tests.evidence.papers import PDF
from tests.journeys.conftest import Visit
from tests.journeys.looking import DESK, TELEPHONE
from tests.journeys.people import Person
from tests.journeys.site import PASSWORD
from tests.journeys.test_other_ways import first_offering, tabs_to

MOST_LEFT, MOST_INTERACTIONS = 20, 39
# Internal drafting in the European Union, without personal data; a factor that is not named here is at level 1.
DRAFTING = {
    "profile.I": "1", "profile.A": "1", "profile.B": "1", "profile.S": "2", "profile.D": "1", "flag.P": "false",
    "use": "drafting", "user": "employee", "nexus_us": "false", "nexus_uk": "false", "nexus_eu": "true",
    "personal_data": "false", "phi": "false", "eu_financial_entity": "false", "talks_to_persons": "false",
    "synthetic_output": "true", "deep_fake": "false", "art5_practice": "none", "annex_iii": "false",
    "annex_i_product": "false", "ai_act_role": "deployer", "literacy_measures": "true",
    "policy_eu_residency": "none", "hipaa_role": "none", "special_category": "false",
}  # fmt: skip


def start(person: Person, use: str) -> str:
    """The address of a new assessment's form."""
    person.opens("/assessments/start/?offering=" + first_offering(person))
    person.page.get_by_label("What is it to be used for?").fill(use)
    person.presses("Start")
    person.page.wait_for_url("**/answers/**")
    return person.page.url


def saves(person: Person, option: Locator) -> None:
    with person.page.expect_response(lambda one: one.request.method == "POST" and "/answers/" in one.url):
        option.check()


class Counted:
    """Ana, how often she clicked, typed or pressed a key to send, and how long she waited for the site each time."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page
        self.interactions = 0
        self.waits: list[float] = []  # milliseconds, of each page and of each answer kept
        self.page.on("requestfinished", self._waited)

    def _waited(self, request: Request) -> None:
        """What runs by itself, such as the look for news, nobody waits for."""
        if request.resource_type == "document" or request.method == "POST":
            self.waits.append(max(0.0, request.timing["responseEnd"]))

    def types(self, field: Locator, text: str) -> None:
        self.interactions += 1
        field.fill(text)

    def clicks(self, what: Locator) -> None:
        self.interactions += 1
        what.click()

    def left(self) -> int:
        """How many questions the form says are left for her."""
        said = self.page.locator("#live [aria-live]").inner_text()
        found = re.match(r"(\d+) questions? left for you", said)
        assert found, said
        return int(found[1])

    def answers_the_next(self) -> None:
        """The first open question, by what drafting in the EU would say; she sees the count come down or go on."""
        question = self.page.locator("#form .q").filter(has=self.page.locator("summary .unknown")).first
        anchor = (question.get_attribute("id") or "").removeprefix("q-")
        key = question.locator("input[name=seen]").first.input_value().rpartition("=")[0]
        value = DRAFTING.get(key, "1")
        self.interactions += 1
        saves(self.person, question.locator(f"[id='p-{key}-{value}']"))
        expect(self.page.locator(f"#said-{anchor} .unknown")).to_have_count(0)


@pytest.mark.parametrize("screen", [DESK, TELEPHONE], ids=["at a desk", "on a telephone"])
def test_internal_drafting_is_submitted_in_under_forty_interactions(
    visit: Visit, screen: ViewportSize, capsys: pytest.CaptureFixture[str]
) -> None:
    """At no time are more than twenty questions left for the buyer; the rest is named as the vendor's."""
    ana = Counted(visit("ana", signed_in=False))
    ana.page.set_viewport_size(screen)
    ana.person.opens("/account/login/")
    ana.types(ana.page.get_by_label("Email"), "ana@example.com")
    ana.types(ana.page.get_by_label("Password", exact=True), PASSWORD)
    ana.clicks(ana.page.get_by_role("button", name="Sign in", exact=True))
    ana.types(ana.page.get_by_role("searchbox", name=re.compile("^Find")), "MAI-Thinking-1")
    ana.interactions += 1
    ana.page.keyboard.press("Enter")
    ana.clicks(
        ana.page.locator("main").get_by_role("link", name="MAI-Thinking-1 through Microsoft Foundry").first
    )
    ana.clicks(ana.page.get_by_role("link", name="Assess this offering"))
    ana.types(ana.page.get_by_label("What is it to be used for?"), "Internal drafting")
    ana.clicks(ana.page.get_by_role("button", name="Start"))
    ana.page.wait_for_url("**/answers/**")
    most = before = ana.left()
    assert before > 0
    expect(ana.page.get_by_text(re.compile(r"further questions the vendor can answer"))).to_be_visible()
    while left := ana.left():
        most = max(most, left)
        ana.answers_the_next()
        assert ana.interactions < MOST_INTERACTIONS, f"{left} left after {ana.interactions} interactions"
    if screen == DESK:
        ana.person.looks_around()  # on a telephone as well
    ana.clicks(ana.page.get_by_role("button", name="Submit for decision"))
    ana.person.sees("Submitted. An approver of the unit decides")
    with capsys.disabled():
        print(
            f"\n{screen['width']} px: {ana.interactions} interactions, at most {most} questions left at once; "
            f"she waits {sum(ana.waits) / 1000:.1f} s for {len(ana.waits)} answers of the site, "
            f"{max(ana.waits):.0f} ms for the slowest"
        )
    assert ana.interactions <= MOST_INTERACTIONS
    assert most <= MOST_LEFT


def test_two_editors_at_once(visit: Visit) -> None:
    """The second is shown what the first said, and chooses; the first is told of it without asking."""
    first, second = visit("ana"), visit("ana")
    form = start(first, "Two editors")
    second.opens(form)
    question = "What stops when it stops?"
    first.answers(question, "A team's daily work")

    second.expected.add(409)
    second.question(question).get_by_label("Nothing, an experiment").check()
    clash = second.page.get_by_role("alert").filter(has_text="answered this meanwhile")
    expect(clash).to_contain_text("A team's daily work")
    expect(clash).to_contain_text("Nothing, an experiment")
    second.looks_around()
    clash.get_by_role("link", name="Keep what it is now").click()
    expect(second.question(question).get_by_label("A team's daily work")).to_be_checked()

    first.answers(question, "Work slows for some")
    second.question(question).get_by_label("Nothing, an experiment").check()
    second.page.get_by_role("button", name="Use mine").click()
    expect(second.question(question).get_by_label("Nothing, an experiment")).to_be_checked()

    first.page.evaluate("window.dispatchEvent(new Event('focus'))")
    news = first.page.locator("#news")
    expect(news).to_contain_text("Changed meanwhile.")
    expect(news).to_contain_text("Nothing, an experiment")
    first.looks_around()
    first.page.get_by_role("link", name="Show it as it is now").click()
    expect(first.question(question).get_by_label("Nothing, an experiment")).to_be_checked()


def test_a_document_is_attached_and_printed(ana: Person, tmp_path: Path) -> None:
    start(ana, "With a document")
    ana.section("The data")
    ana.question("Are prompts or outputs used to train or improve models?")
    place = ana.page.locator("#q-DAT-TRN")
    saves(ana, place.locator("[id='p-DAT-TRN-1']"))
    place.get_by_text("Attach a document").click()
    ana.looks_around()
    paper = {"name": "terms.pdf", "mimeType": "application/pdf", "buffer": PDF + f"% {tmp_path}\n".encode()}
    place.get_by_label("A file").set_input_files(files=[paper])  # type: ignore[list-item]
    place.get_by_label("Dated").fill("2026-06-01")
    place.get_by_label("Page or section").last.fill("p. 4")
    place.get_by_role("button", name="Attach", exact=True).click()
    ana.sees("terms.pdf is attached.")
    place.locator("summary").first.click()
    place.get_by_role("link", name="terms.pdf").click()
    ana.heading("terms.pdf")
    digest = ana.page.locator(".hash").inner_text()
    ana.looks_around()
    file = ana.downloads(ana.page.get_by_role("link", name="Download").click, tmp_path)
    assert file.read_bytes() == paper["buffer"]

    ana.page.locator("main").get_by_role("link", name=re.compile("With a document")).click()
    ana.presses("Score and see the decision")
    ana.presses(re.compile("^PDF"))
    ready = ana.page.get_by_role("link", name="Download the PDF")
    expect(ready).to_be_visible(timeout=60_000)
    report = ana.downloads(ready.click, tmp_path)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(report.read_bytes())).pages)
    assert "terms.pdf" in text
    assert digest in "".join(text.split())


@pytest.mark.parametrize("width", [390])
def test_a_range_a_refusal_and_a_comment_by_keyboard_on_a_phone(ana: Person, width: int) -> None:
    start(ana, "By keyboard")
    ana.page.set_viewport_size({"width": width, "height": 844})
    ana.section("The people")
    question = "Can each output be traced to version, prompt and user?"
    row = ana.page.locator("#q-GOV-LOG")
    row.locator("summary").first.focus()
    ana.page.keyboard.press("Enter")
    with ana.page.expect_response(lambda one: one.request.method == "POST" and "/answers/" in one.url):
        row.get_by_label("Best level of the range").focus()
        ana.page.keyboard.press("ArrowDown")
        ana.page.keyboard.press("Tab")
    tabs_to(ana, row.get_by_role("textbox", name=re.compile("^Note")))
    with ana.page.expect_response(lambda one: one.request.method == "POST" and "/answers/" in one.url):
        row.get_by_label("Vendor declined to say").focus()
        ana.page.keyboard.press("Space")
    expect(row.locator("summary").first).to_contain_text("vendor declined to say")
    expect(ana.question(question).get_by_label("Vendor declined to say")).to_be_checked()

    comments = row.locator("summary").filter(has_text="Comments")
    tabs_to(ana, comments)
    ana.page.keyboard.press("Enter")
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.type("They would not say which log.")
    ana.page.keyboard.press("Tab")
    ana.page.keyboard.press("Enter")
    expect(row.locator(".talk .text")).to_have_text("They would not say which log.")
    expect(row.locator("summary").first).to_contain_text("1 comment, 1 open")
    ana.looks_around()
