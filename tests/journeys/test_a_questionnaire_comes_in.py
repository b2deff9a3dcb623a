"""An answered questionnaire that says above its table who answered: from the file to the catalog in five clicks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.roles import Role
from riskassess.evidence.models import Claim
from riskassess.jobs import services as jobs
from tests.builders import make_person, make_unit
from tests.journeys.conftest import PATIENCE
from tests.journeys.looking import DESK, TELEPHONE, faults_of

PASSWORD = "a long enough secret"
ROWS = [
    ("Vendor assessment tool, full version",),
    (),
    ("Vendor Name:", "Acme AI, Inc.", None, "Date Completed", date(2026, 5, 4)),
    ("Product Name", "Swift"),
    (),
    ("ID", "Question", "Vendor Answers", "Additional Information"),
    ("DOCU-01", "Have you undergone an audit of your controls?", "Yes", "Type II, 2025"),
    ("DOCU-02", "Have you completed a self assessment?", "No", "Planned for 2027"),
    ("AUTH-01", "Do you support more than one factor of authentication?", "Yes", None),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.worksheets[0].append(list(row))
    path = tmp_path / "answers.xlsx"
    book.save(path)
    return path


@pytest.fixture
def page(
    transactional_db: None, browser: Browser, live_server: LiveServer, settings: LazySettings, tmp_path: Path
) -> Iterator[Page]:
    settings.MEDIA_ROOT = tmp_path / "files"
    unit: BusinessUnit = make_unit("Procurement")
    ana = make_person("Ana Abt", (unit, Role.ASSESSOR))
    ana.set_password(PASSWORD)
    ana.save()
    context = browser.new_context(base_url=live_server.url, viewport=DESK, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/account/login/")
    page.get_by_label("Email").fill(ana.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    yield page
    context.close()


def seen(page: Page, name: str) -> None:
    """No fault on the page; kept as a picture where somebody wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}-desk.png", full_page=True)
        page.set_viewport_size(TELEPHONE)
        page.screenshot(path=f"{folder}/{name}-telephone.png", full_page=True)
        page.set_viewport_size(DESK)
    assert faults_of(page) == [], page.url


def test_from_the_file_to_the_catalog_in_five_clicks(page: Page, file: Path) -> None:
    page.goto("/imports/")
    page.get_by_role("link", name="Import a spreadsheet").click()
    page.get_by_label("Spreadsheet").set_input_files(file)
    page.get_by_role("button", name="Upload and look").click()
    expect(page.get_by_label("Who answered")).to_have_value("Acme AI, Inc.")
    expect(page.get_by_text("“Vendor Name” in B3 says so.")).to_be_visible()
    expect(page.get_by_label("Answered on")).to_have_value("2026-05-04")
    seen(page, "columns")
    page.get_by_role("button", name="Show what would happen").click()
    jobs.drain()
    expect(page.get_by_role("button", name="Apply 3 rows")).to_be_visible()
    seen(page, "preview")
    page.get_by_role("button", name="Apply 3 rows").click()
    jobs.drain()
    expect(page.get_by_role("heading", name="answers.xlsx is imported")).to_be_visible()
    seen(page, "done")
    assert set(Claim.objects.values_list("vendor__name", "made_on")) == {("Acme AI, Inc.", date(2026, 5, 4))}
