"""What the lists of claims, open questions and documents can be filtered by."""

from __future__ import annotations

import django_filters
from django import forms

from riskassess.evidence.grades import RESTS_ON
from riskassess.evidence.models import Claim, Document, OpenQuestion
from riskassess.listing import NarrowedTo, WordsFilter


class ClaimFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = WordsFilter("title", "statement", "vendor__name", label="Words")
    vendor = WordsFilter("vendor__name", label="Vendor")
    kind = django_filters.ChoiceFilter(label="Kind", choices=Claim.Kind.choices, empty_label="Any")
    substantiation = django_filters.ChoiceFilter(
        label="Substantiation", choices=Claim.Substantiation.choices, empty_label="Any"
    )
    interest = django_filters.ChoiceFilter(
        label="Interest", choices=Claim.Interest.choices, empty_label="Any"
    )
    model = NarrowedTo("model__slug", label="Model")
    offering = NarrowedTo("offering__slug", label="Offering")

    class Meta:
        model = Claim
        fields: list[str] = []


class QuestionFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = WordsFilter("text", "decides", "vendor__name", label="Words")
    vendor = WordsFilter("vendor__name", label="Vendor")
    state = django_filters.ChoiceFilter(label="State", choices=OpenQuestion.State.choices, empty_label="Any")
    model = NarrowedTo("model__slug", label="Model")
    offering = NarrowedTo("offering__slug", label="Offering")

    class Meta:
        model = OpenQuestion
        fields: list[str] = []


class DocumentFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = WordsFilter("name", "sha256", label="Words, or the hash")
    vendor = WordsFilter("vendor__name", label="Vendor")
    counts_as = django_filters.ChoiceFilter(
        label="Counts as", choices=[(key, label) for key, (label, _) in RESTS_ON.items()], empty_label="Any"
    )
    expires_before = django_filters.DateFilter(
        field_name="expires_on",
        lookup_expr="lte",
        label="Holds until at most",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Document
        fields: list[str] = []
