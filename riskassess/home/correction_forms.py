"""What a catalog manager fills in to correct a record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models

from riskassess.catalog.correcting import OFFERING_COLUMNS, VENDOR_COLUMNS, Whose
from riskassess.catalog.filters import COUNTRIES
from riskassess.catalog.models import Offering, SourcedValue, Vendor
from riskassess.catalog.models.source import Kind
from riskassess.catalog.services import Subject

State = SourcedValue.State
LABELS = {
    "hq_country": "Headquarters",
    "lei": "LEI",
    "parent": "Belongs to the group of",
    "contracting_entity": "Contracting entity",
    "infra_operator": "Infrastructure operator",
    "model_operator": "Model operator",
    "docs_url": "Vendor's documentation",
}
BECAUSE = "It stands in the audit trail, and beside a value."


class VendorByName(forms.CharField):
    """A vendor on record, by name or alias; empty is unknown."""

    def clean(self, value: Any) -> Vendor | None:
        name: str = super().clean(value)
        if not name:
            return None
        found = Vendor.objects.named(name)
        if found is None:
            raise forms.ValidationError("No vendor on record is called so.")
        return found


class RecordForm(forms.Form):
    """The columns of a record that are no facts, and why they change."""

    def __init__(self, data: Any = None, *, record: Vendor | Offering) -> None:
        self.names = VENDOR_COLUMNS if isinstance(record, Vendor) else OFFERING_COLUMNS
        initial: dict[str, Any] = {name: getattr(record, name) for name in self.names}
        initial = {
            name: str(value) if isinstance(value, Vendor) else value for name, value in initial.items()
        }
        if isinstance(record, Vendor):
            initial["aliases"] = "\n".join(record.aliases.values_list("name", flat=True))
        super().__init__(data, initial=initial)
        for name in self.names:
            self.fields[name] = _field_of(record, name)
        if isinstance(record, Vendor):
            self.fields["aliases"] = forms.CharField(
                label="Also called", required=False, widget=forms.Textarea(attrs={"rows": 3}),
                help_text="One name a line, as lists write it.",
            )  # fmt: skip
        self.fields["because"] = forms.CharField(label="Why", max_length=500, help_text=BECAUSE)

    @property
    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}

    @property
    def aliases(self) -> list[str]:
        return str(self.cleaned_data["aliases"]).splitlines()


def _field_of(record: Vendor | Offering, name: str) -> forms.Field:
    column: Any = record._meta.get_field(name)
    label = LABELS.get(name, name.capitalize())
    if isinstance(column, models.ForeignKey):
        return VendorByName(
            label=label,
            required=False,
            max_length=200,
            help_text="The name of a vendor on record; empty: unknown.",
        )
    if isinstance(column, models.URLField):
        return forms.URLField(label=label, required=False, assume_scheme="https")
    widget = forms.Textarea(attrs={"rows": 3}) if isinstance(column, models.TextField) else forms.TextInput()
    length = column.max_length or 2000
    empty = None if column.null else ""
    return forms.CharField(
        label=label, required=name == "name", max_length=length, widget=widget, empty_value=empty
    )


class FactForm(forms.Form):
    """What one source says of one fact."""

    state = forms.ChoiceField(
        label="It is",
        choices=[(State.KNOWN, "Known, as follows"), *State.choices[1:]],
        widget=forms.RadioSelect,
        initial=State.KNOWN,
    )
    title = forms.CharField(
        label="Whose word: the document", max_length=300, help_text="Such as “Terms of service, version 4”."
    )
    publisher = forms.CharField(
        label="Published by",
        max_length=200,
        help_text="A vendor on record speaks for itself: its own documents and statements count as first-party.",
    )
    kind = forms.ChoiceField(label="What it is", choices=[("", "–"), *Kind.choices])
    published_on = forms.DateField(
        label="Stated on",
        widget=forms.DateInput({"type": "date"}),
        help_text="The newest statement is current.",
    )
    url = forms.URLField(label="Address", required=False, assume_scheme="https")
    because = forms.CharField(label="Why it is corrected", max_length=500, help_text=BECAUSE)
    prefer = forms.BooleanField(
        label="Take it over what others say, whatever the rule would pick", required=False
    )
    field_order = ("state", "value")

    def __init__(self, *args: Any, record: Subject, attribute: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _value_field(record, attribute)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if (
            said.get("state") == State.KNOWN
            and said.get("value") in (None, "")
            and "value" not in self.errors
        ):
            self.add_error("value", "Say what it is, or that it is unknown or does not apply.")
        return said

    @property
    def whose(self) -> Whose:
        said = self.cleaned_data
        return Whose(said["title"], said["publisher"], said["kind"], said["url"], said["published_on"])


def _value_field(record: Subject, attribute: str) -> forms.Field:
    column: Any = record._meta.get_field(attribute)
    if attribute == "hq_country":
        return forms.ChoiceField(label="Value", required=False, choices=[("", "–"), *COUNTRIES])
    if isinstance(column, models.BooleanField):
        return forms.ChoiceField(
            label="Value", required=False, choices=[("", "–"), ("True", "Yes"), ("False", "No")]
        )
    if column.choices:
        return forms.ChoiceField(label="Value", required=False, choices=[("", "–"), *column.choices])
    if isinstance(column, models.DateField):
        return forms.DateField(label="Value", required=False, widget=forms.DateInput({"type": "date"}))
    if isinstance(column, models.IntegerField):
        return forms.IntegerField(label="Value", required=False, min_value=0)
    return forms.CharField(label="Value", required=False, max_length=column.max_length)
