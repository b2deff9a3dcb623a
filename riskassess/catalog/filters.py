"""What the lists of the catalog can be filtered by."""

from __future__ import annotations

import django_filters
import pycountry
from django import forms

from riskassess.catalog.models import AIModel, Offering, Region, Source, Vendor
from riskassess.listing import KnownFilter, NarrowedTo, WordsFilter

# No query: ISO 3166 by name, as the field itself checks it.
COUNTRIES = sorted(
    ((country.alpha_2, getattr(country, "common_name", country.name)) for country in pycountry.countries),
    key=lambda pair: pair[1],
)
YES_NO = [("True", "Yes"), ("False", "No")]


class VendorFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = WordsFilter("name", "aliases__name", label="Name or alias")
    country = KnownFilter(field_name="hq_country", label="Headquarters", choices=COUNTRIES)

    class Meta:
        model = Vendor
        fields: list[str] = []


class ModelFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = WordsFilter("name", "label", "family", "developer__name", label="Name, family or developer")
    developer = WordsFilter("developer__name", label="Developer")
    modality = WordsFilter("modality", label="Kind")
    context = django_filters.NumberFilter(
        field_name="context_tokens", lookup_expr="gte", label="Context, at least", min_value=0
    )
    open_weights = KnownFilter(label="Open weights", choices=YES_NO)

    class Meta:
        model = AIModel
        fields: list[str] = []


class OfferingFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = WordsFilter("name", "channel", "seller__name", label="Name, channel or seller")
    seller = WordsFilter("seller__name", label="Seller")
    host = WordsFilter("host__name", label="Host")
    deployment = KnownFilter(label="Deployment", choices=Offering.Deployment.choices)
    stage = KnownFilter(label="Release stage", choices=Offering.Stage.choices)
    model = NarrowedTo("model__slug", label="Model")
    source = NarrowedTo("origin__title", label="Imported from")

    class Meta:
        model = Offering
        fields: list[str] = []


class RegionFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = WordsFilter("code", "display_name", "city", label="Code or name")
    provider = WordsFilter("provider__name", label="Provider")
    country = KnownFilter(label="Country", choices=COUNTRIES)
    kind = django_filters.ChoiceFilter(label="Kind", choices=Region.Kind.choices, empty_label="Any")

    class Meta:
        model = Region
        fields: list[str] = []


class SourceFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = WordsFilter("title", "publisher", "file_name", label="Title, publisher or file")
    kind = django_filters.ChoiceFilter(
        label="Kind", choices=Source._meta.get_field("kind").choices, empty_label="Any"
    )
    since = django_filters.DateFilter(
        field_name="published_on",
        lookup_expr="gte",
        label="Published since",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Source
        fields: list[str] = []
