"""The workbook to fill in: checked by the spreadsheet, and filled from the catalog it changes nothing."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.catalog import services as catalog
from riskassess.catalog.models import Offering, Price
from riskassess.imports.template import HEADS, template_xlsx
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.results import absent, garbled
from riskassess.sheets.status import split_status
from tests.builders import make_person, make_source, make_unit
from tests.imports.sheets import EXCERPTS, FIXTURE, counted, imported, uploaded
from tests.imports.test_undo import everything

LATER = date(2026, 12, 24)


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def test_it_says_what_to_fill_in() -> None:
    book = load_workbook(io.BytesIO(template_xlsx()))
    models, told = book.worksheets
    assert [cell.value for cell in models[1]] == [head.title for head in HEADS]
    assert all(cell.comment and "For example" in cell.comment.text for cell in models[1])
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in models.data_validations.dataValidation}
    assert lists["O2"] == '"yes,no"'
    assert "deprecated" in lists["P2"]
    assert models.max_row == 1
    said = [cell.value for row in told.iter_rows(max_col=1) for cell in row]
    assert "Input price per 1M tokens" in said


def test_every_column_is_recognised(terms: dict[str, Any]) -> None:
    book = load_workbook(io.BytesIO(template_xlsx()))
    book.worksheets[0].append([head.example for head in HEADS])
    body = io.BytesIO()
    book.save(body)
    batch = uploaded(body.getvalue(), name="filled.xlsx", **terms)
    assert (batch.sheet, batch.shape) == ("Models", "flat")
    assert all(column["field"] for letters, column in batch.mapping.items() if letters.isalpha())
    batch = imported(body.getvalue(), name="filled.xlsx", **terms)
    assert counted(batch) == {"read": 1, "new": 1}
    offering = Offering.objects.with_parties().get()
    assert (offering.model.developer and offering.model.developer.name) == "Bolt Labs"
    assert (offering.stage, offering.model.context_tokens, offering.model.open_weights) == (
        "ga",
        128_000,
        False,
    )
    assert {p.kind: str(p) for p in offering.prices.all()}["input"] == "Input: 2.50 USD per 1M tokens"


def test_a_real_catalog_filled_in_and_imported_again_changes_nothing(terms: dict[str, Any]) -> None:
    imported(FIXTURE.read_bytes(), name="catalog.xlsx", **terms)
    before = everything()
    again = imported(template_xlsx(Offering.objects.all()), name="again.xlsx", on=LATER, **terms)
    assert counted(again) == {"read": 573, "unchanged": 573}
    assert everything() == before


@pytest.mark.parametrize("name", sorted(path.name for path in EXCERPTS.glob("*.xlsx")))
def test_so_do_real_excerpts(name: str, terms: dict[str, Any]) -> None:
    first = imported((EXCERPTS / name).read_bytes(), name=name, default_vendor="Fallback", **terms)
    assert Offering.objects.exists(), f"{name} is no list of models but {first.shape}"
    again = imported(template_xlsx(Offering.objects.all()), name="again.xlsx", on=LATER, **terms)
    assert again.counts["unchanged"] == again.counts["read"] == Offering.objects.count()


def test_it_is_there_for_those_who_may_import(as_ana: Client, as_ben: Client, terms: dict[str, Any]) -> None:
    address = reverse("imports:template")
    assert "Workbook to fill in" in as_ana.get(reverse("imports:upload")).content.decode()
    assert (
        as_ana.get(address).headers["Content-Disposition"] == 'attachment; filename="models-to-import.xlsx"'
    )
    assert as_ana.get(address, {"filled": "1"}).status_code == 200
    assert as_ben.get(address).status_code == 403


def test_filling_it_asks_as_little_however_many(
    terms: dict[str, Any], django_assert_num_queries: Any
) -> None:
    imported(FIXTURE.read_bytes(), name="catalog.xlsx", **terms)
    with django_assert_num_queries(2):  # the offerings with their parties, and their prices
        template_xlsx(Offering.objects.all())


def is_a_name(text: str) -> bool:
    """A name as imports keep it: no word for nothing (NIL), no markup, footnote mark, status or garbled letter.

    One that was typed otherwise into the catalog comes back as a question or a problem, never as another record.
    """
    read, _ = split_status(cleaned(text, name=True)[0])
    return bool(read) and read == text.strip() and absent(read) is None and not garbled(text)


TEXT = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12).filter(
    is_a_name
)
NAMES = st.one_of(st.sampled_from(["Swift", "Swift 2.5", "=1+1", "n/a (blue)", "Größe|x", "0012"]), TEXT)
PRICES = st.dictionaries(
    st.sampled_from(["input", "output", "cache_read", "cache_write"]),
    st.tuples(
        st.one_of(st.none(), st.decimals("0", "9999", places=6)),
        st.sampled_from(["1M tokens", "image"]),  # as imports keep them
        st.sampled_from(["USD", "EUR"]),
    ),
    max_size=4,
)
OFFERED = st.fixed_dictionaries({
    "name": NAMES,
    "version": st.sampled_from([None, "1", "2026-05"]),
    "channel": st.sampled_from(["", "Marketplace"]),
    "maker": st.sampled_from([None, "Bolt"]),
    "context": st.one_of(st.none(), st.integers(1, 10**7)),
    "weights": st.one_of(st.none(), st.booleans()),
    "stage": st.one_of(st.none(), st.sampled_from(list(Offering.Stage.values))),
    "retires": st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2030, 1, 1))),
    "prices": PRICES,
})  # fmt: skip


class Returning(TestCase):
    # Each example is a workbook written, uploaded and imported: a failing one is shown as it was found.
    @settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])
    @given(st.lists(OFFERED, min_size=1, max_size=5))
    def test_whatever_the_catalog_holds_comes_back_as_unchanged(self, offered: list[dict[str, Any]]) -> None:
        unit = make_unit()
        ana = make_person(f"Ana {unit}", (unit, Role.ASSESSOR))
        seller, _ = catalog.get_or_make_vendor("Acme")
        source = make_source()
        for told in offered:
            maker = catalog.get_or_make_vendor(told["maker"])[0] if told["maker"] else None
            model, _ = catalog.get_or_make_model(
                maker,
                told["name"],
                told["version"],
                context_tokens=told["context"],
                open_weights=told["weights"],
            )
            offering, new = catalog.get_or_make_offering(
                model, seller, told["name"], told["channel"], stage=told["stage"], retires_on=told["retires"]
            )
            for kind, (amount, unit_of, currency) in told["prices"].items() if new else ():
                catalog.add_price(
                    offering,
                    kind,
                    amount,
                    source=source,
                    as_of=date(2026, 1, 1),
                    unit=unit_of,
                    currency=currency,
                )
        before = everything()
        again = imported(template_xlsx(Offering.objects.all()), ana, unit, name="again.xlsx", on=LATER)
        kept = [(r.number, r.outcome, r.changes, r.problems) for r in again.rows.exclude(outcome="unchanged")]
        assert not kept
        assert everything() == before
        assert all(isinstance(price.amount, Decimal | None) for price in Price.objects.all())
