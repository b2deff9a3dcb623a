"""Every page opens for those who may, stays shut for the others, and loads nothing from anywhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from tests.builders import (
    link_source,
    make_assessment,
    make_claim,
    make_decision,
    make_job,
    make_model,
    make_offering,
    make_price,
    make_question,
    make_region,
    make_run,
    make_sheet,
    make_source,
    make_value,
    make_vendor,
)

LISTS = (
    "catalog:vendors", "catalog:models", "catalog:offerings", "catalog:regions", "catalog:sources",
    "evidence:claims", "evidence:questions",
)  # fmt: skip
# The PDF's own page is drawn without a browser: no policy of a browser applies to it.
PRINTED = {"report.html", "_report_more.html"}
TEMPLATES = [
    file
    for file in sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
    if file.name not in PRINTED
]


@pytest.fixture
def addresses(ana: User, ben: User, procurement: BusinessUnit) -> list[str]:
    """A small but whole catalog; the address of every page about it."""
    vendor = make_vendor("Microsoft", hq_country="US")
    model = make_model("MAI-Thinking-1", developer=vendor, context_tokens=256_000)
    offering = make_offering(model, seller=vendor, channel="Foundry", deployment="global", stage="preview")
    make_price(offering, source=(sheet := make_sheet()), row=12)
    make_value(model, "context_tokens", 128_000, source=make_source("Launch", publisher="CNBC"))
    region = make_region(vendor, "swedencentral", country="SE")
    claim = make_claim(vendor, "Parity", model=model, decides={"EVL-IND": 3})
    link_source(claim, quote="At preference parity.")
    question = make_question(vendor, claim=claim)
    assessment = make_assessment(ana, procurement, offering=offering, state="submitted")
    make_decision(make_run(assessment), ben, "REJECT")
    job = make_job(procurement)
    records = (vendor, model, offering, region, sheet, claim, question)
    return [
        "/",
        reverse("home:search") + "?q=mai",
        *(reverse(name) for name in LISTS),
        *(record.get_absolute_url() for record in records),
        reverse("jobs:detail", args=[job.pk]),
    ]


def test_ana_opens_every_page(as_ana: Client, addresses: list[str]) -> None:
    for address in addresses:
        assert as_ana.get(address).status_code == 200, address


def test_a_stranger_is_sent_to_sign_in_from_every_page(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/account/login/"), address


def test_evan_without_a_unit_sees_no_record(as_evan: Client, addresses: list[str]) -> None:
    for name in LISTS:
        page = as_evan.get(reverse(name)).content.decode()
        assert "<tbody>" not in page, name

    for address in addresses[9:]:
        assert as_evan.get(address).status_code == 404, address
    assert "no role in any business unit" in as_evan.get("/").content.decode()


def test_cleo_reads_the_catalog_but_not_the_work_of_procurement(
    as_cleo: Client, addresses: list[str]
) -> None:
    home = as_cleo.get("/").content.decode()
    vendor = as_cleo.get("/vendors/microsoft/").content.decode()

    assert "Nothing waits for you" in home
    assert "Internal drafting" not in home
    assert "Internal drafting" not in vendor
    assert "MAI-Thinking-1" in vendor
    assert as_cleo.get(addresses[-1]).status_code == 404  # the job of another unit


def test_dora_the_auditor_reads_what_procurement_decided(as_dora: Client, addresses: list[str]) -> None:
    assert "Ben Lindqvist" in as_dora.get("/").content.decode()


def test_every_page_forbids_what_is_not_ours(as_ana: Client, addresses: list[str]) -> None:
    for address in addresses:
        policy = as_ana.get(address)["Content-Security-Policy"]
        assert "default-src 'none'" in policy, address
        assert "script-src 'self';" in f"{policy};", address
        assert "style-src 'self';" in f"{policy};", address
        assert "unsafe" not in policy, address


def test_no_page_loads_anything_from_elsewhere(as_ana: Client, addresses: list[str]) -> None:
    for address in addresses:
        page = as_ana.get(address).content.decode()
        loaded = re.findall(r'<(?:script|img|iframe|source)[^>]*\ssrc="([^"]*)"', page)
        loaded += re.findall(r'<link[^>]*\shref="([^"]*)"', page)
        assert loaded, address
        assert [one for one in loaded if not one.startswith("/static/")] == [], address


def test_every_page_has_one_heading_one_main_and_a_title(as_ana: Client, addresses: list[str]) -> None:
    for address in addresses:
        page = as_ana.get(address).content.decode()
        assert page.count("<h1") == 1, address
        assert page.count("<main") == 1, address
        assert re.search(r"<title>\s*\S.*?· Riskassess</title>", page, re.DOTALL), address
        assert '<html lang="en"' in page, address
        assert 'href="#main"' in page, address


def test_no_id_occurs_twice_on_a_page(as_ana: Client, addresses: list[str]) -> None:
    for address in addresses:
        ids = re.findall(r'\sid="([^"]+)"', as_ana.get(address).content.decode())
        assert sorted(ids) == sorted(set(ids)), address


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_no_template_carries_script_or_style_of_its_own(template: Path) -> None:
    text = template.read_text()

    # A script of type JSON is data: no browser runs it, whatever the policy.
    assert not re.search(r'<script(?![^>]*\s(?:src=|type="application/json"))', text)
    assert "<style" not in text
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son(?:click|load|change|submit|input)=", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_pages_that_are_not_there_say_so_in_the_same_frame(as_ana: Client) -> None:
    answer = as_ana.get("/no/such/page/")

    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()
    assert "Skip to content" in answer.content.decode()
