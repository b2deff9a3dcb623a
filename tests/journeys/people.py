"""A person at a browser: what they do on the pages, in their own words, and what they must never meet."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import (
    APIResponse,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Request,
    Response,
    expect,
)

from tests.journeys.looking import faults_of
from tests.journeys.site import PASSWORD, PEOPLE, Site


class Person:
    """One person in a browser of their own; `faults` keeps everything that must not happen on the way."""

    def __init__(self, name: str, context: BrowserContext, site: Site) -> None:
        self.name = name
        self.site = site
        self.faults: list[str] = []
        self.expected: set[int] = set()  # statuses that are part of the story
        self.page = context.new_page()
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"script failed: {error.error}"))

    # --- moving about -------------------------------------------------------------------------------
    def opens(self, address: str) -> int:
        """Goes to an address; the status of the page."""
        response = self.page.goto(address)
        assert response is not None
        return response.status

    def signs_in(self) -> None:
        self.opens("/account/login/")
        self.page.get_by_label("Email").fill(PEOPLE[self.name])
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.presses("Sign in")
        expect(self.page.get_by_role("navigation", name="Main")).to_be_visible()

    def follows(self, link: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def presses(self, button: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=button).first.click()

    def sees(self, words: str | re.Pattern[str]) -> Locator:
        """The first visible place with these words; fails when there is none."""
        place = self.page.get_by_text(words).filter(visible=True).first
        expect(place).to_be_visible()
        return place

    def heading(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1, name=words)).to_be_visible()

    def downloads(self, act: Callable[[], None], folder: Path) -> Path:
        """The file that `act` brings, under the name the site gives it."""
        with self.page.expect_download() as waiting:
            act()
        file = folder / waiting.value.suggested_filename
        waiting.value.save_as(file)
        return file

    def asks_api(self, path: str) -> APIResponse:
        return self.page.context.request.get(f"{self.site.url}/api/v1/{path}")

    def status_of(self, address: str) -> int:
        """What an address answers, without going there."""
        return self.page.context.request.get(address, max_redirects=0).status

    # --- answering ----------------------------------------------------------------------------------
    def section(self, title: str) -> None:
        """Turns to a section of the form."""
        sections = self.page.get_by_role("navigation", name="Sections of the form")
        link = sections.get_by_role("link", name=re.compile(f"^{title}"))
        link.click()
        expect(link).to_have_attribute("aria-current", "page")

    def question(self, words: str) -> Locator:
        """The question that asks this, unfolded where it was folded."""
        fold = self.page.locator("details").filter(has=self.page.locator("summary").filter(has_text=words))
        if fold.get_attribute("open") is None:
            fold.locator("summary").first.click()
        return self.page.get_by_role("group", name=words, exact=True)

    def answers(self, question: str, choice: str) -> None:
        """Chooses an answer and waits until the site has kept it."""
        option = self.question(question).get_by_label(choice)
        with self.page.expect_response(_keeps_an_answer) as waiting:
            option.check()
        assert waiting.value.ok
        expect(self.question(question).get_by_label(choice)).to_be_checked()

    # --- what must never happen ---------------------------------------------------------------------
    def looks_around(self, within: str = "html") -> None:
        """Notes what axe, the dark scheme and a narrow screen find wrong with this page."""
        path = self.page.url.removeprefix(self.site.url)
        self.faults += [f"{path} ({self.name}): {fault}" for fault in faults_of(self.page, within)]

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.faults.append(f"asks another host: {request.url}")

    def _answered(self, response: Response) -> None:
        failed = response.status >= 400 and response.status not in self.expected
        if failed and response.request.resource_type != "document":
            self.faults.append(f"{response.status} for {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # A page that is not there is said so in the console as well; `_answered` judges those.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")


def _keeps_an_answer(response: Response) -> bool:
    return response.request.method == "POST" and "/answers/" in response.url
