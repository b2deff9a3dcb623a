"""One served site and one Chromium for all journeys; each person has a browser context of their own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.looking import DESK
from tests.journeys.people import Person
from tests.journeys.site import Site, served

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 15_000  # milliseconds that anything on a page may take on a busy machine

Visit = Callable[..., Person]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if __package__ and item.nodeid.startswith(__package__.replace(".", "/")):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is missing")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; tests of other folders may use the database meanwhile.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Who has signed in once already, with their cookies."""
    return {}


@pytest.fixture
def visit(site: Site, browser: Browser, sessions: dict[str, Any]) -> Iterator[Visit]:
    """`visit("ana")` is ana, signed in; afterwards nothing may have gone wrong in anybody's browser."""
    visitors: list[Person] = []

    def arrive(name: str, *, signed_in: bool = True, **options: Any) -> Person:
        cookies = sessions.get(name) if signed_in else None
        context = browser.new_context(
            base_url=site.url,
            viewport=DESK,
            locale="en-GB",
            reduced_motion="reduce",
            color_scheme="light",
            storage_state=cookies,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        person = Person(name, context, site)
        visitors.append(person)
        if signed_in and cookies is None:
            person.signs_in()
            sessions[name] = context.storage_state()
        return person

    yield arrive
    faults = []
    for person in visitors:
        faults += person.faults
        person.page.context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def ana(visit: Visit) -> Person:
    """Assesses and imports, in Procurement."""
    return visit("ana")


@pytest.fixture
def ben(visit: Visit) -> Person:
    """Approves, in Procurement."""
    return visit("ben")


@pytest.fixture
def cleo(visit: Visit) -> Person:
    """Assesses, but in Research: Procurement's work is not hers to see."""
    return visit("cleo")
