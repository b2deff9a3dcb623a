"""Mira, who manages the catalog, corrects a record: with whose word it is and why, beside what others say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.catalog.correcting import Whose, state
from riskassess.catalog.models import Offering, Source, SourcedValue, Vendor
from riskassess.catalog.moving import resting_on_record
from riskassess.catalog.rewriting import correct_record
from riskassess.catalog.services import get_or_make_model, get_or_make_offering
from riskassess.jobs.models import Job
from riskassess.kernel.errors import InvalidInput
from riskassess.trail.models import Entry
from tests.builders import (
    make_assessment,
    make_model,
    make_offering,
    make_person,
    make_sheet,
    make_source,
    make_value,
    make_vendor,
)

pytestmark = pytest.mark.django_db

SAID = {
    "state": "known", "title": "Release notes", "publisher": "Acme", "kind": "vendor_statement",
    "published_on": "2026-11-20", "because": "The list had last year's stage",
}  # fmt: skip


@pytest.fixture
def mira(procurement: BusinessUnit) -> User:
    return make_person("Mira Kaya", (procurement, Role.CATALOG_MANAGER))


@pytest.fixture
def as_mira(mira: User) -> Client:
    client = Client()
    client.force_login(mira)
    return client


@pytest.fixture
def acme() -> Vendor:
    return make_vendor("Acme")


@pytest.fixture
def offering(acme: Vendor) -> Offering:
    """Imported, with a stage that its sheet states."""
    return make_offering(
        make_model("m1", developer=acme), seller=acme, stage="preview", origin=make_sheet(), origin_row=4
    )


def whose(kind: str = "press", publisher: str = "Example Wire", day: date = date(2026, 11, 25)) -> Whose:
    return Whose("An article", publisher, kind, "", day)


class TestFacts:
    def test_a_vendors_own_newer_word_is_current_and_the_sheets_stays_beside_it(
        self, as_mira: Client, mira: User, offering: Offering, procurement: BusinessUnit
    ) -> None:
        make_assessment(mira, procurement, offering=offering)
        answer = as_mira.post(
            f"{offering.get_absolute_url()}correct/stage/", {**SAID, "value": "ga"}, follow=True
        )
        assert "Release stage is stated. What rests on it is scored anew." in answer.content.decode()
        offering.refresh_from_db()
        assert offering.stage == "ga"
        said, imported = SourcedValue.objects.of(offering)
        assert (said.value, said.first_party, said.preferred, said.note) == (
            "ga",
            True,
            False,
            SAID["because"],
        )
        assert (imported.value, imported.source) == ("preview", offering.origin)
        assert said.source.publisher_vendor == offering.seller
        (job,) = Job.objects.filter(kind="rescore")
        assert job.arguments["only"] == [offering.pk]
        entry = Entry.objects.filter(kind="catalog.offering", object_id=offering.pk).latest("pk")
        assert (entry.actor_name, entry.why) == ("Mira Kaya", SAID["because"])
        assert entry.changes["stage"] == ["preview", "ga"]

    def test_somebody_elses_word_is_kept_and_does_not_win_unless_taken(
        self, mira: User, acme: Vendor, offering: Offering
    ) -> None:
        own = make_source("Terms", publisher_vendor=acme)
        make_value(offering, "stage", "preview", source=own, first_party=True)
        said = state(
            offering, "stage", "ga", state="known", whose=whose(publisher="Acme"), because="Read it", prefer=False,
            by=mira,
        )  # fmt: skip
        assert not said.first_party  # an article is not Acme's word, whoever is named as its publisher
        offering.refresh_from_db()
        assert offering.stage == "preview"
        state(
            offering, "stage", "ga", state="known", whose=whose(publisher="Acme"), because="Asked them", prefer=True,
            by=mira,
        )  # fmt: skip
        offering.refresh_from_db()
        assert offering.stage == "ga"
        assert SourcedValue.objects.of(offering).filter(value="ga").count() == 1

    def test_unknown_and_not_applicable_are_two_things(self, mira: User, offering: Offering) -> None:
        make_value(offering, "retires_on", "2027-01-31")
        for day, word in ((26, "unknown"), (27, "not_applicable")):
            state(
                offering, "retires_on", None, state=word, whose=whose(day=date(2026, 11, day)), because="Withdrawn",
                prefer=False, by=mira,
            )  # fmt: skip
            offering.refresh_from_db()
            assert offering.retires_on is None
            assert ("retires_on" in offering.not_applicable) is (word == "not_applicable")

    @pytest.mark.parametrize(
        ("kind", "attribute", "value"), [("models", "licence", "Apache-2.0"), ("vendors", "hq_country", "DE")]
    )
    def test_models_and_vendors_too(
        self, as_mira: Client, offering: Offering, acme: Vendor, kind: str, attribute: str, value: str
    ) -> None:
        record: Any = acme if kind == "vendors" else offering.model
        assert as_mira.get(f"{record.get_absolute_url()}correct/").status_code == 200
        address = f"{record.get_absolute_url()}correct/{attribute}/"
        assert as_mira.post(address, {**SAID, "value": value}).status_code == 302
        record.refresh_from_db()
        assert getattr(record, attribute) == value

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"value": ""}, "Say what it is"),
            ({"value": "soon"}, "Select a valid choice"),
            ({"because": " "}, "required"),
            ({"published_on": ""}, "required"),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(
        self, as_mira: Client, offering: Offering, said: dict[str, str], told: str
    ) -> None:
        answer = as_mira.post(f"{offering.get_absolute_url()}correct/stage/", {**SAID, "value": "ga", **said})
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert not SourcedValue.objects.exists()

    def test_a_zone_without_a_data_zone_is_refused_in_words(
        self, as_mira: Client, offering: Offering
    ) -> None:
        Offering.objects.filter(pk=offering.pk).update(deployment="regional")
        answer = as_mira.post(f"{offering.get_absolute_url()}correct/zone/", {**SAID, "value": "EU"})
        assert answer.status_code == 409
        assert "Only a data zone has a zone" in answer.content.decode()
        assert not SourcedValue.objects.filter(attribute="zone").exists()

    def test_a_source_of_one_unit_is_nobody_elses(
        self, mira: User, offering: Offering, procurement: BusinessUnit
    ) -> None:
        make_source("An article", publisher="Example Wire", published_on=date(2026, 11, 25), unit=procurement)
        with pytest.raises(InvalidInput, match="belongs to one unit"):
            state(offering, "stage", "ga", state="known", whose=whose(), because="x", prefer=False, by=mira)

    def test_what_is_no_fact_has_no_page(self, as_mira: Client, offering: Offering) -> None:
        assert as_mira.get(f"{offering.get_absolute_url()}correct/identity/").status_code == 404


class TestRecords:
    def test_a_renamed_vendor_is_found_under_both_names_and_what_it_sells_stays_one(
        self, mira: User, acme: Vendor
    ) -> None:
        model, _ = get_or_make_model(acme, "m2")
        sold, _ = get_or_make_offering(model, acme, "M2", "Azure")
        columns = {"name": "Acme AI", "parent": None, "lei": None, "website": "", "summary": ""}
        correct_record(acme, columns, aliases=["ACME Labs"], because="It changed its name", by=mira)
        for name in ("acme ai", "Acme", "acme labs"):
            assert Vendor.objects.named(name) == acme
        acme.refresh_from_db()
        assert get_or_make_model(acme, "m2") == (model, False)
        assert get_or_make_offering(model, acme, "M2", "Azure") == (sold, False)
        entry = Entry.objects.filter(kind="catalog.vendor", object_id=acme.pk).latest("pk")
        assert (entry.changes["name"], entry.why) == (["Acme", "Acme AI"], "It changed its name")

    def test_what_others_are_called_and_circles_are_refused(self, as_mira: Client, acme: Vendor) -> None:
        beta = make_vendor("Beta", parent=acme)
        for said, told in (
            ({"aliases": "beta"}, "is what Beta is called"),
            ({"name": "BETA"}, 'There is Beta already. <a href="/vendors/beta/">Open it</a>'),
            ({"parent": "Beta"}, "its own parent"),
            ({"parent": "Nobody"}, "No vendor on record is called so"),
            ({"lei": "12"}, "18 letters or digits"),
        ):
            answer = as_mira.post("/vendors/acme/correct/", {"name": "Acme", "because": "x", **said})
            assert answer.status_code == 422, said
            assert told in answer.content.decode(), said
        acme.refresh_from_db()
        assert (acme.name, acme.parent, acme.aliases.count()) == ("Acme", None, 0)
        assert beta.parent == acme

    def test_another_host_moves_what_rests_on_the_offering(
        self, as_mira: Client, offering: Offering, mira: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(mira, procurement, offering=offering)
        moon = make_vendor("Moon")
        answer = as_mira.post(
            f"{offering.get_absolute_url()}correct/",
            {"name": "m1", "seller": "Acme", "host": "moon", "because": "Their data sheet"},
            follow=True,
        )
        assert "scored anew" in answer.content.decode()
        offering.refresh_from_db()
        assert offering.host == moon
        assert Job.objects.filter(kind="rescore").count() == 1

    def test_a_company_moves_what_it_and_its_group_stand_behind(
        self, acme: Vendor, offering: Offering
    ) -> None:
        holding = make_vendor("Holding")
        Vendor.objects.filter(pk=acme.pk).update(parent=holding)
        make_offering()
        assert resting_on_record(holding) == resting_on_record(acme) == {offering.pk}
        top = make_vendor("Top Holding")
        Vendor.objects.filter(pk=holding.pk).update(parent=top)
        assert resting_on_record(top) == {offering.pk}  # however deep the group is
        Vendor.objects.filter(pk=top.pk).update(parent=acme)
        assert set(acme.group_below()) == {acme.pk, holding.pk, top.pk}  # a circle ends


def test_only_who_may(
    as_ana: Client, as_dora: Client, ana: User, offering: Offering, as_mira: Client
) -> None:
    address = f"{offering.get_absolute_url()}correct/"
    for client in (as_ana, as_dora):
        assert client.get(address).status_code == 403
        assert client.post(f"{address}stage/", {**SAID, "value": "ga"}).status_code == 403
        assert "/correct/" not in client.get(offering.get_absolute_url()).content.decode()
    assert address in as_mira.get(offering.get_absolute_url()).content.decode()
    with pytest.raises(PermissionDenied):
        state(offering, "stage", "ga", state="known", whose=whose(), because="x", prefer=False, by=ana)
    assert Source.objects.filter(title="An article").count() == 0
