"""From a record to the lists that touched it, and from a value to its row; other units' lists are counted only."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.catalog.models import AIModel, Offering, Vendor
from riskassess.imports import services
from tests.builders import make_person, make_unit, make_vendor
from tests.imports.sheets import ONE, as_csv, imported
from tests.imports.test_pages import text

LATER = date(2026, 12, 24)


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def page(client: Client, kind: str, slug: str) -> str:
    return text(client.get(reverse("imports:history", args=[kind, slug])))


def test_what_each_list_said_of_an_offering(as_ana: Client, terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    newer = imported(as_csv(("Acme", "Swift-1", "200000", "0.75", "")), name="newer.csv", on=LATER, **terms)
    offering = Offering.objects.get()
    said = page(as_ana, "offering", offering.slug)
    assert "context 200,000 , was 128,000 C2" in said
    assert "input price 0.75 USD per 1M tokens , was 0.5 USD per 1M tokens D2" in said
    assert said.index("newer.csv") < said.index("list.csv")
    assert "release stage ga" in said
    services.undo(newer, by=terms["by"])
    assert "newer.csv" not in page(as_ana, "offering", offering.slug)


def test_of_a_model_and_of_a_vendor(as_ana: Client, terms: dict[str, Any]) -> None:
    imported(as_csv(ONE, ("Acme", "Fast", "", "1", "")), **terms)
    imported(as_csv(ONE), name="same.csv", **terms)
    said = page(as_ana, "model", AIModel.objects.get(name="Swift-1").slug)
    assert "Swift-1 Acme" in said
    assert "the list says the same" in said
    said = page(as_ana, "vendor", Vendor.objects.get().slug)
    assert "2 rows of its models and offerings: 2 new, 0 changed." in said
    assert "1 row of its models and offerings: 0 new, 0 changed." in said
    assert "made vendor “Zeta”" in page(as_ana, "vendor", make_vendor("Zeta").slug)


def test_lists_of_other_units_are_counted(as_ana: Client, terms: dict[str, Any]) -> None:
    research = make_unit("Research")
    cleo = make_person("Cleo Osei", (research, Role.ASSESSOR))
    imported(as_csv(ONE), cleo, research, name="secret.csv")
    said = page(as_ana, "offering", Offering.objects.get().slug)
    assert "1 more list belongs to units whose work you may not read." in said
    assert "secret.csv" not in said


def test_a_value_on_its_page_leads_to_its_row(as_ana: Client, as_cleo: Client, terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    offering = Offering.objects.select_related("model").get()
    address = reverse("imports:source_row", args=[batch.source_id, 2])
    for where in (offering, offering.model):
        assert f'<a class="cell" href="{address}">' in as_ana.get(where.get_absolute_url()).content.decode()
        assert "History" in text(as_ana.get(where.get_absolute_url()))
    assert as_ana.get(address).headers["Location"] == reverse("imports:row", args=[batch.pk, 2])
    assert as_cleo.get(address, follow=True).status_code == 200  # the source, which everybody may see


def test_evan_belongs_nowhere(as_evan: Client, terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    address = reverse("imports:history", args=["offering", Offering.objects.get().slug])
    assert as_evan.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["vendor", "model", "offering"])
@pytest.mark.parametrize("count", [1, 6])
def test_the_page_asks_as_little_however_many_lists(
    kind: str, count: int, as_ana: Client, terms: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        imported(as_csv(("Acme", "Swift-1", str(1000 + number), "", "")), name=f"{number}.csv", **terms)
    slug = {"vendor": Vendor, "model": AIModel, "offering": Offering}[kind].objects.get().slug
    # session, person, does she belong, the record, its rows by list, the lists in sight, the rows; then the frame.
    with django_assert_max_num_queries(13):
        as_ana.get(reverse("imports:history", args=[kind, slug]))
