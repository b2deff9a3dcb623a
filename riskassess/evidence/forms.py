"""The shape of what the pages send about a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.evidence.file_types import ENDINGS, TAKEN
from riskassess.evidence.grades import RESTS_ON
from riskassess.evidence.models import ClaimDocument

ACCEPT = ",".join(f".{ending}" for ending in ENDINGS)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DescribeForm(forms.Form):
    """What a document counts as, and for how long."""

    counts_as = forms.ChoiceField(
        label="What it is",
        choices=[(key, label) for key, (label, _) in RESTS_ON.items()],
        initial="vendor_document",
    )
    dated_on = forms.DateField(
        label="Dated", required=False, widget=DateInput, help_text="Without a date it counts as aged."
    )
    expires_on = forms.DateField(label="Holds until", required=False, widget=DateInput)

    @property
    def terms(self) -> dict[str, Any]:
        """What `documents.attach` and `describe` take of it."""
        return {name: self.cleaned_data[name] for name in ("counts_as", "dated_on", "expires_on")}


class AttachForm(DescribeForm):
    """A file with what it is."""

    file = forms.FileField(
        label="File", help_text=f"{TAKEN}.", widget=forms.ClearableFileInput(attrs={"accept": ACCEPT})
    )
    field_order: Sequence[str] = ("file", "counts_as", "dated_on", "expires_on")


class AttachToUnitForm(AttachForm):
    """A file for one of the person's units: on pages that belong to no unit."""

    unit = forms.ModelChoiceField(
        BusinessUnit.objects.none(),
        label="Business unit",
        empty_label=None,
        help_text="Its people see the file.",
    )

    def __init__(self, *args: Any, user: User, only: int | None = None, **kwargs: Any) -> None:
        """`only` is the unit that what it is about belongs to, if it is not everybody's."""
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        units = BusinessUnit.objects.where(user, Can.REQUEST)
        unit.queryset = units.filter(pk=only) if only else units


class ClaimDocumentForm(AttachToUnitForm):
    """A file that bears on a claim, and where in it."""

    relation = forms.ChoiceField(label="What it does to the claim", choices=ClaimDocument.Relation.choices)
    page = forms.CharField(label="Page or section", max_length=40, required=False)
    quote = forms.CharField(label="Quote", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("file", "relation", "counts_as", "dated_on", "expires_on", "page", "quote", "unit")


class RemoveForm(forms.Form):
    """Why a document is taken away."""

    because = forms.CharField(label="Why", max_length=300, help_text="Shown wherever something rested on it.")
