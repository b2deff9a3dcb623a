"""Mira corrects what is no fact: how a model is called, who sells, what it costs, where it is, whose word that is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.correcting import Whose
from riskassess.catalog.models import (
    AIModel,
    Offering,
    OfferingPlace,
    Partnership,
    Price,
    Source,
    SourcedValue,
    Vendor,
)
from riskassess.catalog.rewriting import ChangedMeanwhile, add_part, correct_record, take_out, version_of
from riskassess.catalog.services import get_or_make_model, get_or_make_offering
from riskassess.catalog.twins import ExistsAlready
from riskassess.imports import services as imports
from riskassess.imports import undo
from riskassess.jobs.models import Job
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.trail.models import Entry
from tests.builders import (
    link_source,
    make_assessment,
    make_claim,
    make_offering,
    make_price,
    make_region,
    make_sheet,
    make_source,
    make_value,
    make_vendor,
)
from tests.catalog.test_correcting import acme as acme
from tests.catalog.test_correcting import as_mira as as_mira
from tests.catalog.test_correcting import mira as mira
from tests.imports.sheets import ONE, as_csv, imported, outcomes
from tests.queries import FRAME, assert_queries

pytestmark = pytest.mark.django_db

TERMS = {
    "document": "Terms, version 4", "document_by": "Acme", "document_kind": "contract", "stated_on": "2026-11-20",
}  # fmt: skip
WHOSE = Whose("Terms, version 4", "Acme", "contract", "", date(2026, 11, 20))


@pytest.fixture
def swift(acme: Vendor) -> AIModel:
    return get_or_make_model(acme, "Swift")[0]


@pytest.fixture
def sold(swift: AIModel, acme: Vendor) -> Offering:
    return get_or_make_offering(swift, acme, "Swift", "Azure")[0]


def sent(client: Client, record: Any, **said: str) -> Any:
    """The form as it is shown, with what she changes in it."""
    address = record if isinstance(record, str) else f"{record.get_absolute_url()}correct/"
    page = client.get(address)
    fields = {field.name: field.initial for field in page.context["form"]}
    data = {name: value for name, value in fields.items() if value not in (None, False)}
    return client.post(
        address, {**data, "shown": page.context.get("shown", ""), "because": "Read it", **said}
    )


def scored_anew() -> list[list[int]]:
    return [job.arguments["only"] for job in Job.objects.filter(kind="rescore").order_by("created_at")]


class TestNames:
    def test_a_model_gets_its_name_version_and_maker_and_stays_one(
        self, as_mira: Client, swift: AIModel, sold: Offering, mira: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(mira, procurement, offering=sold)
        beta = make_vendor("Beta")
        answer = sent(as_mira, swift, name="Swift 2", version="2.1", developer="beta")
        assert answer.status_code == 302
        swift.refresh_from_db()
        assert (swift.name, swift.version, swift.developer) == ("Swift 2", "2.1", beta)
        assert get_or_make_model(beta, "swift 2", "2.1") == (swift, False)
        assert get_or_make_offering(swift, sold.seller, "Swift", "Azure") == (sold, False)
        assert scored_anew() == [[sold.pk]]
        entry = Entry.objects.filter(kind="catalog.aimodel", object_id=swift.pk).latest("pk")
        assert (entry.actor_name, entry.why) == ("Mira Kaya", "Read it")
        assert entry.changes["name"] == ["Swift", "Swift 2"]
        history = as_mira.get(f"/imports/of/model/{swift.slug}/").content.decode()
        assert "Swift 2" in history
        assert "Read it" in history

    def test_whose_own_word_a_value_is_follows_the_maker(
        self, mira: User, swift: AIModel, acme: Vendor
    ) -> None:
        beta = make_vendor("Beta")
        make_value(swift, "licence", "Own", source=make_source("Beta's", publisher_vendor=beta))
        make_value(
            swift, "licence", "Open", source=make_source("Acme's", publisher_vendor=acme), first_party=True
        )
        correct_record(swift, {"developer": beta}, because="It was theirs", by=mira)
        swift.refresh_from_db()
        assert swift.licence == "Own"
        assert [value.first_party for value in SourcedValue.objects.of(swift)] == [True, False]

    def test_what_a_group_says_of_its_own_is_first_party_once_the_company_belongs_to_it(
        self, mira: User, swift: AIModel, sold: Offering, acme: Vendor
    ) -> None:
        holding, owner = make_vendor("Holding"), make_vendor("Owner")
        source = make_source("Of the owner", publisher_vendor=owner)
        theirs = [
            make_value(swift, "licence", "Own", source=source),
            make_value(sold, "stage", "ga", source=source),
        ]
        ours = make_value(acme, "hq_country", "DE", source=make_source("Of Acme", publisher_vendor=acme))
        correct_record(holding, {"parent": owner}, because="Bought", by=mira)
        assert not SourcedValue.objects.filter(pk__in=[one.pk for one in theirs], first_party=True).exists()
        correct_record(acme, {"parent": holding}, because="Bought", by=mira)
        for one in (*theirs, ours, swift, sold):
            one.refresh_from_db()
        assert [one.first_party for one in (*theirs, ours)] == [True] * 3
        assert (swift.licence, sold.stage) == ("Own", "ga")

    def test_another_model_is_told_with_where_it_is(
        self, as_mira: Client, swift: AIModel, acme: Vendor
    ) -> None:
        other, _ = get_or_make_model(acme, "Falcon", "1")
        answer = sent(as_mira, swift, name="falcon", version="1")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f'There is Falcon 1 of Acme already. <a href="{other.get_absolute_url()}">Open it</a>' in page
        swift.refresh_from_db()
        assert swift.name == "Swift"

    def test_another_offering_of_the_same_name_is_told_even_where_only_the_models_version_changes(
        self, mira: User, swift: AIModel, sold: Offering, acme: Vendor
    ) -> None:
        newer, _ = get_or_make_model(acme, "Swift", "2")
        taken, _ = get_or_make_offering(newer, acme, "Swift", "Azure")
        AIModel.objects.filter(pk=newer.pk).update(identity="elsewhere")
        with pytest.raises(ExistsAlready) as told:
            correct_record(swift, {"version": "2"}, because="Read it", by=mira)
        assert told.value.other == taken
        swift.refresh_from_db()
        assert swift.version is None

    def test_an_offering_gets_its_name_seller_and_channel(
        self, as_mira: Client, sold: Offering, mira: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(mira, procurement, offering=sold)
        moon = make_vendor("Moon")
        assert sent(as_mira, sold, name="Swift Pro", seller="moon", channel="").status_code == 302
        sold.refresh_from_db()
        assert (sold.name, sold.seller, sold.channel) == ("Swift Pro", moon, "")
        assert get_or_make_offering(sold.model, moon, "SWIFT PRO") == (sold, False)
        assert scored_anew() == [[sold.pk]]

    def test_a_list_that_writes_the_old_name_still_finds_it(
        self, as_mira: Client, ana: User, procurement: BusinessUnit
    ) -> None:
        imported(as_csv(ONE), by=ana, unit=procurement)
        offering = Offering.objects.get()
        assert sent(as_mira, offering, name="Swift One").status_code == 302
        again = imported(as_csv(ONE), name="again.csv", by=ana, unit=procurement)
        assert outcomes(again) == ["unchanged"]
        offering.refresh_from_db()
        assert (offering.name, Offering.objects.count()) == ("Swift One", 1)

    def test_the_sellers_own_id_stays_what_lists_find_it_by(self, mira: User, acme: Vendor) -> None:
        listed = make_offering(seller=acme, name="Swift", identity="acme|acme/swift-1||")
        correct_record(listed, {"name": "Swift One"}, because="Read it", by=mira)
        listed.refresh_from_db()
        assert listed.identity == "acme|acme/swift-1||"
        correct_record(acme, {"name": "Acme AI"}, because="Renamed", by=mira)
        listed.refresh_from_db()
        assert listed.identity == "acme ai|acme/swift-1||"

    def test_a_model_is_called_something(self, as_mira: Client, swift: AIModel) -> None:
        answer = sent(as_mira, swift, name="", label="")
        assert answer.status_code == 422
        assert "by which name it goes" in answer.content.decode()
        assert sent(as_mira, swift, name="", label="The quick one").status_code == 302


class TestPricesAndPlaces:
    def test_a_price_is_stated_corrected_and_taken_out(
        self, as_mira: Client, sold: Offering, mira: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(mira, procurement, offering=sold)
        start = f"{sold.get_absolute_url()}correct/prices/"
        said = {"kind": "input", "amount": "3", "unit": "1M tokens", "currency": "EUR", "as_of": "2026-11-20"}
        assert sent(as_mira, f"{start}add/", **said, **TERMS).status_code == 302
        price = Price.objects.get()
        assert (price.shown, price.source.title) == ("3.00 EUR per 1M tokens", "Terms, version 4")
        assert sent(as_mira, f"{start}{price.pk}/", amount="0").status_code == 302
        price.refresh_from_db()
        assert (price.shown, price.source.title) == ("free", "Terms, version 4")
        shown = as_mira.get(f"{start}{price.pk}/").context["shown"]
        assert as_mira.post(f"{start}{price.pk}/remove/", {"shown": shown}).status_code == 422
        answer = as_mira.post(
            f"{start}{price.pk}/remove/", {"shown": shown, "why": "Of another model"}, follow=True
        )
        assert "The price is taken out. What rests on it is scored anew." in answer.content.decode()
        assert not Price.objects.exists()
        assert scored_anew() == [[sold.pk]] * 3
        history = as_mira.get(f"/imports/of/offering/{sold.slug}/").content.decode()
        for reason in ("Read it", "Of another model"):
            assert reason in history

    def test_an_amount_read_wrong_keeps_its_cell_and_another_document_has_none(
        self, as_mira: Client, sold: Offering
    ) -> None:
        price = make_price(sold, amount="2", source=make_sheet(), row=4, raw="$2")
        address = f"{sold.get_absolute_url()}correct/prices/{price.pk}/"
        assert sent(as_mira, address, amount="20").status_code == 302
        price.refresh_from_db()
        assert (price.amount, price.row, price.raw) == (Decimal(20), 4, "$2")
        assert sent(as_mira, address, **TERMS).status_code == 302
        price.refresh_from_db()
        assert (price.source.title, price.row, price.raw) == ("Terms, version 4", None, "")

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"amount": ""}, "Say what it costs, or that it does not apply"),
            ({"not_applicable": "on"}, "Say what it costs, or that it does not apply"),
            ({"amount": "-1"}, "greater than or equal to 0"),
            ({"document": "Terms"}, "Say whose word it is"),
            ({"kind": "output"}, "There is Output: 4.00 USD per 1M tokens already."),
        ],
    )
    def test_what_a_price_cannot_be_is_said(
        self, as_mira: Client, sold: Offering, said: dict[str, str], told: str
    ) -> None:
        source = make_source()
        price = make_price(sold, amount="2", source=source)
        make_price(sold, "output", "4", source=source)
        answer = sent(as_mira, f"{sold.get_absolute_url()}correct/prices/{price.pk}/", **said)
        assert answer.status_code == 422
        assert told in answer.content.decode()

    def test_where_it_infers(
        self, as_mira: Client, sold: Offering, mira: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(mira, procurement, offering=sold)
        region = make_region(code="north", country="SE")
        make_region(code="south")
        make_region(code="south")
        start = f"{sold.get_absolute_url()}correct/places/"
        assert sent(as_mira, f"{start}add/", role="inference", region="NORTH", **TERMS).status_code == 302
        place = OfferingPlace.objects.get()
        assert (place.region, place.country, place.source) == (region, "SE", Source.objects.get())
        for said, told in (("south", "Several providers have it"), ("west", "No region on record")):
            answer = sent(as_mira, f"{start}{place.pk}/", region=said)
            assert answer.status_code == 422
            assert told in answer.content.decode()
        assert sent(as_mira, f"{start}{place.pk}/", region="", country="").status_code == 302
        place.refresh_from_db()
        assert (place.region, place.country) == (None, None)
        answer = sent(as_mira, f"{start}add/", role="inference", **TERMS)
        assert f'already. <a href="{sold.get_absolute_url()}">Open it</a>' in answer.content.decode()
        assert scored_anew() == [[sold.pk]] * 2

    def test_a_part_of_another_record_is_not_here(self, as_mira: Client, sold: Offering) -> None:
        elsewhere = make_price(make_offering())
        for address in (f"prices/{elsewhere.pk}/", "ties/add/", "nothing/add/"):
            assert as_mira.get(f"{sold.get_absolute_url()}correct/{address}").status_code == 404


class TestRegionsAndTies:
    def test_a_region_lies_elsewhere_and_so_do_the_places_in_it(
        self, as_mira: Client, sold: Offering, mira: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(mira, procurement, offering=sold)
        region = make_region(code="north", country="DE")
        place = OfferingPlace.objects.create(offering=sold, role="inference", region=region, country="DE")
        assert sent(as_mira, region, country="SE", city="Gävle").status_code == 302
        place.refresh_from_db()
        assert place.country == "SE"
        assert scored_anew() == [[sold.pk]]
        other = make_region(region.provider, code="west")
        answer = sent(as_mira, region, code="west")
        assert f'<a href="{other.get_absolute_url()}">Open it</a>' in answer.content.decode()
        assert "Gävle" in as_mira.get(f"/history/region/{region.pk}/").content.decode()

    def test_a_tie_between_a_host_and_a_developer(
        self, as_mira: Client, sold: Offering, acme: Vendor, mira: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(mira, procurement, offering=sold)
        moon = make_vendor("Moon")
        start = f"{moon.get_absolute_url()}correct/ties/"
        said = {"developer": "Acme", "equity_pct": "49.5", "exclusivity": "True"}
        assert sent(as_mira, f"{start}add/", **said, **TERMS).status_code == 302
        tie = Partnership.objects.get()
        assert (tie.host, tie.developer, tie.exclusivity, tie.board_right) == (moon, acme, True, None)
        for wrong, told in (
            ({"equity_pct": "101"}, "between 0 and 100"),
            ({"developer": "Moon"}, "no tie with itself"),
            ({"developer": "Sun"}, "No vendor on record"),
        ):
            answer = sent(as_mira, f"{start}{tie.pk}/", **wrong)
            assert answer.status_code == 422
            assert told in answer.content.decode()
        assert sent(as_mira, f"{start}{tie.pk}/", cma_status="open").status_code == 302
        assert scored_anew() == [[sold.pk]] * 2
        answer = sent(as_mira, f"{start}add/", developer="Acme", **TERMS)
        assert "There is Moon and Acme already." in answer.content.decode()
        page = as_mira.get(acme.get_absolute_url()).content.decode()
        assert f"/vendors/acme/correct/ties/{tie.pk}/" in page
        assert "Review open" in as_mira.get(f"/history/partnership/{tie.pk}/").content.decode()


class TestSources:
    def test_an_article_is_nobodys_own_word_and_what_it_states_is_of_its_day(
        self, as_mira: Client, sold: Offering, acme: Vendor, mira: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(mira, procurement, offering=sold)
        source = make_source(
            "Release notes", publisher="Acme", publisher_vendor=acme, kind="vendor_document",
            published_on=date(2026, 11, 1),
        )  # fmt: skip
        said = make_value(sold, "stage", "ga", source=source, first_party=True, as_of=source.published_on)
        own_day = make_value(sold, "zone", "EU", source=source, first_party=True, as_of=date(2026, 10, 1))
        other = make_value(sold, "stage", "preview", source=make_source(), as_of=date(2026, 11, 10))
        price = make_price(sold, source=source, as_of=date(2026, 11, 1))
        assert sent(as_mira, source, kind="press", published_on="2026-11-05").status_code == 302
        for one in (source, said, own_day, price, sold):
            one.refresh_from_db()
        assert (source.kind, source.publisher_vendor, source.reliability) == ("press", None, "E")
        assert (said.as_of, said.first_party) == (date(2026, 11, 5), False)
        assert (own_day.as_of, price.as_of) == (date(2026, 10, 1), date(2026, 11, 5))
        assert sold.stage == other.value  # the newest word now
        assert scored_anew() == [[sold.pk]]
        assert "Press" in as_mira.get(f"/history/source/{source.pk}/").content.decode()

    def test_a_page_without_a_day_of_its_own_states_on_the_day_it_was_looked_at(
        self, mira: User, sold: Offering
    ) -> None:
        looked = date(2026, 11, 24)
        source = make_source("A page", published_on=None, checked_on=looked)
        said = make_value(sold, "stage", "ga", source=source, as_of=looked)
        correct_record(source, {"published_on": date(2026, 10, 1)}, because="It says so", by=mira)
        said.refresh_from_db()
        assert said.as_of == date(2026, 10, 1)

    def test_claims_that_rest_on_it_move_what_they_are_about(
        self, as_mira: Client, sold: Offering, acme: Vendor, mira: User, procurement: BusinessUnit
    ) -> None:
        make_assessment(mira, procurement, offering=sold)
        source = make_source("A study", kind="press")
        link_source(make_claim(acme), source)
        assert sent(as_mira, source, kind="peer_reviewed").status_code == 302
        assert scored_anew() == [[sold.pk]]

    def test_another_of_the_same_title_is_told(self, as_mira: Client) -> None:
        day = date(2026, 11, 1)
        source, other = make_source("One", published_on=day), make_source("Two", published_on=day)
        answer = sent(as_mira, source, title="Two")
        assert answer.status_code == 422
        assert f'<a href="{other.get_absolute_url()}">Open it</a>' in answer.content.decode()

    def test_what_was_told_to_one_unit_is_corrected_there(
        self, as_mira: Client, mira: User, research: BusinessUnit, procurement: BusinessUnit
    ) -> None:
        theirs, ours = make_source("Letter", unit=research), make_source("Note", unit=procurement)
        assert as_mira.get(f"{theirs.get_absolute_url()}correct/").status_code == 404
        assert sent(as_mira, ours, title="A note").status_code == 302
        with pytest.raises(PermissionDenied):
            correct_record(theirs, {"title": "x"}, because="x", by=mira)


class TestOthers:
    def test_what_somebody_changed_meanwhile_is_told_and_not_written_over(
        self, as_mira: Client, swift: AIModel, mira: User
    ) -> None:
        address = f"{swift.get_absolute_url()}correct/"
        opened = as_mira.get(address).context["shown"]
        correct_record(swift, {"version": "7"}, because="I was faster", by=mira)
        said = {"name": "Swift", "version": "2", "developer": "Acme", "because": "Read it"}
        answer = as_mira.post(address, {**said, "shown": opened})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Somebody changed this after you opened it" in page
        assert "on record now: 7" in page
        swift.refresh_from_db()
        assert swift.version == "7"
        assert as_mira.post(address, {**said, "shown": answer.context["shown"]}).status_code == 302
        swift.refresh_from_db()
        assert swift.version == "2"

    def test_what_somebody_took_out_meanwhile_is_not_corrected(self, sold: Offering, mira: User) -> None:
        price = make_price(sold)
        seen = version_of(price)
        correct_record(price, {"amount": Decimal(9)}, because="x", by=mira)
        with pytest.raises(ChangedMeanwhile):
            take_out(price, because="x", shown=seen, by=mira)
        price.refresh_from_db()
        take_out(price, because="x", shown=version_of(price), by=mira)
        with pytest.raises(ChangedMeanwhile, match="was taken out meanwhile"):
            correct_record(price, {"amount": Decimal(8)}, because="x", by=mira)

    def test_only_who_may_and_only_what_is_corrected_here(
        self, as_ana: Client, ana: User, mira: User, sold: Offering
    ) -> None:
        price, region, source = make_price(sold), make_region(), make_source()
        for address in (
            f"/sources/{source.pk}/correct/",
            f"/regions/{region.pk}/correct/",
            f"{sold.get_absolute_url()}correct/prices/{price.pk}/",
        ):
            assert as_ana.get(address).status_code == 403
            assert as_ana.post(address, {}).status_code == 403
        for page in (source, region):
            assert "/correct/" not in as_ana.get(page.get_absolute_url()).content.decode()
        with pytest.raises(PermissionDenied):
            take_out(price, because="x", shown=version_of(price), by=ana)
        with pytest.raises(PermissionDenied):
            add_part(Price, {}, whose=WHOSE, because="x", by=ana, offering=sold)
        with pytest.raises(InvalidInput, match="is not corrected here"):
            correct_record(sold, {"slug": "x"}, because="x", by=mira)
        with pytest.raises(InvalidInput, match="Say why"):
            correct_record(sold, {"name": "x"}, because=" ", by=mira)

    def test_an_import_is_not_undone_over_what_somebody_corrected(
        self, mira: User, ana: User, procurement: BusinessUnit
    ) -> None:
        batch = imported(as_csv(ONE), by=ana, unit=procurement)
        model = AIModel.objects.get()
        correct_record(model, {"family": "Birds"}, because="Read it", by=mira)
        (rests,) = undo.outlook(batch, ana).rests
        assert (rests.what, rests.on, rests.url) == ("the correction of", "Family", model.get_absolute_url())
        with pytest.raises(Conflict, match="the correction of “Swift-1” \\(Family\\)"):
            imports.undo(batch, by=ana)
        correct_record(model, {"family": None}, because="It was as it was", by=mira)
        imports.undo(batch, by=ana)
        assert not AIModel.objects.exists()


class TestPages:
    """What the pages cost, each query with its reason."""

    def test_of_an_offering(self, as_mira: Client, sold: Offering) -> None:
        for kind in ("input", "output"):
            make_price(sold, kind)
        for country in ("DE", "SE"):
            OfferingPlace.objects.create(offering=sold, role="inference", country=country)
        reasons = [*FRAME, "the offering", "its stated values", "places", "prices", "sub-processors"]
        assert_queries(as_mira, f"{sold.get_absolute_url()}correct/", reasons)

    def test_of_a_vendor(self, as_mira: Client, acme: Vendor) -> None:
        for name in ("Moon", "Sun"):
            Partnership.objects.create(host=make_vendor(name), developer=acme)
        reasons = [
            *FRAME,
            "the vendor",
            "its aliases, in the form",
            "its aliases, as shown",
            "values",
            "ties",
        ]
        assert_queries(as_mira, f"{acme.get_absolute_url()}correct/", reasons)

    def test_of_a_model_a_region_and_a_source(self, as_mira: Client, swift: AIModel) -> None:
        assert_queries(
            as_mira, f"{swift.get_absolute_url()}correct/", [*FRAME, "the model", "its stated values"]
        )
        for record in (make_region(), make_source()):
            assert_queries(as_mira, f"{record.get_absolute_url()}correct/", [*FRAME, "the record"])

    def test_of_a_part(self, as_mira: Client, sold: Offering) -> None:
        price = make_price(sold)
        start = f"{sold.get_absolute_url()}correct/prices/"
        assert_queries(as_mira, f"{start}{price.pk}/", [*FRAME, "the offering", "the price"])
        assert_queries(as_mira, f"{start}add/", [*FRAME, "the offering"])
