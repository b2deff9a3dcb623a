"""What a catalog manager fills in to correct a record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models

from riskassess.catalog.correcting import Whose
from riskassess.catalog.filters import COUNTRIES
from riskassess.catalog.models import Source, SourcedValue, Vendor
from riskassess.catalog.models.source import Kind
from riskassess.catalog.rewriting import CORRECTED, PARTS
from riskassess.catalog.services import Subject
from riskassess.home.correction_fields import field_of, initial_of

State = SourcedValue.State
BECAUSE = "It stands in the audit trail."
DOCUMENT = ("document", "document_by", "document_kind", "stated_on", "address")


class RecordForm(forms.Form):
    """The columns of a record that are no facts, and why they change."""

    def __init__(self, data: Any = None, *, record: models.Model) -> None:
        self.record, self.names = record, CORRECTED[type(record)]
        initial = {name: initial_of(record, name) for name in self.names}
        if isinstance(record, Vendor):
            initial["aliases"] = "\n".join(record.aliases.values_list("name", flat=True))
        super().__init__(data, initial=initial)
        for name in self.names:
            self.fields[name] = field_of(record, name)
        if isinstance(record, Vendor):
            self.fields["aliases"] = forms.CharField(
                label="Also called", required=False, widget=forms.Textarea(attrs={"rows": 3}),
                help_text="One name a line, as lists write it.",
            )  # fmt: skip
        if type(record) in PARTS:
            self.fields |= _whose_fields(record)
        self.fields["because"] = forms.CharField(label="Why", max_length=500, help_text=BECAUSE)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if any(said.get(name) for name in DOCUMENT):
            for name in DOCUMENT[:-1]:
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, "Say whose word it is.")
        return said

    @property
    def fields_of_record(self) -> list[forms.BoundField]:
        """What stands before whose word it is."""
        return [field for field in self if field.name not in {*DOCUMENT, "because"}]

    @property
    def fields_of_document(self) -> list[forms.BoundField]:
        """Whose word it is; none for what is nobody's."""
        return [field for field in self if field.name in DOCUMENT]

    @property
    def source(self) -> Source | None:
        """Whose word it is on record."""
        return getattr(self.record, "source", None) if getattr(self.record, "source_id", None) else None

    @property
    def says_another(self) -> bool:
        """Whether something of another document is filled in, or wrong."""
        return any(self[field.name].value() or field.errors for field in self.fields_of_document)

    @property
    def columns(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}

    @property
    def aliases(self) -> list[str] | None:
        return str(self.cleaned_data["aliases"]).splitlines() if "aliases" in self.fields else None

    @property
    def whose(self) -> Whose | None:
        """Another document than the one on record; None where that stays."""
        said = self.cleaned_data
        if not said.get("document"):
            return None
        return Whose(
            said["document"], said["document_by"], said["document_kind"], said["address"], said["stated_on"]
        )

    @property
    def on_record(self) -> list[tuple[str, str]]:
        """What is on record where the form says something else: for one that somebody changed meanwhile."""
        mine = [name for name in self.changed_data if name in {*self.names, "aliases"}]
        return [(str(self.fields[name].label), self._in_words(name)) for name in mine]

    def _in_words(self, name: str) -> str:
        value = self.initial.get(name)
        choices: Any = getattr(self.fields[name], "choices", ())
        words = {str(key): str(word) for key, word in choices}
        return words.get(str(value), "unknown" if value in (None, "") else str(value).replace("\n", ", "))


def _whose_fields(record: models.Model) -> dict[str, forms.Field]:
    """Whose word a place, a price or a tie is: as on record, or another document."""
    fields: dict[str, forms.Field] = {}
    needed = getattr(record, "source_id", None) is None
    fields["document"] = forms.CharField(
        label="Document", max_length=300, required=needed, help_text="Such as “Terms of service, version 4”."
    )
    fields["document_by"] = forms.CharField(label="Published by", max_length=200, required=needed)
    fields["document_kind"] = forms.ChoiceField(
        label="What it is", choices=[("", "–"), *Kind.choices], required=needed
    )
    fields["stated_on"] = forms.DateField(
        label="Published on", widget=forms.DateInput({"type": "date"}), required=needed
    )
    fields["address"] = forms.URLField(label="Address", required=False, assume_scheme="https")
    return fields


class TakeOutForm(forms.Form):
    """Why something is taken off a record."""

    why = forms.CharField(label="Why it is taken out", max_length=500, help_text=BECAUSE)


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
    because = forms.CharField(
        label="Why it is corrected",
        max_length=500,
        help_text="It stands in the audit trail, and beside the value.",
    )
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
