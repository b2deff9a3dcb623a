"""Coming in: through the company's sign-in, with an authenticator app, with a passkey and no password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import LazySettings
from django.core import mail
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.roles import Role
from riskassess.jobs import services as jobs
from tests.accounts.provider import provider
from tests.builders import make_person, make_unit
from tests.journeys.conftest import PATIENCE
from tests.journeys.looking import DESK, faults_of

PASSWORD = "a long enough secret"


@pytest.fixture
def procurement(transactional_db: None) -> BusinessUnit:
    return make_unit("Procurement")


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """An empty browser at the site; afterwards no page of it may have had a fault."""
    context = browser.new_context(base_url=live_server.url, viewport=DESK, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    # The provider's own page asks for pictures that are not there; ours may not be refused anything.
    context.on("console", lambda said: wrong.append(said.text) if "Refused" in said.text else None)
    yield context.new_page()
    context.close()
    assert not wrong


def looks_right(page: Page) -> None:
    faults = faults_of(page)
    assert faults == [], page.url


def signs_in(page: Page, email: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def is_in(page: Page) -> None:
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def signs_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Email")).to_be_visible()


@pytest.fixture
def ida(procurement: BusinessUnit) -> str:
    person = make_person("Ida Berg", (procurement, Role.ASSESSOR), email="ida@example.com")
    person.set_password(PASSWORD)
    person.save()
    return person.email


def test_gita_comes_through_the_companys_sign_in(
    transactional_db: None, settings: LazySettings, page: Page
) -> None:
    claims: dict[str, Any] = {"email": "gita@example.com", "email_verified": True, "name": "Gita Rao"}
    with provider(settings, ("gita", {**claims, "groups": ["risk-approvers"]})):
        page.goto("/account/login/")
        looks_right(page)
        page.get_by_role("button", name="Sign in with Company account").click()
        page.locator("input[name=sub]").first.fill("gita")
        page.locator("button[type=submit], input[type=submit]").first.click()
        is_in(page)
    expect(page.get_by_text("Gita", exact=True)).to_be_visible()
    page.goto("/assessments/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_app_then_a_passkey_that_needs_no_password(ida: str, page: Page) -> None:
    signs_in(page, ida)
    is_in(page)
    page.goto("/account/2fa/")
    looks_right(page)
    page.get_by_role("link", name="Set up").click()
    looks_right(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    looks_right(page)
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("Authenticator code").fill(code_for(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", level=1, name="Recovery codes")).to_be_visible()
    looks_right(page)

    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": A_TELEPHONE})
    page.goto("/account/2fa/webauthn/add/")
    looks_right(page)
    page.get_by_label("Name").fill("Ida's telephone")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(re.compile(r"/account/2fa/(webauthn/)?$"))
    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_text("Ida's telephone")).to_be_visible()
    looks_right(page)

    signs_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    is_in(page)

    signs_out(page)
    signs_in(page, ida)
    expect(page.get_by_role("heading", level=1, name="Second factor")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Use a security key or passkey").click()
    is_in(page)
    page.goto("/account/sessions/")
    looks_right(page)


def test_an_access_token_is_made_and_shown_once(ida: str, page: Page) -> None:
    signs_in(page, ida)
    page.goto("/account/tokens/")
    looks_right(page)
    page.get_by_label("What uses it").fill("nightly export")
    page.get_by_label("Assess", exact=True).check()
    page.get_by_role("button", name="Make it").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    key = page.locator("#key").inner_text()
    looks_right(page)
    answer = page.context.request.get("/api/v1/units/", headers={"Authorization": f"Bearer {key}"})
    assert answer.json()["results"][0]["name"] == "Procurement"
    page.goto("/account/tokens/")
    expect(page.get_by_text(key)).to_have_count(0)
    page.get_by_role("button", name="End the token nightly export").click()
    expect(page.get_by_text("opens nothing any more")).to_be_visible()


def test_noor_is_invited_accepts_and_sees_what_is_hers(procurement: BusinessUnit, page: Page) -> None:
    """From the administrator's page to the newcomer's first one; the mail goes through its job."""
    gita = make_person("Gita Rao", (procurement, Role.ADMINISTRATOR), email="gita@example.com")
    gita.set_password(PASSWORD)
    gita.save()
    signs_in(page, "gita@example.com")
    page.get_by_text("Gita", exact=True).click()
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Invitations").click()
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Address").fill("noor@example.com")
    page.get_by_label("Role").select_option("Assessor")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_text("is on its way to noor@example.com")).to_be_visible()
    looks_right(page)
    signs_out(page)

    jobs.drain()
    link = re.search(r"https?://[^/]+(/invited/\S+)", str(mail.outbox[-1].body))
    assert link
    page.goto(link[1])
    looks_right(page)
    page.get_by_label("Your name").fill("Noor Haddad")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_label("Password (again)").fill("short")
    page.get_by_role("button", name="Open my account").click()
    expect(page.get_by_text("too short")).to_be_visible()
    looks_right(page)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Open my account").click()
    expect(page.get_by_text("Your account is open")).to_be_visible()
    signs_in(page, "noor@example.com")
    is_in(page)
    page.get_by_text("Noor", exact=True).click()
    expect(page.get_by_role("link", name="Your account")).to_be_visible()
    expect(page.get_by_role("link", name="People", exact=True)).to_have_count(0)
    page.goto("/people/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("may not")
    page.goto("/imports/upload/")  # an assessor's
    expect(page.get_by_label("Spreadsheet")).to_be_visible()
    page.goto(link[1])
    expect(page.get_by_role("heading", level=1, name="This invitation was accepted")).to_be_visible()


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


# What Chromium plays: a telephone that knows its owner.
A_TELEPHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
