"""What lists that nobody has judged hold of a vendor: its answers, public registers, products in use. Counted only."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from riskassess.accounts.models import User
from riskassess.catalog.identity import normalised
from riskassess.catalog.models import ProductUse, RegisterEntry, Vendor
from riskassess.evidence.models import Claim


@dataclass(frozen=True, slots=True)
class OnRecord:
    """How many of one kind, and the list that shows them."""

    label: str
    count: int
    url: str


def on_record(vendor: Vendor, user: User) -> list[OnRecord]:
    """Only kinds of which `user` may see some. Three queries and what visibility asks; other names are loaded.

    Companies and products are met by name when one looks: a register does not know our vendors.
    """
    names = {normalised(vendor.name), *(normalised(alias.name) for alias in vendor.aliases.all())}
    products = Q(vendor__iexact=vendor.name)
    for name in names:
        products |= Q(product_key=name) | Q(product_key__startswith=f"{name} ")
    answers = Claim.objects.visible_to(user).filter(vendor=vendor, kind=Claim.Kind.DISCLOSURE).count()
    entries = RegisterEntry.objects.filter(company_key__in=names).count()
    uses = ProductUse.objects.filter(products).count()
    found = (
        (
            "answers to questionnaires",
            answers,
            "evidence:claims",
            {"vendor": vendor.name, "kind": "disclosure"},
        ),
        ("entries of public registers", entries, "catalog:register", {"q": vendor.name}),
        ("uses of products that go by its name", uses, "catalog:uses", {"q": vendor.name}),
    )
    return [OnRecord(label, n, f"{reverse(name)}?{urlencode(query)}") for label, n, name, query in found if n]
