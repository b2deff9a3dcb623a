"""What the lists of claims and open questions can be filtered by."""

from __future__ import annotations

import django_filters

from riskassess.evidence.models import Claim, OpenQuestion
from riskassess.listing import WordsFilter


class AboutFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By the record a row is about; pages of records link here with its address."""

    vendor = WordsFilter("vendor__name", label="Vendor")
    model = django_filters.CharFilter(field_name="model__slug", label="Model (address)")
    offering = django_filters.CharFilter(field_name="offering__slug", label="Offering (address)")


class ClaimFilter(AboutFilter):
    q = WordsFilter("title", "statement", label="Words")
    kind = django_filters.ChoiceFilter(label="Kind", choices=Claim.Kind.choices, empty_label="Any")
    substantiation = django_filters.ChoiceFilter(
        label="Substantiation", choices=Claim.Substantiation.choices, empty_label="Any"
    )
    interest = django_filters.ChoiceFilter(
        label="Interest", choices=Claim.Interest.choices, empty_label="Any"
    )

    class Meta:
        model = Claim
        fields: list[str] = []


class QuestionFilter(AboutFilter):
    q = WordsFilter("text", "decides", label="Words")
    state = django_filters.ChoiceFilter(label="State", choices=OpenQuestion.State.choices, empty_label="Any")

    class Meta:
        model = OpenQuestion
        fields: list[str] = []
