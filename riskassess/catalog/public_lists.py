"""The lists of what public records say: entries of registers, products in use. Each row leads to its source."""

from __future__ import annotations

import django_filters

from riskassess import marks
from riskassess.catalog.lists import EVIDENCE_TABS
from riskassess.catalog.models import ProductUse, RegisterEntry
from riskassess.listing import Column, KnownFilter, ListPage, NarrowedTo, WordsFilter


class RegisterFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = WordsFilter("product", "company", "number", label="Product, company or number")
    panel = WordsFilter("panel", label="Panel")
    company = NarrowedTo("company_key", label="Company")
    source = NarrowedTo("source__title", label="Imported from")

    class Meta:
        model = RegisterEntry
        fields: list[str] = []


class UseFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = WordsFilter("product", "vendor", "use_case", label="Product, vendor or use")
    organisation = WordsFilter("organisation", label="Organisation")
    in_use = KnownFilter(label="In use", choices=[("True", "Yes"), ("False", "No")])
    source = NarrowedTo("source__title", label="Imported from")

    class Meta:
        model = ProductUse
        fields: list[str] = []


def _source_cell(row: RegisterEntry | ProductUse) -> str:
    where = f"row {row.row}" if row.row else ""
    return marks.noted(marks.plain_link(row.source.get_absolute_url(), row.source), where)


REGISTER: ListPage[RegisterEntry] = ListPage(
    title="Public registers",
    lede="What authorities have let through. That a product is not listed proves nothing.",
    filters=RegisterFilter,
    order="-decided",
    empty="No register has been imported yet.",
    tabs=EVIDENCE_TABS,
    columns=(
        Column("product", "Product", lambda entry: entry.product, order_by=("product",), wide=True),
        Column("company", "Company", lambda entry: entry.company, order_by=("company",), wide=True),
        Column("number", "Number", lambda entry: entry.number, order_by=("number",)),
        Column(
            "decided",
            "Decided on",
            lambda entry: entry.decided_on,
            order_by=("decided_on",),
            day=True,
        ),
        Column("panel", "Panel", lambda entry: entry.panel, order_by=("panel",)),
        Column("authority", "Authority", lambda entry: entry.authority, show=lambda e: marks.or_unknown(e.authority)),
        Column("source", "Source", lambda entry: str(entry.source), show=_source_cell, wide=True),
    ),
)  # fmt: skip

USES: ListPage[ProductUse] = ListPage(
    title="Products in use",
    lede="Who says that they use which product for what, in their own spelling.",
    filters=UseFilter,
    order="product",
    empty="No inventory has been imported yet.",
    tabs=EVIDENCE_TABS,
    columns=(
        Column("product", "Product", lambda use: use.product, order_by=("product",), wide=True),
        Column("organisation", "Organisation", lambda use: use.organisation, order_by=("organisation",), wide=True),
        Column("use", "For", lambda use: use.use_case, wide=True),
        Column("in_use", "In use", lambda use: use.in_use, show=lambda use: marks.yes_no(use.in_use)),
        Column(
            "users",
            "Users or licences",
            lambda use: use.users,
            show=lambda use: marks.or_unknown(use.users),
            order_by=("users_from", "product"),
            numeric=True,
        ),
        Column("stated", "Stated on", lambda use: use.stated_on, day=True),
        Column("source", "Source", lambda use: str(use.source), show=_source_cell, wide=True),
    ),
)  # fmt: skip
