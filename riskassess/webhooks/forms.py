"""The form of a new webhook."""

from __future__ import annotations

from django import forms

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.webhooks.events import CHOSEN, Kind


class WebhookForm(forms.Form):
    """Where, and what it is told; the units are those that the person administers."""

    name = forms.CharField(label="What listens", max_length=100, help_text="Such as “ticket system”.")
    url = forms.CharField(
        label="Address",
        max_length=500,
        help_text="It begins with https://. Each message is one POST of JSON.",
    )
    unit = forms.ModelChoiceField(
        queryset=BusinessUnit.objects.none(), label="Business unit", empty_label=None
    )
    events = forms.MultipleChoiceField(
        label="What it is told",
        choices=[(kind.value, kind.label) for kind in CHOSEN],
        initial=[kind.value for kind in CHOSEN],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["unit"].queryset = BusinessUnit.objects.where(user, Can.KEEP_WEBHOOKS)  # type: ignore[attr-defined]

    @property
    def kinds(self) -> list[Kind]:
        return [Kind(one) for one in self.cleaned_data["events"]]
