"""Every page, for each role: no fault that axe finds, in light, in dark and on a telephone."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.people import Person
from tests.journeys.site import Site

CATALOG = (
    "/", "/vendors/", "/vendors/microsoft/", "/models/", "/offerings/", "/regions/",
    "/sources/", "/claims/", "/questions/", "/search/?q=mai", "/assessments/", "/imports/", "/account/password/change/",
)  # fmt: skip
FIRST_OF = ("/models/", "/offerings/", "/regions/", "/sources/", "/claims/", "/questions/")


@pytest.mark.parametrize("address", CATALOG)
def test_pages_of_the_catalog(ana: Person, address: str) -> None:
    assert ana.opens(address) == 200
    ana.looks_around()


@pytest.mark.parametrize("listing", FIRST_OF)
def test_the_first_record_of_each_list(ana: Person, listing: str) -> None:
    ana.opens(listing)
    ana.page.locator("table .rowlink").first.click()
    ana.page.wait_for_url(lambda url: not url.endswith(listing))
    ana.looks_around()


def test_what_an_approver_sees(ben: Person, site: Site) -> None:
    for address in (
        "/",
        "/assessments/",
        f"/assessments/{site.submitted}/decision/",
        f"/assessments/{site.submitted}/answers/",
    ):
        assert ben.opens(address) == 200
        ben.looks_around()


def test_who_is_not_signed_in(visit: Visit) -> None:
    nobody = visit("nobody", signed_in=False)
    for address in ("/account/login/", "/account/password/reset/", "/account/signup/"):
        assert nobody.opens(address) == 200
        nobody.looks_around()


def test_a_page_that_is_not_there(ana: Person) -> None:
    assert ana.opens("/assessments/999999/") == 404
    ana.looks_around()
