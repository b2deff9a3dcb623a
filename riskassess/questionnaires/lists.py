"""The list of inquiries."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from riskassess import marks
from riskassess.accounts.people import person
from riskassess.accounts.unit_filter import UnitFilter
from riskassess.catalog.lists import EVIDENCE_TABS
from riskassess.listing import Column, ListPage, NarrowedTo, WordsFilter, respond
from riskassess.questionnaires.models import Inquiry
from riskassess.questionnaires.states import State


class InquiryFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Words, state, unit."""

    q = WordsFilter("vendor__name", "offering__name", "contact_name", "contact_email", label="Words")
    state = django_filters.ChoiceFilter(
        choices=[(one.value, one.label) for one in State], method="standing", label="State", empty_label="Any"
    )
    unit = UnitFilter()
    vendor = NarrowedTo("vendor__slug", label="Vendor")

    class Meta:
        model = Inquiry
        fields = ["q", "state", "unit"]

    def standing(self, rows: Any, name: str, value: str) -> Any:
        return rows.in_state(State(value), timezone.now())


INQUIRIES: ListPage[Inquiry] = ListPage(
    title="Inquiries",
    lede="What vendors were asked, and how far they are.",
    filters=InquiryFilter,
    order="-made",
    empty="Nobody has been asked yet. Open a decision and choose “Ask the vendor”.",
    tabs=EVIDENCE_TABS,
    columns=(
        Column(
            "vendor",
            "Vendor and offering",
            lambda row: f"{row.vendor}: {row.about}",
            show=lambda row: marks.link(row.get_absolute_url(), row.vendor, row.about),
            order_by=("vendor__name", "offering__name"),
        ),
        Column("contact", "Contact", lambda row: row.contact_name, order_by=("contact_name",)),
        Column("state", "State", lambda row: row.state.label),
        Column(
            "answered",
            "Answered",
            lambda row: f"{row.answered} of {row.asked}",  # type: ignore[attr-defined]
        ),
        Column(
            "until",
            "Link until",
            lambda row: timezone.localdate(row.expires_at),
            order_by=("expires_at",),
            day=True,
        ),
        Column("unit", "Unit", lambda row: row.unit.name, order_by=("unit__name",)),
        Column("by", "Asked by", lambda row: row.created_by.name, order_by=("created_by__name",)),
        Column(
            "made",
            "Made",
            lambda row: timezone.localdate(row.created_at),
            order_by=("created_at",),
            day=True,
        ),
    ),
)


@require_GET
def inquiries(request: HttpRequest) -> HttpResponse:
    """Every inquiry the person may read."""
    found = Inquiry.objects.visible_to(person(request))
    rows = found.select_related("vendor", "offering__model", "unit", "created_by").counted()
    return respond(request, INQUIRIES, rows)
