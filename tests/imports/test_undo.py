"""Ana takes an import back: the catalog is as it was, or she is told what rests on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments.models import Assessment
from riskassess.catalog import services as catalog
from riskassess.catalog.models import (
    AIModel,
    Offering,
    Price,
    Source,
    SourcedValue,
    Vendor,
    VendorAlias,
)
from riskassess.imports import services, undo
from riskassess.imports.models import JournalPage
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, NotAllowed
from tests.builders import (
    TODAY,
    make_assessment,
    make_claim,
    make_model,
    make_offering,
    make_person,
    make_price,
    make_source,
    make_unit,
    make_value,
    make_vendor,
)
from tests.imports.sheets import FIXTURE, HEADER, ONE, as_csv, imported, outcomes, previewed
from tests.imports.test_pages import text

LATER = date(2026, 12, 24)
WITH_MAKER = (*HEADER, "Developer")


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def everything() -> list[list[tuple[Any, ...]]]:
    """Every column of every catalog record."""
    kinds = (Vendor, VendorAlias, AIModel, Offering, Price, Source, SourcedValue)
    return [list(kind._default_manager.order_by("pk").values_list()) for kind in kinds]


def test_what_an_import_made_is_gone(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    services.undo(batch, by=terms["by"])
    assert everything() == [[]] * 7
    assert (batch.state, batch.undone_by, batch.source) == ("undone", terms["by"], None)
    assert outcomes(batch) == ["new"]  # what it had done stays on record
    assert not JournalPage.objects.filter(taken_back=False).exists()  # kept, for the audit trail


def test_a_real_catalog_comes_and_goes(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    before = everything()
    batch = imported(FIXTURE.read_bytes(), name="catalog.xlsx", **terms)
    assert everything() != before
    services.undo(batch, by=terms["by"])
    assert everything() == before


def test_what_an_import_changed_is_as_it_was(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    before = everything()
    newer = ("Acme", "Swift-1", "200000", "0.75", "deprecated", "Bolt Labs")
    batch = imported(as_csv(newer, header=WITH_MAKER), name="newer.csv", on=LATER, **terms)
    offering = Offering.objects.select_related("model__developer").get()
    assert (offering.model.context_tokens, offering.stage) == (200_000, "deprecated")
    assert offering.model.developer is not None
    services.undo(batch, by=terms["by"])
    assert everything() == before


def test_values_typed_by_a_person_come_back(terms: dict[str, Any]) -> None:
    acme = make_vendor("Acme")
    model = make_model("Swift-1", context_tokens=64_000, identity="acme|swift-1|", not_applicable=["licence"])
    offering, _ = catalog.get_or_make_offering(model, acme, "Swift-1", stage="preview")
    make_price(offering, amount="0.1234567891")
    make_value(model, "modality", "text")
    before = everything()
    batch = imported(as_csv(ONE), on=LATER, **terms)
    assert everything() != before
    services.undo(batch, by=terms["by"])
    assert everything() == before


def test_a_sheet_read_again_under_another_day_gets_its_first_day_back(terms: dict[str, Any]) -> None:
    first = imported(as_csv(ONE), **terms)
    source = Source.objects.get()
    again = imported(as_csv(ONE), on=LATER, choices={"D": {"field": "output_price"}}, **terms)
    source.refresh_from_db()
    assert source.published_on == LATER
    services.undo(again, by=terms["by"])
    source.refresh_from_db()
    assert source.published_on == TODAY
    services.undo(first, by=terms["by"])
    assert everything() == [[]] * 7


def test_an_assessment_on_what_it_made_holds_the_import(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    assessment = make_assessment(terms["by"], terms["unit"], offering=Offering.objects.get())
    before = everything()
    with pytest.raises(Conflict, match="Something rests on this import: assessment"):
        services.undo(batch, by=terms["by"])
    batch.refresh_from_db()
    assert (batch.state, everything()) == ("applied", before)
    (rests,) = undo.outlook(batch, terms["by"]).rests
    assert (rests.url, rests.on) == (assessment.get_absolute_url(), "Swift-1")


def test_what_ana_may_not_see_holds_it_without_its_name(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    research = make_unit("Research")
    cleo = make_person("Cleo Osei", (research, Role.ASSESSOR))
    make_assessment(cleo, research, offering=Offering.objects.get())
    found = undo.outlook(batch, terms["by"])
    assert (found.rests, found.hidden, found.is_possible) == ([], 1, False)
    assert found.reason == "Something rests on this import: 1 more."
    assert len(undo.outlook(batch, None).rests) == 1  # at the server's console


def test_claims_values_and_records_of_others_hold_it(terms: dict[str, Any]) -> None:
    batch = imported(as_csv((*ONE, "Bolt Labs"), header=WITH_MAKER), **terms)
    bolt = Vendor.objects.get(name="Bolt Labs")
    make_claim(bolt, "Fastest of all")
    offering = Offering.objects.select_related("model").get()
    make_value(offering, "zone", "EU")
    other = make_model("Other")
    other.co_developers.add(bolt)
    make_offering(offering.model, name="Elsewhere")
    found = undo.outlook(batch, terms["by"])
    assert {rests.what for rests in found.rests} == {"claim", "sourced value", "offering", "AI model"}
    assert found.hidden == 0


def test_a_value_edited_since_holds_it(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    batch = imported(as_csv(("Acme", "Swift-1", "200000", "", "")), name="b.csv", on=LATER, **terms)
    AIModel.objects.update(context_tokens=300_000)
    (rests,) = undo.outlook(batch, terms["by"]).rests
    assert "Context, which this import had left at 200000" in str(rests)
    with pytest.raises(Conflict, match="the newer value of"):
        services.undo(batch, by=terms["by"])


def test_a_price_is_as_it_was_left_however_many_zeros_it_is_kept_with(terms: dict[str, Any]) -> None:
    data = as_csv(("Acme", "Swift", "2"), header=("Provider", "Model", "Input price"))
    imported(data, **terms)
    before = everything()
    thousand = {"C": {"field": "input_price", "unit": "1K tokens", "currency": "EUR"}}
    batch = imported(data, choices=thousand, **terms)
    assert everything() != before
    assert undo.outlook(batch, terms["by"]).rests == []
    services.undo(batch, by=terms["by"])
    assert everything() == before


def test_an_edit_of_something_else_stays(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    batch = imported(as_csv(("Acme", "Swift-1", "200000", "", "")), name="b.csv", on=LATER, **terms)
    model = AIModel.objects.get()
    model.purpose = "Chat"
    model.save()
    services.undo(batch, by=terms["by"])
    model.refresh_from_db()
    assert (model.context_tokens, model.purpose) == (128_000, "Chat")


def test_a_later_import_of_the_same_records_goes_first(terms: dict[str, Any]) -> None:
    before = everything()
    first = imported(as_csv(ONE), **terms)
    same = imported(as_csv(ONE), name="copy.csv", **terms)
    other = imported(as_csv(("Zeta", "Other", "", "", "")), name="other.csv", **terms)
    (rests,) = undo.outlook(first, terms["by"]).rests
    assert (rests.what, rests.name) == ("import", "copy.csv › copy")
    for batch in (same, first, other):
        services.undo(batch, by=terms["by"])
    assert everything() == before


def test_only_who_may_import_may_undo_and_only_once(terms: dict[str, Any], ben: User, cleo: User) -> None:
    batch = imported(as_csv(ONE), **terms)
    for person in (ben, cleo):
        with pytest.raises(NotAllowed):
            services.undo(batch, by=person)
    services.undo(batch, by=terms["by"])
    with pytest.raises(Conflict, match="Only an import that is applied"):
        services.undo(batch, by=terms["by"])


def test_an_import_from_before_the_journal_cannot_be_undone(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    JournalPage.objects.all().delete()
    with pytest.raises(Conflict, match="was not written down"):
        services.undo(batch, by=terms["by"])


def test_a_failure_half_way_undoes_nothing(terms: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    imported(as_csv(ONE), **terms)
    batch = imported(as_csv(("Acme", "Swift-1", "2", "", "")), name="b.csv", on=LATER, **terms)
    before = everything()

    def dies(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(undo, "update_each", dies)
    with pytest.raises(KeyboardInterrupt):
        services.undo(batch, by=terms["by"])
    batch.refresh_from_db()
    assert (batch.state, everything()) == ("applied", before)


def test_the_journal_is_small(terms: dict[str, Any]) -> None:
    rows = [("Acme", f"Swift-{n}", "1000", "1", "GA") for n in range(1500)]
    batch = imported(as_csv(*rows), **terms)
    pages = {page.kind: page for page in JournalPage.objects.filter(batch=batch).order_by("-pk")}
    assert JournalPage.objects.count() == 8  # vendor, source, and two pages of models, offerings, prices
    assert len(pages["offering"].made) == 1  # one range


def test_ana_undoes_it_on_its_page(as_ana: Client, terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    assert "Undo this import" in text(as_ana.get(batch.get_absolute_url()))
    address = reverse("imports:undo", args=[batch.pk])
    page = text(as_ana.get(address))
    assert "Undo list.csv?" in page
    assert "Offerings 1 0" in page
    assert Offering.objects.exists()
    page = text(as_ana.post(address, follow=True))
    assert "list.csv was undone" in page
    assert "by Ana Ferreira" in page
    assert not Offering.objects.exists()
    assert as_ana.get(address).status_code == 302


def test_what_was_undone_can_be_imported_again(as_ana: Client, terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE), **terms)
    services.request_apply(batch, by=terms["by"])
    drain()
    batch.refresh_from_db()
    services.undo(batch, by=terms["by"])
    assert "Import it again" in text(as_ana.get(batch.get_absolute_url()))
    assert as_ana.get(reverse("imports:columns", args=[batch.pk])).status_code == 200
    services.confirm_columns(batch, {}, by=terms["by"])
    drain()
    batch.refresh_from_db()
    assert (batch.state, batch.undone_at, Offering.objects.count()) == ("previewed", None, 0)
    first = services.request_apply(batch, by=terms["by"])
    assert services.request_apply(batch, by=terms["by"]) == first
    drain()
    batch.refresh_from_db()
    assert (batch.state, Offering.objects.count()) == ("applied", 1)
    services.undo(batch, by=terms["by"])
    assert everything() == [[]] * 7


def test_it_is_imported_again_where_the_job_of_an_earlier_time_was_tidied_away(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE), **terms)
    jobs = []
    for _ in range(3):
        jobs.append(services.request_apply(batch, by=terms["by"]))
        drain()
        batch.refresh_from_db()
        assert (batch.state, Offering.objects.count()) == ("applied", 1)
        Job.objects.filter(pk=jobs[0].pk).delete()
        services.undo(batch, by=terms["by"])
        services.confirm_columns(batch, {}, by=terms["by"])
        drain()
        batch.refresh_from_db()
    assert len({job.pk for job in jobs}) == 3


def test_the_page_names_what_rests_on_it(as_ana: Client, terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    assessment = make_assessment(terms["by"], terms["unit"], offering=Offering.objects.get())
    response = as_ana.post(reverse("imports:undo", args=[batch.pk]))
    assert response.status_code == 409
    assert "cannot be undone now" in text(response)
    assert f'href="{assessment.get_absolute_url()}"' in response.content.decode()
    assert "Undo this import" not in text(response)


def test_ben_may_look_and_cleo_not_even_that(as_ben: Client, as_cleo: Client, terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    address = reverse("imports:undo", args=[batch.pk])
    assert "Undo this import" not in text(as_ben.get(batch.get_absolute_url()))
    assert [as_ben.get(address).status_code, as_ben.post(address).status_code] == [403, 403]
    assert as_cleo.post(address).status_code == 404
    assert Offering.objects.exists()


def test_over_the_api(as_ana: Client, terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    make_assessment(terms["by"], terms["unit"], offering=Offering.objects.get())
    address = f"/api/v1/imports/{batch.pk}/undo/"
    held = as_ana.post(address)
    assert (held.status_code, "rests on this import" in held.content.decode()) == (409, True)
    Assessment.objects.all().delete()
    assert as_ana.post(address).json()["state"] == "undone"
    assert not Offering.objects.exists()


def test_at_the_console(terms: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    batch = imported(as_csv(ONE), **terms)
    make_assessment(terms["by"], terms["unit"], offering=Offering.objects.get())
    with pytest.raises(CommandError, match="rests on this import"):
        call_command("import_catalog", undo=batch.pk)
    Assessment.objects.all().delete()
    call_command("import_catalog", undo=batch.pk)
    assert "list.csv › list is undone" in capsys.readouterr().out
    assert not Offering.objects.exists()
    with pytest.raises(CommandError, match="There is no import 0"):
        call_command("import_catalog", undo=0)


def test_a_thousand_rows_are_undone_in_few_queries(
    terms: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    rows = [("Acme", f"Swift-{n}", "1000", "1", "GA") for n in range(1000)]
    batch = imported(as_csv(*rows), **terms)
    # A query for each relation that may point to vendors, models, offerings or the source, then a delete
    # for each kind; none for a row.
    with django_assert_max_num_queries(100):
        services.undo(batch, by=terms["by"])


CELLS = st.fixed_dictionaries({
    "seller": st.sampled_from(["Acme", "Zeta", "acme"]),
    "name": st.sampled_from(["Swift", "Fast", "Other"]),
    "context": st.sampled_from(["", "1000", "2000", "n/a"]),
    "price": st.sampled_from(["", "0", "1.5", "n/a", "-1"]),
    "stage": st.sampled_from(["", "GA", "preview"]),
    "maker": st.sampled_from(["", "Bolt", "Acme"]),
})  # fmt: skip
SHEETS = st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4)


class Undoing(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(SHEETS, st.lists(st.integers(-2, 2), min_size=4, max_size=4))
    def test_imports_undone_in_reverse_leave_every_table_as_it_was(
        self, sheets: list[list[dict[str, str]]], days: list[int]
    ) -> None:
        unit = make_unit()
        ana = make_person(f"Ana {unit}", (unit, Role.ASSESSOR))
        typed = make_model("Swift", identity="bolt|swift|", context_tokens=1234)
        catalog.get_or_make_offering(typed, make_vendor("Zeta"), "Swift", stage="retired")
        make_value(typed, "context_tokens", 1234, source=make_source(publisher="Bolt"))
        batches, states = [], [everything()]
        for number, (rows, day) in enumerate(zip(sheets, days, strict=False)):
            cells = [tuple(row.values()) for row in rows]
            on = TODAY + timedelta(days=day)
            batches.append(
                imported(as_csv(*cells, header=WITH_MAKER), ana, unit, name=f"{number}.csv", on=on)
            )
            states.append(everything())
        for batch in reversed(batches):
            states.pop()
            services.undo(batch, by=ana)
            assert everything() == states[-1]
