"""The shape of what is sent when a vendor is asked: whom, until when, with which words."""

from __future__ import annotations

from typing import Any

from django import forms

from riskassess.catalog.models import Offering, Vendor
from riskassess.questionnaires.services import DAYS, MESSAGE_LENGTH, MOST_DAYS
from riskassess.reports.asking import who_knows

ROLES = ("seller", "contracting_entity", "host", "infra_operator", "model_operator")
DAY_CHOICES = [(7, "7 days"), (14, "14 days"), (30, "30 days"), (60, "60 days"), (MOST_DAYS, "90 days")]


def parties(offering: Offering) -> list[Vendor]:
    """Everybody on record who plays a part in the offering, whom to ask first standing first. No query."""
    found = [who_knows(offering), offering.model.developer, *(getattr(offering, role) for role in ROLES)]
    return list(dict.fromkeys(party for party in found if party is not None))


class AskForm(forms.Form):
    """Whom to ask, and how."""

    vendor = forms.ModelChoiceField(Vendor.objects.none(), label="Which company?", empty_label=None)
    contact_name = forms.CharField(label="Contact", max_length=200)
    contact_email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="The link goes there. Leave it empty to pass the link on yourself.",
    )
    days = forms.TypedChoiceField(
        label="To be answered within", choices=DAY_CHOICES, coerce=int, initial=DAYS
    )
    message = forms.CharField(
        label="A few words to the contact",
        required=False,
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    own = forms.CharField(
        label="Questions of your own, one a line",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, offering: Offering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vendor: Any = self.fields["vendor"]
        found = parties(offering)
        vendor.queryset = Vendor.objects.filter(pk__in=[one.pk for one in found])
        vendor.initial = found[0].pk if found else None


class ExtendForm(forms.Form):
    """For how long the link is to live, from now on."""

    days = forms.TypedChoiceField(label="From today", choices=DAY_CHOICES, coerce=int, initial=DAYS)
